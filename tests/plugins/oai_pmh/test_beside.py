"""Pages read in a process beside are what they are here; whatever happens to it does not count."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import attrs
import pytest

from libconsortium import Harvester, HarvestPage, RawRecord, Registry, SettingsError
from libconsortium.plugins.oai_pmh import beside
from libconsortium.plugins.oai_pmh.beside import READING, Reading
from libconsortium.plugins.oai_pmh.plain import plain_page
from tests.oai_server import Reply, Repository, serving, source_at

from .test_plain import NOT_PLAIN, PLAIN

HARVESTER = Registry().find(Harvester, "oai-pmh")
A_PAGE = PLAIN["two records"]
ON_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")


def wait_for(is_so: Callable[[], object], seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.01)


def begun(reading: Reading) -> subprocess.Popen[bytes]:
    """Let a reader start its process; return it when it is ready."""
    reading.plain_page(A_PAGE)
    wait_for(lambda: reading._ready)
    assert reading._ready is not None
    return reading._ready


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two records are much to read, and there are two processors."""
    monkeypatch.setattr(beside, "MUCH", 2)
    monkeypatch.setenv("LIBCONSORTIUM_PROCESSES", "2")


@pytest.fixture(scope="module")
def ready() -> Iterator[Reading]:
    reading = Reading()
    with pytest.MonkeyPatch.context() as patch, reading.of_list():
        patch.setattr(beside, "MUCH", 2)
        patch.setenv("LIBCONSORTIUM_PROCESSES", "2")
        begun(reading)
        yield reading


@pytest.mark.parametrize(
    "content", [*PLAIN.values(), *NOT_PLAIN.values()], ids=[*PLAIN, *NOT_PLAIN]
)
def test_a_page_is_cut_beside_as_it_is_here(ready: Reading, content: bytes) -> None:
    worker = ready._ready

    assert ready.plain_page(content) == plain_page(content)
    assert ready._ready is worker is not None


def test_few_records_are_read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beside, "MUCH", 10)
    reading = Reading()
    with reading.of_list():
        for _ in range(4):  # of two records; nine are announced
            reading.plain_page(A_PAGE)

        assert reading._may_start


