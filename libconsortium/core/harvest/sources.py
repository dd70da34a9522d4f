"""Sources to harvest: how each is asked, and from where the next harvest goes on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from urllib.parse import urlsplit, urlunsplit

import attrs

from libconsortium.core.errors import SettingsError
from libconsortium.core.harvest.pages import HarvestRequest

_SECRET_PARAMETER = re.compile(
    r"((?:^|[&;])(?:(?:customer|requestor)_id|(?:api_?)?key|(?:access_?|auth_?)?token|password|passwd"
    r"|pwd|secret|sig(?:nature)?|sid|(?:php|asp\.net_|j)?sess(?:ion)?_?id)=)[^&;/]*",
    re.IGNORECASE,
)
_NO_HOST = re.compile(r"[\s<>\"{}|^`\\]")
_LONGEST_HOST = 253
_DAY_FORM = len("2026-01-31")
_FIRST_YEAR, _LAST_YEAR = 1900, 9000  # nothing was harvested before or after


@attrs.frozen(kw_only=True)
class HarvestSource:
    """One place to harvest, as ``[[sources]]`` in ``consortium.toml`` describes it.

    Args:
        name: Its name, unique in the consortium; records are kept under it.
        member: Id of the library whose records it holds.
        url: Base URL of the endpoint, or a path for file harvesters.
        harvester: Name of the harvester that fetches it.
        prefix: Metadata prefix to ask for.
        set_spec: OAI set, empty for everything.
        since: Never ask for anything older than this datestamp; empty for everything.
        until: Never ask for anything newer than this datestamp; empty for everything.
        allowed_networks: Networks (CIDR) that are not public and may be reached all the same.
        wait_seconds: Pause between two requests, in seconds.
        timeout_seconds: Longest silence of the server, in seconds.
        longest_wait_seconds: Longest ``Retry-After`` that is waited for, in seconds; above it
            the source is left for later.
        lag_seconds: How far the server's list lags behind its changes, in seconds; the next
            harvest asks from that much earlier.
        retry_seconds: Wait after a first failed attempt, in seconds; doubles each time.
        max_page_bytes: Largest page accepted, in bytes.
        contact: Mail address or page told to the server.
        ca_file: File of the certificate authorities to trust; empty for the usual ones.
        credentials: Where user name and password are kept: ``env:NAME`` for an environment
            variable or ``file:PATH`` for a file, holding ``user:password``; empty for none.
        headers: Names of further HTTP headers and where the value of each is kept, likewise.
        repairs: Names of the repairs made to its texts when they are read; ``safe`` stands for
            those that harm no sound text. What is stored stays as it came.
        guessed_pages: How many further pages are asked for at the same time by guessing their
            resumption tokens, from 0 to 8; a page counts only if the server itself gives its
            token. More than 0 only for a server that may be asked several things at once.
        compare_days: After so many days the harvest also compares everything that is stored with
            the server's list of identifiers, which finds records withdrawn without a tombstone;
            0 for never. A server that says it keeps no tombstones, and lists few records, is
            compared in every harvest.
        mapping: Path of the mapping table for its fields, from the settings' folder; empty for
            none.
    """

    name: str
    member: str
    url: str
    harvester: str = "oai-pmh"
    prefix: str = "oai_dc"
    set_spec: str = ""
    since: str = ""
    until: str = ""
    allowed_networks: tuple[str, ...] = ()
    wait_seconds: float = 0.0
    timeout_seconds: float = 60.0
    longest_wait_seconds: float = 120.0
    lag_seconds: float = 0.0
    retry_seconds: float = 1.0
    max_page_bytes: int = 256 * 2**20
    contact: str = ""
    ca_file: str = ""
    credentials: str = ""
    headers: Mapping[str, str] = attrs.field(factory=dict)
    repairs: tuple[str, ...] = ("safe",)
    mapping: str = ""
    guessed_pages: int = 0
    compare_days: float = 30.0

    def request(self, since: str = "") -> HarvestRequest:
        """Return what to ask the source for.

        Args:
            since: Ask for changes from this datestamp on; the source's own ``since`` if empty.

        >>> source = HarvestSource(name="a", member="a", url="https://a.example/oai")
        >>> source.request("2026-01-31").since
        '2026-01-31'
        """
        return HarvestRequest(
            source=self.name,
            url=self.url,
            prefix=self.prefix,
            set_spec=self.set_spec,
            since=since or self.since,
            until=self.until,
            covers=self.since,
            allowed_networks=self.allowed_networks,
            timeout_seconds=self.timeout_seconds,
            wait_seconds=self.wait_seconds,
            max_page_bytes=self.max_page_bytes,
            longest_wait_seconds=self.longest_wait_seconds,
            retry_seconds=self.retry_seconds,
            contact=self.contact,
            ca_file=self.ca_file,
            credentials=self.credentials,
            headers=tuple(self.headers.items()),
            guessed_pages=self.guessed_pages,
        )

    def is_asked_by(self, request: HarvestRequest) -> bool:
        """Say whether an earlier request asked for what this source asks for now, or for more.

        >>> source = HarvestSource(name="a", member="a", url="https://a.example/oai")
        >>> source.is_asked_by(source.request("2026-01-31"))
        True
        """
        mine = (self.name, without_secret(self.url), self.prefix, self.set_spec, self.until)
        asked = (request.source, without_secret(request.url), request.prefix, request.set_spec)
        return mine == (*asked, request.until) and request.covers <= self.since


def address_source(url: str, *, prefix: str = "oai_dc", set_spec: str = "") -> HarvestSource:
    """Return a source for an address that no settings name.

    Its name says what it is: the same address, prefix and set always give the same name, and so
    find again what was harvested before.

    Args:
        url: Base URL of the endpoint; user name and password in it stay out of the name.
        prefix: Metadata prefix to ask for.
        set_spec: OAI set, empty for everything.

    Raises:
        SettingsError: It is not an address of a web server, or chooses records itself.

    >>> address_source("https://a.example:8080/oai?verb=Identify", set_spec="theses").name
    'a.example:8080/oai#oai_dc:theses'
    >>> address_source("https://a.example/oai?verb=ListRecords&set=theses")
    Traceback (most recent call last):
    libconsortium.core.errors.SettingsError: leave set=theses out of the address, and say it ...
    """
    url = _base_of(url.strip())
    try:
        parts = urlsplit(without_secret(url))
        is_web = parts.scheme in {"http", "https"} and parts.port != 0
        is_web = is_web and _is_host(parts.hostname or "")
    except ValueError:
        is_web = False
    if not is_web:
        raise SettingsError(
            "{url!r} is not the address of a server; it begins with https:// or http://",
            url=without_secret(url),
        )
    # What follows the question mark may be a key: it tells sources apart and is not shown.
    asked = urlsplit(url).query
    query = f"?{sha256(asked.encode()).hexdigest()[:8]}" if asked else ""
    which = f"{prefix}:{set_spec}" if set_spec else prefix
    name = f"{parts.netloc.lower()}{parts.path}{query}#{which}"
    return HarvestSource(name=name, member=name, url=url, prefix=prefix, set_spec=set_spec)


def _is_host(name: str) -> bool:
    """Say whether a name of a host may be asked for at all."""
    try:
        labels = name.encode("idna").split(b".")
    except UnicodeError:  # a part of it is empty, or too long
        return False
    return bool(name) and len(b".".join(labels)) <= _LONGEST_HOST and not _NO_HOST.search(name)


def _base_of(url: str) -> str:
    """Return an address without the question of the protocol that was copied with it."""
    base, mark, query = url.partition("?")
    asked = [part for part in query.split("&") if part.partition("=")[0] in _OWN]
    wrong = [part for part in asked if part.partition("=")[0] in _CHOICES]
    if wrong:
        raise SettingsError(
            "leave {arguments} out of the address, and say it with the options instead",
            arguments=" ".join(wrong),
        )
    left = "&".join(part for part in query.split("&") if part not in asked)
    return base + mark + left if left or not asked else base


_CHOICES = frozenset({"metadataPrefix", "set", "from", "until"})
_OWN = _CHOICES | {"verb", "identifier", "resumptionToken"}


@attrs.frozen(kw_only=True)
class SourceDescription:
    """What a source says about itself.

    Args:
        name: Name of the repository, as written.
        url: The address it gives as its own.
        protocol: Version of the protocol.
        granularity: Form of its datestamps, as written.
        deleted_records: Whether it tells of deletions: ``no``, ``transient``, ``persistent``.
        earliest: Its earliest datestamp, as written; often wrong.
        formats: Metadata prefix and namespace of every format it offers.
    """

    name: str
    url: str
    protocol: str = ""
    granularity: str = ""
    deleted_records: str = ""
    earliest: str = ""
    formats: tuple[tuple[str, str], ...] = ()


def without_secret(url: str) -> str:
    """Return an address as it may be shown and stored: without names, passwords, keys, sessions.

    >>> without_secret("https://me:secret@example.org/oai")
    'https://example.org/oai'
    >>> without_secret("https://example.org/reports/tr?customer_id=C1&api_key=k&platform=p")
    'https://example.org/reports/tr?customer_id=…&api_key=…&platform=p'
    >>> without_secret("https://example.org/oai;jsessionid=9F?verb=Identify&resumptionToken=t")
    'https://example.org/oai;jsessionid=…?verb=Identify&resumptionToken=t'
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    path, semicolon, session = parts.path.partition(";")
    path += semicolon + _SECRET_PARAMETER.sub(r"\1…", session)
    query = _SECRET_PARAMETER.sub(r"\1…", parts.query)
    netloc = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=netloc, path=path, query=query))


