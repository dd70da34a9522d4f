"""Records asked for one by one: what comes is kept, what comes broken goes into quarantine."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

import attrs

from libconsortium.core.catalogue.records import DeletionCause, RawRecord
from libconsortium.core.errors import HarvestError
from libconsortium.core.harvest.pages import HarvestPage, HarvestRequest, Quarantined
from libconsortium.core.messages import Message
from libconsortium.core.problems import Place, Problem, Severity
from libconsortium.harvest_steps.outcomes import Missing
from libconsortium.harvest_steps.running import ENDS_ALL, Running, is_refused

log = logging.getLogger(__name__)

_MOST = 10_000  # in one run; the next one goes on with the rest
_NAMED = 1000  # so many missing records are named, the rest is counted
_AT_ONCE = 100
_MOST_FAILURES = 50  # in a row
_MOST_TRIED = 3  # before a source is taken for one that gives no single records
_WITHHELD_AT_LEAST = 10
_WITHHELD_PART = 5  # more than one in five listed without a record is not deletion, but a fault


@attrs.frozen(kw_only=True)
class _Failed:
    """A record that did not come: its header, why, and the page that came instead."""

    header: RawRecord
    reason: Message
    page: HarvestPage | None


class Singly:
    """Asks for records one by one.

    Args:
        running: The run.
        request: What its list was asked for.
    """

    def __init__(self, running: Running, request: HarvestRequest) -> None:
        """Prepare; nothing is asked yet."""
        self.running = running
        self.request = attrs.evolve(request, token="", since="", until="", attempts=2)
        self.found = 0
        self.withheld = 0
        self.asked: set[str] = set()
        self._works: bool | None = None

    def fetch(self, headers: Sequence[RawRecord], *, listed: int) -> list[Missing]:
        """Ask for records; keep what comes, and say what is missing after that.

        Args:
            headers: Their headers.
            listed: How many records the list has in which they stand.
        """
        left = deque(header for header in headers if not header.is_deleted)
        failed: list[_Failed] = []
        withheld: list[tuple[RawRecord, HarvestPage]] = []
        most_withheld = max(_WITHHELD_AT_LEAST, listed // _WITHHELD_PART)
        in_a_row = 0
        while left and len(self.asked) < _MOST and in_a_row < _MOST_FAILURES:
            some = tuple(header.identifier for header in islice(left, _AT_ONCE))
            refused: HarvestPage | None = None
            try:
                for page in self.running.pages(attrs.evolve(self.request, identifiers=some)):
                    if is_refused(page):
                        refused = page
                        continue  # the harvester raises next
                    header = left.popleft()
                    self.asked.add(header.identifier)
                    in_a_row = 0
                    self._works = True
                    if page.records or page.quarantined:
                        self.running.keep(page)
                        self.found += len(page.records)
                    else:
                        withheld.append((header, page))
                        if len(withheld) > most_withheld:
                            break
            except ENDS_ALL:
                self._keep_failed(failed)
                raise
            except HarvestError as error:
                header = left.popleft()
                self.asked.add(header.identifier)
                in_a_row += 1
                failed.append(_Failed(header=header, reason=error.message, page=refused))
                if not self.works():
                    break
            if len(withheld) > most_withheld:
                break
        missing = self._keep_withheld(withheld, most_withheld, failed)
        missing += self._keep_failed(failed)
        return missing + _rest(left)

    def _still_withheld(
        self, withheld: list[tuple[RawRecord, HarvestPage]], failed: list[_Failed]
    ) -> list[tuple[RawRecord, HarvestPage]]:
        """Ask once more for what was listed and not given: one answer may be a mishap."""
        still = []
        for header, _ in withheld:
            refused: HarvestPage | None = None
            asked = attrs.evolve(self.request, identifiers=(header.identifier,))
            try:
                for page in self.running.pages(asked):
                    if is_refused(page):
                        refused = page
                    elif page.records or page.quarantined:
                        self.running.keep(page)
                        self.found += len(page.records)
                    else:
                        still.append((header, page))
            except ENDS_ALL:
                self._keep_failed(failed)
                raise
            except HarvestError as error:
                failed.append(_Failed(header=header, reason=error.message, page=refused))
        return still

    def ask_again(self, headers: Sequence[RawRecord]) -> None:
        """Ask again for records in quarantine; those that do not come stay there.

        Args:
            headers: Their headers.
        """
        for header in headers[:_MOST]:
            asked = attrs.evolve(self.request, identifiers=(header.identifier,), attempts=1)
            self.asked.add(header.identifier)
            try:
                for page in self.running.pages(asked):
                    self.running.keep(page)
            except ENDS_ALL:
                raise
            except HarvestError as error:
                log.info("%s stays in quarantine: %s", header.identifier, error)

    def works_with(self, others: Iterable[str]) -> bool:
        """Say whether the source gives single records, by one that is not among some others.

        Args:
            others: Identifiers of records that may be gone.
        """
        gone = set(others)
        if self._works is None:
            known = (one for one in self._known() if one not in gone)
            self._works = any(map(self._gives, islice(known, _MOST_TRIED)))
        return self._works

    def _known(self) -> Iterator[str]:
        """Give identifiers of records that the source should give: live ones, then tombstones."""
        store, source = self.running.store, self.request.source
        yield from (one.identifier for one in store.records(source))
        for one in store.records(source, deleted=True):
            if one.is_deleted and one.cause is DeletionCause.HEADER:
                yield one.identifier

    def works(self) -> bool:
        """Say whether the source gives single records at all, by one that it gave before."""
        return self.works_with(())

    def _gives(self, known: str) -> bool:
        """Say whether the source gives a record; one that was deleted may be forgotten by now."""
        asked, is_given = attrs.evolve(self.request, identifiers=(known,)), False
        try:
            for page in self.running.pages(asked):
                self.running.keep(page)
                is_given = is_given or bool(page.records)
        except ENDS_ALL:
            raise
        except HarvestError as error:
            log.info("%s gives no single records: %s", self.request.source, error)
        return is_given

    def _keep_failed(self, failed: list[_Failed]) -> list[Missing]:
        """Put what came broken into quarantine; if nothing comes singly, it is only missing."""
        for one in failed:
            item = Quarantined(
                source=self.request.source,
                identifier=one.header.identifier,
                reason=one.reason,
                content=one.page.body if one.page else b"",
            )
            if one.page is not None:
                kept = (item,) if self._works else ()
                self.running.keep(attrs.evolve(one.page, quarantined=kept))
            elif self._works:
                self.running.store.add_to_quarantine(self.running.run.number, (item,))
        if self._works:
            return []
        return [Missing(identifier=one.header.identifier, reason=one.reason) for one in failed]

    def _keep_withheld(
        self, withheld: list[tuple[RawRecord, HarvestPage]], most: int, failed: list[_Failed]
    ) -> list[Missing]:
        if len(withheld) > most:
            reason = Message("the server lists the identifier and gives no record for it")
            return [Missing(identifier=header.identifier, reason=reason) for header, _ in withheld]
        still = self._still_withheld(withheld, failed)
        for header, page in still:
            self.running.keep(_as_tombstone(page, header))
        self.withheld += len(still)
        return []


def _rest(left: deque[RawRecord]) -> list[Missing]:
    reason = Message("the record was not asked for: too many are missing, or none came")
    named = [
        Missing(identifier=header.identifier, reason=reason) for header in islice(left, _NAMED)
    ]
    if len(left) > _NAMED:
        stamps = sorted(header.datestamp for header in left)
        more = Message("{count} more records are missing", count=len(left) - _NAMED)
        named.append(Missing(window=f"{stamps[0]}/{stamps[-1]}", reason=more))
    return named


def _as_tombstone(page: HarvestPage, header: RawRecord) -> HarvestPage:
    problem = Problem(
        code="LISTED_WITHOUT_RECORD",
        where=Place(source=header.source, record=header.identifier),
        what=Message("the server lists the identifier and gives no record for it; kept as deleted"),
        advice=Message("tell the server's administrator that deleted records are not marked"),
        severity=Severity.INFO,
    )
    tombstone = tombstone_of(header, DeletionCause.WITHHELD)
    return attrs.evolve(page, records=(tombstone,), problems=(*page.problems, problem))


def tombstone_of(record: RawRecord, cause: DeletionCause) -> RawRecord:
    """Return a record as deleted.

    >>> tombstone_of(RawRecord(source="a", identifier="1"), DeletionCause.SWEEP).cause.value
    'sweep'
    """
    return attrs.evolve(record, is_deleted=True, content=b"", namespace="", cause=cause)
