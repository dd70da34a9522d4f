"""Files that are written whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from libconsortium.core.errors import StoreError


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """Open a file to be written; it takes its place when all is written, and not if that fails.

    Missing folders are made. What is no file, such as a pipe, is given everything as it comes.

    Args:
        path: The file; one that is there is replaced.

    Raises:
        StoreError: It cannot be written.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder, "new", "a.txt")
    ...     with whole_file(file) as out:
    ...         _ = out.write(b"all of it")
    ...     file.read_bytes()
    b'all of it'
    """
    is_passed_on = path.exists() and not (path.is_file() or path.is_dir())
    unfinished = path if is_passed_on else path.with_name(f"{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with unfinished.open("wb") as file:
                yield file
            if not is_passed_on:
                unfinished.replace(path)
        finally:
            if not is_passed_on:
                unfinished.unlink(missing_ok=True)
    except OSError as error:
        raise StoreError(
            "cannot write {path}: {reason}", path=path, reason=error.strerror or str(error)
        ) from error
