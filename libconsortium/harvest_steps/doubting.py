"""A second look at lists that nothing contradicts, where servers may have ended them early."""

from __future__ import annotations

import logging

from libconsortium.core.errors import DeadlineError, HarvestDeferredError
from libconsortium.core.harvest.proof import ListEvidence
from libconsortium.core.messages import Message
from libconsortium.harvest_steps.identifiers import Listed
from libconsortium.harvest_steps.recovering import Recovery
from libconsortium.harvest_steps.windows import Window

log = logging.getLogger(__name__)


def contradiction(recovery: Recovery, window: Window, evidence: ListEvidence) -> Message | None:
    """Look at a list a second time, by its identifiers; say what it did not have.

    Where the server tells no number the first pages of other parts of its time are asked for; a
    list that is short, or begins to look wrong, is compared with all its identifiers. What the
    server cannot answer, or not in the time given, says nothing: the list was closed as it should
    be, and is believed, unless records came twice, or lacking ones were named before.

    Args:
        recovery: Asks.
        window: The window of the list.
        evidence: What its pages have shown.

    Returns:
        Why the list is not whole, or ``None`` if nothing says so.
    """
    try:
        listed = _listed(recovery, window, evidence)
        count = len(listed.missing)
        if not count and _may_go_on(window, evidence):
            count = _named_elsewhere(recovery, window, evidence, listed)
        later = 0 if count else _later(recovery, window, evidence)
    except (DeadlineError, HarvestDeferredError) as error:
        if evidence.is_unstable or recovery.identifiers.named:
            raise
        log.info("%s: no second look: %s", recovery.request.source, error)
        return None
    suspicion = evidence.suspicion or ""
    if later:
        return Message(
            "{suspicion}, and asked for what is newer it gives {count} that did not come",
            suspicion=suspicion,
            count=later,
        )
    if not count:
        return None
    return Message(
        "{suspicion}, and its identifiers tell of {count} that did not come",
        suspicion=suspicion,
        count=count,
    )


def _listed(recovery: Recovery, window: Window, evidence: ListEvidence) -> Listed:
    """List all identifiers if there are few, or the list looks wrong, and if need be in halves."""
    is_odd = evidence.is_unstable or bool(evidence.other_url)
    is_long = evidence.pages > 1 or evidence.is_abrupt
    if not (is_odd or (evidence.is_short and is_long)):
        return Listed()
    listed = recovery.identifiers.of(window)
    if not listed.missing and not listed.error and (evidence.is_abrupt or evidence.is_unstable):
        for half in recovery.identifiers.of_halves(window, listed):
            listed.missing += half.missing
        recovery.habits.ends_early = bool(listed.missing)
    return listed


def _named_elsewhere(
    recovery: Recovery, window: Window, evidence: ListEvidence, listed: Listed
) -> int:
    """Count the records that other parts of its time name first and the list did not have."""
    parts = recovery.identifiers.elsewhere(window, evidence, listed)
    count = len({one.identifier for part in parts for one in part.missing})
    if count:
        recovery.habits.ends_after = evidence.received
    return count


def _may_go_on(window: Window, evidence: ListEvidence) -> bool:
    """Say whether only its last page says that a list ends there; not for a page of changes."""
    return evidence.announced is None and not (window.since and evidence.pages == 1)


def _later(recovery: Recovery, window: Window, evidence: ListEvidence) -> int:
    """Count the records newer than all of the list, where its identifiers cannot be had."""
    may_go_on = evidence.is_abrupt or _may_go_on(window, evidence)
    if recovery.identifiers.are_given or not may_go_on:
        return 0
    count = recovery.dated.fetch_after(window, evidence.latest)
    if count:
        recovery.habits.ends_early = evidence.is_abrupt
        recovery.habits.ends_after = evidence.received
    return count
