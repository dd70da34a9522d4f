"""Repairs of records that are not XML: each is small, named, and told with what stood there before.

Nothing here guesses: what a repair cannot mend for certain stays wrong, and the strict parser
refuses it afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html.entities import html5

import attrs

from libconsortium.core.messages import Message
from libconsortium.core.problems import Place, Problem

REPLACEMENT = "\ufffd".encode()
"""What stands where a character cannot be known."""

_READ_AS_WINDOWS_1252 = "WINDOWS_1252"
_SHOWN_BYTES = 24
_MARKUP = re.compile(rb"<!\[CDATA\[.*?\]\]>|<!--.*?-->", re.DOTALL)
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
_AMPERSAND = re.compile(rb"&(#[0-9]{1,9};|#[xX][0-9a-fA-F]{1,8};|[A-Za-z][A-Za-z0-9]{1,31};)?")
_DECLARED = re.compile(rb"xmlns:([A-Za-z_][\w.-]*)\s*=")
_USED = re.compile(rb"[<\s/]([A-Za-z_][\w.-]*):[A-Za-z_][\w.-]*(?=[\s=/>])")
_START = re.compile(rb"<[A-Za-z_][\w.:-]*")
_BASIC = {b"amp", b"lt", b"gt", b"quot", b"apos"}
_LARGEST_CHARACTER = 0x10FFFF
_KNOWN_NAMESPACES = {
    b"oai": b"http://www.openarchives.org/OAI/2.0/",
    b"oai_dc": b"http://www.openarchives.org/OAI/2.0/oai_dc/",
    b"dc": b"http://purl.org/dc/elements/1.1/",
    b"dcterms": b"http://purl.org/dc/terms/",
    b"dim": b"http://www.dspace.org/xmlns/dspace/dim",
    b"marc": b"http://www.loc.gov/MARC21/slim",
    b"mods": b"http://www.loc.gov/mods/v3",
    b"qdc": b"http://dspace.org/qualifieddc/",
    b"rdf": b"http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    b"xlink": b"http://www.w3.org/1999/xlink",
    b"xsi": b"http://www.w3.org/2001/XMLSchema-instance",
}


@attrs.frozen(kw_only=True)
class Repair:
    """One kind of repair in one piece.

    Args:
        name: What was done, a stable name.
        count: How often.
        before: The first place as it stood, in part.
        after: The same place repaired.
    """

    name: str
    count: int
    before: bytes
    after: bytes


@attrs.frozen(kw_only=True)
class Repaired:
    """A piece after its repairs.

    Args:
        content: The bytes, repaired.
        repairs: What was done, in this order; empty if nothing had to be.
    """

    content: bytes
    repairs: tuple[Repair, ...] = ()


def repaired_characters(content: bytes) -> Repaired:
    r"""Replace what no XML may hold: control characters, bad UTF-8, illegal references, bare ``&``.

    A piece without any character of several bytes, but with bytes that are no UTF-8, was written
    in another charset and is read as Windows-1252, from which the texts of old Vietnamese fonts
    can still be told. What cannot be known (a control character, a wrong byte among right ones)
    becomes U+FFFD; an ampersand that begins nothing is written ``&amp;``, and ``<`` before a blank
    or a digit ``&lt;``; named characters of HTML become themselves. An XML declaration within is
    cut out. CDATA sections stay as they are.

    >>> repaired_characters(b"<a>R\x0b &D &eacute;</a>").content.decode()
    '<a>R� &amp;D é</a>'
    """
    repairs: list[Repair] = []
    text = _in_utf8(content, repairs)
    text = _replaced("CONTROL_CHARACTER", _CONTROL, lambda _: REPLACEMENT, text, repairs)
    for name, mend in (("ILLEGAL_REFERENCE", _legal), ("NAMED_CHARACTER", _unnamed)):
        text = _outside_cdata(name, mend, text, repairs)
    text = _outside_cdata("BARE_AMPERSAND", _escaped, text, repairs)
    text = _replaced("BARE_BRACKET", _BRACKET, _bracket, text, repairs)
    text = _replaced("XML_DECLARATION", _DECLARATION, _undeclared, text, repairs)
    return Repaired(content=text, repairs=tuple(repairs))


def repaired_prefixes(content: bytes, known: frozenset[bytes] = frozenset()) -> Repaired:
    """Declare the prefixes that are used and not declared, at the first element.

    Args:
        content: One element with all that is in it.
        known: Prefixes that are declared around it.

    >>> repaired_prefixes(b"<r><dc:title>A</dc:title></r>").content
    b'<r xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>A</dc:title></r>'
    """
    used = set(_USED.findall(_MARKUP.sub(b"", content)))
    missing = sorted(used - set(_DECLARED.findall(content)) - known - {b"xml", b"xmlns"})
    start = _START.search(content)
    if not missing or start is None:
        return Repaired(content=content)
    declared = b"".join(
        b' xmlns:%b="%b"' % (one, _KNOWN_NAMESPACES.get(one, b"urn:undeclared:" + one))
        for one in missing
    )
    mended = content[: start.end()] + declared + content[start.end() :]
    repair = Repair(
        name="UNDECLARED_PREFIX",
        count=len(missing),
        before=start.group(),
        after=start.group() + declared,
    )
    return Repaired(content=mended, repairs=(repair,))


def declared_prefixes(head: bytes) -> frozenset[bytes]:
    """Return the prefixes declared in the part of a page before its first record.

    >>> declared_prefixes(b'<o:OAI-PMH xmlns:o="urn:o">')
    frozenset({b'o'})
    """
    return frozenset(_DECLARED.findall(head))


def repair_problem(repair: Repair, where: Place, advice: Message) -> Problem:
    r"""Return the problem that tells of a repair of one record, before and after.

    Args:
        repair: What was done.
        where: The source or file, and the record.
        advice: What to do about it, and where the record stands as it came.

    >>> repair = Repair(name="BARE_AMPERSAND", count=1, before=b"R & D", after=b"R &amp; D")
    >>> problem = repair_problem(repair, Place(source="a.xml", record="1"), Message("mend it"))
    >>> problem.code, str(problem.what)
    ('REPAIRED_BARE_AMPERSAND', 'the record was repaired 1 times: "R & D" became "R &amp; D"')
    """
    before, after = bytes_shown(repair.before), bytes_shown(repair.after)
    what = Message(
        "the record was repaired {count} times: {before} became {after}",
        count=repair.count,
        before=before,
        after=after,
    )
    if repair.name == _READ_AS_WINDOWS_1252:
        what = Message(
            "the record is not in UTF-8; {count} of its letters were read as Windows-1252:"
            " {before} became {after}",
            count=repair.count,
            before=before,
            after=after,
        )
    return Problem(code=f"REPAIRED_{repair.name}", where=where, what=what, advice=advice)


def bytes_shown(part: bytes) -> str:
    r"""Return bytes as a reader can see them.

    >>> bytes_shown(b"R\x0b &")
    '"R\\x0b &"'
    """
    text = part.decode("utf-8", "backslashreplace")
    shown = "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode() for char in text
    )
    return f'"{shown}"'


_WINDOWS_1252 = {  # five bytes mean nothing in it, and stay the control characters they are
    byte: bytes((byte,)).decode("cp1252")
    for byte in range(0x80, 0xA0)
    if byte not in {0x81, 0x8D, 0x8F, 0x90, 0x9D}
}
_CUT_SHORT = re.compile(  # the beginning of a character at the end of a text
    rb"(?:(?<=[a-z])[\xc2-\xc6]|[\xe0-\xef][\x80-\xbf]|[\xf0-\xf4][\x80-\xbf]{1,2})(?=\s*<)"
)


def _in_utf8(content: bytes, repairs: list[Repair]) -> bytes:
    damaged = content.decode("utf-8", "replace").encode()
    if damaged == content:
        return content
    is_utf8 = not content.decode("utf-8", "ignore").isascii()
    if is_utf8 or _CUT_SHORT.sub(b"", content).isascii():
        count = damaged.count(REPLACEMENT) - content.count(REPLACEMENT)
        return _noted("BAD_UTF_8", content, damaged, count, repairs)
    text = content.decode("latin-1").translate(_WINDOWS_1252)
    count = sum(not char.isascii() for char in text)
    return _noted(_READ_AS_WINDOWS_1252, content, text.encode(), count, repairs)


def _noted(name: str, before: bytes, after: bytes, count: int, repairs: list[Repair]) -> bytes:
    place = next(
        (at for at, (old, new) in enumerate(zip(before, after, strict=False)) if old != new), 0
    )
    start = max(0, place - _SHOWN_BYTES // 2)
    repairs.append(
        Repair(
            name=name,
            count=count,
            before=before[start : start + _SHOWN_BYTES],
            after=after[start : start + _SHOWN_BYTES].decode("utf-8", "ignore").encode(),
        )
    )
    return after


Mend = Callable[[re.Match[bytes]], bytes]


def _replaced(
    name: str, pattern: re.Pattern[bytes], mend: Mend, text: bytes, repairs: list[Repair]
) -> bytes:
    count = 0
    first: tuple[bytes, bytes] = (b"", b"")

    def counted(match: re.Match[bytes]) -> bytes:
        nonlocal count, first
        new = mend(match)
        if new != match.group():
            count += 1
            if count == 1:
                start, end = max(0, match.start() - _SHOWN_BYTES), match.end() + _SHOWN_BYTES
                around = text[start : match.start()], text[match.end() : end]
                first = around[0] + match.group() + around[1], around[0] + new + around[1]
        return new

    mended = pattern.sub(counted, text)
    if count:
        repairs.append(Repair(name=name, count=count, before=first[0], after=first[1]))
    return mended


_OUTSIDE = re.compile(_MARKUP.pattern + b"|" + _AMPERSAND.pattern, re.DOTALL)


def _outside_cdata(
    name: str, mend: Callable[[bytes], bytes], text: bytes, repairs: list[Repair]
) -> bytes:
    def mended(match: re.Match[bytes]) -> bytes:
        found = match.group()
        return mend(found) if found.startswith(b"&") else found

    return _replaced(name, _OUTSIDE, mended, text, repairs)


_BRACKET = re.compile(
    _MARKUP.pattern + rb"|\]\]>|<(?![A-Za-z_/!?:\x80-\xff])",
    re.DOTALL,
)


def _bracket(match: re.Match[bytes]) -> bytes:
    found = match.group()
    if found.startswith(b"<!"):
        return found
    return found.replace(b"<", b"&lt;").replace(b">", b"&gt;")


_DECLARATION = re.compile(_MARKUP.pattern + rb"|(?<=.)<\?xml\s[^<>]*\?>", re.DOTALL)


def _undeclared(match: re.Match[bytes]) -> bytes:
    found = match.group()
    return found if found.startswith(b"<!") else b""


def _legal(reference: bytes) -> bytes:
    if not reference.startswith(b"&#"):
        return reference
    digits = reference[2:-1]
    number = int(digits[1:], 16) if digits[:1] in b"xX" else int(digits)
    is_legal = (
        number in (9, 10, 13)
        or 0x20 <= number <= 0xD7FF  # noqa: PLR2004 - the ranges of XML 1.0, production 2
        or 0xE000 <= number <= 0xFFFD  # noqa: PLR2004 - as XML 1.0 says
        or 0x10000 <= number <= _LARGEST_CHARACTER  # noqa: PLR2004 - as XML 1.0 says
    )
    return reference if is_legal else REPLACEMENT


def _unnamed(reference: bytes) -> bytes:
    name = reference[1:-1]
    if not reference.endswith(b";") or reference.startswith(b"&#") or name in _BASIC:
        return reference
    character = html5.get(name.decode("ascii") + ";")
    return character.encode("utf-8") if character is not None else reference


def _escaped(reference: bytes) -> bytes:
    if reference.startswith(b"&#") and reference.endswith(b";"):
        return reference
    return reference if reference[1:-1] in _BASIC else b"&amp;" + reference[1:]
