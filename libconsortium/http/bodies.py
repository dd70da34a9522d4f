"""What a response body holds: gzip and deflate undone, with caps and without trusting them."""

from __future__ import annotations

import zlib

from libconsortium.core.errors import PageRefusedError
from libconsortium.core.messages import Message

GZIP_START = b"\x1f\x8b"
_ZLIB_STARTS = (b"\x78\x01", b"\x78\x9c", b"\x78\xda")  # as every server's zlib begins
_GZIP = 16 + zlib.MAX_WBITS
_RATIO_FROM_BYTES = 2**20
_PIECE_BYTES = 2**16
_BLANKS = b"\xef\xbb\xbf \t\r\n\0"


class CutBodyError(Exception):
    """A body ended before its end; asking again may bring the whole.

    Args:
        reason: What is wrong with it.
        content: What could be unpacked before that.
    """

    def __init__(self, reason: Message, content: bytes = b"") -> None:
        """Keep what there is."""
        super().__init__(str(reason))
        self.reason = reason
        self.content = content


def packing_of(body: bytes, encoding: str) -> str:
    r"""Say how a body is packed, by its bytes: ``gzip``, ``deflate``, or empty if it is not.

    Args:
        body: The body as it came.
        encoding: What its header says.

    >>> packing_of(b"\x1f\x8b\x08", ""), packing_of(b"<a/>", "deflate"), packing_of(b"\x78\x9c", "")
    ('gzip', '', 'deflate')
    """
    if body.startswith(GZIP_START):
        return "gzip"
    is_packed = body.startswith(_ZLIB_STARTS) or (encoding == "deflate" and not is_plain(body))
    return "deflate" if body and is_packed else ""


def _window_bits(packed: bytes) -> int:
    """Return how zlib is told what comes: gzip, deflate with its head, or without it."""
    if packed.startswith(GZIP_START):
        return _GZIP
    has_head = packed[0] & 0x0F == zlib.DEFLATED and int.from_bytes(packed[:2]) % 31 == 0
    return zlib.MAX_WBITS if has_head else -zlib.MAX_WBITS


def is_plain(body: bytes) -> bool:
    r"""Say whether a body is text of markup, whatever its header says of a packing.

    >>> is_plain(b" <a/>"), is_plain(b"\x8b\x02")
    (True, False)
    """
    return body.lstrip(_BLANKS).startswith(b"<")


def content_of(
    body: bytes, packing: str, *, max_bytes: int, max_ratio: int
) -> tuple[bytes, CutBodyError | None]:
    """Unpack a body as far as it goes; return that, and what is wrong with it if anything is.

    Args:
        body: The body as it came.
        packing: How it is packed, see ``packing_of``.
        max_bytes: Largest result accepted.
        max_ratio: Largest expansion accepted once the result is above one mebibyte.

    Raises:
        PageRefusedError: The result is too large or expands too much (a bomb).

    >>> import gzip
    >>> content_of(gzip.compress(b"phai nhat"), "gzip", max_bytes=100, max_ratio=200)
    (b'phai nhat', None)
    """
    content = body
    try:
        if packing:
            content = unpacked(body, max_bytes=max_bytes, max_ratio=max_ratio)
        if packing and content.startswith(GZIP_START):  # by the program, then by the server
            content = unpacked(content, max_bytes=max_bytes, max_ratio=max_ratio)
    except CutBodyError as error:
        return error.content, error
    return content, None


def unpacked(packed: bytes, *, max_bytes: int, max_ratio: int) -> bytes:
    """Undo gzip or deflate, stopping as soon as the result is too large.

    Args:
        packed: The packed bytes.
        max_bytes: Largest result accepted.
        max_ratio: Largest expansion accepted once the result is above one mebibyte.

    Raises:
        PageRefusedError: The result is too large or expands too much (a bomb).
        CutBodyError: The packed bytes end too early or are damaged.

    >>> import gzip
    >>> unpacked(gzip.compress(b"phai nhat"), max_bytes=100, max_ratio=200)
    b'phai nhat'
    """
    result = bytearray()
    bits = _window_bits(packed)
    inflater = zlib.decompressobj(bits)
    for start in range(0, len(packed), _PIECE_BYTES):
        rest = packed[start : start + _PIECE_BYTES]
        while rest:
            if inflater.eof:
                if not rest.startswith(GZIP_START):  # zeros, or what a program wrote behind it
                    return bytes(result)
                inflater = zlib.decompressobj(bits)
            result += _inflated(inflater, rest, result)
            _check_size(len(result), start + _PIECE_BYTES, max_bytes, max_ratio)
            rest = inflater.unused_data if inflater.eof else inflater.unconsumed_tail
    while not inflater.eof and (more := _inflated(inflater, b"", result)):
        result += more
    if not inflater.eof:
        raise CutBodyError(Message("the packed body ends too early"), bytes(result))
    return bytes(result)


def _inflated(inflater: zlib._Decompress, packed: bytes, before: bytearray) -> bytes:
    """Unpack a piece; where it is damaged, tell what came before that, to the last byte."""
    again = inflater.copy()
    try:
        return inflater.decompress(packed, _PIECE_BYTES)
    except zlib.error as error:
        found = bytearray(before)
        try:
            for at in range(len(packed)):
                found += again.decompress(packed[at : at + 1], _PIECE_BYTES)
        except zlib.error:
            pass
        raise CutBodyError(Message("{error}", error=str(error)), bytes(found)) from error


def _check_size(size: int, packed_bytes: int, max_bytes: int, max_ratio: int) -> None:
    if size > max_bytes:
        raise PageRefusedError(
            "the answer is larger than {limit} bytes when unpacked; ask for smaller pages or raise"
            " the limit",
            limit=max_bytes,
        )
    if size > _RATIO_FROM_BYTES and size > max_ratio * packed_bytes:
        raise PageRefusedError(
            "the answer unpacks to more than {ratio} times its size, like a gzip bomb",
            ratio=max_ratio,
        )
