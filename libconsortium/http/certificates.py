"""Reads what a certificate says; whether it is to be trusted is OpenSSL's business, not ours."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from datetime import UTC, datetime

from libconsortium.core.harvest.certificates import Certificate

_SEQUENCE, _UTC_TIME, _TRUE_TAGS = 0x30, 0x17, (0xA3,)
_COMMON_NAME, _ORGANISATION = bytes.fromhex("550403"), bytes.fromhex("55040a")
_OTHER_NAMES = bytes.fromhex("551d11")
_ACCESS = bytes.fromhex("2b06010505070101")
_ISSUERS = bytes.fromhex("2b06010505073002")
_DNS, _ADDRESS, _URL = 0x82, 0x87, 0x86
_LONG, _CENTURY = 0x80, 50


def read_certificate(der: bytes) -> Certificate:
    """Read a certificate in DER form.

    Raises:
        ValueError: It is not one.

    Source: RFC 5280, section 4.1; ITU-T X.690 for the encoding.

    >>> read_certificate(b"")
    Traceback (most recent call last):
    ValueError: not a certificate
    """
    try:
        return _certificate(der)
    except (IndexError, UnicodeDecodeError, ValueError) as error:
        message = "not a certificate"
        raise ValueError(message) from error


def _certificate(der: bytes) -> Certificate:
    (_, whole) = next(_parts(der))
    (_, signed) = next(_parts(whole))
    parts = list(_parts(signed))
    if parts[0][0] == 0xA0:  # noqa: PLR2004 - the version, which old certificates leave out
        parts = parts[1:]
    issuer, validity, subject = parts[2][1], parts[3][1], parts[4][1]
    starts, ends = (_moment(*one) for one in _parts(validity))
    names: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    for kind, value in _extensions(parts):
        if kind == _OTHER_NAMES:
            names = tuple(_other_names(value))
        elif kind == _ACCESS:
            urls = tuple(_issuer_urls(value))
    common = _name(subject)
    return Certificate(
        subject=common,
        issuer=_name(issuer),
        starts=starts,
        ends=ends,
        names=names or ((common,) if common else ()),
        is_self_issued=issuer == subject,
        issuer_urls=urls,
        key=subject,
        issuer_key=issuer,
    )


def _parts(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield tag and content of the elements one after the other."""
    place = 0
    while place < len(data):
        tag, length = data[place], data[place + 1]
        place += 2
        if length & _LONG:
            count = length & ~_LONG
            length = int.from_bytes(data[place : place + count], "big")
            place += count
        if not 0 <= length <= len(data) - place:
            message = "an element is longer than what holds it"
            raise ValueError(message)
        yield tag, data[place : place + length]
        place += length
    if not data:
        message = "there is nothing"
        raise ValueError(message)


def _name(rdns: bytes) -> str:
    found: dict[bytes, str] = {}
    if not rdns:
        return ""
    for _, several in _parts(rdns):
        for _, pair in _parts(several):
            (_, kind), (tag, value) = _parts(pair)
            charset = "utf-16-be" if tag == 0x1E else "utf-8"  # noqa: PLR2004 - BMPString
            found[kind] = _clean(value.decode(charset, "replace"))
    return found.get(_COMMON_NAME) or found.get(_ORGANISATION) or next(iter(found.values()), "")


def _clean(text: str) -> str:
    """Replace what a terminal would take for a command."""
    return "".join(char if char.isprintable() else "�" for char in text)


def _moment(tag: int, value: bytes) -> datetime:
    text = value.decode("ascii").removesuffix("Z")
    if tag == _UTC_TIME:
        text = ("20" if int(text[:2]) < _CENTURY else "19") + text
    return datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=UTC)


def _extensions(parts: list[tuple[int, bytes]]) -> Iterator[tuple[bytes, bytes]]:
    for tag, value in parts:
        if tag not in _TRUE_TAGS:
            continue
        (_, listed) = next(_parts(value))
        for _, extension in _parts(listed):
            fields = list(_parts(extension))
            yield fields[0][1], fields[-1][1]


def _other_names(value: bytes) -> Iterator[str]:
    (_, listed) = next(_parts(value))
    for tag, name in _parts(listed):
        if tag == _DNS:
            yield _clean(name.decode("ascii", "replace"))
        elif tag == _ADDRESS:
            yield str(ipaddress.ip_address(name))


def _issuer_urls(value: bytes) -> Iterator[str]:
    (_, listed) = next(_parts(value))
    for _, access in _parts(listed):
        (_, method), (tag, place) = _parts(access)
        if method == _ISSUERS and tag == _URL:
            yield _clean(place.decode("ascii", "replace"))
