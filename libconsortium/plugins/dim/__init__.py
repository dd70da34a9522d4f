"""Reads DSpace's own formats, in which every field keeps its qualifier: dim and xoai."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from libconsortium import BibRecord, Crosswalk, RawRecord, hookimpl


@hookimpl
def consortium_crosswalks() -> Iterator[Crosswalk]:
    """Yield the crosswalks for dim and for xoai, which say the same in two ways."""
    yield Crosswalk(
        name="dim",
        summary="DSpace Intermediate Metadata: every field of DSpace with its qualifier",
        namespaces=("http://www.dspace.org/xmlns/dspace/dim",),
        formats=("dim",),
        read=_read,
        fields=_fields,
    )
    yield Crosswalk(
        name="xoai",
        summary="DSpace's own OAI format: every field with its qualifier, and the files",
        namespaces=("http://www.lyncode.com/xoai",),
        formats=("xoai",),
        read=_read,
        fields=_fields,
    )


def _read(record: RawRecord) -> BibRecord:
    from libconsortium.plugins.dim.reading import read

    return read(record)


def _fields(record: RawRecord) -> Iterable[tuple[str, str]]:
    from libconsortium.plugins.dim.reading import fields

    return fields(record)
