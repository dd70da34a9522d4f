"""The source's own lists of identifiers, and what they prove.

A list of identifiers is asked for where a list of records is in doubt. It may itself be wrong:
then those of both halves of its time are asked for, and only lists that agree prove anything.
"""

from __future__ import annotations

import attrs

from libconsortium.core.catalogue.records import RawRecord
from libconsortium.core.errors import HarvestError
from libconsortium.core.harvest.pages import HarvestPage
from libconsortium.core.harvest.proof import ListEvidence
from libconsortium.core.harvest.sources import moment_of
from libconsortium.core.messages import Message
from libconsortium.harvest_steps.dated_lists import DatedLists
from libconsortium.harvest_steps.habits import Strays
from libconsortium.harvest_steps.running import ENDS_ALL
from libconsortium.harvest_steps.windows import Window, halves

_MOST_MISSING = 200_000
_MOST_REFUSALS = 2  # where no list of identifiers ever gave a page


@attrs.define(kw_only=True)
class Listed:
    """What a list of identifiers said.

    Args:
        evidence: What its pages show; different identifiers are counted once.
        missing: Headers of which the store does not have the present state.
        error: Why it could not be had to its end, or ``None``.
        is_broken: It broke off after sound pages.
        marks: Datestamps at both ends of its pages, by which its time can be divided.
        names: Hashes of all its identifiers.
    """

    evidence: ListEvidence = attrs.field(factory=ListEvidence)
    missing: list[RawRecord] = attrs.field(factory=list)
    error: Message | None = None
    is_broken: bool = False
    marks: list[str] = attrs.field(factory=list)
    names: set[int] = attrs.field(factory=set)

    def see(self, page: HarvestPage) -> None:
        """Note what the next page shows.

        Args:
            page: The page.
        """
        before = len(self.names)
        self.names.update(hash(one.identifier) for one in page.records)
        doubles = len(page.records) - (len(self.names) - before)
        self.evidence = self.evidence.with_page(page, doubles=doubles)
        stamps = [one.datestamp for one in page.records if one.datestamp]
        self.marks += stamps[:1] + stamps[-1:]


