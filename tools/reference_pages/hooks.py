"""The page of all hooks."""

from __future__ import annotations

import inspect
from typing import get_args, get_type_hints

from libconsortium import contributions, hookspecs
from tools.reference_pages.markdown import GENERATED, fields, first, page


def hooks_page() -> str:
    """Return the page of all hooks and the records they yield."""
    said = [
        "# Hooks",
        GENERATED,
        _ABOUT_HOOKS,
    ]
    for name, hook in inspect.getmembers(hookspecs, inspect.isfunction):
        if name.startswith("consortium_"):
            record = get_args(
                get_type_hints(hook, vars(hookspecs) | {"contributions": contributions})["return"]
            )[0]
            said += [
                f"## {name}",
                inspect.getdoc(hook) or "",
                f"Yields `{record.__name__}`: {first(record)}",
                fields(record, in_file=False),
            ]
    return page(said)


_ABOUT_HOOKS = """\
A hook takes no argument and yields named records. Put `@hookimpl` on a function with the hook's
name in a module, register the module under the entry-point group `libconsortium`, and
`libconsortium plugins` shows it. How to: [start a plugin](../how-to/start-a-plugin.md),
[write a cost model](../how-to/write-a-cost-model.md). The records are imported from
`libconsortium`; what their functions take and give is described in [Python](python-api.md)."""
