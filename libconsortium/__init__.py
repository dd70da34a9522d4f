"""libconsortium: a library federation runs itself.

Everything public is imported from here: ``from libconsortium import Money, split``. A name is
loaded when it is first used, so importing the package loads neither requests nor lxml, sickle,
SQLAlchemy or DuckDB.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from libconsortium.amount_words import amount_in_words
    from libconsortium.catalogue_steps import BLOCK_CAP, LIKELY_SCORE, MERGE_SCORE, cluster, overlap
    from libconsortium.consortium import Consortium, Preview
    from libconsortium.contributions import (
        CatalogueEngine,
        ClaimsRule,
        Command,
        Contribution,
        CostModel,
        Crosswalk,
        Engine,
        GameSolution,
        Harvester,
        IdentifierScheme,
        Language,
        MatchRule,
        Preset,
        Report,
        Snapshot,
        StoreBackend,
        TextRepair,
        TitleListLoader,
        UsageLoader,
    )
    from libconsortium.core.adjustments import (
        Adjustment,
        AdjustmentKind,
        Resolution,
        appeal,
        check_balance,
    )
    from libconsortium.core.agreements import Agreement
    from libconsortium.core.approvals import Approval, Phase, check_four_eyes, check_open
    from libconsortium.core.awaited_payments import awaited_payments
    from libconsortium.core.bands import Band
    from libconsortium.core.belonging import Belonging
    from libconsortium.core.catalogue import (
        Overlap,
        Sourced,
        UnionCatalogue,
        UnionRecord,
        overlap_rows,
        union_record,
    )
    from libconsortium.core.changes import Change, ChangeKind, changes, counted
    from libconsortium.core.clusters import Cluster, Decision, Level, Link, Verdict
    from libconsortium.core.comparisons import Comparison, PolicyOutcome, compare
    from libconsortium.core.costs import CostGame, ExactShare, Proportions, Step, written
    from libconsortium.core.directory import Directory
    from libconsortium.core.drivers import DriverRule
    from libconsortium.core.dues import (
        ClassSummary,
        Due,
        DuesState,
        DueState,
        Payer,
        Receipt,
        dues_summary,
        expected_dues,
        settled_dues,
    )
    from libconsortium.core.errors import (
        AddressRefusedError,
        CatalogueError,
        ClosedYearError,
        ConsortiumError,
        CrosswalkError,
        CurrencyMismatchError,
        CycleError,
        DeadlineError,
        DuplicateNameError,
        FileRefusedError,
        HarvestDeferredError,
        HarvestError,
        HarvestStoppedError,
        ImportFileError,
        InfeasibleError,
        MissingExtraError,
        PageRefusedError,
        PluginError,
        QuantityError,
        RequestRefusedError,
        SettingsError,
        SourceUnreachableError,
        SplitError,
        StoreError,
        TokenRefusedError,
        UnbalancedEntryError,
        UnknownIdError,
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
    from libconsortium.core.federations import Federation, FederationKind, MemberClass, Membership
    from libconsortium.core.fees import FeeRule
    from libconsortium.core.figure_checks import figure_problems
    from libconsortium.core.figures import figures_of
    from libconsortium.core.findings import findings
    from libconsortium.core.games import (
        Game,
        GameShare,
        Label,
        Listed,
        Polynomial,
        Price,
        Solved,
    )
    from libconsortium.core.glide import Glide, GlideStep, GlideYear, glide
    from libconsortium.core.harvests import ListEvidence
    from libconsortium.core.holdings import Holding
    from libconsortium.core.identifier_checks import identifier_problems
    from libconsortium.core.identifiers import Identifier
    from libconsortium.core.inequality import gini
    from libconsortium.core.instalments import DueDate, Instalment, instalments
    from libconsortium.core.landed_cost import Contract, FxRate, LandedCost, TaxProfile, landed_cost
    from libconsortium.core.learning import START, Example, learned, score
    from libconsortium.core.ledger import Entry, Ledger, Posting, aging, moved
    from libconsortium.core.limits import Limit, clamped
    from libconsortium.core.mappings import FieldMapping, FieldRule
    from libconsortium.core.matching import Evidence, MatchFields, match_fields, record_key
    from libconsortium.core.measures import Measure
    from libconsortium.core.members import Library, LibraryKind, Name, NameKind
    from libconsortium.core.mergers import Succeeded, succeed
    from libconsortium.core.messages import Message
    from libconsortium.core.mid_year import BillingPeriod, MidYear, ProRata, day_after
    from libconsortium.core.mixes import Inside, MixTerm, StrataRule
    from libconsortium.core.money import MINOR_DIGITS, Money, exact, minor_digits, total
    from libconsortium.core.names import COMMON_WORDS
    from libconsortium.core.numbering import number_of
    from libconsortium.core.offers import (
        Basis,
        Offer,
        OfferPackage,
        OfferTier,
        Pricing,
        StandaloneQuote,
        TierKind,
    )
    from libconsortium.core.office_year import OfficeYear
    from libconsortium.core.own_price import OwnPrice, PresentMembers, own_price
    from libconsortium.core.payment_references import is_reference, reference_of
    from libconsortium.core.payments import (
        BankLine,
        ExpectedPayment,
        PaymentMatch,
        PaymentStatus,
        match_payments,
    )
    from libconsortium.core.policies import LimitRule, Policy, RoundingRule, SponsorRule
    from libconsortium.core.policy_sentences import policy_sentences
    from libconsortium.core.policy_values import Rate
    from libconsortium.core.problems import Place, Problem, Severity
    from libconsortium.core.purchases import standalone_quote, takers_of, tariff_of
    from libconsortium.core.quantities import Qualifier, Quantity, decimal_text
    from libconsortium.core.readings import Figure, Period, Reading
    from libconsortium.core.reasons import reason, reason_said
    from libconsortium.core.reconciliation import reconcile
    from libconsortium.core.record_checks import latest_year, with_checks
    from libconsortium.core.records import (
        BibRecord,
        DeletionCause,
        HarvestPage,
        HarvestRequest,
        Quarantined,
        RawRecord,
        RecordIdentifier,
        year_in,
    )
    from libconsortium.core.remedies import Remedy
    from libconsortium.core.repairs import LegacyEvidence, RepairedText
    from libconsortium.core.report_findings import Finding
    from libconsortium.core.resources import Resource
    from libconsortium.core.roll_ups import LevelSum, roll_up, rounded_down_the_levels
    from libconsortium.core.savings import Saving, pro_rata, saving
    from libconsortium.core.scales import Scale
    from libconsortium.core.sources import (
        HarvestSource,
        SourceDescription,
        address_source,
        is_day_form,
        moment_of,
        watermark_after,
        without_secret,
    )
    from libconsortium.core.splits import Bill, Share, Split, SplitRequest, differences
    from libconsortium.core.stability import Overcharge, Stability, between, least_core, stability
    from libconsortium.core.statement_lines import costs_of, lines_of
    from libconsortium.core.statements import LineKind, Statement, StatementLine, StatementSet
    from libconsortium.core.stating import PaymentTerms, adjusted, settled, statements
    from libconsortium.core.structured_games import (
        Additive,
        AtLeast,
        ByCount,
        ByWeight,
        CountDiscount,
        Maximum,
        Packages,
        Part,
        Sum,
        Tree,
    )
    from libconsortium.core.subscriptions import Choice, Participation, Subscription
    from libconsortium.core.successions import Succession, SuccessionKind
    from libconsortium.core.tariff_games import tariff_game
    from libconsortium.core.tariffs import Taker, Tariff, offer_price
    from libconsortium.core.terms import Office, Term
    from libconsortium.core.text import fold, folded, has_diacritics, spelling, vietnamese_sort_key
    from libconsortium.core.titles import (
        Coverage,
        Embargo,
        PublicationType,
        TitleEvent,
        TitleRow,
        embargo_of,
        span_of,
    )
    from libconsortium.core.true_up import TrueUp, true_up
    from libconsortium.core.usage import (
        USAGE_FIELDS,
        Institution,
        Pairs,
        UsageEvent,
        UsageItem,
        UsageReport,
        UsageRow,
        months_between,
        sorted_pairs,
        usage_fields,
    )
    from libconsortium.core.usage_gaps import UsageScope
    from libconsortium.core.usage_institutions import (
        CUSTOMER_SCHEME,
        institution_finder,
        rollup_findings,
        unknown_institutions,
    )
    from libconsortium.core.usage_membership import membership_months, usage_measures
    from libconsortium.core.usage_sums import Covered, UsageSum, UsageTotal
    from libconsortium.core.usage_totals import MemberOf, UsageTally
    from libconsortium.core.vocabulary import Vocabulary, levelled
    from libconsortium.core.what_if import (
        Adopt,
        Drop,
        ExchangeChange,
        Join,
        Leave,
        MemberChange,
        Position,
        PriceChange,
        Quoted,
        SponsorChange,
        Supposition,
        WhatIf,
        saving_of,
        what_if,
    )
    from libconsortium.crosswalk_parts import (
        identifiers_in,
        is_link,
        serials_in,
        standard_identifier,
        text_of,
        xml_root,
    )
    from libconsortium.exact_texts import exact_number, polynomial
    from libconsortium.explanations import explain_share, limits_in_words, say, split_table
    from libconsortium.game_file import read_claims, read_game, read_shares
    from libconsortium.game_steps import (
        LEAST_CORE,
        NUCLEOLUS,
        PER_CAPITA_NUCLEOLUS,
        PRENUCLEOLUS,
        PROPORTIONAL_LEAST_CORE,
        PROPORTIONAL_NUCLEOLUS,
        WEAK_LEAST_CORE,
        Centre,
        solve_aca,
        solve_centre,
        solve_ensc,
        solve_equal,
        solve_owen,
        solve_proportional,
        solve_scrb,
        solve_serial,
        solve_shapley,
        solve_shapley_shubik,
        solve_tau,
        solve_weighted_shapley,
    )
    from libconsortium.harvest_steps import (
        HarvestOutcome,
        HarvestProgress,
        HarvestWatch,
        Missing,
        compare_source,
        harvest_all,
        harvest_source,
    )
    from libconsortium.hookspecs import hookimpl
    from libconsortium.http import Answer, GuardedSession, HttpRules, open_session
    from libconsortium.http.secrets import secret
    from libconsortium.load_steps import read_files
    from libconsortium.match_training import trained
    from libconsortium.member_table import MemberTable, read_members
    from libconsortium.messages import LANGUAGES, LOCALE_FOLDER, language_of, translator
    from libconsortium.number_texts import (
        format_formula,
        format_money,
        format_number,
        format_percent,
    )
    from libconsortium.payment_files import ExpectedFile, read_bank_lines, read_expected
    from libconsortium.policy_file import check_policy, read_policy
    from libconsortium.reading_steps import (
        EncodingReport,
        ReadingRules,
        ReadingTally,
        UnmappedField,
        guess_encodings,
        read_mapping,
        read_record,
        read_records,
        reading_rules,
        repaired,
        tally,
        unmapped_fields,
    )
    from libconsortium.record_files import RECORD_FORMATS, record_row, write_records
    from libconsortium.registry import PluginStatus, Registry
    from libconsortium.report_files import write_report
    from libconsortium.report_reading import read_report, read_report_file
    from libconsortium.settings import AboutSettings, BillSettings, Settings, read_settings
    from libconsortium.split_documents import paid_in, split_document, split_from
    from libconsortium.split_steps import divided, split, split_request
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
        read_cells,
        read_tables,
        text_encoding,
        write_csv,
        write_csv_for_excel,
    )
    from libconsortium.tariff_tables import tariff_price
    from libconsortium.title_files import read_titles
    from libconsortium.toml_file import LineOf, field_path, read_toml
    from libconsortium.usage_steps import (
        FileRead,
        UsageRead,
        UsageRows,
        read_title_list,
        read_usage,
        usage_events,
    )
    from libconsortium.year_documents import (
        comparison_document,
        glide_document,
        statement_document,
        statements_document,
        what_if_document,
    )
    from libconsortium.years import (
        Supposed,
        approve,
        compare_policies,
        half_way,
        keep_facts,
        office_year,
        policy_names,
        position,
        savings_of,
        subject_of,
        suppose,
        walk_down,
        with_rise,
    )

__version__ = "0.1.0"

_HOMES = {
    "catalogue_steps": "BLOCK_CAP LIKELY_SCORE MERGE_SCORE cluster overlap",
    "consortium": "Consortium Preview",
    "contributions": "CatalogueEngine ClaimsRule Command Contribution CostModel Crosswalk Engine"
    " GameSolution Harvester IdentifierScheme Language MatchRule Preset Report Snapshot"
    " StoreBackend TextRepair TitleListLoader UsageLoader",
    "core.adjustments": "Adjustment AdjustmentKind Resolution appeal check_balance",
    "core.agreements": "Agreement",
    "core.approvals": "Approval Phase check_four_eyes check_open",
    "core.bands": "Band",
    "core.awaited_payments": "awaited_payments",
    "core.belonging": "Belonging",
    "core.catalogue": "Overlap Sourced UnionCatalogue UnionRecord overlap_rows union_record",
    "core.changes": "Change ChangeKind changes counted",
    "core.clusters": "Cluster Decision Level Link Verdict",
    "core.comparisons": "Comparison PolicyOutcome compare",
    "core.costs": "CostGame ExactShare Proportions Step written",
    "core.directory": "Directory",
    "core.drivers": "DriverRule",
    "core.errors": "AddressRefusedError CatalogueError ClosedYearError ConsortiumError"
    " CrosswalkError"
    " CurrencyMismatchError CycleError DeadlineError DuplicateNameError FileRefusedError"
    " HarvestDeferredError HarvestError HarvestStoppedError ImportFileError InfeasibleError"
    " MissingExtraError PageRefusedError PluginError QuantityError RequestRefusedError"
    " SettingsError SourceUnreachableError SplitError StoreError TokenRefusedError"
    " UnbalancedEntryError UnknownIdError UnknownNameError WrongContributionError",
    "core.facts": "FACT_KINDS Fact FactKind from_row key_of kind_of to_row",
    "core.federations": "Federation FederationKind MemberClass Membership",
    "core.fees": "FeeRule",
    "core.figure_checks": "figure_problems",
    "core.figures": "figures_of",
    "core.findings": "findings",
    "core.glide": "Glide GlideStep GlideYear glide",
    "core.harvests": "ListEvidence",
    "core.holdings": "Holding",
    "core.identifier_checks": "identifier_problems",
    "core.identifiers": "Identifier",
    "core.inequality": "gini",
    "core.instalments": "DueDate Instalment instalments",
    "core.landed_cost": "Contract FxRate LandedCost TaxProfile landed_cost",
    "core.limits": "Limit clamped",
    "core.learning": "Example START learned score",
    "core.matching": "Evidence MatchFields match_fields record_key",
    "core.measures": "Measure",
    "core.members": "Library LibraryKind Name NameKind",
    "core.mergers": "Succeeded succeed",
    "core.messages": "Message",
    "core.mid_year": "BillingPeriod MidYear ProRata day_after",
    "core.money": "MINOR_DIGITS Money exact minor_digits total",
    "core.names": "COMMON_WORDS",
    "core.games": "Game GameShare Label Listed Polynomial Price Solved",
    "core.numbering": "number_of",
    "core.offers": "Basis Offer OfferPackage OfferTier Pricing StandaloneQuote TierKind",
    "core.office_year": "OfficeYear",
    "core.own_price": "OwnPrice PresentMembers own_price",
    "core.payment_references": "is_reference reference_of",
    "core.mixes": "Inside MixTerm StrataRule",
    "core.policies": "LimitRule Policy RoundingRule SponsorRule",
    "core.policy_sentences": "policy_sentences",
    "core.policy_values": "Rate",
    "core.problems": "Place Problem Severity",
    "core.purchases": "standalone_quote takers_of tariff_of",
    "core.quantities": "Qualifier Quantity decimal_text",
    "core.mappings": "FieldMapping FieldRule",
    "core.record_checks": "latest_year with_checks",
    "core.reasons": "reason reason_said",
    "core.records": "BibRecord DeletionCause HarvestPage HarvestRequest Quarantined RawRecord"
    " RecordIdentifier year_in",
    "core.repairs": "LegacyEvidence RepairedText",
    "core.remedies": "Remedy",
    "core.resources": "Resource",
    "core.roll_ups": "LevelSum roll_up rounded_down_the_levels",
    "core.savings": "Saving pro_rata saving",
    "core.sources": "HarvestSource SourceDescription is_day_form moment_of watermark_after"
    " address_source without_secret",
    "core.scales": "Scale",
    "core.splits": "Bill Share Split SplitRequest differences",
    "core.statement_lines": "costs_of lines_of",
    "core.statements": "LineKind Statement StatementLine StatementSet",
    "core.stating": "PaymentTerms adjusted settled statements",
    "core.stability": "Overcharge Stability between least_core stability",
    "core.structured_games": "Additive AtLeast ByCount ByWeight CountDiscount Maximum Packages"
    " Part Sum Tree",
    "core.subscriptions": "Choice Participation Subscription",
    "core.successions": "Succession SuccessionKind",
    "core.tariff_games": "tariff_game",
    "core.tariffs": "Taker Tariff offer_price",
    "core.terms": "Office Term",
    "core.text": "fold folded has_diacritics spelling vietnamese_sort_key",
    "core.titles": "Coverage Embargo PublicationType TitleEvent TitleRow embargo_of span_of",
    "core.true_up": "TrueUp true_up",
    "core.usage": "USAGE_FIELDS Institution Pairs UsageEvent UsageItem UsageReport UsageRow"
    " months_between sorted_pairs usage_fields",
    "core.usage_gaps": "UsageScope",
    "core.usage_institutions": "CUSTOMER_SCHEME institution_finder rollup_findings"
    " unknown_institutions",
    "core.usage_membership": "membership_months usage_measures",
    "core.usage_sums": "Covered UsageSum UsageTotal",
    "core.usage_totals": "MemberOf UsageTally",
    "core.what_if": "Adopt Drop ExchangeChange Join Leave MemberChange Position PriceChange Quoted"
    " SponsorChange Supposition WhatIf saving_of what_if",
    "crosswalk_parts": "identifiers_in is_link serials_in standard_identifier text_of xml_root",
    "exact_texts": "exact_number polynomial",
    "explanations": "explain_share limits_in_words say split_table",
    "game_file": "read_claims read_game read_shares",
    "game_steps": "LEAST_CORE NUCLEOLUS PER_CAPITA_NUCLEOLUS PRENUCLEOLUS PROPORTIONAL_LEAST_CORE"
    " PROPORTIONAL_NUCLEOLUS WEAK_LEAST_CORE Centre solve_aca solve_centre solve_ensc solve_equal"
    " solve_owen solve_proportional solve_scrb solve_serial solve_shapley solve_shapley_shubik"
    " solve_tau solve_weighted_shapley",
    "harvest_steps": "HarvestOutcome HarvestProgress HarvestWatch Missing compare_source"
    " harvest_all harvest_source",
    "hookspecs": "hookimpl",
    "http": "Answer GuardedSession HttpRules open_session",
    "match_training": "trained",
    "http.secrets": "secret",
    "load_steps": "read_files",
    "member_table": "MemberTable read_members",
    "messages": "LANGUAGES LOCALE_FOLDER language_of translator",
    "number_texts": "format_formula format_money format_number format_percent",
    "policy_file": "check_policy read_policy",
    "reading_steps": "EncodingReport ReadingRules ReadingTally UnmappedField guess_encodings"
    " read_mapping read_record read_records reading_rules repaired tally unmapped_fields",
    "record_files": "RECORD_FORMATS record_row write_records",
    "registry": "PluginStatus Registry",
    "report_files": "write_report",
    "settings": "AboutSettings BillSettings Settings read_settings",
    "split_documents": "paid_in split_document split_from",
    "split_steps": "divided split split_request",
    "store": "Checkpoint HarvestCounts HarvestRun Load RecordCount RunStatus Store StoredSplit",
    "tables": "FileLimits read_cells read_tables text_encoding write_csv write_csv_for_excel",
    "tariff_tables": "tariff_price",
    "title_files": "read_titles",
    "toml_file": "LineOf field_path read_toml",
    "usage_steps": "FileRead UsageRead UsageRows read_title_list read_usage usage_events",
    "core.vocabulary": "Vocabulary levelled",
    "core.readings": "Figure Period Reading",
    "core.report_findings": "Finding",
    "core.reconciliation": "reconcile",
    "report_reading": "read_report read_report_file",
    "amount_words": "amount_in_words",
    "year_documents": "comparison_document glide_document statement_document statements_document"
    " what_if_document",
    "years": "Supposed approve compare_policies half_way keep_facts office_year policy_names"
    " position"
    " savings_of subject_of suppose walk_down with_rise",
    "payment_files": "ExpectedFile read_bank_lines read_expected",
    "core.dues": "ClassSummary Due DueState DuesState Payer Receipt dues_summary expected_dues"
    " settled_dues",
    "core.payments": "BankLine ExpectedPayment PaymentMatch PaymentStatus match_payments",
    "core.ledger": "Entry Ledger Posting aging moved",
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names.split()}

__all__ = sorted(_HOME_OF)  # noqa: PLE0605 - kept in one place; a test compares it with the imports


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
