"""Gives files in UTF-8 that XML parsers cannot read as they are: UTF-16, GB 2312, TCVN."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryFile
from typing import BinaryIO
from xml.parsers import expat

from libconsortium import ImportFileError

_CHUNK = 2**20
_BEGINNING = 2**10
_STARTS = (
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
    (b"<\x00", "utf-16-le"),
    (b"\x00<", "utf-16-be"),
)
_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")  # names an encoding that is no longer so
_DECLARED = re.compile(rb"""<\?xml[^>]*\sencoding\s*=\s*["']([^"'>]+)""")


@contextmanager
def in_utf8(file: BinaryIO) -> Iterator[BinaryIO]:
    r"""Give a file in UTF-8 if no parser reads its encoding, else the file itself.

    Args:
        file: The file, at its beginning.

    Raises:
        ImportFileError: It declares an encoding that nobody knows, and is not in UTF-8.

    >>> import io
    >>> text = '<?xml version="1.0" encoding="UTF-16"?><a>Sóng</a>'
    >>> with in_utf8(io.BytesIO(text.encode("utf-16"))) as found:
    ...     found.read().decode()
    '<a>Sóng</a>'
    """
    start = file.read(_BEGINNING)
    file.seek(0)
    encoding = next((name for mark, name in _STARTS if start.startswith(mark)), "")
    unknown = "" if encoding else _unknown(start)
    if not encoding and not unknown:
        yield file
        return
    decoder = _decoder(encoding or unknown)
    with TemporaryFile() as plain:
        try:
            first = decoder.decode(file.read(_CHUNK)).removeprefix("\ufeff")
            plain.write(_DECLARATION.sub("", first, count=1).encode("utf-8", "replace"))
            while chunk := file.read(_CHUNK):
                plain.write(decoder.decode(chunk).encode("utf-8", "replace"))
        except UnicodeDecodeError as error:
            raise ImportFileError(
                "the file says that it is in {encoding}, which is not known; save it as UTF-8",
                encoding=unknown,
            ) from error
        plain.seek(0)
        yield plain


def _unknown(start: bytes) -> str:
    """Return the encoding that a file of XML declares, if the parser does not read it."""
    try:
        expat.ParserCreate().Parse(start[max(start.find(b"<"), 0) :])
    except (LookupError, ValueError):
        declared = _DECLARED.search(start)
        return declared[1].decode("latin-1") if declared else "utf-8"
    except expat.ExpatError:
        pass  # it is read to the mistake, and that is told
    return ""


def _decoder(encoding: str) -> codecs.IncrementalDecoder:
    try:
        b" ".decode(encoding, "replace")  # some codecs are of no texts: base64
        return codecs.getincrementaldecoder(encoding)("replace")
    except LookupError:
        return codecs.getincrementaldecoder("utf-8")()
