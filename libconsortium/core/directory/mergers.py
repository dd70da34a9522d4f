"""Applies successions: predecessors close, successors inherit what nobody has to decide."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta

import attrs

from libconsortium.core.directory.directory import Directory
from libconsortium.core.directory.facts import Fact
from libconsortium.core.directory.federations import MemberClass, Membership
from libconsortium.core.directory.findings import place_of
from libconsortium.core.directory.members import Library
from libconsortium.core.directory.successions import Succession, SuccessionKind
from libconsortium.core.messages import Message
from libconsortium.core.problems import Place, Problem, Severity

_DAY = timedelta(days=1)
Held = Mapping[str, Mapping[str, tuple[Membership, ...]]]
"""By predecessor and federation: the memberships it had on its last day."""


@attrs.frozen(kw_only=True)
class Succeeded:
    """A directory after successions, and what was left for people to decide.

    Args:
        directory: The new directory; queries for days before the successions answer as before.
        findings: What could not be applied or must be decided; empty if nothing.
    """

    directory: Directory
    findings: tuple[Problem, ...]


def succeed(directory: Directory, successions: Iterable[Succession]) -> Succeeded:
    """Apply successions, each on its own day.

    A predecessor closes on the day before, with its memberships. A successor inherits a
    membership that every library it follows has, and all of them if one library alone has them
    all. Where it would inherit from several federations through different predecessors, or in
    different classes, nothing is chosen: ``CROSS_FEDERATION_SUCCESSOR`` or ``SUCCESSOR_CLASS``
    asks for a decision. A decision is a membership of the successor that begins on that day.

    Participations, offices and measures stay as they are: who pays in whose place is another
    decision (``findings`` tells of participations after closing).

    Args:
        directory: What is known, with the successors among its libraries.
        successions: What happens. One that cannot be applied is left out and found:
            ``SUCCESSION_UNKNOWN``, ``SUCCESSION_NO_DAY``, ``SUCCESSION_KIND``.

    >>> facts = [Library(id=each) for each in ("hd", "hp", "hp-2025")]
    >>> facts += [Membership(member=each, federation="delta") for each in ("hd", "hp")]
    >>> day = date(2025, 7, 1)
    >>> merged = [Succession(predecessor=one, successor="hp-2025", on=day) for one in ("hd", "hp")]
    >>> after = succeed(Directory.of(facts), merged).directory
    >>> [one.member for one in after.of_kind(Membership) if one.holds(day)]
    ['hp-2025']
    """
    listed = tuple(successions)
    problems = [problem for one in listed for problem in _unfit(directory, one)]
    days = {one: one.on for one in listed if one.on and not any(_unfit(directory, one))}
    last_day = {one.predecessor: on - _DAY for one, on in days.items()}
    facts = [_ended(fact, last_day) for fact in directory.all()]
    followed: dict[str, dict[str, date]] = {}
    for one, on in days.items():
        if one.successor:
            followed.setdefault(one.successor, {})[one.predecessor] = on
    for successor, predecessors in sorted(followed.items()):
        held = _held(directory, successor, predecessors)
        on = min(predecessors.values())
        facts += _inherited(directory, successor, held, on)
        problems += _to_decide(directory, successor, held, on)
    return Succeeded(directory=Directory.of([*facts, *days]), findings=tuple(problems))


def _unfit(directory: Directory, one: Succession) -> Iterator[Problem]:
    for library in (one.predecessor, one.successor):
        if library and library not in directory.libraries:
            what = Message("no library has the id {id!r}", id=library)
            yield _problem("SUCCESSION_UNKNOWN", place_of(one), what)
    if one.predecessor == one.successor:
        what = Message("{id!r} cannot follow itself", id=one.predecessor)
        yield _problem("SUCCESSION_KIND", place_of(one, "successor"), what)
    if one.on is None:
        yield _problem("SUCCESSION_NO_DAY", place_of(one, "on"), Message("the day is missing"))
    if (one.kind is SuccessionKind.CLOSE) == bool(one.successor):
        what = Message("only a closing has no successor, this is: {kind}", kind=one.kind.value)
        yield _problem("SUCCESSION_KIND", place_of(one, "successor"), what)


def _ended(fact: Fact, last_day: Mapping[str, date]) -> Fact:
    match fact:
        case Library() if fact.id in last_day:
            return attrs.evolve(fact, closed=min(fact.closed or date.max, last_day[fact.id]))
        case Membership() if fact.member in last_day:
            last = last_day[fact.member]
            if fact.valid_from is None or fact.valid_from <= last:
                return attrs.evolve(fact, valid_to=min(fact.valid_to or date.max, last))
    return fact


def _held(directory: Directory, successor: str, predecessors: Mapping[str, date]) -> Held:
    """Return who held what on the last day; an older library that goes on counts as followed."""
    last_days = {successor: min(predecessors.values()) - _DAY}
    last_days |= {one: on - _DAY for one, on in predecessors.items()}
    held: dict[str, dict[str, tuple[Membership, ...]]] = {one: {} for one in predecessors}
    for membership in directory.of_kind(Membership):
        day = last_days.get(membership.member)
        if day is not None and membership.holds(day):
            had = held.setdefault(membership.member, {})
            had[membership.federation] = (*had.get(membership.federation, ()), membership)
    return held


def _safe(held: Held) -> frozenset[str]:
    """Return the federations that the successor belongs to without anybody having to decide."""
    wanted = [frozenset(federations) for federations in held.values()]
    everything = frozenset().union(*wanted)
    return everything if everything in wanted else everything.intersection(*wanted)


def _classes(held: Held, federation: str) -> set[frozenset[MemberClass]]:
    return {
        frozenset(membership.member_class for membership in had[federation])
        for had in held.values()
        if federation in had
    }


def _begun(directory: Directory, successor: str, on: date) -> set[str]:
    return {
        one.federation
        for one in directory.of_kind(Membership)
        if one.member == successor and one.valid_from == on
    }


def _inherited(directory: Directory, successor: str, held: Held, on: date) -> Iterator[Membership]:
    skipped = _begun(directory, successor, on) | set(held.get(successor, ()))
    for federation in sorted(_safe(held) - skipped):
        classes, *others = _classes(held, federation)
        if not others:
            for member_class in sorted(classes):
                yield Membership(
                    member=successor,
                    federation=federation,
                    member_class=member_class,
                    valid_from=on,
                    valid_to=_latest_end(held, federation, member_class),
                )


def _latest_end(held: Held, federation: str, member_class: MemberClass) -> date | None:
    ends = [
        membership.valid_to
        for had in held.values()
        for membership in had.get(federation, ())
        if membership.member_class is member_class
    ]
    return None if None in ends else max(end for end in ends if end is not None)


def _to_decide(directory: Directory, successor: str, held: Held, on: date) -> Iterator[Problem]:
    decided = _begun(directory, successor, on)
    where = Place(source="successions", record=successor)
    contested = sorted(frozenset().union(*held.values()) - _safe(held))
    if contested and not decided.intersection(contested):
        yield _problem(
            "CROSS_FEDERATION_SUCCESSOR",
            where,
            Message(
                "{successor!r} follows members of several federations: {federations}",
                successor=successor,
                federations=", ".join(contested),
            ),
            Message("decide, and add a membership that begins on {day}", day=on),
        )
    for federation in sorted(_safe(held) - decided):
        if len(_classes(held, federation)) > 1:
            yield _problem(
                "SUCCESSOR_CLASS",
                where,
                Message(
                    "{successor!r} follows members of {federation!r} of different classes",
                    successor=successor,
                    federation=federation,
                ),
                Message("decide, and add a membership that begins on {day}", day=on),
            )


_NOTHING = Message("")


def _problem(code: str, where: Place, what: Message, advice: Message = _NOTHING) -> Problem:
    return Problem(code=code, where=where, what=what, advice=advice, severity=Severity.ERROR)
