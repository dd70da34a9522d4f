"""The steps of an update on an engine's tables: what changed, what it touches, joined anew."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import attrs

from libconsortium.catalogue_steps import maps, sql
from libconsortium.catalogue_steps.build import LOWEST_DOUBT
from libconsortium.catalogue_steps.tables import (
    block_problem,
    clusters_of,
    compare_pairs,
    join_up,
    rows,
    take_decisions,
)
from libconsortium.catalogue_steps.update import delta_sql
from libconsortium.catalogue_steps.update.current import CurrentRecords
from libconsortium.catalogue_steps.update.state import CatalogueState, decided
from libconsortium.contributions import MatchRule
from libconsortium.core.catalogue.clusters import Cluster, Decision
from libconsortium.core.problems import Problem
from libconsortium.engine import Engine

if TYPE_CHECKING:
    import pyarrow as pa

_NUMBER = (("nr", maps.NUMBER),)
_PLACED = (("old", maps.NUMBER), ("nr", maps.NUMBER))
_KEY = (("key", "string"),)
_KEY_PAIR = (("l", "string"), ("r", "string"))
_DIGESTS = (("nr", maps.NUMBER), ("digest", "int64"))


@attrs.frozen(kw_only=True)
class Comparing:
    """How records are compared.

    Args:
        rule: The match rule.
        threshold: Score from which two records are one publication.
        block_cap: Records that may share one key and still all be compared.
        clash: Score below which two records are not brought together by way of others either.
    """

    rule: MatchRule
    threshold: float
    block_cap: int
    clash: float


@attrs.frozen(kw_only=True)
class Change:
    """What is different now, beside the records themselves.

    Args:
        decisions: What cataloguers decided, as far as it counts.
        moved: Numbers of the records whose source belongs to another library now.
    """

    decisions: tuple[Decision, ...] = ()
    moved: Sequence[int] = ()


@attrs.frozen(kw_only=True)
class Joined:
    """What was joined anew.

    Args:
        clusters: The clusters of all records that the change touches, by their first record.
        touched: Keys of the records that were read again, compared again or decided about.
        gone: Keys of the records that are no longer there.
        problems: What was left uncompared, anywhere; of components that are too large, only those
            touched.
        records: What is left for the next run; see ``CatalogueState``, likewise ``keys`` and
            ``compared``.
        keys: Keys of the records by number.
        compared: The pairs that the rule joins.
        unsure: The pairs that it does not join, and that a cataloguer might.
    """

    clusters: tuple[Cluster, ...]
    touched: frozenset[str]
    gone: tuple[str, ...]
    problems: tuple[Problem, ...]
    records: pa.Table
    keys: pa.Table
    compared: pa.Table
    unsure: pa.Table


class Delta:
    """One update on one engine.

    Args:
        tables: The engine.
        current: The records that hold now.
        state: What the last run knew.
        comparing: How records are compared.
    """

    def __init__(
        self, tables: Engine, current: CurrentRecords, state: CatalogueState, comparing: Comparing
    ) -> None:
        """Hand the engine what was and what is."""
        self.tables, self.current, self.comparing = tables, current, comparing
        self.all_loaded = False
        self.all_paired = False
        self.decided_before = state.decisions
        tables.source("now_records", current.numbered())
        tables.source("was_records", state.records)
        tables.source("was_keys", state.keys)
        tables.source("was_compared", state.compared)
        tables.source("was_unsure", state.unsure)
        self._steps(delta_sql.ALIGN_STEPS)

    def joined(self, change: Change) -> Joined | None:
        """Compare what changed and join what it touches; ``None`` if nothing is different."""
        keys = self.current.keys()
        problems = self._decide(change, keys)
        self._compare()
        problems += self._big_blocks()
        gone = self._gone()
        self._reach(change.moved)
        reached = self.tables.arrow(delta_sql.REACHED).column("nr")
        seeds = self.tables.arrow(delta_sql.SEEDS).column("nr").to_pylist()
        if not seeds and not gone and decided(change.decisions) == self.decided_before:
            return None
        problems += self._join(reached)
        return Joined(
            clusters=tuple(clusters_of(self.tables, keys)),
            touched=frozenset(keys[number] for number in seeds),
            gone=gone,
            problems=tuple(problems),
            records=self.tables.arrow(delta_sql.LEFT_RECORDS),
            keys=self.tables.arrow(delta_sql.LEFT_KEYS),
            compared=self.tables.arrow(delta_sql.LEFT_COMPARED),
            unsure=self.tables.arrow(delta_sql.LEFT_UNSURE),
        )

    def _decide(self, change: Change, keys: tuple[str, ...]) -> list[Problem]:
        now = decided(change.decisions)
        anew = {key for one in now ^ self.decided_before for key in one[:2]}
        pairs = sorted({one[:2] for one in self.decided_before})
        self.tables.source("decided_anew", maps.table(_KEY, ((key,) for key in sorted(anew))))
        self.tables.source("was_decided", maps.table(_KEY_PAIR, pairs))
        return take_decisions(self.tables, keys, change.decisions)

    def _compare(self) -> None:
        tables, rule = self.tables, self.comparing.rule
        self._load(tables.arrow(delta_sql.READ_AGAIN).column("nr"))
        tables.map("digests", _digests, "records", maps.schema(_DIGESTS))
        tables.map("fresh_keys", maps.keys_step(rule), "records", maps.schema(maps.KEYS))
        self._steps(delta_sql.KEY_STEPS)
        # Records read again may be as they were: then not every pair is a new one.
        self.all_paired = tables.one(delta_sql.DIRTY_COUNT)[0] == self.current.count
        self._pair(delta_sql.NEAR_PAIRS)
        if not self.all_loaded:
            self._load(tables.arrow(delta_sql.PAIRED).column("nr"))
        lowest = min(LOWEST_DOUBT, self.comparing.threshold)
        compare_pairs(tables, rule, threshold=lowest)
        self._steps(delta_sql.WEIGHED_STEPS)

    def _pair(self, kept: str) -> None:
        for name, text in sql.PAIR_STEPS:
            self.tables.mat(name, text.format(cap=self.comparing.block_cap))
        if not self.all_paired:
            self.tables.mat("kept_pairs", kept)
            self.tables.mat("pairs", "select l, r from kept_pairs")

    def _big_blocks(self) -> list[Problem]:
        cap = self.comparing.block_cap
        found = list(rows(self.tables, delta_sql.BIG_BLOCKS.format(cap=cap)))
        lowest = maps.table(_NUMBER, ((number,) for number in sorted({row[2] for row in found})))
        fields = self.current.fields(lowest.column("nr")) if found else None
        texts = (
            dict(zip(*(fields.column(name).to_pylist() for name in ("nr", "fields")), strict=True))
            if fields
            else {}
        )
        return [
            block_problem(self.comparing.rule, cap, key, count, texts[number])
            for key, count, number in found
        ]

    def _gone(self) -> tuple[str, ...]:
        gone = list(rows(self.tables, delta_sql.GONE))
        numbers = ((old, -1 - old) for old, _ in gone)
        self.tables.source("gone_numbers", maps.table(_PLACED, numbers))
        return tuple(key for _, key in gone)

    def _reach(self, moved: Iterable[int]) -> None:
        self.tables.source("moved", maps.table(_NUMBER, ((number,) for number in moved)))
        self._steps(delta_sql.REACH_STEPS)
        while True:
            self.tables.mat("next_frontier", delta_sql.NEXT_FRONTIER)
            if not self.tables.one(delta_sql.FRONTIER_LEFT)[0]:
                return
            self._steps(delta_sql.GROW_STEPS)

    def _join(self, reached: pa.ChunkedArray) -> list[Problem]:
        if not self.all_loaded:
            self._load(reached)
        self._steps(delta_sql.WITHIN_STEPS)
        problems = join_up(self.tables, self.comparing.rule, clash=self.comparing.clash)
        if problems and not self.all_paired:
            # Too many records hang together: what is compared then is every pair with a key.
            self._steps(delta_sql.WITHIN_KEYS)
            self._pair(delta_sql.WITHIN_PAIRS)
            problems = join_up(self.tables, self.comparing.rule, clash=self.comparing.clash)
        return problems

    def _load(self, numbers: pa.ChunkedArray) -> None:
        self.all_loaded = len(numbers) == self.current.count
        self.tables.source("records", self.current.fields(numbers))

    def _steps(self, steps: Iterable[tuple[str, str]]) -> None:
        threshold = f"{self.comparing.threshold:.17e}"  # an exact number of 64 bits, no decimal one
        for name, text in steps:
            self.tables.mat(name, text.format(cap=self.comparing.block_cap, threshold=threshold))


def _digests(batch: pa.RecordBatch) -> pa.Table:
    numbers, texts = (batch.column(name).to_pylist() for name in ("nr", "fields"))
    found = zip(numbers, map(maps.key_number, texts), strict=True)
    return maps.table(_DIGESTS, found)
