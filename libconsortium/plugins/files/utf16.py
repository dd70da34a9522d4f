"""Gives files in UTF-16, as Windows programs write XML, in UTF-8."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryFile
from typing import BinaryIO

_CHUNK = 2**20
_STARTS = (
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
    (b"<\x00", "utf-16-le"),
    (b"\x00<", "utf-16-be"),
)
_DECLARED = re.compile(r"\s*<\?xml[^>]*\?>")  # names an encoding that is no longer so


@contextmanager
def in_utf8(file: BinaryIO) -> Iterator[BinaryIO]:
    r"""Give a file in UTF-8 if it is in UTF-16, else the file itself.

    Args:
        file: The file, at its beginning.

    >>> import io
    >>> text = '<?xml version="1.0" encoding="UTF-16"?><a>Sóng</a>'
    >>> with in_utf8(io.BytesIO(text.encode("utf-16"))) as found:
    ...     found.read().decode()
    '<a>Sóng</a>'
    """
    start = file.read(2)
    file.seek(0)
    encoding = next((name for mark, name in _STARTS if start == mark), "")
    if not encoding:
        yield file
        return
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    with TemporaryFile() as plain:
        first = _DECLARED.sub("", decoder.decode(file.read(_CHUNK)), count=1)
        plain.write(first.encode("utf-8", "replace"))
        while chunk := file.read(_CHUNK):
            plain.write(decoder.decode(chunk).encode("utf-8", "replace"))
        plain.seek(0)
        yield plain
