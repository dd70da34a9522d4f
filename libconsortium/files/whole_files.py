"""Files that are written whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from io import TextIOWrapper
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO, TextIO

from libconsortium.core.errors import StoreError

_DATABASE = b"SQLite format 3\0"
_OUTPUTS = {"/dev/stdout": 1, "/dev/stderr": 2}


@contextmanager
def whole_file(path: Path, *, private: bool = False) -> Iterator[BinaryIO]:
    """Open a file to be written; it takes its place when all is written, and not if that fails.

    Missing folders are made; a link stays and what it leads to is replaced. What is no file, such
    as a pipe, a device or the standard output, is given everything as it comes. A database is not
    replaced: nobody who names one as a target means it.

    Args:
        path: The file; one that is there is replaced.
        private: Only its owner may read it.

    Raises:
        StoreError: It cannot be written, or is a database.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder, "new", "a.txt")
    ...     with whole_file(file) as out:
    ...         _ = out.write(b"all of it")
    ...     file.read_bytes()
    b'all of it'
    """
    try:
        if str(path) in _OUTPUTS:  # opened by its name it would begin again where it points to
            with os.fdopen(os.dup(_OUTPUTS[str(path)]), "wb") as file:
                yield file
        elif path.exists() and not (path.is_file() or path.is_dir()):
            with path.open("wb") as file:
                yield file
        elif _is_database(path):
            raise StoreError(
                "{path} is a database and would be replaced; give another path", path=path
            )
        else:
            with _replaced_at_end(Path(os.path.realpath(path)), private=private) as file:
                yield file
    except BrokenPipeError:
        raise  # whoever reads has enough
    except OSError as error:
        if not _is_about(error, path):
            raise  # of another file, which was read meanwhile
        raise StoreError(
            "cannot write {path}: {reason}; look at the path, its rights and the free space",
            path=path,
            reason=error.strerror or str(error),
        ) from error


@contextmanager
def whole_text(path: Path) -> Iterator[TextIO]:
    r"""Open a file of UTF-8 text as ``whole_file`` does; the ends of lines are written as given.

    Args:
        path: The file; one that is there is replaced.

    Raises:
        StoreError: It cannot be written.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder, "a.txt")
    ...     with whole_text(file) as out:
    ...         _ = out.write("một\n")
    ...     file.read_text("utf-8")
    'một\n'
    """
    with whole_file(path) as file:
        text = TextIOWrapper(file, "utf-8", newline="")
        yield text
        text.detach()


def _is_about(error: OSError, path: Path) -> bool:
    """Say whether an error is of a file, its folder, or what stands for it until it is whole."""
    if error.filename is None:
        return True
    named, ours = os.path.realpath(str(error.filename)), os.path.realpath(path)
    return named.startswith(ours) or ours.startswith(named)


def _is_database(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(_DATABASE)) == _DATABASE


@contextmanager
def _replaced_at_end(path: Path, *, private: bool) -> Iterator[BinaryIO]:
    mode = 0o600 if private else 0o666
    path.parent.mkdir(parents=True, exist_ok=True)
    # A name of its own: two may write the same file at once, and nobody can lay a link there.
    unfinished = path.with_name(f"{path.name}.{token_hex(4)}.part")
    try:
        with open(unfinished, "xb", opener=partial(os.open, mode=mode)) as file:
            if not private and path.is_file():
                shutil.copymode(path, unfinished)  # who could not read it before cannot now
            yield file
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
