"""Other ways in: folders of MARCXML, ISO 2709, OAI-PMH responses, and lists of titles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from libconsortium import (
    BibRecord,
    Crosswalk,
    Harvester,
    HarvestPage,
    HarvestRequest,
    RawRecord,
    hookimpl,
)


@hookimpl
def consortium_harvesters() -> Iterator[Harvester]:
    """Yield the harvester of files."""
    yield Harvester(
        name="files",
        summary="A file or folder: MARCXML, ISO 2709, OAI-PMH responses, CSV, XLSX, JSON Lines",
        harvest=_harvest,
    )


@hookimpl
def consortium_crosswalks() -> Iterator[Crosswalk]:
    """Yield the crosswalks for the rows of title lists, and of files that we write."""
    yield Crosswalk(
        name="table",
        version="3",
        summary="Rows of a CSV file or spreadsheet, by their headings in English or Vietnamese",
        namespaces=(),
        formats=("table",),
        read=_read,
        fields=_fields,
    )
    yield Crosswalk(
        name="record-row",
        summary="Rows of the JSON Lines and CSV files that 'libconsortium export' writes",
        namespaces=(),
        formats=("record-row",),
        read=_read_own,
    )


def _harvest(request: HarvestRequest) -> Iterator[HarvestPage]:
    from libconsortium.plugins.files.harvesting import harvest

    return harvest(request)


def _read(record: RawRecord) -> BibRecord:
    from libconsortium.plugins.files.rows import read

    return read(record)


def _read_own(record: RawRecord) -> BibRecord:
    from libconsortium.plugins.files.row_files import read

    return read(record)


def _fields(record: RawRecord) -> Iterable[tuple[str, str]]:
    from libconsortium.plugins.files.rows import fields

    return fields(record)
