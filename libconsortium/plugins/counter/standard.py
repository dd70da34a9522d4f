"""What the COUNTER Code of Practice lays down: reports, metrics, names, months."""

from __future__ import annotations

import re
from datetime import date
from difflib import get_close_matches

_USED = (
    "Total_Item_Investigations Total_Item_Requests Unique_Item_Investigations Unique_Item_Requests"
)
_TITLES = "Unique_Title_Investigations Unique_Title_Requests"
_DENIED = "Limit_Exceeded No_License"
_SEARCHES = "Searches_Automated Searches_Federated Searches_Regular"
_REQUESTS = "Total_Item_Requests Unique_Item_Requests"

METRICS: dict[str, frozenset[str]] = {
    report: frozenset(metrics.split())
    for report, metrics in {
        "PR": f"Searches_Platform {_USED} {_TITLES}",
        "PR_P1": f"Searches_Platform {_REQUESTS} Unique_Title_Requests",
        "DR": f"{_SEARCHES} {_USED} {_TITLES} {_DENIED}",
        "DR_D1": f"{_SEARCHES} {_USED}",
        "DR_D2": _DENIED,
        "TR": f"{_USED} {_TITLES} {_DENIED}",
        "TR_B1": "Total_Item_Requests Unique_Title_Requests",
        "TR_B2": _DENIED,
        "TR_B3": f"{_USED} {_TITLES}",
        "TR_J1": _REQUESTS,
        "TR_J2": _DENIED,
        "TR_J3": _USED,
        "TR_J4": _REQUESTS,
        "IR": f"{_USED} {_DENIED}",
        "IR_A1": _REQUESTS,
        "IR_M1": _REQUESTS,
    }.items()
}
"""The metrics that each report may hold, in release 5 or 5.1."""

NAMED = {"DR": "Database", "TR": "Title", "IR": "Item"}
"""What names the thing used, by family of report; platform reports have only the platform."""

ATTRIBUTES = ("Data_Type", "Section_Type", "YOP", "Access_Type", "Access_Method")
"""What breaks usage down, in all reports."""

ITEM_SCHEMES = {
    "doi": "doi",
    "isbn": "isbn",
    "online_issn": "online_issn",
    "print_issn": "print_issn",
    "proprietary": "proprietary",
    "proprietary_id": "proprietary",
    "uri": "uri",
}
"""Our names of the identifiers of titles, by the names in reports in lower case."""

NOT_KEPT = frozenset(
    {
        "Authors",
        "Article_Version",
        "Item_Attributes",
        "Item_Contributors",
        "Item_Dates",
        "Publication_Date",
        "Publisher_ID",
    }
)
"""What describes an item and breaks no usage down; names of people are among it."""

_RELEASES = {"5": "5", "5.0": "5", "5.0.1": "5", "5.0.2": "5", "5.0.3": "5", "5.1": "5.1"}
_MONTH_NAMES = [
    ("jan", "ene", "gen"), ("feb", "fév", "fev"), ("mar", "mär", "mrz"), ("apr", "avr", "abr"),
    ("may", "mai", "mag"), ("jun", "juin", "giu"), ("jul", "juil", "lug"), ("aug", "aoû", "ago"),
    ("sep", "set"), ("oct", "okt", "ott"), ("nov",), ("dec", "déc", "dez", "dic"),
]  # fmt: skip
"""How names of months begin: a spreadsheet program writes them in its own language."""
_NAMED_MONTH = re.compile(r"(?P<name>[^\W\d_]{3,})\.?[-\s/.,]*(?P<year>[0-9]{2}|[0-9]{4})")
_LIKE_A_MONTH = re.compile(r"[^\W\d_]{3,9}\.?[-\s/.,]*[0-9]{4}|[0-9]{4}[-/.][0-9]{1,2}")
_VIETNAMESE_MONTH = re.compile(
    r"(?:th|thg|thang|tháng)\.?\s*(?P<month>[0-9]{1,2})[-\s/.,]+(?P<year>[0-9]{2}|[0-9]{4})"
)
_YEAR_FIRST = re.compile(
    r"(?P<year>[0-9]{4})[-/.](?P<month>[0-9]{1,2})(?:[-/.][0-9]{1,2}(?:[T ][0-9:.Z+-]*)?)?"
)
_YEAR_LAST = re.compile(r"(?P<month>[0-9]{1,2})[-/.](?P<year>[0-9]{4})")
_LAST_MONTH = 12
_CENTURY = 2000


