"""What is compared when two records may be the same publication, and what the comparison found."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from html import unescape
from operator import attrgetter
from unicodedata import normalize

import attrs

from libconsortium.core.catalogue.languages import language_of
from libconsortium.core.catalogue.names import name_words, names_in
from libconsortium.core.catalogue.numbering import edition_of, printing_of, volume_in, volume_of
from libconsortium.core.catalogue.records import BibRecord
from libconsortium.core.catalogue.tcvn3 import legible
from libconsortium.core.catalogue.volume_ranges import volumes_in, volumes_of
from libconsortium.core.text import fold, folded, spelling

FIELDS_VERSION = "7"
"""Raised whenever ``match_fields`` gives something else for the same record than before: match
fields that were kept are then made again."""


@attrs.frozen(kw_only=True)
class MatchFields:
    """The fields of one record made comparable: folded for keys, as spelled to tell words apart.

    Args:
        record: Key of the record in the catalogue: ``source`` and identifier, joined by a tab.
        title: Whole title without its volume, folded (no diacritics, no case, no punctuation).
        title_written: The same as spelled (see ``spelling``); tells ``Việt`` from ``Viết``.
        main_title: The title up to its first colon, folded; the whole one if it has none.
        volume: Part or volume as Arabic digits, empty if none; of several ``1-3`` or ``1,3``,
            of a whole set ``all`` if it does not say how many they are.
        creators: Folded names of the creators and contributors, each name's words sorted.
        creators_written: The same names as spelled, in the same order.
        year: Year of publication, or ``None``.
        edition: Edition as digits, empty if none; a mere reprint is none.
        printing: Number of the reprint, ``0`` if it has none; empty if it is no reprint.
        type: Kind of document (``book``, ``thesis``, ``article``…), empty if it is not one known.
        publisher: First publisher folded, without words like *press*; empty if none.
        pages: Number of pages, or the first page of an article; ``None`` if not stated.
        carrier: What a document is on if it is not paper, with how many of it: ``cd 3``, ``dvd 1``,
            ``online``; empty if the extent does not say.
        journal: Title of the journal folded; empty if none.
        language: Two-letter code of the language, empty if not stated or several.
        identifiers: Valid standard identifiers as ``scheme:value``.
    """

    record: str
    title: str
    title_written: str = ""
    main_title: str = ""
    volume: str = ""
    creators: tuple[str, ...] = ()
    creators_written: tuple[str, ...] = ()
    year: int | None = None
    edition: str = ""
    printing: str = ""
    type: str = ""
    publisher: str = ""
    pages: int | None = None
    carrier: str = ""
    journal: str = ""
    language: str = ""
    identifiers: frozenset[str] = frozenset()


@attrs.frozen(kw_only=True)
class Evidence:
    """Why two records are the same publication, or why they cannot be.

    Args:
        rule: Name of the match rule.
        score: From 0 (certainly different) to 1 (certainly the same).
        reasons: One reason per field looked at, as noted by ``reason``; ``reason_said`` makes the
            sentences.
        veto: The guard that forbids a merge whatever the score, likewise; empty if none does.
    """

    rule: str
    score: float
    reasons: tuple[str, ...] = ()
    veto: str = ""


def record_key(source: str, identifier: str) -> str:
    r"""Return the key of a record in the catalogue.

    >>> record_key("tlu", "oai:tlu:1")
    'tlu\toai:tlu:1'
    """
    return f"{source}\t{identifier}"


def match_fields(record: BibRecord) -> MatchFields:
    """Read what can be compared out of a record, which stays as it is.

    >>> fields = match_fields(BibRecord(source="tlu", identifier="1", titles=("Giải tích. T.2",)))
    >>> fields.title, fields.volume
    ('giai tich', '2')
    """
    shown = unescape(record.title) if record.titles else ""
    meant = legible(shown)
    whole, main = _titles(meant)
    whole, edition_in_title = _without_edition(whole)
    title_written, volume_in_title = _without_volume(whole)
    title = folded(title_written)
    if title in _NO_TITLE:
        title = title_written = main = ""
    names = _names(record, is_likely=meant != shown)
    volume, extent = normalize("NFC", record.volume), normalize("NFC", record.extent)
    return MatchFields(
        record=record_key(record.source, record.identifier),
        title=title,
        title_written=title_written,
        main_title=title
        if main == whole
        else folded(_without_volume(_without_edition(main)[0])[0]),
        volume=volumes_of(volume) or volume_of(volume) or volume_in_title,
        creators=tuple([plain for _, plain in names]),
        creators_written=tuple([written for written, _ in names]),
        year=record.year,
        edition=edition_of(record.edition or edition_in_title),
        printing=printing_of(record.edition or edition_in_title),
        type=_kind(record.types, extent),
        publisher=next(filter(None, map(_publisher, record.publishers)), ""),
        pages=pages_in(extent) if extent else None,
        carrier=carrier_in(extent) if extent else "",
        journal=_journal(record.journal) if record.journal else "",
        language=_language(record.languages) if record.languages else "",
        identifiers=frozenset(
            f"{one.scheme}:{one.value}" for one in record.identifiers if one.is_valid
        ),
    )


def packed(fields: MatchFields) -> str:
    """Return match fields as one line of text, to travel through an engine's tables.

    >>> unpacked(packed(MatchFields(record="a", title="b"))) == MatchFields(record="a", title="b")
    True
    """
    *values, identifiers = _values(fields)
    listed = [*values, sorted(identifiers)]
    text = _WRITTEN.encode(listed)
    try:
        text.encode()
    except UnicodeEncodeError:  # half a character, in a damaged record
        return json.dumps(listed)
    return text


def unpacked(text: str) -> MatchFields:
    """Return the match fields that ``packed`` wrote.

    >>> unpacked(packed(MatchFields(record="a", title="b", year=2019))).year
    2019
    """
    listed, _ = _READ.raw_decode(text)
    values = dict(zip(_NAMES, listed, strict=True))
    values["creators"] = tuple(values["creators"])
    values["creators_written"] = tuple(values["creators_written"])
    values["identifiers"] = frozenset(values["identifiers"])
    return MatchFields(**values)


@lru_cache(maxsize=10_000)
def kind_of(type_written: str) -> str:
    """Return the kind of document that a type or extent as written means; empty if none we know.

    >>> kind_of("Luận văn thạc sĩ"), kind_of("Journal Article"), kind_of("text")
    ('thesis', 'article', '')
    """
    words = f" {fold(type_written)} "
    return next((kind for kind, signs in _KINDS for sign in signs if f" {sign} " in words), "")


@lru_cache(maxsize=50_000)
def pages_in(extent: str) -> int | None:
    """Return the pages of a book, or the first page of an article; ``None`` if not stated.

    >>> pages_in("xi, 284 tr. : minh hoạ ; 24 cm"), pages_in("pp. 253-262"), pages_in("1 CD-ROM")
    (284, 253, None)
    >>> pages_in("3 p. l., [5]-199, [1] p."), pages_in("2 v. (xii, 1107 p.)")
    (199, None)
    >>> pages_in("3-213 pages"), pages_in("3+158 p."), pages_in("S33-8"), pages_in("A4")
    (213, 158, 33, None)
    """
    plain = extent.translate(_BRACKETS)
    article = _RANGE.match(plain)
    if article and not (int(article[1]) < _FIRST_PAGES and _COUNTED.match(plain, article.end())):
        return int(article[1])
    if lettered := _LETTERED.match(plain):
        return int(lettered[1])
    bare = _ISBD.split(plain, maxsplit=1)[0]
    if not _PAGES.search(bare) or _VOLUMES.search(bare):
        return None
    return max(map(int, _NUMBERS.findall(bare)), default=None)


@lru_cache(maxsize=50_000)
def carrier_in(extent: str) -> str:
    """Return what a document is on, if the extent says that it is not paper, and how many of it.

    >>> carrier_in("2 DVD-Videos (ca. 109 Min.)"), carrier_in("3 Compact Discs"), carrier_in("9 p.")
    ('dvd 2', 'cd 3', '')
    >>> carrier_in("1 online resource (X, 158 p.)"), carrier_in("284 tr. + 1 CD")
    ('online', '')
    """
    words = f" {fold(extent)} "
    for carrier, signs in _CARRIERS:
        if any(sign in words for sign in signs):
            if carrier == "online":
                return carrier
            count = _NUMBERS.search(extent)
            is_beside = pages_in(extent) is not None  # a book with a disc is a book
            return "" if is_beside else f"{carrier} {count[0] if count else 1}"
    return ""


def _titles(title: str) -> tuple[str, str]:
    title = _PROGRAMMED_IN.sub(_named_in_letters, title) if "+" in title or "#" in title else title
    bare = _without_material(title) if "[" in title else title
    bare = _STATEMENT.sub("", bare) if "/" in bare else bare
    whole = bare if bare.strip() else title
    main = _COLON.split(whole, maxsplit=1)[0] if _MARKED.search(whole) else whole
    main = _LAST_IN_BRACKETS.sub("", main) if "(" in main else main
    return whole, main if main.strip() else whole


def _without_material(title: str) -> str:
    """Return a title without what stands in square brackets, unless it begins with them.

    Cataloguers supply whole titles in brackets, and indexes translations.
    """
    head, _, rest = title.partition("[")
    if any(map(str.isalnum, head)):
        return _GENERAL_MATERIAL.sub(" ", title)
    supplied, _, behind = rest.partition("]")
    return f"{head} {supplied} {_GENERAL_MATERIAL.sub(' ', behind)}"


def _named_in_letters(found: re.Match[str]) -> str:
    """*C++* and *C#* are no *C*."""
    return found[1] + ("sharp" if found[2] == "#" else "plusplus")


