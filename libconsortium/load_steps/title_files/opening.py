"""Opens lists of titles, packed or not, and looks at how they begin."""

from __future__ import annotations

import gzip
import re
import zlib
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO, cast

from libconsortium.core.errors import ImportFileError

_LARGEST_UNPACKED = 2**32
_CHUNK = 2**20
_HEAD = 2**14
_PACKED = ".gz"
_TEXT = frozenset({".csv", ".json", ".jsonl", ".ndjson", ".ndj"})
_MARK = rb"(?:\xef\xbb\xbf)?\s*"
_MARC = re.compile(_MARK + rb'\[?\s*\{\s*(?:"leader"\s*:\s*"|[^{}]*"fullrecord"\s*:)')
"""MARC as JSON, and documents of a Solr index."""

_EXPORTED = re.compile(
    _MARK + rb"(?:source,identifier,datestamp,deleted,"
    rb'|\[?\s*\{\s*"source"\s*:\s*"(?:[^"\\]|\\.)*",\s*"identifier"\s*:)'
)
"""What `libconsortium export` writes as rows."""


def plain_name(path: Path) -> Path:
    """Return a file's path without the ending of what is packed.

    >>> plain_name(Path("a/tlu.csv.GZ")).name, plain_name(Path("tlu.csv")).name
    ('tlu.csv', 'tlu.csv')
    """
    return path.with_suffix("") if path.suffix.lower() == _PACKED else path


def opened(path: Path) -> BinaryIO:
    """Open a file, unpacked if it is packed with gzip.

    Raises:
        ImportFileError: It cannot be read, or unpacks to more than 4 GB.
    """
    try:
        return _unpacked(path) if path.suffix.lower() == _PACKED else path.open("rb")
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ImportFileError(
            "{path}: the file cannot be read: {reason}", path=path, reason=reason
        ) from error


def _unpacked(path: Path) -> BinaryIO:
    with ExitStack() as undo, gzip.open(path) as packed:
        file = cast("BinaryIO", undo.enter_context(TemporaryFile()))
        while chunk := packed.read(_CHUNK):
            if file.tell() + len(chunk) > _LARGEST_UNPACKED:
                message = "unpacks to more than 4 GB"
                raise OSError(message)
            file.write(chunk)
        undo.pop_all()  # who asked for it closes it
    file.seek(0)
    return file


def holds_records(path: Path, *, has_columns: bool) -> bool:
    """Say whether a text file holds whole records instead of rows with headings.

    Args:
        path: The file.
        has_columns: Somebody says what its headings mean; then only MARC is read as such.

    Raises:
        ImportFileError: It cannot be read.
    """
    if plain_name(path).suffix.lower() not in _TEXT:
        return False
    with opened(path) as file:
        head = file.read(_HEAD)
    is_exported = _EXPORTED.match(head) is not None and not has_columns
    return is_exported or _MARC.match(head) is not None
