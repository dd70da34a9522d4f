"""A small consortium whose harvests a test writes by hand."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import attrs
import pytest

from libconsortium import (
    BibRecord,
    CatalogueFolder,
    CatalogueOutcome,
    Cluster,
    Crosswalk,
    Decision,
    Evidence,
    HarvestPage,
    HarvestRequest,
    Joining,
    MatchFields,
    MatchRule,
    RawRecord,
    Registry,
    RunStatus,
    Store,
    UnionCatalogue,
    cluster,
    gather,
    hookimpl,
    reading_rules,
    update_catalogue,
)
from libconsortium.plugins.sql_store.opening import open_store

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
MEMBERS = {"a": "A", "b": "B", "c": "C"}
NAMESPACE = "urn:words"


def read_words(raw: RawRecord) -> BibRecord:
    """Read ``title|volume|call number``."""
    title, volume, call_number = f"{raw.content.decode()}||".split("|")[:3]
    return BibRecord(
        source=raw.source,
        identifier=raw.identifier,
        titles=(title,),
        volume=volume,
        call_numbers=(call_number,) if call_number else (),
    )


def compare_words(left: MatchFields, right: MatchFields) -> Evidence:
    """Join records that share a word, but not two volumes; ``odd`` and ``even`` clash."""
    ours, theirs = set(left.title.split()), set(right.title.split())
    veto = "volume" if left.volume and right.volume and left.volume != right.volume else ""
    score = 1.0 if ours & theirs else 0.0 if {"v", "w"} <= ours | theirs else 0.1
    return Evidence(rule="words", score=score, reasons=("word",), veto=veto)


@attrs.define
class Words:
    """A crosswalk and a match rule as small as can be.

    Args:
        version: Version of the crosswalk.
        read: What it reads.
    """

    version: str = "1"
    read: Callable[[RawRecord], BibRecord] = read_words
    seen: list[str] = attrs.field(factory=list)

    @hookimpl
    def consortium_crosswalks(self) -> list[Crosswalk]:
        return [
            Crosswalk(
                name="words", namespaces=(NAMESPACE,), read=self._counted, version=self.version
            )
        ]

    @hookimpl
    def consortium_match_rules(self) -> list[MatchRule]:
        return [
            MatchRule(
                name="words",
                keys=lambda one: tuple(one.title.split()),
                compare=compare_words,
            )
        ]

    def _counted(self, raw: RawRecord) -> BibRecord:
        self.seen.append(f"{raw.source}{raw.identifier}")
        return self.read(raw)


@attrs.define
class World:
    """A store, a folder of segments, and what a test does with them."""

    store: Store
    folder: CatalogueFolder
    words: Words = attrs.field(factory=Words)
    members: dict[str, str] = attrs.field(factory=lambda: dict(MEMBERS))
    block_cap: int = 100
    threshold: float = 0.5

    @property
    def registry(self) -> Registry:
        return Registry(plugins={"words": self.words})

    def harvest(
        self, source: str, records: Mapping[str, str | None], *, is_over: bool = True
    ) -> int:
        """Put records into the store as one harvest run; ``None`` for a tombstone."""
        request = HarvestRequest(source=source, url="https://example.org/oai")
        run = self.store.start_run(request, started=NOON).number
        self.page(run, 1, source, records)
        if is_over:
            self.store.finish_run(run, status=RunStatus.COMPLETE, finished=NOON)
        return run

    def page(self, run: int, number: int, source: str, records: Mapping[str, str | None]) -> None:
        """Put one page of a run into the store."""
        raw = tuple(
            RawRecord(
                source=source,
                identifier=name,
                namespace="" if text is None else NAMESPACE,
                content=b"" if text is None else text.encode(),
                is_deleted=text is None,
            )
            for name, text in records.items()
        )
        page = HarvestPage(number=number, url="u", body=b"x", received=NOON, records=raw)
        self.store.add_page(run, page)

    def update(
        self, decisions: Iterable[Decision] = (), *, afresh: bool = False
    ) -> CatalogueOutcome:
        """Read what is new and bring the catalogue up to date."""
        with self.folder.locked():
            usual = reading_rules(self.registry)
            gathered = gather(
                self.store,
                self.registry,
                self.folder,
                dict.fromkeys(self.members, usual),
                at=NOON,
                afresh=afresh,
            )
            outcome = update_catalogue(
                self.store,
                self.registry,
                self.folder,
                self.members,
                at=NOON,
                joining=Joining(rules="words", block_cap=self.block_cap, threshold=self.threshold),
                decisions=decisions,
                before=self.store.problems("catalogue"),
                afresh=afresh,
            )
        self.store.clear_problems("catalogue")
        self.store.add_problems("catalogue", outcome.problems)
        return attrs.evolve(outcome, gathered=gathered)

    def from_scratch(self, decisions: Iterable[Decision] = ()) -> UnionCatalogue:
        """Join all records that the store has, without anything kept from before."""
        records = [read_words(one) for one in self.store.records() if one.source in self.members]
        return cluster(
            records,
            self.members,
            self.registry,
            rules="words",
            decisions=decisions,
            block_cap=self.block_cap,
            threshold=self.threshold,
        )

    def groups(self) -> dict[str, str]:
        """Return the records of each cluster, short."""
        return {
            one.id.replace("\t", ""): " ".join(key.replace("\t", "") for key in one.records)
            for one in self.store.clusters()
        }

    def files(self) -> list[str]:
        """Return the names of all files of the folder but the lock."""
        return sorted(path.name for path in self.folder.path.iterdir() if path.name != ".lock")


def told(clusters: Iterable[Cluster]) -> list[tuple[object, ...]]:
    """Return what clusters say, without their ids."""
    return sorted((one.records, one.links) for one in clusters)


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the file of a store without anything, made once."""
    path = tmp_path_factory.mktemp("empty") / "empty.db"
    open_store(f"sqlite:///{path}").close()
    return path


MakeWorld = Callable[[], World]


@pytest.fixture
def make_world(empty_store: Path, tmp_path: Path) -> Iterator[MakeWorld]:
    made: list[World] = []

    def make() -> World:
        folder = tmp_path / str(len(made))
        folder.mkdir()
        shutil.copy(empty_store, folder / "store.db")
        store = open_store(f"sqlite:///{folder}/store.db")
        made.append(World(store, CatalogueFolder(folder / "catalogue")))
        return made[-1]

    yield make
    for one in made:
        one.store.close()


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    return make_world()
