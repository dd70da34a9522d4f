"""Saves what can be saved of a page that is not XML: record by record, never by guessing.

The page is cut at the boundaries of its records, each piece is repaired by itself and read
strictly; a piece that stays wrong is given back as it came. A page that breaks off gives the
records before the break, and is never taken for the end of its list.
"""

from __future__ import annotations

import re
from hashlib import sha256
from xml.sax.saxutils import unescape

import attrs
from lxml import etree

from libconsortium import (
    Message,
    PageRefusedError,
    Repair,
    declared_prefixes,
    repaired_characters,
    repaired_prefixes,
)
from libconsortium.plugins.oai_pmh.envelope import parsed
from libconsortium.plugins.oai_pmh.repairs import in_utf8, only_document

_RECORD = re.compile(rb"<(?:[\w.-]+:)?record(?:\s[^>]*)?>\s*<(?:[\w.-]+:)?header[\s>]")
_HEADER = re.compile(rb"<(?:[\w.-]+:)?header(?:\s[^>]*)?>")
_RECORD_END = re.compile(rb"</(?:[\w.-]+:)?record\s*>")
_HEADER_END = re.compile(rb"</(?:[\w.-]+:)?header\s*>")
_IDENTIFIER = re.compile(rb"<(?:[\w.-]+:)?identifier[^>]*>([^<]{1,2000})</")
_ROOT = re.compile(rb"<((?:[\w.-]+:)?OAI-PMH)(?:\s[^>]*)?>")
_FOREIGN_DOCTYPE = re.compile(rb"<!DOCTYPE(?!\s+html)|<!ENTITY", re.IGNORECASE)


@attrs.frozen(kw_only=True)
class Lost:
    """A piece of a page that stays wrong.

    Args:
        identifier: The record's identifier; ``#`` and a hash if it has none that can be read.
        content: Its bytes as they came.
        reason: Why it cannot be read.
    """

    identifier: str
    content: bytes
    reason: Message


@attrs.frozen(kw_only=True)
class Salvaged:
    """What was saved of a page.

    Args:
        root: The page without what was lost.
        page_repairs: Repairs of the page as a whole.
        record_repairs: Repairs of single records, by identifier.
        lost: Pieces that stay wrong.
        is_cut: The page breaks off.
    """

    root: etree._Element
    page_repairs: tuple[Repair, ...] = ()
    record_repairs: tuple[tuple[str, tuple[Repair, ...]], ...] = ()
    lost: tuple[Lost, ...] = ()
    is_cut: bool = False


@attrs.define(kw_only=True)
class _Piece:
    """One record of a page, as it came and repaired."""

    raw: bytes
    content: bytes
    repairs: tuple[Repair, ...]
    reason: Message | None = None


def salvaged(content: bytes, verb: str, charset: str = "") -> Salvaged | None:
    """Save what can be saved of a page; ``None`` if it is no page of this list at all.

    Args:
        content: The page, unpacked.
        verb: What was asked for.
        charset: The charset that the header named.

    >>> page = b'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><ListRecords>%b'
    >>> record = b"<record><header><identifier>a</identifier></header></record>"
    >>> saved = salvaged(page % record, "ListRecords")
    >>> saved.is_cut, len(saved.root[0])
    (True, 1)
    """
    if _FOREIGN_DOCTYPE.search(content):
        return None
    text = in_utf8(content, charset)
    documents, cuts = only_document(text.content)
    pages = []
    for document in documents:
        if b"<" + verb.encode() in document or b":" + verb.encode() in document:
            page = _document(document, verb)
            if page is not None:
                pages.append(page)
    if not pages:
        whole = _whole(documents[-1])
        return whole and attrs.evolve(
            whole, page_repairs=(*text.repairs, *cuts, *whole.page_repairs)
        )
    first, *others = pages
    for other in others:
        first = _joined(first, other)
    return attrs.evolve(first, page_repairs=(*text.repairs, *cuts, *first.page_repairs))