class Identifiers:
    """Lists the identifiers of windows, and judges what the lists prove.

    Args:
        dated: Knows what the server does with dates.
    """

    def __init__(self, dated: DatedLists) -> None:
        """Prepare; nothing is asked yet."""
        self.dated, self.running = dated, dated.running
        self.habits, self.patience = dated.habits, dated.patience
        self.request = attrs.evolve(dated.request, headers_only=True)
        self.named = 0
        self.lacking: dict[str, RawRecord] = {}
        self.behind: list[RawRecord] = []
        self.most_listed = 0
        self._refusals: list[Message] = []
        self.are_given = False

    # ------------------------------------------------------------ asking

    def of(self, window: Window) -> Listed:
        """List the identifiers of a window; keep the tombstones it tells of.

        A list of which records were taken out while it was given may have skipped others: it is
        asked for once more. A server that never gave one is soon not asked any more.

        Args:
            window: The window.
        """
        if self.is_refused:
            return Listed(error=self._refusals[0])
        listed = self._of(window)
        if listed.evidence.has_shrunk and listed.error is None:
            return self._of(window)
        return listed

    def of_halves(
        self, window: Window, listed: Listed, *, are_broken: bool = False
    ) -> list[Listed]:
        """List the identifiers of both halves of a window; none if it cannot be divided.

        Args:
            window: The window.
            listed: Its own list.
            are_broken: The second half is asked for only if the first one breaks off too.
        """
        found: list[Listed] = []
        self.dated.learn_ends()
        for part in self._halves(window, listed.evidence) or ():
            if found and are_broken and not found[0].is_broken:
                break
            found.append(self.of(attrs.evolve(part, asked_since="")))
        return found

    @property
    def is_refused(self) -> bool:
        """Whether lists of identifiers are not asked for any more: none ever came."""
        return len(self._refusals) >= _MOST_REFUSALS and not self.are_given

    def failed(self, error: HarvestError) -> None:
        """Note that a list of identifiers failed.

        Args:
            error: How.
        """
        self.patience.failed(error)
        self._refusals.append(error.message)

    def _of(self, window: Window) -> Listed:
        listed = Listed()
        strays = Strays(window)
        try:
            for page in self.running.pages(self.habits.dated(self.request, window)):
                listed.missing += self._lacking_of(page)
                strays.look(page)
                if len(listed.missing) > _MOST_MISSING:
                    listed.error = Message("it has too many records that are missing to hold them")
                    break
                listed.see(page)
                self.are_given = self.are_given or bool(page.records)
        except ENDS_ALL:
            raise
        except HarvestError as error:
            if self.habits.may_want_both(error, window):
                return self._of(window)
            self.failed(error)
            listed.error = error.message
            listed.is_broken = bool(listed.evidence.pages)
            self.habits.is_dateless = self.habits.is_dateless or strays.are_first
        else:
            self.patience.succeeded()
            self.habits.is_dateless = self.habits.is_dateless or strays.count > 0
            if self._is_refuted(window, listed.names):
                self.habits.names_after = listed.evidence.received
        return listed

    def _is_refuted(self, window: Window, names: set[int]) -> bool:
        """Say whether a list leaves out what lies behind the end of another one."""
        return any(
            window.holds(one.datestamp) and hash(one.identifier) not in names for one in self.behind
        )

    def _lacking_of(self, page: HarvestPage) -> list[RawRecord]:
        """Return the headers of live records that the store lacks; keep the tombstones."""
        lacking = self.running.store.match_headers(self.running.run.number, page.records)
        deleted = tuple(one for one in lacking if one.is_deleted)
        self.running.keep(attrs.evolve(page, records=deleted))
        live = [one for one in lacking if not one.is_deleted]
        self.named += len(lacking)
        self.lacking.update((one.identifier, one) for one in live)
        return live

    def _halves(self, window: Window, shown: ListEvidence) -> tuple[Window, Window] | None:
        low, high = moment_of(shown.earliest), moment_of(shown.latest)
        if low is None or high is None or self.habits.is_dateless:
            return None
        return halves(attrs.evolve(window, low=low, high=high), is_day_form=self.habits.is_day_form)

    # ------------------------------------------------------------ judging

    def settle(self, window: Window, listed: Listed, evidence: ListEvidence | None) -> bool:
        """Say whether a list of identifiers tells of all there is in a window.

        Args:
            window: The window.
            listed: The list; what only those of its halves name is added to what it misses.
            evidence: What the pages of the list of records have shown, if there were any.
        """
        if not self.is_proof(listed, evidence):
            return self._agree(window, listed, evidence)
        # Both lists may lead to nothing at the same place, before their end.
        may_end_alike = listed.evidence.is_odd_end or _is_met(listed, evidence)
        is_told = listed.evidence.announced is not None
        is_one_piece = is_told or not may_end_alike or self._halves(window, listed.evidence) is None
        return is_one_piece or self._agree(window, listed, evidence)

    def is_proof(self, listed: Listed, evidence: ListEvidence | None) -> bool:
        """Say whether a list of identifiers is itself whole, as far as anybody can tell.

        Args:
            listed: The list.
            evidence: What the pages of the list of records have shown, if there were any.
        """
        shown = listed.evidence
        received = evidence.received if evidence else 0
        if listed.error or not shown.is_ended or shown.received < received:
            return False
        if self.is_suspect(shown, has_names=True):
            return False
        if shown.has_shrunk or (shown.is_odd_end and shown.announced is None):
            return evidence is not None and shown.received == received
        is_short = shown.announced is not None and shown.announced > shown.received
        ends_by_itself = shown.has_natural_end and not (shown.is_odd_end or shown.has_jump)
        return shown.doubt is None or (is_short and ends_by_itself)

    def is_suspect(self, shown: ListEvidence, *, has_names: bool = False) -> bool:
        """Say whether a list that seems whole may not be so, by what this server did before.

        Args:
            shown: What its pages have shown.
            has_names: It is one of identifiers.
        """
        is_unstable = shown.is_unstable and not self.habits.is_dateless
        return is_unstable or self.habits.may_end(shown, has_names=has_names)

    def _agree(self, window: Window, listed: Listed, evidence: ListEvidence | None) -> bool:
        """Say whether the lists of both halves prove the whole, or know only what it knew."""
        if evidence is None or not _may_agree(listed, evidence):
            return False
        is_broken = listed.is_broken
        found = self.of_halves(window, listed, are_broken=is_broken)
        known = {header.identifier for header in listed.missing}
        listed.missing += [
            header for one in found for header in one.missing if header.identifier not in known
        ]
        names = set[int]().union(*(one.names for one in found))
        if not found or not listed.names <= names or self._is_refuted(window, names):
            return False
        more = len(names) - len(listed.names)
        if is_broken:  # it is the server's habit, or there is more behind it
            return all(one.is_broken and one.names for one in found) and not more
        if any(one.error for one in found):
            return False
        if all(self.is_proof(one, None) for one in found):
            self.most_listed = max(self.most_listed, len(names))
            return not (more and evidence.is_broken)
        return not more and all(one.names for one in found)


def _may_agree(listed: Listed, evidence: ListEvidence) -> bool:
    """Say whether a list of identifiers may be whole, in spite of how it ended."""
    if listed.evidence.received < evidence.received:
        return False
    if not listed.is_broken and (_is_met(listed, evidence) or not evidence.is_broken):
        return listed.error is None
    is_at_end = evidence.announced in {None, evidence.received}
    return listed.is_broken and evidence.is_broken and is_at_end


def _is_met(listed: Listed, evidence: ListEvidence | None) -> bool:
    """Say whether a list of identifiers ends where the list of records broke off, at a token."""
    if evidence is None or not evidence.is_broken:
        return False
    return listed.evidence.received == evidence.received
