"""How much a small change of the union catalogue costs, beside joining everything anew.

python -m benchmarks.catalogue_update [--records N] [--change PERCENT] [--check] [--plain]

Invented records go into a store and from there into segments; then some are changed, some deleted
and some new ones come. Both runs do all there is to do: they read segments, join, and write the
catalogue into the store. ``--check`` joins everything anew once more and compares. ``--plain``
takes a match rule that compares little: what is checked is all around it, in a fourth of the time.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import attrs

from benchmarks import plain_rule
from benchmarks.synthetic import records
from libconsortium import (
    BibRecord,
    CatalogueFolder,
    CatalogueOutcome,
    Crosswalk,
    Gathered,
    HarvestPage,
    HarvestRequest,
    Joining,
    MatchRule,
    RawRecord,
    RecordIdentifier,
    Registry,
    RunStatus,
    Store,
    gather,
    hookimpl,
    reading_rules,
    update_catalogue,
)

PURPOSE = "union catalogue: a small change as a part of joining everything anew; segments"

_NAMESPACE = "urn:libconsortium:bench"
_A_PAGE = 2_000
_NOW = datetime(2026, 1, 1, tzinfo=UTC)
_MEMBERS = {f"m{number:02}": f"m{number:02}" for number in range(50)}


class _Plugin:
    """The crosswalk of invented records, and the plain rule."""

    @hookimpl
    def consortium_crosswalks(self) -> list[Crosswalk]:
        return [Crosswalk(name="bench", namespaces=(_NAMESPACE,), read=_read)]

    @hookimpl
    def consortium_match_rules(self) -> list[MatchRule]:
        return [plain_rule.plain_rule()]


def _content(record: BibRecord) -> bytes:
    fields = attrs.asdict(record, filter=lambda _, value: value not in {(), "", None})
    return json.dumps(fields, ensure_ascii=False).encode()


def _read(raw: RawRecord) -> BibRecord:
    fields: dict[str, Any] = json.loads(raw.content)
    found: dict[str, Any] = {
        name: tuple(one) if isinstance(one, list) else one for name, one in fields.items()
    }
    found["identifiers"] = tuple(RecordIdentifier(**one) for one in found.get("identifiers", ()))
    return BibRecord(**found)


def main(arguments: Iterable[str] | None = None) -> None:
    """Print seconds, ratios and bytes."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.catalogue_update", description=__doc__
    )
    parser.add_argument("--records", type=int, default=20_000, help="how many records")
    parser.add_argument("--change", type=float, default=1.0, help="how many of them change, in %%")
    parser.add_argument("--check", action="store_true", help="compare with joining all anew")
    parser.add_argument("--plain", action="store_true", help="compare little")
    wanted = parser.parse_args(None if arguments is None else list(arguments))
    rules = plain_rule.NAME if wanted.plain else "bibliographic"
    with TemporaryDirectory() as folder:
        _Bench(Path(folder), wanted.records, rules).run(wanted.change / 100, check=wanted.check)


