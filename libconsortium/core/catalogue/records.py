"""A catalogue record on its way: as harvested (raw), as read (bibliographic)."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache
from hashlib import sha256

import attrs

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
