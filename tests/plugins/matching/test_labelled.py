"""What the usual rule reaches on labelled records that nobody here wrote."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.labelled import LabelledSet, cdl_marcai, cora, dblp_acm, swissbib
from benchmarks.match import measured
from libconsortium import LIKELY_SCORE, MERGE_SCORE

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("name", "read", "threshold", "precision", "recall"),
    [
        ("cdl-marcai", cdl_marcai, LIKELY_SCORE, 0.985, 0.94),
        ("cdl-marcai", cdl_marcai, MERGE_SCORE, 0.99, 0.88),
        ("cora", cora, MERGE_SCORE, 0.95, 0.6),
        ("dblp-acm", dblp_acm, MERGE_SCORE, 0.95, 0.93),
        ("swissbib", swissbib, MERGE_SCORE, 0.44, 0.75),
    ],
)
def test_precision_and_recall(  # noqa: PLR0913, PLR0917 - columns of the table
    corpora: Path,
    name: str,
    read: Callable[[Path], LabelledSet],
    threshold: float,
    precision: float,
    recall: float,
) -> None:
    figures = measured(read(corpora / "dedup" / name), "bibliographic", threshold)

    assert figures.precision >= precision
    assert figures.recall >= recall
