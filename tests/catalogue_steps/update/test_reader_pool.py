"""Workers read what one process would read, in the same order; whatever happens to them is told."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import attrs
import pyarrow.parquet as pq
import pytest

from libconsortium import (
    CatalogueError,
    CatalogueFolder,
    Gathered,
    HarvestPage,
    HarvestRequest,
    RawRecord,
    Registry,
    RunStatus,
    Store,
    as_job,
    gather,
    reading_rules,
    start_worker,
)
from libconsortium.catalogue_steps.update import reader_pool
from libconsortium.catalogue_steps.update.reader_pool import pooled_rows
from libconsortium.catalogue_steps.update.source_reader import SourceReader
from libconsortium.plugins.sql_store.opening import open_store

from .conftest import NOON, World

DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
SLIM = "http://www.loc.gov/MARC21/slim"
A_PAGE = 50
ON_BOTH = pytest.mark.parametrize(
    "harvested",
    ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)],
    indirect=True,
)


@attrs.frozen
class Harvested:
    """A store, and a folder of segments for each way to read it."""

    store: Store
    path: Path

    def run(self, records: list[RawRecord], *, is_over: bool = True) -> None:
        request = HarvestRequest(source="a", url="https://example.org/oai")
        run = self.store.start_run(request, started=NOON).number
        for number, start in enumerate(range(0, len(records), A_PAGE), start=1):
            some = tuple(records[start : start + A_PAGE])
            page = HarvestPage(number=number, url="u", body=b"x", received=NOON, records=some)
            self.store.add_page(run, page)
        if is_over:
            self.store.finish_run(run, status=RunStatus.COMPLETE, finished=NOON)

    def gather(self, folder: str = "catalogue") -> Gathered:
        registry = Registry()
        kept = CatalogueFolder(self.path / folder)
        with kept.locked():
            return gather(self.store, registry, kept, {"a": reading_rules(registry)}, at=NOON)

    def rows(self, folder: str = "catalogue") -> list[tuple[object, ...]]:
        """Return format and rows of every segment, as they stand in it."""
        return sorted(
            (
                (one.prefix, one.namespace, one.made_by, one.through, one.batch),
                pq.read_table(self.path / folder / one.name, partitioning=None).to_pylist(),
            )
            for one in self.store.segments()
        )

    def forget(self) -> None:
        self.store.change_segments((), [one.name for one in self.store.segments()])

    def reader(self) -> SourceReader:
        registry = Registry()
        return SourceReader(
            store=self.store,
            registry=registry,
            folder=CatalogueFolder(self.path / "catalogue"),
            source="a",
            rules=reading_rules(registry),
            known=(),
        )


def _record(number: int, title: str | None) -> RawRecord:
    marc = number % 3 == 0
    field = (
        f'<datafield tag="245" ind1=" " ind2=" "><subfield code="a">{title}</subfield></datafield>'
    )
    text = (
        f'<record xmlns="{SLIM}">{field}</record>'
        if marc
        else f'<oai_dc:dc xmlns:oai_dc="{DC}" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{title}</dc:title></oai_dc:dc>"
    )
    return RawRecord(
        source="a",
        identifier=f"oai:a:{number}",
        namespace="" if title is None else SLIM if marc else DC,
        content=b"" if title is None else text.encode(),
        is_deleted=title is None,
    )


@pytest.fixture
def harvested(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Harvested]:
    """Return a store of two runs, of which two workers read, however little it is."""
    monkeypatch.setattr(reader_pool, "_A_WORKER", 1)
    monkeypatch.setenv("LIBCONSORTIUM_PROCESSES", "2")
    if getattr(request, "param", "sqlite") == "sqlite":
        empty_store: Path = request.getfixturevalue("empty_store")
        (tmp_path / "a%20 b.db").write_bytes(empty_store.read_bytes())
        store = open_store(f"sqlite:///{tmp_path}/a%20 b.db")
    else:
        store = open_store(request.getfixturevalue("pg_url"))
    made = Harvested(store, tmp_path)
    made.run(some_records(3_000, "Sách"))
    yield made
    store.close()


def some_records(count: int, word: str) -> list[RawRecord]:
    """Return records in an order of no meaning."""
    numbers = sorted(range(count), key=lambda number: number * 7919 % 1009)
    return [_record(number, f"{word} {number}") for number in numbers]


def _change(harvested: Harvested) -> None:
    """Harvest once more: some are gone, some different, some new, most as they were."""
    changed = {number: None if number % 20 else "Khác" for number in range(0, 3_000, 10)}
    harvested.run(
        [_record(number, title) for number, title in changed.items()]
        + [_record(number, f"Mới {number}") for number in range(3_000, 3_400)]
    )


@ON_BOTH
@pytest.mark.slow
def test_workers_make_the_segments_that_one_process_makes(
    harvested: Harvested, monkeypatch: pytest.MonkeyPatch
) -> None:
    _change(harvested)
    ours = harvested.gather("two")
    found = harvested.rows("two")
    harvested.forget()
    monkeypatch.setenv("LIBCONSORTIUM_PROCESSES", "1")

    alone = harvested.gather("one")

    assert found == harvested.rows("one")
    assert attrs.evolve(ours, size=0) == attrs.evolve(alone, size=0)
    assert (ours.read, ours.deleted) == (3_250, 150)
    assert len(found) == 3  # two crosswalks, and the tombstones


@ON_BOTH
@pytest.mark.slow
def test_workers_give_the_rows_in_the_order_of_one_process(harvested: Harvested) -> None:
    _change(harvested)
    reader = harvested.reader()
    pooled = pooled_rows(reader)

    assert pooled is not None
    assert list(pooled) == list(reader.rows())


@ON_BOTH
@pytest.mark.slow
def test_workers_read_only_what_changed(
    harvested: Harvested, monkeypatch: pytest.MonkeyPatch
) -> None:
    harvested.gather()
    _change(harvested)

    gathered = harvested.gather()

    assert (gathered.read, gathered.deleted) == (550, 150)


@pytest.mark.slow
def test_a_worker_that_is_ended_is_told_and_no_segment_is_named(
    harvested: Harvested, monkeypatch: pytest.MonkeyPatch
) -> None:

    def _ended(module: str) -> subprocess.Popen[bytes]:
        worker = start_worker(module)
        worker.kill()
        return worker

    monkeypatch.setattr(reader_pool, "start_worker", _ended)

    with pytest.raises(CatalogueError, match="LIBCONSORTIUM_PROCESSES=1"):
        harvested.gather()

    assert harvested.store.segments() == ()
    assert not list(harvested.path.glob("catalogue/*.parquet*"))


class _Fails:
    def __reduce__(self) -> tuple[type[int], tuple[str]]:
        return int, ("no number",)


@pytest.mark.slow
def test_what_a_worker_raises_is_raised_here(
    harvested: Harvested, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = as_job(_Fails())
    monkeypatch.setattr(reader_pool, "as_job", lambda _: job)

    with pytest.raises(ValueError, match="no number"):
        harvested.gather()


@ON_BOTH
@pytest.mark.slow
def test_a_harvest_that_begins_meanwhile_makes_one_process_read_again(
    harvested: Harvested, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[str] = []

    def _overtaken(module: str) -> subprocess.Popen[bytes]:
        if begun:  # the first worker may have read already
            harvested.run([_record(1, "Khác"), _record(2, None)], is_over=False)
        begun.append(module)
        return start_worker(module)

    monkeypatch.setattr(reader_pool, "start_worker", _overtaken)

    gathered = harvested.gather()

    assert (gathered.read, gathered.deleted) == (2_999, 1)
    assert gathered.rows == 3_000
    assert len(list(harvested.path.glob("catalogue/*.parquet*"))) == 3


@pytest.mark.slow
def test_nothing_is_left_running_when_rows_are_no_longer_wanted(
    harvested: Harvested, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[subprocess.Popen[bytes]] = []

    def _noted(module: str) -> subprocess.Popen[bytes]:
        started.append(start_worker(module))
        return started[-1]

    monkeypatch.setattr(reader_pool, "start_worker", _noted)
    rows = pooled_rows(harvested.reader())
    assert rows is not None
    next(rows)

    rows.close()  # type: ignore[attr-defined] # it is a generator

    assert [one.poll() is None for one in started] == [False, False]


def test_one_process_reads_if_one_is_wanted(
    harvested: Harvested, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIBCONSORTIUM_PROCESSES", "1")

    assert pooled_rows(harvested.reader()) is None


def test_one_process_reads_a_few_records(
    harvested: Harvested, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader_pool, "_A_WORKER", 1_501)

    assert pooled_rows(harvested.reader()) is None


def test_one_process_reads_while_a_harvest_goes_on(harvested: Harvested) -> None:
    harvested.run([_record(1, "Khác")], is_over=False)

    assert pooled_rows(harvested.reader()) is None


def test_one_process_reads_with_plugins_that_were_given_as_objects(
    harvested: Harvested, world: World
) -> None:
    assert pooled_rows(attrs.evolve(harvested.reader(), registry=world.registry)) is None
