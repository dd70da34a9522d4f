"""One page of HTML: who pays what and why, what was harvested, what the members hold together.

The page needs nothing else: its styles and charts stand in it, it has no script, and it allows
itself to load nothing.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from hashlib import sha256
from html import escape
from typing import BinaryIO

from libconsortium import Snapshot, translator
from libconsortium.plugins.reports.scenario_sections import (
    comparison_sections,
    glide_section,
    what_if_section,
)
from libconsortium.plugins.reports.sections import (
    catalogue_section,
    harvest_section,
    overlap_section,
    split_section,
)
from libconsortium.plugins.reports.title_section import title_sections

STYLE = """
:root { color-scheme: light; }
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; color: #1d2733; background: #fff; }
header, main, footer { max-width: 60rem; margin: 0 auto; padding: 1rem 1.25rem; }
header { border-bottom: 3px solid #1f5f8b; }
h1 { font-size: 1.7rem; margin: .5rem 0; }
h2 { font-size: 1.3rem; margin: 2.2rem 0 .6rem; }
p.lead { font-size: 1.1rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; margin: .8rem 0; }
caption { text-align: left; font-weight: 600; padding: .3rem 0; }
th, td { padding: .4rem .6rem; border-bottom: 1px solid #d5dde5; text-align: left; }
thead th { border-bottom: 2px solid #1d2733; vertical-align: bottom; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
td.number { white-space: nowrap; }
tbody th { min-width: 7rem; }
tbody tr.total th, tbody tr.total td { border-top: 2px solid #1d2733; font-weight: 600; }
svg { max-width: 100%; height: auto; display: block; }
pre { background: #f3f6f9; padding: .8rem; overflow-x: auto; white-space: pre-wrap; }
summary { cursor: pointer; padding: .2rem 0; }
summary:focus-visible { outline: 3px solid #1f5f8b; }
footer { color: #4a5866; font-size: .9rem; }
code { overflow-wrap: anywhere; }
@media print { details { break-inside: avoid; } body { font-size: 11pt; } }
"""


def write_page(snapshot: Snapshot, file: BinaryIO) -> None:
    """Write a snapshot of any kind that is made of sections.

    Every part of the page is left out if its data are not there.

    Args:
        snapshot: In ``data``: ``split`` (a Split), ``levels`` (a LevelSum), ``names`` (by member
            id), ``harvests`` (a mapping each: ``source``, ``status``, ``records``, ``problems``,
            ``reason``),
            ``catalogue`` (numbers by what they count), ``overlap`` (an Overlap), ``comparison``
            (a Comparison), ``what-if`` (a WhatIf) with ``savings``, ``glide`` (a Glide), ``titles``
            (a TitleOverlap).
        file: Where to write.
    """
    file.write(page(snapshot).encode())


def page(snapshot: Snapshot) -> str:
    """Return the page as text.

    >>> page(Snapshot(kind="summary", title="A & B")).splitlines()[1]
    '<html lang="en">'
    """
    data, language = snapshot.data, snapshot.language
    names: Mapping[str, str] = data.get("names", {})
    parts: list[str] = []
    if "comparison" in data:
        parts += comparison_sections(data["comparison"], names, language)
    if "what-if" in data:
        parts += what_if_section(data["what-if"], data["savings"], names, language)
    if "glide" in data:
        parts += glide_section(data["glide"], names, language)
    if "split" in data:
        parts += split_section(data["split"], names, language, data.get("levels"))
    if data.get("harvests"):
        parts += harvest_section(data["harvests"], language)
    if data.get("catalogue"):
        parts += catalogue_section(data["catalogue"], language)
    if "titles" in data:
        parts += title_sections(data["titles"], names, language)
    if "overlap" in data:
        parts += overlap_section(data["overlap"], names, language)
    return document(snapshot.title, language, parts)


def document(title: str, language: str, parts: Sequence[str], footer: str = "") -> str:
    """Return a whole page.

    Args:
        title: Its title and first heading.
        language: ``vi`` or ``en``.
        parts: Its sections, as HTML.
        footer: What stands at its foot before the name of the program.
    """
    _ = translator(language)
    below = f"<p><code>{escape(footer)}</code></p>" if footer else ""
    digest = base64.b64encode(sha256(STYLE.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:;"
        " base-uri 'none'; form-action 'none'"
    )
    return "\n".join(
        [
            "<!doctype html>",
            f'<html lang="{escape(language)}">',
            "<head>",
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{escape(policy)}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<link rel="icon" href="data:,">',
            f"<title>{escape(title)}</title>",
            f"<style>{STYLE}</style>",
            "</head>",
            "<body>",
            f"<header><h1>{escape(title)}</h1></header>",
            "<main>",
            *parts,
            "</main>",
            f"<footer>{below}<p>{escape(_('Made with libconsortium.'))}</p></footer>",
            "</body>",
            "</html>",
            "",
        ]
    )
