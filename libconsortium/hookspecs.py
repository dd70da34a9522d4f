"""The hooks: each takes nothing and yields named records; order never matters."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from libconsortium import contributions

PROJECT = "libconsortium"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def consortium_harvesters() -> Iterable[contributions.Harvester]:  # type: ignore[empty-body]
    """Yield ways to fetch records from a source."""


@hookspec
def consortium_crosswalks() -> Iterable[contributions.Crosswalk]:  # type: ignore[empty-body]
    """Yield readers of metadata formats."""


@hookspec
def consortium_identifier_schemes() -> Iterable[contributions.IdentifierScheme]:  # type: ignore[empty-body]
    """Yield kinds of identifiers."""


@hookspec
def consortium_match_rules() -> Iterable[contributions.MatchRule]:  # type: ignore[empty-body]
    """Yield ways to find records of one publication."""


@hookspec
def consortium_cost_models() -> Iterable[contributions.CostModel]:  # type: ignore[empty-body]
    """Yield ways to divide an amount over members."""


@hookspec
def consortium_claims_rules() -> Iterable[contributions.ClaimsRule]:  # type: ignore[empty-body]
    """Yield ways to divide a subsidy among claims."""


@hookspec
def consortium_reports() -> Iterable[contributions.Report]:  # type: ignore[empty-body]
    """Yield writers of report files."""


@hookspec
def consortium_store_backends() -> Iterable[contributions.StoreBackend]:  # type: ignore[empty-body]
    """Yield stores."""


@hookspec
def consortium_catalogue_engines() -> Iterable[contributions.CatalogueEngine]:  # type: ignore[empty-body]
    """Yield engines for the union catalogue."""


@hookspec
def consortium_commands() -> Iterable[contributions.Command]:  # type: ignore[empty-body]
    """Yield commands for the command line."""


@hookspec
def consortium_presets() -> Iterable[contributions.Preset]:  # type: ignore[empty-body]
    """Yield data to start a consortium with."""
