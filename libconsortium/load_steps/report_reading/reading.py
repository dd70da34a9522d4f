"""Reads a report: a text or a table becomes what it states."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from unicodedata import normalize

import attrs

from libconsortium.contributions import Language
from libconsortium.core.reconciliation.periods import Period
from libconsortium.core.reconciliation.readings import (
    Edition,
    Figure,
    InWords,
    Reading,
    Span,
    Total,
)
from libconsortium.core.reconciliation.vocabulary import Vocabulary, levelled
from libconsortium.load_steps.report_reading.blocks import Block, blocks_of
from libconsortium.load_steps.report_reading.grid_columns import Rows
from libconsortium.load_steps.report_reading.grids import grid_nodes
from libconsortium.load_steps.report_reading.passages import Context, context_after, prose_of
from libconsortium.load_steps.report_reading.prose import Node, nodes_of
from libconsortium.load_steps.report_reading.remarks import (
    Passage,
    editions_of,
    first_year,
    in_words_of,
    percentages_of,
    products_of,
    ratios_of,
    spans_of,
)
from libconsortium.load_steps.report_reading.structure import totals_of
from libconsortium.load_steps.report_reading.wording import pattern

_FIRST_ROWS = 5  # in which a title may stand
_SAMPLE = 20_000  # characters that show a text's language


def read_report(text: str, languages: Iterable[Language], *, source: str = "") -> Reading:
    """Read a report's text: its figures, what they are of, and what adds up to what.

    Args:
        text: The text; Markdown, with tables, lists and headings, or plain.
        languages: The languages it may be in; the one whose words it has most is taken.
        source: The document's name, for places.

    >>> from libconsortium.registry import Registry
    >>> text = "Hội phí 62 triệu đồng, quảng cáo 10 triệu đồng. Tổng cộng 72 triệu đồng."
    >>> (total,) = read_report(text, Registry().all(Language).values()).totals
    >>> total.stated.written, int(total.computed)
    ('72 triệu đồng', 72000000)
    """
    text = normalize("NFC", text)
    language = language_of_text(text, languages)
    return _Reader(language, source).of_blocks(tuple(blocks_of(text)))


def read_table(rows: Rows, languages: Iterable[Language], *, source: str = "") -> Reading:
    """Read a table: the figures of its columns and which of them are totals.

    Args:
        rows: Line number and cells of each row.
        languages: The languages it may be in.
        source: The document's name, for places.

    >>> from libconsortium.registry import Registry
    >>> rows = [(1, ("Kind", "Count")), (2, ("A", 2)), (3, ("B", 3)), (4, ("Total", 5))]
    >>> (total,) = read_table(rows, Registry().all(Language).values()).totals
    >>> total.stated.where.line, int(total.computed)
    (4, 5)
    """
    filled = [(line, cells) for line, cells in rows if any(str(cell).strip() for cell in cells)]
    text = " ".join(str(cell) for _, cells in filled for cell in cells)
    language = language_of_text(normalize("NFC", text), languages)
    titles = [_title(line, row) for line, row in filled[:_FIRST_ROWS] if _is_title(row)]
    cells = tuple((line, tuple(map(_composed, row))) for line, row in filled)
    return _Reader(language, source).of_blocks((*titles, Block(kind="table", rows=cells)))


def language_of_text(text: str, languages: Iterable[Language]) -> Language:
    """Return the language whose words a text has most.

    Args:
        text: The text.
        languages: The languages to choose from; at least one.
    """
    said = levelled(text[:_SAMPLE])

    def words_in(language: Language) -> tuple[int, str]:
        words = language.vocabulary()
        listed = {*words.topics, *words.units, *words.flows, *words.before, *words.stops}
        listed |= {word for role in words.roles.values() for word in role}
        telling = tuple(sorted(word for word in listed if word[0].isalpha()))
        return len(pattern(telling).findall(said)), language.name

    return max(languages, key=words_in)


def _composed(cell: object) -> object:
    return normalize("NFC", cell).strip() if isinstance(cell, str) else cell


def _is_title(cells: Sequence[object]) -> bool:
    return sum(bool(str(cell).strip()) for cell in cells) == 1


def _title(line: int, cells: Sequence[object]) -> Block:
    said = next(str(cell) for cell in cells if str(cell).strip())
    return Block(kind="heading", text=normalize("NFC", said), starts=((0, line),))


@attrs.define
class _Reader:
    """Collects what the blocks of a document state."""

    language: Language
    source: str
    nodes: list[Node] = attrs.field(factory=list)
    passages: list[Passage] = attrs.field(factory=list)
    row_totals: list[Total] = attrs.field(factory=list)
    sentences: int = 0

    @property
    def words(self) -> Vocabulary:
        return self.language.vocabulary()

    def of_blocks(self, blocks: Sequence[Block]) -> Reading:
        context = self._first_context(blocks)
        said = ""
        for index, block in enumerate(blocks):
            if block.kind == "table":
                self._table(block, context, index * 10_000)
                continue
            prose = prose_of(block, self.words)
            if block.kind == "heading" or (block.kind == "item" and not prose.numbers):
                context = context_after(prose, self.words, context)
                said = "" if block.kind == "heading" else said
            said = f"{said}\n{prose.bare}"
            nodes = nodes_of(
                prose, self.words, context, block=index * 10_000, sentences=self.sentences
            )
            self.sentences += len(prose.sentences)
            self.nodes += nodes
            self.passages.append(Passage(prose=prose, nodes=tuple(nodes), said=said))
        return self._reading(blocks)

    def _first_context(self, blocks: Sequence[Block]) -> Context:
        return Context(source=self.source, period=_title_period(blocks, self.words))

    def _table(self, block: Block, context: Context, number: int) -> None:
        nodes, totals = grid_nodes(
            block.rows, self.words, context, block=number, sentences=self.sentences
        )
        self.sentences += len(block.rows)
        self.nodes += nodes
        self.row_totals += totals

    def _reading(self, blocks: Sequence[Block]) -> Reading:
        words = self.words
        editions = self._editions(blocks)
        events = {f"{one.event} {one.number}" for one in editions}
        if len(events) == 1:
            event = events.pop()
            self.nodes = [
                attrs.evolve(node, figure=attrs.evolve(node.figure, event=event))
                for node in self.nodes
            ]
        figures = tuple(node.figure for node in self.nodes)
        ratios = [
            ratio for passage in self.passages for ratio in ratios_of(passage, words, self.source)
        ]
        return Reading(
            source=self.source,
            figures=figures,
            totals=(*totals_of(self.nodes), *self.row_totals),
            ratios=tuple(ratios),
            percentages=tuple(
                found
                for passage in self.passages
                for found in percentages_of(passage, words, ratios, figures)
            ),
            products=tuple(
                found for passage in self.passages for found in products_of(passage, words)
            ),
            in_words=tuple(self._in_words()),
            terms=tuple(self._spans("term")),
            reviews=tuple(self._spans("review")),
            editions=editions,
        )

    def _in_words(self) -> Iterator[InWords]:
        """Give the amounts in words, each beside the amount of money that stands before it."""
        before: Figure | None = None
        for passage in self.passages:
            yield from in_words_of(passage, self.words, before, self.language.from_words)
            money = [one.figure for one in passage.nodes if one.figure.is_money]
            before = money[-1] if money else before

    def _spans(self, purpose: str) -> Iterator[Span]:
        for passage in self.passages:
            yield from spans_of(passage, self.words, purpose, self.source)

    def _editions(self, blocks: Sequence[Block]) -> tuple[Edition, ...]:
        year = first_year(block.text for block in blocks)
        return tuple(
            attrs.evolve(one, year=one.year or year)
            for passage in self.passages
            for one in editions_of(passage, self.words, self.source)
        )


def _title_period(blocks: Sequence[Block], words: Vocabulary) -> Period | None:
    """Return the year of a title; of a text without one, nothing."""
    for block in blocks[:3]:
        if block.kind == "heading":
            periods = prose_of(block, words).periods
            if periods:
                return periods[0].period
    return None
