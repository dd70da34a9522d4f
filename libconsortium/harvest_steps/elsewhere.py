"""Lists of other parts of a time, which name what lies behind an end that is none."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from itertools import islice

import attrs

from libconsortium.core.catalogue.records import RawRecord
from libconsortium.core.errors import HarvestError
from libconsortium.core.harvest.proof import ListEvidence
from libconsortium.harvest_steps.habits import Strays
from libconsortium.harvest_steps.identifiers import Identifiers
from libconsortium.harvest_steps.running import ENDS_ALL
from libconsortium.harvest_steps.windows import Window, between, moved

log = logging.getLogger(__name__)

_MOST_PAGES = 20  # of a list of a day or three


def named_elsewhere(
    identifiers: Identifiers, window: Window, evidence: ListEvidence
) -> list[RawRecord]:
    """Return headers of records that first pages of parts of a list name, and the list had not.

    A list that ends too early, and its identifiers at the same place, is shown so by few requests,
    in whatever order it is: what is behind its end stands first in what is as new as the newest
    that came or newer, or as old as the oldest or older, or among the few records of the time in
    which the list ends. Where no identifiers are given the records themselves are asked for.

    Args:
        identifiers: The lists of identifiers; what is found is counted among what they named.
        window: The window of the list.
        evidence: What its pages have shown.
    """
    habits, running = identifiers.habits, identifiers.running
    # Beyond the end of the list, and not so many that others find no room on the page.
    count = max(evidence.first_size // 3, 3)
    piece = running.store.around(running.source.name, evidence.end, count)
    found: dict[str, RawRecord] = {}
    for parts in (
        (piece,),
        (("", evidence.earliest), ("", moved(evidence.earliest, -1))),
        ((evidence.latest, ""), (moved(evidence.latest, 1), "")),
    ):
        for since, until in parts:
            part = between(window, since, until, is_day_form=habits.is_day_form)
            if part is None or habits.is_dateless:
                break
            records = headers_of(identifiers, part, is_first_page=True)
            if not records and (since, until) == parts[0]:  # some had come: it cannot be empty
                identifiers.dated.learn_ends()
                records = headers_of(identifiers, part, is_first_page=True)
            found |= {one.identifier: one for one in not_received(identifiers, part, records)}
            if len(records) < evidence.first_size:
                break  # else what it has of that one day or second may hide the rest
    identifiers.named += len(found)
    identifiers.behind += found.values()
    identifiers.lacking |= {name: one for name, one in found.items() if not one.is_deleted}
    return list(found.values())


def headers_of(
    identifiers: Identifiers, part: Window, *, is_first_page: bool = False
) -> tuple[RawRecord, ...]:
    """Return the headers of a part of a list: those of its identifiers, or else of its records.

    Args:
        identifiers: The lists of identifiers.
        part: The part.
        is_first_page: Only its first page is asked for.
    """
    only = is_first_page
    records = () if identifiers.is_refused else _listed(identifiers, part, is_first_page=only)
    if records or identifiers.are_given:
        return records
    return _listed(identifiers, part, is_first_page=only, headers_only=False)


def not_received(
    identifiers: Identifiers, part: Window, records: Sequence[RawRecord]
) -> tuple[RawRecord, ...]:
    """Return what the run has not received; not tombstones, if only identifiers tell of them.

    Args:
        identifiers: The lists of identifiers.
        part: The part of the list in which the records are.
        records: Their headers.
    """
    running = identifiers.running
    found = running.store.not_received(running.run.number, records)
    if not found or not all(one.is_deleted for one in found):
        return found
    page = _listed(identifiers, part, is_first_page=True, headers_only=False)
    given = {one.identifier for one in page}
    return tuple(one for one in found if one.identifier in given)


def _listed(
    identifiers: Identifiers, part: Window, *, is_first_page: bool, headers_only: bool = True
) -> tuple[RawRecord, ...]:
    """Ask for a list, keep it as evidence, and return what stands on it."""
    running, habits = identifiers.running, identifiers.habits
    request = attrs.evolve(
        identifiers.request, headers_only=headers_only, first_page_only=is_first_page
    )
    strays = Strays(part)
    records: list[RawRecord] = []
    try:
        for page in islice(running.pages(habits.dated(request, part)), _MOST_PAGES):
            # What is broken on it was told by its own list, or will be.
            running.keep(attrs.evolve(page, records=(), quarantined=(), problems=()))
            strays.look(page)
            records += page.records
    except ENDS_ALL:
        raise
    except HarvestError as error:
        if habits.may_want_both(error, part):
            return _listed(
                identifiers, part, is_first_page=is_first_page, headers_only=headers_only
            )
        identifiers.failed(error)
        log.info("%s: nothing of %s: %s", running.source.name, part, error)
        return ()
    habits.is_dateless = habits.is_dateless or strays.count > 0
    if headers_only:
        identifiers.are_given = identifiers.are_given or bool(records)
    return tuple(records)
