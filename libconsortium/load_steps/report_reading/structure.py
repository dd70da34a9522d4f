"""Finds which figures of a report are meant to add up to which.

A figure is a total because words call it so, because its parts are told after it, or because a
list is indented under it. Which parts are meant is rarely said, so every way to read the text is
tried: one that adds up is right, and only where none does is there a difference to tell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import takewhile

import attrs

from libconsortium.core.reconciliation.readings import Figure, Role, Total, stated_of, value_of
from libconsortium.core.reconciliation.sums import adds_up
from libconsortium.load_steps.report_reading.prose import Node
from libconsortium.load_steps.report_reading.ways import (
    LEAST_PARTS,
    NEAR_ITEMS,
    NO_PARTS,
    Item,
    implied,
    is_likely,
    is_list_end,
    is_part,
    length_of_sum,
    rank,
    ways,
)

_SUMMED = frozenset({Role.LINE, Role.TOTAL})
_NEARLY = Fraction(1, 100)


def totals_of(nodes: Sequence[Node]) -> tuple[Total, ...]:
    """Return the totals among the figures of a document, those within others only there.

    Args:
        nodes: The figures in reading order.
    """
    found: list[Total] = []
    streams: dict[str, list[Node]] = {}
    for node in _streamed(nodes):
        streams.setdefault(node.stream, []).append(node)
    for stream, members in streams.items():
        if stream != "%":
            top = _level(_nested(members))
            found += [item.part for item in top if isinstance(item.part, Total)]
    seen = {id(total.stated) for total in found}
    mixed = [one for one in _mixed(nodes) if id(one.stated) not in seen]
    return tuple(
        sorted([*found, *mixed], key=lambda one: (one.stated.where.line, one.stated.where.column))
    )


def _streamed(nodes: Sequence[Node]) -> Iterator[Node]:
    """Yield the figures with what each may be added up with.

    A bare number counts what the text speaks of: the total before it whose parts are told, or,
    if it is a total itself, what stands before it.
    """
    opener: Node | None = None
    before = ""
    for node in nodes:
        stream = node.stream or node.figure.family
        if not stream and node.strength:
            stream = before
        elif not stream and opener and _is_told_by(node, opener):
            stream = opener.stream
        streamed = attrs.evolve(node, stream=stream)
        if node.opens:
            opener = streamed
        before = stream if not node.is_row else ""
        yield streamed


def _is_told_by(node: Node, opener: Node) -> bool:
    return node.sentence == opener.sentence or (opener.to_end and node.level is not None)


# ---------------------------------------------------------------- lists within lists


@attrs.define
class _Branch:
    node: Node
    below: list[_Branch] = attrs.field(factory=list)


def _nested(nodes: Sequence[Node]) -> list[_Branch]:
    roots: list[_Branch] = []
    path: list[_Branch] = []
    for node in nodes:
        branch = _Branch(node)
        if node.level is None:
            path = []
        last_block = path[-1].node.block if path else -1
        if path and node.block == last_block and not node.is_row:
            # Another figure of the same list item stands beside its first one.
            (path[-2].below if len(path) > 1 else roots).append(branch)
            continue
        while path and (node.strength or (path[-1].node.level or 0) >= (node.level or 0)):
            path.pop()
        (path[-1].below if path else roots).append(branch)
        if (node.level is not None and not node.strength) or (
            node.level is not None and node.opens
        ):
            path.append(branch)
    return roots


def _level(branches: Sequence[_Branch]) -> list[Item]:
    items = []
    for branch in branches:
        below = _level(branch.below) if branch.below else []
        items.append(Item(branch.node, _parent(branch.node, below)))
        if below and items[-1].part is branch.node.figure:
            items += below
    return _summed(items)


def _parent(node: Node, below: Sequence[Item]) -> Figure | Total:
    parts = [item.part for item in below if is_part(item, node)]
    if len(parts) < LEAST_PARTS or node.figure.role in NO_PARTS:
        return node.figure
    if node.opens == "some" and not adds_up(node.figure, parts):
        return _some_of(node, parts)
    return Total(stated=node.figure, parts=tuple(parts))


def _some_of(node: Node, parts: Sequence[Figure | Total]) -> Total:
    """Return a figure with some of its parts, which may not be more than the whole.

    Three parts or more that miss it by less than a hundredth are taken for all of them.
    """
    gap = node.figure.number - sum(map(value_of, parts), Fraction(0))
    is_close = len(parts) > LEAST_PARTS and 0 < gap < node.figure.number * _NEARLY
    return Total(
        stated=node.figure, parts=tuple(parts), is_whole=is_close, is_sure=gap < 0 or is_close
    )


# ---------------------------------------------------------------- one level


def _summed(items: Sequence[Item]) -> list[Item]:
    top: list[Item] = []
    place = 0
    while place < len(items):
        item = items[place]
        place += 1
        if item.is_total:
            top.append(item)
            continue
        node = item.node
        if (
            node.is_row
            and node.strength
            and not node.opens
            and not any(one.node.is_row and one.node.stream == node.stream for one in top)
        ):
            node = attrs.evolve(node, opens="some")  # the total stands over its rows
        taken, total = _opened(node, items[place:])
        if total is not None:
            top.append(Item(item.node, total))
            place += taken
        elif item.node.strength:
            top = _closed(item.node, top)
        else:
            top.append(item)
    return _with_implied(top)


def _in_section(section: int) -> Callable[[Item], bool]:
    return lambda item: item.node.section == section


def _with_implied(top: Sequence[Item]) -> list[Item]:
    """Make totals of figures that are sums of those before them in their section, unsaid."""
    done: list[Item] = []
    for item in top:
        figure = item.node.figure
        near = takewhile(_in_section(item.node.section), reversed(done[-NEAR_ITEMS:]))
        fitting = [one for one in near if is_part(one, item.node)]
        length = length_of_sum(item, fitting) if figure.role in _SUMMED else 0
        parts = fitting[:length][::-1]
        done = [one for one in done if not any(one is part for part in parts)]
        done.append(implied(item, tuple(one.part for one in parts)))
    return done


def _opened(node: Node, following: Sequence[Item]) -> tuple[int, Total | None]:
    """Return how many items after a figure are its parts, and the total they make."""
    if not node.opens:
        return 0, None
    after = list(_parts_after(node, following))
    parts = [item.part for item in _beside(after, node)]
    counts = [len(after[: index + 1]) for index, item in enumerate(after) if item.part in parts]
    for length in range(len(parts), 1, -1):
        if adds_up(node.figure, parts[:length]):
            total = Total(stated=node.figure, parts=tuple(parts[:length]))
            return counts[length - 1], total
    if not parts or (node.opens == "maybe" and not _is_close(node, parts)):
        return 0, None
    if node.opens == "some":
        parts = parts[: _nearest(node, parts)] if node.is_row else parts
        return counts[len(parts) - 1], _some_of(node, parts)
    if len(parts) < LEAST_PARTS or not is_likely(node, parts):
        return 0, None
    return len(after), Total(stated=node.figure, parts=tuple(parts))


def _is_close(node: Node, parts: Sequence[Figure | Total]) -> bool:
    gap = abs(node.figure.number - sum(map(value_of, parts), Fraction(0)))
    return len(parts) >= LEAST_PARTS and gap < node.figure.number * _NEARLY


def _nearest(node: Node, parts: Sequence[Figure | Total]) -> int:
    """Return how many rows after a total come nearest to it: the table may go on about others."""

    def gap(length: int) -> Fraction:
        return abs(node.figure.number - sum(map(value_of, parts[:length]), Fraction(0)))

    best = min(range(1, len(parts) + 1), key=gap)
    return best if gap(best) < node.figure.number * _NEARLY else 1


def _beside(after: Sequence[Item], node: Node) -> list[Item]:
    """Return the parts that are told in the brackets of the first one, not in deeper ones."""
    parts = [item for item in after if is_part(item, node, is_deeper=True)]
    return [item for item in parts if item.node.depth <= parts[0].node.depth]


def _parts_after(node: Node, following: Sequence[Item]) -> Iterator[Item]:
    for item in following:
        other = item.node
        if other.strength and not item.is_total:
            return
        if other.section != node.section:
            return
        if other.sentence == node.sentence:
            if other.depth < node.depth:
                return
        elif not node.to_end or other.level is None:
            return
        yield item


def _closed(node: Node, top: list[Item]) -> list[Item]:
    """Put a figure that words call a total in the place of the items before it that it adds up."""
    every_way = list(ways(node, top))
    for chosen in every_way:
        if adds_up(node.figure, [item.part for item in chosen]):
            return _replaced(node, top, chosen, is_sure=True)
    if top and value_of(top[-1].part) == node.figure.number:
        return top  # said again
    likely = [
        chosen
        for chosen in every_way
        if is_likely(node, [item.part for item in chosen])
        and (node.strength == "total" or is_list_end(node, chosen))
    ]
    if not likely:
        return [*top, Item(node, node.figure)]
    best = min(likely, key=lambda chosen: rank(node, [item.part for item in chosen]))
    return _replaced(node, top, best, is_sure=True)


def _replaced(node: Node, top: list[Item], chosen: Sequence[Item], *, is_sure: bool) -> list[Item]:
    total = Total(stated=node.figure, parts=tuple(item.part for item in chosen), is_sure=is_sure)
    used = {id(figure) for one in chosen for figure in _figures_of(one.part)}
    kept = [item for item in top if id(item.node.figure) not in used]
    return [*kept, Item(node, total)]


def _figures_of(part: Figure | Total) -> Iterator[Figure]:
    yield stated_of(part)
    if isinstance(part, Total):
        for one in part.parts:
            yield from _figures_of(one)


# ---------------------------------------------------------------- units that do not add up


def _mixed(nodes: Sequence[Node]) -> Iterator[Total]:
    """Yield totals that come out only when figures of several families are added up."""
    for index, node in enumerate(nodes):
        if node.figure.family == "%":
            continue
        before = _near(nodes[:index][::-1], node)[::-1] if node.strength else []
        after = _near(nodes[index + 1 :], node) if node.opens or node.strength else []
        if node.is_row:
            continue
        for near in (before, after):
            parts = _mix(node, near)
            if parts:
                yield Total(stated=node.figure, parts=parts)
                break


def _near(nodes: Iterable[Node], node: Node) -> list[Node]:
    near = []
    for other in nodes:
        if other.section != node.section or other.is_row != node.is_row:
            break
        if other.figure.role in NO_PARTS or other.figure.family == "%":
            continue
        near.append(other)
        if len(near) == 8:  # noqa: PLR2004 - as many as anybody adds up in a sentence
            break
    return near


def _mix(node: Node, near: Sequence[Node]) -> tuple[Figure, ...]:
    for start in range(len(near)):
        for end in range(start + LEAST_PARTS, len(near) + 1):
            parts = tuple(other.figure for other in near[start:end])
            families = {figure.family for figure in parts if figure.family}
            if len(families) > 1 and adds_up(node.figure, parts):
                return parts
    return ()
