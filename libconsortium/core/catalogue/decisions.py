"""What cataloguers decided about pairs of records: kept, taken back, never against each other."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import combinations, product

import attrs

from libconsortium.core.catalogue.clusters import Decision, Verdict
from libconsortium.core.errors import CatalogueError
from libconsortium.core.messages import Message
from libconsortium.core.problems import Place, Problem


def in_force(decisions: Iterable[Decision]) -> tuple[Decision, ...]:
    """Return the decisions that nobody took back, in the order of their acts.

    >>> old = Decision(left="a 1", right="b 2", verdict=Verdict.SAME, undone_on=date(2026, 2, 1))
    >>> in_force([old])
    ()
    """
    return tuple(sorted((one for one in decisions if one.undone_on is None), key=_order))


def decided(  # noqa: PLR0913 - who, when and why belong to every decision
    pairs: Iterable[tuple[str, str]],
    verdict: Verdict,
    known: Iterable[Decision],
    *,
    on: date,
    by: str,
    why: str = "",
) -> tuple[Decision, ...]:
    r"""Make one act of decisions about pairs of records.

    Args:
        pairs: Keys of two records each.
        verdict: Whether the two of each pair are the same publication.
        known: All decisions so far, also those taken back.
        on: The day.
        by: Who decides: a role.
        why: The reason, in words.

    Returns:
        The new decisions; none for a pair of which the same was decided already.

    Raises:
        CatalogueError: A record is paired with itself, or a decision contradicts those in force;
            the message names all of them.

    >>> new = decided([("b 2", "a 1")], Verdict.SAME, [], on=date(2026, 1, 31), by="cataloguer")
    >>> [(one.left, one.right, one.act) for one in new]
    [('a\t1', 'b\t2', 1)]
    """
    kept = tuple(known)
    act = 1 + max((one.act for one in kept), default=0)
    made = [
        Decision(left=left, right=right, verdict=verdict, on=on, by=by, why=why, act=act)
        for left, right in pairs
    ]
    return joined(made, kept)


def joined(new: Iterable[Decision], known: Iterable[Decision]) -> tuple[Decision, ...]:
    """Return those of some new decisions that say what is not known yet.

    Args:
        new: The new decisions; of each pair the lesser record comes first afterwards.
        known: All decisions so far, also those taken back.

    Raises:
        CatalogueError: A record is paired with itself, or a decision contradicts those in force
            or one of the new ones; the message names all of them.

    >>> one = Decision(left="a 1", right="b 2", verdict=Verdict.SAME)
    >>> joined([one], [one])
    ()
    """
    held = list(in_force(known))
    said = {(*_pair(one), one.verdict) for one in held}
    fresh: list[Decision] = []
    for one in new:
        if one.left == one.right:
            raise CatalogueError(
                "a decision names the record {record!r} twice", record=one.left.replace("\t", " ")
            )
        left, right = _pair(one)
        if (left, right, one.verdict) not in said:
            said.add((left, right, one.verdict))
            fresh.append(attrs.evolve(one, left=left, right=right))
    against = next(_contradictions([*held, *fresh]), None)
    if against is not None:
        raise CatalogueError(
            "these decisions contradict each other: {first}; {others}; take one of them back with"
            " 'libconsortium clusters undo'",
            first=decision_said(against[0]),
            others=_all_said(against[1:]),
        )
    return tuple(fresh)


def taken_back(
    act: int | None, known: Iterable[Decision], *, on: date, by: str
) -> tuple[Decision, ...]:
    """Return the decisions of an act as they are once it is taken back.

    Args:
        act: Number of the act; the last one in force if ``None``.
        known: All decisions so far.
        on: The day.
        by: Who takes it back: a role.

    Raises:
        CatalogueError: There is no such act in force.

    >>> one = Decision(left="a 1", right="b 2", verdict=Verdict.SAME, act=3)
    >>> [back.undone_by for back in taken_back(None, [one], on=date(2026, 2, 1), by="head")]
    ['head']
    """
    held = in_force(known)
    wanted = max((one.act for one in held), default=None) if act is None else act
    found = [one for one in held if one.act == wanted]
    if not found:
        raise CatalogueError(
            "there is no decision {act} in force; 'libconsortium clusters history' lists them",
            act="" if act is None else act,
        )
    return tuple(attrs.evolve(one, undone_on=on, undone_by=by) for one in found)


def same_pairs(records: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the fewest pairs that hold records together.

    >>> list(same_pairs(["a 1", "b 2", "c 3"]))
    [('a 1', 'b 2'), ('a 1', 'c 3')]
    """
    yield from product(records[:1], records[1:])


