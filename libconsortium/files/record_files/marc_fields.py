"""A record as the fields of MARC 21: as they came, or made of what was read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import attrs

from libconsortium.core.catalogue.matching import kind_of
from libconsortium.core.catalogue.records import BibRecord, RawRecord
from libconsortium.core.errors import CrosswalkError
from libconsortium.files.record_files.rows import OutRecord

MARC_NAMESPACE = "http://www.loc.gov/MARC21/slim"

_ISO_PREFIXES = frozenset({"iso2709", "marc21", "usmarc"})
_BARE = ("", "marcxml")  # some programs write MARCXML without its namespace
_LEADER_LENGTH = 24
_KINDS = {
    # Record type and bibliographic level, positions 06 and 07 of the leader.
    "book": "am", "serial": "as", "article": "ab", "chapter": "aa", "score": "cm", "map": "em",
    "video": "gm", "sound": "jm", "image": "km", "disc": "mm",
}  # fmt: skip
_DELETED, _NEW, _UNICODE = "d", "n", "a"
_UNREADABLE = frozenset({"UNREADABLE", "CROSSWALK_FAILED"})
_OURS = "libconsortium"  # says that the terms of 655 are all kinds there are
_UNSPECIFIED = (("b", "zzz"), ("2", "rdacontent"))


@attrs.frozen(kw_only=True)
class MarcOut:
    """One MARC record.

    Args:
        leader: Its leader, 24 characters.
        control: Control fields: tag and text.
        fields: Variable fields: tag, two indicators, subfields as codes and texts.
    """

    leader: str
    control: tuple[tuple[str, str], ...]
    fields: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...]


_Field = tuple[str, str, tuple[tuple[str, str], ...]]


def marc_of(one: OutRecord) -> MarcOut | None:
    """Return a record as MARC: as it came if it came as MARC, else as it was read.

    One that came without a number (001) gets that of the record. ``None`` if it neither came as
    MARC nor could be read.

    >>> book = BibRecord(source="tlu", identifier="1", titles=("Sóng",), volume="Tập 2")
    >>> made = marc_of(OutRecord(stored=RawRecord(source="tlu", identifier="1"), record=book))
    >>> made.fields[0]
    ('245', '00', (('a', 'Sóng'), ('n', 'Tập 2')))
    """
    stored = one.stored
    if stored.content and not stored.is_deleted:
        came = None
        if stored.namespace == MARC_NAMESPACE or (stored.namespace, stored.prefix) == _BARE:
            came = _from_xml(stored)
        elif stored.prefix in _ISO_PREFIXES:
            came = _from_iso2709(stored.content)
        if came is not None:
            return _numbered(came, stored)
        if any(problem.code in _UNREADABLE for problem in one.record.problems):
            return None
    return MarcOut(
        leader=_leader(one),
        control=(("001", stored.identifier), ("003", stored.source), ("008", _fixed(one))),
        fields=tuple(_fields(one)),
    )


def _numbered(came: MarcOut, stored: RawRecord) -> MarcOut:
    if any(tag == "001" for tag, _ in came.control):
        return came
    return attrs.evolve(came, control=(("001", stored.identifier), *came.control))


def _from_xml(stored: RawRecord) -> MarcOut | None:
    """Read a record; ``None`` if it is damaged."""
    from libconsortium.files.crosswalk_parts import xml_root

    leader, control, fields = "", [], []
    try:
        root = xml_root(stored, ("record", "collection"), "MARCXML")
    except CrosswalkError:
        return None
    for element in root.iter():
        name = str(element.tag).rpartition("}")[2]
        if name == "leader":
            leader = element.text or ""
        elif name == "controlfield":
            control.append((element.get("tag", ""), element.text or ""))
        elif name == "datafield":
            indicators = "".join((element.get(name) or " ")[0] for name in ("ind1", "ind2"))
            parts = tuple(
                (
                    each.get("code", ""),
                    str(each.xpath("string()")) if len(each) else each.text or "",
                )
                for each in element.iterchildren("*")
            )
            fields.append((element.get("tag", ""), indicators, parts))
    return MarcOut(
        leader=leader.ljust(_LEADER_LENGTH)[:_LEADER_LENGTH],
        control=tuple(control),
        fields=tuple(fields),
    )


def _from_iso2709(content: bytes) -> MarcOut | None:
    """Read a sound record in Unicode; ``None`` if it is another."""
    try:
        leader, base = content[:_LEADER_LENGTH].decode("ascii"), int(content[12:17])
        entries = content[_LEADER_LENGTH : base - 1]
        if leader[9] != _UNICODE or len(entries) % 12:
            return None
        control, fields = [], []
        for at in range(0, len(entries), 12):
            tag = entries[at : at + 3].decode("ascii")
            size, start = int(entries[at + 3 : at + 7]), int(entries[at + 7 : at + 12])
            text = content[base + start : base + start + size].decode("utf-8")
            if not text.endswith("\x1e"):
                return None
            if tag < "010":
                control.append((tag, text[:-1]))
            else:
                first, *rest = text[:-1].split("\x1f")
                parts = tuple((part[:1], part[1:]) for part in rest)
                fields.append((tag, first.ljust(2)[:2], parts))
    except (UnicodeDecodeError, ValueError):
        return None
    return MarcOut(leader=leader, control=tuple(control), fields=tuple(fields))


def _leader(one: OutRecord) -> str:
    kind = next((found for text in one.record.types if (found := kind_of(text)) in _KINDS), "book")
    status = _DELETED if one.stored.is_deleted else _NEW
    return f"00000{status}{_KINDS[kind]} {_UNICODE}2200000 c 4500"


def _fixed(one: OutRecord) -> str:
    """Return field 008: when it last changed, the year, the first language; the rest not coded.

    Source: MARC 21 Format for Bibliographic Data, 008 (all materials).
    """
    entered = "".join(one.stored.datestamp[2:10].split("-"))
    year = one.record.year
    language = next(filter(_is_code, one.record.languages), "|||")
    return "".join(
        (
            entered if len(entered) == len("yymmdd") and entered.isdecimal() else " " * 6,
            f"s{year:04}" if year is not None else "nuuuu",
            " " * 4 + "xx ",
            "|" * 17 + language + "|d",
        )
    )


def _is_code(language: str) -> bool:
    is_short = len(language) == len("vie")
    return is_short and language.isascii() and language.isalpha() and language.islower()


def _fields(one: OutRecord) -> Iterator[_Field]:
    """Yield the fields in the order of their tags, without ISBD punctuation (leader 18 says so).

    Source: MARC 21 Format for Bibliographic Data, Library of Congress.
    """
    record = one.record
    yield from _numbers(record)
    yield from _each("041", "  ", "a", record.languages)
    yield from _each("100", "1 ", "a", record.creators[:1])
    volume = (("n", record.volume),) if record.volume else ()
    for title in record.titles[:1] or (("",) if volume else ()):
        yield "245", f"{int(bool(record.creators))}0", ((("a", title),) if title else ()) + volume
    yield from _each("246", "33", "a", record.titles[1:])
    yield from _each("250", "  ", "a", (record.edition,))
    dates = record.dates or ((str(record.year),) if record.year else ())
    published = [("b", each) for each in record.publishers] + [("c", each) for each in dates]
    if published:
        yield "264", " 1", tuple(published)
    yield from _each("300", "  ", "a", (record.extent,))
    if not record.types:
        yield "336", "  ", _UNSPECIFIED
    yield from _each("490", "0 ", "a", record.series)
    yield from _each("520", "  ", "a", record.descriptions)
    yield from _each("522", "  ", "a", record.coverage)
    yield from _each("653", "  ", "a", record.subjects)
    for kind in record.types:
        yield "655", " 7", (("a", kind), ("2", _OURS))
    yield from _each("700", "1 ", "a", record.creators[1:])
    for name in record.contributors:
        yield "700", "1 ", (("a", name), ("e", "contributor"))
    yield from _each("773", "0 ", "t", (record.journal,))
    yield from _held(one)
    yield from _each("856", "40", "u", record.links)


def _numbers(record: BibRecord) -> Iterator[_Field]:
    for one in sorted(record.identifiers, key=lambda each: _TAGS.get(each.scheme, "024")):
        code = "a" if one.is_valid else "z"
        if one.scheme in _TAGS:
            yield _TAGS[one.scheme], "  ", ((code, one.value),)
        else:
            yield "024", "7 ", ((code, one.value), ("2", _SOURCES.get(one.scheme, one.scheme)))


_TAGS = {"isbn": "020", "issn": "022"}
_SOURCES = {"handle": "hdl"}


def _held(one: OutRecord) -> Iterator[_Field]:
    if not one.held_by:
        yield from _each("852", "  ", "h", one.record.call_numbers)
    for each in one.held_by:
        marks = tuple(("h", mark) for mark in each.call_numbers)
        yield "852", "  ", (("a", each.member), *marks)


def _each(tag: str, indicators: str, code: str, values: Iterable[str]) -> Iterator[_Field]:
    return ((tag, indicators, ((code, value),)) for value in values if value)
