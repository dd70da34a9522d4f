"""libconsortium: a library federation runs itself.

Everything public is imported from here: ``from libconsortium import Money, split``. A name is
loaded when it is first used, so importing the package loads neither requests nor lxml, sickle,
SQLAlchemy or DuckDB.
"""

from __future__ import annotations

from importlib import import_module

TYPE_CHECKING = False  # without the import of typing, which would be half of the time this takes

if TYPE_CHECKING:
    from libconsortium.catalogue_steps.build import (
        BLOCK_CAP,
        LIKELY_SCORE,
        MERGE_SCORE,
        catalogue_engine,
        cluster,
        overlap,
        weighed_rule,
    )
    from libconsortium.catalogue_steps.doubts import DoubtfulPair, doubtful_pairs
    from libconsortium.catalogue_steps.many import ManyClusters, cluster_many
    from libconsortium.catalogue_steps.places import place_finder, places_of, read_places
    from libconsortium.catalogue_steps.processes import (
        PROCESSES,
        as_job,
        process_count,
        say_back,
        start_worker,
        worker_pipes,
    )
    from libconsortium.catalogue_steps.search import (
        IndexOutcome,
        ask_index,
        open_search_index,
        update_index,
    )
    from libconsortium.catalogue_steps.training import (
        ENOUGH_DECISIONS,
        Judged,
        Lesson,
        lesson,
        read_weights,
        trained,
        weights_text,
    )
    from libconsortium.catalogue_steps.union import union_records
    from libconsortium.catalogue_steps.update import (
        CatalogueFolder,
        CatalogueOutcome,
        Gathered,
        Joining,
        gather,
        update_catalogue,
    )
    from libconsortium.consortium.account_book import (
        book_of,
        enter_payments,
        issue_statements,
        match_bank_lines,
        turn_round,
    )
    from libconsortium.consortium.clusters import (
        cluster_of,
        described,
        known_records,
        largest_clusters,
    )
    from libconsortium.consortium.consortium import Consortium, Preview
    from libconsortium.consortium.kept_catalogue import KeptCatalogue
    from libconsortium.consortium.review import (
        decide,
        decisions_of,
        doubts,
        learn,
        take_back,
        take_in,
    )
    from libconsortium.consortium.search import (
        file_search_index,
        open_search,
        search_catalogue,
        update_search,
    )
    from libconsortium.consortium.snapshots import snapshot_of
    from libconsortium.consortium.supposing import (
        Supposed,
        compare_policies,
        half_way,
        policy_names,
        position,
        savings_of,
        suppose,
        walk_down,
        with_rise,
    )
    from libconsortium.consortium.titles import PaidFor, overlap_of_files, overlap_of_lists
    from libconsortium.consortium.years import approve, office_year, subject_of
    from libconsortium.contributions import (
        CatalogueEngine,
        ClaimsRule,
        Command,
        Contribution,
        CostModel,
        Crosswalk,
        GameSolution,
        Gazetteer,
        Harvester,
        IdentifierScheme,
        Language,
        MatchRule,
        Preset,
        Report,
        SearchBackend,
        Snapshot,
        StoreBackend,
        TextRepair,
        TitleListLoader,
        UsageLoader,
    )
    from libconsortium.core.buying.agreements import Agreement
    from libconsortium.core.buying.landed_cost import (
        Contract,
        FxRate,
        LandedCost,
        TaxProfile,
        landed_cost,
    )
    from libconsortium.core.buying.offers import (
        Basis,
        Offer,
        OfferPackage,
        OfferTier,
        Pricing,
        StandaloneQuote,
        TierKind,
    )
    from libconsortium.core.buying.own_price import OwnPrice, PresentMembers, own_price
    from libconsortium.core.buying.purchases import standalone_quote, takers_of, tariff_of
    from libconsortium.core.buying.resources import Resource
    from libconsortium.core.buying.savings import Saving, saving
    from libconsortium.core.buying.scales import Scale
    from libconsortium.core.buying.subscriptions import Choice, Participation, Subscription
    from libconsortium.core.buying.tariffs import Taker, Tariff, offer_price
    from libconsortium.core.catalogue.best_fields import union_record
    from libconsortium.core.catalogue.clusters import Cluster, Decision, Level, Link, Verdict
    from libconsortium.core.catalogue.decisions import (
        decision_said,
        different_pairs,
        in_force,
        same_pairs,
    )
    from libconsortium.core.catalogue.holdings import Holding
    from libconsortium.core.catalogue.learning import START, Example, learned, score
    from libconsortium.core.catalogue.mappings import FieldMapping, FieldRule
    from libconsortium.core.catalogue.matching import (
        Evidence,
        MatchFields,
        match_fields,
        record_key,
    )
    from libconsortium.core.catalogue.names import COMMON_WORDS
    from libconsortium.core.catalogue.numbering import number_of
    from libconsortium.core.catalogue.reasons import reason, reason_said
    from libconsortium.core.catalogue.record_checks import latest_year, with_checks
    from libconsortium.core.catalogue.records import (
        BibRecord,
        DeletionCause,
        RawRecord,
        RecordIdentifier,
        is_same_content,
        year_in,
    )
    from libconsortium.core.catalogue.repairs import LegacyEvidence, RepairedText
    from libconsortium.core.catalogue.segments import (
        CatalogueRun,
        CatalogueUpdate,
        ClusterChanges,
        ClusterEnd,
        NamedRecord,
        Segment,
        StoredRecord,
    )
    from libconsortium.core.catalogue.sharing_policies import (
        Audience,
        SharingLevel,
        SharingPolicy,
        policy_towards,
        shared,
    )
    from libconsortium.core.catalogue.tcvn3 import TCVN3_LETTERS
    from libconsortium.core.catalogue.union import Overlap, UnionCatalogue, overlap_rows
    from libconsortium.core.catalogue.union_records import (
        UNION_FIELDS,
        Alternative,
        HeldBy,
        Preference,
        Sourced,
        UnionRecord,
    )
    from libconsortium.core.directory.belonging import Belonging
    from libconsortium.core.directory.changes import Change, ChangeKind, Load, changes, counted
    from libconsortium.core.directory.directory import Directory
    from libconsortium.core.directory.facts import (
        FACT_KINDS,
        Fact,
        FactKind,
        from_row,
        key_of,
        kind_of,
        to_row,
    )
    from libconsortium.core.directory.federations import (
        Federation,
        FederationKind,
        MemberClass,
        Membership,
    )
    from libconsortium.core.directory.findings import findings
    from libconsortium.core.directory.identifier_checks import identifier_problems
    from libconsortium.core.directory.identifiers import Identifier
    from libconsortium.core.directory.measures import Measure
    from libconsortium.core.directory.members import Library, LibraryKind, Name, NameKind
    from libconsortium.core.directory.mergers import Succeeded, succeed
    from libconsortium.core.directory.quantities import Qualifier, Quantity, decimal_text
    from libconsortium.core.directory.successions import Succession, SuccessionKind
    from libconsortium.core.directory.terms import Office, Term
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
    from libconsortium.core.games.composed_games import AtLeast, Part, Sum
    from libconsortium.core.games.games import (
        Game,
        GameShare,
        Label,
        Listed,
        Polynomial,
        Price,
        Solved,
    )
    from libconsortium.core.games.stability import (
        Overcharge,
        Stability,
        between,
        least_core,
        stability,
    )
    from libconsortium.core.games.structured_games import (
        Additive,
        ByCount,
        ByWeight,
        CountDiscount,
        Maximum,
        Packages,
        Tree,
    )
    from libconsortium.core.games.tariff_games import tariff_game
    from libconsortium.core.harvest.certificates import Certificate, TlsFacts
    from libconsortium.core.harvest.endpoints import (
        AskedPage,
        ChooseFormats,
        EndpointFacts,
        EndpointIdentity,
        FormatSample,
    )
    from libconsortium.core.harvest.identity_findings import clock_difference
    from libconsortium.core.harvest.links import LinkCause, LinkCheck, LinkState, Site, link_counts
    from libconsortium.core.harvest.list_findings import HarvestForecast, forecast
    from libconsortium.core.harvest.pages import (
        Compaction,
        HarvestPage,
        HarvestRequest,
        Quarantined,
    )
    from libconsortium.core.harvest.proof import ListEvidence
    from libconsortium.core.harvest.repairs import (
        Repair,
        Repaired,
        bytes_shown,
        declared_prefixes,
        repair_problem,
        repaired_characters,
        repaired_prefixes,
    )
    from libconsortium.core.harvest.runs import (
        Checkpoint,
        HarvestCounts,
        HarvestRun,
        RecordCount,
        RunStatus,
    )
    from libconsortium.core.harvest.sample_quality import SampleQuality, field_word
    from libconsortium.core.harvest.sources import (
        HarvestSource,
        SourceDescription,
        address_source,
        is_day_form,
        is_same_place,
        moment_of,
        watermark_after,
        without_secret,
    )
    from libconsortium.core.messages import Message
    from libconsortium.core.money import MINOR_DIGITS, Money, exact, minor_digits, total
    from libconsortium.core.office.adjustments import (
        Adjustment,
        AdjustmentKind,
        Resolution,
        appeal,
        check_balance,
    )
    from libconsortium.core.office.approvals import Approval, Phase, check_four_eyes, check_open
    from libconsortium.core.office.bookkeeping import (
        awaited_by,
        charge_entries,
        charged_so_far,
        not_entered,
        open_dues,
        payer_account,
        payment_entries,
    )
    from libconsortium.core.office.dues import (
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
    from libconsortium.core.office.instalments import DueDate, Instalment, instalments
    from libconsortium.core.office.ledger import (
        Entry,
        Ledger,
        LedgerLine,
        Posting,
        aging,
        ledger_lines,
        moved,
    )
    from libconsortium.core.office.office_year import OfficeYear
    from libconsortium.core.office.payment_references import reference_of
    from libconsortium.core.office.payments import (
        BankLine,
        ExpectedPayment,
        PaymentMatch,
        PaymentStatus,
        match_payments,
    )
    from libconsortium.core.office.statement_lines import costs_of, lines_of
    from libconsortium.core.office.statements import (
        LineKind,
        Statement,
        StatementLine,
        StatementSet,
    )
    from libconsortium.core.office.stating import PaymentTerms, adjusted, settled, statements
    from libconsortium.core.places.place_finding import PlaceFinder
    from libconsortium.core.places.places import (
        Doubt,
        FormerProvince,
        PlaceDoubt,
        PlaceRule,
        Places,
        PlaceTable,
        PlaceTag,
        ProvinceName,
    )
    from libconsortium.core.problems import Place, Problem, Severity
    from libconsortium.core.reconciliation.periods import Period
    from libconsortium.core.reconciliation.readings import Figure, Reading
    from libconsortium.core.reconciliation.reconciling import reconcile
    from libconsortium.core.reconciliation.report_findings import Finding
    from libconsortium.core.reconciliation.vocabulary import Vocabulary, levelled
    from libconsortium.core.search.documents import (
        SEARCH_FORM,
        SearchDocument,
        search_document,
        union_row,
    )
    from libconsortium.core.search.pages import (
        MOST_HITS,
        Hit,
        SearchPage,
        SearchRequest,
        highlights,
    )
    from libconsortium.core.search.plans import (
        AllOf,
        AnyOf,
        FoundDocument,
        SearchAnswer,
        SearchCondition,
        SearchOrder,
        SearchPlan,
        TokenRun,
        facet_value,
        plan_of,
    )
    from libconsortium.core.search.queries import (
        SEARCH_FACETS,
        QueryTerm,
        SearchQuery,
        parse_query,
    )
    from libconsortium.core.search.tokens import SearchStream
    from libconsortium.core.sharing.bands import Band
    from libconsortium.core.sharing.costs import CostGame, ExactShare, Proportions, Step, written
    from libconsortium.core.sharing.drivers import DriverRule
    from libconsortium.core.sharing.fees import FeeRule
    from libconsortium.core.sharing.figure_checks import figure_problems
    from libconsortium.core.sharing.figures import figures_of
    from libconsortium.core.sharing.limits import Limit, clamped
    from libconsortium.core.sharing.mid_year import BillingPeriod, MidYear, ProRata, day_after
    from libconsortium.core.sharing.mixes import Inside, MixTerm, StrataRule
    from libconsortium.core.sharing.policies import LimitRule, Policy, RoundingRule, SponsorRule
    from libconsortium.core.sharing.policy_sentences import policy_sentences
    from libconsortium.core.sharing.policy_values import Rate
    from libconsortium.core.sharing.remedies import Remedy
    from libconsortium.core.sharing.roll_ups import LevelSum, roll_up, rounded_down_the_levels
    from libconsortium.core.sharing.splits import Bill, Share, Split, SplitRequest, StoredSplit
    from libconsortium.core.sharing.true_up import TrueUp, true_up
    from libconsortium.core.supposing.comparisons import Comparison, PolicyOutcome, compare
    from libconsortium.core.supposing.glide import Glide, GlideStep, GlideYear, glide
    from libconsortium.core.supposing.inequality import gini
    from libconsortium.core.supposing.positions import Position, Quoted
    from libconsortium.core.supposing.suppositions import (
        Adopt,
        Drop,
        ExchangeChange,
        Join,
        Leave,
        PriceChange,
        SponsorChange,
        Supposition,
    )
    from libconsortium.core.supposing.what_if import MemberChange, WhatIf, saving_of, what_if
    from libconsortium.core.text import (
        fold,
        folded,
        has_diacritics,
        on_one_line,
        spelling,
        vietnamese_sort_key,
    )
    from libconsortium.core.titles.title_lists import (
        JointCover,
        ListFigures,
        MemberTitles,
        PaidTitle,
        TitleList,
        TitleOverlap,
        TitleUse,
    )
    from libconsortium.core.titles.title_overlap import title_measures, title_overlap
    from libconsortium.core.titles.titles import (
        Coverage,
        Embargo,
        PublicationType,
        TitleEvent,
        TitleRow,
        embargo_of,
        span_of,
    )
    from libconsortium.core.usage.gaps import UsageScope
    from libconsortium.core.usage.institutions import (
        CUSTOMER_SCHEME,
        institution_finder,
        rollup_findings,
        unknown_institutions,
    )
    from libconsortium.core.usage.membership import membership_months, usage_measures
    from libconsortium.core.usage.rows import (
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
    from libconsortium.core.usage.sums import Covered, UsageSum, UsageTotal
    from libconsortium.core.usage.totals import MemberOf, UsageTally
    from libconsortium.documents.explanations import (
        explain_share,
        limits_in_words,
        say,
        split_table,
    )
    from libconsortium.documents.number_texts import (
        format_formula,
        format_money,
        format_number,
        format_percent,
    )
    from libconsortium.documents.split_documents import (
        levels_document,
        paid_in,
        split_document,
        split_from,
    )
    from libconsortium.documents.year_documents import (
        comparison_document,
        glide_document,
        statement_document,
        statements_document,
        what_if_document,
    )
    from libconsortium.endpoint_steps import (
        Examination,
        LinkWatch,
        Software,
        check_sites,
        examine_site,
        link_row,
        read_links,
        read_sites,
        save_authorities,
        site_address,
        write_links,
    )
    from libconsortium.engine import Engine
    from libconsortium.files.crosswalk_parts import (
        FlatRoot,
        Levels,
        attributes_in,
        flat_record,
        identifiers_in,
        is_link,
        levelled_record,
        serials_in,
        standard_identifier,
        text_of,
        xml_root,
    )
    from libconsortium.files.exact_texts import exact_number, polynomial
    from libconsortium.files.game_file import read_claims, read_game, read_shares
    from libconsortium.files.member_table import MemberTable, read_members
    from libconsortium.files.payment_files import ExpectedFile, read_bank_lines, read_expected
    from libconsortium.files.record_files import (
        RECORD_FORMATS,
        OutRecord,
        record_of_row,
        record_row,
        row_of_cells,
        union_out,
        write_records,
    )
    from libconsortium.files.tables import (
        FileLimits,
        Row,
        read_cells,
        read_tables,
        text_encoding,
        write_csv,
        write_csv_for_excel,
    )
    from libconsortium.files.tables.json_objects import json_cell, listed_objects
    from libconsortium.files.tariff_tables import tariff_price
    from libconsortium.files.toml_file import LineOf, field_path, read_toml
    from libconsortium.files.whole_files import whole_file, whole_text
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
        compare_due,
        compare_source,
        harvest_all,
        harvest_source,
        missing_scope,
        plan_harvest,
        update_source,
    )
    from libconsortium.hookspecs import hookimpl
    from libconsortium.http import Answer, GuardedSession, HttpRules, open_session
    from libconsortium.http.secrets import secret
    from libconsortium.load_steps.facts import read_files
    from libconsortium.load_steps.report_reading import read_report, read_report_file
    from libconsortium.load_steps.title_files import each_title, read_titles
    from libconsortium.load_steps.usage import (
        FileRead,
        UsageRead,
        UsageRows,
        read_title_list,
        read_usage,
        usage_events,
    )
    from libconsortium.messages import LANGUAGES, LOCALE_FOLDER, language_of, translator
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
    from libconsortium.registry import PluginStatus, Registry
    from libconsortium.search_index import SearchIndex
    from libconsortium.settings import (
        AboutSettings,
        BillSettings,
        CatalogueSettings,
        Settings,
        TitleListSettings,
        read_settings,
    )
    from libconsortium.split_steps.amount_words import amount_in_words
    from libconsortium.split_steps.dividing import divided, split, split_request
    from libconsortium.split_steps.policy_file import check_policy, read_policy
    from libconsortium.split_steps.report_files import write_report
    from libconsortium.store import Store

__version__ = "0.1.0"

_HOMES = {
    "catalogue_steps.build": "BLOCK_CAP LIKELY_SCORE MERGE_SCORE catalogue_engine cluster overlap"
    " weighed_rule",
    "catalogue_steps.doubts": "DoubtfulPair doubtful_pairs",
    "catalogue_steps.many": "ManyClusters cluster_many",
    "catalogue_steps.places": "place_finder places_of read_places",
    "catalogue_steps.processes": "PROCESSES as_job process_count say_back start_worker"
    " worker_pipes",
    "catalogue_steps.search": "IndexOutcome ask_index open_search_index update_index",
    "catalogue_steps.training": "ENOUGH_DECISIONS Judged Lesson lesson read_weights trained"
    " weights_text",
    "catalogue_steps.union": "union_records",
    "catalogue_steps.update": "CatalogueFolder CatalogueOutcome Gathered Joining gather"
    " update_catalogue",
    "consortium.account_book": "book_of enter_payments issue_statements match_bank_lines"
    " turn_round",
    "consortium.clusters": "cluster_of described known_records largest_clusters",
    "consortium.consortium": "Consortium Preview",
    "consortium.kept_catalogue": "KeptCatalogue",
    "consortium.review": "decide decisions_of doubts learn take_back take_in",
    "consortium.search": "file_search_index open_search search_catalogue update_search",
    "consortium.snapshots": "snapshot_of",
    "consortium.supposing": "Supposed compare_policies half_way policy_names position savings_of"
    " suppose walk_down with_rise",
    "consortium.titles": "PaidFor overlap_of_files overlap_of_lists",
    "consortium.years": "approve office_year subject_of",
    "contributions": "CatalogueEngine ClaimsRule Command Contribution CostModel Crosswalk"
    " GameSolution Gazetteer Harvester IdentifierScheme Language MatchRule Preset Report"
    " SearchBackend Snapshot StoreBackend TextRepair TitleListLoader UsageLoader",
    "core.buying.agreements": "Agreement",
    "core.buying.landed_cost": "Contract FxRate LandedCost TaxProfile landed_cost",
    "core.buying.offers": "Basis Offer OfferPackage OfferTier Pricing StandaloneQuote TierKind",
    "core.buying.own_price": "OwnPrice PresentMembers own_price",
    "core.buying.purchases": "standalone_quote takers_of tariff_of",
    "core.buying.resources": "Resource",
    "core.buying.savings": "Saving saving",
    "core.buying.scales": "Scale",
    "core.buying.subscriptions": "Choice Participation Subscription",
    "core.buying.tariffs": "Taker Tariff offer_price",
    "core.catalogue.best_fields": "union_record",
    "core.catalogue.clusters": "Cluster Decision Level Link Verdict",
    "core.catalogue.decisions": "decision_said different_pairs in_force same_pairs",
    "core.catalogue.holdings": "Holding",
    "core.catalogue.learning": "Example START learned score",
    "core.catalogue.mappings": "FieldMapping FieldRule",
    "core.catalogue.matching": "Evidence MatchFields match_fields record_key",
    "core.catalogue.names": "COMMON_WORDS",
    "core.catalogue.numbering": "number_of",
    "core.catalogue.reasons": "reason reason_said",
    "core.catalogue.record_checks": "latest_year with_checks",
    "core.catalogue.records": "BibRecord DeletionCause RawRecord RecordIdentifier is_same_content"
    " year_in",
    "core.catalogue.repairs": "LegacyEvidence RepairedText",
    "core.catalogue.segments": "CatalogueRun CatalogueUpdate ClusterChanges ClusterEnd NamedRecord"
    " Segment StoredRecord",
    "core.catalogue.sharing_policies": "Audience SharingLevel SharingPolicy policy_towards shared",
    "core.catalogue.tcvn3": "TCVN3_LETTERS",
    "core.catalogue.union": "Overlap UnionCatalogue overlap_rows",
    "core.catalogue.union_records": "Alternative HeldBy Preference Sourced UNION_FIELDS"
    " UnionRecord",
    "core.directory.belonging": "Belonging",
    "core.directory.changes": "Change ChangeKind Load changes counted",
    "core.directory.directory": "Directory",
    "core.directory.facts": "FACT_KINDS Fact FactKind from_row key_of kind_of to_row",
    "core.directory.federations": "Federation FederationKind MemberClass Membership",
    "core.directory.findings": "findings",
    "core.directory.identifier_checks": "identifier_problems",
    "core.directory.identifiers": "Identifier",
    "core.directory.measures": "Measure",
    "core.directory.members": "Library LibraryKind Name NameKind",
    "core.directory.mergers": "Succeeded succeed",
    "core.directory.quantities": "Qualifier Quantity decimal_text",
    "core.directory.successions": "Succession SuccessionKind",
    "core.directory.terms": "Office Term",
    "core.errors": "AddressRefusedError CatalogueError ClosedYearError ConsortiumError"
    " CrosswalkError CurrencyMismatchError CycleError DeadlineError DuplicateNameError"
    " FileRefusedError HarvestDeferredError HarvestError HarvestStoppedError ImportFileError"
    " InfeasibleError MissingExtraError PageRefusedError PluginError QuantityError"
    " RequestRefusedError SettingsError SourceUnreachableError SplitError StoreError"
    " TokenRefusedError UnbalancedEntryError UnknownIdError UnknownNameError"
    " WrongContributionError",
    "core.games.composed_games": "AtLeast Part Sum",
    "core.games.games": "Game GameShare Label Listed Polynomial Price Solved",
    "core.games.stability": "Overcharge Stability between least_core stability",
    "core.games.structured_games": "Additive ByCount ByWeight CountDiscount Maximum Packages Tree",
    "core.games.tariff_games": "tariff_game",
    "core.harvest.certificates": "Certificate TlsFacts",
    "core.harvest.endpoints": "AskedPage ChooseFormats EndpointFacts EndpointIdentity FormatSample",
    "core.harvest.identity_findings": "clock_difference",
    "core.harvest.links": "LinkCause LinkCheck LinkState Site link_counts",
    "core.harvest.list_findings": "HarvestForecast forecast",
    "core.harvest.pages": "Compaction HarvestPage HarvestRequest Quarantined",
    "core.harvest.proof": "ListEvidence",
    "core.harvest.repairs": "Repair Repaired bytes_shown declared_prefixes repair_problem"
    " repaired_characters repaired_prefixes",
    "core.harvest.runs": "Checkpoint HarvestCounts HarvestRun RecordCount RunStatus",
    "core.harvest.sample_quality": "SampleQuality field_word",
    "core.harvest.sources": "HarvestSource SourceDescription is_day_form is_same_place moment_of"
    " watermark_after address_source without_secret",
    "core.messages": "Message",
    "core.money": "MINOR_DIGITS Money exact minor_digits total",
    "core.office.adjustments": "Adjustment AdjustmentKind Resolution appeal check_balance",
    "core.office.approvals": "Approval Phase check_four_eyes check_open",
    "core.office.bookkeeping": "awaited_by charge_entries charged_so_far not_entered open_dues"
    " payer_account payment_entries",
    "core.office.dues": "ClassSummary Due DueState DuesState Payer Receipt dues_summary"
    " expected_dues settled_dues",
    "core.office.instalments": "DueDate Instalment instalments",
    "core.office.ledger": "Entry Ledger LedgerLine Posting aging ledger_lines moved",
    "core.office.office_year": "OfficeYear",
    "core.office.payment_references": "reference_of",
    "core.office.payments": "BankLine ExpectedPayment PaymentMatch PaymentStatus match_payments",
    "core.office.statement_lines": "costs_of lines_of",
    "core.office.statements": "LineKind Statement StatementLine StatementSet",
    "core.office.stating": "PaymentTerms adjusted settled statements",
    "core.places.place_finding": "PlaceFinder",
    "core.places.places": "Doubt FormerProvince PlaceDoubt PlaceRule PlaceTable PlaceTag Places"
    " ProvinceName",
    "core.problems": "Place Problem Severity",
    "core.reconciliation.periods": "Period",
    "core.reconciliation.readings": "Figure Reading",
    "core.reconciliation.reconciling": "reconcile",
    "core.reconciliation.report_findings": "Finding",
    "core.reconciliation.vocabulary": "Vocabulary levelled",
    "core.search.documents": "SEARCH_FORM SearchDocument search_document union_row",
    "core.search.pages": "Hit MOST_HITS SearchPage SearchRequest highlights",
    "core.search.plans": "AllOf AnyOf FoundDocument SearchAnswer SearchCondition SearchOrder"
    " SearchPlan TokenRun facet_value plan_of",
    "core.search.queries": "QueryTerm SEARCH_FACETS SearchQuery parse_query",
    "core.search.tokens": "SearchStream",
    "core.sharing.bands": "Band",
    "core.sharing.costs": "CostGame ExactShare Proportions Step written",
    "core.sharing.drivers": "DriverRule",
    "core.sharing.fees": "FeeRule",
    "core.sharing.figure_checks": "figure_problems",
    "core.sharing.figures": "figures_of",
    "core.sharing.limits": "Limit clamped",
    "core.sharing.mid_year": "BillingPeriod MidYear ProRata day_after",
    "core.sharing.mixes": "Inside MixTerm StrataRule",
    "core.sharing.policies": "LimitRule Policy RoundingRule SponsorRule",
    "core.sharing.policy_sentences": "policy_sentences",
    "core.sharing.policy_values": "Rate",
    "core.sharing.remedies": "Remedy",
    "core.sharing.roll_ups": "LevelSum roll_up rounded_down_the_levels",
    "core.sharing.splits": "Bill Share Split SplitRequest StoredSplit",
    "core.sharing.true_up": "TrueUp true_up",
    "core.supposing.comparisons": "Comparison PolicyOutcome compare",
    "core.supposing.glide": "Glide GlideStep GlideYear glide",
    "core.supposing.inequality": "gini",
    "core.supposing.positions": "Position Quoted",
    "core.supposing.suppositions": "Adopt Drop ExchangeChange Join Leave PriceChange SponsorChange"
    " Supposition",
    "core.supposing.what_if": "MemberChange WhatIf saving_of what_if",
    "core.text": "fold folded has_diacritics on_one_line spelling vietnamese_sort_key",
    "core.titles.title_lists": "JointCover ListFigures MemberTitles PaidTitle TitleList"
    " TitleOverlap TitleUse",
    "core.titles.title_overlap": "title_measures title_overlap",
    "core.titles.titles": "Coverage Embargo PublicationType TitleEvent TitleRow embargo_of span_of",
    "core.usage.gaps": "UsageScope",
    "core.usage.institutions": "CUSTOMER_SCHEME institution_finder rollup_findings"
    " unknown_institutions",
    "core.usage.membership": "membership_months usage_measures",
    "core.usage.rows": "USAGE_FIELDS Institution Pairs UsageEvent UsageItem UsageReport UsageRow"
    " months_between sorted_pairs usage_fields",
    "core.usage.sums": "Covered UsageSum UsageTotal",
    "core.usage.totals": "MemberOf UsageTally",
    "documents.explanations": "explain_share limits_in_words say split_table",
    "documents.number_texts": "format_formula format_money format_number format_percent",
    "documents.split_documents": "levels_document paid_in split_document split_from",
    "documents.year_documents": "comparison_document glide_document statement_document"
    " statements_document what_if_document",
    "endpoint_steps": "Examination LinkWatch Software check_sites examine_site link_row read_links"
    " read_sites save_authorities site_address write_links",
    "engine": "Engine",
    "files.crosswalk_parts": "FlatRoot Levels attributes_in flat_record identifiers_in is_link"
    " levelled_record serials_in standard_identifier text_of xml_root",
    "files.exact_texts": "exact_number polynomial",
    "files.game_file": "read_claims read_game read_shares",
    "files.member_table": "MemberTable read_members",
    "files.payment_files": "ExpectedFile read_bank_lines read_expected",
    "files.record_files": "RECORD_FORMATS OutRecord record_of_row record_row row_of_cells"
    " union_out write_records",
    "files.tables": "FileLimits Row read_cells read_tables text_encoding write_csv"
    " write_csv_for_excel",
    "files.tables.json_objects": "json_cell listed_objects",
    "files.tariff_tables": "tariff_price",
    "files.toml_file": "LineOf field_path read_toml",
    "files.whole_files": "whole_file whole_text",
    "game_steps": "LEAST_CORE NUCLEOLUS PER_CAPITA_NUCLEOLUS PRENUCLEOLUS PROPORTIONAL_LEAST_CORE"
    " PROPORTIONAL_NUCLEOLUS WEAK_LEAST_CORE Centre solve_aca solve_centre solve_ensc solve_equal"
    " solve_owen solve_proportional solve_scrb solve_serial solve_shapley solve_shapley_shubik"
    " solve_tau solve_weighted_shapley",
    "harvest_steps": "HarvestOutcome HarvestProgress HarvestWatch Missing compare_due"
    " compare_source harvest_all harvest_source missing_scope plan_harvest update_source",
    "hookspecs": "hookimpl",
    "http": "Answer GuardedSession HttpRules open_session",
    "http.secrets": "secret",
    "load_steps.facts": "read_files",
    "load_steps.report_reading": "read_report read_report_file",
    "load_steps.title_files": "each_title read_titles",
    "load_steps.usage": "FileRead UsageRead UsageRows read_title_list read_usage usage_events",
    "messages": "LANGUAGES LOCALE_FOLDER language_of translator",
    "reading_steps": "EncodingReport ReadingRules ReadingTally UnmappedField guess_encodings"
    " read_mapping read_record read_records reading_rules repaired tally unmapped_fields",
    "registry": "PluginStatus Registry",
    "search_index": "SearchIndex",
    "settings": "AboutSettings BillSettings CatalogueSettings Settings TitleListSettings"
    " read_settings",
    "split_steps.amount_words": "amount_in_words",
    "split_steps.dividing": "divided split split_request",
    "split_steps.policy_file": "check_policy read_policy",
    "split_steps.report_files": "write_report",
    "store": "Store",
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
