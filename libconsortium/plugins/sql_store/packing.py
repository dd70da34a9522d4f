"""Ways to pack bytes: quickly while they come, small when there is time."""

from __future__ import annotations

import bz2
import gzip
import lzma
import zlib
from collections.abc import Callable

try:  # the same format in a quarter of the time, where there is one for this machine
    from isal import isal_zlib as quick_zlib
except ImportError:
    quick_zlib = zlib  # type: ignore[misc] # it has the two functions used here

PLAIN = "plain"
"""Not packed, because packing made it no smaller."""

PACKED_START = b"\x1f\x8b"
"""How bytes begin that came packed."""

_BEST = 9
_QUICK = 1
_BROKEN: tuple[type[Exception], ...] = (  # type: ignore[assignment] # isal calls a class a value
    *(KeyError, OSError, ValueError, EOFError, zlib.error, lzma.LZMAError),
    quick_zlib.error,
)
_DICTIONARY_BYTES = 2**15  # zlib looks no further back
_LIKE = "zlib like "
_SLOWLY_UNPACKED = "lzma"
_WORTH_WAITING = 0.9
_WINDOWS = (2**12, 2**23)  # bytes: the least, and the most that unpacking needs


def quickly_packed(body: bytes) -> bytes:
    """Pack bytes as they come: what is gained by more work is gained later.

    >>> zlib.decompress(quickly_packed(b"dai " * 100)) == b"dai " * 100
    True
    """
    return quick_zlib.compress(body, _QUICK)


def unpacked(how: str, content: bytes, body_of: Callable[[str], bytes]) -> bytes | None:
    """Return bytes as they were, or ``None`` if they cannot be had again.

    Args:
        how: The way they are packed; empty for not at all.
        content: The packed bytes.
        body_of: Finds the bytes that others are packed like, by their hash.

    >>> unpacked("", b"abc", lambda name: b"")
    b'abc'
    """
    try:
        if how.startswith(_LIKE):
            inflater = zlib.decompressobj(zdict=_dictionary(body_of(how.removeprefix(_LIKE))))
            return inflater.decompress(content) + inflater.flush()
        return _WAYS[how](content)
    except _BROKEN:
        return None


def content_of(body: bytes, encoding: str) -> bytes | None:
    r"""Return what a server sent packed, unpacked; ``None`` if it is not packed like this.

    Args:
        body: The body as received; its size was found bearable when it came.
        encoding: How it came packed: ``gzip``, ``deflate`` or empty.

    >>> content_of(gzip.compress(gzip.compress(b"twice")), "gzip")
    b'twice'
    >>> content_of(zlib.compress(b"once"), "deflate")
    b'once'
    """
    if not encoding:
        return body
    try:
        content = gzip.decompress(body) if body.startswith(PACKED_START) else _inflated(body)
        return gzip.decompress(content) if content.startswith(PACKED_START) else content
    except (OSError, EOFError, zlib.error):
        return None


def _inflated(body: bytes) -> bytes:
    try:
        return zlib.decompress(body)
    except zlib.error:
        return zlib.decompress(body, -zlib.MAX_WBITS)


def smallest(body: bytes, like: tuple[str, bytes] | None) -> tuple[str, bytes]:
    """Return the way that packs bytes smallest, and the bytes so.

    What takes several times as long to unpack has to save a tenth: pages are read again and again.

    Args:
        body: The bytes.
        like: Hash and bytes of a page of the same source, whose words these share.

    >>> body = b"<dc:publisher>Nha xuat ban Mau</dc:publisher>"
    >>> smallest(body, ("5d41", body + b"<dc:type>Book</dc:type>"))[0]
    'zlib like 5d41'
    """
    ways = [("", body), ("zlib best", zlib.compress(body, _BEST))]
    if like is not None:
        name, other = like
        deflater = zlib.compressobj(_BEST, zdict=_dictionary(other))
        ways.append((_LIKE + name, deflater.compress(body) + deflater.flush()))
    best = min(ways, key=lambda way: len(way[1]))
    slow = _tightly_packed(body)
    return (_SLOWLY_UNPACKED, slow) if len(slow) < _WORTH_WAITING * len(best[1]) else best


def _tightly_packed(body: bytes) -> bytes:
    least, most = _WINDOWS
    window = min(max(least, len(body)), most)
    how = {"id": lzma.FILTER_LZMA2, "preset": 6, "dict_size": window, "nice_len": 273, "pb": 0}
    return lzma.compress(body, check=lzma.CHECK_NONE, filters=[how])


def _dictionary(body: bytes) -> bytes:
    return body[-_DICTIONARY_BYTES:]


_WAYS: dict[str, Callable[[bytes], bytes]] = {
    "": bytes,
    PLAIN: bytes,
    "zlib": quick_zlib.decompress,
    "zlib best": quick_zlib.decompress,
    _SLOWLY_UNPACKED: lzma.decompress,
    "bzip2": bz2.decompress,  # of stores packed before; four times as slow
}
