"""A second look at lists that nothing contradicts, where servers may have ended them early."""

from __future__ import annotations

import logging

from libconsortium.core.errors import DeadlineError, HarvestDeferredError
from libconsortium.core.harvest.proof import ListEvidence
from libconsortium.core.messages import Message
from libconsortium.harvest_steps.recovering import Recovery
from libconsortium.harvest_steps.windows import Window

log = logging.getLogger(__name__)


def contradiction(recovery: Recovery, window: Window, evidence: ListEvidence) -> Message | None:
    """Ask for the identifiers, and for those of both halves; say what the list did not have.

    What the server cannot answer, or not in the time given, says nothing: the list was closed as it
    should be, and is believed, unless records came twice, or lacking ones were named before.

    Args:
        recovery: Asks.
        window: The window of the list.
        evidence: What its pages have shown.

    Returns:
        Why the list is not whole, or ``None`` if nothing says so.
    """
    try:
        count = _more(recovery, window, evidence)
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


def _more(recovery: Recovery, window: Window, evidence: ListEvidence) -> int:
    """Count the records that the server names and the list did not have."""
    listed = recovery.identifiers.of(window)
    count = len(listed.missing)
    if not count and not listed.error and _may_end_alike(evidence):
        count = sum(len(half.missing) for half in recovery.identifiers.of_halves(window, listed))
        recovery.habits.ends_early = bool(count)
    return count


def _later(recovery: Recovery, window: Window, evidence: ListEvidence) -> int:
    """Count the records newer than all of the list, where its identifiers cannot be had."""
    if recovery.identifiers.are_given or not evidence.is_abrupt:
        return 0
    count = recovery.fetch_after(window, evidence.latest)
    recovery.habits.ends_early = bool(count)
    return count


def _may_end_alike(evidence: ListEvidence) -> bool:
    """Say whether a list of identifiers may end too early for the same reason."""
    return evidence.is_abrupt or evidence.is_unstable
