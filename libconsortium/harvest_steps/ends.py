"""The first and the last day or second that a list was asked for, which some servers leave out."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import attrs

from libconsortium.core.catalogue.records import RawRecord
from libconsortium.core.errors import DeadlineError, HarvestDeferredError
from libconsortium.core.harvest.proof import ListEvidence
from libconsortium.core.harvest.sources import is_day_form
from libconsortium.core.messages import Message
from libconsortium.harvest_steps.elsewhere import headers_of, not_received
from libconsortium.harvest_steps.habits import Habits
from libconsortium.harvest_steps.recovering import Recovery
from libconsortium.harvest_steps.windows import Window, between, moved, window_at

log = logging.getLogger(__name__)

_MIDNIGHT = "T00:00:00Z"
_DAY_SIZE = len("2026-01-31")


@attrs.frozen
class _End:
    """An end of a list's time, and the times around it in which its records are looked for.

    Args:
        at: The day or second.
        around: From and until, with what it shows of the server if its records are found there:
            that ``from``, or ``until``, leaves out its own day or second.
    """

    at: Window
    around: tuple[tuple[str, str, bool, bool], ...]


def bring_left_out(recovery: Recovery, window: Window, evidence: ListEvidence) -> Message | None:
    """Bring the records of both ends of a list's time, if the server leaves them out.

    Where none came of the first or the last day (or second) that somebody asked for, the list of
    identifiers of a day more tells whether there are any: ``until`` is taken for the first moment
    of its day by some servers, and by others for what is left out, and ``from`` as well.

    Args:
        recovery: Asks.
        window: The window of the list.
        evidence: What its pages have shown.

    Returns:
        What was left out, or ``None`` if nothing says so.
    """
    left_out: Message | None = None
    for end in _ends(recovery, window):
        if recovery.patience.is_over or recovery.habits.is_dateless:
            break
        if _is_given(end, evidence) or _is_to_come(end, evidence):
            continue
        try:
            found = _found(recovery, end, evidence)
        except (DeadlineError, HarvestDeferredError) as error:
            log.info("%s: %s is not looked for: %s", recovery.request.source, end.at, error)
            break
        if found:
            left_out = Message(
                "the server leaves out {count} records of {date}, though asked for them",
                count=len(found),
                date=end.at.since,
            )
            recovery.bring(end.at, found)
    return left_out


def _is_given(end: _End, evidence: ListEvidence) -> bool:
    """Say whether records of an end came, and not only those of the first moment of its day."""
    came = {evidence.earliest, evidence.latest} - {""}
    is_day = is_day_form(end.at.since)
    return any(end.at.holds(one) and not (is_day and one.endswith(_MIDNIGHT)) for one in came)


def _is_to_come(end: _End, evidence: ListEvidence) -> bool:
    return evidence.response_date[:_DAY_SIZE] < end.at.since[:_DAY_SIZE]


def _ends(recovery: Recovery, window: Window) -> Iterator[_End]:
    """Give both ends that somebody asked for; that of an update is our own, and early enough."""
    asked = recovery.running.request
    since = window.since if asked.since == asked.covers else ""
    for end, first in ((since, True), (window.until, False)):
        at = window_at(end, is_day_form=is_day_form(end)) if end else None
        if at is None:
            continue
        before, after = moved(at.since, -1), moved(at.since, 1)
        near = (before, at.since, True, False) if first else (at.since, after, False, True)
        yield _End(at, (near, (before, after, True, True)))


def _found(recovery: Recovery, end: _End, evidence: ListEvidence) -> tuple[RawRecord, ...]:
    """Return headers of an end's records that did not come; learn why they did not."""
    habits: Habits = recovery.habits
    everything = attrs.evolve(end.at, since="", until="")
    for since, until, is_since_left_out, is_until_left_out in end.around:
        part = between(everything, since, until, is_day_form=is_day_form(since))
        records = headers_of(recovery.identifiers, part) if part else ()
        held = [one for one in records if end.at.holds(one.datestamp)]
        held = [one for one in held if not evidence.is_later(one.datestamp)]
        if found := not_received(recovery.identifiers, part, held) if part and held else ():
            habits.excludes_since = habits.excludes_since or is_since_left_out
            habits.excludes_until = habits.excludes_until or is_until_left_out
            habits.are_ends_known = True
            return found
        if records:
            break
    return ()