def _spent() -> float:
    """Return the processor seconds of this program and of the processes that it waited for."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


class _Bench:
    def __init__(self, path: Path, count: int, rules: str) -> None:
        self.registry = Registry(plugins={"bench": _Plugin()})
        self.rules = rules
        self.store: Store = self.registry.store_for("sqlite").open(f"sqlite:///{path}/bench.db")
        self.folder = CatalogueFolder(path / "bench.catalogue")
        self.count = count
        self.seconds: dict[str, float] = {}
        self.processor: dict[str, float] = {}

    def run(self, change: float, *, check: bool) -> None:
        invented = records(round(self.count * (1 + change / 5)))
        held = [one.record for one in islice(invented, self.count)]
        self._harvest(held, ())
        gathered = self._gather("gather")
        rebuilt = self._update("rebuild")
        chance = random.Random(7)
        chosen = chance.sample(range(self.count), round(self.count * change * 0.8))
        gone = [held[number] for number in chosen[: len(chosen) // 8]]
        other = [_otherwise(held[number], chance) for number in chosen[len(chosen) // 8 :]]
        self._harvest([*other, *(one.record for one in invented)], gone)
        delta = self._gather("gather delta")
        updated = self._update("update")
        self._print(gathered, rebuilt, delta, updated)
        if check:
            self._check()
        self.store.close()

    def _harvest(self, live: Iterable[BibRecord], gone: Iterable[BibRecord]) -> None:
        by_source: dict[str, list[RawRecord]] = {}
        for record, is_deleted in [*((one, False) for one in live), *((one, True) for one in gone)]:
            raw = RawRecord(
                source=record.source,
                identifier=record.identifier,
                namespace="" if is_deleted else _NAMESPACE,
                content=b"" if is_deleted else _content(record),
                is_deleted=is_deleted,
            )
            by_source.setdefault(record.source, []).append(raw)
        for source, raws in by_source.items():
            request = HarvestRequest(source=source, url="https://example.org/oai")
            run = self.store.start_run(request, started=_NOW).number
            for number, start in enumerate(range(0, len(raws), _A_PAGE), start=1):
                some = tuple(raws[start : start + _A_PAGE])
                page = HarvestPage(number=number, url="", body=b"", received=_NOW, records=some)
                self.store.add_page(run, page)
            self.store.finish_run(run, status=RunStatus.COMPLETE, finished=_NOW)

    def _gather(self, stage: str) -> Gathered:
        usual = reading_rules(self.registry, ())
        with self._timed(stage), self.folder.locked():
            rules = dict.fromkeys(_MEMBERS, usual)
            return gather(self.store, self.registry, self.folder, rules, at=_NOW)

    def _update(self, stage: str, *, afresh: bool = False) -> CatalogueOutcome:
        with self._timed(stage), self.folder.locked():
            return update_catalogue(
                self.store,
                self.registry,
                self.folder,
                _MEMBERS,
                at=_NOW,
                joining=Joining(rules=self.rules),
                afresh=afresh,
            )

    @contextmanager
    def _timed(self, stage: str) -> Iterator[None]:
        start, processor = perf_counter(), _spent()
        yield
        self.seconds[stage] = perf_counter() - start
        self.processor[stage] = _spent() - processor

    def _check(self) -> None:
        before = sorted(one.records for one in self.store.clusters())
        ids = {one.record: one.cluster for one in self.store.named_records()}
        self._update("anew", afresh=True)
        wrong = set(before) ^ {one.records for one in self.store.clusters()}
        moved = sum(ids[one.record] != one.cluster for one in self.store.named_records())
        print(f"joined anew      {self.seconds['anew']:8.1f} s   {len(wrong)} clusters differ,"
              f" {moved} records under another id")  # fmt: skip

    def _print(
        self, first: Gathered, rebuilt: CatalogueOutcome, delta: Gathered, updated: CatalogueOutcome
    ) -> None:
        run = self.store.catalogue_run()
        files = run.state.split() if run else ()
        left = sum((self.folder.path / name).stat().st_size for name in files)
        took = self.seconds
        part = took["update"] / took["rebuild"]
        busy = self.processor["update"] / self.processor["rebuild"]
        print(f"{self.count} records of {len(_MEMBERS)} sources, JSON instead of XML")
        print(f"segments         {first.size / first.rows:8.1f} bytes a record, left for the next"
              f" run {left / updated.records:.1f}")  # fmt: skip
        print(f"gather           {took['gather']:8.1f} s   {first.read / took['gather']:.0f}"
              " records a second")  # fmt: skip
        print(f"rebuild          {took['rebuild']:8.1f} s   {rebuilt.changed} clusters")
        print(f"gather change    {took['gather delta']:8.1f} s   {delta.read} read,"
              f" {delta.deleted} deleted")  # fmt: skip
        print(f"update           {took['update']:8.1f} s   {part:.1%} of a rebuild ({busy:.1%} of"
              f" its processor seconds, {self.processor['rebuild']:.0f});"
              f" {updated.touched} touched, {updated.joined} joined anew,"
              f" {updated.changed} clusters changed, {updated.ended} ids ended")  # fmt: skip
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"most memory      {memory:8.0f} MB")


def _otherwise(record: BibRecord, chance: random.Random) -> BibRecord:
    """Change what cataloguers change: the year, a word of the title, or only the shelf mark."""
    kind = chance.random()
    if kind < 0.4:
        return attrs.evolve(record, call_numbers=("K 1",))
    if kind < 0.7:
        return attrs.evolve(record, year=(record.year or 1999) + 1)
    return attrs.evolve(record, titles=(f"{record.title} mới", *record.titles[1:]))


if __name__ == "__main__":
    main()
