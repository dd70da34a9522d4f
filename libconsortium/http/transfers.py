"""Receives a body as it comes, with what was wrong with its transfer.

HTTP says in three ways where a body ends: by its length, by its last chunk, by the end of the
connection; and gzip adds a checksum. Careless programs get each of them wrong. Who knows by the
content where a document ends can read it all the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import attrs
import requests
import urllib3

from libconsortium.http.bodies import CutBodyError

BREAKS = (requests.ConnectionError, requests.Timeout, urllib3.exceptions.HTTPError, CutBodyError)
"""What ends a transfer before its end."""

_PIECE_BYTES = 2**16
_TAIL_BYTES = 2**16
_MORE_SECONDS = 2.0
_BODILESS = frozenset({204, 304})


@attrs.define
class Ends:
    """Where documents end, by their content; and whether the lengths announced are believed.

    Args:
        closing: What closes a document; ``None`` if nobody can tell.
        reads_on: Read to the close of the document, or of the connection, whatever is announced.
        is_used_to_damage: A damaged transfer was taken before: it is the server's habit.
    """

    closing: re.Pattern[bytes] | None = None
    reads_on: bool = False
    is_used_to_damage: bool = False

    def is_whole(self, content: bytes) -> bool:
        """Say whether a document closes.

        Args:
            content: Its bytes, unpacked.

        >>> Ends(re.compile(b"</a>")).is_whole(b"<a></a> "), Ends().is_whole(b"<a></a>")
        (True, False)
        """
        return bool(self.closing and self.closing.search(content[-_TAIL_BYTES:]))

    def pieces(self, response: requests.Response) -> Iterator[bytes]:
        """Yield a body as it comes on the wire.

        Args:
            response: The response, of which nothing was read yet.
        """
        raw: Any = response.raw
        announced = raw.length_remaining if self.reads_on else None
        if announced is None or response.status_code in _BODILESS:
            while piece := raw.read1(_PIECE_BYTES, decode_content=False):
                yield piece
            return
        raw.length_remaining = None
        raw._fp.length = None  # noqa: SLF001 - there is no other way to doubt a length
        yield from self._beyond(raw, announced)

    def _beyond(self, raw: Any, announced: int) -> Iterator[bytes]:  # noqa: ANN401 - urllib3's
        """Yield a body to the close of its document, or until nothing more comes."""
        tail, came = b"", 0
        while not self.is_whole(tail):
            if came >= announced:
                _be_impatient(raw)
            try:
                piece = raw.read1(_PIECE_BYTES, decode_content=False)
            except urllib3.exceptions.ReadTimeoutError:
                if came < announced:
                    raise
                piece = b""
            if not piece:
                if came < announced:
                    raise urllib3.exceptions.IncompleteRead(came, announced - came)
                self.reads_on = came > announced
                return
            yield piece
            came += len(piece)
            tail = (tail + piece)[-_TAIL_BYTES:]


def _be_impatient(raw: Any) -> None:  # noqa: ANN401 - urllib3's
    """Wait only shortly for what a connection may still bring after all that was announced."""
    if raw._fp.fp is not None:  # noqa: SLF001 - no other way to it
        raw._fp.fp.raw.wait_at_most(_MORE_SECONDS)  # noqa: SLF001
