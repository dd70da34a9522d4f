"""A heat map as inline SVG: no script, no style sheet, the same bytes every time."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import attrs

WIDTH = 900
LABEL = 270
HEAD = 34
_LARGEST, _SMALLEST = 58, 14
_FOR_TEXT = 34
_FONT = 14
_LIGHT, _DARK = (238, 244, 249), (23, 78, 118)
_INK, _PAPER = "#1d2733", "#ffffff"
_HALF = 0.55  # from this part on the ink is white, so that it can be read
_LEGEND = 46


@attrs.frozen(kw_only=True)
class HeatRow:
    """One row of a heat map.

    Args:
        label: What it stands for.
        parts: One part per column, from 0 to 1; ``None`` leaves the cell empty.
        texts: What is written into each cell if there is room.
    """

    label: str
    parts: Sequence[float | None]
    texts: Sequence[str]


def heat_map(
    rows: Sequence[HeatRow], *, name: str, title: str, description: str, legend: tuple[str, str]
) -> str:
    """Return a heat map of rows against the same rows as columns, which bear their numbers.

    Args:
        rows: The rows; each has as many parts as there are rows.
        name: A word for the ids of the title and the description, unique on the page.
        title: What it shows.
        description: The same in a sentence; the figures stand in the table beside it.
        legend: What the lightest and the darkest colour mean.

    >>> row = HeatRow(label="A & B", parts=(1.0,), texts=("100",))
    >>> svg = heat_map([row], name="x", title="T", description="D", legend=("0 %", "100 %"))
    >>> "A &amp; B" in svg and 'role="img"' in svg
    True
    """
    cell = max(_SMALLEST, min(_LARGEST, (WIDTH - LABEL) // max(1, len(rows))))
    width = max(WIDTH, LABEL + cell * len(rows))
    height = HEAD + cell * len(rows) + _LEGEND
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    parts = [
        f'<svg role="img" aria-labelledby="{name}-title {name}-desc" {size}>',
        f'<title id="{name}-title">{escape(title)}</title>',
        f'<desc id="{name}-desc">{escape(description)}</desc>',
    ]
    for number in range(len(rows)):
        middle = LABEL + cell * number + cell // 2
        parts.append(_text(middle, HEAD - 10, str(number + 1), anchor="middle", size=_size(cell)))
    for number, row in enumerate(rows):
        parts += _row(number, row, cell)
    parts += _legend(legend, HEAD + cell * len(rows) + 14)
    return "\n".join([*parts, "</svg>"])


def _row(number: int, row: HeatRow, cell: int) -> list[str]:
    top = HEAD + cell * number
    base = top + cell // 2 + 5
    label = f"{number + 1}  {_short(row.label)}"
    parts = [_text(LABEL - 12, base, label, anchor="end", size=_size(cell))]
    for place, (part, text) in enumerate(zip(row.parts, row.texts, strict=True)):
        if part is None:
            continue
        left = LABEL + cell * place
        colour = _colour(part)
        size = f'width="{cell - 2}" height="{cell - 2}"'
        parts.append(f'<rect x="{left + 1}" y="{top + 1}" {size} rx="2" fill="{colour}"/>')
        if cell >= _FOR_TEXT:
            ink = _PAPER if part > _HALF else _INK
            parts.append(_text(left + cell // 2, base, text, anchor="middle", ink=ink))
    return parts


def _legend(legend: tuple[str, str], top: int) -> list[str]:
    steps = 10
    parts = [_text(LABEL - 12, top + 13, legend[0], anchor="end")]
    for step in range(steps + 1):
        look = f'width="20" height="18" fill="{_colour(step / steps)}"'
        parts.append(f'<rect x="{LABEL + 20 * step}" y="{top}" {look}/>')
    return [*parts, _text(LABEL + 20 * (steps + 1) + 10, top + 13, legend[1])]


def _colour(part: float) -> str:
    shades = (
        round(light + (dark - light) * part) for light, dark in zip(_LIGHT, _DARK, strict=True)
    )
    return "#" + "".join(f"{shade:02x}" for shade in shades)


def _size(cell: int) -> int:
    return min(_FONT, max(9, cell - 4))


def _text(  # noqa: PLR0913 - what a text in a picture needs
    x: int, y: int, text: str, *, anchor: str = "start", ink: str = _INK, size: int = _FONT
) -> str:
    look = f'font-family="sans-serif" font-size="{size}" fill="{ink}"'
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}" {look}>{escape(text)}</text>'


def _short(label: str, most: int = 30) -> str:
    return label if len(label) <= most else f"{label[: most - 1]}…"
