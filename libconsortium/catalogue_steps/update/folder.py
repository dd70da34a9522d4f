"""The folder of the catalogue's files, beside the store: each is whole or not there.

A file is written under another name, forced onto the disk and renamed. Only then the store names
it; a file that the store does not name is swept away by the next run.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from hashlib import file_digest
from pathlib import Path
from typing import BinaryIO

import attrs

from libconsortium.core.errors import CatalogueError

_UNFINISHED = ".part"
_LOCK = ".lock"


@attrs.frozen(kw_only=True)
class Written:
    """A file that is on the disk.

    Args:
        name: Its name in the folder.
        size: Its size in bytes.
        sha256: SHA-256 of its bytes in hexadecimal.
    """

    name: str
    size: int
    sha256: str


@attrs.frozen
class CatalogueFolder:
    """A folder of files that are written once.

    Args:
        path: The folder; made when the first file is written.
    """

    path: Path

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other processes of this machine from writing here meanwhile.

        Raises:
            CatalogueError: Another process is at it.
        """
        self._make()
        try:
            import fcntl
        except ImportError:  # pragma: no cover - a system without such locks
            yield
            return
        with (self.path / _LOCK).open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise CatalogueError(
                    "another process is bringing the catalogue in {path} up to date; wait for it",
                    path=self.path,
                ) from None
            yield

    def write(self, kind: str, write: Callable[[BinaryIO], None]) -> Written:
        """Write a file, whole or not at all.

        Args:
            kind: Beginning of its name.
            write: Writes its content.

        Raises:
            CatalogueError: It cannot be written.
        """
        self._make()
        name = f"{kind}-{secrets.token_hex(6)}.parquet"
        unfinished = self.path / f"{name}{_UNFINISHED}"
        try:
            with unfinished.open("xb") as file:
                write(file)
                file.flush()
                os.fsync(file.fileno())
            with unfinished.open("rb") as file:
                written = Written(
                    name=name,
                    size=unfinished.stat().st_size,
                    sha256=file_digest(file, "sha256").hexdigest(),
                )
            unfinished.rename(self.path / name)
            self._force()
        except OSError as error:
            raise CatalogueError(
                "{path}: the file cannot be written: {reason}; look at the free space and the"
                " rights of the folder, then try again",
                path=unfinished,
                reason=error.strerror or error,
            ) from error
        return written

    def has(self, name: str, size: int) -> bool:
        """Return whether a file is there in its whole size."""
        path = self.path / name
        return path.is_file() and path.stat().st_size == size

    def sweep(self, named: Collection[str]) -> tuple[str, ...]:
        """Remove the files that nobody names: a process ended before it could name them.

        Args:
            named: The files that stay.

        Returns:
            The names of those that are gone, sorted.
        """
        if not self.path.is_dir():
            return ()
        orphans = sorted(
            path
            for path in self.path.iterdir()
            if path.name not in named and path.name.endswith((".parquet", _UNFINISHED))
        )
        for path in orphans:
            path.unlink()
        return tuple(path.name for path in orphans)

    def _make(self) -> None:
        try:
            self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise CatalogueError(
                "{path}: the folder of the catalogue cannot be made: {reason}",
                path=self.path,
                reason=error.strerror or error,
            ) from error

    def _force(self) -> None:
        handle = os.open(self.path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
