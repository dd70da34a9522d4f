"""The columns of a KBART list, and which column of a file holds which.

Source: NISO RP-9-2014, KBART Phase II Recommended Practice, table of data fields.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from unicodedata import normalize

import attrs

from libconsortium import FileRefusedError, Message, Place, Problem, Severity

PHASE_I = (
    "publication_title", "print_identifier", "online_identifier", "date_first_issue_online",
    "num_first_vol_online", "num_first_issue_online", "date_last_issue_online",
    "num_last_vol_online", "num_last_issue_online", "title_url", "first_author", "title_id",
    "embargo_info", "coverage_depth", "notes", "publisher_name",
)  # fmt: skip
PHASE_II = (
    "publication_type", "date_monograph_published_print", "date_monograph_published_online",
    "monograph_volume", "monograph_edition", "first_editor", "parent_publication_title_id",
    "preceding_publication_title_id", "access_type",
)  # fmt: skip
_OTHER_NAMES = {
    "coverage_notes": "notes",  # its name in phase I
    "parent_publication_id": "parent_publication_title_id",
    "preceding_publication_id": "preceding_publication_title_id",
}
_LEAST = len(PHASE_I) // 2


@attrs.frozen(kw_only=True)
class Columns:
    """Which column of a file holds what.

    Args:
        at: Column by name, from 0.
        others: Columns that are not KBART's, by heading.
        is_phase_ii: Whether the list has columns of phase II.
        count: How many columns there are.
    """

    at: Mapping[str, int]
    others: Mapping[str, int]
    is_phase_ii: bool
    count: int

    def text(self, row: Sequence[object], name: str) -> str:
        """Return what a row says in a column; empty if there is none."""
        column = self.at.get(name, len(row))
        return normalize("NFC", str(row[column])).strip() if column < len(row) else ""

    def place(self, source: str, line: int, name: str = "") -> Place:
        """Return where a cell stands."""
        column = self.at.get(name, -1) + 1
        return Place(source=source, line=line, field=name, column=column)


def columns_of(headings: Sequence[object]) -> Columns:
    """Find the columns of a list.

    Args:
        headings: The first line.

    Raises:
        FileRefusedError: These are not the columns of a KBART list.

    >>> columns_of(["publication_title", *PHASE_I[1:], "oclc_number"]).others
    {'oclc_number': 16}
    """
    at: dict[str, int] = {}
    others: dict[str, int] = {}
    for column, cell in enumerate(headings):
        heading = str(cell).strip()
        bare = "_".join(heading.strip("\ufeff\"'").casefold().replace("-", "_").split())
        name = _OTHER_NAMES.get(bare, bare)
        if name in PHASE_I or name in PHASE_II:
            at.setdefault(name, column)
        elif heading:
            others[heading] = column
    found = [name for name in PHASE_I if name in at]
    if "publication_title" not in at or len(found) < _LEAST:
        raise _refusal(headings, found)
    filled = (*at.values(), *others.values())
    is_phase_ii = any(name in at for name in PHASE_II)
    return Columns(at=at, others=others, is_phase_ii=is_phase_ii, count=max(filled) + 1)


def column_problems(columns: Columns, source: str) -> Iterator[Problem]:
    """Yield the columns that are missing, and those that are not KBART's.

    >>> [problem.code for problem in column_problems(columns_of(PHASE_I[:-1]), "x.tsv")]
    ['COLUMN_MISSING', 'PHASE_I']
    """
    wanted = (*PHASE_I, *PHASE_II) if columns.is_phase_ii else PHASE_I
    for name in wanted:
        if name not in columns.at:
            yield Problem(
                code="COLUMN_MISSING",
                where=Place(source=source, line=1, field=name),
                what=Message("the column {name} is missing", name=name),
                advice=Message("ask the supplier for a complete KBART file"),
            )
    if not columns.is_phase_ii:
        yield Problem(
            code="PHASE_I",
            where=Place(source=source, line=1),
            what=Message("the list follows phase I of KBART: nothing is said of types and access"),
            advice=Message("ask the supplier for a list that follows phase II"),
            severity=Severity.INFO,
        )
    for heading, column in columns.others.items():
        yield Problem(
            code="COLUMN_UNKNOWN",
            where=Place(source=source, line=1, field=heading, column=column + 1),
            what=Message("this column is not KBART's; it is kept as it stands"),
            severity=Severity.INFO,
        )


def _refusal(headings: Sequence[object], found: Sequence[str]) -> FileRefusedError:
    shown = [str(cell).strip() for cell in headings if str(cell).strip()]
    return FileRefusedError(
        "NOT_KBART",
        Message(
            "this is no KBART list: of its 16 basic columns {found} are here; the first line"
            " holds {headings}",
            found=len(found),
            headings=", ".join(shown[:8]) + (", …" if len(shown) > 8 else ""),  # noqa: PLR2004 - enough to see
        ),
        Message("ask the supplier for its KBART file (tab-separated, UTF-8, phase II)"),
    )
