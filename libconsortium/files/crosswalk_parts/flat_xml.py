"""Reads records of flat XML, texts in one or two levels, in a fraction of a parser's time.

What such a record may look like is a regular language, so a pattern decides exactly whether one is:
anything else (elements within elements, comments, CDATA, document types, a mistake) is left to
the parser, which also says what is wrong.
"""

from __future__ import annotations

import re
from functools import lru_cache

import attrs

_NAME = r"[A-Za-z_][A-Za-z0-9_.-]*"
_QNAME = rf"{_NAME}(?::{_NAME})?"
_VALUE = r"""(?:"[^"<>&\t\n]*"|'[^'<>&\t\n]*')"""
_ATTRIBUTES = rf"(?:[ \t\n]+(?:xml:lang|xsi:type|(?!xmlns){_NAME})[ \t\n]*=[ \t\n]*{_VALUE})*"
_START = re.compile(rf"<({_QNAME})((?:\s+{_QNAME}\s*=\s*{_VALUE})*)\s*>")
_DECLARED = re.compile(rf"""\sxmlns(?::({_NAME}))?\s*=\s*({_VALUE})""")
_WHOLE_CHILD = rf"[ \t\n]*<({_QNAME}){_ATTRIBUTES}[ \t\n]*(?:/>|>[^<]*</\1[ \t\n]*>)"
_CHILDREN = re.compile(rf"(?:{_WHOLE_CHILD})*[ \t\n]*</({_QNAME})>\s*")
_ATTRIBUTE = re.compile(rf"[ \t\n]({_QNAME})[ \t\n]*=[ \t\n]*({_VALUE})")
_CHILD = re.compile(rf"<({_QNAME})([^>]*)>([^<]*)")
_SIGN = re.compile(r"&(?:#(x[0-9A-Fa-f]{1,6}|[0-9]{1,7})|(amp|lt|gt|quot|apos));|&")
_SIGNS = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_FORBIDDEN = bytes(code for code in range(32) if code not in b"\t\n\r")
_NEVER = ("\ufffe", "\uffff", "]]>")


@attrs.frozen(eq=False)
class FlatRoot:
    """The root of a flat record: the same one for nearly all records of a source.

    Args:
        name: Its name without namespace.
        namespaces: What is declared in it, by prefix; the default under the empty text.
        written: Its name as written.
    """

    name: str
    namespaces: dict[str, str]
    written: str

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
    end = text.find(">") + 1
    root = _root(text[:end])
    found = _CHILDREN.fullmatch(text, end) if root is not None else None
    if root is None or found is None or found.group(2) != root.written:
        return None
    elements = _elements(_CHILD, text, end)
    return None if elements is None else (root, [(name, one) for name, _, one in elements])


def _elements(pattern: re.Pattern[str], text: str, end: int) -> list[tuple[str, str, str]] | None:
    """Return name, attributes and text of every start tag; ``None`` if a sign in them is no XML."""
    found: list[tuple[str, str, str]] = pattern.findall(text, end)
    if "/>" in text:  # what follows an empty element is not in it
        found = [
            (name, told[:-1], "") if told.endswith("/") else (name, told, one)
            for name, told, one in found
        ]
    if "&" in text:
        try:
            return [(name, told, _SIGN.sub(_sign, one)) for name, told, one in found]
        except ValueError:
            return None
    return found


def _text(content: bytes) -> str:
    """Return a record as text, with ends of lines as parsers give them; empty if it is no XML."""
    if len(content.translate(None, _FORBIDDEN)) != len(content):
        return ""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return ""
    if any(sign in text for sign in _NEVER):
        return ""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


@attrs.frozen
class Levels:
    """What elements a record of two levels has, by their names without namespace.

    Args:
        leaves: Those of the first level that hold a text.
        branch: The one of the first level that holds others.
        twig: Those others; each holds a text.
    """

    leaves: tuple[str, ...]
    branch: str
    twig: str


def levelled_record(
    content: bytes, levels: Levels
) -> tuple[FlatRoot, list[tuple[str, str, str]]] | None:
    """Return the root of a record, and name, attributes as written and text of all its elements.

    Args:
        content: The record.
        levels: What it may have; ``None`` comes back if it has anything else.

    >>> marc = Levels(("leader",), "datafield", "subfield")
    >>> inside = b'<datafield tag="245"><subfield code="a">A</subfield></datafield>'
    >>> levelled_record(b"<record>" + inside + b"</record>", marc)[1]
    [('datafield', ' tag="245"', ''), ('subfield', ' code="a"', 'A')]
    """
    text = _text(content)
    end = text.find(">") + 1
    root = _root(text[:end])
    if root is None:
        return None
    whole, each = _patterns(root.written, levels)
    if whole.fullmatch(text, end) is None:
        return None
    elements = _elements(each, text, end)
    return None if elements is None else (root, elements)


@lru_cache(maxsize=100)
def _patterns(root: str, levels: Levels) -> tuple[re.Pattern[str], re.Pattern[str]]:
    prefix = re.escape(root.rpartition(":")[0] + ":") if ":" in root else ""
    s = r"[ \t\n]*"
    branch, twig = (prefix + re.escape(one) for one in (levels.branch, levels.twig))
    text = rf"{_ATTRIBUTES}{s}(?:/>|>[^<]*</"
    twigs = rf"(?:{s}<{twig}{text}{twig}{s}>))*"
    branches = rf"<{branch}{_ATTRIBUTES}{s}>{twigs}{s}</{branch}{s}>"
    leaves = "|".join(
        rf"<{prefix}{re.escape(one)}{text}{prefix}{re.escape(one)}{s}>)" for one in levels.leaves
    )
    names = "|".join(map(re.escape, (*levels.leaves, levels.branch, levels.twig)))
    return (
        re.compile(rf"(?:{s}(?:{branches}|{leaves}))*{s}</{re.escape(root)}>\s*"),
        re.compile(rf"<{prefix}({names})([^>]*)>([^<]*)"),
    )


@lru_cache(maxsize=10_000)
def attributes_in(written: str) -> dict[str, str]:
    """Return attributes, by name, as they were written in a start tag.

    >>> attributes_in(' tag="245" ind1=" "')
    {'tag': '245', 'ind1': ' '}
    """
    return {name: value[1:-1] for name, value in _ATTRIBUTE.findall(written)}


@lru_cache(maxsize=1000)
def _root(tag: str) -> FlatRoot | None:
    found = _START.fullmatch(tag)
    if found is None:
        return None
    written, attributes = found.groups()
    namespaces = {prefix: value[1:-1] for prefix, value in _DECLARED.findall(attributes)}
    root = FlatRoot(written.rpartition(":")[2], namespaces, written)
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