def _without_volume(title: str) -> tuple[str, str]:
    """Return a title as spelled without its volume or volumes, and these."""
    rest, several = volumes_in(title)
    if several and (written := spelling(rest)):
        return written, several
    whole, volume = volume_in(spelling(title))
    if volume and "(" in title:
        # «Fantasies, Vol. 1 (History of Literature, Vol. 22)»: that in brackets is of a series.
        volume = volume_in(spelling(_BRACKETED.sub(" ", title)))[1] or volume
    return whole, volume


def _without_edition(title: str) -> tuple[str, str]:
    """Return a title without the statement of its edition in brackets, and this."""
    found = _EDITION.search(title) if "(" in title else None
    return (f"{title[: found.start()]} {title[found.end() :]}", found[1]) if found else (title, "")


def _legible(text: str, *, is_likely: bool = False) -> str:
    """Read TCVN3 and the entities of web pages (``&amp;``, ``&#7879;``) as what they stand for."""
    return legible(unescape(text) if "&" in text else text, is_likely=is_likely)


def _names(record: BibRecord, *, is_likely: bool) -> list[tuple[str, str]]:
    """Return the names of a record as spelled, each with its fold, in the order of the first."""
    named = (*record.creators, *record.contributors)
    # A letter that the old encoding has not shows that the names came whole.
    is_likely = is_likely and all(max(name, default="") <= _LAST_OF_LATIN_1 for name in named)
    return sorted({name for written in named for name in _names_read(written, is_likely)})


