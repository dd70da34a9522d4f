"""Pairs of invented records that a cataloguer tells apart at a glance, or takes for one.

``tests/data/hard_pairs.csv`` holds two rows a pair, as ``libconsortium cluster`` reads them. In
most pairs all but the telling thing is equal.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from libconsortium import (
    LIKELY_SCORE,
    MERGE_SCORE,
    MatchFields,
    MatchRule,
    Registry,
    match_fields,
    read_titles,
)

_FILE = Path(__file__).parents[2] / "data" / "hard_pairs.csv"
_REGISTRY = Registry()
_ROWS = list(csv.DictReader(_FILE.read_text("utf-8").splitlines()))
_FIELDS = {one.identifier: match_fields(one) for one in read_titles(_FILE, _REGISTRY)[0]}
_NOT_YET = {"106"}  # a volume and, it seems, the whole set, with one ISBN and no pages to compare


Pair = tuple[str, MatchFields, MatchFields, bool]


def _pairs(label: str) -> list[Pair]:
    return [
        (f"{one['kind']} {one['id'][:-1]}: {one['title']} | {other['title']}",
         _FIELDS[one["id"]], _FIELDS[other["id"]], one[label] == "same")
        for one, other in zip(_ROWS[::2], _ROWS[1::2], strict=True)
        if one[label] and one["id"][:-1] not in _NOT_YET
    ]  # fmt: skip


def _joins(rule: str, pair: Pair, threshold: float) -> bool:
    found = _REGISTRY.find(MatchRule, rule)
    _, one, other, _ = pair
    evidence = found.compare(one, other)
    meet = not set(found.keys(one)).isdisjoint(found.keys(other))
    return meet and not evidence.veto and evidence.score >= threshold


@pytest.mark.parametrize("pair", _pairs("publication"), ids=lambda pair: str(pair[0]))
def test_publications_are_told_apart(pair: Pair) -> None:
    assert _joins("bibliographic", pair, LIKELY_SCORE) is pair[3]


def test_other_publications_are_never_merged_unseen() -> None:
    others = [pair for pair in _pairs("publication") if not pair[3]]

    assert len(others) > 150
    assert not [pair[0] for pair in others if _joins("bibliographic", pair, MERGE_SCORE)]


def test_other_works_are_not_joined_and_most_of_one_are() -> None:
    joined = [(pair, _joins("works", pair, LIKELY_SCORE)) for pair in _pairs("work")]

    assert not [pair[0] for pair, joins in joined if joins and not pair[3]]
    same = [joins for pair, joins in joined if pair[3]]
    assert sum(same) >= 0.88 * len(same)
