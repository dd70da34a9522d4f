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
        summary="A file or folder: MARCXML, ISO 2709, OAI-PMH responses, CSV, XLSX",
        harvest=_harvest,
    )


@hookimpl
def consortium_crosswalks() -> Iterator[Crosswalk]:
    """Yield the crosswalk for the rows of title lists."""
    yield Crosswalk(
        name="table",
        summary="Rows of a CSV file or spreadsheet, by their headings in English or Vietnamese",
        namespaces=(),
        formats=("table",),
        read=_read,
        fields=_fields,
    )


def _harvest(request: HarvestRequest) -> Iterator[HarvestPage]:
    from libconsortium.plugins.files.harvesting import harvest

    return harvest(request)


def _read(record: RawRecord) -> BibRecord:
    from libconsortium.plugins.files.rows import read

    return read(record)


def _fields(record: RawRecord) -> Iterable[tuple[str, str]]:
    from libconsortium.plugins.files.rows import fields

    return fields(record)
