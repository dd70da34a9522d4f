"""Figures in running text: what each is, what it is for and when."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

import attrs

from libconsortium.core.problems import Place
from libconsortium.core.reconciliation.readings import Figure, Role
from libconsortium.core.reconciliation.vocabulary import Vocabulary
from libconsortium.load_steps.report_reading.numbers import MASK, Number
from libconsortium.load_steps.report_reading.passages import Context, Prose, period_of
from libconsortium.load_steps.report_reading.wording import (
    cleared,
    flow_of,
    pattern,
    role_of,
    strength_of,
    subject_of,
    topics_of,
)

_DELIMITER = re.compile(rf"[;,:(){MASK}—–]|(?<!\w)(?:và|and|cùng)(?!\w)")
_LABEL_ENDS = " \t,;:.–—-=≈~>+(«\"'•*_" + MASK
_JUST_AFTER = 12


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
    # Words after a figure call it a total only right after it: «VND 5 million in total».
    strength = strength_of(wide, words) or strength_of(after[:_JUST_AFTER], words)
    flow, is_balance = flow_of(f"{wide} {after}" if not wide.strip() else wide, words)
    opens, to_end = _opens(prose, index, words)
    own = period_of(prose, number)
    figure = Figure(
        quantity=number.quantity,
        unit=number.unit,
        family=number.family,
        label=_label_of(prose, words, index, before[1]),
        subject=subject_of(prose.bare[before[1] : number.start], words),
        written=" ".join(prose.block.text[number.start : number.end].split()),
        where=Place(source=context.source, line=prose.block.line_at(number.digits)),
        role=role_of(near, after, words, strength, is_balance=is_balance),
        topics=topics_of(wide, words) or topics_of(after, words),
        flow=flow or context.flow,
        period=own or context.period,
        has_own_period=own is not None,
        event=context.event,
        is_explained=_gives_reason(prose, number, words),
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


def _label_of(prose: Prose, words: Vocabulary, index: int, start: int) -> str:
    """Return what a figure is called: the words before it, or those after it if these say more."""
    number = prose.numbers[index]
    label = _label(prose.block.text[start : number.start])
    if subject_of(label, words):
        return label
    return _label(prose.block.text[number.end : _after_end(prose, index)]) or label


def _gives_reason(prose: Prose, number: Number, words: Vocabulary) -> bool:
    sentence = prose.bare[slice(*prose.sentence(number.digits))]
    return pattern(words.roles.get("reason", ())).search(sentence) is not None


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
