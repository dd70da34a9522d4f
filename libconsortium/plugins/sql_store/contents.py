"""The contents of records: in their pages if they stand there as they are, else in their rows."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select

from libconsortium import HarvestPage, StoreError
from libconsortium.plugins.sql_store import bodies
from libconsortium.plugins.sql_store.packing import content_of
from libconsortium.plugins.sql_store.schema import PAGE


class Contents:
    """Finds contents; one page is held unpacked, so who asks page by page asks cheaply.

    Args:
        connection: Where pages are read.
    """

    def __init__(self, connection: Connection) -> None:
        """Begin without a page."""
        self._connection = connection
        self._name = (0, 0)
        self._page = b""
        self._packed_like: dict[str, bytes] = {}

    def of(self, row: Any) -> bytes:  # noqa: ANN401 - a row of any query over records
        """Return the content of a record.

        Args:
            row: It has ``content``, ``start``, ``size``, ``page_run`` and ``page_number``.

        Raises:
            StoreError: The page is not there, or not what was received.
        """
        if not row.size:
            return bytes(row.content)
        return self.in_page(row.page_run, row.page_number, row.start, row.size)

    def in_page(self, run: int, number: int, start: int, size: int) -> bytes:
        """Return what stands in a page.

        Args:
            run: The page's run.
            number: Its number.
            start: Where it begins in the page unpacked.
            size: How many bytes it has.

        Raises:
            StoreError: The page is not there, or not what was received.
        """
        if (run, number) != self._name:
            self._page = self._unpacked(run, number)
            self._name = (run, number)
        return self._page[start : start + size]

    def _unpacked(self, run: int, number: int) -> bytes:
        page = self._connection.execute(
            select(PAGE.c.sha256, PAGE.c.encoding).where(PAGE.c.run == run, PAGE.c.number == number)
        ).one()
        body = bodies.read(self._connection, page.sha256, self._packed_like)
        content = content_of(body, page.encoding)
        if content is None:  # pragma: no cover - it was unpacked once, and has the same hash
            raise StoreError(
                "page {number} of run {run} cannot be unpacked", number=number, run=run
            )
        return content


def stand_in(page: HarvestPage) -> bool:
    """Say whether contents of records can be read from the body of a page."""
    if not page.content or not page.starts:
        return False
    return content_of(page.body, page.encoding) == page.content