def _joined(first: Salvaged, other: Salvaged) -> Salvaged:
    """Put the list of a second document behind that of the first; its token counts."""
    mine, theirs = _body(first.root), _body(other.root)
    if mine is None or theirs is None:
        return first
    for token in [one for one in mine if etree.QName(one).localname == "resumptionToken"]:
        mine.remove(token)
    mine.extend(list(theirs))
    return attrs.evolve(
        first,
        record_repairs=first.record_repairs + other.record_repairs,
        lost=first.lost + other.lost,
        is_cut=other.is_cut,
    )


def _body(root: etree._Element) -> etree._Element | None:
    return next(
        (one for one in root.iterchildren("*") if etree.QName(one).localname.startswith(_LISTS)),
        None,
    )


_LISTS = ("List", "GetRecord")


def _whole(document: bytes) -> Salvaged | None:
    """Repair a document that has no list: an error, a description."""
    mended = repaired_characters(document)
    named = repaired_prefixes(mended.content)
    try:
        root = parsed(named.content)
    except PageRefusedError:
        return None
    if etree.QName(root).localname != "OAI-PMH":
        return None
    return Salvaged(root=root, page_repairs=(*mended.repairs, *named.repairs))


def _document(document: bytes, verb: str) -> Salvaged | None:
    is_headers = verb == "ListIdentifiers"
    head, raw, tail, junk = _parts(document, is_headers=is_headers)
    if not raw:  # an empty list, or one that breaks off in its first record
        start = _list_start(verb).search(head)
        whole = _whole(document)
        return whole or (_closed(head[: start.end()], [], b"", verb) if start else None)
    pieces = [_mended(piece, head) for piece in raw]
    page = _closed(head, pieces, tail, verb)
    if page is None:
        return None
    repairs = page.page_repairs
    if any(one.search(junk) for one in _ONCE_A_RECORD):
        reason = Message("it stands outside of every record")
        pieces.append(_Piece(raw=junk, content=junk, repairs=(), reason=reason))
    elif junk:
        repairs += (Repair(name="JUNK_BETWEEN", count=1, before=junk[:96], after=b""),)
    return attrs.evolve(
        page,
        page_repairs=repairs,
        record_repairs=tuple(
            (_identifier(piece), piece.repairs)
            for piece in pieces
            if piece.repairs and piece.reason is None
        ),
        lost=tuple(
            Lost(identifier=name, content=piece.raw, reason=piece.reason)
            for piece in pieces
            if piece.reason is not None
            for name in _names(piece)
        ),
    )


def _parts(document: bytes, *, is_headers: bool) -> tuple[bytes, list[bytes], bytes, bytes]:
    """Cut a page into its head, its records, its tail, and what stands between the records."""
    begin, end = (_HEADER, _HEADER_END) if is_headers else (_RECORD, _RECORD_END)
    starts = [found.start() for found in begin.finditer(document)]
    if not starts:
        return document, [], b"", b""
    raw, between = [], []
    last = starts[0]
    for start, limit in zip(starts, [*starts[1:], len(document)], strict=True):
        ends = list(end.finditer(document, start, limit))
        last = ends[-1].end() if ends else limit
        if ends or limit < len(document):  # else the page breaks off in this record
            raw.append(document[start:last])
        if limit < len(document):
            between.append(document[last:limit])
    return document[: starts[0]], raw, document[last:], b"".join(between).strip()


def _mended(raw: bytes, head: bytes) -> _Piece:
    mended = repaired_characters(raw)
    named = repaired_prefixes(mended.content, declared_prefixes(head))
    return _Piece(
        raw=raw, content=named.content, repairs=(*mended.repairs, *named.repairs), reason=None
    )


