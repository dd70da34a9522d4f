"""Ratios, percentages, products, amounts in words, terms and editions in a report's text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

import attrs

from libconsortium.core.catalogue.numbering import number_of as ordinal_of
from libconsortium.core.problems import Place
from libconsortium.core.reconciliation.readings import (
    Edition,
    Figure,
    InWords,
    Percentage,
    Product,
    Ratio,
    Role,
    Span,
)
from libconsortium.core.reconciliation.sums import likely_range
from libconsortium.core.reconciliation.vocabulary import Vocabulary, any_of, levelled
from libconsortium.load_steps.report_reading.marks import all_found, span_of
from libconsortium.load_steps.report_reading.numbers import patterns_of
from libconsortium.load_steps.report_reading.passages import Prose
from libconsortium.load_steps.report_reading.prose import Node
from libconsortium.load_steps.report_reading.wording import cleared, pattern

_LINK = 45  # characters between a figure and the percentage that belongs to it
_CLAUSE_END = re.compile(r"[;)]")
_YEAR = re.compile(r"(?<![\d.,])(?:19|20)\d\d(?![\d.,]*\d)")


@attrs.frozen(kw_only=True)
class Passage:
    """A block with its figures.

    Args:
        prose: The block's text.
        nodes: Its figures.
        said: The text from the beginning of the section to the end of the block.
    """

    prose: Prose
    nodes: tuple[Node, ...]
    said: str


def ratios_of(passage: Passage, words: Vocabulary, source: str) -> list[Ratio]:
    """Return the ratios of a block, each with the money that stands with it."""
    paid = pattern(words.roles.get("paid", ()))
    found = []
    for index, ratio in enumerate(passage.prose.ratios):
        start, end = passage.prose.sentence(ratio.start())
        following = passage.prose.ratios[index + 1 :]
        stop = min([end, *(other.start() for other in following)])
        counted = patterns_of(words).unit.match(passage.prose.text, ratio.end())
        amount = _amount_with(passage, ratio.start(), ratio.end(), start, stop)
        found.append(
            Ratio(
                part=int(ratio["part"]),
                whole=int(ratio["whole"]),
                unit=counted["word"] if counted else "",
                where=Place(source=source, line=passage.prose.block.line_at(ratio.start())),
                amount=amount,
                is_dues=paid.search(passage.said) is not None,
            )
        )
    return found


def _amount_with(passage: Passage, start: int, end: int, first: int, stop: int) -> Figure | None:
    money = [
        node
        for node in passage.nodes
        if node.figure.is_money and node.figure.role not in {Role.RATE, Role.EXPECTED}
    ]
    after = [node for node in money if end <= node.start < stop]
    before = [node for node in money if first <= node.start < start]
    if after:
        return after[0].figure
    return before[-1].figure if before else None


def percentages_of(
    passage: Passage, words: Vocabulary, ratios: Sequence[Ratio], figures: Sequence[Figure]
) -> Iterator[Percentage]:
    """Yield the percentages of a block that stand beside money or a ratio.

    Args:
        passage: The block.
        words: The language.
        ratios: The ratios of the document.
        figures: The figures of the document.
    """
    basis = pattern(words.roles.get("basis", ()))
    for node in passage.nodes:
        if node.figure.unit != "%" or node.figure.role in {Role.COMPARED, Role.RATE}:
            continue
        start, end = passage.prose.sentence(node.start)
        owner = _owner(passage, node, start)
        if owner is None:
            continue
        begin, amount = owner
        clause = _CLAUSE_END.search(passage.prose.bare, node.end, end)
        end = clause.start() if clause else end
        said = passage.prose.bare[begin if amount else node.end : end]
        has_basis = basis.search(cleared(said, words)) is not None
        if amount is None:
            near = [one for one in ratios if one.where == node.figure.where]
            if not has_basis and near and _is_linked(passage.prose.bare[begin : node.start], words):
                yield Percentage(stated=node.figure, ratios=tuple(near[-1:]))
        elif _is_linked(passage.prose.bare[begin : node.start], words):
            yield _of_amount(node.figure, amount, ratios, figures, has_basis=has_basis)


def _owner(passage: Passage, node: Node, start: int) -> tuple[int, Figure | None] | None:
    """Return where the figure before a percentage ends, and the figure; no figure for a ratio."""
    before = [
        (other.end, other.figure)
        for other in passage.nodes
        if start <= other.start < node.start and other.figure.unit != "%"
    ]
    ratios = [ratio.end() for ratio in passage.prose.ratios if start <= ratio.end() <= node.start]
    last = max((end for end, _ in before), default=-1)
    if ratios and ratios[-1] > last:
        return ratios[-1], None
    if before and before[-1][1].is_money and before[-1][1].role is not Role.RATE:
        return before[-1]
    return None


def _is_linked(between: str, words: Vocabulary) -> bool:
    reaches = pattern(words.roles.get("reaches", ()))
    is_near = len(between) <= _LINK and not re.search(r"[;.]", between)
    return is_near and (between.rstrip().endswith("(") or reaches.search(between) is not None)


def _of_amount(
    stated: Figure,
    amount: Figure,
    ratios: Sequence[Ratio],
    figures: Sequence[Figure],
    *,
    has_basis: bool,
) -> Percentage:
    others = [one for one in figures if one.unit == amount.unit and one.number and one != amount]
    low, high = likely_range(stated)
    is_of_other = any(
        low - stated.step < amount.number / one.number * 100 < high + stated.step for one in others
    )
    expected = [
        one
        for one in others
        if one.role is Role.EXPECTED
        and one.where.line in {amount.where.line, amount.where.line - 1}
    ]
    return Percentage(
        stated=stated,
        of=amount,
        bases=() if is_of_other else tuple(expected),
        ratios=tuple(ratios),
        has_basis=has_basis or is_of_other,
    )


def products_of(passage: Passage, words: Vocabulary) -> Iterator[Product]:
    """Yield the counts times rates of a block for which an amount is stated."""
    signs, equals = (pattern(words.roles.get(role, ())) for role in ("product", "equals"))
    for index in range(1, len(passage.nodes) - 1):
        count, rate, stated = passage.nodes[index - 1 : index + 2]
        between = passage.prose.bare[count.end : rate.start].strip()
        then = passage.prose.bare[rate.end : stated.start]
        is_product = signs.fullmatch(between) is not None or (
            rate.figure.role is Role.RATE and _is_each_of(passage.prose, count, rate, words)
        )
        is_result = (
            stated.figure.role not in {Role.RATE, Role.COMPARED, Role.EXPECTED}
            and stated.figure.family == rate.figure.family
            and equals.search(then) is not None
        )
        same = count.sentence == rate.sentence == stated.sentence
        is_rate = rate.figure.is_money and not count.figure.is_money
        if is_product and is_result and same and is_rate:
            yield Product(count=count.figure, rate=rate.figure, stated=stated.figure)


def _is_each_of(prose: Prose, count: Node, rate: Node, words: Vocabulary) -> bool:
    said = prose.bare[count.end : rate.start] + prose.bare[rate.end : rate.end + _LINK // 2]
    named = re.finditer(any_of(words.units), said)
    units = {words.units[" ".join(one[0].split())] for one in named}
    return bool(count.figure.unit) and count.figure.unit in units


def in_words_of(
    passage: Passage,
    words: Vocabulary,
    before: Figure | None,
    number_of: Callable[[str], int | None],
) -> Iterator[InWords]:
    """Yield the amounts of a block that are repeated in words.

    Args:
        passage: The block.
        words: The language.
        before: The last amount before the block.
        number_of: Reads a number in words.
    """
    for told in pattern(words.roles.get("words", ())).finditer(passage.prose.text):
        said = re.match(r"\s*:?\s*[«\"“(]?\s*([^).;:»\"”\n]+)", passage.prose.text[told.end() :])
        amounts = [
            node.figure
            for node in passage.nodes
            if node.start < told.start() and node.figure.is_money
        ]
        amount = amounts[-1] if amounts else before
        if said and amount is not None:
            yield InWords(stated=amount, words=said[1].strip(), number=number_of(said[1]))


def spans_of(passage: Passage, words: Vocabulary, purpose: str, source: str) -> Iterator[Span]:
    """Yield the terms of office (``term``) or the years of results (``review``) of a block."""
    for found in all_found(passage.prose.text, words, purpose):
        period = span_of(found.groupdict())
        if period is not None:
            yield Span(
                period=period,
                where=Place(source=source, line=passage.prose.block.line_at(found.start())),
                written=found[0],
            )


def editions_of(passage: Passage, words: Vocabulary, source: str) -> Iterator[Edition]:
    """Yield the numbered events of a block; the year is that of the sentence."""
    yearly = pattern(words.roles.get("yearly", ()))
    everything = sorted(
        all_found(passage.prose.text, words, "edition"), key=lambda one: one.start()
    )
    for index, found in enumerate(everything):
        number = ordinal_of(found["number"])
        if number is None:
            continue
        start, end = passage.prose.sentence(found.start())
        sentence = passage.prose.text[start:end]
        stop = min([end, *(other.start() for other in everything[index + 1 :])])
        years = [
            int(year)
            for text in (passage.prose.text[found.end() : stop], passage.prose.text[start:stop])
            for year in _YEAR.findall(text)
        ]
        held = [int(one["years"]) for one in all_found(passage.prose.text, words, "anniversary")]
        yield Edition(
            event=" ".join(found["event"].split()),
            number=number,
            year=years[0] if years else None,
            where=Place(source=source, line=passage.prose.block.line_at(found.start())),
            is_yearly=yearly.search(sentence) is not None,
            years=held[0] if held else None,
        )


def first_year(texts: Iterable[str]) -> int | None:
    """Return the first year that stands in any of some texts."""
    return next((int(found[0]) for text in texts if (found := _YEAR.search(levelled(text)))), None)
