"""Reads files of ISO 2709 records; a leader that lies costs nothing, junk costs itself."""

from __future__ import annotations

from collections.abc import Iterator
from mmap import ACCESS_READ, mmap
from typing import BinaryIO

from libconsortium import Message, RawRecord
from libconsortium.plugins.files.parts import AT_ONCE, LARGEST_PART, Part, quarantined

_RECORD_END, _FIELD_END, _SUBFIELD = b"\x1d", b"\x1e", b"\x1f"
_LEADER, _LENGTH = 24, 5
_BETWEEN = b"\r\n\x00\x1a \t"  # what programs leave between records


def read_iso_file(file: BinaryIO, source: str, prefix: str, largest_record: int) -> Iterator[Part]:
    """Give the records of a file, part by part.

    Args:
        file: The file; it must lie on a disk.
        source: The source's name.
        prefix: Name of the format given to the records.
        largest_record: Size from which a record is refused, in bytes.
    """
    with mmap(file.fileno(), 0, access=ACCESS_READ) as data:
        records: list[RawRecord] = []
        refused = []
        start = at = 0
        is_cut = False
        while at < len(data):
            end = _end_of_record(data, at)
            content = data[at:end].strip(_BETWEEN)
            is_cut = end == len(data) and _is_cut(content, data[end - 1 : end])
            if _is_record(content) and not is_cut and len(content) <= largest_record:
                records.append(_record(content, source, prefix))
            elif content:
                refused.append(quarantined(source, content, _reason(content)))
            at = end
            if len(records) + len(refused) == AT_ONCE or at - start >= LARGEST_PART:
                yield Part(body=data[start:at], records=tuple(records), quarantined=tuple(refused))
                records, refused, start = [], [], at
        if start < len(data):
            yield Part(
                body=data[start:],
                records=tuple(records),
                quarantined=tuple(refused),
                is_cut=is_cut,
            )


def looks_like_iso2709(start: bytes) -> bool:
    """Say whether a file begins like ISO 2709: five digits of length, then the rest of a leader.

    >>> looks_like_iso2709(b"00714cam a2200205 a 4500001")
    True
    """
    begins = start.lstrip(_BETWEEN)
    leader = begins[:_LEADER]
    is_whole = len(leader) == _LEADER and leader.isascii()
    # UNIMARC has digits where MARC 21 has letters, and damaged leaders have blanks.
    has_letters = leader[5:9].strip().isalpha()
    has_directory = begins[_LEADER + 3 : _LEADER + 12].isdigit()
    is_numbered = leader[:_LENGTH].isdigit() and leader[12:17].isdigit()
    return is_whole and is_numbered and (has_letters or has_directory)


def _end_of_record(data: mmap, at: int) -> int:
    """Return where the record ends: where its leader says if a terminator is there, else at it."""
    while data[at : at + 1] and data[at : at + 1] in _BETWEEN and at + 1 < len(data):
        at += 1
    written = data[at : at + _LENGTH]
    if written.isdigit() and int(written) > _LEADER:
        end = at + int(written)
        if data[end - 1 : end] == _RECORD_END:
            return end
    found = data.find(_RECORD_END, at)
    return found + 1 if found >= 0 else len(data)


def _is_record(content: bytes) -> bool:
    has_fields = len(content) > _LEADER and _FIELD_END in content
    return has_fields and (_SUBFIELD in content or looks_like_iso2709(content))


def _is_cut(content: bytes, last: bytes) -> bool:
    """Say whether the last record of a file ends before the end that its leader tells."""
    told = content[:_LENGTH]
    is_short = told.isdigit() and int(told) > len(content) + 1
    return last != _RECORD_END and is_short and looks_like_iso2709(content)


def _record(content: bytes, source: str, prefix: str) -> RawRecord:
    return RawRecord(
        source=source, identifier=_control_number(content, source), prefix=prefix, content=content
    )


def _control_number(content: bytes, source: str) -> str:
    """Return 001, with another agency (003) before it in brackets; empty if there is none."""
    directory, _, body = content[_LEADER:].partition(_FIELD_END)
    # What stands before a leader by mistake shifts it: the directory is told from its end.
    tags = [directory[at : at + 3] for at in range(len(directory) % 12, len(directory), 12)]
    fields = dict(zip(reversed(tags), reversed(body.split(_FIELD_END)[: len(tags)]), strict=False))
    number, agency = (
        fields.get(tag, b"").decode("utf-8", "replace").strip() for tag in (b"001", b"003")
    )
    if not number.isprintable():
        return ""  # the directory leads elsewhere
    return f"({agency}){number}" if number and agency not in ("", source) else number


def _reason(content: bytes) -> Message:
    return Message("these {count} bytes are no ISO 2709 record", count=len(content))
