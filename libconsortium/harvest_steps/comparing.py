"""The full compare: what the server lists, what is stored, and what runs have seen.

Incremental lists do not tell of everything: many repositories drop withdrawn items without a
tombstone, and a record that leaves a set leaves its list. The list of all identifiers does tell,
and every identifier it no longer has is asked for singly before anything is called deleted.
"""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from libconsortium.contributions import Harvester
from libconsortium.core.catalogue.records import DeletionCause, RawRecord
from libconsortium.core.errors import HarvestError
from libconsortium.core.harvest.pages import HarvestPage
from libconsortium.core.harvest.proof import ListEvidence
from libconsortium.core.harvest.runs import HarvestRun, RunStatus
from libconsortium.core.harvest.sources import HarvestSource
from libconsortium.core.messages import Message
from libconsortium.core.problems import Place, Problem, Severity
from libconsortium.harvest_steps.checking import Verdict, with_quarantine
from libconsortium.harvest_steps.listing import Listing
from libconsortium.harvest_steps.one import Ending
from libconsortium.harvest_steps.outcomes import HarvestOutcome, HarvestWatch, Missing
from libconsortium.harvest_steps.recovering import Recovery
from libconsortium.harvest_steps.running import ENDS_ALL, Running
from libconsortium.harvest_steps.singly import Singly, tombstone_of
from libconsortium.harvest_steps.windows import Window
from libconsortium.registry import Registry
from libconsortium.store import Store

_PROOF = Message(
    "the server lists {listed} records; {found} were fetched because they differed,"
    " {gone} are gone, {moved} left the set, {kept} are not listed and still given"
)
_TOO_MANY = Message(
    "the server no longer lists {vanished} of {live} records; nothing was deleted: if that is"
    " right, run the same command with --compare --confirm-deletions"
)
_FEW_VANISHED = 10
_VANISHED_PART = 5  # more than one in five gone at once is confirmed by a person first


def compare_source(
    source: HarvestSource,
    store: Store,
    registry: Registry,
    watch: HarvestWatch,
    *,
    is_confirmed: bool = False,
) -> HarvestOutcome:
    """Compare everything that is stored of a source with its list of all identifiers.

    Records the store does not have, or has in another state, are fetched. Records the server no
    longer lists are asked for singly and become tombstones with their cause: no longer there, or
    no longer in the set. If more than one in five is no longer listed nothing is deleted unless
    that is confirmed.

    Args:
        source: What to compare.
        store: Where its records are.
        registry: Finds the source's harvester.
        watch: The clock, who hears of the progress, and who may stop it.
        is_confirmed: Somebody has said that very many records may be deleted.

    Raises:
        UnknownNameError: No plugin gives the source's harvester.
        StoreError: The source is being harvested already, or the store cannot be written.

    >>> from datetime import UTC, datetime
    >>> from libconsortium.testing import example_catalogue
    >>> watch = HarvestWatch(clock=lambda: datetime(2026, 1, 31, tzinfo=UTC))
    >>> with example_catalogue() as office:
    ...     source, _ = office.settings.sources()
    ...     _ = office.harvest()
    ...     lines = office.settings.path(source.name + ".csv")
    ...     _ = lines.write_text(lines.read_text("utf-8").rpartition("2,")[0], "utf-8")
    ...     outcome = compare_source(
    ...         source, office.store, office.registry, watch, is_confirmed=True
    ...     )
    >>> outcome.counts.deleted
    1
    """
    harvester = registry.find(Harvester, source.harvester)
    request = source.request()
    run = store.start_run(request, started=watch.clock())
    running = Running(source, store, harvester, watch, run, request)
    return Ending(running, Comparison(running, is_confirmed=is_confirmed)).run_through()


def is_comparison(run: HarvestRun) -> bool:
    """Say whether a run compared everything with the server's list of identifiers, and ended well.

    >>> from datetime import UTC, datetime
    >>> at = datetime(2026, 1, 31, tzinfo=UTC)
    >>> request = HarvestSource(name="a", member="a", url="https://a.example/oai").request()
    >>> is_comparison(
    ...     HarvestRun(number=1, request=request, status=RunStatus.COMPLETE, started=at)
    ... )
    False
    """
    proofs = [run.reason, dict(run.reason.values).get("proof")]
    return any(isinstance(one, Message) and one.template == _PROOF.template for one in proofs)


def is_refused_deletion(reason: Message) -> bool:
    """Say whether a comparison ended because it would have deleted very many records.

    >>> is_refused_deletion(_TOO_MANY), is_refused_deletion(_PROOF)
    (True, False)
    """
    return reason.template == _TOO_MANY.template


