"""A catalogue record on its way: as harvested (raw), as read (bibliographic)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from hashlib import sha256

import attrs

from libconsortium.core.messages import Message
from libconsortium.core.problems import Problem


class DeletionCause(StrEnum):
    """Why a record counts as deleted; a tombstone is always kept with its cause."""

    HEADER = "header"
    """Its header said so."""
    SWEEP = "sweep"
    """The source's list of identifiers no longer has it, and the source no longer gives it."""
    SET_MOVE = "set move"
    """The source still has it, but no longer in the set that is harvested."""
    WITHHELD = "withheld"
    """The source lists its identifier as if it were live, and gives no record for it."""
    DROPPED = "dropped"
    """Somebody dropped its source; the record keeps its bytes and can be taken back."""


@attrs.frozen(kw_only=True)
class RawRecord:
    """One record exactly as its source gave it.

    Args:
        source: The source's name in the consortium (one OAI-PMH endpoint or file).
        identifier: The record's identifier within its source (OAI identifier, MARC 001).
        datestamp: The source's own date of last change, as written; empty if it gives none.
        sets: The OAI sets the record stands in, as written (``setSpec``).
        prefix: The metadata prefix or file format it was asked for under.
        namespace: XML namespace of the metadata's root element, by which a crosswalk is
            chosen; empty for a tombstone and for formats that are not XML.
        content: The bytes of the metadata element (or ISO 2709 record); empty for a tombstone.
        is_deleted: The source says that the record is gone (a tombstone).
        cause: Why a tombstone is one; empty for a live record, and until it is kept for one that
            the source itself called deleted.

    >>> RawRecord(source="tlu", identifier="oai:tlu:1", content=b"<dc/>").content_hash[:8]
    '9aaa87e5'
    """

    source: str
    identifier: str
    datestamp: str = ""
    sets: tuple[str, ...] = ()
    prefix: str = "oai_dc"
    namespace: str = ""
    content: bytes = b""
    is_deleted: bool = False
    cause: DeletionCause | None = None

    @property
    def content_hash(self) -> str:
        """SHA-256 of the content in hexadecimal: the same hash means nothing changed."""
        return sha256(self.content).hexdigest()


@attrs.frozen(kw_only=True)
class RecordIdentifier:
    """A standard identifier found in a record.

    Args:
        scheme: Name of the identifier scheme in lower case: ``isbn``, ``issn``, ``doi``.
        value: The normalised value, or the value as written if it is not valid.
        is_valid: Whether the scheme accepts the value; only valid ones bring records together.
    """

    scheme: str
    value: str
    is_valid: bool = True


