"""A second look at lists that nothing contradicts, where servers may have ended them early."""

from __future__ import annotations

import logging

from libconsortium.core.catalogue.records import RawRecord
from libconsortium.core.errors import DeadlineError, HarvestDeferredError
from libconsortium.core.harvest.proof import ListEvidence
from libconsortium.core.messages import Message
from libconsortium.core.problems import Place, Problem
from libconsortium.harvest_steps.elsewhere import named_elsewhere
from libconsortium.harvest_steps.identifiers import Listed
from libconsortium.harvest_steps.recovering import Recovery
from libconsortium.harvest_steps.running import Running
from libconsortium.harvest_steps.windows import Window

log = logging.getLogger(__name__)

_ENDS_EARLY = "LISTS_END_EARLY"


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
    try:
        found = _missing(recovery, window, evidence)
    except (DeadlineError, HarvestDeferredError) as error:
        if evidence.is_unstable or recovery.identifiers.named:
            raise
        log.info("%s: no second look: %s", recovery.request.source, error)
        return None
    if all(evidence.is_later(one.datestamp) for one in found):
        recovery.fetch(window, found, listed=evidence.received)
        return None
    return Message(
        "{suspicion}, and asked a second time it tells of {count} that did not come",
        suspicion=evidence.suspicion or "",
        count=len(found),
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
    if listed.missing or _is_page_of_changes(recovery.running, evidence):
        return listed.missing
    found = named_elsewhere(identifiers, window, evidence)
    if not all(evidence.is_later(one.datestamp) for one in found):
        habits.ends_early = evidence.is_abrupt
        habits.ends_after = evidence.received
        habits.names_after = listed.evidence.received or None
        if not _is_known_to_end_early(recovery.running):
            recovery.running.note(_ends_early(recovery.running, evidence))
    return found


def _is_page_of_changes(running: Running, evidence: ListEvidence) -> bool:
    """Say whether a list is one page of what is new, and nothing hints that it goes on."""
    is_update = running.request.since != running.request.covers
    is_page = evidence.pages == 1 and not evidence.is_abrupt
    return is_update and is_page and not _is_known_to_end_early(running)


def _is_known_to_end_early(running: Running) -> bool:
    return any(one.code == _ENDS_EARLY for one in running.store.problems(running.scope))


def _ends_early(running: Running, evidence: ListEvidence) -> Problem:
    return Problem(
        code=_ENDS_EARLY,
        where=Place(source=running.source.name),
        what=Message(
            "a list of {count} records ended though the server has more of what was asked for",
            count=evidence.received,
        ),
        advice=Message(
            "the rest is asked for in other ways, with many more requests; ask the server's"
            " administrator for lists that tell how many records they have, and go on to the last"
        ),
    )
