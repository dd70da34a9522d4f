"""A search index in a folder, by tantivy: small, and without a server."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from libconsortium import (
    SEARCH_FACETS,
    SEARCH_FORM,
    AnyOf,
    FoundDocument,
    MissingExtraError,
    SearchAnswer,
    SearchCondition,
    SearchDocument,
    SearchOrder,
    SearchPlan,
    SearchStream,
    StoreError,
    TokenRun,
)

try:
    import tantivy
    from tantivy import FieldType, Occur, Query
except ImportError as error:
    raise MissingExtraError(
        "a tantivy search index needs the package {package}; pip install 'libconsortium[{extra}]'",
        package="tantivy",
        extra="tantivy",
    ) from error

_SCHEME = "tantivy:///"
_RULES = "consortium-rules.txt"
_HEAP_BYTES = 64 * 2**20
_MOST_VALUES = 65_000  # of one facet
_PARTS, _PART_BYTES, _MIDDLE = 6, 8, 2**63
_KEYS = {
    SearchOrder.RELEVANCE: "by_title",
    SearchOrder.TITLE: "by_title",
    SearchOrder.YEAR: "by_year",
}


def open_index(address: str) -> TantivyIndex:
    """Open an index, and make it if it is not there.

    Args:
        address: ``tantivy:///folder/search-index``.

    Raises:
        StoreError: It cannot be opened, or the folder holds something else.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     open_index(f"tantivy:///{folder}/index").rules()
    ''
    """
    folder = Path(address.removeprefix(_SCHEME))
    if not address.startswith(_SCHEME) or not folder.name:
        raise StoreError("a tantivy index needs a folder: write tantivy:///folder/search-index")
    if folder.exists() and any(folder.iterdir()) and not (folder / _RULES).exists():
        raise StoreError(
            "{path} is no search index; give the index a folder of its own", path=folder
        )
    index = TantivyIndex(folder)
    index.prepare()
    return index


class TantivyIndex:
    """A search index in a folder; see ``libconsortium.SearchIndex`` for its methods.

    Args:
        folder: The folder.
    """

    def __init__(self, folder: Path) -> None:
        """Keep the folder; threads take turns at writing."""
        self._folder = folder
        self._turn = threading.RLock()
        self._schema = _schema()
        self._index: tantivy.Index | None = None

    @property
    def address(self) -> str:
        """The address it was opened at."""
        return f"{_SCHEME}{self._folder}"

    def prepare(self) -> None:
        """Make the index if the folder is new, and anew if it is of another version."""
        with self._told():
            form, _ = self._said()
            if form != str(SEARCH_FORM):
                self.clear()
            else:
                self._index = tantivy.Index(self._schema, path=str(self._folder))

    def rules(self) -> str:
        """Return the mark of the rules that its documents were made by."""
        with self._told():
            return self._said()[1]

    def fingerprints(self) -> Mapping[str, str]:
        """Return the fingerprint of every document by id."""
        with self._told():
            searcher = self._searcher()
            every = searcher.search(Query.all_query(), max(searcher.num_docs, 1), count=False)
            documents = (searcher.doc(address) for _, address in every.hits)
            return {one["id"][0]: one["fingerprint"][0] for one in documents}

    def update(
        self, documents: Iterable[SearchDocument], gone: Iterable[str], *, rules: str
    ) -> None:
        """Put documents in place of those with the same ids and remove others."""
        with self._told():
            writer = self._opened().writer(heap_size=_HEAP_BYTES, num_threads=1)
            try:
                for name in gone:
                    writer.delete_documents_by_term("id", name)
                for document in documents:
                    writer.delete_documents_by_term("id", document.id)
                    writer.add_document(_document(document))
                self._say("")  # if it breaks off here, the index counts as new and is made again
                writer.commit()
            except BaseException:
                writer.rollback()
                raise
            finally:
                writer.wait_merging_threads()
            self._say(rules)

    def answer(self, plan: SearchPlan) -> SearchAnswer:
        """Return what fits a plan."""
        with self._told():
            searcher = self._searcher()
            fits = self._fits(plan)
            counted = searcher.search(fits, 1, count=True)
            total = int(counted.count or 0)  # type: ignore[attr-defined] # left out of its types
            return SearchAnswer(
                total=total,
                found=tuple(self._page(searcher, plan, fits)),
                facets={name: _counts(searcher, fits, name) for name in plan.counted},
            )

    def clear(self) -> None:
        """Forget everything."""
        with self._told():
            self._index = None
            if self._folder.exists():
                shutil.rmtree(self._folder)
            self._folder.mkdir(mode=0o700)
            self._index = tantivy.Index(self._schema, path=str(self._folder))
            self._say("")

    def close(self) -> None:
        """Give back the files."""
        self._index = None

    # ------------------------------------------------------------ asking

    def _fits(self, plan: SearchPlan) -> Query:
        parts = [(Occur.Must, self._query(plan.wanted))]
        parts += [(Occur.MustNot, self._query(one)) for one in plan.unwanted]
        if plan.first_year is not None or plan.last_year is not None:
            years = (plan.first_year, plan.last_year)
            parts.append(
                (Occur.Must, Query.range_query(self._schema, "year", FieldType.Integer, *years))
            )
        return Query.boolean_query(parts)

    def _query(self, condition: SearchCondition) -> Query:
        if isinstance(condition, TokenRun):
            name, tokens = condition.stream.value, condition.tokens
            if len(tokens) == 1:
                return Query.term_query(self._schema, name, tokens[0], "basic")
            return Query.phrase_query(self._schema, name, list(tokens))
        occur = Occur.Should if isinstance(condition, AnyOf) else Occur.Must
        return Query.boolean_query([(occur, self._query(part)) for part in condition.parts])

    def _page(
        self, searcher: tantivy.Searcher, plan: SearchPlan, fits: Query
    ) -> Iterator[FoundDocument]:
        """Yield one result more than a page has: the ranks one after the other, each sorted."""
        first, after = plan.after or (0, "")
        left = plan.limit + 1
        for rank in range(first, len(plan.ranks) + 1):
            parts = [(Occur.Must, fits)]
            parts += [(Occur.MustNot, self._query(one)) for one in plan.ranks[:rank]]
            parts += [(Occur.Must, self._query(one)) for one in plan.ranks[rank : rank + 1]]
            key = after if rank == first else ""
            for found in self._sorted(searcher, Query.boolean_query(parts), plan, rank, key, left):
                yield found
                left -= 1
            if not left:
                return

    def _sorted(  # noqa: PLR0913, PLR0917 - what is asked, and from where on
        self,
        searcher: tantivy.Searcher,
        query: Query,
        plan: SearchPlan,
        rank: int,
        after: str,
        most: int,
    ) -> Iterator[FoundDocument]:
        name = _KEYS[plan.order]
        if after:
            later = _not_before(self._schema, name, after)
            query = Query.boolean_query([(Occur.Must, query), (Occur.Must, later)])
        # What agrees with the last key in its first letters comes again and is passed over.
        asked, hits = most, list[tuple[object, tantivy.DocAddress]]()
        while True:
            hits = searcher.search(
                query, asked, count=False, order_by_field=name, order=tantivy.Order.Asc
            ).hits
            new = [(str(key), address) for key, address in hits if str(key) > after]
            if len(new) >= most or len(hits) < asked:
                break
            asked *= 4
        for key, address in new[:most]:
            yield FoundDocument(
                rank=rank, key=key, body=searcher.doc(address)["body"][0].decode("utf-8")
            )

    # ------------------------------------------------------------ files

    def _opened(self) -> tantivy.Index:
        if self._index is None:
            raise StoreError("{path}: the search index is closed", path=self._folder)
        return self._index

    def _searcher(self) -> tantivy.Searcher:
        index = self._opened()
        index.reload()
        return index.searcher()

    def _said(self) -> tuple[str, str]:
        path = self._folder / _RULES
        form, _, rules = path.read_text("utf-8").partition("\n") if path.exists() else ("", "", "")
        return form, rules

    def _say(self, rules: str) -> None:
        new = self._folder / f"{_RULES}.new"
        new.write_text(f"{SEARCH_FORM}\n{rules}", encoding="utf-8")
        new.replace(self._folder / _RULES)

    @contextmanager
    def _told(self) -> Iterator[None]:
        with self._turn:
            try:
                yield
            except (OSError, ValueError) as error:
                raise StoreError(
                    "{path}: the search index cannot be read or written: {reason}; it can be made"
                    " again: delete the folder and run 'libconsortium index'",
                    path=self._folder,
                    reason=error,
                ) from error


def _schema() -> tantivy.Schema:
    made = tantivy.SchemaBuilder()
    made.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    made.add_text_field("fingerprint", stored=True, tokenizer_name="raw", index_option="basic")
    made.add_bytes_field("body", stored=True)
    made.add_integer_field("year", indexed=True, fast=True)
    for name in ("by_title", "by_year"):
        made.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
        for part in range(_PARTS):
            made.add_integer_field(f"{name}_{part}", indexed=True, fast=True)
    for stream in SearchStream:
        made.add_text_field(stream.value, tokenizer_name="whitespace", index_option="position")
    for facet in SEARCH_FACETS:
        made.add_text_field(_column(facet), fast=True, tokenizer_name="raw", index_option="basic")
    return made.build()


def _document(document: SearchDocument) -> tantivy.Document:
    made = tantivy.Document()
    made.add_text("id", document.id)
    made.add_text("fingerprint", document.fingerprint)
    made.add_bytes("body", document.body.encode("utf-8"))
    if document.year is not None:
        made.add_integer("year", document.year)
    for name, key in (("by_title", document.by_title), ("by_year", document.by_year)):
        made.add_text(name, key)
        for part, number in enumerate(_numbers(key)):
            made.add_integer(f"{name}_{part}", number)
    for stream in SearchStream:
        made.add_text(stream.value, " ".join(document.streams.get(stream, ())))
    for facet, values in document.facets.items():
        for value in dict.fromkeys(values):
            made.add_text(_column(facet), value)
    return made


def _column(facet: str) -> str:
    return f"facet_{facet.replace('-', '_')}"


def _counts(searcher: tantivy.Searcher, query: Query, facet: str) -> dict[str, int]:
    wanted = {"values": {"terms": {"field": _column(facet), "size": _MOST_VALUES}}}
    buckets = searcher.aggregate(query, wanted)["values"]["buckets"]
    return {bucket["key"]: bucket["doc_count"] for bucket in buckets}


def _numbers(key: str) -> tuple[int, ...]:
    """Return the first bytes of a key as numbers; tantivy has no ranges of texts."""
    coded = key.encode("utf-8").ljust(_PARTS * _PART_BYTES, b"\0")
    return tuple(
        int.from_bytes(coded[part * _PART_BYTES : (part + 1) * _PART_BYTES]) - _MIDDLE
        for part in range(_PARTS)
    )


def _not_before(schema: tantivy.Schema, name: str, key: str) -> Query:
    """Return what holds for keys whose first bytes are those of a key or come after them."""
    numbers = _numbers(key)
    query: Query | None = None
    for part in reversed(range(_PARTS)):
        column, number = f"{name}_{part}", numbers[part]
        above = Query.range_query(
            schema, column, FieldType.Integer, number, None, include_lower=query is None
        )
        if query is None:
            query = above
            continue
        same = Query.range_query(schema, column, FieldType.Integer, number, number)
        both = Query.boolean_query([(Occur.Must, same), (Occur.Must, query)])
        query = Query.boolean_query([(Occur.Should, above), (Occur.Should, both)])
    assert query is not None  # noqa: S101 - a key has parts
    return query
