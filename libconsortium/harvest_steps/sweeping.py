"""The second proof: the server's own list of identifiers, compared with what is stored."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import attrs

from libconsortium.core.harvests import ODD_END, REFUSED
from libconsortium.core.messages import Message
from libconsortium.core.problems import Place, Problem, Severity
from libconsortium.core.records import HarvestPage, HarvestRequest, RawRecord
from libconsortium.store import Store

Harvest = Callable[[HarvestRequest], Iterable[HarvestPage]]
Keep = Callable[[HarvestPage], None]

_ASKED_ONE_BY_ONE = 1000
_GONE_AT_LEAST = 10
_GONE_PART = 5  # more than one in five listed without a record is not deletion, but a fault


@attrs.frozen(kw_only=True)
class Sweep:
    """What the second proof brought.

    Args:
        listed: How many identifiers the server lists.
        found: Identifiers the list had left out and that are stored now.
        gone: Identifiers listed for which the server gives no record; stored as tombstones.
        missing: Identifiers listed that could not be fetched.
        is_odd_end: The list of identifiers ended with a token that led to nothing.
    """

    listed: int = 0
    found: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    is_odd_end: bool = False


def sweep(request: HarvestRequest, harvest: Harvest, store: Store, keep: Keep) -> Sweep:
    """Ask for all identifiers, and for every record that the list left out.

    Args:
        request: What the list was asked for.
        harvest: The harvester's function.
        store: What is stored.
        keep: Keeps a page in the run; its number and token are set there.

    Raises:
        HarvestError: The identifiers cannot be listed, or a record cannot be asked for.
    """
    headers, is_odd_end = _listed(attrs.evolve(request, headers_only=True, token=""), harvest, keep)
    left_out = _left_out(headers, store, request.source)
    live = [header for header in left_out if not header.is_deleted]
    if len(live) > _ASKED_ONE_BY_ONE:
        return Sweep(listed=len(headers), missing=tuple(header.identifier for header in live))
    gone: list[str] = []
    most = max(_GONE_AT_LEAST, len(headers) // _GONE_PART)
    asked = attrs.evolve(request, identifiers=tuple(header.identifier for header in live), token="")
    for header, page in zip(live, harvest(asked) if live else (), strict=False):
        if any(problem.code == REFUSED for problem in page.problems):
            keep(page)
            continue  # the harvester raises next
        if not page.records:
            gone.append(header.identifier)
            if len(gone) > most:
                missing = tuple(one.identifier for one in live)
                return Sweep(listed=len(headers), missing=missing)
        keep(page if page.records else _as_tombstone(page, header))
    found = {header.identifier for header in left_out}.difference(gone)
    return Sweep(
        listed=len(headers), found=tuple(sorted(found)), gone=tuple(gone), is_odd_end=is_odd_end
    )


def _listed(
    request: HarvestRequest, harvest: Harvest, keep: Keep
) -> tuple[dict[str, RawRecord], bool]:
    """List the identifiers; keep the pages with the tombstones they tell of."""
    headers: dict[str, RawRecord] = {}
    is_odd_end = False
    for page in harvest(request):
        is_odd_end = any(problem.code == ODD_END for problem in page.problems)
        headers |= {record.identifier: record for record in page.records}
        keep(attrs.evolve(page, records=tuple(one for one in page.records if one.is_deleted)))
    return headers, is_odd_end


def _left_out(headers: dict[str, RawRecord], store: Store, source: str) -> list[RawRecord]:
    """Return the headers of which the store does not have the present state."""
    left = dict(headers)
    for record in store.records(source, deleted=True):
        header = left.get(record.identifier)
        if header is not None and record.datestamp >= header.datestamp:
            del left[record.identifier]
    return list(left.values())


def _as_tombstone(page: HarvestPage, header: RawRecord) -> HarvestPage:
    problem = Problem(
        code="LISTED_WITHOUT_RECORD",
        where=Place(source=header.source, record=header.identifier),
        what=Message("the server lists the identifier and gives no record for it; kept as deleted"),
        advice=Message("tell the server's administrator that deleted records are not marked"),
        severity=Severity.INFO,
    )
    tombstone = attrs.evolve(header, is_deleted=True, content=b"", namespace="")
    return attrs.evolve(page, records=(tombstone,), problems=(*page.problems, problem))
