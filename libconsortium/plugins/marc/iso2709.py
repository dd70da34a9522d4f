"""Takes a MARC record out of ISO 2709; lengths that lie and wrong character sets cost nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from libconsortium import CrosswalkError, Message, Place, Problem, RawRecord, Severity
from libconsortium.plugins.marc.iso5426 import iso5426_text
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
    parts, problems = _by_lengths(data), list[Problem]()
    if parts is None:
        parts, damage = _by_terminators(raw, data)
        problems.append(damage)
    find = _encoding_of_unimarc if _is_unimarc(parts) else _encoding_of
    encoding = find(raw, data, problems)
    leader = data[:_LEADER].decode("latin-1")
    control: dict[str, str] = {}
    fields: list[MarcField] = []
    for tag, content in parts:
        if tag < "010":
            control.setdefault(tag, _text(content, encoding))
        else:
            fields.append(_field(tag, content, encoding))
    if encoding == "marc-8":
        problems.append(_marc_8(raw, [*control.values(), *_texts(fields)]))
    return MarcRecord(
        leader=leader, control=control, fields=linked_last(fields), problems=tuple(problems)
    )


def _by_lengths(data: bytes) -> list[tuple[str, bytes]] | None:
    """Return tag and content of the fields if leader, directory and terminators agree."""
    directory_end = data.find(_FIELD_END, _LEADER)
    try:
        if int(data[:5]) != len(data) or int(data[12:17]) != directory_end + 1:
            return None
        entries = list(_entries(data[_LEADER:directory_end]))
    except ValueError:
        return None
    body = data[directory_end + 1 :]
    ends = (body[start + size - 1 : start + size] for _, size, start in entries)
    is_whole = sum(size for _, size, _ in entries) + 1 == len(body)
    if not is_whole or any(end != _FIELD_END for end in ends):
        return None
    return [(tag, body[start : start + size - 1]) for tag, size, start in entries]


def _by_terminators(raw: RawRecord, data: bytes) -> tuple[list[tuple[str, bytes]], Problem]:
    """Return the fields that the directory and the terminators still tell, and what was done."""
    directory, _, body = data[_LEADER:].partition(_FIELD_END)
    tags = [directory[at : at + 3].decode("latin-1") for at in range(0, len(directory), _ENTRY)]
    contents = body.removesuffix(_RECORD_END).removesuffix(_FIELD_END).split(_FIELD_END)
    too_much = len(directory) % _ENTRY
    if body and not too_much and len(tags) == len(contents):
        return list(zip(tags, contents, strict=True)), _damaged(raw)
    if body and too_much and len(tags) == len(contents) > 1:  # something is missing in its front
        entries = directory[too_much:]
        rest = [entries[at : at + 3].decode("latin-1") for at in range(0, len(entries), _ENTRY)]
        lost = _lost(raw, found=len(rest), there=len(contents))
        return list(zip(rest, contents[1:], strict=True)), lost
    try:
        found = list(_at_their_places(directory, body))
    except ValueError:
        found = []
    if not found:
        raise CrosswalkError(
            "{identifier}: damaged ISO 2709: the directory names {named} fields, {found} are there",
            identifier=raw.identifier,
            named=len(tags),
            found=len(contents),
        )
    return found, _lost(raw, found=len(found), there=max(len(tags), len(contents)))


def _at_their_places(directory: bytes, body: bytes) -> Iterator[tuple[str, bytes]]:
    """Give the fields that begin where the directory says, right behind a terminator."""
    for tag, _, start in _entries(directory[: len(directory) // _ENTRY * _ENTRY]):
        if start == 0 or body[start - 1 : start] == _FIELD_END:
            content, end, _ = body[start:].partition(_FIELD_END)
            is_as_it_should = tag < "010" or content[2:3] == _SUBFIELD
            if end and is_as_it_should:
                yield tag, content


def _entries(directory: bytes) -> Iterator[tuple[str, int, int]]:
    for at in range(0, len(directory), _ENTRY):
        entry = directory[at : at + _ENTRY]
        yield entry[:3].decode("latin-1"), int(entry[3:7]), int(entry[7:12])


def _field(tag: str, content: bytes, encoding: str) -> MarcField:
    start, *subfields = content.split(_SUBFIELD)
    found = ((_text(one[:1], "latin-1"), _text(one[1:], encoding).strip()) for one in subfields)
    return MarcField(
        tag,
        f"{start.decode('latin-1')}  "[:2],
        tuple((code, text) for code, text in found if text),
    )


def _is_unimarc(parts: list[tuple[str, bytes]]) -> bool:
    tags = {tag for tag, _ in parts}
    return "200" in tags and "245" not in tags


def _encoding_of_unimarc(raw: RawRecord, data: bytes, problems: list[Problem]) -> str:
    """Return how the texts of UNIMARC are encoded: by the bytes, then by what its field 100 says.

    Source: UNIMARC Manual, 100 $a positions 26 to 29, character sets: 03 is ISO 5426, 50 Unicode.
    """
    if raw.prefix == LATIN_1:
        return "cp1252"
    try:
        data.decode()
    except UnicodeDecodeError:
        if _SAYS_ISO_5426.search(data):
            return "iso5426"
        problems.append(_not_utf8(raw))
        return "cp1252"
    return "utf-8"


_SAYS_ISO_5426 = re.compile(rb"\x1e[ 0-9]{2}\x1fa[0-9]{8}[^\x1e\x1f]{18}(?:03|[0-9 ]{2}03)")


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
        if not says_utf8 and _MARC_8.fullmatch(data) is not None:
            return "marc-8"
        problems.append(_not_utf8(raw))
        return "cp1252"
    if b"\x1b" in data and not says_utf8:
        return "marc-8"
    if not says_utf8:
        problems.append(_utf8_unannounced(raw))
    return "utf-8"


def _text(content: bytes, encoding: str) -> str:
    if encoding == "marc-8":
        from libconsortium.plugins.marc.marc8 import marc8_text

        return marc8_text(content)
    if encoding == "iso5426":
        return iso5426_text(content)
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


def _lost(raw: RawRecord, *, found: int, there: int) -> Problem:
    return _problem(
        raw,
        "FIELDS_LOST",
        Message(
            "leader or directory are damaged: {lost} of {there} fields could not be told apart",
            lost=there - found,
            there=there,
        ),
        Severity.ERROR,
    )


def _marc_8(raw: RawRecord, texts: list[str]) -> Problem:
    from libconsortium.plugins.marc.marc8 import UNKNOWN, unknown_in

    if any(UNKNOWN in text for text in texts):
        return _problem(raw, "MARC_8", unknown_in("".join(texts)), Severity.WARNING)
    return _problem(raw, "MARC_8", Message("the texts are MARC-8"), Severity.INFO)


def _texts(fields: list[MarcField]) -> list[str]:
    return [text for field in fields for _, text in field.subfields]


def _not_utf8(raw: RawRecord) -> Problem:
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
