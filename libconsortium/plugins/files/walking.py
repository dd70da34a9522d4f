"""Finds the files of a folder; what leads out of it is not followed."""

from __future__ import annotations

import gzip
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import BinaryIO

import attrs

from libconsortium import HarvestError, Message, Problem
from libconsortium.plugins.files.parts import not_read

_CHUNK = 2**20
_LARGEST_UNPACKED = 2**32


@attrs.frozen(kw_only=True)
class FoundFile:
    """One file to read.

    Args:
        path: Where it is.
        name: Its path from the folder, with ``/`` on every system; for messages and identifiers.
        archive: The ZIP file it was unpacked from; ``None`` if it lies there by itself.
    """

    path: Path
    name: str
    archive: Path | None = None

    @property
    def ending(self) -> str:
        """The ending of its name in small letters, without that of a packed file.

        >>> FoundFile(path=Path("a/B.XML.gz"), name="B.XML.gz").ending
        '.xml'
        """
        plain = self.name.lower().removesuffix(".gz")
        return Path(plain).suffix


@contextmanager
def unpacked_files(address: str) -> Iterator[tuple[tuple[FoundFile, ...], tuple[Problem, ...]]]:
    """Find the files at an address, those inside ZIP files too; these are unpacked meanwhile.

    A ZIP file that cannot be unpacked stays among the files, for its reader to refuse.

    Raises:
        HarvestError: There is nothing, or the address is none of a file.
    """
    files, problems = found_files(address)
    with TemporaryDirectory() as folder:
        given: list[FoundFile] = []
        for number, file in enumerate(files):
            inside = _unpacked(file, Path(folder, str(number))) if file.ending == ".zip" else ()
            given += inside or (file,)
        yield tuple(given), problems


def _unpacked(archive: FoundFile, folder: Path) -> tuple[FoundFile, ...]:
    """Unpack a ZIP file under names of our own; nothing if it is damaged, locked, or too large."""
    files: list[FoundFile] = []
    try:
        with zipfile.ZipFile(archive.path) as packed:
            members = [one for one in packed.infolist() if _is_file(one)]
            if sum(one.file_size for one in members) > _LARGEST_UNPACKED:
                return ()
            folder.mkdir()
            for member in sorted(members, key=lambda one: one.filename):
                file = FoundFile(
                    path=folder / f"{len(files)}{Path(member.filename).suffix}",
                    name=f"{archive.name}/{member.filename}",
                    archive=archive.path,
                )
                with packed.open(member) as content, file.path.open("wb") as unpacked:
                    shutil.copyfileobj(content, unpacked, _CHUNK)
                files.append(file)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, OSError):
        return ()
    return tuple(files)


def _is_file(member: zipfile.ZipInfo) -> bool:
    return not member.is_dir() and _is_meant(Path(member.filename))


def found_files(address: str) -> tuple[tuple[FoundFile, ...], tuple[Problem, ...]]:
    """Return the files at an address in the order of their names, and what was left out.

    Args:
        address: Path of a file or folder.

    Raises:
        HarvestError: There is nothing, or the address is none of a file.
    """
    if "://" in address or "\x00" in address:
        raise HarvestError(
            "{address} is no path; the harvester 'files' reads files and folders", address=address
        )
    root = Path(address)
    try:
        if root.is_file():
            return (FoundFile(path=root, name=root.name),), ()
        inside = sorted(path for path in root.rglob("*") if _is_meant(path.relative_to(root)))
        home = root.resolve(strict=True)
    except OSError as error:
        raise HarvestError(
            "cannot read {path}: {reason}", path=address, reason=error.strerror or str(error)
        ) from error
    files: list[FoundFile] = []
    problems: list[Problem] = []
    for path in inside:
        name = path.relative_to(root).as_posix()
        if not path.resolve().is_relative_to(home):
            problems.append(not_read(name, Message("the link leads out of the folder")))
        elif path.is_file():
            files.append(FoundFile(path=path, name=name))
    return tuple(files), tuple(problems)


def fingerprint(files: tuple[FoundFile, ...]) -> str:
    """Return a short text that changes when a file comes, goes or changes its size or time.

    >>> fingerprint(())
    'e3b0c442'
    """
    facts = sha256()
    for file in files:
        state = (file.archive or file.path).stat()
        facts.update(f"{file.name}\0{state.st_size}\0{state.st_mtime_ns}\0".encode())
    return facts.hexdigest()[:8]


class CutFileError(Exception):
    """A packed file breaks off."""


@contextmanager
def opened(file: FoundFile) -> Iterator[BinaryIO]:
    """Open a file, unpacked if it is packed with gzip.

    Raises:
        OSError: It cannot be read, is damaged, or unpacks to more than 4 GB.
        CutFileError: At the end: it breaks off, and what could be unpacked was given.
    """
    if not file.name.lower().endswith(".gz"):
        with file.path.open("rb") as plain:
            yield plain
        return
    with TemporaryFile() as unpacked, gzip.open(file.path) as packed:
        size = 0
        is_cut = False
        try:
            while chunk := packed.read1(_CHUNK):
                size += len(chunk)
                if size > _LARGEST_UNPACKED:
                    message = "unpacks to more than 4 GB"
                    raise OSError(message)
                unpacked.write(chunk)
        except EOFError:
            is_cut = True
        except zlib.error as error:
            raise OSError(str(error)) from error
        unpacked.seek(0)
        yield unpacked
        if is_cut:
            raise CutFileError


def _is_meant(path: Path) -> bool:
    return not any(part.startswith((".", "~$", "__MACOSX")) for part in path.parts)
