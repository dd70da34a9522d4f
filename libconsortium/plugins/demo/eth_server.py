"""Serves an invented library with the package ``oaipmh``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from lxml import etree
from oaipmh import common, error
from oaipmh.metadata import MetadataRegistry
from oaipmh.server import BatchingServer, oai_dc_writer

from libconsortium.plugins.demo.holdings import LIBRARIES, DemoRecord, holdings

PAGE_SIZE = 25
_FORMAT = (
    "oai_dc",
    "http://www.openarchives.org/OAI/2.0/oai_dc.xsd",
    "http://www.openarchives.org/OAI/2.0/oai_dc/",
)


class EthServer:
    """Answers OAI-PMH requests of one library.

    Args:
        library: Id of the library.
        url: Its own base URL.
    """

    def __init__(self, library: str, url: str) -> None:
        """Prepare the answers."""
        formats = MetadataRegistry()
        formats.registerWriter("oai_dc", _write)
        repository = _Repository(library, url)
        self._server = BatchingServer(repository, formats, resumption_batch_size=PAGE_SIZE)

    def answer(self, asked: Mapping[str, str]) -> bytes:
        """Answer a request's arguments with a document."""
        return bytes(self._server.handleRequest(dict(asked)))


class _Repository:
    """The face that ``oaipmh`` asks for; its names are not ours to choose."""

    def __init__(self, library: str, url: str) -> None:
        self._library, self._url = library, url
        self._records = holdings(library)

    def identify(self) -> common.Identify:
        return common.Identify(
            repositoryName=LIBRARIES[self._library],
            baseURL=self._url,
            protocolVersion="2.0",
            adminEmails=[f"oai@{self._library}.example"],
            earliestDatestamp=_naive(min(record.datestamp for record in self._records)),
            deletedRecord="persistent",
            granularity="YYYY-MM-DDThh:mm:ssZ",
            compression=["identity"],
        )

    def listMetadataFormats(self, identifier: str | None = None) -> list[tuple[str, str, str]]:
        if identifier is not None:
            self._found(identifier)
        return [_FORMAT]

    def listSets(self, **_: Any) -> list[tuple[str, str, None]]:
        return [(name, name, None) for name in sorted({one.set_spec for one in self._records})]

    def listRecords(
        self,
        metadataPrefix: str,
        set: str | None = None,
        from_: datetime | None = None,
        until: datetime | None = None,
        cursor: int = 0,
        batch_size: int = PAGE_SIZE,
    ) -> list[tuple[common.Header, common.Metadata, None]]:
        _must_be_known(metadataPrefix)
        chosen = [
            record
            for record in self._records
            if (set is None or record.set_spec == set)
            and (from_ is None or _naive(record.datestamp) >= from_)
            and (until is None or _naive(record.datestamp) <= until)
        ]
        return [_parts(record) for record in chosen[cursor : cursor + batch_size]]

    def listIdentifiers(self, **asked: Any) -> list[common.Header]:
        return [header for header, _, _ in self.listRecords(**asked)]

    def getRecord(
        self,
        metadataPrefix: str,
        identifier: str,
    ) -> tuple[common.Header, common.Metadata, None]:
        _must_be_known(metadataPrefix)
        return _parts(self._found(identifier))

    def _found(self, identifier: str) -> DemoRecord:
        for record in self._records:
            if record.identifier == identifier:
                return record
        raise error.IdDoesNotExistError(identifier)


def _must_be_known(prefix: str) -> None:
    if prefix != _FORMAT[0]:
        raise error.CannotDisseminateFormatError(prefix)


def _parts(record: DemoRecord) -> tuple[common.Header, common.Metadata, None]:
    header = common.Header(
        None, record.identifier, _naive(record.datestamp), [record.set_spec], record.is_deleted
    )
    return header, common.Metadata(None, record.fields), None


def _write(element: etree._Element, metadata: common.Metadata) -> None:
    if metadata.getMap() is not None:  # the record without metadata stays without
        oai_dc_writer(element, metadata)


def _naive(moment: datetime) -> datetime:
    """Return the moment as ``oaipmh`` wants it: UTC that does not say so."""
    return moment.astimezone(UTC).replace(tzinfo=None)
