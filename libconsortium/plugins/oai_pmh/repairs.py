"""Repairs of whole pages that are not XML: their charset, and what stands around the document."""

from __future__ import annotations

import codecs
import re

from libconsortium import Repair, Repaired

_SHOWN_BYTES = 24
_ENCODING = re.compile(rb"""(<\?xml[^>]*?encoding\s*=\s*)(["'])([^"']*)\2""")


def in_utf8(content: bytes, header_charset: str = "") -> Repaired:
    r"""Write a document in UTF-8, by what its bytes are and not by what is said of them.

    Bytes that are UTF-8 are taken for it, whatever the declaration says; else the declaration
    counts, and then the header; not where single records only are in another charset. Marks at
    the beginning (BOM) and UTF-16 are understood. If nothing fits, the bytes stay as they are.

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
        if charset in PLAIN_CHARSETS and _SURELY_UTF_8.search(content):
            continue
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
_SURELY_UTF_8 = re.compile(rb"[\xe1-\xef][\x80-\xbf]{2}")  # a letter and two signs are no text
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
