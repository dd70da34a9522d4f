"""A statement as a page of HTML, in the style of the other pages."""

from __future__ import annotations

from html import escape
from typing import BinaryIO

from libconsortium import Snapshot
from libconsortium.plugins.reports.page import document
from libconsortium.plugins.reports.sections import Cell, section, table
from libconsortium.plugins.reports.statement_texts import Texts, statement_texts


def write_statement_page(snapshot: Snapshot, file: BinaryIO) -> None:
    """Write a snapshot of kind ``statement``; see ``statement_texts``."""
    texts = statement_texts(snapshot)
    parts = [*_letter(texts), *_working(texts)]
    file.write(document(texts["issuer"], snapshot.language, parts, texts["footer"]).encode())


def _letter(texts: Texts) -> list[str]:
    facts = "\n".join(
        f"<tr><th scope='row'>{escape(what)}</th><td>{escape(said)}</td></tr>"
        for what, said in texts["facts"]
    )
    draft = f'<p class="lead"><strong>{escape(texts["draft"])}</strong></p>'
    words = ": ".join(map(escape, texts["words"]))
    lines = [_row(line) for line in texts["lines"]]
    below = [_row(line) for line in (texts["total"], *texts["told"], texts["due"])]
    content = [
        f"<p>{escape(texts['subject'])}</p>",
        draft if texts["draft"] else "",
        f"<table>{facts}</table>",
        table(texts["title"], _head(texts["head"]), lines, below),
        f"<p>{words}.</p>" if words else "",
    ]
    if texts["instalments"]:
        rows = [_row(line) for line in texts["instalments"]]
        content.append(table(texts["instalments_title"], _head(texts["instalments_head"]), rows))
    approved = (f"{escape(what)}: {escape(said)}" for what, said in texts["approval"])
    content.append(f"<p>{' · '.join(approved)}</p>" if texts["approval"] else "")
    return section("statement", texts["title"], *filter(None, content))


def _working(texts: Texts) -> list[str]:
    if not texts["working"]:
        return []
    head: list[Cell] = [(cell, number > 1) for number, cell in enumerate(texts["working_head"])]
    rows: list[list[Cell]] = [
        [("\N{EM SPACE}" * depth + what, False), (formula, False), (part, True), (result, True)]
        for depth, what, formula, part, result in texts["working"]
    ]
    return section("working", texts["working_title"], table(texts["working_title"], head, rows))


def _head(cells: list[str]) -> list[Cell]:
    return [(cells[0], False), (cells[1], True)]


def _row(cells: list[str]) -> list[Cell]:
    return [(cells[0], False), (cells[1], True)]