@lru_cache(maxsize=100_000)  # a library's authors come back
def _names_read(written: str, is_likely: bool) -> tuple[tuple[str, str], ...]:  # noqa: FBT001
    words = map(name_words, names_in(_legible(written, is_likely=is_likely)))
    return tuple([(name, folded(name)) for name in words if name])


@lru_cache(maxsize=10_000)
def _kind(types: tuple[str, ...], extent: str) -> str:
    return next(filter(None, map(kind_of, (*types, extent))), "")


@lru_cache(maxsize=10_000)
def _journal(title: str) -> str:
    return fold(_legible(title))


@lru_cache(maxsize=1_000)
def _language(written: tuple[str, ...]) -> str:
    languages = set(map(language_of, written))
    return languages.pop() if len(languages) == 1 else ""


@lru_cache(maxsize=20_000)
def _publisher(name: str) -> str:
    words = [word for word in fold(_legible(name)).split() if word not in _PUBLISHER_WORDS]
    return "" if words in _NO_PUBLISHER else " ".join(words)


_NO_PUBLISHER = (["s", "n"], ["sn"])  # sine nomine: nobody is named
_NO_TITLE = frozenset(map(fold, ("unknown", "untitled", "no title", "không có nhan đề", "n/a")))
_LAST_OF_LATIN_1 = "\u00ff"
_WRITTEN = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_READ = json.JSONDecoder()
_NAMES = tuple(field.name for field in attrs.fields(MatchFields))  # identifiers are the last
_values = attrgetter(*_NAMES)
_GENERAL_MATERIAL = re.compile(r"\[[^\]]*\]")  # «[electronic resource]» of AACR2 1.1C
_PROGRAMMED_IN = re.compile(r"\b([CFJ]) ?(\+ ?\+|#)", re.IGNORECASE)
_BRACKETED = re.compile(r"\([^)]*\)")
_LAST_IN_BRACKETS = re.compile(r"(?<=\w)\s+\([^()]*\)\W*$")
_EDITION = re.compile(  # «(tái bản lần 2)», «(3rd ed.)»
    r"\(((?:tái bản|in|xuất bản|tai ban|xuat ban)\s+(?:lần|lan)\b[^)]*"
    r"|[^)]*\b(?:ed|edition|printing)\b\.?[^)]*)\)",
    re.IGNORECASE,
)
_STATEMENT = re.compile(r"\s/\s.*$", re.DOTALL)  # statement of responsibility, ISBD 1.1
_COLON = re.compile(r"\s*[:;]\s+|\s+[:=;]\s*")
_MARKED = re.compile("[:;=]")
_RANGE = re.compile(r"[^\d,;]*?\b(\d{1,5})\s*[-‐–]{1,2}\s*\d{1,5}\b")
# «S356», «A134-A135», «e19050» of journals; «A4» is a size.
_LETTERED = re.compile(r"\W*(?:pp?\W+|tr\W+)?(?!a[0-6]\W*$)[aehnprsw](\d{1,6})\b", re.IGNORECASE)
_FIRST_PAGES = 20  # a book's numbering may begin at 3, an article's is further on
_COUNTED = re.compile(r"\s*(?:p|pp|pages|tr|trang|s|seiten)\b", re.IGNORECASE)
_BRACKETS = dict.fromkeys(map(ord, "[]"))
_ISBD = re.compile(
    r"\s*[:;]\s*|\s+\+\s*|\+\s+"
)  # what follows is illustrations, size, accompanying material
_PAGES = re.compile(
    r"(?:\d\s*|\b)(?:p|pp|pages?|tr|trang|s|seiten|l|\u2113|leaves|tờ)\b|^\W*\d{1,5}\W*$",
    re.IGNORECASE,
)
_VOLUMES = re.compile(r"\d\s*(?:v|vols?|volumes|bd)\b", re.IGNORECASE)
_NUMBERS = re.compile(r"(?<!\d)\d{1,5}(?!\d|\s*(?:cm|mm)\b)")
_COMPANY = "press publishing publishers publisher publications verlag editions co ltd inc company"
_PUBLISHER_WORDS = frozenset(f"nxb nha xuat ban and the {_COMPANY}".split())
_KINDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("thesis", ("luan van", "luan an", "khoa luan", "do an", "thesis", "dissertation")),
    ("thesis", ("doctoralthesis", "masterthesis", "bachelorthesis")),
    ("chapter", ("book chapter", "chapter", "book part", "bookpart", "chuong sach")),
    ("article", ("article", "bai bao", "bai trich")),
    ("report", ("report", "bao cao", "de tai")),
    ("proceedings", ("ki ieu", "proceedings", "conference")),
    ("serial", ("tap chi", "bao", "journal", "serial", "periodical", "newspaper")),
    ("map", ("map", "ban do", "karte", "carte")),
    ("score", ("score", "ban nhac", "partitur", "taschenpartitur", "klavierauszug", "partition")),
    ("video", ("video", "videos", "movingimage", "moving image", "phim", "dvd", "vhs")),
    ("disc", ("cd rom", "cdrom")),
    ("sound", ("sound", "audio", "am thanh", "recording", "cd", "compact disc", "compact discs")),
    ("sound", ("disque", "disques", "schallplatten", "audio cd")),
    ("image", ("image", "stillimage", "hinh anh", "tranh anh")),
    ("book", ("book", "sach", "giao trinh", "textbook", "monograph")),
)
"""Kinds of document by the folded words that name them, the narrower kinds first."""
_CARRIERS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("online", (" online ", " truc tuien ", " elektronische ressource ", " en ligne ")),
    ("cdrom", (" cd rom", " cdrom", " optical disc", " dia cd rom ")),
    ("dvd", (" dvd",)),
    (
        "cd",
        (" cd ", " cds ", " compact disc", " disque compact", " disques compacts ", " audio cd"),
    ),
    ("vhs", (" vhs", " videokassett", " videocassette")),
    ("record", (" schallplatte", " lp ", " disque ", " disques ")),
)
"""What documents are on, by folded words."""
