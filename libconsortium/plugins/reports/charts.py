"""Small bar charts as inline SVG: no script, no style sheet, the same bytes every time."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import attrs

ROW = 34
LABEL = 280
WIDTH = 900
NUMBERS = 170
COLOURS = ("#1f5f8b", "#9cc3dd")
INK = "#1d2733"


@attrs.frozen(kw_only=True)
class Bar:
    """One bar of a chart.

    Args:
        label: What it stands for.
        values: The lengths of its pieces, one after the other, not negative.
        text: The number shown at its end.
    """

    label: str
    values: tuple[int, ...]
    text: str


def bar_chart(
    bars: Sequence[Bar], *, name: str, title: str, description: str, legend: Sequence[str] = ()
) -> str:
    """Return horizontal bars as an SVG element that a screen reader can name.

    Args:
        bars: The bars, from top to bottom.
        name: A word for the ids of the title and the description, unique on the page.
        title: What the chart shows.
        description: The same in a sentence; the figures stand in the table beside the chart.
        legend: What the pieces of the bars are; empty if there is one piece only.

    >>> bar = Bar(label="A & B", values=(3,), text="3")
    >>> svg = bar_chart([bar], name="x", title="T", description="D")
    >>> "A &amp; B" in svg and 'role="img"' in svg
    True
    """
    top = ROW if legend else 0
    height = top + ROW * len(bars) + 8
    longest = max((sum(bar.values) for bar in bars), default=0) or 1
    scale = (WIDTH - LABEL - NUMBERS) / longest
    size = f'viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"'
    parts = [
        f'<svg role="img" aria-labelledby="{name}-title {name}-desc" {size}>',
        f'<title id="{name}-title">{escape(title)}</title>',
        f'<desc id="{name}-desc">{escape(description)}</desc>',
        *_legend(legend),
    ]
    for number, bar in enumerate(bars):
        parts += _bar(bar, top + ROW * number, scale)
    return "\n".join([*parts, "</svg>"])


def _bar(bar: Bar, y: int, scale: float) -> list[str]:
    middle = y + ROW // 2 + 5
    parts = [_text(LABEL - 12, middle, _short(bar.label), anchor="end")]
    x = float(LABEL)
    for value, colour in zip(bar.values, COLOURS, strict=False):
        size = f'width="{value * scale:.2f}" height="{ROW - 10}"'
        parts.append(f'<rect x="{x:.2f}" y="{y + 5}" {size} fill="{colour}"/>')
        x += value * scale
    return [*parts, _text(round(x) + 8, middle, bar.text)]


def _legend(legend: Sequence[str]) -> list[str]:
    parts = []
    x = LABEL
    for what, colour in zip(legend, COLOURS, strict=False):
        parts.append(f'<rect x="{x}" y="8" width="16" height="16" fill="{colour}"/>')
        parts.append(_text(x + 24, 22, what))
        x += 40 + 9 * len(what)
    return parts


def _text(x: int, y: int, text: str, *, anchor: str = "start") -> str:
    look = f'font-family="sans-serif" font-size="15" fill="{INK}"'
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}" {look}>{escape(text)}</text>'


def _short(label: str, most: int = 30) -> str:
    return label if len(label) <= most else f"{label[: most - 1]}…"
