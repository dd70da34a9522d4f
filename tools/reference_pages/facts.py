"""The page of the kinds of facts."""

from __future__ import annotations

from libconsortium import FACT_KINDS
from tools.reference_pages.markdown import GENERATED, fields, first, page


def facts_page() -> str:
    """Return the page of the kinds of facts, with their columns."""
    said = ["# Facts", GENERATED, _ABOUT_FACTS]
    for name, kind in FACT_KINDS.items():
        said += [f"## {name}", first(kind.record), fields(kind.record, bold=kind.key)]
    return page(said)


_ABOUT_FACTS = """\
What is known of libraries and their purchases, one row a fact. Each kind is a CSV file or a sheet
of its name (`libraries.csv`), or an array of tables in TOML (`[[libraries]]`); `libconsortium load`
reads all three, see [load members from Excel](../how-to/load-members-from-excel.md).

The columns in bold make a fact the same fact: a row with the same values there changes what is
kept, a row with others is added. Columns may stand in any order, and those with a default may be
missing. Days are written `2025-07-01` and are inclusive; an empty day means no bound.

A *figure* is a number, or one as people report it: `hơn 700`, `gần 6000`, `khoảng 50`, `100-150`,
`> 700`. Approximate figures stay marked as such, and a split refuses them. A figure that can be
read in two ways (`40.000`) is refused. An *amount* is a number and a currency: `12.50 USD`."""
