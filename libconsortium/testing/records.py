"""Holds crosswalks and harvesters to their promises on samples."""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from libconsortium import (
    BibRecord,
    ConsortiumError,
    Crosswalk,
    Harvester,
    HarvestPage,
    HarvestRequest,
    RawRecord,
)
from libconsortium.testing.promises import broken, promise


def check_crosswalk(crosswalk: Crosswalk, samples: Iterable[RawRecord]) -> None:
    """Check that a crosswalk reads samples steadily, and damaged ones without breaking.

    Args:
        crosswalk: The crosswalk.
        samples: Live records in its format; each is also read cut in the middle.

    Raises:
        BrokenPromiseError: Source or identifier got lost, two readings differ, or a damaged record
            raises something else than one of our errors.
    """
    for raw in samples:
        record = crosswalk.read(raw)
        promise(isinstance(record, BibRecord), crosswalk.name, "gives a BibRecord", raw, record)
        kept = (record.source, record.identifier) == (raw.source, raw.identifier)
        promise(kept, crosswalk.name, "source and identifier stay as they are", raw, record)
        again = crosswalk.read(raw)
        promise(again == record, crosswalk.name, "two readings agree", raw, again)
        _reads_damaged(crosswalk, raw)


def _reads_damaged(crosswalk: Crosswalk, raw: RawRecord) -> None:
    cut = attrs.evolve(raw, content=raw.content[: len(raw.content) // 2])
    try:
        crosswalk.read(cut)
    except ConsortiumError:
        return
    except Exception as error:
        raise broken(crosswalk.name, "damage gives one of our errors", cut, error) from error


def check_harvester(
    harvester: Harvester, request: HarvestRequest, *, most_pages: int = 1000
) -> None:
    """Check that a harvester's pages come in order, end, and come again the same.

    Args:
        harvester: The harvester.
        request: A complete harvest of a small source that stays as it is.
        most_pages: More pages than this count as a list without end.

    Raises:
        BrokenPromiseError: Pages are not numbered in order, do not end, or differ the second time.
    """
    first = _pages(harvester, request, most_pages)
    numbers = [page.number for page in first]
    expected = list(range(request.page_number, request.page_number + len(first)))
    promise(numbers == expected, harvester.name, "pages come in order", request, numbers)
    again = _records(_pages(harvester, request, most_pages))
    promise(_records(first) == again, harvester.name, "two harvests agree", request, again)


def _pages(harvester: Harvester, request: HarvestRequest, most: int) -> list[HarvestPage]:
    pages: list[HarvestPage] = []
    for page in harvester.harvest(request):
        pages.append(page)
        promise(len(pages) <= most, harvester.name, "a list ends", request, len(pages))
    return pages


def _records(pages: Iterable[HarvestPage]) -> list[tuple[str, bytes]]:
    return [(record.identifier, record.content) for page in pages for record in page.records]
