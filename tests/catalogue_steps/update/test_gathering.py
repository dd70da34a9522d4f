"""Segments take up what is new, changed, deleted or read better, and survive what may happen."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import attrs
import pyarrow.parquet as pq
import pytest

from libconsortium import BibRecord, CatalogueError, RawRecord, RunStatus
from libconsortium.catalogue_steps.update import merging
from libconsortium.catalogue_steps.update.merging import merged

from .conftest import NAMESPACE, NOON, Words, World, read_words


def _rows(world: World) -> list[tuple[str, int, bool]]:
    """Return identifier, batch and whether it is a tombstone, of all rows of all segments."""
    found = []
    for segment in world.store.segments():
        rows = pq.read_table(world.folder.path / segment.name, partitioning=None).to_pylist()
        found += [(row["identifier"], row["batch"], row["is_deleted"]) for row in rows]
    return sorted(found)


def test_a_segment_points_to_the_page_and_has_no_record(world: World) -> None:
    world.harvest("a", {"1": "x y|2|K 1"})
    world.update()

    (segment,) = world.store.segments()
    (row,) = pq.read_table(world.folder.path / segment.name, partitioning=None).to_pylist()

    assert (row["page_run"], row["page_number"], row["call_numbers"]) == (1, 1, ["K 1"])
    assert '"x y"' in row["fields"]
    assert (segment.source, segment.rows, segment.namespace) == ("a", 1, NAMESPACE)
    assert segment.made_by.startswith("words ")
    assert segment.size == (world.folder.path / segment.name).stat().st_size


def test_only_what_a_harvest_changed_is_read(world: World) -> None:
    world.harvest("a", {"1": "x", "2": "y", "3": "z"})
    world.update()
    world.words.seen.clear()

    world.harvest("a", {"1": "x", "2": "q", "4": "w"})
    gathered = world.update().gathered

    assert sorted(world.words.seen) == ["a2", "a4"]
    assert (gathered.read, gathered.deleted, gathered.written) == (2, 0, 1)


def test_a_tombstone_is_taken_up_without_fields(world: World) -> None:
    world.harvest("a", {"1": "x", "2": "y"})
    world.update()

    world.harvest("a", {"1": None})
    gathered = world.update().gathered

    assert (gathered.read, gathered.deleted) == (0, 1)
    assert ("1", 2, True) in _rows(world)
    assert world.groups() == {"a2": "a2"}


def test_a_record_that_comes_back_is_there_again(world: World) -> None:
    for text in ("x", None, "x"):
        world.harvest("a", {"1": text})
        world.update()

    assert world.groups() == {"a1": "a1"}


def test_pages_that_come_while_the_run_goes_on_are_taken_up_once(world: World) -> None:
    run = world.harvest("a", {"1": "x"}, is_over=False)
    world.update()
    world.page(run, 2, "a", {"2": "y"})
    world.words.seen.clear()

    world.update()
    assert world.words.seen == ["a2"]
    world.store.finish_run(run, status=RunStatus.COMPLETE, finished=NOON)
    world.update()

    assert world.words.seen == ["a2"]
    assert world.groups() == {"a1": "a1", "a2": "a2"}


def test_a_better_crosswalk_reads_again_what_it_reads_and_nothing_else(world: World) -> None:
    world.harvest("a", {"1": "x", "2": "y"})
    world.harvest("b", {"1": None})
    world.update()
    before = {one.name for one in world.store.segments()}

    def better(raw: RawRecord) -> BibRecord:
        return attrs.evolve(read_words(raw), titles=("x",))

    world.words = Words(version="2", read=better)
    gathered = world.update().gathered

    assert sorted(world.words.seen) == ["a1", "a2"]
    assert gathered.deleted == 0
    assert world.groups() == {"a1": "a1 a2"}
    kept = [one for one in world.store.segments() if one.name in before]
    assert [one.source for one in kept] == ["b"]


def test_everything_is_read_again_if_asked_for(world: World) -> None:
    world.harvest("a", {"1": "x", "2": None})
    world.update()
    world.words.seen.clear()

    gathered = world.update(afresh=True).gathered

    assert world.words.seen == ["a1"]
    assert (gathered.lost, gathered.rows) == (0, 2)


def test_a_run_that_was_stopped_and_goes_on_is_taken_up_to_its_end(world: World) -> None:
    run = world.harvest("a", {"1": "x"}, is_over=False)
    world.store.finish_run(run, status=RunStatus.INTERRUPTED, finished=NOON)
    world.update()

    world.store.resume_run(run, started=NOON)
    world.page(run, 2, "a", {"2": "y"})
    world.store.finish_run(run, status=RunStatus.COMPLETE, finished=NOON)
    world.update()
    world.update()

    assert world.groups() == {"a1": "a1", "a2": "a2"}
    assert world.words.seen == ["a1", "a2"]


# ---------------------------------------------------------------- merging


def test_small_segments_become_one_and_replaced_rows_go(world: World) -> None:
    for number in range(9):
        world.harvest("a", {"1": f"x{number}", str(number + 2): "y"})
        gathered = world.update().gathered

    assert len(world.store.segments()) < 9
    assert gathered.rows < 18
    assert world.groups()["a1"] == "a1"
    assert [one for one in world.files() if one.startswith("segment")] == sorted(
        one.name for one in world.store.segments()
    )


def test_merging_is_no_change(world: World) -> None:
    for number in range(8):
        world.harvest("a", {str(number): "x"})
        world.update()
    run = world.store.catalogue_run()

    assert world.update().joined == 0
    assert world.store.catalogue_run() == run


def test_a_segment_most_of_whose_rows_were_replaced_is_written_anew(world: World) -> None:
    world.harvest("a", {str(n): "x" for n in range(10)})
    world.update()

    world.harvest("a", {str(n): "y" for n in range(6)})
    gathered = world.update().gathered

    assert gathered.merged == 1
    assert gathered.rows == 10


def test_a_few_new_rows_do_not_have_the_old_ones_read(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.harvest("a", {str(number): "dau" for number in range(20)})
    world.update()
    world.harvest("a", {"1": "khac"})
    monkeypatch.setattr(merging, "placed_rows", _not_to_be_read)

    assert world.update().gathered.read == 1


def _not_to_be_read(*_: object) -> None:
    pytest.fail("the rows of all segments were read")


def test_nothing_is_merged_where_there_is_nothing(world: World) -> None:
    assert merged(world.store, world.folder, (), at=NOON) == 0


# ---------------------------------------------------------------- what may happen


def test_a_file_that_nobody_names_is_swept_and_counted(world: World) -> None:
    world.harvest("a", {"1": "x"})
    world.update()
    for name in ("segment-0.parquet", "segment-1.parquet.part", "records-2.parquet"):
        (world.folder.path / name).write_bytes(b"half")

    outcome = world.update()

    assert outcome.gathered.swept == 3
    assert not [name for name in world.files() if "-0." in name or "-1." in name]


def test_a_segment_that_is_gone_is_made_again(world: World) -> None:
    world.harvest("a", {"1": "x", "2": "x"})
    world.update()
    world.harvest("a", {"3": "y"})
    world.update()
    (world.folder.path / world.store.segments()[0].name).unlink()

    outcome = world.update()

    assert (outcome.gathered.lost, outcome.gathered.read) == (1, 3)
    assert world.groups() == {"a1": "a1 a2", "a3": "a3"}


def test_a_whole_folder_that_is_gone_is_made_again_and_the_ids_stay(world: World) -> None:
    world.harvest("b", {"1": "x"})
    world.update()
    world.harvest("a", {"1": "x"})
    world.update()
    for name in world.files():
        (world.folder.path / name).unlink()

    outcome = world.update()

    assert outcome.is_rebuilt
    assert world.groups() == {"b1": "a1 b1"}


def test_a_damaged_segment_is_told_with_what_to_do(world: World) -> None:
    world.harvest("a", {str(n): f"x{n}" for n in range(500)})
    world.update()
    path = world.folder.path / world.store.segments()[0].name
    body = bytearray(path.read_bytes())
    body[40:80] = bytes(40)
    path.write_bytes(body)
    world.harvest("a", {"1": "y"})

    with pytest.raises(CatalogueError, match=r"damaged.*delete it"):
        world.update()

    path.unlink()
    assert world.update().gathered.lost == 1


def test_two_processes_do_not_write_at_once(world: World) -> None:
    with (
        world.folder.locked(),
        pytest.raises(CatalogueError, match="another process"),
        world.folder.locked(),
    ):
        pass


KILLED = """
import os, signal, sys
from pathlib import Path
from libconsortium import CatalogueFolder, Registry, gather, reading_rules, update_catalogue
from libconsortium.plugins.sql_store.opening import open_store
from libconsortium.plugins.sql_store.sql_store import SqlStore
from datetime import UTC, datetime

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

setattr(SqlStore, sys.argv[3], die)
store, folder = open_store(sys.argv[1]), CatalogueFolder(Path(sys.argv[2]))
now = datetime.now(UTC)
with folder.locked():
    registry = Registry()
    gather(store, registry, folder, {"a": reading_rules(registry)}, at=now)
    update_catalogue(store, registry, folder, {"a": "A"}, at=now)
"""


@pytest.mark.slow
@pytest.mark.parametrize(("method", "orphans"), [("change_segments", 1), ("change_clusters", 4)])
def test_kill_9_between_the_file_and_its_ledger_leaves_an_orphan_that_is_swept(
    world: World, method: str, orphans: int
) -> None:
    world.harvest("a", {"1": "x", "2": "x"})

    killed = subprocess.run(
        [sys.executable, "-c", KILLED, world.store.address, str(world.folder.path), method],
        check=False,
        env={**os.environ, "PYTHONPATH": str(Path.cwd())},
    )

    assert killed.returncode == -signal.SIGKILL
    left = [name for name in world.files() if name.endswith(".parquet")]
    assert len(left) - len(world.store.segments()) == orphans
    outcome = world.update()
    assert outcome.gathered.swept == orphans
    assert world.groups() == {"a1": "a1 a2"}
