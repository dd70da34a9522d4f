"""Harvests OAI-PMH endpoints: sickle's face, an engine that never loses a record silently."""

from __future__ import annotations

from collections.abc import Iterator

from libconsortium import (
    Harvester,
    HarvestPage,
    HarvestRequest,
    SourceDescription,
    hookimpl,
)


@hookimpl
def consortium_harvesters() -> Iterator[Harvester]:
    """Yield the OAI-PMH harvester."""
    yield Harvester(
        name="oai-pmh",
        summary="Harvest an OAI-PMH 2.0 endpoint",
        harvest=_harvest,
        describe=_describe,
    )


def _harvest(request: HarvestRequest) -> Iterator[HarvestPage]:
    from libconsortium.plugins.oai_pmh.harvesting import harvest

    return harvest(request)


def _describe(request: HarvestRequest) -> SourceDescription:
    from libconsortium.plugins.oai_pmh.harvesting import describe

    return describe(request)
