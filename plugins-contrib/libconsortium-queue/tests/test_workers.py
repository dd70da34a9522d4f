"""Workers as processes of their own, on a real PostgreSQL, against servers that tell who asked."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, redirect_stdout
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import attrs
import psycopg
import pytest
from libconsortium_queue import jobs

from libconsortium import Consortium, RunStatus
from libconsortium.cli.run import run

pytestmark = [pytest.mark.slow, pytest.mark.postgres]

OAI = "http://www.openarchives.org/OAI/2.0/"
PAGES = 6
RECORD = (
    "<record><header><identifier>oai:{name}:{number}</identifier><datestamp>2026-01-01</datestamp>"
    '</header><metadata><dc xmlns="http://www.openarchives.org/OAI/2.0/oai_dc/"/></metadata></record>'
)


@attrs.define
class Host:
    """A host with several repositories, one a path, and what it was asked, in order."""

    pause: float = 0.0
    asked: list[tuple[str, int, float]] = attrs.field(factory=list)
    at_once: int = 0
    most_at_once: int = 0
    lock: threading.Lock = attrs.field(factory=threading.Lock)
    broken: dict[str, tuple[int, dict[str, str]]] = attrs.field(factory=dict)

    def answer(self, name: str, asked: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        page = int(asked.get("resumptionToken", "0"))
        with self.lock:
            self.asked.append((name, page, time.monotonic()))
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        time.sleep(self.pause)
        with self.lock:
            self.at_once -= 1
        if name in self.broken:
            return (*self.broken[name], b"")
        token = str(page + 1) if page + 1 < PAGES else ""
        size = f'cursor="{page}" completeListSize="{PAGES}"'
        inside = RECORD.format(name=name, number=page)
        body = (
            f'<OAI-PMH xmlns="{OAI}"><responseDate>2026-01-31T08:00:00Z</responseDate>'
            f"<request>http://a.example/</request><ListRecords>{inside}"
            f"<resumptionToken {size}>{token}</resumptionToken></ListRecords></OAI-PMH>"
        )
        return 200, {}, body.encode()

    def pages_of(self, name: str) -> list[int]:
        return [page for one, page, _ in self.asked if one == name]


@contextmanager
def serving(host: Host) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            code, headers, body = host.answer(parts.path.strip("/"), dict(parse_qsl(parts.query)))
            self.send_response(code)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


Queue = Callable[..., Any]


@attrs.define
class Office:
    """A consortium whose store is PostgreSQL, and its command line."""

    folder: Path
    address: str

    def command(self, *words: str) -> list[str]:
        return [
            *(sys.executable, "-m", "libconsortium", "-C", str(self.folder), "queue", *words),
            "--json",
        ]

    def queue(self, *words: str) -> Any:  # noqa: ANN401 - what the command says
        """Type a command in this process, which is quicker than to start one."""
        said = io.StringIO()
        with redirect_stdout(said):
            code = run(self.command(*words)[3:])
        return {**json.loads(said.getvalue()), **({"code": code} if code else {})}

    def worker(self, *words: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            self.command("work", *words),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            env={**os.environ, "LIBCONSORTIUM_LANG": "en"},
        )

    def states(self) -> dict[str, str]:
        return {row["source"]: row["queue"] for row in self.queue("status")["sources"]}

    def consortium(self) -> Consortium:
        return Consortium.open(self.folder)


@pytest.fixture
def office(tmp_path: Path, pg_url: str) -> Office:
    return Office(tmp_path, pg_url)


def settle(office: Office, **sources: str) -> None:
    """Write the settings: name and address of every source."""
    text = f'[consortium]\nname = "Mẫu"\nstore = "{office.address}"\n'
    for name, url in sources.items():
        text += (
            f'[[sources]]\nname = "{name}"\nmember = "{name}"\nurl = "{url}/{name}"\n'
            'allowed_networks = ["127.0.0.1/32"]\nretry_seconds = 0.01\n'
        )
    (office.folder / "consortium.toml").write_text(text, "utf-8")
    assert office.queue("init") == {"schema": 1, "made": True}


def ended(worker: subprocess.Popen[str]) -> Any:  # noqa: ANN401 - what the command says
    out, err = worker.communicate(timeout=60)
    assert worker.returncode == 0, err
    return json.loads(out)["done"]


def waited(until: Callable[[], object], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


def test_two_workers_never_ask_one_host_at_once_and_two_hosts_at_once(office: Office) -> None:
    one, other = Host(pause=0.15), Host(pause=0.15)
    with ExitStack() as stack:
        url, other_url = (stack.enter_context(serving(host)) for host in (one, other))
        settle(office, a=url, b=url, c=url, d=other_url)
        assert office.queue("add")["added"] == ["a", "b", "c", "d"]
        workers = [office.worker("--until-empty") for _ in range(2)]
        done = [row for worker in workers for row in ended(worker)]

    assert sorted(row["source"] for row in done) == ["a", "b", "c", "d"]
    assert {row["status"] for row in done} == {"COMPLETE"}
    assert (one.most_at_once, other.most_at_once) == (1, 1)
    blocks = [
        name
        for number, (name, _, _) in enumerate(one.asked)
        if not number or one.asked[number - 1][0] != name
    ]
    assert sorted(blocks) == ["a", "b", "c"], "the harvests of one host ran into each other"
    assert other.asked[0][2] < one.asked[-1][2]
    assert one.asked[0][2] < other.asked[-1][2]
    with office.consortium() as consortium:
        assert sum(count.live for count in consortium.store.record_counts()) == 4 * PAGES


@pytest.mark.parametrize("is_elsewhere", [False, True], ids=["same machine", "other machine"])
def test_a_killed_worker_s_job_goes_on_at_its_checkpoint(
    office: Office, *, is_elsewhere: bool
) -> None:
    host = Host(pause=0.3)
    with serving(host) as url:
        settle(office, a=url)
        office.queue("add")
        first = office.worker("--stalled-after", "2")
        waited(lambda: len(host.asked) > 3)
        os.killpg(first.pid, signal.SIGKILL)
        first.communicate()
        if is_elsewhere:
            with psycopg.connect(office.address.replace("+psycopg", "")) as connection:
                connection.execute("UPDATE lc_harvest_lock SET host = 'a-machine-that-is-gone'")
        before = len(host.asked)
        done = ended(office.worker("--until-empty", "--stalled-after", "2"))

    assert [row["status"] for row in done] == ["COMPLETE"]
    assert host.asked[before][1] > 0, "it began again from the first page"
    assert host.pages_of("a").count(0) == 1
    with office.consortium() as consortium:
        runs = consortium.store.runs("a")
        assert [run.status for run in runs] == [RunStatus.COMPLETE]
        assert runs[0].counts.records == PAGES


def test_a_stopped_worker_puts_its_source_back_and_another_goes_on(office: Office) -> None:
    host = Host(pause=0.3)
    with serving(host) as url:
        settle(office, a=url)
        office.queue("add")
        first = office.worker()
        waited(lambda: len(host.asked) > 2)
        first.send_signal(signal.SIGTERM)
        stopped = ended(first)
        assert office.states() == {"a": "waiting"}
        done = ended(office.worker("--until-empty"))

    assert [row["status"] for row in stopped + done] == ["INTERRUPTED", "COMPLETE"]
    assert sorted(set(host.pages_of("a"))) == list(range(PAGES))
    assert host.pages_of("a").count(0) == 1, "it began again from the first page"


def test_bad_sources_hold_up_nobody_not_even_at_their_own_host(office: Office) -> None:
    host = Host()
    host.broken = {"down": (500, {}), "later": (503, {"Retry-After": "86400"})}
    with serving(host) as url:
        settle(office, down=url, later=url, sound=url, wrong="http://127.0.0.2:1")
        office.queue("add")
        first = {row["source"]: row for row in ended(office.worker("--until-empty"))}
        office.queue("add", "sound")
        again = ended(office.worker("--until-empty"))

    assert {name: row["status"] for name, row in first.items()} == {
        "down": "INCOMPLETE",
        "later": "DEFERRED",
        "sound": "COMPLETE",
        "wrong": "ERROR",
    }
    now = datetime.now(UTC)
    assert datetime.fromisoformat(first["later"]["again"]) > now + timedelta(hours=23)
    assert datetime.fromisoformat(first["down"]["again"]) < now + timedelta(minutes=16)
    assert first["wrong"]["given_up"]
    assert [(row["source"], row["status"]) for row in again] == [("sound", "COMPLETE")]
    assert office.states() == {
        "down": "waiting",
        "later": "waiting",
        "sound": "-",
        "wrong": "given up",
    }


def test_a_source_that_waits_or_runs_is_not_put_in_twice(office: Office) -> None:
    host = Host(pause=0.3)
    with serving(host) as url:
        settle(office, a=url)
        assert office.queue("add")["added"] == ["a"]
        assert office.queue("add")["added"] == []
        worker = office.worker("--until-empty")
        waited(lambda: host.asked)
        assert office.queue("add")["added"] == []
        ended(worker)
        assert office.queue("add")["added"] == ["a"]
        assert office.queue("remove", "a")["removed"] == ["a"]
        assert office.states() == {"a": "-"}


def test_the_queue_has_to_be_made_and_needs_postgresql(office: Office, tmp_path: Path) -> None:
    settings = tmp_path / "consortium.toml"
    settings.write_text(f'[consortium]\nname = "M"\nstore = "{office.address}"\n', "utf-8")
    unmade = office.queue("status")
    settings.write_text('[consortium]\nname = "M"\n', "utf-8")
    sqlite = office.queue("init")

    assert (unmade["code"], sqlite["code"]) == (1, 1)
    assert "queue init" in unmade["reason"]
    assert "PostgreSQL" in sqlite["reason"]


def test_made_twice_it_keeps_its_jobs_and_made_afresh_it_does_not(office: Office) -> None:
    settle(office, a="http://127.0.0.1:1")
    office.queue("add")

    assert office.queue("init")["made"] is False
    assert office.states() == {"a": "waiting"}
    assert office.queue("init", "--fresh")["made"] is True
    assert office.states() == {"a": "-"}


def test_the_store_is_untouched_by_the_queue_s_tables(office: Office) -> None:
    settle(office)
    with psycopg.connect(office.address.replace("+psycopg", "")) as connection:
        rows = connection.execute(
            "SELECT DISTINCT schemaname FROM pg_tables WHERE tablename LIKE 'procrastinate%'"
        ).fetchall()

    assert rows == [(jobs.SCHEMA,)]
