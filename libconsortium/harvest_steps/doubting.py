"""A second look at lists that nothing contradicts, where servers may have ended them early."""

from __future__ import annotations

import logging

from libconsortium.core.catalogue.records import RawRecord
from libconsortium.core.errors import DeadlineError, HarvestDeferredError
from libconsortium.core.harvest.proof import ListEvidence
from libconsortium.core.messages import Message
from libconsortium.harvest_steps.elsewhere import named_elsewhere
from libconsortium.harvest_steps.habits import Habits, ended_early
from libconsortium.harvest_steps.identifiers import Listed
from libconsortium.harvest_steps.recovering import Recovery
from libconsortium.harvest_steps.running import Running
from libconsortium.harvest_steps.windows import Window

log = logging.getLogger(__name__)


def contradiction(recovery: Recovery, window: Window, evidence: ListEvidence) -> Message | None:
    """Look at a list a second time, by its identifiers; say what it did not have.

    The first pages of other parts of its time are asked for; a list that is short, or begins to
    look wrong, is compared with all its identifiers before. What the server cannot answer, or not
    in the time given, says nothing: the list was closed as it should be, and is believed, unless
    records came twice, or lacking ones were named before.

    Args:
        recovery: Asks.
        window: The window of the list.
        evidence: What its pages have shown.

    Returns:
        Why the list is not whole, or ``None`` if nothing says so.
    """
    known = _known_to_end(recovery.habits, evidence)
    try:
        found = _missing(recovery, window, evidence)
    except (DeadlineError, HarvestDeferredError) as error:
        if known is not None or evidence.is_unstable or recovery.identifiers.named:
            raise
        log.info("%s: no second look: %s", recovery.request.source, error)
        return None
    if all(evidence.is_later(one.datestamp) for one in found):
        recovery.fetch(window, found, listed=evidence.received)
        return known
    return Message(
        "{suspicion}, and asked a second time it tells of {count} that did not come",
        suspicion=evidence.suspicion or "",
        count=len(found),
    )


def _known_to_end(habits: Habits, evidence: ListEvidence) -> Message | None:
    """Return why a list is not believed by what was found out about others, or ``None``."""
    if evidence.announced is not None or not habits.may_end(evidence):
        return None
    return Message(
        "the list ends after {count} records, and others of this server ended too early",
        count=evidence.received,
    )


def _missing(recovery: Recovery, window: Window, evidence: ListEvidence) -> list[RawRecord]:
    """Return headers of records that did not come; learn how the lists of this server end."""
    habits, identifiers = recovery.habits, recovery.identifiers
    listed = Listed()
    is_odd = evidence.is_unstable or bool(evidence.other_url)
    if is_odd or (evidence.is_short and (evidence.pages > 1 or evidence.is_abrupt)):
        listed = identifiers.of(window)
    if evidence.is_unstable and not (listed.missing or listed.error):
        for half in identifiers.of_halves(window, listed):
            listed.missing += half.missing
    if listed.missing or _is_page_of_changes(recovery, evidence):
        return listed.missing
    found = named_elsewhere(identifiers, window, evidence)
    if not all(evidence.is_later(one.datestamp) for one in found):
        is_news = habits.ends_after is None or evidence.received < habits.ends_after
        habits.ends_early = evidence.is_abrupt
        habits.ends_after = evidence.received
        habits.names_after = listed.evidence.received or None
        if is_news:
            recovery.running.note(ended_early(recovery.running.source.name, evidence))
    return found


def _is_page_of_changes(recovery: Recovery, evidence: ListEvidence) -> bool:
    """Say whether a list is one page of what is new, and nothing hints that it goes on."""
    running = recovery.running
    is_update = running.request.since != running.request.covers
    is_page = evidence.pages == 1 and not evidence.is_abrupt
    is_hinted_at = recovery.habits.ends_after is not None or _is_full(running, evidence)
    return is_update and is_page and not is_hinted_at


def _is_full(running: Running, evidence: ListEvidence) -> bool:
    """Say whether a page has as many records as the first page of the longest list before had."""
    runs = [one for one in running.store.runs(running.source.name) if one.status.is_complete]
    longest = max(runs, key=lambda one: one.counts.records, default=None)
    first = next(running.store.pages(longest.number), None) if longest else None
    if first is None or not first.token:
        return False
    return evidence.first_size >= first.record_count
