"""A block's text made ready: sentences, numbers, ratios and periods, each in its place."""

from __future__ import annotations

import re

import attrs

from libconsortium.core.reconciliation.periods import Period
from libconsortium.core.reconciliation.vocabulary import Vocabulary, any_of, levelled
from libconsortium.load_steps.report_reading.blocks import Block
from libconsortium.load_steps.report_reading.marks import Spoken, masked
from libconsortium.load_steps.report_reading.numbers import MASK, Number, numbers_in
from libconsortium.load_steps.report_reading.wording import cleared, flow_of

_SENTENCE_END = re.compile(r"[.!?](?=\s|$)|\n")
_INITIALS = re.compile(r"(?:\b[A-ZĐ]|\b(?:TP|TS|ThS|PGS|GS|Tp|TT|No|Art|Dr|Mr|Mrs))$")
_PLAIN_YEARS = range(1900, 2101)
_RATIO = re.compile(r"(?<![\d/.,])(?P<part>\d+)\s*/\s*(?P<whole>\d+)(?![\d/])")
_OTHER_CLAUSE = 200  # as if so many characters lay between
_OTHER_FIGURE = 50


@attrs.frozen(kw_only=True)
class Context:
    """What the text before a block says for it.

    Args:
        source: The document.
        period: The period of the heading or title above; ``None`` if it names none.
        flow: Whether the heading above is about money coming ``in`` or going ``out``.
        section: The number of the section.
        event: The numbered event that the title speaks of.
    """

    source: str
    period: Period | None = None
    flow: str = ""
    section: int = 0
    event: str = ""


@attrs.frozen(kw_only=True)
class Prose:
    """A block's text, made ready.

    Args:
        block: The block.
        text: Its text as ``levelled`` gives it.
        bare: The same with everything masked that is no figure.
        periods: The periods it speaks of.
        sentences: Where each sentence ends.
        numbers: Its numbers, ratios left out.
        ratios: Its ratios, as found in ``bare``.
    """

    block: Block
    text: str
    bare: str
    periods: tuple[Spoken, ...]
    sentences: tuple[int, ...]
    numbers: tuple[Number, ...]
    ratios: tuple[re.Match[str], ...]

    def sentence_at(self, place: int) -> int:
        """Return the number of the sentence at a place."""
        return sum(end <= place for end in self.sentences)

    def sentence(self, place: int) -> tuple[int, int]:
        """Return where the sentence at a place begins and ends."""
        number = self.sentence_at(place)
        ends = (0, *self.sentences)
        return ends[number], ends[number + 1]


def prose_of(block: Block, words: Vocabulary) -> Prose:
    """Make a block's text ready."""
    text = levelled(block.text)
    bare, periods = masked(text, words)
    ends = [
        found.end()
        for found in _SENTENCE_END.finditer(bare)
        if not _INITIALS.search(block.text[: found.start()])
    ]
    ratios = tuple(ratios_in(bare, words))
    hidden = bare
    for found in ratios:
        hidden = hidden[: found.start()] + MASK * len(found[0]) + hidden[found.end() :]
    numbers = tuple(one for one in numbers_in(hidden, words) if not _is_year(one))
    return Prose(
        block=block,
        text=text,
        bare=hidden,
        periods=periods,
        sentences=tuple(sorted({*ends, len(text)})),
        numbers=numbers,
        ratios=ratios,
    )


def ratios_in(bare: str, words: Vocabulary) -> list[re.Match[str]]:
    """Return the ratios in a text: ``62/63 units``, ``62 out of 63``; no dates."""
    spoken = re.compile(
        r"(?<![\d/.,\w])(?P<part>\d+)(?:\s+[^\W\d]+){0,3}?\s+"
        + any_of(word for word in words.ratio if word[0].isalnum())
        + r"\s+(?P<whole>\d+)(?![\d/.,]*\d)"
    )
    unit = re.compile(rf"\s*(?:[^\W\d]+\s+){{0,{words.reach}}}?{any_of(words.units)}")
    found = [one for one in _RATIO.finditer(bare) if _is_ratio(one, bare, unit)]
    taken = [one.span() for one in found]
    for one in spoken.finditer(bare):
        inside = any(start < one.end() and one.start() < end for start, end in taken)
        is_part = 0 < int(one["part"]) <= int(one["whole"])
        if not inside and is_part and (unit.match(bare, one.end()) or unit.search(one[0])):
            found.append(one)
    return sorted(found, key=lambda one: one.start())


def _is_ratio(found: re.Match[str], bare: str, unit: re.Pattern[str]) -> bool:
    part, whole = int(found["part"]), int(found["whole"])
    may_be_day = whole <= 12 and part <= 31  # noqa: PLR2004 - months and days
    return 0 < part <= whole and (not may_be_day or unit.match(bare, found.end()) is not None)


def _is_year(number: Number) -> bool:
    value = number.quantity.number
    return (
        not number.unit
        and value.denominator == 1
        and value in _PLAIN_YEARS
        and number.bare_end - number.digits == len(str(value))
    )


def period_of(prose: Prose, number: Number) -> Period | None:
    """Return the period in a number's sentence that stands nearest to it."""
    start, end = prose.sentence(number.digits)
    spoken = [
        one
        for one in prose.periods
        if start <= one.start < end and not _is_of_a_later_figure(prose, number, one)
    ]
    if not spoken:
        return None

    def distance(one: Spoken) -> tuple[int, int]:
        gap = prose.bare[min(one.end, number.end) : max(one.start, number.start)]
        away = one.start - number.end if one.start >= number.end else number.start - one.end
        # Another clause is farther away than any words of the same one.
        between = sum(_is_between(other, one, number) for other in prose.numbers)
        clauses = _OTHER_CLAUSE * len(re.findall(r"[;,]", gap))
        return clauses + _OTHER_FIGURE * between + max(away, 0), one.start

    return min(spoken, key=distance).period


def _is_of_a_later_figure(prose: Prose, number: Number, period: Spoken) -> bool:
    """Say whether a period stands after another figure of the kind: «5 đ, 6 đ (2019-2020)»."""
    return period.start >= number.end and any(
        other.is_money == number.is_money and _is_between(other, period, number)
        for other in prose.numbers
    )


def _is_between(other: Number, period: Spoken, number: Number) -> bool:
    return (
        min(period.end, number.end) <= other.digits < max(period.start, number.start)
        and other is not number
    )


def context_after(prose: Prose, words: Vocabulary, context: Context) -> Context:
    """Return the context that a heading gives to what follows it."""
    flow = flow_of(cleared(prose.bare, words), words)[0]
    period = prose.periods[0].period if prose.periods else context.period
    return attrs.evolve(context, period=period, flow=flow, section=context.section + 1)
