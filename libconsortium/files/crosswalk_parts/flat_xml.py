"""Reads records of flat XML, texts in one or two levels, in a fraction of a parser's time.

What such a record may look like is a regular language, so a pattern decides exactly whether one is:
anything else (elements within elements, comments, CDATA, document types, a mistake) is left to
the parser, which also says what is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TypeVar

import attrs

_NAME = r"[A-Za-z_][A-Za-z0-9_.-]*"
_QNAME = rf"{_NAME}(?::{_NAME})?"
_VALUE = r"""(?:"[^"<>&\t\n]*"|'[^'<>&\t\n]*')"""
_ATTRIBUTES = rf"(?:[ \t\n]+(?:xml:lang|xsi:type|(?!xmlns){_NAME})[ \t\n]*=[ \t\n]*{_VALUE})*"
_ROOT = re.compile(rf"({_QNAME})((?:\s+{_QNAME}\s*=\s*{_VALUE})*)\s*>[ \t\n]*")
_DECLARED = re.compile(rf"""\sxmlns(?::({_NAME}))?\s*=\s*({_VALUE})""")
_START = re.compile(rf"({_QNAME})({_ATTRIBUTES})[ \t\n]*")
_END = re.compile(rf"/({_QNAME})[ \t\n]*>[ \t\n]*")
_LAST = re.compile(rf"/({_QNAME})>\s*")
_ATTRIBUTE = re.compile(rf"[ \t\n]({_QNAME})[ \t\n]*=[ \t\n]*({_VALUE})")
_SIGN = re.compile(r"&(?:#(x[0-9A-Fa-f]{1,6}|[0-9]{1,7})|(amp|lt|gt|quot|apos));|&")
_SIGNS = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_FORBIDDEN = bytes(code for code in range(32) if code not in b"\t\n\r")


@attrs.frozen(eq=False)
class FlatRoot:
    """The root of a flat record: the same one for nearly all records of a source.

    Args:
        name: Its name without namespace.
        namespaces: What is declared in it, by prefix; the default under the empty text.
        written: Its name as written.
        told: Its attributes as written; empty if there are only declarations.
    """

    name: str
    namespaces: dict[str, str]
    written: str
    told: str = ""

    def tag_of(self, name: str) -> str | None:
        """Return the tag of a child as parsers write it; ``None`` if its prefix is not declared.

        Args:
            name: Its name as written.
        """
        prefix, _, local = name.rpartition(":")
        namespace = self.namespaces.get(prefix, None if prefix else "")
        if namespace is None:
            return None
        return f"{{{namespace}}}{local}" if namespace else local


def flat_record(content: bytes) -> tuple[FlatRoot, list[tuple[str, str]]] | None:
    """Return the root of a record and names and texts of its children; ``None`` if it is not flat.

    Args:
        content: The record.

    >>> root, children = flat_record(b'<d:dc xmlns:d="urn:d"><d:title>A &amp; B</d:title></d:dc>')
    >>> root.name, root.tag_of("d:title"), children
    ('dc', '{urn:d}title', [('d:title', 'A & B')])
    >>> flat_record(b"<dc><title>A<br/></title></dc>") is None
    True
    """
    text = _text(content)
    root, pieces = _pieces(text)
    if root is None or len(pieces) % 2:
        return None
    children: list[tuple[str, str]] = []
    starts, ends = _STARTS, _ENDS
    # Every call counts here: a record has a dozen elements, a catalogue a million records.
    try:
        for start, end in zip(pieces[::2], pieces[1::2], strict=True):
            written, one = start.split(">", 1)
            name = starts[written][0]
            if ends[end] != name:
                return None
            children.append((name, one))
        if "&" in text:
            children = [(name, _SIGN.sub(_sign, one)) for name, one in children]
    except ValueError:  # a tag that does not end, or a sign that is none
        return None
    return root, children