def test_a_list_that_is_announced_as_long_is_read_beside_from_the_start(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(beside, "MUCH", 9)
    reading = Reading()
    with reading.of_list():
        begun(reading)

        assert reading._records == 2


def test_one_process_reads_if_one_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIBCONSORTIUM_PROCESSES", "1")
    monkeypatch.setattr(beside, "start_worker", lambda _: pytest.fail("none is wanted"))
    reading = Reading()
    with reading.of_list():
        assert reading.plain_page(A_PAGE) == plain_page(A_PAGE)


def test_a_number_of_processes_that_is_none_is_told_before_anything_is_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LIBCONSORTIUM_PROCESSES", "many")

    with pytest.raises(SettingsError, match="many"), Reading().of_list():
        pass


@pytest.mark.skipif(sys.platform == "win32", reason="stops a process by a signal")
@pytest.mark.parametrize("content", [A_PAGE, A_PAGE + b" " * 2**20], ids=["short", "long"])
def test_a_process_that_is_stopped_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    monkeypatch.setattr(beside, "LONGEST_SECONDS", 0.2)
    reading = Reading()
    with reading.of_list():
        worker = begun(reading)
        os.kill(worker.pid, signal.SIGSTOP)

        assert reading.plain_page(content) == plain_page(content)
        assert (reading._worker, reading._ready) == (None, None)
        assert worker.poll() is not None


def test_a_process_that_is_killed_is_done_without() -> None:
    reading = Reading()
    with reading.of_list():
        worker = begun(reading)
        worker.kill()
        worker.wait()

        assert [reading.plain_page(A_PAGE) for _ in range(2)] == [plain_page(A_PAGE)] * 2
        assert reading._worker is None


def test_a_process_that_cannot_be_started_is_done_without(monkeypatch: pytest.MonkeyPatch) -> None:
    tried = []

    def fail(module: str) -> subprocess.Popen[bytes]:
        tried.append(module)
        raise OSError

    monkeypatch.setattr(beside, "start_worker", fail)
    reading = Reading()
    with reading.of_list():
        reading.plain_page(A_PAGE)
        wait_for(lambda: tried)

        assert reading.plain_page(A_PAGE) == plain_page(A_PAGE)
    assert len(tried) == 1


def test_an_interruption_amid_a_page_leaves_no_answer_for_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    reading = Reading()
    with reading.of_list():
        worker = begun(reading)
        with monkeypatch.context() as patch:
            patch.setattr(beside, "_asked", interrupted)
            with pytest.raises(KeyboardInterrupt):
                reading.plain_page(PLAIN["marc"])

        assert worker.poll() is not None
        assert reading.plain_page(A_PAGE) == plain_page(A_PAGE)


def test_the_process_ends_with_the_last_list_and_begins_anew_with_another() -> None:
    reading = Reading()
    with ExitStack() as lists:
        lists.enter_context(reading.of_list())
        with reading.of_list():
            worker = begun(reading)
        assert worker.poll() is None
    assert worker.poll() is not None

    with reading.of_list():
        again = begun(reading)
    assert again.poll() is not None


# ---------------------------------------------------------------- whole harvests


def harvested(url: str, each: Callable[[int], object] = lambda _: None) -> list[HarvestPage]:
    pages = []
    for page in HARVESTER.harvest(source_at(url).request()):
        pages.append(page)
        each(len(pages))
    return pages


def bare(pages: list[HarvestPage]) -> list[tuple[str, tuple[RawRecord, ...], dict[str, int]]]:
    return [(page.token, page.records, dict(page.starts)) for page in pages]


def test_a_list_read_beside_gives_the_pages_of_one_read_here(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    used: list[int] = []

    def settle(page: int) -> None:
        if page == 2:
            wait_for(lambda: READING._ready)
        worker = READING._ready
        used.append(0 if worker is None else worker.pid)

    repository = Repository(size=60, deleted=frozenset({7, 30}))
    with serving(repository) as url:
        ours = harvested(url, settle)
        monkeypatch.setenv("LIBCONSORTIUM_PROCESSES", "1")
        alone = harvested(url)

    assert bare(ours) == bare(alone)
    assert used[-1]
    assert READING._worker is None


def test_a_process_killed_amid_a_list_costs_nothing() -> None:
    def kill(page: int) -> None:
        if page == 2:
            wait_for(lambda: READING._ready)
        worker = READING._ready
        if page == 5 and worker is not None:
            os.kill(worker.pid, signal.SIGKILL)

    with serving(Repository(size=60)) as url:
        names = [one.identifier for page in harvested(url, kill) for one in page.records]

    assert names == [f"oai:a.example:{number}" for number in range(60)]


COMMAND = """
import sys
from libconsortium.plugins.oai_pmh import beside
from libconsortium.cli import main
beside.MUCH = 2
main(sys.argv[1:])
"""


@attrs.define
class Begun:
    """A command that harvests a slow list, with a process beside."""

    process: subprocess.Popen[str]
    reader: int


@pytest.fixture
def going(tmp_path: Path) -> Iterator[Begun]:
    def slow(_asked: dict[str, str], _count: int, reply: Reply) -> Reply:
        time.sleep(0.2)
        return reply

    with serving(Repository(size=4000, fault=slow)) as url:
        process = subprocess.Popen(
            [
                *(sys.executable, "-c", COMMAND, "harvest", "--url", url, "--json"),
                *("--allow-network", "127.0.0.1/32", "--into", str(tmp_path / "a.db")),
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        with process:
            children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
            tasks = Path(f"/proc/{process.pid}/task")
            found: list[int] = []

            def is_begun() -> bool:
                with suppress(OSError):
                    found.extend(
                        int(pid)
                        for task in tasks.iterdir()
                        for pid in (task / children.name).read_text().split()
                    )
                return bool(found)

            wait_for(is_begun)
            yield Begun(process, found[0])
            process.kill()


def is_gone(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    with suppress(OSError):
        return stat.read_text().rpartition(")")[2].split()[0] == "Z"
    return True


@ON_LINUX
@pytest.mark.slow
def test_a_harvest_that_is_killed_leaves_no_process(going: Begun) -> None:
    going.process.kill()
    going.process.wait()

    wait_for(lambda: is_gone(going.reader))


@ON_LINUX
@pytest.mark.slow
def test_an_interruption_ends_both_and_the_run_can_go_on(going: Begun) -> None:
    time.sleep(1.0)  # some pages
    going.process.send_signal(signal.SIGINT)

    said, _ = going.process.communicate(timeout=60)

    assert json.loads(said)["reason"].startswith("stopped after page")
    wait_for(lambda: is_gone(going.reader))
