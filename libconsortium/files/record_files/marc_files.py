"""MARC records as MARCXML and as ISO 2709; what a format cannot hold is told, never broken."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from libconsortium.core.messages import Message
from libconsortium.core.problems import Place, Problem
from libconsortium.files.record_files.marc_fields import MARC_NAMESPACE, MarcOut

XML_START = f'<?xml version="1.0" encoding="UTF-8"?>\n<collection xmlns="{MARC_NAMESPACE}">\n'
XML_END = "</collection>\n"

# What XML 1.0 does not allow; ISO 2709 parts fields and records with signs among them.
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NOT_IN_ISO = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
_FIELD_END, _RECORD_END, _SUBFIELD = "\x1e", "\x1d", "\x1f"
_LONGEST_FIELD, _LONGEST_RECORD, _LEADER = 9_999, 99_999, 24
_TAG = 3
_NO_CODE = "?"  # as the crosswalk calls a subfield whose code is not one sign


def as_marcxml(marc: MarcOut, where: Place, problems: list[Problem]) -> str:
    r"""Return a record as MARCXML on a line of its own.

    Args:
        marc: The record.
        where: Its place, for problems.
        problems: What was left out is added here.

    >>> marc = MarcOut(leader="0" * 24, control=(("001", "1&2"),), fields=())
    >>> as_marcxml(marc, Place(), [])
    '<record><leader>...</leader><controlfield tag="001">1&amp;2</controlfield></record>\n'
    """
    leader = _clean(marc.leader, _NOT_IN_XML, where, "leader", problems)
    parts = [f"<record><leader>{escape(leader)}</leader>"]
    for tag, text in marc.control:
        clean = _clean(text, _NOT_IN_XML, where, tag, problems)
        parts.append(f"<controlfield tag={quoteattr(_fit(tag))}>{_escaped(clean)}</controlfield>")
    for tag, indicators, subfields in marc.fields:
        one, other = (quoteattr(_fit(each)) for each in indicators)
        parts.append(f"<datafield tag={quoteattr(_fit(tag))} ind1={one} ind2={other}>")
        for code, text in subfields:
            clean = _clean(text, _NOT_IN_XML, where, f"{tag}${code}", problems)
            parts.append(f"<subfield code={quoteattr(_fit(code))}>{_escaped(clean)}</subfield>")
        parts.append("</datafield>")
    return "".join([*parts, "</record>\n"])


def _fit(sign: str) -> str:
    """Put a blank for what XML cannot hold in a tag, an indicator or a code."""
    return _NOT_IN_XML.sub(" ", sign)


def _escaped(text: str) -> str:
    return escape(text, {"\r": "&#13;"})  # a bare one would be read as a line's end


def as_iso2709(marc: MarcOut, where: Place, problems: list[Problem]) -> bytes:
    r"""Return a record in ISO 2709 and UTF-8; empty if it is too long to be written.

    A field of more than 9,999 bytes is left out; so is a record of more than 99,999.

    Args:
        marc: The record.
        where: Its place, for problems.
        problems: What was left out is added here.

    >>> marc = MarcOut(leader=" " * 24, control=(("001", "1"),), fields=())
    >>> as_iso2709(marc, Place(), [])
    b'00040    a2200037   4500001000200000\x1e1\x1e\x1d'
    """
    directory, body = "", b""
    for tag, text in _iso_fields(marc, where, problems):
        data = text.encode()
        if len(data) > _LONGEST_FIELD:
            problems.append(_too_long(where, tag, len(data)))
            continue
        directory += f"{tag}{len(data):04}{len(body):05}"
        body += data
        if len(body) > _LONGEST_RECORD:
            break
    base = _LEADER + len(directory) + 1
    length = base + len(body) + 1
    if length > _LONGEST_RECORD:
        problems.append(_record_too_long(where))
        return b""
    old = marc.leader.ljust(_LEADER)
    leader = f"{length:05}{old[5:9]}{old[9] if old[9] == 'a' else 'a'}22{base:05}{old[17:20]}4500"
    return leader.encode("ascii", "replace") + f"{directory}{_FIELD_END}".encode() + body + b"\x1d"


def _iso_fields(marc: MarcOut, where: Place, problems: list[Problem]) -> Iterator[tuple[str, str]]:
    for tag, text in marc.control:
        clean = _clean(text, _NOT_IN_ISO, where, tag, problems)
        yield _tag(tag), clean + _FIELD_END
    for tag, indicators, subfields in marc.fields:
        fit = (
            (
                code if len(code) == 1 else _NO_CODE,
                _clean(text, _NOT_IN_ISO, where, f"{tag}${code}", problems),
            )
            for code, text in subfields
        )
        inside = "".join(f"{_SUBFIELD}{code}{text}" for code, text in fit)
        yield _tag(tag), f"{indicators}{inside}{_FIELD_END}"


def _tag(tag: str) -> str:
    return tag if len(tag) == _TAG and tag.isascii() else "999"


def _clean(
    text: str, unfit: re.Pattern[str], where: Place, field: str, problems: list[Problem]
) -> str:
    clean, count = unfit.subn("", text)
    if count:
        problems.append(
            Problem(
                code="CHARACTERS_LEFT_OUT",
                where=_at(where, field),
                what=Message(
                    "{count} control characters that the format cannot hold are left out",
                    count=count,
                ),
                advice=Message("take JSON Lines, which holds everything"),
            )
        )
    return clean


def _too_long(where: Place, tag: str, size: int) -> Problem:
    return Problem(
        code="FIELD_TOO_LONG",
        where=_at(where, tag),
        what=Message(
            "the field has {size} bytes, and ISO 2709 holds no more than {most}; it is left out",
            size=size,
            most=_LONGEST_FIELD,
        ),
        advice=Message("take MARCXML, which holds fields of any length"),
    )


def _record_too_long(where: Place) -> Problem:
    return Problem(
        code="RECORD_TOO_LONG",
        where=where,
        what=Message(
            "the record has more than the {most} bytes that ISO 2709 holds; it is left out",
            most=_LONGEST_RECORD,
        ),
        advice=Message("take MARCXML, which holds records of any length"),
    )


def _at(where: Place, field: str) -> Place:
    return Place(source=where.source, record=where.record, field=field)