def _pieces(text: str) -> tuple[FlatRoot | None, list[str]]:
    """Return the root, and what stands in it, cut before every ``<``.

    An empty element becomes a start and an end.
    """
    first, *pieces = text.split("<")
    if first or len(pieces) < _ROOTS_TAGS:
        return None, []
    root, last = _root(pieces[0]), _LAST.fullmatch(pieces[-1])
    if root is None or last is None or last[1] != root.written:
        return None, []
    pieces = pieces[1:-1]
    return root, (pieces if "/>" not in text else [one for piece in pieces for one in _two(piece)])


def _two(piece: str) -> tuple[str, ...]:
    written, sign, behind = piece.partition(">")
    if sign and written.endswith("/") and (name := _STARTS[written[:-1]][0]):
        return f"{written[:-1]}>", f"/{name}>{behind}"
    return (piece,)


_ROOTS_TAGS = 2
_MOST_KNOWN, _LONGEST_KNOWN = 10_000, 200  # longer tags are not met again
_Kept = TypeVar("_Kept")


def _kept(known: dict[str, _Kept], written: str, what: _Kept) -> _Kept:
    if len(written) <= _LONGEST_KNOWN:
        if len(known) >= _MOST_KNOWN:
            known.clear()
        known[written] = what
    return what


class _Starts(dict[str, tuple[str, str]]):
    """Names and attributes of start tags, by how they are written; no name where it is none."""

    def __missing__(self, written: str) -> tuple[str, str]:
        found = _START.fullmatch(written)
        name, attributes = found.groups() if found is not None else ("", "")
        names = [one for one, _ in _ATTRIBUTE.findall(attributes)]
        return _kept(self, written, (name if len(set(names)) == len(names) else "", attributes))


class _Ends(dict[str, str]):
    """Names in end tags and the blanks behind them, by how they are written."""

    def __missing__(self, written: str) -> str:
        found = _END.fullmatch(written)
        return _kept(self, written, found[1] if found is not None else _NO_END)


_NO_END = "/"  # no name
_STARTS, _ENDS = _Starts(), _Ends()


def _text(content: bytes) -> str:
    """Return a record as text, with ends of lines as parsers give them; empty if it is no XML."""
    if len(content.translate(None, _FORBIDDEN)) != len(content):
        return ""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return ""
    if "]]>" in text or (not text.isascii() and ("\ufffe" in text or "\uffff" in text)):
        return ""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


@attrs.frozen
class Levels:
    """What elements a record of two levels has, by their names without namespace.

    Args:
        leaves: Those of the first level that hold a text.
        branch: The one of the first level that holds others.
        twig: Those others; each holds a text.
        key: The attribute of a twig that says what it is, in one sign.
    """

    leaves: tuple[str, ...]
    branch: str
    twig: str
    key: str


Leaf = tuple[str, str, str]
"""Name without namespace, attributes as written, and text."""

Branch = tuple[str, list[tuple[str, str]]]
"""Attributes as written; key and text of its twigs, without blanks around and empty ones."""


def levelled_record(
    content: bytes, levels: Levels
) -> tuple[FlatRoot, list[Leaf], list[Branch]] | None:
    """Return the root of a record, its leaves, and its branches.

    Args:
        content: The record.
        levels: What it may have; ``None`` comes back if it has anything else.

    >>> marc = Levels(("leader",), "datafield", "subfield", "code")
    >>> inside = b'<datafield tag="245"><subfield code="a">A</subfield></datafield>'
    >>> levelled_record(b"<record>" + inside + b"</record>", marc)[2]
    [(' tag="245"', [('a', 'A')])]
    """
    text = _text(content)
    root, pieces = _pieces(text)
    if root is None:
        return None
    try:
        leaves, branches = _grown(iter(pieces), _kinds(root.written, levels), "&" in text)
    except ValueError:
        return None
    return root, leaves, branches


