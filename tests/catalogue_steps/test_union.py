from __future__ import annotations

from collections.abc import Collection
from datetime import date
from pathlib import Path

import pytest

from libconsortium import (
    Audience,
    BibRecord,
    Cluster,
    Evidence,
    Holding,
    Link,
    SettingsError,
    SharingLevel,
    SharingPolicy,
    UnionCatalogue,
    UnionRecord,
    policy_towards,
    read_settings,
    shared,
    union_records,
)
from libconsortium.catalogue_steps.union import shared_catalogue

_DAY = date(2026, 3, 1)
_OPEN = BibRecord(source="a", identifier="1", titles=("De bien",), links=("https://a.example/1",))
_CLOSED = BibRecord(
    source="b", identifier="1", titles=("Đê biển",), creators=("Bí Mật",), call_numbers=("KM 9",)
)
_BOTH = Cluster(id="a\t1", records=("a\t1", "b\t1"))
_MEMBERS = {"a": "A", "b": "B"}


def _unions(**sharing: SharingPolicy) -> list[UnionRecord]:
    records = [_CLOSED, _OPEN]
    return list(union_records([_BOTH], records, _MEMBERS, sharing=sharing, on=_DAY))


def test_what_a_member_does_not_share_appears_nowhere() -> None:
    (union,) = _unions(B=SharingPolicy(level=SharingLevel.NONE))

    assert union.title == "De bien"
    assert "b\t1" not in repr(union)
    assert "KM 9" not in repr(union)


def test_the_name_of_a_publication_does_not_tell_of_a_hidden_record() -> None:
    hidden = Cluster(id="b\t1", records=("a\t1", "b\t1"))
    sharing = {"B": SharingPolicy(level=SharingLevel.NONE)}

    (union,) = union_records([hidden], [_CLOSED, _OPEN], _MEMBERS, sharing=sharing, on=_DAY)

    assert union.cluster.startswith("union-")
    assert "b\t1" not in repr(union)


def test_holdings_only_says_who_has_it_and_describes_nothing() -> None:
    (union,) = _unions(B=SharingPolicy(level=SharingLevel.HOLDINGS))

    assert [(by.member, by.call_numbers) for by in union.held_by] == [("A", ()), ("B", ("KM 9",))]
    assert "Đê biển" not in repr(union)
    assert "creators" not in union.fields


def test_a_source_goes_before_its_library() -> None:
    closed, open_ = SharingPolicy(level=SharingLevel.NONE), SharingPolicy()

    assert len(_unions(B=closed, b=open_)[0].held_by) == 2


def test_a_publication_that_nobody_describes_is_left_out() -> None:
    held = SharingPolicy(level=SharingLevel.HOLDINGS)

    assert _unions(A=held, B=held) == []
    assert _unions(A=SharingPolicy(level="none"), B=SharingPolicy(level="none")) == []  # type: ignore[arg-type] # as TOML gives it


def test_records_of_no_cluster_are_left_out_and_clusters_without_records_too() -> None:
    stray = BibRecord(source="a", identifier="2", titles=("x",))
    gone = Cluster(id="a\t9", records=("a\t9",))

    found = union_records([gone, _BOTH], [stray, _OPEN], _MEMBERS, sharing={}, on=_DAY)

    assert [one.cluster for one in found] == ["a\t1"]


def test_the_settings_say_who_shares_what(tmp_path: Path) -> None:
    path = _written(tmp_path, 'priority = ["A"]\n[catalogue.sharing.a]\nlevel = "metadata"\n')

    held = read_settings(path).file.catalogue

    assert held.priority == ("A",)
    assert held.sharing["a"] == SharingPolicy(level=SharingLevel.METADATA)


@pytest.mark.parametrize(
    ("text", "line", "name"),
    [('priority = ["X"]\n', 8, "X"), ("[catalogue.sharing.Y]\n", 8, "Y")],
)
def test_a_slip_in_a_name_is_refused(tmp_path: Path, text: str, line: int, name: str) -> None:
    path = _written(tmp_path, text)

    with pytest.raises(SettingsError, match=f":{line}: no source belongs to '{name}'"):
        read_settings(path)


def test_an_unknown_level_is_refused(tmp_path: Path) -> None:
    path = _written(tmp_path, '[catalogue.sharing.a]\nlevel = "secret"\n')

    with pytest.raises(SettingsError, match="expected one of full"):
        read_settings(path)


def _written(folder: Path, catalogue: str) -> Path:
    path = folder / "consortium.toml"
    path.write_text(
        '[consortium]\nname = "Demo"\n'
        '[[sources]]\nname = "a"\nmember = "A"\nurl = "https://a.example"\n'
        f"[catalogue]\n{catalogue}",
        "utf-8",
    )
    return path


_HELD = UnionCatalogue(
    members=("A", "B", "C"),
    clusters=(
        Cluster(
            id="b\t1",
            records=("a\t1", "b\t1", "b\t2"),
            links=(
                Link(left="a\t1", right="b\t1", evidence=Evidence(rule="r", score=1.0)),
                Link(left="b\t1", right="b\t2", evidence=Evidence(rule="r", score=1.0)),
            ),
        ),
    ),
    holdings=(
        Holding(cluster="b\t1", member="A", records=("a\t1",)),
        Holding(cluster="b\t1", member="B", records=("b\t1", "b\t2")),
    ),
)


def _seen(**policies: SharingPolicy) -> UnionCatalogue:
    old = BibRecord(source="b", identifier="1", year=1990)
    new = BibRecord(source="b", identifier="2", year=2025)
    asked: list[str] = []

    def records(keys: Collection[str]) -> list[BibRecord]:
        asked.extend(keys)
        return [old, new]

    found = shared_catalogue(_HELD, _MEMBERS, records, policies=policies, on=_DAY)
    assert all(key.startswith("b\t") for key in asked), "only what is under an embargo is read"
    return found


def test_a_catalogue_in_which_all_is_shared_stays_as_it_is() -> None:
    assert _seen(a=SharingPolicy(), b=SharingPolicy(level=SharingLevel.METADATA)) is _HELD


def test_a_catalogue_for_others_has_no_trace_of_who_shares_nothing() -> None:
    seen = _seen(b=SharingPolicy(level=SharingLevel.NONE))

    assert (seen.members, seen.withheld) == (("A", "C"), ("B",))
    assert [one.member for one in seen.holdings] == ["A"]
    assert seen.clusters[0].links == ()
    assert "b\t" not in repr(seen)


def test_under_an_embargo_of_years_only_new_titles_are_left_out() -> None:
    seen = _seen(b=SharingPolicy(embargo_years=5))

    assert seen.members == ("A", "B", "C")
    assert [one.records for one in seen.holdings] == [("a\t1",), ("b\t1",)]
    assert [(one.left, one.right) for one in seen.clusters[0].links] == [("a\t1", "b\t1")]
    assert seen.withheld == ("B",)


def test_subjects_are_withheld_with_the_places_among_them() -> None:
    record = BibRecord(source="a", identifier="1", subjects=("Huế",), coverage=("Huế",))

    seen = shared(record, SharingPolicy(withheld=("subjects",)), on=_DAY)

    assert seen is not None
    assert (seen.subjects, seen.coverage) == ((), ())


def test_the_office_sees_what_others_do_not() -> None:
    closed = {"B": SharingPolicy(level=SharingLevel.NONE)}

    assert policy_towards(Audience.OTHERS, "b", "B", closed).level is SharingLevel.NONE
    assert policy_towards(Audience.OFFICE, "b", "B", closed).level is SharingLevel.FULL
