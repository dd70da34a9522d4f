"""What does not fit together in a directory: looked for as a whole, never mended silently."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from difflib import get_close_matches
from itertools import pairwise

from libconsortium.core.buying.subscriptions import Participation
from libconsortium.core.directory.directory import Directory
from libconsortium.core.directory.facts import FACT_KINDS, Fact, FactKind, key_of, to_row
from libconsortium.core.directory.federations import Membership
from libconsortium.core.directory.terms import Term
from libconsortium.core.errors import CycleError
from libconsortium.core.messages import Message
from libconsortium.core.problems import Place, Problem, Severity

_REFERENCES: Mapping[str, Mapping[str, str]] = {
    "names": {"owner": "libraries federations"},
    "identifiers": {"owner": "libraries federations"},
    "successions": {"predecessor": "libraries", "successor": "libraries"},
    "memberships": {"member": "libraries federations", "federation": "federations"},
    "terms": {"federation": "federations"},
    "offices": {"federation": "federations", "holder": "libraries federations"},
    "measures": {"library": "libraries"},
    "subscriptions": {"resource": "resources", "federation": "federations"},
    "participations": {"subscription": "subscriptions", "member": "libraries federations"},
    "offers": {"subscription": "subscriptions"},
    "offer_tiers": {"offer": "offers"},
    "offer_packages": {"offer": "offers"},
    "standalone_quotes": {"library": "libraries", "resource": "resources"},
}
"""By kind and field: the kinds in which the id must stand; an empty field refers to nothing."""

_PERIODS = (("opened", "closed"), ("valid_from", "valid_to"), ("first_year", "last_year"))
_LABEL_YEARS = re.compile(r"(?:19|20)[0-9]{2}")


def findings(directory: Directory) -> tuple[Problem, ...]:
    """Return everything in a directory that does not fit together.

    Codes: ``UNKNOWN_REFERENCE``, ``ID_TWICE``, ``FACT_TWICE``, ``PERIOD_REVERSED``,
    ``TERM_TOUCH`` (two terms share a year), ``TERM_OVERLAP`` (they share more), ``TERM_GAP``,
    ``TERM_MISMATCH`` (the label names other years), ``FEDERATION_CYCLE``,
    ``BELONGS_AFTER_CLOSING`` (a closed member still belongs or takes part).

    >>> found = findings(Directory.of([Membership(member="lib-a", federation="st")]))
    >>> [problem.code for problem in found]
    ['UNKNOWN_REFERENCE', 'UNKNOWN_REFERENCE']
    """
    return tuple(problem for look in _LOOKS for problem in look(directory))


def place_of(fact: Fact, field: str = "") -> Place:
    """Return where a fact stands: its kind, its key and the field.

    >>> str(place_of(Term(federation="st", label="2020-2022"), "label"))
    'terms: st 2020-2022: label'
    """
    kind = next(kind for kind in FACT_KINDS.values() if kind.record is type(fact))
    return Place(source=kind.name, record=" ".join(filter(None, key_of(fact))), field=field)


def _facts(directory: Directory) -> Iterator[tuple[FactKind, Fact]]:
    for name, kind in FACT_KINDS.items():
        for fact in directory.facts[name]:
            yield kind, fact


def _unknown_references(directory: Directory) -> Iterator[Problem]:
    ids = {
        name: {key_of(fact)[0] for fact in directory.facts[name]}
        for name, kind in FACT_KINDS.items()
        if kind.key == ("id",)
    }
    for kind, fact in _facts(directory):
        row = to_row(fact)
        for field, targets in _REFERENCES.get(kind.name, {}).items():
            known = set().union(*(ids[target] for target in targets.split()))
            if row[field] and row[field] not in known:
                yield _unknown_reference(fact, field, row[field], known)


def _unknown_reference(fact: Fact, field: str, value: str, known: set[str]) -> Problem:
    near = get_close_matches(value, sorted(known), n=1)
    return Problem(
        code="UNKNOWN_REFERENCE",
        where=place_of(fact, field),
        what=Message("nothing has the id {id!r}", id=value),
        advice=Message("did you mean {near!r}?", near=near[0])
        if near
        else Message("add it, or take this row out"),
        severity=Severity.ERROR,
    )


def _ids_twice(directory: Directory) -> Iterator[Problem]:
    for twice in sorted(directory.libraries.keys() & directory.federations.keys()):
        yield Problem(
            code="ID_TWICE",
            where=place_of(directory.libraries[twice], "id"),
            what=Message("{id!r} is both a library and a federation", id=twice),
            advice=Message("give one of them another id"),
            severity=Severity.ERROR,
        )


def _facts_twice(directory: Directory) -> Iterator[Problem]:
    for name, facts in directory.facts.items():
        for key, times in Counter(key_of(fact) for fact in facts).items():
            if times > 1:
                yield Problem(
                    code="FACT_TWICE",
                    where=Place(source=name, record=" ".join(filter(None, key))),
                    what=Message("{times} rows with one key say different things", times=times),
                    advice=Message("keep one of them"),
                    severity=Severity.ERROR,
                )


def _reversed_periods(directory: Directory) -> Iterator[Problem]:
    for kind, fact in _facts(directory):
        for first, last in _PERIODS:
            if first in kind.fields:
                begins, ends = getattr(fact, first), getattr(fact, last)
                if begins and ends and ends < begins:
                    yield Problem(
                        code="PERIOD_REVERSED",
                        where=place_of(fact, last),
                        what=Message("{last} lies before {first}", first=begins, last=ends),
                        severity=Severity.ERROR,
                    )


def _terms(directory: Directory) -> Iterator[Problem]:
    by_federation: dict[str, list[Term]] = {}
    for term in directory.of_kind(Term):
        if term.first_year and term.last_year:
            by_federation.setdefault(term.federation, []).append(term)
            yield from _term_mismatch(term)
    for terms in by_federation.values():
        in_time = sorted(terms, key=lambda term: (term.first_year, term.last_year))
        for before, after in pairwise(in_time):
            yield from _term_border(before, after)


def _term_mismatch(term: Term) -> Iterator[Problem]:
    years = [int(year) for year in _LABEL_YEARS.findall(term.label)]
    if years and (years[0], years[-1]) != (term.first_year, term.last_year):
        yield Problem(
            code="TERM_MISMATCH",
            where=place_of(term, "label"),
            what=Message(
                "the term is called {label!r} but its years are {first} to {last}",
                label=term.label,
                first=term.first_year,
                last=term.last_year,
            ),
        )


def _term_border(before: Term, after: Term) -> Iterator[Problem]:
    shared = before.last_year - after.first_year + 1
    said = {"before": before.label, "after": after.label}
    if shared == 1:
        yield Problem(
            code="TERM_TOUCH",
            where=place_of(after, "first_year"),
            what=Message(
                "the terms {before} and {after} share the year {year}",
                year=after.first_year,
                **said,
            ),
            severity=Severity.INFO,
        )
    elif shared > 1:
        yield Problem(
            code="TERM_OVERLAP",
            where=place_of(after, "first_year"),
            what=Message(
                "the terms {before} and {after} share {shared} years", shared=shared, **said
            ),
        )
    elif shared < 0:
        yield Problem(
            code="TERM_GAP",
            where=place_of(after, "first_year"),
            what=Message(
                "{years} years lie between the terms {before} and {after}", years=-shared, **said
            ),
        )


def _cycles(directory: Directory) -> Iterator[Problem]:
    nested = [one for one in directory.of_kind(Membership) if one.member in directory.federations]
    # What holds on one day together all holds on the day on which the last of it began.
    begun = [one.valid_from for one in nested]
    begun += [federation.opened for federation in directory.federations.values()]
    days = sorted({day or date.min for day in begun})
    told: set[str] = set()
    for day in days:
        for membership in nested:
            try:
                directory.members(membership.member, on=day, deep=True)
            except CycleError as error:
                ids = " ".join(sorted(set(str(dict(error.message.values)["path"]).split(" ⊃ "))))
                if ids not in told:
                    yield Problem(
                        code="FEDERATION_CYCLE",
                        where=place_of(membership, "member"),
                        what=error.message,
                        severity=Severity.ERROR,
                    )
                told.add(ids)


def _after_closing(directory: Directory) -> Iterator[Problem]:
    belonging: list[Membership | Participation] = [*directory.of_kind(Membership)]
    belonging += directory.of_kind(Participation)
    for fact in belonging:
        record = directory.libraries.get(fact.member) or directory.federations.get(fact.member)
        closed = record.closed if record else None
        if closed is not None and (fact.valid_to is None or fact.valid_to > closed):
            yield Problem(
                code="BELONGS_AFTER_CLOSING",
                where=place_of(fact, "valid_to"),
                what=Message("{member!r} closed on {closed}", member=fact.member, closed=closed),
                advice=Message("end this row on that day, or say which library follows"),
            )


_LOOKS: tuple[Callable[[Directory], Iterator[Problem]], ...] = (
    _unknown_references,
    _ids_twice,
    _facts_twice,
    _reversed_periods,
    _terms,
    _cycles,
    _after_closing,
)
