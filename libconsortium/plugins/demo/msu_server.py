"""Serves an invented library with the package ``oai-repo``.

Its ways are worth meeting: it leaves deleted records out of ``ListRecords`` though it counts
them, and its list of identifiers does not say which are deleted.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import oai_repo
from lxml import etree

from libconsortium.plugins.demo.holdings import LIBRARIES, DemoRecord, holdings

PAGE_SIZE = 40
_DC = "http://purl.org/dc/elements/1.1/"
_OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"


class MsuServer:
    """Answers OAI-PMH requests of one library.

    Args:
        library: Id of the library.
        url: Its own base URL; ``localhost`` stands for the number, which the package refuses.
    """

    def __init__(self, library: str, url: str) -> None:
        """Prepare the answers."""
        data = _Data(library, url.replace("127.0.0.1", "localhost"))
        self._repository = oai_repo.OAIRepository(data)

    def answer(self, asked: Mapping[str, str]) -> bytes:
        """Answer a request's arguments with a document."""
        return bytes(self._repository.process(dict(asked)))


class _Data(oai_repo.DataInterface):  # type: ignore[misc] # the package has no types
    """The face that ``oai-repo`` asks for; its names are not ours to choose."""

    limit = PAGE_SIZE

    def __init__(self, library: str, url: str) -> None:
        self._library, self._url = library, url
        self._records = {record.identifier: record for record in holdings(library)}

    def get_identify(self) -> oai_repo.Identify:
        identify = oai_repo.Identify()
        identify.repository_name = LIBRARIES[self._library]
        identify.base_url = self._url
        identify.admin_email = [f"oai@{self._library}.example.org"]
        identify.deleted_record = "persistent"
        identify.granularity = "YYYY-MM-DDThh:mm:ssZ"
        first = min(record.datestamp for record in self._records.values())
        identify.earliest_datestamp = f"{first:%Y-%m-%dT%H:%M:%SZ}"
        return identify

    def is_valid_identifier(self, identifier: str) -> bool:
        return identifier in self._records

    def get_metadata_formats(self, identifier: str | None = None) -> list[oai_repo.MetadataFormat]:
        schema = "http://www.openarchives.org/OAI/2.0/oai_dc.xsd"
        return [oai_repo.MetadataFormat("oai_dc", schema, _OAI_DC)]

    def get_record_header(self, identifier: str) -> oai_repo.RecordHeader:
        record = self._records[identifier]
        status = "deleted" if record.is_deleted else None
        return oai_repo.RecordHeader(identifier, record.datestamp, [record.set_spec], status)

    def get_record_metadata(self, identifier: str, metadataprefix: str) -> etree._Element | None:
        fields = self._records[identifier].fields
        if fields is None:
            return None
        root = etree.Element(f"{{{_OAI_DC}}}dc", nsmap={"oai_dc": _OAI_DC, "dc": _DC})
        for name, texts in fields.items():
            for text in texts:
                etree.SubElement(root, f"{{{_DC}}}{name}").text = text
        return root

    def get_record_abouts(self, identifier: str) -> list[etree._Element]:
        return []

    def list_set_specs(
        self,
        identifier: str | None = None,
        cursor: int = 0,
    ) -> tuple[list[str], int, None]:
        specs = sorted({record.set_spec for record in self._records.values()})
        return specs, len(specs), None

    def get_set(self, setspec: str) -> oai_repo.Set:
        return oai_repo.Set(setspec, setspec, [])

    def list_identifiers(
        self,
        metadataprefix: str,
        filter_from: datetime | None = None,
        filter_until: datetime | None = None,
        filter_set: str | None = None,
        cursor: int = 0,
    ) -> tuple[list[str], int, None]:
        def is_chosen(record: DemoRecord) -> bool:
            return (
                (filter_set is None or record.set_spec == filter_set)
                and (filter_from is None or record.datestamp >= filter_from)
                and (filter_until is None or record.datestamp <= filter_until)
            )

        chosen = [name for name, record in self._records.items() if is_chosen(record)]
        return chosen[cursor : cursor + self.limit], len(chosen), None
