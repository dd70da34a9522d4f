"""Repairs of bytes that are not XML: each is small, named, and told with what stood there before.

Nothing here guesses: what a repair cannot mend for certain stays wrong, and the strict parser
refuses it afterwards.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from html.entities import html5

import attrs

REPLACEMENT = "\ufffd".encode()
_SHOWN_BYTES = 24
_MARKUP = re.compile(rb"<!\[CDATA\[.*?\]\]>|<!--.*?-->", re.DOTALL)
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
_AMPERSAND = re.compile(rb"&(#[0-9]{1,9};|#[xX][0-9a-fA-F]{1,8};|[A-Za-z][A-Za-z0-9]{1,31};)?")
_DECLARED = re.compile(rb"xmlns:([A-Za-z_][\w.-]*)\s*=")
_USED = re.compile(rb"[<\s/]([A-Za-z_][\w.-]*):[A-Za-z_][\w.-]*(?=[\s=/>])")
_START = re.compile(rb"<[A-Za-z_][\w.:-]*")
_ENCODING = re.compile(rb"""(<\?xml[^>]*?encoding\s*=\s*)(["'])([^"']*)\2""")
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


def characters(content: bytes) -> Repaired:
    r"""Replace what no XML may hold: control characters, bad UTF-8, illegal references, bare ``&``.

    What cannot be known (a control character, a wrong byte) becomes U+FFFD; an ampersand that
    begins nothing is written ``&amp;``; named characters of HTML become themselves. CDATA
    sections keep their ampersands.

    >>> characters(b"<a>R\x0b &D &eacute;</a>").content.decode()
    '<a>R� &amp;D é</a>'
    """
    repairs: list[Repair] = []
    text = _noted("BAD_UTF_8", content, _with_good_utf8(content), repairs)
    text = _replaced("CONTROL_CHARACTER", _CONTROL, lambda _: REPLACEMENT, text, repairs)
    for name, mend in (("ILLEGAL_REFERENCE", _legal), ("NAMED_CHARACTER", _unnamed)):
        text = _outside_cdata(name, mend, text, repairs)
    text = _outside_cdata("BARE_AMPERSAND", _escaped, text, repairs)
    return Repaired(content=text, repairs=tuple(repairs))


def prefixes(content: bytes, known: frozenset[bytes] = frozenset()) -> Repaired:
    """Declare the prefixes that are used and not declared, at the first element.

    Args:
        content: One element with all that is in it.
        known: Prefixes that are declared around it.

    >>> prefixes(b"<r><dc:title>A</dc:title></r>").content
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


def in_utf8(content: bytes, header_charset: str = "") -> Repaired:
    r"""Write a document in UTF-8, by what its bytes are and not by what is said of them.

    Bytes that are UTF-8 are taken for it, whatever the declaration says; else the declaration
    counts, and then the header. Marks at the beginning (BOM) and UTF-16 are understood. If
    nothing fits, the bytes stay as they are.

    Args:
        content: The document.
        header_charset: The charset of the Content-Type header, empty if none.

    >>> in_utf8("<a>é</a>".encode("utf-16")).content.decode()
    '<a>é</a>'
    >>> in_utf8(b'<?xml version="1.0" encoding="ISO-8859-1"?><a>\xe9</a>').content.decode()
    '<?xml version="1.0" encoding="UTF-8"?><a>é</a>'
    """
    for mark, name in _MARKS:
        if content.startswith(mark):
            return _decoded(content, content[len(mark) :], name)
    for start, name in _WIDE:
        if start.match(content):
            return _decoded(content, content, name)
    found = _ENCODING.search(content[:1024])
    declared = found.group(3).decode("ascii", "replace").strip().lower() if found else ""
    is_ascii = content.isascii()
    if is_ascii or _is_utf8(content):
        if declared in {"", "utf-8", "us-ascii"} or (is_ascii and declared in PLAIN_CHARSETS):
            return Repaired(content=content)
        return _decoded(content, content, "utf-8")
    for charset in (declared, header_charset.strip().strip("\"'").lower()):
        if charset and charset not in {"utf-8", "utf8"} and _is_known(charset):
            return _decoded(content, content, charset)
    return Repaired(content=content)


def only_document(content: bytes) -> tuple[list[bytes], tuple[Repair, ...]]:
    """Cut away what stands before and after the document; give all that were glued together.

    A document that does not end gives what there is of it.

    >>> documents, repairs = only_document(b"Notice: x<OAI-PMH>1</OAI-PMH><br>")
    >>> documents, [repair.name for repair in repairs]
    ([b'<OAI-PMH>1</OAI-PMH>'], ['JUNK_BEFORE', 'JUNK_AFTER'])
    """
    roots = list(_ROOT.finditer(content))
    if not roots:
        return [content], ()
    documents = []
    for number, root in enumerate(roots):
        limit = roots[number + 1].start() if number + 1 < len(roots) else len(content)
        ends = list(_ROOT_END.finditer(content, root.start(), limit))
        documents.append(content[root.start() : ends[-1].end() if ends else limit])
    repairs = []
    before = _PROLOG.sub(b"", content[: roots[0].start()]).strip(b"\xef\xbb\xbf \t\r\n")
    if before:
        repairs.append(_cut("JUNK_BEFORE", before))
    after = content[roots[-1].start() + len(documents[-1]) :].strip(b"\x00 \t\r\n")
    if after:
        repairs.append(_cut("JUNK_AFTER", after))
    if len(documents) > 1:
        repairs.append(_cut("GLUED_DOCUMENTS", documents[1]))
    return documents, tuple(repairs)


PLAIN_CHARSETS = frozenset(
    ["us-ascii", "ascii", *(f"iso-8859-{n}" for n in range(1, 17))]
    + [f"windows-{n}" for n in range(1250, 1259)]
)
"""Charsets in which markup is written with the same bytes as in UTF-8."""

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WIDE = (
    (re.compile(rb"(?:[ \t\r\n]\x00)*<\x00"), "utf-16-le"),
    (re.compile(rb"(?:\x00[ \t\r\n])*\x00<"), "utf-16-be"),
)
_ROOT = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?OAI-PMH(?=[\s>/])")
_ROOT_END = re.compile(rb"</(?:[A-Za-z_][\w.-]*:)?OAI-PMH\s*>")
_PROLOG = re.compile(rb"<\?.*?\?>|<!--.*?-->", re.DOTALL)


def _cut(name: str, junk: bytes) -> Repair:
    return Repair(name=name, count=1, before=junk[: 4 * _SHOWN_BYTES], after=b"")


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _is_known(charset: str) -> bool:
    try:
        return codecs.lookup(charset).name not in {"utf-16", "utf-32", "utf-16-le", "utf-16-be"}
    except (LookupError, ValueError):
        return False


def _decoded(before: bytes, body: bytes, charset: str) -> Repaired:
    try:
        text = body.decode(charset, "strict" if charset != "utf-8" else "surrogateescape")
    except (UnicodeDecodeError, LookupError):
        return Repaired(content=before)
    as_utf8 = text.encode("utf-8", "surrogateescape")
    mended = _ENCODING.sub(rb"\1\2UTF-8\2", as_utf8[:1024], count=1) + as_utf8[1024:]
    if charset == "utf-8" and mended == body:
        return Repaired(content=mended)  # only the mark at the beginning is gone
    repair = Repair(
        name="CHARSET", count=1, before=before[:_SHOWN_BYTES], after=charset.encode("ascii")
    )
    return Repaired(content=mended, repairs=(repair,))


def _with_good_utf8(content: bytes) -> bytes:
    return content.decode("utf-8", "replace").encode("utf-8") if not _is_utf8(content) else content


def _noted(name: str, before: bytes, after: bytes, repairs: list[Repair]) -> bytes:
    if before == after:
        return before
    place = next(
        (at for at, (old, new) in enumerate(zip(before, after, strict=False)) if old != new), 0
    )
    start = max(0, place - _SHOWN_BYTES // 2)
    repairs.append(
        Repair(
            name=name,
            count=after.count(REPLACEMENT) - before.count(REPLACEMENT),
            before=before[start : start + _SHOWN_BYTES],
            after=after[start : start + _SHOWN_BYTES],
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


def _legal(reference: bytes) -> bytes:
    if not reference.startswith(b"&#"):
        return reference
    digits = reference[2:-1]
    number = int(digits[1:], 16) if digits[:1] in b"xX" else int(digits)
    is_legal = (
        number in (9, 10, 13)
        or 0x20 <= number <= 0xD7FF  # noqa: PLR2004 - the ranges of XML 1.0, production 2
        or 0xE000 <= number <= 0xFFFD  # noqa: PLR2004
        or 0x10000 <= number <= _LARGEST_CHARACTER  # noqa: PLR2004
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
