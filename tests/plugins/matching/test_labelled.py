"""What the usual rule reaches on labelled records that nobody here wrote."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.labelled import (
    LabelledSet,
    cdl_marcai,
    cora,
    dblp_acm,
    halves,
    invented,
    swissbib,
)
from benchmarks.match import measured, undercounted, with_labels
from benchmarks.train_match import weights_text
from libconsortium import LIKELY_SCORE, MERGE_SCORE, MatchRule, Registry
from libconsortium.plugins import matching

pytestmark = pytest.mark.slow


_RULE = Registry().find(MatchRule, "bibliographic")


@pytest.mark.parametrize(
    ("name", "read", "threshold", "precision", "recall"),
    [
        ("cdl-marcai", cdl_marcai, LIKELY_SCORE, 0.985, 0.97),
        ("cdl-marcai", cdl_marcai, MERGE_SCORE, 0.9945, 0.9),
        ("cora", cora, LIKELY_SCORE, 0.96, 0.74),
        ("dblp-acm", dblp_acm, LIKELY_SCORE, 0.965, 0.975),
        ("swissbib", swissbib, LIKELY_SCORE, 0.65, 0.83),
    ],
)
def test_precision_and_recall_on_the_half_that_nothing_was_learned_from(  # noqa: PLR0913, PLR0917 - columns of the table
    corpora: Path,
    name: str,
    read: Callable[[Path], LabelledSet],
    threshold: float,
    precision: float,
    recall: float,
) -> None:
    figures = measured(halves(read(corpora / "dedup" / name))[1], _RULE, threshold)

    assert figures.precision >= precision
    assert figures.recall >= recall


def test_points_set_by_hand_and_500_labels(corpora: Path) -> None:
    labelled = cdl_marcai(corpora / "dedup" / "cdl-marcai")
    assert _RULE.weighed is not None
    nothing = dict.fromkeys(_RULE.weights, 0.0)
    by_hand, learned = (
        measured(
            halves(labelled)[1], _RULE.weighed({**nothing, **with_labels(labelled, count)}), 0.5
        )
        for count in (0, 500)
    )

    assert by_hand.f1 >= 0.96
    assert learned.f1 >= 0.98


def test_invented_vietnamese_records() -> None:
    figures = measured(invented(6_000, seed=5), _RULE, LIKELY_SCORE)

    assert figures.f1 >= 0.95


def test_the_overlap_of_invented_members_is_hardly_under_counted() -> None:
    assert abs(undercounted(invented(6_000, seed=5, members=5), MERGE_SCORE)) <= 4


def test_works_of_invented_records() -> None:
    rule = Registry().find(MatchRule, "works")

    assert measured(invented(6_000, seed=5, works=True), rule, LIKELY_SCORE).f1 >= 0.9


def test_the_weights_that_ship_are_learned_from_the_sets_given(corpora: Path) -> None:
    shipped = Path(matching.__file__ or "").with_name("weights.toml").read_text("utf-8")

    assert weights_text(corpora / "dedup") == shipped


def test_halves_share_no_record_and_lose_none(corpora: Path) -> None:
    labelled = cora(corpora / "dedup" / "cora")

    one, two = halves(labelled)

    assert len(one.records) + len(two.records) == len(labelled.records)
    assert one.same | two.same == labelled.same
