"""Three real servers, of two packages nobody here wrote, harvested with the truth known."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import attrs
import pytest
from stdnum import isbn, issn

from libconsortium import (
    Command,
    HarvestWatch,
    Registry,
    RunStatus,
    Store,
    harvest_all,
    harvest_source,
    read_records,
    tally,
)
from libconsortium.plugins.demo.holdings import LIBRARIES, holdings
from libconsortium.plugins.demo.servers import DemoServer, demo_servers
from libconsortium.plugins.demo.works import works

REGISTRY = Registry()

pytestmark = pytest.mark.slow


def clock() -> datetime:
    return datetime.now(UTC)


@pytest.fixture(scope="module")
def servers() -> Iterator[tuple[DemoServer, ...]]:
    with demo_servers() as running:
        yield running


@pytest.fixture
def address(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/store.db"


@pytest.fixture
def store(address: str) -> Iterator[Store]:
    opened: Store = REGISTRY.store_for("sqlite").open(address)
    yield opened
    opened.close()


def stored(store: Store) -> dict[str, bool]:
    return {record.identifier: record.is_deleted for record in store.records(deleted=True)}


def truth() -> dict[str, bool]:
    return {record.identifier: record.is_deleted for name in LIBRARIES for record in holdings(name)}


# ---------------------------------------------------------------- the records


def test_every_invented_number_has_a_right_check_digit() -> None:
    assert all(isbn.is_valid(work.isbn) for work in works() if work.isbn)
    assert all(issn.is_valid(work.issn) for work in works() if work.issn)


def test_about_one_record_in_twenty_is_deleted() -> None:
    every = list(truth().values())

    assert len(every) > 300
    assert 0.03 < sum(every) / len(every) < 0.07


def test_publications_easily_mistaken_are_in_every_library() -> None:
    for library in LIBRARIES:
        assert set(range(1, 8)) <= {record.work for record in holdings(library)}


# ---------------------------------------------------------------- the harvest


def test_all_three_are_harvested_to_the_last_record_and_tombstone(
    servers: tuple[DemoServer, ...], store: Store
) -> None:
    sources = [server.source for server in servers]

    outcomes = harvest_all(sources, store, REGISTRY, HarvestWatch(clock=clock))

    # oai-repo leaves deleted records out of its list and gives no status elsewhere; what it
    # lists without a record is kept as deleted, its record without metadata as well.
    mute = {one.identifier for one in holdings("dh-b") if one.fields is None}
    assert [outcome.status for outcome in outcomes] == [RunStatus.COMPLETE] * 3
    assert stored(store) == truth() | dict.fromkeys(mute, True)
    assert [(one.source, one.live, one.deleted) for one in store.record_counts()] == [
        (server.source.name, server.live, server.deleted) for server in servers
    ]


def test_the_second_proof_is_told_in_plain_words(
    servers: tuple[DemoServer, ...], store: Store
) -> None:
    outcome = harvest_source(servers[1].source, store, REGISTRY, HarvestWatch(clock=clock))

    total, gone = servers[1].live + servers[1].deleted, servers[1].deleted
    assert str(outcome.reason) == (
        f"all {total} identifiers that the server lists are accounted for (0 parts by date and 0"
        f" single records were fetched, {gone} kept as deleted because it gives no record for"
        " them); its list of records alone was no proof: the server announced"
        f" {total} records and gave {total - gone}"
    )


def test_a_second_harvest_finds_nothing_new(servers: tuple[DemoServer, ...], store: Store) -> None:
    sources = [server.source for server in servers]
    watch = HarvestWatch(clock=clock)
    harvest_all(sources, store, REGISTRY, watch)
    before = stored(store)

    outcomes = harvest_all(sources, store, REGISTRY, watch)

    assert [outcome.status for outcome in outcomes] == [RunStatus.COMPLETE] * 3
    assert [(one.counts.new, one.counts.changed) for one in outcomes] == [(0, 0)] * 3
    assert stored(store) == before


def test_every_record_is_read_or_says_why_not(
    servers: tuple[DemoServer, ...], store: Store
) -> None:
    harvest_all([server.source for server in servers], store, REGISTRY, HarvestWatch(clock=clock))

    records = list(read_records(store, REGISTRY))

    assert len(records) == sum(server.live for server in servers)
    problems = tally(records).problems
    assert problems.pop("TEXT_REPAIRED") > 0  # one library writes NFD, another the old tone marks
    assert problems == {"NO_METADATA": 1, "BAD_YEAR": 2}


def test_a_stopped_harvest_goes_on_to_the_same_end(
    servers: tuple[DemoServer, ...], store: Store
) -> None:
    stop = threading.Event()
    told: list[object] = []

    def after_the_second_page(progress: object) -> None:
        told.append(progress)
        if len(told) == 2:
            stop.set()

    source = servers[2].source
    watch = HarvestWatch(clock=clock, on_progress=after_the_second_page, stop=stop)
    first = harvest_source(source, store, REGISTRY, watch)
    second = harvest_source(source, store, REGISTRY, HarvestWatch(clock=clock))

    assert (first.status, second.status) == (RunStatus.INTERRUPTED, RunStatus.COMPLETE)
    assert first.run == second.run
    assert second.counts.duplicates == 0
    assert stored(store) == {one.identifier: one.is_deleted for one in holdings("dh-c")}


HARVEST = """
import sys
from datetime import UTC, datetime
from libconsortium import HarvestSource, HarvestWatch, Registry, harvest_all

