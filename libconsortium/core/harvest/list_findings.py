"""What the first pages of an endpoint's list tell of the harvest to come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import attrs

from libconsortium.core.harvest.endpoints import AskedPage, EndpointFacts, FormatSample
from libconsortium.core.harvest.sources import moment_of
from libconsortium.core.messages import Message
from libconsortium.core.problems import Place, Problem, Severity

_SHORT_LIFE = timedelta(minutes=5)
_GIVES_RECORDS = "records"
_EMPTY_IS_FINE = frozenset({"", "noRecordsMatch", "badArgument", _GIVES_RECORDS})


@attrs.frozen(kw_only=True)
class HarvestForecast:
    """How long a harvest of everything will take.

    Args:
        records: How many records the server says it has; ``None`` if it does not say.
        page_size: Records on the first page.
        seconds_per_page: How long a page took on average.
    """

    records: int | None
    page_size: int
    seconds_per_page: float

    @property
    def requests(self) -> int | None:
        """How many requests it takes; ``None`` if that cannot be said."""
        if self.records is None or not self.page_size:
            return None
        return -(-self.records // self.page_size)

    @property
    def minutes(self) -> float | None:
        """How many minutes it takes at the speed of the sample; ``None`` if unknown."""
        return None if self.requests is None else self.requests * self.seconds_per_page / 60


def forecast(sample: FormatSample) -> HarvestForecast | None:
    """Return how long a harvest will take by its first pages; ``None`` without any.

    >>> forecast(FormatSample(prefix="oai_dc")) is None
    True
    """
    if not sample.pages:
        return None
    first = sample.pages[0].page
    size = first.record_count
    return HarvestForecast(
        records=first.complete_list_size if first.token else size,
        page_size=size,
        seconds_per_page=sum(one.seconds for one in sample.pages) / len(sample.pages),
    )


def list_problems(facts: EndpointFacts) -> tuple[Problem, ...]:
    """Say what the first pages, and the answer to an empty window, warn of.

    >>> from datetime import UTC, datetime
    >>> from libconsortium.core.harvest.endpoints import EndpointIdentity
    >>> from libconsortium.core.harvest.sources import SourceDescription
    >>> identity = EndpointIdentity(
    ...     url="https://a.example/oai",
    ...     said=SourceDescription(name="", url=""),
    ...     received=datetime(2026, 1, 1, tzinfo=UTC),
    ... )
    >>> facts = EndpointFacts(identity=identity, empty_window="records")
    >>> [problem.code for problem in list_problems(facts)]
    ['IGNORES_DATES']
    """
    return tuple(_problems(facts))


def _problems(facts: EndpointFacts) -> Iterator[Problem]:
    url = facts.identity.url
    if facts.empty_window == _GIVES_RECORDS:
        what = Message("it gives records for a time in which nothing can have changed")
        advice = Message(
            "it ignores dates: every harvest will fetch everything; harvest less often"
        )
        yield _problem(url, "IGNORES_DATES", what, advice)
    elif facts.empty_window not in _EMPTY_IS_FINE:
        what = Message(
            "it answers {answer} when nothing has changed, instead of saying so",
            answer=facts.empty_window,
        )
        advice = Message("a harvest that finds nothing new will look like a failure")
        yield _problem(url, "EMPTY_WINDOW_FAILS", what, advice)
    yield from facts.failures
    for sample in facts.samples:
        yield from _sample(url, sample)


def _sample(url: str, sample: FormatSample) -> Iterator[Problem]:
    if sample.failure is not None:
        what = Message(
            "{prefix}: page {number}: {reason}",
            prefix=sample.prefix,
            number=len(sample.pages) + 1,
            reason=sample.failure,
        )
        advice = Message(
            "the harvest will try other ways; ask the administrator to look at its log"
        )
        yield _problem(url, "PAGE_FAILED", what, advice, Severity.ERROR)
    yield from _together([problem for asked in sample.pages for problem in asked.page.problems])
    if sample.pages and sample.pages[0].page.token:
        yield from _token(url, sample.pages)


def _together(problems: list[Problem]) -> Iterator[Problem]:
    """Yield the first problem of each kind, with how often it is there."""
    counts = Counter(problem.code for problem in problems)
    for code, count in counts.items():
        first = next(problem for problem in problems if problem.code == code)
        what = Message("{count} times, first: {what}", count=count, what=first.what)
        yield first if count == 1 else attrs.evolve(first, what=what)


def _token(url: str, pages: tuple[AskedPage, ...]) -> Iterator[Problem]:
    first = pages[0].page
    if first.complete_list_size is None:
        what = Message("it does not say how many records its list has")
        advice = Message("the end of a list is proved by its closing token alone")
        yield _problem(url, "NO_LIST_SIZE", what, advice, Severity.INFO)
    life = _life(pages[0])
    if life is not None and life < _SHORT_LIFE:
        what = Message(
            "its resumption tokens live for {seconds:.0f} seconds only",
            seconds=life.total_seconds(),
        )
        advice = Message("pages are fetched without waiting for anything; do not set wait_seconds")
        yield _problem(url, "SHORT_TOKEN_LIFE", what, advice)
    if len(pages) > 1:
        yield from _second(url, pages)


def _second(url: str, pages: tuple[AskedPage, ...]) -> Iterator[Problem]:
    first, second = pages[0].page, pages[1].page
    ask = Message(
        "ask the administrator to update the software; the harvest asks for spans of time instead"
    )
    before = {record.identifier for record in first.records}
    again = [record for record in second.records if record.identifier in before]
    if second.token == first.token:
        what = Message("its second page ends with the same token as the first: the list has no end")
        yield _problem(url, "SAME_TOKEN", what, ask, Severity.ERROR)
    elif again and len(again) == len(second.records):
        what = Message("its second page holds the records of the first once more")
        yield _problem(url, "SAME_PAGE", what, ask, Severity.ERROR)
    elif again:
        what = Message("{count} records of the first page are on the second too", count=len(again))
        advice = Message(
            "its order is not stable; leave compare_days as it is, a comparison finds what slipped"
        )
        yield _problem(url, "UNSTABLE_ORDER", what, advice)
    start = None if first.cursor is None else first.cursor + first.record_count
    if None not in (start, second.cursor) and second.cursor != start:
        what = Message(
            "the second page counts from {cursor}, where {expected} comes next",
            cursor=second.cursor,
            expected=start,
        )
        advice = Message("its cursor is not to be believed; the harvest proves its end otherwise")
        yield _problem(url, "ODD_CURSOR", what, advice, Severity.INFO)


def _life(asked: AskedPage) -> timedelta | None:
    """Return how long a token lives by the server's own clock, or ours; ``None`` if unsaid."""
    end = moment_of(asked.expires)
    if end is None:
        return None
    start = moment_of(asked.page.response_date) or asked.page.received
    return end - start


def _problem(
    url: str,
    code: str,
    what: Message,
    advice: Message,
    severity: Severity = Severity.WARNING,
) -> Problem:
    return Problem(code=code, where=Place(source=url), what=what, advice=advice, severity=severity)