def month_of(cell: object) -> str | None:
    """Read a month in any of the forms that reports and spreadsheet programs give it.

    Args:
        cell: ``Jan-2025``, ``Jan-25``, ``2025-01``, ``2025-01-31``, ``01/2025``, ``Thg 1-25`` or
            a date.

    Returns:
        ``YYYY-MM``, or ``None`` if it is no month.

    >>> [month_of(text) for text in ("Feb-2019", "Feb-19", "2019-02", "02/2019", "Title")]
    ['2019-02', '2019-02', '2019-02', '2019-02', None]
    """
    if isinstance(cell, date):
        return f"{cell:%Y-%m}"
    text = str(cell).strip().casefold()
    named = _NAMED_MONTH.fullmatch(text)
    if named:
        for number, names in enumerate(_MONTH_NAMES, start=1):
            if named["name"].startswith(names):
                return _month(named["year"], number)
    for form in (_YEAR_FIRST, _YEAR_LAST, _VIETNAMESE_MONTH):
        if found := form.fullmatch(text):
            return _month(found["year"], int(found["month"]))
    return None


def is_like_a_month(heading: str) -> bool:
    """Return whether somebody must have meant a month that cannot be read as one.

    >>> is_like_a_month("Jal-2022"), is_like_a_month("Printed_ISSN")
    (True, False)
    """
    return month_of(heading) is None and _LIKE_A_MONTH.fullmatch(heading) is not None


def _month(year: str, month: int) -> str | None:
    full = int(year) if len(year) > 2 else _CENTURY + int(year)  # noqa: PLR2004 - two digits
    return f"{full:04}-{month:02}" if 1 <= month <= _LAST_MONTH else None


def report_id(text: str) -> str:
    """Return the id of a report in COUNTER's own spelling.

    >>> report_id("tr_j1"), report_id("TRJ1"), report_id("TR J1"), report_id("x:MyReport")
    ('TR_J1', 'TR_J1', 'TR_J1', 'x:MyReport')
    """
    bare = re.sub(r"[\s_-]", "", text).upper()
    known = {report.replace("_", ""): report for report in METRICS}
    return known.get(bare, text.strip())


def release_of(text: str) -> str | None:
    """Return a release that we read, or ``None`` if we do not.

    >>> release_of("5"), release_of(" 5.1 "), release_of("R5"), release_of("4")
    ('5', '5.1', '5', None)
    """
    return _RELEASES.get(text.strip().upper().removeprefix("R"))


def family_of(report: str) -> str:
    """Return the report that a standard view is taken from.

    >>> family_of("TR_J1"), family_of("DR")
    ('TR', 'DR')
    """
    return report.partition("_")[0]


def metric_of(text: str) -> str:
    """Return a metric's name without blanks that slipped in.

    >>> metric_of("Total_Item_ Investigations "), metric_of("Unique Item Requests")
    ('Total_Item_Investigations', 'Unique_Item_Requests')
    """
    return re.sub(r"_+", "_", "_".join(text.split())).strip("_")


def is_metric_of(report: str, metric: str) -> bool:
    """Say whether a report may hold a metric; suppliers' own metrics and reports always may.

    >>> is_metric_of("TR_J1", "Searches_Regular"), is_metric_of("TR", "Supplier:Own_Metric")
    (False, True)
    """
    return ":" in metric or report not in METRICS or metric in METRICS[report]


def nearest_metric(metric: str) -> str:
    """Return the metric that was probably meant; empty if there is none.

    >>> nearest_metric("Total_Item_Request"), nearest_metric("Clicks")
    ('Total_Item_Requests', '')
    """
    known = sorted(frozenset().union(*METRICS.values()))
    return next(iter(get_close_matches(metric, known, n=1, cutoff=0.8)), "")
