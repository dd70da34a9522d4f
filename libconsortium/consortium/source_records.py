"""How the records of the sources that the settings name are read."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from libconsortium.core.catalogue.mappings import FieldMapping
from libconsortium.core.catalogue.records import BibRecord
from libconsortium.core.harvest.sources import HarvestSource
from libconsortium.reading_steps import ReadingRules, read_mapping, read_records, reading_rules
from libconsortium.registry import Registry
from libconsortium.settings import Settings
from libconsortium.store import Store


def source_rules(
    settings: Settings, registry: Registry, mapping: Path | None = None
) -> dict[str, ReadingRules]:
    """Return how the records of each source are read: what is repaired, what is mapped.

    Args:
        settings: Which sources there are, and what is said of each.
        registry: Finds repairs and crosswalks.
        mapping: A mapping table to try instead of those that the settings name.

    Raises:
        SettingsError: A mapping table is wrong; the message names file, line and field.
        UnknownNameError: No plugin gives a repair that the settings name.

    >>> from libconsortium.testing import example_office
    >>> with example_office() as office:
    ...     source_rules(office.settings, office.registry)
    {}
    """
    tried = read_mapping(mapping, registry) if mapping else None
    return {
        source.name: reading_rules(
            registry, source.repairs, tried or _mapping(settings, registry, source)
        )
        for source in settings.file.sources
    }


def source_records(
    settings: Settings,
    registry: Registry,
    store: Store,
    wanted: Collection[str] | None = None,
) -> Iterator[BibRecord]:
    """Read the live records of the settings' sources, each by the crosswalk it needs.

    Args:
        settings: Which sources there are.
        registry: Finds the crosswalks.
        store: Where the records are.
        wanted: Keys of the records to look up; all records if ``None``.

    >>> from libconsortium.testing import example_office
    >>> with example_office() as office:
    ...     list(source_records(office.settings, office.registry, office.store))
    []
    """
    rules = source_rules(settings, registry)
    named: dict[str, list[str]] = {}
    for key in wanted or ():
        name, _, identifier = key.partition("\t")
        named.setdefault(name, []).append(identifier)
    for source in settings.file.sources:
        some = None if wanted is None else named.get(source.name, ())
        yield from read_records(store, registry, source=source.name, rules=rules, identifiers=some)


def _mapping(settings: Settings, registry: Registry, source: HarvestSource) -> FieldMapping | None:
    return read_mapping(settings.path(source.mapping), registry) if source.mapping else None
