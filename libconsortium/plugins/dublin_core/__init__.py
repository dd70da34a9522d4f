"""Reads Dublin Core, simple, as OAI-PMH servers give it."""

from __future__ import annotations

from collections.abc import Iterator

from libconsortium import BibRecord, Crosswalk, RawRecord, hookimpl


@hookimpl
def consortium_crosswalks() -> Iterator[Crosswalk]:
    """Yield the crosswalk for oai_dc and for Dublin Core without its container."""
    yield Crosswalk(
        name="dublin-core",
        summary="Simple Dublin Core: fifteen elements, each repeatable",
        namespaces=(
            "http://www.openarchives.org/OAI/2.0/oai_dc/",
            "http://purl.org/dc/elements/1.1/",
            "",
        ),
        read=_read,
    )


def _read(record: RawRecord) -> BibRecord:
    from libconsortium.plugins.dublin_core.reading import read

    return read(record)
