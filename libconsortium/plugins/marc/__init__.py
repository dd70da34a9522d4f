"""Reads MARC 21 and UNIMARC: MARCXML however it is wrapped, the older oai_marc, and ISO 2709."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from libconsortium import BibRecord, Crosswalk, RawRecord, hookimpl


@hookimpl
def consortium_crosswalks() -> Iterator[Crosswalk]:
    """Yield the crosswalk for MARC 21 and UNIMARC."""
    yield Crosswalk(
        name="marc",
        version="3",
        summary="MARC 21 or UNIMARC as MARCXML, MarcXchange, oai_marc or ISO 2709",
        namespaces=(
            "http://www.loc.gov/MARC21/slim",
            "info:lc/xmlns/marcxchange-v1",
            "info:lc/xmlns/marcxchange-v2",
            "http://www.openarchives.org/OAI/1.1/oai_marc",
            "http://www.openarchives.org/OAI/oai_marc",
        ),
        formats=(
            "marcxml", "marc21", "marc", "MARC21", "oai_marc", "marcxchange", "usmarc",
            "iso2709", "iso2709-latin1",
            "unimarc", "unimarcxml", "unimarcslim", "marcxml-unimarc", "rusmarc",
        ),
        read=_read,
        fields=_fields,
    )  # fmt: skip


def _read(record: RawRecord) -> BibRecord:
    from libconsortium.plugins.marc.reading import read

    return read(record)


def _fields(record: RawRecord) -> Iterable[tuple[str, str]]:
    from libconsortium.plugins.marc.reading import fields

    return fields(record)
