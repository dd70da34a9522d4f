"""Charts that compare: bars side by side for each member, and bars to both sides of a zero."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import attrs

from libconsortium.plugins.reports.charts import INK, LABEL, NUMBERS, WIDTH

THIN = 22
"""Height of one bar with the space around it."""

GAP = 12
COLOURS = ("#1f5f8b", "#d98e32", "#5b8c5a", "#8a6bb0", "#9b9b9b")
MORE, LESS = "#b5532a", "#3f7f5f"
LINE = "#8794a1"
_LEGEND = 34
_MOST = 30
_LETTER = 8.4
"""About how wide a letter is, for the space a legend needs."""


@attrs.frozen(kw_only=True)
class Group:
    """Bars that stand together.

    Args:
        label: What they stand for.
        values: Their lengths; ``None`` where there is none. Negative ones go to the left in a
            chart of changes.
        texts: The number shown at the end of each.
    """

    label: str
    values: tuple[int | None, ...]
    texts: tuple[str, ...]


def grouped_chart(
    groups: Sequence[Group], *, name: str, title: str, description: str, legend: Sequence[str]
) -> str:
    """Return groups of horizontal bars as an SVG element that a screen reader can name.

    Args:
        groups: From top to bottom; none of their values is negative.
        name: A word for the ids of title and description, unique on the page.
        title: What the chart shows.
        description: The same in a sentence; the figures stand in the table beside the chart.
        legend: What the bars of each group are, in their order.

    >>> one = Group(label="A & B", values=(3, None), texts=("3", ""))
    >>> svg = grouped_chart([one], name="x", title="T", description="D", legend=("a", "b"))
    >>> "A &amp; B" in svg, svg.count("<rect")
    (True, 3)
    """
    longest = max((value or 0 for group in groups for value in group.values), default=0) or 1
    scale = (WIDTH - LABEL - NUMBERS) / longest
    parts, y = _legend(legend), _LEGEND
    for group in groups:
        middle = y + len(group.values) * THIN // 2 + 5
        parts.append(_text(LABEL - 12, middle, _short(group.label), anchor="end"))
        for number, (value, text) in enumerate(zip(group.values, group.texts, strict=True)):
            if value is not None:
                width = value * scale
                parts.append(_bar(LABEL, y, width, COLOURS[number % len(COLOURS)]))
                parts.append(_text(round(LABEL + width) + 8, y + 16, text))
            y += THIN
        y += GAP
    return _svg(parts, y, name=name, title=title, description=description)


def change_chart(groups: Sequence[Group], *, name: str, title: str, description: str) -> str:
    """Return changes as bars to both sides of a line: less to the left, more to the right.

    Args:
        groups: One value each.
        name: A word for the ids of title and description, unique on the page.
        title: What the chart shows.
        description: The same in a sentence.

    >>> one = Group(label="A", values=(-3,), texts=("-3",))
    >>> LESS in change_chart([one], name="x", title="T", description="D")
    True
    """
    values = [group.values[0] or 0 for group in groups]
    longest = max(map(abs, values), default=0) or 1
    half = (WIDTH - LABEL - NUMBERS) / 2
    zero = LABEL + half + NUMBERS / 2
    scale = (half - NUMBERS / 2) / longest
    height = 8 + (THIN + 6) * len(groups)
    parts = [f'<line x1="{zero:.2f}" y1="0" x2="{zero:.2f}" y2="{height}" stroke="{LINE}"/>']
    for number, (group, value) in enumerate(zip(groups, values, strict=True)):
        y, width = 6 + number * (THIN + 6), abs(value) * scale
        start = zero if value >= 0 else zero - width
        parts.append(_text(LABEL - 12, y + 16, _short(group.label), anchor="end"))
        parts.append(_bar(start, y, width, MORE if value > 0 else LESS))
        end, anchor = (zero + width + 8, "start") if value >= 0 else (zero - width - 8, "end")
        parts.append(_text(round(end), y + 16, group.texts[0], anchor=anchor))
    return _svg(parts, height, name=name, title=title, description=description)


def _svg(parts: Sequence[str], height: int, *, name: str, title: str, description: str) -> str:
    size = f'viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"'
    return "\n".join(
        [
            f'<svg role="img" aria-labelledby="{name}-title {name}-desc" {size}>',
            f'<title id="{name}-title">{escape(title)}</title>',
            f'<desc id="{name}-desc">{escape(description)}</desc>',
            *parts,
            "</svg>",
        ]
    )


def _bar(x: float, y: int, width: float, colour: str) -> str:
    size = f'width="{width:.2f}" height="{THIN - 4}"'
    return f'<rect x="{x:.2f}" y="{y + 2}" {size} fill="{colour}"/>'


def _legend(legend: Sequence[str]) -> list[str]:
    parts, x = [], LABEL
    for number, what in enumerate(legend):
        colour = COLOURS[number % len(COLOURS)]
        parts.append(f'<rect x="{x}" y="8" width="16" height="16" fill="{colour}"/>')
        parts.append(_text(x + 24, 22, what))
        x += round(48 + _LETTER * len(what))
    return parts


def _text(x: int, y: int, text: str, *, anchor: str = "start") -> str:
    look = f'font-family="sans-serif" font-size="15" fill="{INK}"'
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}" {look}>{escape(text)}</text>'


def _short(label: str) -> str:
    return label if len(label) <= _MOST else f"{label[: _MOST - 1]}…"