def is_same_place(url: str, other: str) -> bool:
    """Say whether two addresses have the same host and path.

    Scheme, port and query do not count: proxies change them.

    >>> is_same_place("http://A.example:8080/oai/", "https://a.example/oai?verb=Identify")
    True
    """
    return _host_and_path(url) == _host_and_path(other)


def _host_and_path(url: str) -> tuple[str, str]:
    host, _, path = url.partition("?")[0].rpartition("://")[2].partition("/")
    return host.partition(":")[0].lower(), path.strip("/")


def moment_of(datestamp: str) -> datetime | None:
    """Read a datestamp in day or second form, or any other ISO form; ``None`` if it is none.

    >>> moment_of("2026-01-31T08:00:00Z").hour, moment_of("2026-01-31").day, moment_of("soon")
    (8, 31, None)
    """
    try:
        moment = datetime.fromisoformat(datestamp.strip())
    except ValueError:
        return None
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def watermark_after(response_date: str, *, is_day_form: bool, lag_seconds: float = 0.0) -> str:
    """Return from where to ask next time, after a complete harvest.

    It is the server's own time on the first page, not the newest datestamp (lists are not in the
    order of time), minus one granule, minus the lag of the server's list.

    Args:
        response_date: ``responseDate`` of the first page, as written.
        is_day_form: The server's datestamps are days, not seconds.
        lag_seconds: How far the server's list lags behind its changes, in seconds.

    Returns:
        The datestamp in the server's own form; empty if the response date cannot be read, so
        that the next harvest asks for everything.

    Source: OAI-PMH Implementation Guidelines, "Guidelines for Harvester Implementers", 3.

    >>> watermark_after("2026-01-31T08:00:00Z", is_day_form=False, lag_seconds=3600)
    '2026-01-31T06:59:59Z'
    >>> watermark_after("2026-01-31T08:00:00Z", is_day_form=True)
    '2026-01-30'
    """
    moment = moment_of(response_date)
    if moment is None:
        return ""
    earlier = moment - timedelta(seconds=lag_seconds)
    if is_day_form:
        return f"{earlier - timedelta(days=1):%Y-%m-%d}"
    return f"{earlier - timedelta(seconds=1):%Y-%m-%dT%H:%M:%SZ}"


def is_day_form(datestamp: str) -> bool:
    """Say whether a datestamp is a day and not a second.

    >>> is_day_form("2026-01-31"), is_day_form("2026-01-31T08:00:00Z")
    (True, False)
    """
    return len(datestamp.strip()) <= _DAY_FORM