def different_pairs(
    records: Sequence[str], others: Sequence[str] | None = None
) -> Iterator[tuple[str, str]]:
    """Yield the pairs that keep records apart: from the others, or else from each other.

    >>> list(different_pairs(["a 1"], ["b 2", "c 3"])), list(different_pairs(["a 1", "b 2"]))
    ([('a 1', 'b 2'), ('a 1', 'c 3')], [('a 1', 'b 2')])
    """
    yield from combinations(records, 2) if others is None else product(records, others)


def decision_problems(decisions: Iterable[Decision]) -> tuple[Problem, ...]:
    """Return one problem for each decision in force that contradicts others in force.

    Such decisions come from files that were loaded unchecked; the records stay apart.

    >>> decision_problems([])
    ()
    """
    return tuple(
        Problem(
            code="DECISIONS_CONTRADICT",
            where=Place(record=one.left.replace("\t", " ")),
            what=Message(
                "{first} contradicts {others}; the records stay apart",
                first=decision_said(one),
                others=_all_said(others),
            ),
            advice=Message("take one of them back with 'libconsortium clusters undo'"),
        )
        for one, *others in _contradictions(in_force(decisions))
    )


def _contradictions(held: Sequence[Decision]) -> Iterator[list[Decision]]:
    """Yield each decision that keeps apart what others join, with those others behind it."""
    joins: defaultdict[str, list[tuple[str, Decision]]] = defaultdict(list)
    for one in held:
        if one.verdict is Verdict.SAME:
            joins[one.left].append((one.right, one))
            joins[one.right].append((one.left, one))
    for one in held:
        if one.verdict is Verdict.DIFFERENT:
            path = _path(joins, one.left, one.right)
            if path:
                yield [one, *path]


def _path(
    joins: Mapping[str, Sequence[tuple[str, Decision]]], start: str, end: str
) -> list[Decision]:
    """Return the fewest decisions that join two records; none if they are not joined."""
    ways: dict[str, list[Decision]] = {start: []}
    waiting = deque([start])
    while waiting and end not in ways:
        record = waiting.popleft()
        for other, by in joins.get(record, ()):
            if other not in ways:
                ways[other] = [*ways[record], by]
                waiting.append(other)
    return ways.get(end, [])


def _pair(one: Decision) -> tuple[str, str]:
    return min(one.left, one.right), max(one.left, one.right)


def _order(one: Decision) -> tuple[int, str, str, str]:
    return one.act, str(one.on or ""), *_pair(one)


def decision_said(one: Decision) -> Message:
    """Return a decision as a sentence.

    >>> one = Decision(left="a 1", right="b 2", verdict=Verdict.SAME, by="head", act=3)
    >>> str(decision_said(one))
    "decision 3 (head, -): 'a 1' and 'b 2' are one publication"
    """
    values = {
        "act": one.act,
        "on": one.on or "-",
        "by": one.by or "-",
        "left": one.left.replace("\t", " "),
        "right": one.right.replace("\t", " "),
    }
    if one.verdict is Verdict.SAME:
        return Message(
            "decision {act} ({by}, {on}): {left!r} and {right!r} are one publication", **values
        )
    return Message("decision {act} ({by}, {on}): {left!r} and {right!r} are two", **values)


def _all_said(decisions: Sequence[Decision]) -> Message:
    first, *others = decisions
    if not others:
        return decision_said(first)
    return Message("{one}; {others}", one=decision_said(first), others=_all_said(others))
