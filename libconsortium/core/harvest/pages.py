"""What a source is asked for and answers: pages as received, and what cannot be kept of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256

import attrs

from libconsortium.core.catalogue.records import RawRecord
from libconsortium.core.messages import Message
from libconsortium.core.problems import Problem


@attrs.frozen(kw_only=True)
class HarvestRequest:
    """What to ask a source for.

    Args:
        source: The source's name; records and pages are kept under it.
        url: The base URL of the endpoint, or a path for file harvesters.
        prefix: Metadata prefix.
        set_spec: OAI set, empty for everything.
        since: Ask for changes from this datestamp on (``from``), empty for all; day or second form.
        until: Ask for changes up to this datestamp, empty for no bound.
        token: Go on with this resumption token instead of starting a list.
        page_number: Number of the first page asked for; above 1 only with a token.
        allowed_networks: Networks (CIDR) that are not public and may be reached all the same.
        timeout_seconds: Longest wait for one response, in seconds.
        wait_seconds: Pause between two requests to one host, in seconds.
        max_page_bytes: Largest decoded page accepted, in bytes.
        longest_wait_seconds: Longest wait the source may ask for (``Retry-After``) before it is
            left for later, in seconds.
        retry_seconds: Wait after a first failed attempt, in seconds; doubles each time.
        contact: Mail address or page told to the source, so that it can reach the operator.
        ca_file: File of the certificate authorities to trust; empty for the usual ones.
        headers_only: Ask for identifiers, datestamps and deletions, not for metadata.
        first_page_only: Ask for the first page of the list, and for nothing ahead of it.
        identifiers: Ask for just these records, one page each; empty for the list.
        covers: From which datestamp on the records of this list are in the store once it is
            complete, thanks to earlier runs; empty for all.
        attempts: How often a page that is not sound is asked for.
        seconds_left: The harvest has to end after so many seconds; ``None`` for no limit.
        credentials: Where user name and password are kept: ``env:NAME`` or ``file:PATH``, holding
            ``user:password``; empty for none. Never the secret itself.
        headers: Names of further HTTP headers and where the value of each is kept, likewise.
        guessed_pages: How many further pages are asked for at the same time, by resumption tokens
            that are guessed; a page counts only if the source itself gives its token.
    """

    source: str
    url: str
    prefix: str = "oai_dc"
    set_spec: str = ""
    since: str = ""
    until: str = ""
    token: str = ""
    page_number: int = 1
    allowed_networks: tuple[str, ...] = ()
    timeout_seconds: float = 60.0
    wait_seconds: float = 0.0
    max_page_bytes: int = 256 * 2**20
    longest_wait_seconds: float = 120.0
    retry_seconds: float = 1.0
    contact: str = ""
    ca_file: str = ""
    headers_only: bool = False
    first_page_only: bool = False
    identifiers: tuple[str, ...] = ()
    covers: str = ""
    attempts: int = 3
    seconds_left: float | None = None
    credentials: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    guessed_pages: int = 0


@attrs.frozen(kw_only=True)
class Quarantined:
    """One record that came and could not be kept: its bytes, and why.

    Args:
        source: The source's name.
        identifier: The record's identifier; ``#`` and a hash of its bytes if it has none.
        reason: Why it could not be kept.
        content: The bytes of the record as they came; empty if it never came.
        run: Number of the run it came in; 0 before it is kept.
        page: Number of the page it came on; 0 if it came on none.

    >>> bad = Quarantined(source="tlu", identifier="#1f", reason=Message("no identifier"))
    >>> bad.is_named
    False
    """

    source: str
    identifier: str
    reason: Message
    content: bytes = b""
    run: int = 0
    page: int = 0

    @property
    def is_named(self) -> bool:
        """Whether the source can be asked for it by its identifier."""
        return not self.identifier.startswith("#")


@attrs.frozen(kw_only=True)
class HarvestPage:
    """One response of a source: the bytes as received, what they hold, and how to go on.

    Args:
        number: Page number within its list, from 1.
        url: The address asked, with its arguments; never a secret.
        body: Response body as received on the wire (still compressed if it came so).
        encoding: Content-Encoding of the body, empty if none.
        headers: Response headers as received.
        received: When the response was complete (UTC).
        response_date: The server's own ``responseDate``, as written.
        base_url: The base URL that the answer itself names, as written; empty if it names none.
        records: The records of the page.
        token: Resumption token of the next page; empty when the list ends here.
        cursor: ``cursor`` of the token element, or ``None``.
        complete_list_size: ``completeListSize`` of the token element, or ``None``.
        problems: What was wrong with the page.
        quarantined: Records of the page that cannot be kept as they are.
        repaired: How many of its records are kept repaired.
        is_cut: The page broke off: it is not the end of its list although it has no token.
        has_token_element: The page has a token element, be it empty; ``None`` if nobody looked.
        stored_records: How many records came with it, for a page read back without them.
        content: The body unpacked, if contents of records stand in it as they are: a store need
            not keep those twice. Empty if none does.
        starts: Where in it, by the records' identifiers.
        hashes: SHA-256 of what stands there, in hexadecimal, likewise; whoever cuts a page works
            it out beside those who write.
    """

    number: int
    url: str
    body: bytes
    received: datetime
    encoding: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    response_date: str = ""
    base_url: str = ""
    records: tuple[RawRecord, ...] = ()
    token: str = ""
    cursor: int | None = None
    complete_list_size: int | None = None
    problems: tuple[Problem, ...] = ()
    quarantined: tuple[Quarantined, ...] = ()
    repaired: int = 0
    is_cut: bool = False
    has_token_element: bool | None = None
    stored_records: int | None = attrs.field(default=None, eq=False)
    content: bytes = attrs.field(default=b"", eq=False, repr=False)
    starts: Mapping[str, int] = attrs.field(factory=dict, eq=False, repr=False)
    hashes: Mapping[str, str] = attrs.field(factory=dict, eq=False, repr=False)

    @property
    def record_count(self) -> int:
        """How many records came with it."""
        return len(self.records) if self.stored_records is None else self.stored_records

    @property
    def body_hash(self) -> str:
        """SHA-256 of the body in hexadecimal."""
        return sha256(self.body).hexdigest()


@attrs.frozen(kw_only=True)
class Compaction:
    """What was looked at when the bytes of pages were packed tighter, or only checked.

    Args:
        bodies: Bodies looked at; each stands for all the pages that came with the same bytes.
        received: Their bytes as received.
        before: The bytes they took in the store.
        after: The bytes they take now.
        damaged: Hashes of those that are not there, or not what was received; nothing was done
            to them.

    >>> sum_ = Compaction(bodies=1, before=9, after=4) + Compaction(bodies=1, damaged=("5d41",))
    >>> sum_.bodies, sum_.after, sum_.damaged
    (2, 4, ('5d41',))
    """

    bodies: int = 0
    received: int = 0
    before: int = 0
    after: int = 0
    damaged: tuple[str, ...] = ()

    def __add__(self, other: Compaction) -> Compaction:
        """Add two, field by field."""
        return Compaction(
            bodies=self.bodies + other.bodies,
            received=self.received + other.received,
            before=self.before + other.before,
            after=self.after + other.after,
            damaged=self.damaged + other.damaged,
        )
