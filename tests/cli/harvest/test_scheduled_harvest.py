"""A harvest by cron or systemd, and on a terminal: what is documented is what runs."""

from __future__ import annotations

import json
import os
import pty
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.cli.conftest import Type
from tests.hostile.faults import poisoned
from tests.hostile.scenarios import repository
from tests.oai_server import Reply, Repository, serving

PAGE = Path(__file__).parents[3] / "docs" / "how-to" / "schedule-a-harvest.md"
BIN = Path(sys.executable).parent


def blocks(kind: str) -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)


def settle(folder: Path, **sources: str) -> None:
    text = '[consortium]\nname = "Mẫu"\n'
    for name, url in sources.items():
        text += (
            f'[[sources]]\nname = "{name}"\nmember = "{name}"\nurl = "{url}"\n'
            'allowed_networks = ["127.0.0.1/32"]\nretry_seconds = 0.01\n'
        )
    (folder / "consortium.toml").write_text(text, "utf-8")


@pytest.fixture
def servers() -> Iterator[tuple[Repository, Repository, dict[str, str]]]:
    one, other = repository(size=25, deleted=frozenset()), repository(size=15, deleted=frozenset())
    with ExitStack() as stack:
        urls = [stack.enter_context(serving(server)) for server in (one, other)]
        yield one, other, {"tlu": urls[0], "msu": urls[1]}


