"""Reads Dublin Core as OAI-PMH servers give it: simple, qualified, and what is built on it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from libconsortium import BibRecord, Crosswalk, RawRecord, hookimpl


@hookimpl
def consortium_crosswalks() -> Iterator[Crosswalk]:
    """Yield the crosswalk for oai_dc, qualified Dublin Core, ETD-MS and RIOXX."""
    yield Crosswalk(
        name="dublin-core",
        version="3",
        summary="Dublin Core: fifteen elements, the terms that refine them, ETD-MS, RIOXX",
        namespaces=(
            "http://www.openarchives.org/OAI/2.0/oai_dc/",
            "http://www.openarchives.org/OAI/2.0/oai_dcterms/",
            "http://purl.org/dc/elements/1.1/",
            "http://purl.org/dc/terms/",
            "http://dspace.org/qualifieddc/",
            "http://epubs.cclrc.ac.uk/xmlns/qdc/",
            "http://ns.nsdl.org/nsdl_dc_v1.02/",
            "http://worldcat.org/xmlschemas/qdc-1.0/",
            "http://www.ndltd.org/standards/metadata/etdms/1.0/",
            "http://www.ndltd.org/standards/metadata/etdms/1.0",
            "http://www.ndltd.org/standards/metadata/etdms/1-0/",
            "http://www.ndltd.org/standards/metadata/etdms/1.1/",
            "http://www.ndltd.org/standards/metadata/etdms/1-1/",
            "http://www.rioxx.net/schema/v2.0/rioxx/",
            "info:srw/schema/1/dc-schema",
            "",
        ),
        formats=("oai_dc", "qdc", "oai_qdc", "dcterms", "etdms", "oai_etdms", "rioxx"),
        read=_read,
        fields=_fields,
    )


def _read(record: RawRecord) -> BibRecord:
    from libconsortium.plugins.dublin_core.reading import read

    return read(record)


def _fields(record: RawRecord) -> Iterable[tuple[str, str]]:
    from libconsortium.plugins.dublin_core.reading import fields

    return fields(record)
