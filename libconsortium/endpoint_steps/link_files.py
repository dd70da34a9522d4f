"""Keeps the checks of a list of sites in a CSV file, and reads them back to go on or compare."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

from libconsortium.core.errors import ImportFileError
from libconsortium.core.harvest.links import LinkCause, LinkCheck, LinkState, Site
from libconsortium.core.harvest.sources import moment_of
from libconsortium.core.messages import Message
from libconsortium.files.tables import write_csv_for_excel
from libconsortium.files.whole_files import whole_text

FIELDS = (
    *("name", "url", "state", "cause", "status", "moved_to", "oai", "software"),
    *("seconds", "checked", "since", "said"),
)
"""The columns of the file."""


def link_row(check: LinkCheck) -> dict[str, object]:
    """Return a check as a row of plain values.

    >>> link_row(LinkCheck(site=Site(url="https://a.example/")))["state"]
    'not checked'
    """
    return {
        "name": check.site.name,
        "url": check.site.url,
        "state": check.state.value,
        "cause": check.cause.value,
        "status": check.status or "",
        "moved_to": check.moved_to,
        "oai": check.oai,
        "software": check.software,
        "seconds": round(check.seconds, 2),
        "checked": _written(check.checked),
        "since": _written(check.since),
        "said": str(check.said),
    }


def _written(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}" if moment else ""


def write_links(path: Path, checks: Iterable[LinkCheck]) -> None:
    """Write checks; the file is replaced as a whole, so that it is never half a file.

    Raises:
        StoreError: It cannot be written.

    >>> write_links(Path("/dev/null/all.csv"), [])
    Traceback (most recent call last):
    libconsortium.core.errors.StoreError: cannot write /dev/null/all.csv: ...
    """
    with whole_text(path) as out:
        write_csv_for_excel(out, FIELDS, map(link_row, checks))


def read_links(path: Path) -> dict[str, LinkCheck]:
    """Read the checks of an earlier run by address; none if there is no such file.

    Raises:
        ImportFileError: The file is something else.

    >>> read_links(Path("/nowhere/at/all.csv"))
    {}
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ImportFileError("{path} cannot be read: {reason}", path=path, reason=error) from error
    try:
        return {row["url"]: _check(row) for row in rows}
    except (KeyError, ValueError, TypeError) as error:
        raise ImportFileError(
            "{path} is there and is no list of checked sites; it is not overwritten", path=path
        ) from error


def _check(row: Mapping[str, str]) -> LinkCheck:
    return LinkCheck(
        site=Site(url=row["url"], name=row["name"]),
        state=LinkState(row["state"]),
        cause=LinkCause(row["cause"]),
        said=Message("{said}", said=row["said"]),
        status=int(row["status"] or 0),
        moved_to=row["moved_to"],
        oai=row["oai"],
        software=row["software"],
        seconds=float(row["seconds"] or 0),
        checked=moment_of(row["checked"]),
        since=moment_of(row["since"]),
    )
