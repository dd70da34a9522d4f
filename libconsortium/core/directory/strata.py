"""The strata of members, as far as the facts know them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from fractions import Fraction

from libconsortium.core.directory.directory import Directory


def strata_of(
    directory: Directory, members: Collection[str], federation: str, *, on: date
) -> dict[str, str]:
    """Return the stratum of each member: the federations it is in, or else its kind of library.

    A member of a federation inside the consortium is in the stratum of that federation
    (``scls/madison`` for one inside another); a member of the consortium itself in that of its
    kind (``public``, ``higher-education``).

    Args:
        directory: The facts.
        members: Ids of the libraries.
        federation: Id of the consortium; empty if there is none.
        on: The day.

    >>> from libconsortium.core.directory.members import Library, LibraryKind
    >>> facts = Directory.of([Library(id="a", kind=LibraryKind.PUBLIC)])
    >>> strata_of(facts, ["a"], "", on=date(2026, 1, 1))
    {'a': 'public'}
    """
    found = {
        member: directory.libraries[member].kind.value
        for member in sorted(members)
        if member in directory.libraries
    }
    for member, way in federation_paths(directory, members, federation, on=on).items():
        found[member] = "/".join(way)
    return found


def federation_paths(
    directory: Directory, members: Collection[str], federation: str, *, on: date
) -> dict[str, tuple[str, ...]]:
    """Return the federations between the consortium and each member, outermost first.

    A library that several paths lead to is counted on the longest one; a direct member of the
    consortium has none and is left out.

    Args:
        directory: The facts.
        members: Ids of the libraries.
        federation: Id of the consortium; empty if there is none.
        on: The day.

    >>> federation_paths(Directory.of([]), ["a"], "", on=date(2026, 1, 1))
    {}
    """
    if federation not in directory.federations:
        return {}
    found = {}
    for one in directory.members(federation, on=on, deep=True):
        way = tuple(step.member for step in max(one.paths, key=len)[:-1])
        if way and one.member in members:
            found[one.member] = way
    return found


def taken(participants: Mapping[str, Collection[str]]) -> dict[str, dict[str, Fraction]]:
    """Return who takes which package as figures that the model ``item-split`` looks at.

    Args:
        participants: The packages each member takes; none means all of them.

    >>> taken({"a": {"p1"}, "b": {"p2"}})["takes:p1"]
    {'a': Fraction(1, 1), 'b': Fraction(0, 1)}
    """
    packages = sorted({package for taken in participants.values() for package in taken})
    return {
        f"takes:{package}": {
            member: Fraction(not taken or package in taken)
            for member, taken in participants.items()
        }
        for package in packages
    }