def told(progress):
    print(progress.pages, flush=True)

registry = Registry()
store = registry.store_for("sqlite").open(sys.argv[1])
source = HarvestSource(
    name="dh-c", member="dh-c", url=sys.argv[2], allowed_networks=("127.0.0.1/32",)
)
watch = HarvestWatch(clock=lambda: datetime.now(UTC), on_progress=told)
for outcome in harvest_all([source], store, registry, watch):
    print(outcome.status, "|", outcome.reason)
"""


def harvesting(address: str, url: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", HARVEST, address, url], stdout=subprocess.PIPE, text=True
    )


def said_by(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline()


@pytest.mark.parametrize("pages", [1, 3, 5])
def test_a_harvest_killed_in_the_middle_loses_nothing(
    servers: tuple[DemoServer, ...], address: str, pages: int
) -> None:
    with harvesting(address, servers[2].source.url) as process:
        for _ in range(pages):
            said_by(process)
        process.kill()
    store: Store = REGISTRY.store_for("sqlite").open(address)

    outcome = harvest_source(servers[2].source, store, REGISTRY, HarvestWatch(clock=clock))

    assert outcome.status is RunStatus.COMPLETE
    assert outcome.counts.duplicates == 0
    assert stored(store) == {one.identifier: one.is_deleted for one in holdings("dh-c")}
    store.close()


def test_ctrl_c_ends_with_a_checkpoint_and_says_how_to_go_on(
    servers: tuple[DemoServer, ...], address: str
) -> None:
    with harvesting(address, servers[2].source.url) as process:
        said_by(process)
        process.send_signal(signal.SIGINT)
        assert process.stdout is not None
        said = process.stdout.read()

    assert process.returncode == 0
    assert "interrupted | stopped after page" in said
    assert "goes on from there" in said


def test_two_processes_do_not_harvest_one_source_at_once(
    servers: tuple[DemoServer, ...], address: str
) -> None:
    with harvesting(address, servers[2].source.url) as one:
        said_by(one)
        with harvesting(address, servers[2].source.url) as other:
            assert other.stdout is not None
            assert "is being harvested already, since" in other.stdout.read()
        assert one.stdout is not None
        assert "complete | " in one.stdout.read()


# ---------------------------------------------------------------- the command and its processes


def test_the_command_says_where_the_servers_are_and_ends_with_its_input() -> None:
    program = Path(sys.executable).with_name("libconsortium")
    with subprocess.Popen(
        [program, "demo-servers"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        line = json.loads(said_by(process))
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(10) == 0

    assert line["schema"] == 1
    assert [source["name"] for source in line["sources"]] == ["dh-a", "dh-b", "dh-c"]


def test_the_command_is_contributed() -> None:
    assert REGISTRY.find(Command, "demo-servers").load().name == "demo-servers"


START_AND_HANG = """
import time
from libconsortium.plugins.demo.servers import demo_servers
with demo_servers() as servers:
    print(servers[0].source.url, flush=True)
    time.sleep(60)
"""


def test_the_servers_end_when_the_process_that_started_them_is_killed() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", START_AND_HANG], stdout=subprocess.PIPE, text=True
    ) as process:
        url = said_by(process).strip()
        children = _children_of(process.pid)
        process.kill()

    assert len(children) == 3
    end = time.monotonic() + 10
    while any(_is_running(child) for child in children) and time.monotonic() < end:
        time.sleep(0.05)
    assert not any(_is_running(child) for child in children), url


def _children_of(parent: int) -> list[int]:
    found = subprocess.run(
        ["pgrep", "-P", str(parent)],  # noqa: S607 - wherever it is
        capture_output=True,
        text=True,
        check=False,
    )
    return [int(child) for child in found.stdout.split()]


def _is_running(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2]
    except OSError:
        return False
    os.kill(process, 0)
    return state.split()[0] != "Z"


def test_a_dead_server_among_the_three_does_not_block_the_others(
    servers: tuple[DemoServer, ...], store: Store
) -> None:
    dead = attrs.evolve(servers[1].source, url="http://127.0.0.1:1/oai", retry_seconds=0.01)

    outcomes = harvest_all(
        [servers[0].source, dead, servers[2].source], store, REGISTRY, HarvestWatch(clock=clock)
    )

    assert [outcome.status for outcome in outcomes] == [
        RunStatus.COMPLETE,
        RunStatus.INCOMPLETE,
        RunStatus.COMPLETE,
    ]