class Comparison(Listing):
    """Compares the list of identifiers with the store.

    Args:
        running: The run.
        is_confirmed: Very many records may be deleted.
    """

    def __init__(self, running: Running, *, is_confirmed: bool) -> None:
        """Prepare; nothing is asked yet."""
        super().__init__(running, ListEvidence())
        self.is_confirmed = is_confirmed
        self.gone = self.moved = self.kept = 0

    def run(self) -> Verdict:
        """List all identifiers, fetch what differs, find what is gone."""
        recovery = Recovery(self.running, self.request, self.evidence, is_day_form=self.is_day_form)
        self.recovery = recovery
        window = self._window()
        listed = recovery.identifiers.of(window)
        self.evidence = listed.evidence
        if not recovery.identifiers.is_proof(listed, None):
            return _not_whole(window, listed.error or self.evidence.doubt or self.evidence.proof)
        vanished = self._vanished(window)
        live = sum(one.live for one in self.running.store.record_counts(self.running.source.name))
        if len(vanished) > max(_FEW_VANISHED, live // _VANISHED_PART) and not self.is_confirmed:
            return _refused(len(vanished), live)
        recovery.listed = self.evidence.received
        recovery.fetch(window, listed.missing, listed=recovery.listed)
        self._look_for(vanished, recovery)
        self._look_for(self._withdrawn(listed.missing, recovery.singly), recovery)
        self._ask_again()
        return self._verdict(recovery)

    def _vanished(self, window: Window) -> list[RawRecord]:
        """Return what the list of identifiers should have had and has no longer."""
        return [
            attrs.evolve(record, content=b"")
            for record in self.running.store.unlisted(self.running.run.number)
            if window.holds(record.datestamp)
        ]

    def _verdict(self, recovery: Recovery) -> Verdict:
        if recovery.missing:
            why = Message("{count} pieces differ and could not be had", count=len(recovery.missing))
            return Verdict(status=RunStatus.INCOMPLETE, reason=why, missing=tuple(recovery.missing))
        running = self.running
        proof = Message(
            _PROOF.template,
            listed=recovery.listed,
            found=running.counts.new + running.counts.changed,
            gone=self.gone,
            moved=self.moved,
            kept=self.kept,
        )
        whole = Verdict(status=RunStatus.COMPLETE, reason=proof)
        return with_quarantine(whole, len(running.store.quarantine(running.source.name)))

    def _withdrawn(self, listed: Sequence[RawRecord], singly: Singly) -> list[RawRecord]:
        """Return what is in quarantine only, and no longer listed: it may never come whole."""
        store, name = self.running.store, self.running.source.name
        named = {one.identifier for one in listed}
        broken = [
            RawRecord(source=name, identifier=one.identifier)
            for one in store.quarantine(name)
            if one.is_named and one.identifier not in named
        ]
        lacking = store.match_headers(self.running.run.number, broken)
        works = lacking and singly.works_with(one.identifier for one in lacking)
        return list(lacking) if works else []

    def _look_for(self, vanished: list[RawRecord], recovery: Recovery) -> None:
        """Ask singly for what is no longer listed, and call deleted only what is not given."""
        if not vanished:
            return
        singly = recovery.singly
        reason = Message("no longer listed, and the server gives no single records")
        if not singly.works_with(record.identifier for record in vanished):
            recovery.missing += [
                Missing(identifier=record.identifier, reason=reason) for record in vanished
            ]
            return
        for record in vanished:
            asked = attrs.evolve(singly.request, identifiers=(record.identifier,))
            singly.asked.add(record.identifier)
            try:
                for page in self.running.pages(asked):
                    self._keep(record, page)
            except ENDS_ALL:
                raise
            except HarvestError as error:
                recovery.missing.append(Missing(identifier=record.identifier, reason=error.message))

    def _keep(self, record: RawRecord, page: HarvestPage) -> None:
        found = next((one for one in page.records if one.identifier == record.identifier), None)
        if any(one.identifier == record.identifier for one in page.quarantined):
            self.kept += 1  # it is given, though broken
        elif found is None:
            self.gone += 1
            tombstone = tombstone_of(record, DeletionCause.SWEEP)
            page = attrs.evolve(page, records=(tombstone,))
        elif found.is_deleted:
            self.gone += 1
        elif self._has_left(found):
            self.moved += 1
            tombstone = tombstone_of(found, DeletionCause.SET_MOVE)
            page = attrs.evolve(page, records=(tombstone,))
        else:
            self.kept += 1
            page = attrs.evolve(page, problems=(*page.problems, _not_listed(found)))
        self.running.keep(page)

    def _has_left(self, record: RawRecord) -> bool:
        wanted = self.running.source.set_spec
        return bool(wanted) and not any(
            one == wanted or one.startswith(f"{wanted}:") for one in record.sets
        )


def _not_whole(window: Window, reason: Message) -> Verdict:
    why = Message(
        "the list of identifiers is not whole, so nothing can be compared: {reason}",
        reason=reason,
    )
    return _incomplete(why, str(window))


def _refused(vanished: int, live: int) -> Verdict:
    return _incomplete(Message(_TOO_MANY.template, vanished=vanished, live=live), "…/…")


def _incomplete(reason: Message, window: str) -> Verdict:
    missing = Missing(window=window, reason=reason)
    return Verdict(status=RunStatus.INCOMPLETE, reason=reason, missing=(missing,))


def _not_listed(record: RawRecord) -> Problem:
    return Problem(
        code="GIVEN_WITHOUT_BEING_LISTED",
        where=Place(source=record.source, record=record.identifier),
        what=Message("the server gives the record and no longer lists it; it is kept"),
        advice=Message("tell the server's administrator that its index is not up to date"),
        severity=Severity.INFO,
    )
