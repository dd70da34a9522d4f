"""Reads a response body piece by piece: caps, deadline, and gzip undone without trusting it."""

from __future__ import annotations

import zlib

from libconsortium.core.errors import PageRefusedError

GZIP_START = b"\x1f\x8b"
_GZIP = 16 + zlib.MAX_WBITS
_RATIO_FROM_BYTES = 2**20
_PIECE_BYTES = 2**16


class CutBodyError(Exception):
    """A body ended before its end; asking again may bring the whole."""


def unpacked(packed: bytes, *, max_bytes: int, max_ratio: int) -> bytes:
    """Undo gzip, stopping as soon as the result is too large.

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
    inflater = zlib.decompressobj(_GZIP)
    try:
        for start in range(0, len(packed), _PIECE_BYTES):
            rest = packed[start : start + _PIECE_BYTES]
            while rest and not (inflater.eof and not rest.strip(b"\0")):  # zeros pad the end
                if inflater.eof:
                    inflater = zlib.decompressobj(_GZIP)
                result += inflater.decompress(rest, _PIECE_BYTES)
                _check_size(len(result), start + _PIECE_BYTES, max_bytes, max_ratio)
                rest = inflater.unused_data if inflater.eof else inflater.unconsumed_tail
        while not inflater.eof and (more := inflater.decompress(b"", _PIECE_BYTES)):
            result += more
    except zlib.error as error:
        raise CutBodyError(str(error)) from error
    if not inflater.eof:
        raise CutBodyError("the packed body ends too early")
    return bytes(result)


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
