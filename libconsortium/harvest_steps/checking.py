"""Decides how a harvest ends: the proof that it is whole, or precisely what is missing."""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from libconsortium.core.harvest.proof import ListEvidence
from libconsortium.core.harvest.runs import RunStatus
from libconsortium.core.messages import Message
from libconsortium.harvest_steps.outcomes import Missing
from libconsortium.harvest_steps.recovering import Recovery, with_cause


@attrs.frozen(kw_only=True)
class Verdict:
    """Whether a harvest is whole.

    Args:
        status: How the run ends.
        reason: The proof, or what is wrong.
        missing: What is known to be missing.
    """

    status: RunStatus
    reason: Message
    missing: tuple[Missing, ...] = ()


def verdict_on(
    evidence: ListEvidence,
    why: Message | None,
    recovery: Recovery | None,
    *,
    received: int,
    announced: int | None,
) -> Verdict:
    """Say how a list ended.

    Args:
        evidence: What the pages of the list have shown.
        why: Why its pages were not enough; ``None`` if they prove it whole.
        recovery: What was done about that.
        received: Different records received in the run, those in quarantine included.
        announced: How many the source said there are, on any page of the run.
    """
    if why is None or recovery is None:
        return Verdict(status=RunStatus.COMPLETE, reason=evidence.proof)
    short = announced if announced is not None and announced > received else None
    if recovery.missing:
        return _incomplete(why, recovery, received=received, announced=short)
    if not recovery.is_listed_whole and short is not None:
        reason = Message(
            "{doubt}; all parts by date together gave {received} of {announced} announced",
            doubt=why,
            received=received,
            announced=short,
        )
        missing = (Missing(window="…/…", reason=reason),)
        return Verdict(status=RunStatus.INCOMPLETE, reason=reason, missing=missing)
    return Verdict(status=RunStatus.COMPLETE, reason=_second_proof(why, recovery))


def _incomplete(
    why: Message, recovery: Recovery, *, received: int, announced: int | None
) -> Verdict:
    reason = _gap(why, recovery.missing, recovery.listed)
    if announced is not None:
        reason = Message(
            "{gap}; {received} of {announced} records came",
            gap=reason,
            received=received,
            announced=announced,
        )
    return Verdict(status=RunStatus.INCOMPLETE, reason=reason, missing=tuple(recovery.missing))


def _gap(why: Message, missing: Sequence[Missing], listed: int) -> Message:
    records = [one for one in missing if one.identifier]
    parts = [one for one in missing if not one.identifier]
    if not parts:
        return Message(
            "{doubt}; {count} of the {listed} records it lists are missing",
            doubt=why,
            count=len(records),
            listed=listed,
        )
    if records:
        return Message(
            "{doubt}; {windows} parts of the list by date and {count} single records are missing",
            doubt=why,
            windows=len(parts),
            count=len(records),
        )
    if len(parts) > 1:
        return Message(
            "{doubt}; {windows} parts of the list by date are missing",
            doubt=why,
            windows=len(parts),
        )
    if parts[0].window in {"", "…/…"}:
        return with_cause(why, parts[0].reason)
    return Message(
        "{doubt}; only the records of {window} are missing", doubt=why, window=parts[0].window
    )


def _second_proof(why: Message, recovery: Recovery) -> Message:
    singly = recovery.singly
    if recovery.is_listed_whole and not recovery.listed:
        return Message("{doubt}; its list of identifiers is whole, and empty too", doubt=why)
    if recovery.is_listed_whole:
        return Message(
            "all {listed} identifiers that the server lists are accounted for ({windows} parts by"
            " date and {found} single records were fetched, {withheld} kept as deleted because it"
            " gives no record for them); its list of records alone was no proof: {doubt}",
            doubt=why,
            listed=recovery.listed,
            windows=recovery.windows,
            found=singly.found,
            withheld=singly.withheld,
        )
    return Message(
        "{doubt}; {windows} parts by date, each closed by its last page, and {found} single records"
        " make the list whole",
        doubt=why,
        windows=recovery.windows,
        found=singly.found,
    )


def with_quarantine(verdict: Verdict, count: int) -> Verdict:
    """Return the verdict on a harvest of which some records are in quarantine.

    >>> whole = Verdict(status=RunStatus.COMPLETE, reason=Message("all came"))
    >>> with_quarantine(whole, 2).status.name
    'COMPLETE_WITH_QUARANTINE'
    """
    if not count or verdict.status is not RunStatus.COMPLETE:
        return verdict
    return attrs.evolve(
        verdict,
        status=RunStatus.COMPLETE_WITH_QUARANTINE,
        reason=Message(
            "{proof}; {count} records came broken: their bytes are kept in quarantine, and they"
            " are asked for again in every harvest",
            proof=verdict.reason,
            count=count,
        ),
    )
