"""Notices lists that never end."""

from __future__ import annotations

from collections import deque

from libconsortium import HarvestPage, RawRecord, TokenRefusedError

_LAPS = 3  # as many pages with the same records in a row mean that the list goes in a circle
_EMPTY_LAPS = 2000  # filtered lists may have many empty pages in a row


class Laps:
    """Notices that a list goes in a circle, from what its pages hold.

    The same token alone proves nothing: some servers keep one for a whole list.
    """

    def __init__(self) -> None:
        """Begin with a list of which nothing is known."""
        self._seen: set[tuple[str, int]] = set()
        self._last: deque[int] = deque(maxlen=_LAPS)
        self._empty = 0

    def check(self, page: HarvestPage) -> None:
        """Look at the next page of the list.

        Raises:
            TokenRefusedError: This page and the ones before say that the list never ends.
        """
        content = hash(tuple(_mark(record) for record in page.records))
        self._last.append(content)
        self._empty = 0 if page.records else self._empty + 1
        is_same = bool(page.records) and list(self._last) == [content] * _LAPS
        if self._empty > _EMPTY_LAPS:
            raise TokenRefusedError(
                "page {number}: the list goes on without end; {count} pages in a row are empty",
                number=page.number,
                count=self._empty,
            )
        if (page.token, content) in self._seen or is_same:
            raise TokenRefusedError(
                "page {number}: the list goes in a circle; the server repeats the token {token!r}",
                number=page.number,
                token=page.token,
            )
        self._seen.add((page.token, content))


def _mark(record: RawRecord) -> tuple[str, str]:
    return record.identifier, record.datestamp
