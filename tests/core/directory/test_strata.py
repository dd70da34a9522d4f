"""Strata and packages come out of the facts."""

from __future__ import annotations

from datetime import date

from libconsortium import (
    Directory,
    Federation,
    Library,
    LibraryKind,
    Membership,
)
from libconsortium.core.directory.strata import strata_of, taken

DAY = date(2026, 1, 1)
FACTS = Directory.of(
    [
        Federation(id="wplc"),
        Federation(id="scls"),
        Library(id="a", kind=LibraryKind.PUBLIC),
        Library(id="b", kind=LibraryKind.SCHOOL),
        Library(id="c"),
        Membership(member="scls", federation="wplc"),
        Membership(member="a", federation="scls"),
        Membership(member="a", federation="wplc"),
        Membership(member="b", federation="wplc"),
        Membership(member="c", federation="scls"),
    ]
)


def test_a_member_of_a_federation_inside_is_in_its_stratum() -> None:
    assert strata_of(FACTS, ["a", "b"], "wplc", on=DAY) == {"a": "scls", "b": "school"}


def test_without_a_federation_the_kind_of_library_counts() -> None:
    assert strata_of(FACTS, ["a", "x"], "", on=DAY) == {"a": "public"}


def test_who_takes_the_whole_takes_every_package() -> None:
    found = taken({"a": {"p1"}, "b": {"p2"}, "c": set()})

    assert {name: [int(one) for one in of.values()] for name, of in found.items()} == {
        "takes:p1": [1, 0, 1],
        "takes:p2": [0, 1, 1],
    }
    assert taken({"a": set()}) == {}
