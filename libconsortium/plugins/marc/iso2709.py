"""Takes a MARC record out of ISO 2709; lengths that lie and wrong character sets cost nothing."""

from __future__ import annotations

import re

from pymarc import Record
from pymarc.exceptions import PymarcException
from pymarc.marc8 import marc8_to_unicode

from libconsortium import CrosswalkError, Message, Place, Problem, RawRecord, Severity
from libconsortium.plugins.marc.records import MarcField, MarcRecord, linked_last

LATIN_1 = "iso2709-latin1"
"""The format's name for files in an 8-bit encoding of letters; a repair converts the texts."""

_LEADER, _ENTRY = 24, 12
_FIELD_END, _SUBFIELD, _RECORD_END = b"\x1e", b"\x1f", b"\x1d"
# ANSEL puts its diacritics (E0-FE) before a letter; the other signs it has are A1-CF.
_MARC_8 = re.compile(rb"(?:[\x00-\x7f]|[\xa1-\xcf]|[\xe0-\xfe]+[A-Za-z ])*")


def from_iso2709(raw: RawRecord) -> MarcRecord:
    """Take the MARC record out of its transmission format.

    A leader or directory whose lengths lie is helped by the terminators between the fields; what
    was done is a problem of the record.

    Raises:
        CrosswalkError: Not even the terminators agree with the directory.
    """
    data = raw.content.strip(b"\r\n\x00\x1a").removesuffix(_RECORD_END) + _RECORD_END
    is_sound = _is_sound(data)
    parts = _by_pymarc(data) if is_sound else None
    problems = [] if parts is not None else [_damaged(raw)]
    parts = parts if parts is not None else _by_terminators(raw, data)
    encoding = _encoding_of(raw, data, problems)
    leader = data[:_LEADER].decode("latin-1")
    control: dict[str, str] = {}
    fields: list[MarcField] = []
    for tag, content in parts:
        if tag < "010":
            control.setdefault(tag, _text(content, encoding))
        else:
            fields.append(_field(tag, content, encoding))
    return MarcRecord(
        leader=leader, control=control, fields=linked_last(fields), problems=tuple(problems)
    )


def _is_sound(data: bytes) -> bool:
    """Say whether leader and directory agree with the terminators."""
    directory_end = data.find(_FIELD_END, _LEADER)
    try:
        length, base = int(data[:5]), int(data[12:17])
        if length != len(data) or base != directory_end + 1:
            return False
        entries = range(_LEADER, directory_end, _ENTRY)
        spans = [(int(data[at + 3 : at + 7]), int(data[at + 7 : at + 12])) for at in entries]
    except ValueError:
        return False
    ends = (data[base + start + size - 1 : base + start + size] for size, start in spans)
    whole = sum(size for size, _ in spans) + base + 1 == length
    return whole and all(end == _FIELD_END for end in ends)


def _by_pymarc(data: bytes) -> list[tuple[str, bytes]] | None:
    try:
        record = Record(data=data, to_unicode=False)
    except (PymarcException, UnicodeDecodeError, ValueError):
        return None
    parts = []
    for field in record.fields:
        if field.is_control_field():
            parts.append((field.tag, bytes(field.data or b"")))  # type: ignore[arg-type] # a raw field holds bytes
            continue
        inside = b"".join(
            _SUBFIELD + one.code.encode() + bytes(one.value)  # type: ignore[arg-type] # bytes too
            for one in field.subfields
        )
        parts.append((field.tag, "".join(field.indicators or ()).encode() + inside))
    return parts


def _by_terminators(raw: RawRecord, data: bytes) -> list[tuple[str, bytes]]:
    directory, _, body = data[_LEADER:].partition(_FIELD_END)
    tags = [directory[at : at + 3].decode("latin-1") for at in range(0, len(directory), _ENTRY)]
    contents = body.removesuffix(_RECORD_END).removesuffix(_FIELD_END).split(_FIELD_END)
    if not body or len(directory) % _ENTRY or len(tags) != len(contents):
        raise CrosswalkError(
            "{identifier}: damaged ISO 2709: the directory names {named} fields, {found} are there",
            identifier=raw.identifier,
            named=len(tags),
            found=len(contents),
        )
    return list(zip(tags, contents, strict=True))


def _field(tag: str, content: bytes, encoding: str) -> MarcField:
    start, *subfields = content.split(_SUBFIELD)
    found = ((_text(one[:1], "latin-1"), _text(one[1:], encoding).strip()) for one in subfields)
    return MarcField(
        tag,
        f"{start.decode('latin-1')}  "[:2],
        tuple((code, text) for code, text in found if text),
    )


def _encoding_of(raw: RawRecord, data: bytes, problems: list[Problem]) -> str:
    """Return how the texts are encoded: by the bytes, then by what the leader says."""
    if raw.prefix == LATIN_1:
        return "cp1252"
    if data.isascii() and b"\x1b" not in data:
        return "ascii"
    says_utf8 = data[9:10] == b"a"
    try:
        data.decode()
    except UnicodeDecodeError:
        is_marc_8 = not says_utf8 and _MARC_8.fullmatch(data) is not None
        problems.append(_not_utf8(raw, is_marc_8=is_marc_8))
        return "marc-8" if is_marc_8 else "cp1252"
    if b"\x1b" in data and not says_utf8:
        return "marc-8"
    if not says_utf8:
        problems.append(_utf8_unannounced(raw))
    return "utf-8"


def _text(content: bytes, encoding: str) -> str:
    if encoding == "marc-8":
        return str(marc8_to_unicode(content, hide_utf8_warnings=True))
    if encoding == "cp1252":
        # Bytes that Windows gives no letter stay the control characters that old encodings use.
        return "".join(
            chr(byte) if byte in _UNDEFINED else bytes((byte,)).decode("cp1252") for byte in content
        )
    return content.decode(encoding, "replace")


_UNDEFINED = frozenset({0x81, 0x8D, 0x8F, 0x90, 0x9D})


def _problem(raw: RawRecord, code: str, what: Message, severity: Severity) -> Problem:
    return Problem(
        code=code,
        where=Place(source=raw.source, record=raw.identifier, field="leader"),
        what=what,
        severity=severity,
    )


def _damaged(raw: RawRecord) -> Problem:
    return _problem(
        raw,
        "DAMAGED_ISO2709",
        Message("leader or directory give wrong lengths; the fields were found by terminators"),
        Severity.WARNING,
    )


def _not_utf8(raw: RawRecord, *, is_marc_8: bool) -> Problem:
    if is_marc_8:
        return _problem(raw, "MARC_8", Message("the texts are MARC-8"), Severity.INFO)
    return _problem(
        raw,
        "NOT_UTF8",
        Message("the texts are not UTF-8; they are read as Windows-1252"),
        Severity.WARNING,
    )


def _utf8_unannounced(raw: RawRecord) -> Problem:
    return _problem(
        raw,
        "UTF8_UNANNOUNCED",
        Message("the leader says MARC-8, the texts are UTF-8"),
        Severity.INFO,
    )
