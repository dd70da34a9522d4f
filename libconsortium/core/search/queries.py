"""What somebody types into the search field, read so that nothing they type can be wrong.

``words "a phrase" field:value -without``: words are joined by *and*, a phrase is in quotes, a
field's name and a colon narrow a word or phrase, a minus excludes. What cannot be read as one of
these is taken as words, and a note says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

import attrs

from libconsortium.core.messages import Message
from libconsortium.core.text import fold, folded, spelling

Schemes = Mapping[str, Callable[[str], str | None]]
"""Kinds of identifiers by name, each with what gives the normal form of a value, or ``None``."""


@attrs.frozen(kw_only=True)
class QueryTerm:
    """One thing that is asked for.

    Args:
        words: Its words as spelled; several stand beside each other (a phrase).
        field: The field it must stand in; empty for any.
        value: What was typed, without quotes.
        is_excluded: It must not be there.
        identifiers: Identifiers that it may be, each as scheme and normal form.
    """

    words: tuple[str, ...]
    field: str = ""
    value: str = ""
    is_excluded: bool = False
    identifiers: tuple[tuple[str, str], ...] = ()


@attrs.frozen(kw_only=True)
class SearchQuery:
    """What is asked for.

    Args:
        text: What was typed.
        terms: What must be there, or must not.
        first_year: Nothing published before; ``None`` for no bound.
        last_year: Nothing published after; ``None`` for no bound.
        notes: What could not be read as it was perhaps meant, and how it was taken.
    """

    text: str = ""
    terms: tuple[QueryTerm, ...] = ()
    first_year: int | None = None
    last_year: int | None = None
    notes: tuple[Message, ...] = ()


def parse_query(text: str, schemes: Schemes | None = None) -> SearchQuery:
    """Read what was typed; there is no text that cannot be read.

    Args:
        text: What was typed.
        schemes: The kinds of identifiers, to find one in any writing.

    >>> query = parse_query('kiều author:"nguyễn du" -chú year:1950..1999')
    >>> [(term.field, term.value, term.is_excluded) for term in query.terms]
    [('', 'kiều', False), ('author', 'nguyễn du', False), ('', 'chú', True)]
    >>> query.first_year, query.last_year
    (1950, 1999)
    >>> str(parse_query('"truyện kiều').notes[0])
    'the quotation mark is not closed; everything after it was taken as the phrase'
    """
    read = _Reading(schemes or {})
    plain = text.translate(_QUOTES)
    if not read.as_identifier(plain):
        for part in _PART.finditer(plain):
            if len(read.terms) == MOST_TERMS:
                read.notes.append(
                    Message(
                        "only the first {most} words and phrases were looked for", most=MOST_TERMS
                    )
                )
                break
            read.part(part)
    if plain.strip() and not (read.terms or read.notes or read.has_years):
        read.notes.append(Message("{text!r} holds no word; everything is listed", text=text))
    return SearchQuery(
        text=text,
        terms=tuple(read.terms),
        first_year=read.first,
        last_year=read.last,
        notes=tuple(read.notes),
    )


class _Reading:
    """The parts read so far."""

    def __init__(self, schemes: Schemes) -> None:
        self.schemes = schemes
        self.terms: list[QueryTerm] = []
        self.notes: list[Message] = []
        self.first: int | None = None
        self.last: int | None = None

    @property
    def has_years(self) -> bool:
        """Whether a year was asked for."""
        return self.first is not None or self.last is not None

    def as_identifier(self, text: str) -> bool:
        """Take a text of several words as one identifier («978 604 …») if it is one."""
        found = self._identifiers(text.strip()) if len(text.split()) > 1 else ()
        if found:
            self.terms.append(QueryTerm(words=_words(text), value=text.strip(), identifiers=found))
        return bool(found)

    def part(self, part: re.Match[str]) -> None:
        """Take the next part: a word, a phrase, a field with either."""
        value = part["phrase"] if part["word"] is None else part["word"]
        if part["phrase"] is not None and not part["closed"]:
            self.notes.append(
                Message(
                    "the quotation mark is not closed; everything after it was taken as the phrase"
                )
            )
        is_excluded = bool(part["minus"])
        name = part["field"] or ""
        field = _FIELDS.get(fold(name).replace(" ", ""), "")
        if name and not field:
            value = f"{name}:{value}"
            if not self._identifiers(value):
                self.notes.append(
                    Message(
                        "there is no field {name!r}; it was taken as a word (fields: {known})",
                        name=name,
                        known=", ".join(FIELDS),
                    )
                )
        if field == "year":
            self._year(value, is_excluded=is_excluded)
        else:
            self._term(field, value, is_excluded=is_excluded)

    def _year(self, value: str, *, is_excluded: bool) -> None:
        found = _YEARS.fullmatch(value.strip())
        if found is None or is_excluded or not (found["one"] or found["first"] or found["last"]):
            self.notes.append(
                Message(
                    "{value!r} is no year; write year:2019, year:2019..2021 or year:2019..",
                    value=value,
                )
            )
            return
        first, last = found["one"] or found["first"], found["one"] or found["last"]
        if first and last and int(first) > int(last):
            first, last = last, first
        if first:
            self.first = max(int(first), self.first or 0)
        if last:
            self.last = min(int(last), int(last) if self.last is None else self.last)

    def _term(self, field: str, value: str, *, is_excluded: bool) -> None:
        words = _words(value)
        identifiers = self._identifiers(value, field)
        if words or identifiers:
            self.terms.append(
                QueryTerm(
                    words=words,
                    field=field,
                    value=value,
                    is_excluded=is_excluded,
                    identifiers=identifiers,
                )
            )

    def _identifiers(self, value: str, field: str = "") -> tuple[tuple[str, str], ...]:
        if field in IDENTIFIER_FIELDS:
            names = [name for name in self.schemes if field in {name, "id"}]
            found = self._normal(names, value)
            plain = "".join(char for char in value if char.isalnum())
            return found or (("" if field == "id" else field, plain),)
        return self._normal(self.schemes, value) if not field else ()

    def _normal(
        self, names: Mapping[str, object] | list[str], value: str
    ) -> tuple[tuple[str, str], ...]:
        found = ((name, self.schemes[name](value)) for name in names)
        return tuple((name, normal) for name, normal in found if normal)


def words_typed(query: SearchQuery) -> Iterator[str]:
    """Yield the words of a query that must be there, in their order, as spelled.

    >>> list(words_typed(parse_query("Nguyen -chú isbn:1")))
    ['nguyen']
    """
    for term in query.terms:
        if not term.is_excluded and term.field not in _NO_WORDS:
            yield from term.words


def _words(text: str) -> tuple[str, ...]:
    return tuple(word for word in spelling(text).split() if folded(word))[:MOST_TERMS]


MOST_TERMS = 50
"""Words and phrases of a query, and words of a phrase, that are looked for at most."""

TEXT_FIELDS = ("title", "author", "subject", "publisher")
"""Fields with words."""

IDENTIFIER_FIELDS = ("isbn", "issn", "doi", "handle", "id")
"""Fields with identifiers; ``id`` is any of them."""

SEARCH_FACETS = ("member", "year", "type", "language", "place", "place-before")
"""What results are counted and narrowed by."""

FACET_FIELDS = ("member", "type", "language", "place")
"""Facets that can be typed; ``place`` is the name of a province of now or before."""

FIELDS = (*TEXT_FIELDS, *IDENTIFIER_FIELDS, "year", *FACET_FIELDS)
"""Every field that can be typed before a colon."""

_VIETNAMESE = {
    "nhande": "title", "tieude": "title", "tacgia": "author", "chude": "subject",
    "nxb": "publisher", "nam": "year", "thuvien": "member", "loai": "type",
    "ngonngu": "language", "diadanh": "place", "tinh": "place",
}  # fmt: skip
_FIELDS = {
    fold(name).replace(" ", ""): field
    for name, field in ({name: name for name in FIELDS} | _VIETNAMESE).items()
}
_NO_WORDS = frozenset((*IDENTIFIER_FIELDS, *FACET_FIELDS))
_QUOTES = str.maketrans(dict.fromkeys("“”„«»＂", '"'))  # noqa: RUF001 - what people type
_PART = re.compile(
    r'(?P<minus>-(?=[^\s]))?(?:(?P<field>[^\s:"]+):(?=[^\s]))?'
    r'(?:"(?P<phrase>[^"]*)(?P<closed>"?)|(?P<word>[^\s"]+))'
)
_YEARS = re.compile(r"(?P<one>\d{1,4})|(?P<first>\d{0,4})\.\.(?P<last>\d{0,4})", re.ASCII)
