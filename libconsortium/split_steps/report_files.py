"""Writes a snapshot as a file, whole or not at all."""

from __future__ import annotations

from pathlib import Path

from libconsortium.contributions import Report, Snapshot
from libconsortium.core.errors import UnknownNameError
from libconsortium.files.whole_files import whole_file
from libconsortium.registry import Registry


def write_report(snapshot: Snapshot, report: str, path: Path, registry: Registry) -> Path:
    """Write a snapshot as a file.

    Args:
        snapshot: What to report.
        report: Name of the report: ``csv``, ``xlsx``, ``html`` or a plugin's.
        path: The file; missing folders are made.
        registry: Where reports are found.

    Returns:
        The path.

    Raises:
        UnknownNameError: No plugin gives the report, or it cannot write such a snapshot.
        StoreError: The file cannot be written.

    >>> from libconsortium import snapshot_of
    >>> from libconsortium.testing import example_office
    >>> with example_office() as office:
    ...     snapshot = snapshot_of(office, "split", office.split("csdl-vi-du-2025", 2025))
    ...     path = office.settings.path("reports/split.csv")
    ...     write_report(snapshot, "csv", path, office.registry).stat().st_size > 0
    True
    """
    found = registry.find(Report, report)
    if snapshot.kind not in found.kinds:
        raise UnknownNameError(
            "the report {report!r} cannot write a {kind!r}; it writes: {known}",
            report=report,
            kind=snapshot.kind,
            known=", ".join(sorted(found.kinds)),
        )
    with whole_file(path) as file:
        found.write(snapshot, file)
    return path