class _Branches(dict[str, str | None]):
    """Attributes of the start tags of branches, with the blanks behind them, as written."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def __missing__(self, piece: str) -> str | None:
        written, sign, behind = piece.partition(">")
        if not sign or behind.strip(" \t\n"):
            return None
        name, attributes = _STARTS[written]
        return _kept(self, piece, attributes) if name == self.name else None


class _Twigs(dict[str, str | None]):
    """Keys of twigs, by their start tags as written."""

    def __init__(self, name: str, key: str) -> None:
        super().__init__()
        self.name, self.key = name, key

    def __missing__(self, written: str) -> str | None:
        name, attributes = _STARTS[written]
        key = attributes_in(attributes).get(self.key, "") if name == self.name else ""
        return _kept(self, written, key if len(key) == 1 else None)


@attrs.frozen(eq=False)
class _Kinds:
    leaves: dict[str, str]  # names without prefix, by the names as written
    branches: _Branches
    twigs: _Twigs


@lru_cache(maxsize=100)
def _kinds(root: str, levels: Levels) -> _Kinds:
    prefix = f"{root.rpartition(':')[0]}:" if ":" in root else ""
    leaves = {prefix + name: name for name in levels.leaves}
    return _Kinds(
        leaves, _Branches(prefix + levels.branch), _Twigs(prefix + levels.twig, levels.key)
    )


def _grown(
    pieces: Iterator[str],
    kinds: _Kinds,
    has_signs: bool,  # noqa: FBT001 - one place calls it
) -> tuple[list[Leaf], list[Branch]]:
    """Put leaves and branches together.

    Raises:
        ValueError: There is anything else.
    """
    leaves: list[Leaf] = []
    grown: list[Branch] = []
    branches, twigs, ends = kinds.branches, kinds.twigs, _ENDS
    branch, twig = branches.name, twigs.name
    # Every call counts here: a record has a hundred elements, a catalogue a million records.
    for piece in pieces:
        attributes = branches[piece]
        if attributes is None:
            leaves.append(_leaf(piece, next(pieces, ""), kinds.leaves, has_signs))
            continue
        end, several = piece, []
        for end in pieces:
            written, one = end.split(">", 1)
            key = twigs[written]
            if key is None:
                break
            if ends[next(pieces, "")] != twig:
                raise ValueError(written)
            if has_signs:
                one = _SIGN.sub(_sign, one)
            if one := one.strip():
                several.append((key, one))
        if ends[end] != branch:
            raise ValueError(end)
        grown.append((attributes, several))
    return leaves, grown


def _leaf(start: str, end: str, names: dict[str, str], has_signs: bool) -> Leaf:  # noqa: FBT001
    written, one = start.split(">", 1)
    name, attributes = _STARTS[written]
    if name not in names or _ENDS[end] != name:
        raise ValueError(start)
    return names[name], attributes, _SIGN.sub(_sign, one) if has_signs else one


@lru_cache(maxsize=10_000)
def attributes_in(written: str) -> dict[str, str]:
    """Return attributes, by name, as they were written in a start tag.

    >>> attributes_in(' tag="245" ind1=" "')
    {'tag': '245', 'ind1': ' '}
    """
    return {name: value[1:-1] for name, value in _ATTRIBUTE.findall(written)}


@lru_cache(maxsize=1000)
def _root(piece: str) -> FlatRoot | None:
    found = _ROOT.fullmatch(piece)
    if found is None:
        return None
    written, attributes = found.groups()
    namespaces = {prefix: value[1:-1] for prefix, value in _DECLARED.findall(attributes)}
    told = _DECLARED.sub("", attributes).rstrip()
    root = FlatRoot(written.rpartition(":")[2], namespaces, written, told)
    return root if root.tag_of(written) is not None else None


def _sign(found: re.Match[str]) -> str:
    """Return what is meant by a sign that is written otherwise.

    Raises:
        ValueError: XML has no such sign.
    """
    number, name = found.groups()
    if name:
        return _SIGNS[name]
    if not number:
        raise ValueError(found.group())
    code = int(number[1:], 16) if number[0] == "x" else int(number)
    if any(code in signs for signs in _ALLOWED):
        return chr(code)
    raise ValueError(found.group())


_ALLOWED = ((9, 10, 13), range(0x20, 0xD800), range(0xE000, 0xFFFE), range(0x10000, 0x110000))
