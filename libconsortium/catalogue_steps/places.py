"""Reads tables of places: the operator's own, or one that a plugin gives."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from pathlib import Path

from libconsortium.contributions import Gazetteer
from libconsortium.core.catalogue.union_records import UnionRecord
from libconsortium.core.places.place_finding import PlaceFinder
from libconsortium.core.places.places import Places, PlaceTable
from libconsortium.files.toml_records import read_record, structured
from libconsortium.registry import Registry


def read_places(path: str | Path) -> PlaceTable:
    r"""Read a table of places.

    Args:
        path: The TOML file.

    Raises:
        SettingsError: It is missing, no TOML, or something in it is wrong; the message names file,
            line and field.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder) / "places.toml"
    ...     _ = file.write_text('changed = 2025-07-01\nprovinces = [{ name = "Huế" }]', "utf-8")
    ...     read_places(file).provinces[0].name
    'Huế'
    """
    return read_record(path, PlaceTable)


def place_finder(registry: Registry, places: str, folder: Path = Path()) -> PlaceFinder | None:
    """Return what finds the provinces that records speak of; ``None`` if nothing is to be found.

    Args:
        registry: Where tables of plugins are found.
        places: Path of the operator's table (ending in ``.toml``), name of a plugin's, or empty.
        folder: Where a path starts.

    Raises:
        SettingsError: The table is missing or wrong.
        UnknownNameError: No plugin gives a table of that name.

    >>> found = place_finder(Registry(), "vn-provinces")
    >>> found.places({"titles": ["Lịch sử tỉnh Hà Bắc"]}).facets()
    {'place': ('Bắc Ninh',), 'place-before': ('Hà Bắc',)}
    """
    if not places:
        return None
    if places.endswith(".toml"):
        return PlaceFinder(read_places(folder / places))
    data = tomllib.loads(registry.find(Gazetteer, places).read())
    return PlaceFinder(structured(data, PlaceTable, places, lambda _: 0))


def places_of(union: UnionRecord, finder: PlaceFinder | None) -> Places:
    """Return the provinces that a union record speaks of.

    Args:
        union: The union record.
        finder: What finds them; nothing is found without.

    >>> places_of(UnionRecord(cluster="c", fields={}), None)
    Places(tags=(), doubts=())
    """
    if finder is None:
        return Places()
    texts: dict[str, Iterable[str]] = {name: union.texts(name) for name in finder.table.fields}
    return finder.places(texts, year=union.year)
