"""What is wrong with one line of a KBART list."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import attrs

from libconsortium import (
    Message,
    Problem,
    PublicationType,
    Severity,
    TitleRow,
    embargo_of,
    span_of,
)
from libconsortium.plugins.kbart.columns import Columns
from libconsortium.plugins.kbart.identifiers import identifier_finding, kind_of_identifier

_DEPTHS = ("fulltext", "selected articles", "abstracts")
_ACCESS = ("P", "F")
_LATEST_YEAR = 2100
_URL = re.compile(r"https?://[^\s/]+\.[^\s/]+(?:/\S*)?", re.IGNORECASE)
_WORDED = re.compile(r"(?:vol|v|no|n|iss|issue|volume|number)[.\s]*[0-9].*", re.IGNORECASE)
_DOUBLE_ENCODED = re.compile("[ÃÂ][\u0080-\u00bf]|â€|Ã¡|áº|á»")
_NO_ADVICE = Message("")

Report = Callable[..., Problem]


@attrs.frozen(kw_only=True)
class Line:
    """One line, what it says, and how to name its cells.

    Args:
        row: What it says.
        columns: The columns of the file.
        source: The file's name.
        number: Line number.
    """

    row: TitleRow
    columns: Columns
    source: str
    number: int

    def problem(
        self,
        code: str,
        column: str,
        what: Message,
        advice: Message = _NO_ADVICE,
        severity: Severity = Severity.WARNING,
    ) -> Problem:
        """Return a problem of one cell."""
        where = attrs.evolve(
            self.columns.place(self.source, self.number, column), record=self.row.title
        )
        return Problem(code=code, where=where, what=what, advice=advice, severity=severity)


def line_problems(line: Line) -> Iterator[Problem]:
    """Yield everything that is wrong with one line.

    >>> from libconsortium.plugins.kbart.columns import PHASE_I, columns_of
    >>> row = TitleRow(title="", title_id="x", url="http://a.example/x")
    >>> line = Line(row=row, columns=columns_of(PHASE_I), source="x.tsv", number=2)
    >>> [problem.code for problem in line_problems(line)]
    ['TITLE_MISSING', 'IDENTIFIER_MISSING', 'COVERAGE_MISSING', 'DEPTH_MISSING']
    """
    for look in (_title, _identifiers, _dates, _coverage, _embargo, _depth, _access, _address):
        yield from look(line)


def _title(line: Line) -> Iterator[Problem]:
    row = line.row
    if not row.title:
        yield line.problem(
            "TITLE_MISSING",
            "publication_title",
            Message("there is no title"),
            severity=Severity.ERROR,
        )
    elif _DOUBLE_ENCODED.search(row.title):
        yield line.problem(
            "LETTERS_BROKEN",
            "publication_title",
            Message("{title!r} was probably saved twice in different encodings", title=row.title),
            Message("ask the supplier for the file in UTF-8"),
        )
    if not row.title_id:
        yield line.problem(
            "TITLE_ID_MISSING",
            "title_id",
            Message("there is no title_id"),
            Message("ask the supplier: without it a later list cannot be compared with this one"),
        )
    if line.columns.is_phase_ii and row.publication_type is None:
        yield line.problem(
            "TYPE_MISSING",
            "publication_type",
            Message("publication_type is neither serial nor monograph"),
        )


def _identifiers(line: Line) -> Iterator[Problem]:
    row = line.row
    given = {"print_identifier": row.print_identifier, "online_identifier": row.online_identifier}
    if not any(given.values()):
        yield line.problem(
            "IDENTIFIER_MISSING", "online_identifier", Message("there is neither ISSN nor ISBN")
        )
    for column, text in given.items():
        found = identifier_finding(text) if text else None
        if found is not None:
            yield line.problem(found.code, column, found.what, found.advice, found.severity)
        kind = kind_of_identifier(text)
        if kind and row.publication_type and kind is not row.publication_type:
            yield line.problem(
                "TYPE_DIFFERS",
                column,
                Message(
                    "{text} belongs to a {kind}, but publication_type says {type}",
                    text=text,
                    kind=kind.value,
                    type=row.publication_type.value,
                ),
            )
    if row.print_identifier and row.print_identifier == row.online_identifier:
        yield line.problem(
            "IDENTIFIER_SAME",
            "online_identifier",
            Message("print and online identifier are the same: {text}", text=row.print_identifier),
            severity=Severity.INFO,
        )


def _dates(line: Line) -> Iterator[Problem]:
    row = line.row
    dates = {
        "date_first_issue_online": row.coverage.first_date,
        "date_last_issue_online": row.coverage.last_date,
        "date_monograph_published_print": row.published_print,
        "date_monograph_published_online": row.published_online,
    }
    for column, text in dates.items():
        span = span_of(text)
        if text and span is None:
            yield line.problem(
                "DATE_FORM",
                column,
                Message("{text!r} is no date", text=text),
                Message("write YYYY, YYYY-MM or YYYY-MM-DD"),
                Severity.ERROR,
            )
        elif span and span[0].year > _LATEST_YEAR:
            yield line.problem(
                "DATE_FUTURE",
                column,
                Message("{text} lies far in the future", text=text),
                Message("leave the last date empty where the coverage goes on"),
            )


def _coverage(line: Line) -> Iterator[Problem]:
    coverage, kind = line.row.coverage, line.row.publication_type
    yield from _order(line)
    if kind is PublicationType.MONOGRAPH and (coverage.first_date or coverage.last_date):
        yield line.problem(
            "COVERAGE_OF_MONOGRAPH",
            "date_first_issue_online",
            Message("a monograph has no first and last issue"),
            Message("its date belongs into date_monograph_published_online"),
        )
    if kind is not PublicationType.MONOGRAPH and not coverage.first_date:
        yield line.problem(
            "COVERAGE_MISSING",
            "date_first_issue_online",
            Message("it is not said from when on the serial is there"),
        )
    if kind is PublicationType.SERIAL and (line.row.published_print or line.row.published_online):
        yield line.problem(
            "DATE_OF_SERIAL",
            "date_monograph_published_online",
            Message("a serial has no date of publication as a monograph"),
        )
    yield from _issue_numbers(line)


def _order(line: Line) -> Iterator[Problem]:
    coverage = line.row.coverage
    first, last = span_of(coverage.first_date), span_of(coverage.last_date)
    if first and last and last[1] < first[0]:
        yield line.problem(
            "COVERAGE_REVERSED",
            "date_last_issue_online",
            Message(
                "the last issue ({last}) lies before the first ({first})",
                last=coverage.last_date,
                first=coverage.first_date,
            ),
            severity=Severity.ERROR,
        )


def _issue_numbers(line: Line) -> Iterator[Problem]:
    coverage = line.row.coverage
    numbers = {
        "num_first_vol_online": coverage.first_volume,
        "num_first_issue_online": coverage.first_issue,
        "num_last_vol_online": coverage.last_volume,
        "num_last_issue_online": coverage.last_issue,
    }
    for column, text in numbers.items():
        if _WORDED.fullmatch(text):
            yield line.problem(
                "NUMBER_WORDED",
                column,
                Message("{text!r}: write the number alone", text=text),
                severity=Severity.INFO,
            )


def _embargo(line: Line) -> Iterator[Problem]:
    text = line.row.coverage.embargo
    if text and embargo_of(text) is None:
        yield line.problem(
            "EMBARGO_FORM",
            "embargo_info",
            Message("{text!r} is no embargo", text=text),
            Message("write R or P, a number, and D, M or Y: P1Y withholds the last year"),
            Severity.ERROR,
        )


def _depth(line: Line) -> Iterator[Problem]:
    text = line.row.coverage.depth
    if not text:
        yield line.problem("DEPTH_MISSING", "coverage_depth", Message("coverage_depth is empty"))
    elif text not in _DEPTHS:
        yield line.problem(
            "DEPTH_FORM",
            "coverage_depth",
            Message("{text!r} is none of: {known}", text=text, known=", ".join(_DEPTHS)),
        )


def _access(line: Line) -> Iterator[Problem]:
    text = line.row.access_type
    if line.columns.is_phase_ii and text not in _ACCESS:
        what = (
            Message("{text!r} is neither P (paid) nor F (free)", text=text)
            if text
            else Message("it is not said whether access is paid (P) or free (F)")
        )
        yield line.problem("ACCESS_FORM" if text else "ACCESS_MISSING", "access_type", what)


def _address(line: Line) -> Iterator[Problem]:
    text = line.row.url
    if not _URL.fullmatch(text):
        what = (
            Message("{text!r} is no web address", text=text)
            if text
            else Message("there is no web address")
        )
        yield line.problem(
            "URL_FORM" if text else "URL_MISSING", "title_url", what, severity=Severity.ERROR
        )
