"""The hooks: each takes nothing and yields named records; order never matters."""

# A hook specification has no body.
# mypy: disable-error-code="empty-body"

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
def consortium_harvesters() -> Iterable[contributions.Harvester]:
    """Yield ways to fetch records from a source."""


@hookspec
def consortium_crosswalks() -> Iterable[contributions.Crosswalk]:
    """Yield readers of metadata formats."""


@hookspec
def consortium_text_repairs() -> Iterable[contributions.TextRepair]:
    """Yield repairs of damaged texts."""


@hookspec
def consortium_identifier_schemes() -> Iterable[contributions.IdentifierScheme]:
    """Yield kinds of identifiers."""


@hookspec
def consortium_match_rules() -> Iterable[contributions.MatchRule]:
    """Yield ways to find records of one publication."""


@hookspec
def consortium_cost_models() -> Iterable[contributions.CostModel]:
    """Yield ways to divide an amount over members."""


@hookspec
def consortium_game_solutions() -> Iterable[contributions.GameSolution]:
    """Yield ways to share what every coalition costs or is worth."""


@hookspec
def consortium_claims_rules() -> Iterable[contributions.ClaimsRule]:
    """Yield ways to divide a subsidy among claims."""


@hookspec
def consortium_reports() -> Iterable[contributions.Report]:
    """Yield writers of report files."""


@hookspec
def consortium_store_backends() -> Iterable[contributions.StoreBackend]:
    """Yield stores."""


@hookspec
def consortium_catalogue_engines() -> Iterable[contributions.CatalogueEngine]:
    """Yield engines for the union catalogue."""


@hookspec
def consortium_search_backends() -> Iterable[contributions.SearchBackend]:
    """Yield search indexes."""


@hookspec
def consortium_commands() -> Iterable[contributions.Command]:
    """Yield commands for the command line."""


@hookspec
def consortium_presets() -> Iterable[contributions.Preset]:
    """Yield data to start a consortium with."""


@hookspec
def consortium_gazetteers() -> Iterable[contributions.Gazetteer]:
    """Yield tables of places."""


@hookspec
def consortium_usage_loaders() -> Iterable[contributions.UsageLoader]:
    """Yield readers of usage reports."""


@hookspec
def consortium_title_list_loaders() -> Iterable[contributions.TitleListLoader]:
    """Yield readers of title lists."""


@hookspec
def consortium_languages() -> Iterable[contributions.Language]:
    """Yield languages: how figures are read in reports, and amounts written in words."""
