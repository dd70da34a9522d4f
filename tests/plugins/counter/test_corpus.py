"""Reports of other projects: all are read with exact figures, or refused with a reason."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from libconsortium import (
    ImportFileError,
    Registry,
    UsageRow,
    read_usage,
    usage_events,
    usage_fields,
)

pytestmark = pytest.mark.slow

REGISTRY = Registry()
NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
LOADED = {
    "Project-Counter+cop5": 32,
    "folio-org+mod-erm-usage": 76,
    "techlib+celus": 26,
}
REFUSED = {
    "Project-Counter+cop5": {"NOT_COUNTER": 1},
    "folio-org+mod-erm-usage": {
        "COUNTER_3030": 36,
        "COUNTER_3032": 48,
        "NOT_COUNTER": 3,
        "NO_USABLE_ITEM": 1,
        "OLD_RELEASE": 21,
    },
    "techlib+celus": {
        "COUNTER_1001": 2,
        "COUNTER_1011": 3,
        "COUNTER_1030": 1,
        "COUNTER_2090": 2,
        "COUNTER_3000": 1,
        "COUNTER_3010": 2,
        "NOT_COUNTER": 1,
        "NOT_USAGE": 1,
        "NO_FIGURES": 1,
        "OLD_RELEASE": 17,
    },
}


def files(corpora: Path, project: str = ".") -> list[Path]:
    return sorted(path for path in (corpora / "counter" / project).rglob("*") if path.is_file())


@pytest.mark.parametrize("project", sorted(LOADED))
def test_every_file_is_read_or_refused_with_a_reason(corpora: Path, project: str) -> None:
    refused: Counter[str] = Counter()
    loaded = 0
    for path in files(corpora, project):
        (read,) = read_usage([path], REGISTRY).files
        loaded += read.refused is None
        if read.refused is not None:
            refused[read.refused.code] += 1
            assert read.refused.what.template, path
            assert read.refused.advice.template or read.refused.code == "COUNTER_3030", path

    assert (loaded, dict(refused)) == (LOADED[project], REFUSED[project])


# ---------------------------------------------------------------- exact figures


def expected(content: bytes) -> Counter[tuple[str, str]]:
    """Add the figures up by metric and month without our reader."""
    text = content.decode("utf-8-sig")
    sums: Counter[tuple[str, str]] = Counter()
    if not text.lstrip().startswith("{"):
        return _of_table(text)
    for part in _parts(json.loads(text)):
        period = part.get("Period", {})
        if period.get("Begin_Date", "")[:7] == period.get("End_Date", "")[:7]:
            for one in part.get("Instance", ()):
                sums[one["Metric_Type"], period["Begin_Date"][:7]] += int(one["Count"])
        if isinstance(part.get("Performance"), dict):
            for metric, months in part["Performance"].items():
                for month, count in months.items():
                    sums[metric, month] += count
    return sums


def _parts(told: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - JSON
    if isinstance(told, dict):
        yield told
    for each in told.values() if isinstance(told, dict) else told:
        if isinstance(each, dict | list):
            yield from _parts(each)


def _of_table(text: str) -> Counter[tuple[str, str]]:
    first = text.splitlines()[0]
    rows = list(csv.reader(io.StringIO(text), delimiter="\t" if "\t" in first else ","))
    start = next(number for number, row in enumerate(rows) if "Metric_Type" in row)
    headings = rows[start]
    after = headings.index("Reporting_Period_Total") + 1
    sums: Counter[tuple[str, str]] = Counter()
    for row in rows[start + 1 :]:
        for heading, cell in zip(headings[after:], row[after:], strict=False):
            if cell:
                name, year = heading.split("-")
                month = f"20{year[-2:]}-{NAMES.index(name) + 1:02}"
                metric = row[headings.index("Metric_Type")].replace(" ", "")
                sums[metric, month] += int(cell)
    return sums


def test_the_figures_of_every_report_that_is_read_are_exact(corpora: Path) -> None:
    compared = 0
    for path in files(corpora):
        try:
            rows = [event for event in usage_events(path, REGISTRY) if isinstance(event, UsageRow)]
        except ImportFileError:
            continue
        told: Counter[tuple[str, str]] = Counter()
        for row in rows:
            told[row.metric, row.month] += row.count
        wanted = +expected(path.read_bytes())
        assert told == wanted, path
        compared += bool(wanted)

    assert compared == 130


def test_the_two_forms_of_the_standards_own_samples_give_the_same_rows(corpora: Path) -> None:
    compared = 0
    for table in (corpora / "counter" / "Project-Counter+cop5").rglob("*.tsv"):
        told = [
            sorted(
                repr({**usage_fields(row), "file": ""})
                for row in usage_events(path, REGISTRY)
                if isinstance(row, UsageRow)
            )
            for path in (table, table.with_suffix(".json"))
        ]
        assert told[0] == told[1], table.name
        compared += 1

    assert compared == 16
