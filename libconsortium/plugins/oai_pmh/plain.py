"""Cuts the records of a perfectly plain page out of its bytes, exactly, or leaves it alone.

Most pages are plain: well-formed, in UTF-8, with nothing between the records but blanks. Such a
page is checked once by a strict parser, and its records are then found by their tags: where there
is no comment, no CDATA and no processing instruction every ``<`` begins a tag. Whatever is not
plain in every respect is left to the careful way, which builds a tree.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from hashlib import sha256
from typing import NamedTuple
from xml.parsers import expat
from xml.sax.saxutils import unescape

import attrs

from libconsortium.plugins.oai_pmh.envelope import NAMESPACE, Token, number_of

_NAME = rb"[A-Za-z_][\w.-]*"
_VALUE = rb"""(?:"[^"<&]*"|'[^'<&]*')"""
_ANY_VALUE = rb"""(?:"[^"<]*"|'[^'<]*')"""
_ATTRIBUTES = rb"((?:\s+" + _NAME + rb"(?::" + _NAME + rb")?\s*=\s*" + _VALUE + rb")*)"
_HEAD = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:<\?xml\s+version\s*=\s*[\"']1\.0[\"']"
    rb"(?:\s+encoding\s*=\s*[\"'](?i:utf-8)[\"'])?(?:\s+standalone\s*=\s*[\"'](?:yes|no)[\"'])?"
    rb"\s*\?>)?\s*(?:<\?xml-stylesheet\s[^?]*\?>\s*|<!--[^-]*(?:-[^-]+)*-->\s*)*"
    rb"<OAI-PMH" + _ATTRIBUTES + rb"\s*>\s*<responseDate>([^<&]*)</responseDate>\s*"
    rb"<request(?:\s+[\w:.-]+\s*=\s*" + _ANY_VALUE + rb")*\s*(?:/>|>([^<]*)</request>)\s*"
    rb"<(ListRecords|GetRecord)>\s*"
)
_RECORD = re.compile(
    rb"<record>\s*<header(?:\s+status\s*=\s*" + _VALUE.replace(rb"(?:", rb"(", 1) + rb")?\s*>\s*"
    rb"<identifier>([^<]*)</identifier>\s*<datestamp>([^<]*)</datestamp>\s*"
    rb"((?:<setSpec>[^<]*</setSpec>\s*)*)</header>\s*(?:(<metadata>)\s*(?=<[A-Za-z_])|</record>\s*)"
)
_SETS = re.compile(rb"<setSpec>([^<]*)</setSpec>")
_END_OF_RECORD = re.compile(rb"</metadata>\s*(?:</record>\s*|(<about>))")
_END_OF_ABOUT = re.compile(rb"</about>\s*(?:</record>\s*|(<about>))")
_END = re.compile(
    rb"(?:<resumptionToken" + _ATTRIBUTES + rb"\s*(?:/>|>([^<]*)</resumptionToken>)\s*)?"
    rb"</(ListRecords|GetRecord)>\s*</OAI-PMH>\s*\Z"
)
_DECLARED = re.compile(rb"\sxmlns(?::(" + _NAME + rb"))?\s*=\s*(" + _VALUE + rb")")
_ATTRIBUTE = re.compile(rb"\s(" + _NAME + rb")\s*=\s*(" + _VALUE + rb")")
_START_TAG = re.compile(
    rb"<((?:(" + _NAME + rb"):)?" + _NAME + rb")(?:\s+" + _NAME + rb"(?::" + _NAME + rb")?\s*=\s*"
    rb"" + _ANY_VALUE + rb")*\s*>"
)
_ESCAPED_NAMESPACE = re.compile(rb"""\sxmlns[^=]*=\s*(?:"[^"&]*&|'[^'&]*&)""")
_BASIC = {"&quot;": '"', "&apos;": "'"}
_MAYBE_DEEP_TAGS = 4000  # half of them within each other are as many as trees may be deep
_MAYBE_DEEP_BYTES = len("<a></a>") * _MAYBE_DEEP_TAGS // 2
_OURS = NAMESPACE.encode()


