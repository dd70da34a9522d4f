"""Reads MODS, version 3."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from libconsortium import BibRecord, Crosswalk, RawRecord, hookimpl


@hookimpl
def consortium_crosswalks() -> Iterator[Crosswalk]:
    """Yield the crosswalk for MODS."""
    yield Crosswalk(
        name="mods",
        version="2",
        summary="MODS 3: a MARC-like description in words",
        namespaces=("http://www.loc.gov/mods/v3", "http://www.loc.gov/mods/"),
        formats=("mods",),
        read=_read,
        fields=_fields,
    )


def _read(record: RawRecord) -> BibRecord:
    from libconsortium.plugins.mods.reading import read

    return read(record)


def _fields(record: RawRecord) -> Iterable[tuple[str, str]]:
    from libconsortium.plugins.mods.reading import fields

    return fields(record)
