"""The page of all errors."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

from libconsortium.core import errors
from tools.reference_pages.markdown import GENERATED, first, page, text


def errors_page() -> str:
    """Return the page of all errors: the tree, and what each means."""
    tree = (inspect.getdoc(errors) or "").partition("::\n\n")[2].partition("\n\nThe first")[0]
    rows = [
        f"| `{error.__name__}` | {first(error)} |"
        for error in _classes_in(errors)
        if issubclass(error, errors.ConsortiumError)
    ]
    return page(
        [
            "# Errors",
            GENERATED,
            _ABOUT_ERRORS,
            text(inspect.cleandoc(tree)),
            "\n".join(["| error | when |", "|---|---|", *rows]),
        ]
    )


_ABOUT_ERRORS = """\
Everything this library raises on purpose is a `ConsortiumError`: catch that one. Its text says
what happened, with which value, and what to do; `error.message` is the same as template and
values, and `say(error.message, "vi")` says it in Vietnamese. The command line shows it in one line
and ends with status 1; with `--json` the class stands in `error.kind`. What is wrong with *data* is
no error but a `Problem`: it is collected, counted and shown, and the work goes on."""


def _classes_in(module: object) -> Iterator[type[Any]]:
    for _, found in inspect.getmembers(module, inspect.isclass):
        if found.__module__ == getattr(module, "__name__", ""):
            yield found
