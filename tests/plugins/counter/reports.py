"""Small invented COUNTER reports, as data and in every form they come in."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import attrs

MONTHS = ("2025-01", "2025-02", "2025-03")
NAMES = {"01": "Jan", "02": "Feb", "03": "Mar"}
SCHEMES = {
    "DOI": "DOI",
    "ISBN": "ISBN",
    "Online_ISSN": "Online_ISSN",
    "Proprietary_ID": "Proprietary",
}


@attrs.frozen(kw_only=True)
class Line:
    """One title with its usage: count by metric and month."""

    title: str
    counts: Mapping[str, Mapping[str, int]]
    identifiers: Mapping[str, str] = attrs.field(factory=dict)
    access_type: str = "Controlled"
    yop: str = "2020"


def as_json_51(lines: Sequence[Line], **header: Any) -> bytes:
    """Write a title report as JSON of release 5.1."""
    items = [
        {
            "Title": line.title,
            "Publisher": "Sample Publisher",
            "Platform": "Platform 1",
            "Item_ID": {SCHEMES[name]: value for name, value in line.identifiers.items()},
            "Attribute_Performance": [
                {
                    "Data_Type": "Journal",
                    "YOP": line.yop,
                    "Access_Type": line.access_type,
                    "Performance": {
                        metric: {month: count for month, count in counts.items() if count}
                        for metric, counts in line.counts.items()
                    },
                }
            ],
        }
        for line in lines
    ]
    told = {
        "Release": "5.1",
        "Report_ID": "TR",
        "Created": "2026-01-15T00:00:00Z",
        "Created_By": "Supplier",
        "Institution_Name": "Uni A",
        "Institution_ID": {"Proprietary": ["supplier:C1"]},
        "Report_Filters": {"Begin_Date": "2025-01-01", "End_Date": "2025-03-31"},
        **header,
    }
    return json.dumps({"Report_Header": told, "Report_Items": items}, ensure_ascii=False).encode()


def as_json_5(lines: Sequence[Line]) -> bytes:
    """Write a title report as JSON of release 5."""
    items = [
        {
            "Title": line.title,
            "Publisher": "Sample Publisher",
            "Platform": "Platform 1",
            "Item_ID": [
                {"Type": SCHEMES[name], "Value": value} for name, value in line.identifiers.items()
            ],
            "Data_Type": "Journal",
            "YOP": line.yop,
            "Access_Type": line.access_type,
            "Performance": [
                {
                    "Period": {"Begin_Date": f"{month}-01", "End_Date": f"{month}-28"},
                    "Instance": [{"Metric_Type": metric, "Count": counts[month]}],
                }
                for metric, counts in line.counts.items()
                for month in counts
                if counts[month]
            ],
        }
        for line in lines
    ]
    told = {
        "Release": "5",
        "Report_ID": "TR",
        "Institution_Name": "Uni A",
        "Institution_ID": [{"Type": "Proprietary", "Value": "supplier:C1"}],
        "Report_Filters": [
            {"Name": "Begin_Date", "Value": "2025-01-01"},
            {"Name": "End_Date", "Value": "2025-03-31"},
        ],
    }
    return json.dumps({"Report_Header": told, "Report_Items": items}).encode()


def cells(lines: Sequence[Line], release: str = "5.1") -> list[list[str]]:
    """Return a title report as the cells of a table."""
    rows = [
        ["Report_Name", "Title Report"],
        ["Report_ID", "TR"],
        ["Release", release],
        ["Institution_Name", "Uni A"],
        ["Institution_ID", "supplier:C1"],
        ["Metric_Types", ""],
        ["Report_Filters", ""],
        ["Report_Attributes", ""],
        ["Exceptions", ""],
        ["Reporting_Period", "Begin_Date=2025-01-01; End_Date=2025-03-31"],
        ["Created", "2026-01-15T00:00:00Z"],
        ["Created_By", "Supplier"],
        [],
        [
            "Title", "Publisher", "Platform", *SCHEMES, "Data_Type", "YOP", "Access_Type",
            "Metric_Type", "Reporting_Period_Total",
            *(f"{NAMES[month[5:]]}-{month[:4]}" for month in MONTHS),
        ],
    ]  # fmt: skip
    for line in lines:
        for metric, counts in line.counts.items():
            told = [counts.get(month, 0) for month in MONTHS]
            rows.append(
                [
                    line.title, "Sample Publisher", "Platform 1",
                    *(line.identifiers.get(name, "") for name in SCHEMES),
                    "Journal", line.yop, line.access_type, metric, str(sum(told)), *map(str, told),
                ]
            )  # fmt: skip
    return rows


def as_text(rows: Sequence[Sequence[str]], delimiter: str = "\t", encoding: str = "utf-8") -> bytes:
    """Write cells as a text table."""
    import csv
    import io

    file = io.StringIO(newline="")
    csv.writer(file, delimiter=delimiter).writerows(rows)
    return file.getvalue().encode(encoding)
