"""The ways to read which figures before a total are its parts, and how likely each is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

import attrs

from libconsortium.core.reconciliation.readings import Figure, Role, Total, stated_of, value_of
from libconsortium.core.reconciliation.sums import slip_of
from libconsortium.load_steps.report_reading.prose import Node

NO_PARTS = frozenset({Role.RATE, Role.EXPECTED, Role.COMPARED})
LEAST_PARTS = 2
NEAR_ITEMS = 60  # among which a sum that nobody calls one is looked for
_LEAST_IMPLIED = 100  # below, small numbers add up to one another by chance
_PROSE_RANGE = (Fraction(7, 10), Fraction(13, 10))
_LIST_RANGE = (Fraction(1, 12), Fraction(12))


def is_list_end(node: Node, chosen: Sequence[Item]) -> bool:
    """Say whether words that only may mean a total («tổng kinh phí») end a list of its parts."""
    is_list = all(item.node.level is not None for item in chosen)
    return node.leads and (is_list or slip_of(node.figure, [one.part for one in chosen]).explains)


def ways(node: Node, top: Sequence[Item]) -> Iterator[list[Item]]:
    """Yield the ways to read which of the items before a total are its parts, the likely first."""
    after_total = max((index + 1 for index, item in enumerate(top) if item.is_total), default=0)
    in_section = next(
        (index for index, item in enumerate(top) if item.node.section == node.section), len(top)
    )
    in_sentence = next(
        (index for index, item in enumerate(top) if item.node.sentence == node.sentence), len(top)
    )
    for start in dict.fromkeys((in_section, after_total, 0, in_sentence)):
        window = [item for item in top[start:] if is_part(item, node)]
        for narrowed in _narrowed(node, window):
            for way in (narrowed, _collapsed(narrowed)):
                if len(way) >= LEAST_PARTS:
                    yield way
    in_brackets = [item for item in top[in_sentence:] if item.node.depth > node.depth]
    if len(in_brackets) >= LEAST_PARTS and len(in_brackets) == len(top[in_sentence:]):
        yield in_brackets


def _collapsed(items: Sequence[Item]) -> list[Item]:
    """Return items with those that are sums of their neighbours, without saying so, as totals."""
    done: list[Item] = []
    if len(items) > NEAR_ITEMS:
        return done
    for item in items:
        length = length_of_sum(item, done[::-1])
        parts = tuple(one.part for one in done[len(done) - length :]) if length else ()
        done = [*done[: len(done) - length], implied(item, parts)]
    place = 0
    while place < len(done):
        length = length_of_sum(done[place], done[place + 1 :])
        parts = tuple(one.part for one in done[place + 1 : place + 1 + length])
        done[place : place + 1 + length] = [implied(done[place], parts)]
        place += 1
    return done


def length_of_sum(item: Item, beside: Sequence[Item]) -> int:
    """Return how many items, the nearest first, add up to an item; 0 if none do."""
    number, running = item.node.figure.number, Fraction(0)
    if item.is_total or number < _LEAST_IMPLIED:
        return 0
    for length, one in enumerate(beside, start=1):
        running += value_of(one.part)
        if running == number and length >= LEAST_PARTS:
            return length
        if running > number:
            break
    return 0


def implied(item: Item, parts: Sequence[Figure | Total]) -> Item:
    """Return an item as the total of parts; as it is if there are none."""
    if not parts:
        return item
    return Item(item.node, Total(stated=item.node.figure, parts=tuple(parts)))


def _narrowed(node: Node, window: list[Item]) -> Iterator[list[Item]]:
    figure = node.figure

    def said(item: Item) -> Figure:
        return stated_of(item.part)

    no_balance = [item for item in window if said(item).role is not Role.BALANCE]
    in_time = [item for item in no_balance if _may_share_time(said(item), figure)]
    same_flow = [item for item in in_time if said(item).flow in {figure.flow, ""}]
    about = [
        item
        for item in same_flow
        if not figure.topics or not said(item).topics or said(item).topics & figure.topics
    ]
    strictly = [item for item in same_flow if figure.topics and said(item).topics & figure.topics]
    yield from (about, strictly, same_flow, in_time, no_balance, window)


def _may_share_time(one: Figure, other: Figure) -> bool:
    if one.period is None or other.period is None:
        return True
    is_told = one.has_own_period and other.has_own_period
    return not is_told or one.period.overlaps(other.period)


def is_part(item: Item, node: Node, *, is_deeper: bool = False) -> bool:
    """Say whether a figure may be a part of a total.

    Args:
        item: The figure.
        node: The total.
        is_deeper: Whether it may stand in deeper brackets.
    """
    other, figure = item.node, stated_of(item.part)
    if figure.role in NO_PARTS or other.is_row != node.is_row:
        return False
    if other.block == node.block and not other.is_row:
        return is_deeper or other.depth <= node.depth
    return is_deeper or other.depth == 0 or other.is_row


def is_likely(node: Node, parts: Sequence[Figure | Total]) -> bool:
    """Say whether parts that do not add up to a figure are meant to: near it, or in a list."""
    computed = sum(map(value_of, parts), Fraction(0))
    if not computed or not node.figure.number:
        return False
    if node.is_row:
        return True
    share = node.figure.number / computed
    places = {id(stated_of(part)) for part in parts}
    is_list = node.level is not None or len(places) > LEAST_PARTS
    low, high = _LIST_RANGE if is_list and node.level is not None else _PROSE_RANGE
    slip = slip_of(node.figure, parts)
    return low <= share <= high or slip.explains


def rank(node: Node, parts: Sequence[Figure | Total]) -> tuple[bool, Fraction]:
    """Return what sorts parts that do not add up: those that a slip explains, then the nearest."""
    computed = sum(map(value_of, parts), Fraction(0))
    slip = slip_of(node.figure, parts)
    return not slip.explains, abs(computed - node.figure.number) / max(computed, Fraction(1))


@attrs.frozen
class Item:
    """A figure or total on one level, with its place.

    Args:
        node: The figure with its place.
        part: The figure, or the total it is.
    """

    node: Node
    part: Figure | Total

    @property
    def is_total(self) -> bool:
        """Whether its parts are known."""
        return isinstance(self.part, Total)