def _closed(head: bytes, pieces: list[_Piece], tail: bytes, verb: str) -> Salvaged | None:
    """Read the page put together again; what does not fit is taken out, piece by piece."""
    mended = repaired_characters(head)
    named = repaired_prefixes(mended.content)
    begin = named.content
    if not _list_start(verb).search(begin):
        return None
    end = _end_of(begin, verb)
    page_repairs = (*mended.repairs, *named.repairs)
    mended_tail = repaired_characters(tail)
    is_whole = _reads(begin + mended_tail.content) is not None
    if not is_whole and (junk := _JUNK_AT_END.search(tail)) is not None:
        mended_tail = repaired_characters(junk.group(1) + junk.group(3))
        is_whole = _reads(begin + mended_tail.content) is not None
        if is_whole:
            page_repairs += (
                Repair(name="JUNK_AFTER", count=1, before=junk.group(2)[:96], after=b""),
            )
    after = mended_tail.content if is_whole else end
    page_repairs += mended_tail.repairs if is_whole else ()
    root = _reads(begin + b"".join(piece.content for piece in pieces) + after)
    if root is None:
        for piece in pieces:
            piece.reason = _why_not(begin + piece.content + end)
        if not is_whole and pieces and pieces[-1].reason is not None:
            pieces.pop()  # the page breaks off in this record
        kept = b"".join(piece.content for piece in pieces if piece.reason is None)
        root = _reads(begin + kept + after)
    if root is None:
        return None
    return Salvaged(root=root, page_repairs=page_repairs, is_cut=not is_whole)


_JUNK_AT_END = re.compile(  # what a program or a proxy wrote behind the list
    rb"(.*</(?:[\w.-]+:)?(?:List\w+|GetRecord)\s*>)((?:(?!resumptionToken).)+)"
    rb"(</(?:[\w.-]+:)?OAI-PMH\s*>)",
    re.DOTALL,
)


def _list_start(verb: str) -> re.Pattern[bytes]:
    return re.compile(rb"<((?:[\w.-]+:)?" + re.escape(verb.encode()) + rb")(?:\s[^>]*)?>")


def _end_of(begin: bytes, verb: str) -> bytes:
    names = [_list_start(verb).search(begin), _ROOT.search(begin)]
    return b"".join(b"</%b>" % found.group(1) for found in names if found)


def _reads(document: bytes) -> etree._Element | None:
    try:
        return parsed(document)
    except PageRefusedError:
        return None


def _why_not(document: bytes) -> Message | None:
    try:
        root = parsed(document)
    except PageRefusedError as error:
        return error.message
    body = _body(root)
    is_one = body is not None and len(list(body.iterchildren("*"))) == 1
    return None if is_one else Message("the record is not closed where it should be")


def _identifier(piece: _Piece) -> str:
    found = _IDENTIFIER.search(piece.content)
    text = unescape(found.group(1).decode("utf-8", "replace").strip()) if found else ""
    return text if text and "\ufffd" not in text else nameless(piece.raw)


def _names(piece: _Piece) -> list[str]:
    """Return the name of every record in a piece: where a boundary is damaged there are several."""
    names = [_identifier(piece)]
    headers = _ABOUT.sub(b"", piece.content)  # what it says of itself names records elsewhere
    for found in _NEXT_IDENTIFIER.finditer(headers):
        name = unescape(found.group(1).decode("utf-8", "replace").strip())
        if name and "\ufffd" not in name and name not in names:
            names.append(name)
    count = max(len(one.findall(headers)) for one in _ONCE_A_RECORD)
    return names + [f"{nameless(piece.raw)}.{number}" for number in range(len(names), count)]


_ABOUT = re.compile(rb"<(?:[\w.-]+:)?about[\s>].*?</(?:[\w.-]+:)?about\s*>", re.DOTALL)
_NEXT_IDENTIFIER = re.compile(
    rb"<(?:[\w.-]+:)?identifier[^>]*>([^<]{1,2000})</[^>]*>\s*<(?:[\w.-]+:)?datestamp"
)
_ONCE_A_RECORD = (
    _HEADER,
    _HEADER_END,
    re.compile(rb"<(?:[\w.-]+:)?datestamp\s*>"),
    re.compile(rb"</(?:[\w.-]+:)?datestamp\s*>"),
)


def nameless(content: bytes) -> str:
    """Return what a record without a readable identifier is called in quarantine.

    >>> nameless(b"<record/>")[:9]
    '#fb6e4465'
    """
    return f"#{sha256(content).hexdigest()[:32]}"
