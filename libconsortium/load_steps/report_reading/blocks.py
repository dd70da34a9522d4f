"""A report's text in blocks: headings, list items, paragraphs and tables, each with its lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from unicodedata import normalize

import attrs

_HEADING = re.compile(r"\s*(#{1,6})\s+(.*)")
_BULLET = re.compile(r"(\s*)([-–—•*+·●○▪➢✓])\s+(?=\S)")
_NUMBERED = re.compile(
    r"(\s*)(?:(?P<roman>[IVX]{1,5})|(?P<letter>[A-ZĐ])|(?P<small>[a-zđ])"
    r"|(?P<number>\d{1,2}(?:\.\d{1,2}){0,3}))(?:[.)]|\s?/)\s+(?=\S)"
)
_DOTTED = re.compile(r"(\s*)(?P<number>\d{1,2}(?:\.\d{1,2}){1,3})\.?\s+(?=[^\W\d])")
_RULE = re.compile(r"\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*")
_LONG = 55  # a line at least so long may go on in the next one
_ENDS = (".", ";", ":", "!", "?")
_TAB_COLUMNS = 2
_LEVELS = {"roman": 1, "letter": 1, "number": 2, "small": 4}
BULLET_LEVEL = 5
TEXT_LEVEL = 9


@attrs.frozen(kw_only=True)
class Block:
    """A heading, a list item or a paragraph.

    Args:
        kind: ``heading``, ``item``, ``text`` or ``table``.
        text: Its text in normal form C, without its bullet; the lines of a paragraph joined.
        starts: Where in the text each line begins, with its number.
        level: Depth in a list: the smaller, the higher; headings and text have their own.
        rows: The cells of a table's lines, with their line numbers.
    """

    kind: str
    text: str = ""
    starts: tuple[tuple[int, int], ...] = ()
    level: int = TEXT_LEVEL
    rows: tuple[tuple[int, tuple[object, ...]], ...] = ()

    def line_at(self, place: int) -> int:
        """Return the line number of a place in the text."""
        return max(self.starts, key=lambda start: start if start[0] <= place else (-1, 0))[1]


def blocks_of(text: str) -> Iterator[Block]:
    r"""Yield the blocks of a text in their order.

    >>> [block.kind for block in blocks_of("# Dues\n\n- one\n- two\n\nAll of it.")]
    ['heading', 'item', 'item', 'text']
    """
    lines = normalize("NFC", text.removeprefix("\ufeff")).splitlines()
    number = 0
    while number < len(lines):
        table = _table(lines, number)
        if table:
            number += table[0]
            yield table[1]
            continue
        if not lines[number].strip() or _RULE.fullmatch(lines[number]):
            number += 1
            continue
        taken, block = _block(lines, number)
        number += taken
        yield block


def _block(lines: Sequence[str], first: int) -> tuple[int, Block]:
    kind, level, text = _opening(lines[first])
    joined, starts, taken = text.strip(), [(0, first + 1)], 1
    while kind != "heading" and first + taken < len(lines):
        following = lines[first + taken]
        if not _goes_on(lines[first + taken - 1], following):
            break
        starts.append((len(joined) + 1, first + taken + 1))
        joined = f"{joined} {following.strip()}"
        taken += 1
    return taken, Block(kind=kind, text=joined, starts=tuple(starts), level=level)


def _goes_on(line: str, following: str) -> bool:
    said = following.strip()
    is_open = len(line.rstrip()) >= _LONG and not line.rstrip().endswith(_ENDS)
    # A wrapped sentence may also end one line with a semicolon or a colon inside a paragraph.
    is_small = bool(said) and said[0].islower() and not line.rstrip().endswith((".", "!", "?", ":"))
    is_new = not said or _opening(following)[0] != "text" or "|" in following or "\t" in said
    return not is_new and (is_open or (is_small and len(line.rstrip()) >= _LONG))


def level_of(name: str, ordinal: str = "") -> tuple[int, str]:
    """Return the depth of a table's row by how it is numbered, and its name without the number.

    >>> level_of("Hội phí", "I"), level_of("- Chi hội"), level_of("Chi hội", "1.2")
    ((1, 'Hội phí'), (5, 'Chi hội'), (3, 'Chi hội'))
    """
    bullet = _BULLET.match(name)
    if bullet:
        return BULLET_LEVEL + len(bullet[1]) // 2, name[bullet.end() :]
    numbered = _DOTTED.match(name) or _NUMBERED.match(name)
    if numbered:
        return _level(numbered), name[numbered.end() :]
    told = _NUMBERED.match(f"{ordinal.strip().rstrip('.)')}. x")
    return (_level(told) if told else TEXT_LEVEL), name


def _opening(line: str) -> tuple[str, int, str]:
    heading = _HEADING.fullmatch(line)
    if heading:
        return "heading", -10 + len(heading[1]), heading[2].rstrip("# ")
    bullet = _BULLET.match(line)
    if bullet:
        depth = len(bullet[1].expandtabs(4)) // 2
        below = {"+": 1, "*": 0, "·": 1, "○": 1}.get(bullet[2], 0)
        return "item", BULLET_LEVEL + depth + below, line[bullet.end() :]
    numbered = _DOTTED.match(line) or _NUMBERED.match(line)
    if numbered:
        text = line[numbered.end() :]
        return "item", _level(numbered), text
    text = line.strip().strip("*_")
    if text.isupper() and len(text.split()) > 1:
        return "heading", 0, text
    return "text", TEXT_LEVEL, line


def _level(numbered: re.Match[str]) -> int:
    for name, level in _LEVELS.items():
        if numbered.groupdict().get(name):
            return level + (numbered[name].count(".") if name == "number" else 0)
    return BULLET_LEVEL


def _table(lines: Sequence[str], first: int) -> tuple[int, Block] | None:
    rows: list[tuple[int, tuple[str, ...]]] = []
    taken = 0
    for number in range(first, len(lines)):
        cells = _cells(lines[number])
        if cells is None:
            break
        taken += 1
        if not _RULE.fullmatch(lines[number]):
            rows.append((number + 1, cells))
    if len(rows) < _TAB_COLUMNS:
        return None
    return taken, Block(kind="table", rows=tuple(rows))


def _cells(line: str) -> tuple[str, ...] | None:
    if "|" in line.strip().strip("|") or (line.strip().startswith("|") and "|" in line.strip()[1:]):
        return tuple(cell.strip().strip("*_ ") for cell in line.strip().strip("|").split("|"))
    if "\t" in line.strip():
        return tuple(cell.strip() for cell in line.split("\t"))
    columns = re.split(r"\s{3,}", line.strip())
    if len(columns) >= _TAB_COLUMNS and any(cell[:1].isdigit() for cell in columns[1:]):
        return tuple(columns)
    return None