@attrs.frozen(kw_only=True)
class BibRecord:
    """What a library holds, read from a raw record by a crosswalk; original spelling kept.

    Texts are as the source wrote them apart from surrounding blanks; empty tuples and empty
    texts mean that the record does not say.

    Args:
        source: The source's name, as in the raw record.
        identifier: The record's identifier within its source.
        titles: Titles, the first the main one.
        creators: Authors in the order given, each as written.
        contributors: Others named: advisers, editors, translators.
        publishers: Publishers as written.
        dates: Dates as written.
        year: Year of publication read from the dates, or ``None``.
        languages: Language codes or names as written.
        types: Kinds of document as written.
        subjects: Subject terms as written.
        coverage: Places and times it is about, as written (``dc:coverage``); also among the
            subjects where the source has them there.
        descriptions: Abstracts and notes.
        identifiers: Standard identifiers (ISBN, ISSN, DOI, handle).
        links: Addresses of the document or its page.
        call_numbers: Shelf marks as given by the member.
        volume: Part or volume in a field of its own, as written (``Tập 2``); most records have it
            in the title.
        edition: Edition statement as written (``Tái bản lần thứ 2``).
        extent: Pages as written: a number of pages (``284 tr.``) or an article's range.
        journal: Title of the journal or book that holds the article.
        series: Titles of the series it appeared in, as written.
        unmapped: Names of the source's fields that no rule maps, each once.
        problems: What was wrong while reading.

    >>> BibRecord(source="tlu", identifier="oai:tlu:1", titles=("Truyện Kiều",)).title
    'Truyện Kiều'
    """

    source: str
    identifier: str
    titles: tuple[str, ...] = ()
    creators: tuple[str, ...] = ()
    contributors: tuple[str, ...] = ()
    publishers: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    year: int | None = None
    languages: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    coverage: tuple[str, ...] = ()
    descriptions: tuple[str, ...] = ()
    identifiers: tuple[RecordIdentifier, ...] = ()
    links: tuple[str, ...] = ()
    call_numbers: tuple[str, ...] = ()
    volume: str = ""
    edition: str = ""
    extent: str = ""
    journal: str = ""
    series: tuple[str, ...] = ()
    unmapped: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def title(self) -> str:
        """The main title; empty if the record has none."""
        return self.titles[0] if self.titles else ""


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
    """

    number: int
    url: str
    body: bytes
    received: datetime
    encoding: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    response_date: str = ""
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

    @property
    def record_count(self) -> int:
        """How many records came with it."""
        return len(self.records) if self.stored_records is None else self.stored_records

    @property
    def body_hash(self) -> str:
        """SHA-256 of the body in hexadecimal."""
        return sha256(self.body).hexdigest()


def is_same_content(content: bytes, other: bytes) -> bool:
    """Say whether the contents of two records say the same.

    Two pieces of XML do if they differ only in how they are written: in the order of attributes,
    in quotes, in namespaces that are declared and not used. Anything else must be the same bytes.

    Source: W3C, Canonical XML 2.0.

    >>> is_same_content(b"<a c='1' b='2'/>", b'<a b="2" c="1"></a>')
    True
    >>> is_same_content(b"<a> </a>", b"<a/>"), is_same_content(b"<a>", b"<a/>")
    (False, False)
    """
    if content == other:
        return True
    if content[:1] != b"<" or other[:1] != b"<":
        return False
    from xml.etree import ElementTree as ET

    try:
        return ET.canonicalize(content) == ET.canonicalize(other)
    except (ET.ParseError, ValueError):
        return False


@lru_cache(maxsize=20_000)
def year_in(text: str, *, latest: int) -> int | None:
    """Return the first plausible year of publication in a date as written, or ``None``.

    A year that the cataloguer put right (*1932, i.e. 1961*) is the right one.

    Args:
        text: A date as written: ``2019``, ``2019-05-01``, ``c1998``, ``[2004?]``.
        latest: Latest year that makes sense (this year plus one); later ones are not years.

    >>> year_in("c1998", latest=2027), year_in("3025", latest=2027)
    (1998, None)
    >>> year_in("1932 [i.e. 1961]", latest=2027), year_in("MCMXCVIII", latest=2027)
    (1961, 1998)
    """
    years = list(map(int, _YEAR.findall(_PUT_RIGHT.split(text)[-1]) or _YEAR.findall(text)))
    if not years and (roman := _ROMAN_YEAR.search(text)):
        years = [_in_digits(roman[0])]
    return next((year for year in years if _FIRST_YEAR <= year <= latest), None)


def _in_digits(roman: str) -> int:
    values = [_ROMAN_DIGITS[letter] for letter in roman]
    after = [*values[1:], 0]
    return sum(-here if here < there else here for here, there in zip(values, after, strict=True))


_ROMAN_YEAR = re.compile(r"\bM(?:CM|CD|DC{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})\b|\bMM[XVI]*\b")
_ROMAN_DIGITS = {"M": 1000, "D": 500, "C": 100, "L": 50, "X": 10, "V": 5, "I": 1}
_YEAR = re.compile("(?<![0-9])[0-9]{4}(?![0-9])")
_PUT_RIGHT = re.compile(r"\bi\. ?e\.|\btức(?: là)? ", re.IGNORECASE)  # AACR2 1.4F2
_FIRST_YEAR = 1400  # nothing printed is older
