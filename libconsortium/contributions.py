"""What a plugin gives: one frozen record per thing, chosen by its name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, BinaryIO

import attrs

from libconsortium.core.catalogue.clusters import Level
from libconsortium.core.catalogue.matching import Evidence, MatchFields
from libconsortium.core.catalogue.records import BibRecord, RawRecord
from libconsortium.core.catalogue.repairs import LegacyEvidence, RepairedText
from libconsortium.core.games.games import Game, Solved
from libconsortium.core.harvest.endpoints import ChooseFormats, EndpointFacts, EndpointIdentity
from libconsortium.core.harvest.pages import HarvestPage, HarvestRequest
from libconsortium.core.harvest.sources import SourceDescription
from libconsortium.core.messages import Message
from libconsortium.core.money import Money
from libconsortium.core.reconciliation.vocabulary import Vocabulary
from libconsortium.core.sharing.costs import CostGame, ExactShare
from libconsortium.core.titles.titles import TitleEvent
from libconsortium.core.usage.rows import UsageEvent
from libconsortium.engine import Engine
from libconsortium.search_index import SearchIndex
from libconsortium.store import Store

if TYPE_CHECKING:
    import click

    from libconsortium.http.session import GuardedSession


@attrs.frozen(kw_only=True)
class Contribution:
    """What every contribution has.

    Args:
        name: The name it is chosen by, in kebab-case, unique among its kind.
        summary: One sentence for lists and help.
        version: Raised whenever the same input gives something else than before: what was kept
            from it is then made again. Only what reads, repairs or joins records needs it.
    """

    name: str
    summary: str = ""
    version: str = "1"


@attrs.frozen(kw_only=True)
class Harvester(Contribution):
    """Fetches records from a source, page by page.

    Args:
        harvest: Yields the pages of one list in order; each page is complete evidence of one
            response and carries the token to go on with. A page it had to refuse comes without
            records and with the token it was asked for, before the error is raised.
        describe: Asks a source about itself, or ``None`` if the harvester cannot.
        identify: Asks an address whether an endpoint is there and lets it introduce itself, over a
            session that is open; raises ``HarvestError`` if none is. ``None`` if the harvester has
            no endpoints.
        examine: Looks closely at an endpoint that introduced itself: its formats, its sets, and the
            first records of the formats that the function given chooses.
    """

    harvest: Callable[[HarvestRequest], Iterator[HarvestPage]]
    describe: Callable[[HarvestRequest], SourceDescription] | None = None
    identify: Callable[[GuardedSession, str], EndpointIdentity] | None = None
    examine: Callable[[GuardedSession, EndpointIdentity, ChooseFormats], EndpointFacts] | None = (
        None
    )


@attrs.frozen(kw_only=True)
class Crosswalk(Contribution):
    """Reads one metadata format into the record model.

    Args:
        namespaces: XML namespaces it reads; a record is given to the crosswalk of its namespace,
            whatever the source calls the prefix.
        read: Reads one live record; what is wrong with the data goes into the record's problems.
        formats: Formats it reads that have no namespace (``iso2709``), and prefixes under which
            records come that lost theirs (``marcxml``).
        fields: Gives name and text of every field of a record, those it does not read too; the
            names are those of ``BibRecord.unmapped``. ``None`` if it cannot: no mapping table
            works then.
    """

    namespaces: tuple[str, ...]
    read: Callable[[RawRecord], BibRecord]
    formats: tuple[str, ...] = ()
    fields: Callable[[RawRecord], Iterable[tuple[str, str]]] | None = None


@attrs.frozen(kw_only=True)
class TextRepair(Contribution):
    """Repairs one kind of damage in the texts of a record; the stored record stays as it came.

    Args:
        repair: Gives the text repaired, or as it was; what is lost is said, never guessed.
        concerns: Says quickly whether a text might need it; asked of all texts of a record at
            once, one a line.
        stage: Repairs are made from the lowest stage to the highest, whatever order a source
            names them in: 10 characters, 20 wrong decoding, 30 old encodings, 40 Unicode forms,
            50 letters, 60 spelling.
        is_safe: It never changes a sound text in any language, so that it need not be asked for.
        evidence: Says how well a text fits the old encoding that this repair converts from;
            ``None`` if it converts from none.
    """

    repair: Callable[[str], RepairedText]
    concerns: Callable[[str], bool]
    stage: int
    is_safe: bool = False
    evidence: Callable[[str], LegacyEvidence] | None = None


@attrs.frozen(kw_only=True)
class IdentifierScheme(Contribution):
    """Knows one kind of identifier.

    Args:
        normalise: Gives the normal form of a value, or ``None`` if it is not valid.
        refuses: Gives the reason why a value must not be stored at all, whether valid or not, or
            ``None`` if it may be; the reason never repeats the value.
    """

    normalise: Callable[[str], str | None]
    refuses: Callable[[str], Message | None] | None = None


@attrs.frozen(kw_only=True)
class MatchRule(Contribution):
    """Finds records of one publication in two stages.

    Args:
        keys: Gives the keys under which a record meets its candidates.
        compare: Says how alike two candidates are, with reasons; a veto forbids a merge.
        level: What it brings together: publications, or works with all their publications.
        features: Gives what two records have in common by name, to learn from; ``None`` if the
            rule cannot learn.
        weights: How much each thing in common counts, in natural logarithms of odds.
        weighed: Makes the same rule with other weights; ``None`` if it cannot learn.
        compare_many: Says the same as ``compare`` of many pairs at once, in their order, where
            that is quicker; ``None`` if it is not.
        may_reach: Says at a glance whether the score of two candidates may be a threshold or more;
            where it says no they are not compared. ``None`` if all have to be.
    """

    keys: Callable[[MatchFields], tuple[str, ...]]
    compare: Callable[[MatchFields, MatchFields], Evidence]
    level: Level = Level.MANIFESTATION
    features: Callable[[MatchFields, MatchFields], Mapping[str, float]] | None = None
    weights: Mapping[str, float] = attrs.field(factory=dict)
    weighed: Callable[[Mapping[str, float]], MatchRule] | None = None
    compare_many: (
        Callable[[Sequence[tuple[MatchFields, MatchFields]]], Iterable[Evidence]] | None
    ) = None
    may_reach: Callable[[MatchFields, MatchFields, float], bool] | None = None


@attrs.frozen(kw_only=True)
class CostModel(Contribution):
    """Divides an amount over members, exactly.

    Args:
        divide: Gives every member of the game its exact part; the parts add up to the amount.
        axioms: Laws the model promises to keep (``symmetry``, ``scale``, ``monotonicity``…);
            the conformance kit tests each.
        source: Where the rule comes from: a paper, a consortium's published formula.
        check: Says what is wrong with the parameters of a policy, before there is any bill;
            ``None`` if the model takes none.
    """

    divide: Callable[[CostGame], Mapping[str, ExactShare]]
    axioms: frozenset[str] = frozenset()
    source: str = ""
    check: Callable[[Mapping[str, object]], Iterable[Message]] | None = None


@attrs.frozen(kw_only=True)
class GameSolution(Contribution):
    """Shares what a coalition of all costs, or is worth, looking at every coalition.

    Args:
        solve: Gives every player its share with a label that says how sure it is; no shares, and a
            note, where the solution does not exist for a game.
        axioms: Laws the solution promises to keep (``efficiency``, ``null-player``…).
        source: Where it comes from.
    """

    solve: Callable[[Game], Solved]
    axioms: frozenset[str] = frozenset()
    source: str = ""


@attrs.frozen(kw_only=True)
class ClaimsRule(Contribution):
    """Divides an estate (a subsidy) among claims that exceed it.

    Args:
        divide: Estate and claims in, awards out; awards add up to the estate and none is above
            its claim or below zero.
        axioms: Laws the rule promises to keep.
        source: Where the rule comes from.
    """

    divide: Callable[[Fraction, Mapping[str, Fraction]], Mapping[str, Fraction]]
    axioms: frozenset[str] = frozenset()
    source: str = ""


@attrs.frozen(kw_only=True)
class Snapshot:
    """What a report is made of: read-only, complete, and the same whoever reads it.

    Args:
        kind: What is reported: ``split``, ``overlap``, ``summary``…
        title: Heading of the report.
        language: ``vi`` or ``en``.
        data: The records to report, by name.
    """

    kind: str
    title: str
    language: str = "en"
    data: Mapping[str, Any] = attrs.field(
        factory=dict
    )  # any kind of record, read by the report of that kind


@attrs.frozen(kw_only=True)
class Report(Contribution):
    """Writes a snapshot as a file.

    Args:
        kinds: The kinds of snapshot it can write.
        media_type: Media type of what it writes.
        suffix: File name ending with its dot.
        write: Writes the snapshot; the same snapshot gives the same bytes.
    """

    kinds: frozenset[str]
    media_type: str
    suffix: str
    write: Callable[[Snapshot, BinaryIO], None]


@attrs.frozen(kw_only=True)
class StoreBackend(Contribution):
    """Opens a store.

    Args:
        schemes: URL schemes it opens (``sqlite``, ``postgresql``).
        open: Opens, and if need be makes or upgrades, the store at a URL.
    """

    schemes: tuple[str, ...]
    open: Callable[[str], Store]


@attrs.frozen(kw_only=True)
class CatalogueEngine(Contribution):
    """Starts an engine for the union catalogue.

    Args:
        start: Starts an engine; every engine gives the same rows for the same text.
    """

    start: Callable[[], Engine]


@attrs.frozen(kw_only=True)
class SearchBackend(Contribution):
    """Opens a search index.

    Args:
        schemes: URL schemes it opens (``sqlite``, ``postgresql``, ``tantivy``).
        open: Opens, and if need be makes, the index at a URL.
        usual: The address to open if only the backend is named; a relative path starts at the
            settings' folder. Empty if the index lies in the store.
    """

    schemes: tuple[str, ...]
    open: Callable[[str], SearchIndex]
    usual: str = ""


@attrs.frozen(kw_only=True)
class Command(Contribution):
    """Adds a command to the command line.

    Args:
        load: Gives the click command; called when the command or its help is asked for.
    """

    load: Callable[[], click.Command]


@attrs.frozen(kw_only=True)
class UsageLoader(Contribution):
    """Reads reports of usage, in whatever form suppliers give them.

    Args:
        recognises: Says from the beginning of a file (up to 64 KiB) whether this loader reads it.
            A file that several recognise is read by the first, in the order of their names.
        read: Yields a report's header, then its rows, and problems wherever they are met; given
            the file's name for messages, and the file, which can be read more than once. A
            report that cannot be used at all is refused with ``FileRefusedError``.
    """

    recognises: Callable[[bytes], bool]
    read: Callable[[str, BinaryIO], Iterator[UsageEvent]]


@attrs.frozen(kw_only=True)
class TitleListLoader(Contribution):
    """Reads lists of the titles that a supplier or a package offers.

    Args:
        recognises: Says from the beginning of a file (up to 64 KiB) whether this loader reads it.
        read: Yields the titles, and problems wherever they are met; given the file's name for
            messages, and the file, which can be read more than once. A list that cannot be used
            at all is refused with ``FileRefusedError``.
    """

    recognises: Callable[[bytes], bool]
    read: Callable[[str, BinaryIO], Iterator[TitleEvent]]


@attrs.frozen(kw_only=True)
class Preset(Contribution):
    """Data to start a consortium with.

    Args:
        read: Gives the facts as TOML text in the form ``libconsortium load`` reads.
    """

    read: Callable[[], str]


@attrs.frozen(kw_only=True)
class Gazetteer(Contribution):
    """Gives a table of places: which provinces there are and were, and how they are written.

    Args:
        read: Gives the table as TOML text in the form of ``PlaceTable``.
    """

    read: Callable[[], str]


@attrs.frozen(kw_only=True)
class Language(Contribution):
    """Knows how figures are read and written in a language; its name is the language's code.

    Args:
        vocabulary: Gives the words by which reports are read; called often, so it keeps them.
        in_words: Writes an amount in words; its second argument chooses between spellings of
            the language by name (``{"thousand": "ngàn"}``), empty for the usual ones.
        from_words: Reads a whole number written in words, the unit after it left out; ``None``
            if it is none.
    """

    vocabulary: Callable[[], Vocabulary]
    in_words: Callable[[Money, Mapping[str, str]], str]
    from_words: Callable[[str], int | None]
