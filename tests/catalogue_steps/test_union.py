from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from libconsortium import (
    BibRecord,
    Cluster,
    SettingsError,
    SharingLevel,
    SharingPolicy,
    UnionRecord,
    read_settings,
    union_records,
)

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
    assert _unions(A=SharingPolicy(level="none"), B=SharingPolicy(level="none")) == []  # type: ignore[arg-type]


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
