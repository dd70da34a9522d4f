"""How the records of one source are read: which texts are repaired, and by which table mapped."""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from libconsortium.contributions import TextRepair
from libconsortium.core.catalogue.mappings import FieldMapping
from libconsortium.registry import Registry

_NO_MAPPING = FieldMapping()

SAFE = "safe"
"""The name that stands for every repair that never changes a sound text."""


@attrs.frozen(kw_only=True)
class ReadingRules:
    """How records are read.

    Args:
        repairs: What is repaired, in the order in which it is done.
        mapping: The mapping table; empty for what the formats themselves say.
    """

    repairs: tuple[TextRepair, ...] = ()
    mapping: FieldMapping = _NO_MAPPING


def reading_rules(
    registry: Registry, repairs: Iterable[str] = (SAFE,), mapping: FieldMapping | None = None
) -> ReadingRules:
    """Return how records are to be read.

    Args:
        registry: Finds the repairs.
        repairs: Their names; ``safe`` stands for those that harm nothing. They are made in the
            order of their stages, whatever the order here.
        mapping: The mapping table; none by default.

    Raises:
        UnknownNameError: No plugin gives a repair of such a name.

    >>> reading_rules(Registry(installed=())).repairs
    ()
    """
    found: dict[str, TextRepair] = {}
    for name in repairs:
        if name == SAFE:
            every = registry.all(TextRepair)
            found |= {name: repair for name, repair in every.items() if repair.is_safe}
        else:
            repair = registry.find(TextRepair, name)
            found[repair.name] = repair
    ordered = sorted(found.values(), key=lambda repair: (repair.stage, repair.name))
    return ReadingRules(repairs=tuple(ordered), mapping=mapping or _NO_MAPPING)
