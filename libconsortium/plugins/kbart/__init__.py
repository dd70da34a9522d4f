"""Title lists in the form of KBART (NISO RP-9), phases I and II."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import BinaryIO

from libconsortium import TitleEvent, TitleListLoader, hookimpl


@hookimpl
def consortium_title_list_loaders() -> Iterable[TitleListLoader]:
    """Yield the loader of KBART lists."""
    yield TitleListLoader(
        name="kbart",
        summary="KBART title lists, phases I and II, as TSV, CSV or XLSX",
        recognises=_recognises,
        read=_read,
    )


def _recognises(start: bytes) -> bool:
    from libconsortium.plugins.kbart.reading import recognises

    return recognises(start)


def _read(source: str, file: BinaryIO) -> Iterator[TitleEvent]:
    from libconsortium.plugins.kbart.reading import read

    return read(source, file)
