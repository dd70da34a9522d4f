"""Suggests which provincial libraries follow which; an operator confirms."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable

from libconsortium import Library, LibraryKind, Succession, to_row
from libconsortium.plugins.vietnam.presets import preset_text
from libconsortium.plugins.vietnam.provinces import Province, province_merger

_SOURCE = "suggested from resolution 202/2025/QH15; not confirmed"
_HEAD = """\
# A suggestion: the provincial libraries merge as their provinces did on 1 July 2025.
#
# Provinces merged, libraries need not: many go on as branches, or under both names. Take out
# what did not happen, correct the ids and names, and only then load what is left. The libraries
# before the merger are those of `vn-vla` and of the regional presets.
"""


def suggested_mergers(libraries: Iterable[Library]) -> tuple[Library | Succession, ...]:
    """Return new libraries and successions for provincial libraries whose provinces merged.

    Nothing is suggested for a province that goes on alone, nor for a library that is closed or
    whose region is no province of before the merger.

    Args:
        libraries: Libraries as of 30 June 2025; those that are public and have the name of a
            province as region are taken for provincial libraries.

    >>> old = [Library(id="x", kind=LibraryKind.PUBLIC, region="Hà Giang")]
    >>> [type(fact).__name__ for fact in suggested_mergers(old)]
    ['Library', 'Succession']
    """
    merger = province_merger()
    found: dict[str, Library | Succession] = {}
    for library in libraries:
        province = merger.successor(library.region)
        is_open_public = library.kind is LibraryKind.PUBLIC and library.closed is None
        if is_open_public and province and len(province.formed_from) > 1:
            new = _library(province)
            found[new.id] = new
            found[f"{new.id} {library.id}"] = Succession(
                predecessor=library.id, successor=new.id, on=merger.day, source=_SOURCE
            )
    return tuple(sorted(found.values(), key=lambda fact: (isinstance(fact, Succession), str(fact))))


def suggested_mergers_text() -> str:
    """Return the suggestion for all 63 provincial libraries as TOML text.

    >>> suggested_mergers_text().count("[[successions]]")
    52
    """
    rows = tomllib.loads(preset_text("vn-vla"))["libraries"]
    libraries = [Library(**{**row, "kind": LibraryKind(row["kind"])}) for row in rows]
    blocks = [_HEAD]
    for fact in suggested_mergers(libraries):
        name = "successions" if isinstance(fact, Succession) else "libraries"
        lines = [f'{column} = "{text}"' for column, text in to_row(fact).items() if text]
        blocks.append("\n".join([f"[[{name}]]", *lines, ""]))
    return "\n".join(blocks)


def _library(province: Province) -> Library:
    day = province_merger().day
    return Library(
        id=f"tv-{province.id}-{day.year}",
        name=f"Thư viện {province.kind} {province.name}",
        kind=LibraryKind.PUBLIC,
        region=province.name,
        opened=day,
        evidence="D",
        source=_SOURCE,
    )
