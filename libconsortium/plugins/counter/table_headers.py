"""Reads the block of names and values that stands above the table of a COUNTER report."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from unicodedata import normalize

import attrs

from libconsortium import (
    FileRefusedError,
    Institution,
    Message,
    Place,
    Problem,
    Severity,
    UsageReport,
    sorted_pairs,
)
from libconsortium.plugins.counter.exceptions import CounterException, exceptions_in_text
from libconsortium.plugins.counter.old_releases import old_release_in, refuse_old
from libconsortium.plugins.counter.standard import (
    METRICS,
    NAMED,
    family_of,
    month_of,
    release_of,
    report_id,
)

_ORGANISATIONS = frozenset({"isni", "isil", "oclc", "ror"})
_DAY = r"[0-9][0-9./-]+[0-9]"
_DAY = r"[0-9][0-9./-]+[0-9]"
_PERIOD = re.compile(
    rf"(?P<begin>{_DAY})(?:\s*(?:to|;|–|-)\s*(?:End_Date=)?|\s+)(?P<end>{_DAY})", re.IGNORECASE
)
_HEADINGS = {
    "metrictype": "Metric_Type",
    "reportingperiodtotal": "Reporting_Period_Total",
    "printissn": "Print_ISSN",
    "onlineissn": "Online_ISSN",
    "proprietaryid": "Proprietary_ID",
    "proprietaryidentifier": "Proprietary_ID",
    "datatype": "Data_Type",
    "sectiontype": "Section_Type",
    "accesstype": "Access_Type",
    "accessmethod": "Access_Method",
    "publisherid": "Publisher_ID",
    "customerid": "Customer_ID",
    "institutionname": "Institution_Name",
    "yearofpublication": "YOP",
}


@attrs.frozen(kw_only=True)
class HeaderBlock:
    """The names and values above a table.

    Args:
        values: Value by name in lower case, without underscores; several cells are joined.
        title: The first cell of all.
    """

    values: Mapping[str, str]
    title: str

    def said(self, name: str) -> str:
        """Return a value; empty if it is not there."""
        return self.values.get(_bare(name), "")

    @property
    def exceptions(self) -> tuple[CounterException, ...]:
        """What the supplier says of the report."""
        return exceptions_in_text(self.said("Exceptions"))

    def problems(
        self, source: str, header: UsageReport, headings: Collection[str]
    ) -> Iterator[Problem]:
        """Yield what is odd about the block."""
        where = Place(source=source)
        for one in self.exceptions:
            yield one.problem(where)
        if not self.said("Report_ID"):
            yield Problem(
                code="HEADER_MISSING",
                where=where,
                what=Message(
                    "the header does not say which report this is; its columns are those of"
                    " {report}",
                    report=header.report,
                ),
                advice=Message("ask the supplier for the report with its header"),
            )
        columns = _report_of(headings)
        if header.report in METRICS and family_of(header.report) != columns:
            yield Problem(
                code="REPORT_DIFFERS",
                where=attrs.evolve(where, field="Report_ID"),
                what=Message(
                    "the header says {report}, the columns are those of {columns}",
                    report=header.report,
                    columns=columns,
                ),
                advice=Message("ask the supplier for the report again"),
                severity=Severity.ERROR,
            )

    def refusal(self) -> FileRefusedError:
        """Return why there is no table below the block."""
        if old_release_in(self.title):
            return refuse_old(self.title)
        for one in self.exceptions:
            return one.refusal()
        if self.said("Report_ID"):
            return FileRefusedError(
                "NO_FIGURES",
                Message("the report has a header, but no table with a column Metric_Type"),
                Message("fetch it again; ask the supplier if it stays so"),
            )
        return FileRefusedError(
            "NOT_COUNTER",
            Message("this is no COUNTER report: it has no column Metric_Type"),
            Message("take the file that the supplier calls COUNTER report, release 5 or 5.1"),
        )


def heading_of(cell: object) -> str:
    """Return a heading in COUNTER's spelling.

    >>> heading_of(" metric type "), heading_of("Title")
    ('Metric_Type', 'Title')
    """
    text = str(cell if cell is not None else "").strip()
    return _HEADINGS.get(_bare(text), text)


def header_block(rows: Sequence[tuple[int, Sequence[object]]]) -> HeaderBlock:
    """Read the lines above a table.

    >>> header_block([(1, ["Report_ID", "TR", ""]), (2, ["Release", 5.1])]).said("Release")
    '5.1'
    """
    values: dict[str, str] = {}
    title = ""
    for _, row in rows:
        cells = [normalize("NFC", str(cell)).strip() for cell in row if cell not in (None, "")]
        cells = [cell for cell in cells if cell]
        if cells:
            title = title or cells[0]
            values.setdefault(_bare(cells[0]), "; ".join(cells[1:]))
    return HeaderBlock(values=values, title=title)


def table_header(
    told: HeaderBlock, headings: Collection[str], months: Sequence[str]
) -> UsageReport:
    """Return the header of a report.

    Args:
        told: The lines above the table.
        headings: The headings of the table.
        months: The months of its columns.

    Raises:
        FileRefusedError: The release is not one that we read.

    >>> block = header_block([(1, ["Reporting_Period", "2017-01-01 to 2017-06-30"])])
    >>> table_header(block, ["Title", "Metric_Type"], []).end
    '2017-06'
    """
    release = told.said("Release")
    known = release_of(release) if release else ("5" if "Section_Type" in headings else "5.1")
    if known is None:
        if release[:1] in set("1234"):
            raise refuse_old(told.said("Report_ID") or told.title, release)
        raise FileRefusedError(
            "UNKNOWN_RELEASE",
            Message("release {release!r} of COUNTER is not known here", release=release),
            Message("ask the supplier for release 5.1"),
        )
    begin, end = _period(told.said("Reporting_Period"))
    return UsageReport(
        report=report_id(told.said("Report_ID")) or _report_of(headings),
        release=known,
        institution=_institution(told),
        begin=begin or min(months, default=""),
        end=end or max(months, default=""),
        created=told.said("Created"),
        created_by=told.said("Created_By"),
        filters=_filters(told),
        is_partial=any(one.is_incomplete for one in told.exceptions),
    )


def _report_of(headings: Collection[str]) -> str:
    # A table of items may name the title they stand in; items come first.
    return next((family for family in ("IR", "TR", "DR") if NAMED[family] in headings), "PR")


def _period(text: str) -> tuple[str, str]:
    found = _PERIOD.search(text)
    if found is None:
        return "", ""
    return month_of(found["begin"]) or "", month_of(found["end"]) or ""


def _institution(told: HeaderBlock) -> Institution:
    identifiers = set()
    for each in re.split(r";\s*|\|", told.said("Institution_ID")):
        scheme, mark, value = each.strip().replace("=", ":", 1).partition(":")
        if mark and scheme.casefold() in _ORGANISATIONS:
            identifiers.add((scheme.casefold(), value.strip()))
        elif each.strip():
            identifiers.add(("proprietary", each.strip()))
    if told.said("Customer_ID"):
        identifiers.add(("customer_id", told.said("Customer_ID")))
    return Institution(name=told.said("Institution_Name"), identifiers=tuple(sorted(identifiers)))


def _filters(told: HeaderBlock) -> tuple[tuple[str, str], ...]:
    filters = {"Metric_Type": told.said("Metric_Types").replace("; ", "|")}
    for each in told.said("Report_Filters").split(";"):
        name, mark, value = each.strip().partition("=")
        if mark:
            filters[name.strip()] = value.strip()
    return sorted_pairs(filters)


def _bare(name: str) -> str:
    return re.sub(r"[\s_]+", "", name.strip().lstrip("\ufeff")).casefold().rstrip(":")
