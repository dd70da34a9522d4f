"""Splink between our keys and our guards."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from libconsortium_splink.columns import BLOCKS, COLUMNS, row_of
from libconsortium_splink.model import MODEL_VARIABLE, model_of, model_text, trained
from libconsortium_splink.rule import compare, compare_many

from libconsortium import (
    BibRecord,
    MatchFields,
    MatchRule,
    Registry,
    SettingsError,
    cluster,
    match_fields,
)

BOOK = {"titles": ("Thí nghiệm điện kỹ thuật",), "creators": ("Nguyễn Văn Bình",), "year": 2019}


def record(identifier: str, **values: Any) -> BibRecord:
    return BibRecord(source="a", identifier=identifier, **{**BOOK, **values})


def fields(identifier: str, **values: Any) -> MatchFields:
    return match_fields(record(identifier, **values))


def test_it_is_found_under_its_name() -> None:
    assert Registry().find(MatchRule, "splink").level == "manifestation"


def test_the_same_book_typed_twice_is_one() -> None:
    found = compare(fields("1"), fields("2", titles=("THI NGHIEM DIEN KI THUAT",)))

    assert found.score > 0.9
    assert found.rule == "splink"
    assert not found.veto


def test_another_book_is_another() -> None:
    found = compare(fields("1"), fields("2", titles=("Kinh tế học vĩ mô",), creators=("Lê An",)))

    assert found.score < 0.1


def test_the_evidence_says_the_match_weight_and_what_each_column_adds() -> None:
    first, *columns = compare(fields("1"), fields("2")).reasons

    assert first.startswith("splink +")
    assert {one.split()[0] for one in columns} <= set(COLUMNS)
    total, parts = (float(first.split()[1]), [float(one.split()[1]) for one in columns])
    assert total < sum(parts)  # the prior is against a match


@pytest.mark.parametrize(
    ("one", "other", "guard"),
    [
        ({"volume": "1"}, {"volume": "2"}, "veto-volume"),
        ({"edition": "2nd ed."}, {"edition": "3rd ed."}, "veto-edition"),
        ({"year": 2010}, {"year": 2019}, "veto-year"),
        ({"types": ("Luận án",)}, {"types": ("Bài báo",)}, "veto-type"),
        ({"titles": ("Toán lớp 10",)}, {"titles": ("Toán lớp 11",)}, "veto-numbers"),
        (
            {"titles": ("Phạm Việt Hòa, đời và nghề",)},
            {"titles": ("Phạm Viết Hoa, đời và nghề",)},
            "marks-of-both",
        ),
    ],
)
def test_our_guards_stay_in_force(one: dict[str, Any], other: dict[str, Any], guard: str) -> None:
    found = compare(fields("1", **one), fields("2", **other))

    assert found.veto.startswith(guard)
    assert found.score == 0


def test_a_pair_scores_the_same_alone_among_others_and_turned_round() -> None:
    one, two = fields("1"), fields("2", year=2020)
    others = [(fields("3"), fields("4", titles=("Khác",))), (fields("5", volume="1"), fields("6"))]

    alone = compare(one, two)

    assert compare(two, one) == alone
    assert compare_many([*others, (one, two)])[-1] == alone
    assert compare_many([]) == []


def test_a_catalogue_is_built_with_it() -> None:
    records = [
        record("1", volume="1"),
        record("2", volume="1", titles=("Thí nghiệm điện kĩ thuật",)),
        record("3", volume="2"),
    ]

    made = cluster(records, {"a": "A"}, Registry(), rules="splink", threshold=0.9)
    again = cluster(records[::-1], {"a": "A"}, Registry(), rules="splink", threshold=0.9)

    assert made == again
    assert ("a\t1", "a\t2") in [one.records for one in made.clusters]


def test_what_is_not_known_is_no_value() -> None:
    row = row_of(MatchFields(record="a", title=""))

    assert {name for name, value in row.items() if value is not None} == {"volume", "edition"}
    assert set(row) == set(COLUMNS)


@pytest.mark.slow
def test_a_model_of_ones_own_takes_the_place_of_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ("Trần An", "Lê Bình", "Đỗ Chi", "Hồ Dũng")
    titles = ("Đại số", "Giải tích", "Hình học", "Cơ học", "Quang học")
    several = [
        fields(f"{copy}{number}", titles=(titles[number % 5],), creators=(names[number % 4],),
               year=1990 + number % 30, extent=f"{100 + number} tr.")
        for number in range(200)
        for copy in "ab"
    ]  # fmt: skip
    own = tmp_path / "model.json"
    own.write_text(trained(several), "utf-8")
    ours = compare(fields("1"), fields("2"))

    monkeypatch.setenv(MODEL_VARIABLE, str(own))

    assert compare(fields("1"), fields("2")).score != ours.score


def test_a_model_that_is_none_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(MODEL_VARIABLE, str(tmp_path / "none.json"))
    with pytest.raises(SettingsError, match="cannot be read"):
        model_text()
    with pytest.raises(SettingsError, match="no model of Splink"):
        model_of("[]")


def test_the_model_that_ships_knows_every_comparison_on_both_sides() -> None:
    model = json.loads(model_text())

    levels = [
        level
        for one in model["comparisons"]
        for level in one["comparison_levels"]
        if not level.get("is_null_level")
    ]
    assert all("m_probability" in one and "u_probability" in one for one in levels)
    assert len(BLOCKS) == 2
