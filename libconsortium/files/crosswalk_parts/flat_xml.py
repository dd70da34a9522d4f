"""Reads records of flat XML, texts in one or two levels, in a fraction of a parser's time.

What such a record may look like is a regular language, so a pattern decides exactly whether one is:
anything else (elements within elements, comments, CDATA, document types, a mistake) is left to
the parser, which also says what is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache, partial
from typing import TypeVar

import attrs

_NAME = r"[A-Za-z_][A-Za-z0-9_.-]*"
_QNAME = rf"{_NAME}(?::{_NAME})?"
_VALUE = r"""(?:"[^"<>&\t\n]*"|'[^'<>&\t\n]*')"""
_ATTRIBUTES = rf"(?:[ \t\n]+(?:xml:lang|xsi:type|(?!xmlns){_NAME})[ \t\n]*=[ \t\n]*{_VALUE})*"
_ROOT = re.compile(rf"({_QNAME})((?:\s+{_QNAME}\s*=\s*{_VALUE})*)\s*")
_DECLARED = re.compile(rf"""\sxmlns(?::({_NAME}))?\s*=\s*({_VALUE})""")
_START = re.compile(rf"({_QNAME})({_ATTRIBUTES})[ \t\n]*")
_EMPTY = re.compile(r"<([^<>\s]+)([^<>]*)/>")
_ATTRIBUTE = re.compile(rf"[ \t\n]({_QNAME})[ \t\n]*=[ \t\n]*({_VALUE})")
_SIGN = re.compile(r"&(?:#(x[0-9A-Fa-f]{1,6}|[0-9]{1,7})|(amp|lt|gt|quot|apos));|&")
_SIGNS = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_BORDERS = b"<>"
_USUAL = bytes(code for code in range(256) if code in b"\t\n\r" or code >= ord(" "))
_USUAL = _USUAL.translate(None, _BORDERS)
_BLANK = " \t\n"


_LEAST_PARTS = 5  # the root's two tags, and what stands around them
_MOST_KNOWN, _LONGEST_KNOWN = 10_000, 200  # longer tags are not met again

_Kept = TypeVar("_Kept")
_Read = TypeVar("_Read")
_Said = TypeVar("_Said")
Known = Callable[[str, str | None, Mapping[str, str]], _Said]
FlatRecord = tuple[str, list[tuple[_Said, str]]]


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


def flat_record(content: bytes, known: Known[_Said]) -> FlatRecord[_Said] | None:
    """Return a record's root, and what is known of its children; ``None`` if it is not flat.

    Args:
        content: The record.
        known: Says something of a child, never nothing, by its tag as parsers write it, its prefix
            (``None`` if it has none) and its attributes; asked once for each start tag there is.

    Returns:
        The root's name without namespace; what is known of each child, and its text.

    >>> record = b'<d:dc xmlns:d="urn:d"><d:title>A &amp; B</d:title></d:dc>'
    >>> flat_record(record, lambda tag, prefix, attributes: tag)
    ('dc', [('{urn:d}title', 'A & B')])
    >>> flat_record(b"<dc><title>A<br/></title></dc>", lambda tag, *_: tag) is None
    True
    """
    flat = _tried(_flat, content)
    if flat is None:
        return None
    root, starts, texts = flat
    said = list(filter(None, map(_known_in(root, known), starts)))
    return (root.name, list(zip(said, texts, strict=True))) if len(said) == len(starts) else None


@lru_cache(maxsize=100)
def _known_in(root: FlatRoot, known: Known[_Said]) -> Callable[[str], _Said | None]:
    """Return what says what is known of children under one root, by their start tags as written.

    Nothing is known of one whose prefix is not declared: that is no XML, says the parser.
    """

    @lru_cache(maxsize=_MOST_KNOWN)
    def known_of(start: str) -> _Said | None:
        name = _named(start)
        tag, prefix = root.tag_of(name), name.rpartition(":")[0]
        return None if tag is None else known(tag, prefix or None, attributes_in(start))

    return known_of


def _flat(text: str) -> tuple[FlatRoot, list[str], list[str]] | None:
    root, parts = _parts(text)
    # Between the root's two tags there are a start, a text, an end and a blank for each child.
    if root is None or len(parts) % 4 != 1 or "".join(parts[2:-1:4]).strip(_BLANK):
        return None
    starts, texts = parts[3:-2:4], parts[4:-2:4]
    # All at once: a step for each would take as long as a parser does.
    if list(map(_ENDS.__getitem__, starts)) != parts[5::4]:
        return None
    return root, starts, _signs_read(texts) if "&" in text else texts


def _tried(read: Callable[[str], _Read | None], content: bytes) -> _Read | None:
    """Read a record; if that fails, with every empty element as a start and an end."""
    text = _text(content)
    try:
        found = read(text)
        if found is None and "/>" in text:
            found = read(_EMPTY.sub(r"<\1\2></\1>", text))
    except ValueError:
        return None
    return found


