"""What is remarkable in how an endpoint introduces itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

from libconsortium.core.harvest.endpoints import EndpointIdentity
from libconsortium.core.harvest.sources import moment_of
from libconsortium.core.messages import Message
from libconsortium.core.problems import Place, Problem, Severity

_ENTITY = re.compile(r"&#?\w{2,8};")
_CLOCK = timedelta(minutes=5)
_SLOW_SECONDS = 10.0
_SECONDS_FORM = "YYYY-MM-DDThh:mm:ssZ"
_DAY_FORM = "YYYY-MM-DD"


def identity_problems(identity: EndpointIdentity) -> tuple[Problem, ...]:
    """Say what is remarkable in an endpoint's answer to ``Identify``.

    Source: OAI-PMH 2.0, section 4.2.

    >>> from datetime import UTC, datetime
    >>> from libconsortium.core.harvest.sources import SourceDescription
    >>> now = datetime(2026, 1, 31, 8, tzinfo=UTC)
    >>> said = SourceDescription(name="Thư viện", url="https://a.example/oai", deleted_records="no")
    >>> identity = EndpointIdentity(url="https://a.example/oai", said=said, received=now)
    >>> [problem.code for problem in identity_problems(identity)]
    ['NO_TOMBSTONES', 'ODD_GRANULARITY', 'ODD_EARLIEST', 'NO_RESPONSE_DATE', 'NOT_COMPRESSED']
    """
    return tuple(_problems(identity))


def _problems(identity: EndpointIdentity) -> Iterator[Problem]:
    yield from _address(identity)
    yield from _deletions(identity)
    yield from _dates(identity)
    yield from _clock(identity)
    if identity.is_repaired:
        yield _warning(identity, "ANSWER_REPAIRED", _REPAIRED, _REPAIRED_ADVICE)
    if not identity.is_packed:
        yield _info(identity, "NOT_COMPRESSED", _NOT_COMPRESSED, _COMPRESS)
    if identity.seconds > _SLOW_SECONDS:
        what = Message(
            "it took {seconds:.0f} seconds to introduce itself", seconds=identity.seconds
        )
        yield _warning(identity, "SLOW", what, _SLOW_ADVICE)
    if _ENTITY.search(identity.said.name):
        what = Message("its name holds entities: {name}", name=identity.said.name)
        yield _info(identity, "ENTITIES_IN_NAME", what, _NAME_ADVICE)


_REPAIRED = Message("its answers are not sound XML of OAI-PMH; they are repaired to be read")
_REPAIRED_ADVICE = Message("ask the administrator what stands before, after or around the XML")
_NOT_COMPRESSED = Message("it does not compress its answers")
_COMPRESS = Message("ask the administrator to switch on gzip; pages become ten times smaller")
_SLOW_ADVICE = Message("harvest at night, and give the source a longer timeout_seconds")
_NAME_ADVICE = Message("ask the administrator to write the name in plain letters (UTF-8)")


def _address(identity: EndpointIdentity) -> Iterator[Problem]:
    said, asked = urlsplit(identity.said.url), urlsplit(identity.url)
    if asked.scheme == "http":
        what = Message("it is asked without encryption")
        advice = Message("ask the administrator for https; anybody on the way can read and change")
        yield _info(identity, "NOT_ENCRYPTED", what, advice)
    same = (said.hostname, said.path.rstrip("/")) == (asked.hostname, asked.path.rstrip("/"))
    if identity.said.url and not same:
        what = Message(
            "it says that its address is {said}, and answers at {asked}",
            said=identity.said.url,
            asked=identity.url,
        )
        advice = Message("harvest the address that answers; ask the administrator to correct it")
        yield _warning(identity, "ANOTHER_BASE_URL", what, advice)


def _deletions(identity: EndpointIdentity) -> Iterator[Problem]:
    policy = identity.said.deleted_records
    compare = Message(
        "a harvest compares everything every 30 days and finds what vanished; leave compare_days so"
    )
    if policy == "no":
        what = Message("it does not tell of deletions: deleted records simply vanish")
        yield _warning(identity, "NO_TOMBSTONES", what, compare)
    elif policy == "transient":
        what = Message("it tells of deletions only for a while, or only of some")
        yield _warning(identity, "TRANSIENT_TOMBSTONES", what, compare)
    elif policy != "persistent":
        what = Message("it does not say whether it tells of deletions: {said!r}", said=policy)
        yield _warning(identity, "ODD_DELETION_POLICY", what, compare)


def _dates(identity: EndpointIdentity) -> Iterator[Problem]:
    granularity, earliest = identity.said.granularity, identity.said.earliest
    if granularity == _DAY_FORM:
        what = Message("its datestamps are days, not seconds")
        advice = Message("nothing is lost: every harvest asks for the last day once more")
        yield _info(identity, "DAY_GRANULARITY", what, advice)
    elif granularity != _SECONDS_FORM:
        what = Message(
            "its form of datestamps is none of the two allowed: {said!r}", said=granularity
        )
        advice = Message("harvest without from and until first, and look at the datestamps")
        yield _warning(identity, "ODD_GRANULARITY", what, advice)
    moment = moment_of(earliest)
    if moment is None or moment > identity.received:
        what = Message("its earliest datestamp cannot be: {said!r}", said=earliest)
        advice = Message("leave since of the source empty")
        yield _warning(identity, "ODD_EARLIEST", what, advice)


def _clock(identity: EndpointIdentity) -> Iterator[Problem]:
    advice = Message("harvests go by the server's own clock; ask the administrator to set it")
    difference = clock_difference(identity)
    if difference is None:
        what = Message("it does not say what time it is: {said!r}", said=identity.response_date)
        yield _warning(identity, "NO_RESPONSE_DATE", what, advice)
    elif abs(difference) > _CLOCK:
        minutes = difference.total_seconds() / 60
        what = Message("its clock differs from ours by {minutes:+.0f} minutes", minutes=minutes)
        yield _warning(identity, "CLOCK_DIFFERS", what, advice)


def clock_difference(identity: EndpointIdentity) -> timedelta | None:
    """Return how far the server's clock is ahead of ours; ``None`` if it does not say.

    >>> from datetime import UTC, datetime
    >>> from libconsortium.core.harvest.sources import SourceDescription
    >>> said = SourceDescription(name="", url="")
    >>> now = datetime(2026, 1, 31, 8, tzinfo=UTC)
    >>> identity = EndpointIdentity(
    ...     url="", said=said, received=now, response_date="2026-01-31T08:07:00Z"
    ... )
    >>> str(clock_difference(identity))
    '0:07:00'
    """
    moment = moment_of(identity.response_date)
    return None if moment is None else moment - identity.received


def _info(identity: EndpointIdentity, code: str, what: Message, advice: Message) -> Problem:
    where = Place(source=identity.url)
    return Problem(code=code, where=where, what=what, advice=advice, severity=Severity.INFO)


def _warning(identity: EndpointIdentity, code: str, what: Message, advice: Message) -> Problem:
    return Problem(code=code, where=Place(source=identity.url), what=what, advice=advice)
