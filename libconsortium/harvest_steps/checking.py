"""Decides whether a harvest is whole; where its pages leave a doubt, the server is asked again."""

from __future__ import annotations

import attrs

from libconsortium.core.errors import HarvestDeferredError, HarvestError, HarvestStoppedError
from libconsortium.core.harvests import ListEvidence
from libconsortium.core.messages import Message
from libconsortium.core.records import HarvestRequest
from libconsortium.harvest_steps.sweeping import Harvest, Keep, Sweep, sweep
from libconsortium.store import RunStatus, Store


@attrs.frozen(kw_only=True)
class Verdict:
    """Whether a harvest is whole.

    Args:
        status: How the run ends.
        reason: The proof, or what is wrong.
        missing: Identifiers known to be missing.
    """

    status: RunStatus
    reason: Message
    missing: tuple[str, ...] = ()


def checked(
    evidence: ListEvidence, request: HarvestRequest, harvest: Harvest, store: Store, keep: Keep
) -> Verdict:
    """Look for the proof that a list is whole, and for a second one if its pages leave doubt.

    Args:
        evidence: What the pages of the list have shown.
        request: What the list was asked for.
        harvest: The harvester's function.
        store: What is stored.
        keep: Keeps a page of the second proof.
    """
    if not evidence.received and not request.since:
        known = sum(1 for _ in store.records(request.source))
        if known:
            return Verdict(
                status=RunStatus.INCOMPLETE,
                reason=Message(
                    "the server lists nothing now, and {known} records of it are stored; its set"
                    " or its index may be gone",
                    known=known,
                ),
            )
    is_empty = not evidence.received and not request.since
    doubt = Message("the server's list is empty") if is_empty else evidence.doubt
    if doubt is None:
        return _settled(evidence, evidence.proof)
    try:
        swept = sweep(request, harvest, store, keep)
    except (HarvestDeferredError, HarvestStoppedError):
        raise
    except HarvestError as error:
        return Verdict(
            status=RunStatus.INCOMPLETE,
            reason=Message(
                "{doubt}; its list of identifiers cannot settle it: {reason}",
                doubt=doubt,
                reason=error.message,
            ),
        )
    if not _is_proof(swept, evidence):
        return Verdict(
            status=RunStatus.INCOMPLETE,
            reason=Message(
                "{doubt}; its list of identifiers ends after {listed} and proves nothing",
                doubt=doubt,
                listed=swept.listed,
            ),
        )
    if swept.missing:
        return Verdict(
            status=RunStatus.INCOMPLETE,
            reason=Message(
                "{doubt}; {count} of the {listed} records it lists are missing",
                doubt=doubt,
                count=len(swept.missing),
                listed=swept.listed,
            ),
            missing=swept.missing,
        )
    return _settled(evidence, _second_proof(doubt, swept))


def _is_proof(swept: Sweep, evidence: ListEvidence) -> bool:
    """Say whether the list of identifiers is itself whole, as far as anybody can tell."""
    if swept.is_odd_end:
        return evidence.announced is None and swept.listed == evidence.received
    return swept.listed >= evidence.received


def _settled(evidence: ListEvidence, proof: Message) -> Verdict:
    if not evidence.unkept:
        return Verdict(status=RunStatus.COMPLETE, reason=proof)
    return Verdict(
        status=RunStatus.QUARANTINED,
        reason=Message(
            "{count} records without identifier could not be kept; {proof}",
            count=evidence.unkept,
            proof=proof,
        ),
    )


def _second_proof(doubt: Message, swept: Sweep) -> Message:
    return Message(
        "{doubt}; all {listed} identifiers it lists are stored ({found} that the list left out"
        " were fetched, {gone} kept as deleted because it gives no record for them)",
        doubt=doubt,
        listed=swept.listed,
        found=len(swept.found),
        gone=len(swept.gone),
    )
