"""What the pages are made of: headings, tables of fields, texts of docstrings."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Any, get_args, get_origin, get_type_hints

import attrs

from libconsortium import Money, Quantity

GENERATED = (
    "<!-- Written by `python tools/reference.py update`; change the code, not this page. -->"
)
"""Stands on top of each page."""

_ARGUMENT = re.compile(r"^    (\w+): (.*(?:\n {8,}.*)*)", re.MULTILINE)
_FORMS: dict[object, str] = {
    str: "text",
    int: "whole number",
    float: "number",
    bool: "`true` or `false`",
    date: "day",
    Money: "amount",
    Fraction: "number or percentage",
    Quantity: "figure",
    tuple[str, ...]: "list of texts",
}


def page(said: list[str]) -> str:
    """Return the parts of a page as one text; empty ones are left out."""
    return "\n\n".join(part for part in said if part) + "\n"


def text(said: str) -> str:
    """Return a text that is shown as it is."""
    return f"```text\n{said.rstrip()}\n```"


def fields(record: type[Any], bold: tuple[str, ...] = (), *, in_file: bool = True) -> str:
    """Return the fields of a record as a table; in a file they have a form, in Python a type."""
    meaning = dict(_arguments(record))
    hints = get_type_hints(record) if in_file else {}
    rows = (
        ["| name | form | meaning | if left out |", "|---|---|---|---|"]
        if in_file
        else ["| name | meaning | if left out |", "|---|---|---|"]
    )
    for field in attrs.fields(record):
        said = meaning.get(field.name, "")
        cells = [
            f"**`{field.name}`**" if field.name in bold else f"`{field.name}`",
            *([_form(hints[field.name])] if in_file else []),
            said.replace("`None`", "empty") if in_file else said,
            _default(field),
        ]
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


def _arguments(record: type[Any]) -> Iterator[tuple[str, str]]:
    for parent in reversed(record.__mro__):
        for name, meaning in _ARGUMENT.findall(inspect.getdoc(parent) or ""):
            yield name, " ".join(meaning.replace("``", "`").replace("|", "\\|").split())


def _default(field: attrs.Attribute[Any]) -> str:
    default = field.default
    if default is attrs.NOTHING:
        return "must be given"
    if isinstance(default, bool):
        return f"`{str(default).lower()}`"
    if isinstance(default, attrs.Factory) or attrs.has(type(default)):  # type: ignore[arg-type] # a class at run time
        return "empty" if isinstance(default, attrs.Factory) else "its own defaults"  # type: ignore[arg-type] # as above
    return f"`{default}`" if default not in (None, "", (), frozenset()) else "empty"


def first(record: type[Any]) -> str:
    """Return the first paragraph of what a class says of itself."""
    said = (inspect.getdoc(record) or "").partition("\n\n")[0]
    return " ".join(said.replace("``", "`").split())


def _form(hint: object) -> str:
    options = [one for one in (get_args(hint) or (hint,)) if one is not type(None)]
    if hint in _FORMS:
        return _FORMS[hint]
    if get_origin(hint) in (Mapping, Sequence, tuple):
        return "table" if get_origin(hint) is Mapping else "tables"
    return " or ".join(dict.fromkeys(filter(None, map(_form_of_one, options))))


def _form_of_one(hint: object) -> str:
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return ", ".join(f"`{choice.value}`" for choice in hint if choice.value)
    if isinstance(hint, type) and attrs.has(hint) and hint not in _FORMS:
        return "table"
    return _FORMS.get(hint, "table" if hint is not Ellipsis else "")