class Cut(NamedTuple):
    """One record as it stands in a plain page.

    Args:
        identifier: Its identifier; never empty.
        datestamp: Its datestamp.
        sets: Its sets.
        is_deleted: Its header calls it deleted.
        namespace: Of the root element of its metadata; empty for a tombstone.
        content: Its metadata.
        start: Where in the page they stand as they are; -1 where they do not.
        digest: Their SHA-256 in hexadecimal if they stand there.
    """

    identifier: str
    datestamp: str
    sets: tuple[str, ...]
    is_deleted: bool
    namespace: str
    content: bytes
    start: int
    digest: str


@attrs.frozen
class PlainPage:
    """What a plain page holds.

    Args:
        verb: The element of the list.
        response_date: ``responseDate`` as written.
        base_url: The text of ``request``; empty if it has none.
        cuts: Its records, in their order.
        token: Its resumption token.
    """

    verb: str
    response_date: str
    base_url: str
    cuts: tuple[Cut, ...]
    token: Token


def plain_page(content: bytes) -> PlainPage | None:
    """Cut a page into its records; ``None`` if it is not plain, or not well-formed.

    Args:
        content: The page, unpacked.

    >>> plain_page(b"<html>Maintenance</html>") is None
    True
    """
    head = _HEAD.match(content)
    if head is None:
        return None
    start = head.end()
    scope = _declared(head.group(1))
    is_usual = scope.get(b"") == _OURS and not any(b'"' in one for one in scope.values())
    if not is_usual or _has_more_than_tags(content, start) or not _is_sound(content):
        return None
    return _Cutting(content, scope).page(head)


def _has_more_than_tags(content: bytes, start: int) -> bool:
    """Say whether a comment, CDATA, or an instruction may stand behind a place."""
    for mark in (b"!", b"?"):  # one byte is found many times as quickly as two
        place = content.find(mark, start)
        while place != -1:
            if content[place - 1] == ord("<"):
                return True
            place = content.find(mark, place + 1)
    return False


def _is_sound(content: bytes) -> bool:
    """Check the whole page strictly, namespaces too; nothing of it is held."""
    parser = expat.ParserCreate(namespace_separator=" ")
    try:
        parser.Parse(content, True)  # noqa: FBT003 - expat's own argument: the end
    except expat.ExpatError:
        return False
    return True


def _declared(attributes: bytes) -> dict[bytes, bytes]:
    return {prefix: value[1:-1] for prefix, value in _DECLARED.findall(attributes)}


class _NotPlainError(Exception):
    """This page is left to the careful way."""


@attrs.frozen
class _Root:
    """What a start tag of metadata says: it is the same one for nearly all records of a page."""

    namespace: str
    opening: bytes
    closing: bytes
    is_root: re.Pattern[bytes]
    is_rare: re.Pattern[bytes]
    has_default: bool
    lacking: tuple[tuple[bytes, bytes], ...]


