"""libconsortium: a library federation runs itself.

Everything public is imported from here: ``from libconsortium import Money, split``. A name is
loaded when it is first used, so importing the package loads neither requests nor lxml, sickle,
SQLAlchemy or DuckDB.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from libconsortium.contributions import (
        CatalogueEngine,
        ClaimsRule,
        Command,
        Contribution,
        CostModel,
        Crosswalk,
        Engine,
        Harvester,
        IdentifierScheme,
        MatchRule,
        Preset,
        Report,
        Snapshot,
        StoreBackend,
    )
    from libconsortium.core.changes import (
        Change,
        ChangeKind,
        changes,
        counted,
    )
    from libconsortium.core.clusters import Cluster, Link
    from libconsortium.core.costs import CostGame, ExactShare, Step
    from libconsortium.core.directory import (
        Directory,
    )
    from libconsortium.core.errors import (
        AddressRefusedError,
        CatalogueError,
        ConsortiumError,
        CrosswalkError,
        CurrencyMismatchError,
        CycleError,
        DuplicateNameError,
        HarvestDeferredError,
        HarvestError,
        HarvestStoppedError,
        ImportFileError,
        InfeasibleError,
        MissingExtraError,
        PageRefusedError,
        PluginError,
        SettingsError,
        SourceUnreachableError,
        SplitError,
        StoreError,
        TokenRefusedError,
        UnbalancedEntryError,
        UnknownNameError,
        WrongContributionError,
    )
    from libconsortium.core.facts import (
        FACT_KINDS,
        Fact,
        FactKind,
        from_row,
        key_of,
        kind_of,
        to_row,
    )
    from libconsortium.core.holdings import Holding
    from libconsortium.core.matching import Evidence, MatchFields
    from libconsortium.core.messages import Message
    from libconsortium.core.money import MINOR_DIGITS, Money, exact, minor_digits, total
    from libconsortium.core.problems import Place, Problem, Severity
    from libconsortium.core.records import (
        BibRecord,
        HarvestPage,
        HarvestRequest,
        RawRecord,
        RecordIdentifier,
        year_in,
    )
    from libconsortium.core.sources import (
        HarvestSource,
        SourceDescription,
        is_day_form,
        moment_of,
        watermark_after,
    )
    from libconsortium.hookspecs import hookimpl
    from libconsortium.http import Answer, GuardedSession, HttpRules, open_session
    from libconsortium.messages import LANGUAGES, LOCALE_FOLDER, language_of, translator
    from libconsortium.registry import PluginStatus, Registry
    from libconsortium.store import (
        Checkpoint,
        HarvestCounts,
        HarvestRun,
        Load,
        RecordCount,
        RunStatus,
        Store,
        StoredSplit,
    )
    from libconsortium.tables import (
        FileLimits,
        read_tables,
        write_csv,
        write_csv_for_excel,
    )
    from libconsortium.toml_file import LineOf, field_path, read_toml

__version__ = "0.1.0"

_HOMES = {
    "contributions": "CatalogueEngine ClaimsRule Command Contribution CostModel Crosswalk Engine Harvester"
    " IdentifierScheme MatchRule Preset Report Snapshot StoreBackend",
    "core.clusters": "Cluster Link",
    "core.costs": "CostGame ExactShare Step",
    "core.errors": "AddressRefusedError CatalogueError ConsortiumError"
    " CrosswalkError CurrencyMismatchError CycleError DuplicateNameError"
    " HarvestDeferredError HarvestError HarvestStoppedError ImportFileError"
    " InfeasibleError MissingExtraError PageRefusedError PluginError SettingsError"
    " SourceUnreachableError SplitError StoreError TokenRefusedError UnbalancedEntryError"
    " UnknownNameError WrongContributionError",
    "core.holdings": "Holding",
    "core.matching": "Evidence MatchFields",
    "core.messages": "Message",
    "core.money": "MINOR_DIGITS Money exact minor_digits total",
    "core.problems": "Place Problem Severity",
    "core.records": "BibRecord HarvestPage HarvestRequest RawRecord RecordIdentifier year_in",
    "hookspecs": "hookimpl",
    "messages": "LANGUAGES LOCALE_FOLDER language_of translator",
    "http": "Answer GuardedSession HttpRules open_session",
    "registry": "PluginStatus Registry",
    "toml_file": "LineOf field_path read_toml",
    "core.sources": "HarvestSource SourceDescription is_day_form moment_of watermark_after",
    "store": "Checkpoint HarvestCounts HarvestRun Load RecordCount RunStatus Store StoredSplit",
    "tables": "FileLimits read_tables write_csv write_csv_for_excel",
    "core.changes": "Change ChangeKind changes counted",
    "core.directory": "Directory",
    "core.facts": "FACT_KINDS Fact FactKind from_row key_of kind_of to_row",
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names.split()}

__all__ = sorted(_HOME_OF)  # noqa: PLE0605 - kept in one place; tests compare it with the imports above


def __getattr__(name: str) -> object:
    """Load a public name from its module when it is first used."""
    if name not in _HOME_OF:
        message = f"module 'libconsortium' has no attribute {name!r}"
        raise AttributeError(message)
    value = getattr(import_module(f"libconsortium.{_HOME_OF[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names."""
    return [*__all__, "__version__"]