def by_cron(line: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a line of a crontab as cron does: by sh, with next to no environment."""
    command = line.split(maxsplit=5)[5]
    command = command.replace("/srv/consortium/.venv/bin", str(BIN)).replace(
        "/srv/consortium", str(folder)
    )
    return subprocess.run(
        ["/bin/sh", "-c", command],
        cwd="/",
        env={"PATH": "/usr/bin:/bin", "SHELL": "/bin/sh", "HOME": str(folder)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )


@pytest.mark.slow
def test_the_line_for_cron_writes_plain_lines_and_is_silent_when_all_is_well(
    servers: tuple[Repository, Repository, dict[str, str]], tmp_path: Path
) -> None:
    settle(tmp_path, **servers[2])
    weekly, monthly = blocks("cron")

    done = [by_cron(line, tmp_path) for line in (weekly, monthly)]

    log = (tmp_path / "harvest.log").read_text("utf-8")
    assert [(one.returncode, one.stdout, one.stderr) for one in done] == [(0, "", "")] * 2
    assert re.search(
        r"^tlu: page 3, 25 of 25 records, \d+ a second, 0:00:00 to go$", log, re.MULTILINE
    )
    assert re.search(
        r"^msu: page 1, 10 of 15 records, \d+ a second, 0:00:\d\d to go$", log, re.MULTILINE
    )
    assert "\x1b" not in log
    assert "\r" not in log


@pytest.mark.slow
def test_the_line_for_cron_says_what_is_wrong(tmp_path: Path) -> None:
    settle(tmp_path, tlu="http://127.0.0.1:1/oai")

    done = by_cron(blocks("cron")[0], tmp_path)

    assert "tlu" in done.stdout
    assert "127.0.0.1" in done.stdout


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not on this machine")
def test_the_units_are_sound_and_give_little_authority(tmp_path: Path) -> None:
    service, timer = blocks("ini")
    program = tmp_path / "libconsortium"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    path = tmp_path / "consortium-harvest.service"
    path.write_text(service.replace("/srv/consortium/.venv/bin/libconsortium", str(program)))
    (tmp_path / "consortium-harvest.timer").write_text(timer)

    for name in ("consortium-harvest.service", "consortium-harvest.timer"):
        said = subprocess.run(
            ["systemd-analyze", "verify", "--man=no", str(tmp_path / name)],  # noqa: S607 - of the system
            capture_output=True,
            text=True,
            check=False,
        )
        ours = [line for line in said.stderr.splitlines() if "consortium-harvest" in line]
        assert not ours
    security = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--threshold=20", str(path)],  # noqa: S607 - of the system
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "LC_ALL": "C"},
    )
    assert security.returncode == 0, security.stdout[-300:]


def test_a_dry_run_asks_nobody_and_says_what_would_be_asked(
    typed: Type, servers: tuple[Repository, Repository, dict[str, str]], tmp_path: Path
) -> None:
    one, other, urls = servers
    settle(tmp_path, **urls)

    plan = typed("-C", tmp_path, "harvest", "--dry-run", "--json").json["sources"]

    assert not one.asked
    assert not other.asked
    assert [(row["source"], row["url"], row["page"], row["since"]) for row in plan] == [
        ("tlu", urls["tlu"], 1, ""),
        ("msu", urls["msu"], 1, ""),
    ]
    typed("-C", tmp_path, "harvest", "tlu")
    before = len(one.asked)
    plan = typed("-C", tmp_path, "harvest", "--dry-run", "--json").json["sources"]
    assert [row["since"] for row in plan] == ["2026-01-31T07:59:59Z", ""]
    assert len(one.asked) == before


def test_a_dry_run_names_no_day_of_comparing_files_that_are_always_read_whole(
    typed: Type, servers: tuple[Repository, Repository, dict[str, str]], tmp_path: Path
) -> None:
    _, _, urls = servers
    (tmp_path / "a.csv").write_text("id,title\n1,A\n", "utf-8")
    settle(tmp_path, tlu=urls["tlu"], files=str(tmp_path / "a.csv"))
    settings = tmp_path / "consortium.toml"
    text = settings.read_text("utf-8")
    place = text.index('name = "files"')
    settings.write_text(f'{text[:place]}harvester = "files"\n{text[place:]}', "utf-8")
    for _ in range(2):
        typed("-C", tmp_path, "harvest")

    plan = typed("-C", tmp_path, "harvest", "--dry-run", "--json").json["sources"]

    assert [(row["source"], bool(row["compare"])) for row in plan] == [
        ("tlu", True),
        ("files", False),
    ]


def test_a_dry_run_knows_a_harvest_that_ended_with_quarantine(typed: Type, tmp_path: Path) -> None:
    broken = poisoned(lambda old: old.replace(b"</dc:title>", b""))
    with serving(repository(broken)) as url:
        settle(tmp_path, tlu=url)
        assert typed("-C", tmp_path, "harvest").code == 3

        plan = typed("-C", tmp_path, "harvest", "--dry-run", "--json").json["sources"]

    assert [row["since"] for row in plan] == ["2026-01-31T07:59:59Z"]


def on_a_terminal(command: list[str], folder: Path) -> tuple[int, str]:
    """Run a command with a terminal as standard error; return its exit code and what it drew."""
    mine, theirs = pty.openpty()
    drawn = bytearray()

    def read() -> None:
        while True:
            try:
                got = os.read(mine, 65536)
            except OSError:
                return
            if not got:
                return
            drawn.extend(got)

    reader = threading.Thread(target=read)
    environment = {**os.environ, "TERM": "xterm", "LIBCONSORTIUM_LANG": "en", "COLUMNS": "120"}
    for name in ("NO_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        environment.pop(name, None)
    with subprocess.Popen(
        command, cwd=folder, stdout=subprocess.DEVNULL, stderr=theirs, env=environment
    ) as process:
        os.close(theirs)
        reader.start()
        code = process.wait(100)
    reader.join(10)
    os.close(mine)
    return code, drawn.decode("utf-8", "replace")


@pytest.mark.slow
def test_on_a_terminal_every_source_has_a_bar_with_rate_and_remaining_time(
    servers: tuple[Repository, Repository, dict[str, str]], tmp_path: Path
) -> None:
    def slow(_asked: dict[str, str], _count: int, reply: Reply) -> Reply:
        time.sleep(0.3)
        return reply

    one, other, urls = servers
    one.fault = other.fault = slow
    settle(tmp_path, **urls)

    code, drawn = on_a_terminal(
        [sys.executable, "-m", "libconsortium", "-C", str(tmp_path), "harvest"], tmp_path
    )

    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", drawn)
    assert code == 0
    for name, size in (("tlu", 25), ("msu", 15)):
        assert re.search(rf"{name} .*10/{size} +\d+/s +\d:\d\d:\d\d", plain), plain[-2000:]
        assert re.search(rf"{name} .*{size}/{size} +\d+/s", plain)


@pytest.mark.slow
def test_a_service_that_is_stopped_ends_after_the_present_pages(
    servers: tuple[Repository, Repository, dict[str, str]], tmp_path: Path
) -> None:
    def slow(asked: dict[str, str], _count: int, reply: Reply) -> Reply:
        if "resumptionToken" in asked and not process_told:
            process_told.append(1)
            process.send_signal(signal.SIGTERM)
            time.sleep(0.5)
        return reply

    one, _other, urls = servers
    process_told: list[int] = []
    one.fault = slow
    settle(tmp_path, tlu=urls["tlu"])
    command = [sys.executable, "-m", "libconsortium", "-C", str(tmp_path), "harvest", "--json"]

    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        out, _ = process.communicate(timeout=60)
    again = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)

    assert process.returncode == 4, out
    assert json.loads(out)["sources"][0]["status"] == "INCOMPLETE"
    assert json.loads(again.stdout)["sources"][0]["status"] == "COMPLETE"
    firsts = [asked for asked in one.asked if "resumptionToken" not in asked]
    assert len(firsts) == 1