class _Cutting:
    """Cuts one page.

    Args:
        content: The page, found sound.
        scope: The namespaces declared around its records, by prefix.
    """

    def __init__(self, content: bytes, scope: Mapping[bytes, bytes]) -> None:
        self.content, self.scope = content, scope
        self.roots: dict[bytes, _Root] = {}
        self.sets: dict[bytes, tuple[str, ...]] = {b"": ()}

    def page(self, head: re.Match[bytes]) -> PlainPage | None:
        """Return the page, or ``None`` if it is not plain."""
        cuts: list[Cut] = []
        place = head.end()
        try:
            while found := _RECORD.match(self.content, place):
                cut, place = self._cut(found)
                cuts.append(cut)
            end = _END.match(self.content, place)
            if end is None or not cuts or end.group(3) != head.group(4):
                return None
            verb = head.group(4).decode()
            token = _token(end) if verb == "ListRecords" else Token()
        except _NotPlainError:
            return None
        date = head.group(2).decode().strip()
        return PlainPage(verb, date, _text(head.group(3) or b""), tuple(cuts), token)

    def _cut(self, found: re.Match[bytes]) -> tuple[Cut, int]:
        status, identifier, datestamp, sets, metadata = found.groups()
        name = _text(identifier)
        is_deleted = status is not None and status[1:-1].strip().lower() == b"deleted"
        if not name or is_deleted != (metadata is None):
            raise _NotPlainError  # there is something to say about it
        place = found.end()
        namespace, content, start, digest = "", b"", -1, ""
        if metadata is not None:
            start = place
            namespace, content, place = self._metadata(place)
            if self.content.startswith(content, start):
                digest = sha256(content).hexdigest()
            else:
                start = -1
        known = self.sets.get(sets)
        if known is None:
            known = self.sets[sets] = tuple(map(_text, _SETS.findall(sets)))
        stamp = _text(datestamp)
        return Cut(name, stamp, known, is_deleted, namespace, content, start, digest), place

    def _metadata(self, place: int) -> tuple[str, bytes, int]:
        content = self.content
        tag = content[place : content.index(b">", place) + 1]
        root = self.roots.get(tag)
        if root is None:
            root = self.roots[tag] = self._root(tag)
        end = content.find(b"</metadata>", place)
        if root.closing == b"</metadata>":  # as in xoai: an element of this name in another
            end = content.find(b"</metadata>", end + 1)
        rest = _END_OF_RECORD.match(content, end) if end != -1 else None
        metadata = content[place:end].rstrip(b" \t\r\n")
        # What closes it is its own, and no "</metadata>" within: see _by_itself, which refuses a
        # second element of its name.
        if rest is None or not metadata.endswith(root.closing):
            raise _NotPlainError
        if len(metadata) > _MAYBE_DEEP_BYTES and metadata.count(b"<") > _MAYBE_DEEP_TAGS:
            raise _NotPlainError
        after = self._after_about(rest.end()) if rest.group(1) else rest.end()
        return root.namespace, self._by_itself(metadata, root), after

    def _after_about(self, place: int) -> int:
        """Return the end of a record that has something about itself behind its metadata."""
        while True:
            end = self.content.find(b"</about>", place)
            rest = _END_OF_ABOUT.match(self.content, end) if end != -1 else None
            if rest is None or self.content.find(b"<about", place, end) != -1:
                raise _NotPlainError
            place = rest.end()
            if not rest.group(1):
                return place

    def _by_itself(self, metadata: bytes, root: _Root) -> bytes:
        """Return metadata that can be read without their page."""
        own = len(root.opening)
        added = b""
        for prefix, declaration in root.lacking:
            if prefix in metadata:
                added += declaration
        is_rare = metadata.find(root.opening, own) != -1 if root.has_default else None
        if root.is_rare.search(metadata, own) if is_rare is None else is_rare:
            if len(root.is_root.findall(metadata)) != 1:
                raise _NotPlainError  # two of them, one behind or in the other
            if not root.has_default:
                added += b' xmlns="' + _OURS + b'"'
        return metadata[:own] + added + metadata[own:] if added else metadata

    def _root(self, tag: bytes) -> _Root:
        found = _START_TAG.fullmatch(tag)
        if found is None or _ESCAPED_NAMESPACE.search(tag):
            raise _NotPlainError
        name, prefix = found.groups()
        own = _declared(tag)
        namespace = own.get(prefix or b"", self.scope.get(prefix or b"", b""))
        again = re.escape(name) + rb"[\s/>]"
        rare = again
        if b"" not in own:  # then an element without prefix is one of OAI-PMH
            prefixes = b"|".join(re.escape(one) for one in {*own, *self.scope} if one)
            rare += rb"|(?!/?(?:" + prefixes + rb"):)" if prefixes else rb"|"
        return _Root(
            namespace=namespace.decode(),
            opening=b"<" + name,
            closing=b"</" + name + b">",
            is_root=re.compile(rb"<" + again),
            is_rare=re.compile(rb"<(?:" + rare + rb")"),
            has_default=b"" in own,
            lacking=tuple(
                (one + b":", b" xmlns:" + one + b'="' + value + b'"')
                for one, value in self.scope.items()
                if one and one not in own
            ),
        )


def _token(end: re.Match[bytes]) -> Token:
    if not end.group().startswith(b"<resumptionToken"):
        return Token()
    told = {name.decode(): value[1:-1].decode() for name, value in _ATTRIBUTE.findall(end.group(1))}
    return Token(
        text=_text(end.group(2) or b""),
        cursor=number_of(told.get("cursor")),
        complete_list_size=number_of(told.get("completeListSize")),
        is_there=True,
    )


def _text(written: bytes) -> str:
    """Return a text without the blanks around it.

    Raises:
        _NotPlainError: It is written in a way that a parser reads otherwise.
    """
    text = written.decode()
    if "&" in text:
        if "&#" in text:
            raise _NotPlainError
        text = unescape(text, _BASIC)
    if "\r" in text:
        raise _NotPlainError
    return text.strip()
