"""Harvests OAI-PMH endpoints: sickle's face, an engine that never loses a record silently."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from libconsortium import (
    ChooseFormats,
    EndpointFacts,
    EndpointIdentity,
    Harvester,
    HarvestPage,
    HarvestRequest,
    SourceDescription,
    hookimpl,
)

if TYPE_CHECKING:
    from libconsortium import GuardedSession


@hookimpl
def consortium_harvesters() -> Iterator[Harvester]:
    """Yield the OAI-PMH harvester."""
    yield Harvester(
        name="oai-pmh",
        summary="Harvest an OAI-PMH 2.0 endpoint",
        harvest=_harvest,
        describe=_describe,
        identify=_identify,
        examine=_examine,
    )


def _harvest(request: HarvestRequest) -> Iterator[HarvestPage]:
    from libconsortium.plugins.oai_pmh.harvesting import harvest

    return harvest(request)


def _describe(request: HarvestRequest) -> SourceDescription:
    from libconsortium.plugins.oai_pmh.harvesting import describe

    return describe(request)


def _identify(session: GuardedSession, url: str) -> EndpointIdentity:
    from libconsortium.plugins.oai_pmh.examining import identify

    return identify(session, url)


def _examine(
    session: GuardedSession, identity: EndpointIdentity, choose: ChooseFormats
) -> EndpointFacts:
    from libconsortium.plugins.oai_pmh.examining import examine

    return examine(session, identity, choose)
