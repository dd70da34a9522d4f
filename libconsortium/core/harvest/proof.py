"""What the pages of one list prove, and what they do not: no end is believed without evidence."""

from __future__ import annotations

import attrs

from libconsortium.core.harvest.pages import HarvestPage
from libconsortium.core.harvest.sources import is_day_form, is_same_place
from libconsortium.core.messages import Message

REFUSED = "PAGE_REFUSED"
"""Code of the problem that marks a page kept as evidence only."""

_SHORT_LIST = 5000  # of so many a second look costs little
_ROUND = 10  # sizes of pages are multiples of it
_AT_THE_END = 3  # records, of which one may have been changed of late

ODD_END = "EMPTY_LAST_PAGE"
"""Code of the problem that marks a last page with nothing in it."""


@attrs.frozen(kw_only=True)
class ListEvidence:
    """What the pages of a list have shown so far; each page gives a new value.

    Args:
        response_date: ``responseDate`` of the first page, as written.
        announced: The number of records the server says the list has, as it said last.
        received: Records received, doubles counted once.
        is_ended: The last page closed the list.
        is_odd_end: The list ended with a token that led to nothing.
        has_gap: The server's cursor moved further than the records it gave.
        has_jump: After a full page it moved further by another full one: a page was left out.
        is_day_form: Whether datestamps are days; ``None`` while no record has been seen.
        unkept: Records that came and are in quarantine.
        pages: Sound pages.
        first_size: Records on the first page.
        last_size: Records on the last page.
        is_closed: The last page has a token element, which closes the list when it is empty.
        cursor: Where the next page has to begin by the page before, or ``None``.
        has_shrunk: The number announced fell from one page to the next: where records are taken
            out, those behind them move up, and one that comes next may be skipped.
        doubles: Records that came again in the same list; 0 for one that was begun again.
        is_broken: The list broke off after sound pages, at a token that leads nowhere.
        is_again: The list was begun again.
        earliest: The earliest datestamp that came; empty if none.
        latest: The latest.
        end: One from the end of the last page: the middle one of its last three.
        base_url: The base URL that the first page names; empty if none is known.
        other_url: The first one named after it by a page of another host or path.
    """

    response_date: str = ""
    announced: int | None = None
    received: int = 0
    is_ended: bool = False
    is_odd_end: bool = False
    has_gap: bool = False
    has_jump: bool = False
    is_day_form: bool | None = None
    unkept: int = 0
    pages: int = 0
    first_size: int = 0
    last_size: int = 0
    is_closed: bool = True
    cursor: int | None = None
    has_shrunk: bool = False
    doubles: int = 0
    is_broken: bool = False
    is_again: bool = False
    earliest: str = ""
    latest: str = ""
    end: str = ""
    base_url: str = ""
    other_url: str = ""

    def with_page(self, page: HarvestPage, *, doubles: int = 0) -> ListEvidence:
        """Return the evidence after one more page.

        Args:
            page: The page.
            doubles: How many of its records had been received before in the same run.

        >>> from datetime import UTC, datetime
        >>> page = HarvestPage(
        ...     number=1, url="", body=b"", received=datetime(2026, 1, 1, tzinfo=UTC), token="t"
        ... )
        >>> ListEvidence().with_page(page).is_ended
        False
        """
        codes = [problem.code for problem in page.problems]
        if REFUSED in codes:
            return self
        size = page.complete_list_size
        whole = {record.identifier for record in page.records}
        broken = len({one.identifier for one in page.quarantined} - whole)  # one may come twice
        came = len(page.records) + broken
        stamps = [record.datestamp for record in page.records if record.datestamp]
        end = sorted(stamps[-_AT_THE_END:])
        forms = {is_day_form(stamp) for stamp in stamps}
        if self.is_day_form is not None:
            forms.add(self.is_day_form)
        return attrs.evolve(
            self,
            response_date=self.response_date or page.response_date,
            announced=self.announced if size is None else size,
            received=self.received + came - doubles,
            is_ended=not page.token and not page.is_cut,
            is_odd_end=self.is_odd_end or ODD_END in codes,
            has_gap=self.has_gap or _is_more(page.cursor, self.cursor),
            has_jump=self.has_jump or self._is_jump(page.cursor),
            is_day_form=all(forms) if forms else None,
            unkept=self.unkept + broken,
            pages=self.pages + 1,
            first_size=self.first_size if self.pages else came,
            last_size=came,
            is_closed=page.has_token_element is not False or ODD_END in codes,
            cursor=None if page.cursor is None else page.cursor + came,
            has_shrunk=self.has_shrunk or _is_more(self.announced, size),
            doubles=0 if self.is_again else self.doubles + doubles,
            earliest=min({*stamps, self.earliest} - {""}, default=""),
            latest=max({*stamps, self.latest}),
            end=end[len(end) // 2] if end else self.end,
            base_url=self.base_url or page.base_url,
            other_url=self.other_url or self._other(page.base_url),
        )

    def _other(self, url: str) -> str:
        is_known = bool(self.base_url and url)
        return url if is_known and not is_same_place(url, self.base_url) else ""

    def _is_jump(self, cursor: int | None) -> bool:
        if cursor is None or self.cursor is None:
            return False
        return cursor - self.cursor >= self.last_size >= self.first_size > 0

    def again(self) -> ListEvidence:
        """Return the evidence with which the same list begins again from its first page."""
        return ListEvidence(
            response_date=self.response_date,
            announced=self.announced,
            received=self.received - self.unkept,
            is_day_form=self.is_day_form,
            is_again=True,
            base_url=self.base_url,
        )

    @property
    def is_as_announced(self) -> bool:
        """Whether as many records came as the server says there are.

        >>> ListEvidence(announced=5, received=5).is_as_announced
        True
        """
        return self.announced == self.received

    @property
    def is_unstable(self) -> bool:
        """Whether records came twice, so that others may have been skipped in their stead.

        >>> ListEvidence(received=9, doubles=1).is_unstable
        True
        """
        return bool(self.doubles) and not self.is_as_announced

    @property
    def is_abrupt(self) -> bool:
        """Whether the last page is full, as far as anybody can tell: the list may go on.

        >>> ListEvidence(pages=1, first_size=50, last_size=50).is_abrupt
        True
        """
        if self.pages > 1:
            return not self.has_natural_end
        return bool(self.first_size) and not self.first_size % _ROUND

    def is_later(self, datestamp: str) -> bool:
        """Say whether a record changed after the list had begun: the next harvest asks for it.

        Where all datestamps are later than that they say nothing.

        Args:
            datestamp: The record's.

        >>> evidence = ListEvidence(response_date="2026-01-31T08:00:00Z", earliest="2026-01-01")
        >>> evidence.is_later("2026-01-31"), evidence.is_later("2026-01-30")
        (True, False)
        """
        begun = self.response_date[: len(datestamp)]
        return bool(begun) and self.earliest[: len(datestamp)] < begun <= datestamp

    @property
    def is_short(self) -> bool:
        """Whether a second look at the whole list costs little.

        >>> ListEvidence(received=5000).is_short, ListEvidence(received=5001).is_short
        (True, False)
        """
        return self.received <= _SHORT_LIST

    @property
    def suspicion(self) -> Message | None:
        """What makes the end of a list worth a second look although nothing contradicts it.

        Servers end lists too early without a word: because they count wrong, give only so much at
        once, or take out records while the list is given.

        >>> str(ListEvidence(pages=1, received=50, first_size=50, last_size=50).suspicion)
        'the list ends after 50 records, a round number'
        """
        if self.is_unstable:
            return Message("{count} records came twice", count=self.doubles)
        if self.other_url:
            return Message(
                "the list began at {base_url} and a page of it is of {other_url}",
                base_url=self.base_url,
                other_url=self.other_url,
            )
        if self.is_short and self.pages == 1 and self.is_abrupt:
            return Message(
                "the list ends after {received} records, a round number", received=self.received
            )
        if self.announced is None and self.received:
            return Message("the server does not say how many records there are")
        return None

    @property
    def doubt(self) -> Message | None:
        """Why the end of the list needs a second proof; ``None`` if the pages prove it.

        >>> str(ListEvidence(announced=5, received=4, is_ended=True).doubt)
        'the server announced 5 records and gave 4'
        """
        if self.announced is not None and self.announced > self.received:
            return Message(
                "the server announced {announced} records and gave {received}",
                announced=self.announced,
                received=self.received,
            )
        if self.is_odd_end and self.announced is None:
            return Message("the list ended with a token that led to nothing")
        is_open = self.announced is None and self.pages > 1 and not self.is_closed
        if is_open and not self.has_natural_end:
            return Message("the list stops after a full page without saying that it ends")
        if self.has_gap:
            return Message("the server's cursor skipped records")
        if self.has_shrunk:
            return Message("the number of records fell while the list was given")
        return None

    @property
    def has_natural_end(self) -> bool:
        """Whether the last page is shorter than the first, as the end of a list mostly is.

        >>> ListEvidence(pages=3, first_size=100, last_size=20).has_natural_end
        True
        """
        return self.pages > 1 and self.last_size < self.first_size

    @property
    def proof(self) -> Message:
        """The proof that the list is whole, in plain words.

        >>> str(ListEvidence(announced=5, received=5, is_ended=True).proof)
        'the last page closes the list; 5 records received, 5 announced'
        """
        if not self.received and not self.announced:
            return Message("the list is whole and empty: there is nothing of what was asked for")
        if self.announced is None:
            return Message(
                "the last page closes the list; {received} records received, no number announced",
                received=self.received,
            )
        return Message(
            "the last page closes the list; {received} records received, {announced} announced",
            received=self.received,
            announced=self.announced,
        )


def _is_more(one: int | None, other: int | None) -> bool:
    return one is not None and other is not None and one > other
