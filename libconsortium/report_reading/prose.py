"""Figures in running text: what each is, what it is for and when."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache

import attrs

from libconsortium.core.problems import Place
from libconsortium.core.readings import Figure, Period, Role
from libconsortium.core.text import fold
from libconsortium.core.vocabulary import Vocabulary, any_of, levelled
from libconsortium.report_reading.blocks import Block
from libconsortium.report_reading.marks import Spoken, masked
from libconsortium.report_reading.numbers import MASK, Number, numbers_in

_SENTENCE_END = re.compile(r"[.!?](?=\s|$)|\n")
_INITIALS = re.compile(r"(?:\b[A-ZĐ]|\b(?:TP|TS|ThS|PGS|GS|Tp|TT|No|Art|Dr|Mr|Mrs))$")
_DELIMITER = re.compile(rf"[;,:(){MASK}—–]|(?<!\w)(?:và|and|cùng)(?!\w)")
_LABEL_ENDS = " \t,;:.–—-=≈~>+(«\"'•*_" + MASK
_NEAR = 32  # characters before a number in which its role is said
_WORDS_BEFORE = 4
_JUST_AFTER = 12
_OTHER_CLAUSE = 200  # as if so many characters lay between
_OTHER_FIGURE = 50
_PLAIN_YEARS = range(1900, 2101)
_RATIO = re.compile(r"(?<![\d/.,])(?P<part>\d+)\s*/\s*(?P<whole>\d+)(?![\d/])")


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
class Node:
    """A figure and how it stands to those around it.

    Args:
        figure: The figure.
        block: The number of its block, line of a table or row.
        sentence: The number of its sentence in the whole document.
        section: The number of its section.
        start: Where it begins in its block.
        end: Where it ends there.
        depth: How many brackets it stands in.
        level: Depth in a list: the smaller, the higher; ``None`` in running text.
        strength: ``total`` or ``sum`` if words call it so, else empty.
        opens: What follows, in its own words: ``whole`` its parts, ``some`` of them, ``maybe``
            either; empty if nothing.
        to_end: Whether its parts come in the blocks after it.
        is_row: Whether it stands in a table.
        stream: What it may be added up with: a family, or a column of a table.
        scale: What its words multiply its digits by.
        leads: Whether its sentence begins with the words that call it a total.
    """

    figure: Figure
    block: int = 0
    sentence: int = 0
    section: int = 0
    start: int = 0
    end: int = 0
    depth: int = 0
    level: int | None = None
    strength: str = ""
    opens: str = ""
    to_end: bool = False
    is_row: bool = False
    stream: str = ""
    scale: Fraction = Fraction(1)
    leads: bool = False


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


@lru_cache(maxsize=256)
def pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    """Return the compiled pattern for any of some words."""
    return re.compile(any_of(words))


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


def nodes_of(
    prose: Prose, words: Vocabulary, context: Context, *, block: int, sentences: int
) -> list[Node]:
    """Return the figures of a block, each with how it stands.

    Args:
        prose: The block's text.
        words: The language.
        context: What the text before says for it.
        block: The block's number.
        sentences: How many sentences stand before it in the document.
    """
    nodes: list[Node] = []
    for index, number in enumerate(prose.numbers):
        if not _is_mark(prose, number):
            node = _node(prose, words, context, index, _before(prose, index))
            sentence = sentences + prose.sentence_at(number.digits)
            nodes.append(attrs.evolve(node, block=block, sentence=sentence))
    return _with_formulas(prose, nodes)


def _with_formulas(prose: Prose, nodes: Sequence[Node]) -> list[Node]:
    """Call the last figure of «a + b = c» a total; the others take its unit if they have none."""
    found = list(nodes)
    first = 0
    for index in range(1, len(found)):
        sign = prose.bare[found[index - 1].end : found[index].start].strip()
        if sign == "=" and index - first > 1:
            last = attrs.evolve(found[index], strength="total")
            for place in range(first, index):
                figure = _in_unit_of(found[place], last)
                found[place] = attrs.evolve(found[place], figure=figure, strength="", opens="")
            figure = attrs.evolve(last.figure, role=Role.TOTAL)
            found[index] = attrs.evolve(last, figure=figure)
        if sign != "+":
            first = index
    return found


def _in_unit_of(node: Node, last: Node) -> Figure:
    figure = node.figure
    role = Role.LINE if figure.role is Role.TOTAL else figure.role
    if figure.unit:
        return attrs.evolve(figure, role=role)
    scale = last.scale if node.scale == 1 else 1
    quantity = attrs.evolve(figure.quantity, number=figure.number * scale)
    return attrs.evolve(
        figure, role=role, quantity=quantity, unit=last.figure.unit, family=last.figure.family
    )


def _is_mark(prose: Prose, number: Number) -> bool:
    """Say whether a bare number only counts its line («Lớp 1:», «(2)»)."""
    if number.unit or number.bare_end - number.digits > 2:  # noqa: PLR2004 - two digits
        return False
    after = prose.bare[number.bare_end :].lstrip()
    return after.startswith((":", ")"))


def _before(prose: Prose, index: int) -> tuple[int, int]:
    """Return where the words before a number begin: its own, and those with the counts within.

    The first place is after the number before, the second after the number before of the same
    kind (money or not); both after the sentence's beginning.
    """
    number = prose.numbers[index]
    start = prose.sentence(number.digits)[0]
    near = wide = start
    for earlier in prose.numbers[:index]:
        if earlier.end > start:
            near = _split(prose.bare, earlier.end, number.start)
            if earlier.is_money == number.is_money or not number.is_money:
                wide = near
    return near, wide


def _split(bare: str, end: int, start: int) -> int:
    """Return where words after one number end and words before the next begin."""
    delimiter = _DELIMITER.search(bare, end, max(end, start))
    return delimiter.start() if delimiter else end


def _node(
    prose: Prose, words: Vocabulary, context: Context, index: int, before: tuple[int, int]
) -> Node:
    number = prose.numbers[index]
    near, wide = (cleared(prose.bare[start : number.start], words) for start in before)
    after = cleared(prose.bare[number.end : _after_end(prose, index)], words)
    label = _label(prose.block.text[before[1] : number.start])
    if not subject_of(label, words):
        label = _label(prose.block.text[number.end : _after_end(prose, index)]) or label
    flow, is_balance = flow_of(f"{wide} {after}" if not wide.strip() else wide, words)
    # Words after a figure call it a total only right after it: «VND 5 million in total».
    strength = strength_of(wide, words) or strength_of(after[:_JUST_AFTER], words)
    opens, to_end = _opens(prose, index, words)
    own = period_of(prose, number)
    sentence = prose.bare[slice(*prose.sentence(number.digits))]
    figure = Figure(
        quantity=number.quantity,
        unit=number.unit,
        family=number.family,
        label=label,
        subject=subject_of(prose.bare[before[1] : number.start], words),
        written=" ".join(prose.block.text[number.start : number.end].split()),
        where=Place(source=context.source, line=prose.block.line_at(number.digits)),
        role=_role(near, after, words, strength, is_balance=is_balance),
        topics=topics_of(wide, words) or topics_of(after, words),
        flow=flow or context.flow,
        period=own or context.period,
        has_own_period=own is not None,
        event=context.event,
        is_explained=pattern(words.roles.get("reason", ())).search(sentence) is not None,
        step=number.step,
        is_rounded=number.is_rounded,
    )
    opened = prose.bare[: number.digits]
    return Node(
        figure=figure,
        section=context.section,
        start=number.start,
        end=number.end,
        depth=max(0, opened.count("(") - opened.count(")")),
        level=prose.block.level if prose.block.kind == "item" else None,
        strength=strength,
        opens=opens,
        to_end=to_end,
        scale=number.scale,
        leads=_leads(prose, number, words),
    )


def _leads(prose: Prose, number: Number, words: Vocabulary) -> bool:
    listed = (*words.roles.get("total", ()), *words.roles.get("sum", ()))
    start = prose.sentence(number.digits)[0]
    said = cleared(prose.bare[start : number.start], words).lstrip(" -+•*")
    return pattern(listed).match(said) is not None


def _after_end(prose: Prose, index: int) -> int:
    number = prose.numbers[index]
    stop = prose.sentence(number.digits)[1]
    if index + 1 < len(prose.numbers):
        stop = min(stop, prose.numbers[index + 1].start)
    delimiter = _DELIMITER.search(prose.bare, number.end, stop)
    return delimiter.start() if delimiter else stop


def _label(written: str) -> str:
    words = " ".join(written.replace(MASK, " ").split()).strip(_LABEL_ENDS)
    return words.removeprefix("và ").removeprefix("and ")


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


def subject_of(label: str, words: Vocabulary) -> frozenset[str]:
    """Return the words of a label that say something, without diacritics."""
    said = cleared(levelled(label), words).replace(MASK, " ")
    bare = pattern(tuple(sorted(words.stops))).sub(" ", said)
    return frozenset(word for word in fold(bare).split() if not word.isdecimal())


def flow_of(said: str, words: Vocabulary) -> tuple[str, bool]:
    """Return whether words are about money coming in or going out, and whether of a balance."""
    listed: dict[str, list[str]] = {}
    for word, meaning in words.flows.items():
        listed.setdefault(meaning, []).append(word)
    places = {
        meaning: max((found.start() for found in pattern(tuple(some)).finditer(said)), default=-1)
        for meaning, some in listed.items()
        if meaning in {"in", "out"}
    }
    best = max(places, key=lambda meaning: places[meaning], default="")
    is_balance = pattern(tuple(listed.get("balance", ()))).search(said) is not None
    return (best if places.get(best, -1) >= 0 else ""), is_balance


def topics_of(said: str, words: Vocabulary) -> frozenset[str]:
    """Return the kinds of money that words name."""
    found = pattern(tuple(words.topics)).finditer(said)
    return frozenset(words.topics[" ".join(one[0].split())] for one in found)


def strength_of(said: str, words: Vocabulary) -> str:
    """Return whether words call a figure a ``total`` or, less surely, a ``sum``; empty if not."""
    strong, weak = words.roles.get("total", ()), words.roles.get("sum", ())
    found = {" ".join(one[0].split()) for one in pattern((*strong, *weak)).finditer(said)}
    if found & set(strong):
        return "total"
    return "sum" if found else ""


def cleared(said: str, words: Vocabulary) -> str:
    """Return words without those that hold a word of a role and mean something else."""
    return pattern(words.roles.get("not", ())).sub(lambda one: MASK * len(one[0]), said)


def _role(near: str, after: str, words: Vocabulary, strength: str, *, is_balance: bool) -> Role:
    tail = " ".join(near[-_NEAR:].split()[-_WORDS_BEFORE:])
    each = pattern(words.roles.get("each", ())).match(after.lstrip())
    if each or pattern(words.roles.get("rate", ())).search(tail):
        return Role.RATE
    if pattern(words.roles.get("compared", ())).search(tail):
        return Role.COMPARED
    expected = pattern(words.roles.get("expected", ()))
    if expected.search(tail) or expected.match(after.lstrip()):
        return Role.EXPECTED
    if is_balance and not strength:
        return Role.BALANCE
    return Role.TOTAL if strength else Role.LINE


def _opens(prose: Prose, index: int, words: Vocabulary) -> tuple[str, bool]:
    number = prose.numbers[index]
    stop = prose.sentence(number.digits)[1]
    is_last = True
    if index + 1 < len(prose.numbers) and prose.numbers[index + 1].start < stop:
        stop, is_last = prose.numbers[index + 1].start, False
    between = prose.bare[number.end : stop]
    firsts = {
        opens: found.start()
        for opens in ("whole", "some")
        if (found := pattern(words.roles.get(opens, ())).search(between))
    }
    is_end = is_last and stop >= len(prose.bare.rstrip()) and not prose.bare[stop:].strip()
    if firsts:
        return min(firsts, key=lambda one: firsts[one]), is_end
    if between.rstrip().endswith(":") and (is_end or is_last):
        return "whole", is_end
    if between.strip() == ":" and not is_last:
        return "whole", False
    is_bracketed = between.lstrip().startswith("(") and ")" not in between
    if (is_bracketed or between.strip() == "=") and not is_last:
        return "maybe", False
    return "", False


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


def context_after(prose: Prose, words: Vocabulary, context: Context) -> Context:
    """Return the context that a heading gives to what follows it."""
    flow = flow_of(cleared(prose.bare, words), words)[0]
    period = prose.periods[0].period if prose.periods else context.period
    return attrs.evolve(context, period=period, flow=flow, section=context.section + 1)