def _text(content: bytes) -> str:
    """Return a record as text, with ends of lines as parsers give them; empty if it is no XML.

    In what comes back ``<`` and ``>`` stand by turns, and there is no character that XML forbids.
    """
    borders = content.translate(None, _USUAL)
    if borders != _BORDERS * (len(borders) // 2):
        return ""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return ""
    if not text.isascii() and ("\ufffe" in text or "\uffff" in text):
        return ""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _parts(text: str) -> tuple[FlatRoot | None, list[str]]:
    """Return the root, and a record's tags with what stands before, between and behind them."""
    parts = text.replace("<", ">").split(">")
    if len(parts) < _LEAST_PARTS or parts[0] or parts[-1].strip(_BLANK):
        return None, []
    root = _root(parts[1])
    return (root, parts) if root is not None and parts[-2] == f"/{root.written}" else (None, [])


def _signs_read(texts: list[str]) -> list[str]:
    """Return texts with the signs that are written otherwise.

    Raises:
        ValueError: XML has no such sign.
    """
    return [_SIGN.sub(_sign, text) if "&" in text else text for text in texts]


def _named(start: str) -> str:
    return start.split(maxsplit=1)[0]


def _kept(known: dict[str, _Kept], written: str, what: _Kept) -> _Kept:
    if len(written) <= _LONGEST_KNOWN:
        if len(known) >= _MOST_KNOWN:
            known.clear()
        known[written] = what
    return what


class _Ends(dict[str, str | None]):
    """End tags, by their start tags as written; ``None`` where that is no start tag."""

    def __missing__(self, written: str) -> str | None:
        found = _START.fullmatch(written)
        names = [name for name, _ in _ATTRIBUTE.findall(found[2])] if found is not None else []
        is_start = found is not None and len(set(names)) == len(names)
        return _kept(self, written, f"/{_named(written)}" if is_start else None)


_ENDS = _Ends()


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
"""Name without namespace, start tag as written, and text."""

Branch = tuple[str, tuple[tuple[str, str], ...]]
"""Start tag as written; key and text of its twigs, without blanks around and empty ones."""


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
    [('datafield tag="245"', (('a', 'A'),))]
    """
    return _tried(partial(_levelled, levels), content)


def _levelled(levels: Levels, text: str) -> tuple[FlatRoot, list[Leaf], list[Branch]] | None:
    root, parts = _parts(text)
    if root is None:
        return None
    prefix = root.written[: root.written.rfind(":") + 1]
    leaf_ends = {f"/{prefix}{name}": name for name in levels.leaves}
    branch_end, blanks = f"/{prefix}{levels.branch}", parts[2]
    keys = _keys(f"/{prefix}{levels.twig}", levels.key)
    behind = _signs_read(parts[4:-1:2]) if "&" in text else parts[4:-1:2]
    tags = zip(parts[3:-2:2], behind, strict=True)
    leaves: list[Leaf] = []
    branches: list[Branch] = []
    for start, inside in tags:
        end = _ENDS[start]
        if end == branch_end:
            twigs, last, blank = _twigs(tags, keys)
            branches.append((start, twigs))
            blanks += inside + blank
        else:
            last, blank = next(tags, _AT_END)
            leaves.append((leaf_ends.get(end or "", ""), start, inside))
            blanks += blank
        if last != end or not last:
            return None
    is_whole = all(name for name, *_ in leaves) and not blanks.strip(_BLANK)
    return (root, leaves, branches) if is_whole else None


_AT_END = ("", "")


def _twigs(
    tags: Iterator[tuple[str, str]], keys: _Keys
) -> tuple[tuple[tuple[str, str], ...], str, str]:
    """Return the twigs of a branch, the tag behind them, and the blanks between and behind."""
    found: list[tuple[str, str]] = []
    blanks, twig_end = "", keys.end
    # Every call counts here: a record has a hundred elements, a catalogue a million records.
    for tag, inside in tags:
        key = keys[tag]
        if not key:
            return tuple(found), tag, blanks + inside
        last, blank = next(tags, _AT_END)
        if last != twig_end:
            break
        blanks += blank
        if text := inside.strip():
            found.append((key, text))
    return (), *_AT_END


class _Keys(dict[str, str]):
    """Keys of twigs, by their start tags as written; empty if it is none, or not one sign."""

    def __init__(self, end: str, name: str) -> None:
        super().__init__()
        self.end, self.name = end, name

    def __missing__(self, tag: str) -> str:
        key = attributes_in(tag).get(self.name, "") if _ENDS[tag] == self.end else ""
        return _kept(self, tag, key if len(key) == 1 else "")


_keys = lru_cache(maxsize=100)(_Keys)


@lru_cache(maxsize=10_000)
def attributes_in(written: str) -> dict[str, str]:
    """Return attributes, by name, as they were written in a start tag.

    >>> attributes_in('datafield tag="245" ind1=" "')
    {'tag': '245', 'ind1': ' '}
    """
    return {name: value[1:-1] for name, value in _ATTRIBUTE.findall(written)}


@lru_cache(maxsize=1000)
def _root(tag: str) -> FlatRoot | None:
    found = _ROOT.fullmatch(tag)
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
