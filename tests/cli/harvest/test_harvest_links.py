"""``harvest links``: a list goes in, a table comes out, and the same command goes on."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.conftest import Said, Type
from tests.raw_server import raw_server
from tests.site_server import Library, open_library, page

LOCAL = ("--allow-network", "127.0.0.0/8")


def links(typed: Type, file: Path, *more: object) -> Said:
    return typed("harvest", "links", file, *LOCAL, *more)


def listed(tmp_path: Path, *lines: str) -> Path:
    file = tmp_path / "sites.txt"
    file.write_text("\n".join(lines), "utf-8")
    return file


def rows_of(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.DictReader(opened))


def test_0_all_alive(typed: Type, tmp_path: Path) -> None:
    with open_library(Library(pages={"/": page("A")}, oai="/oai/request")) as url:
        said = links(typed, listed(tmp_path, f"Thư viện A {url}"), "--json")

    assert said.code == 0
    assert said.json["status"] == "COMPLETE"
    assert said.json["counts"] == {"ok": 1, "moved": 0, "dead": 0, "not checked": 0, "has OAI": 1}
    assert said.json["sites"][0]["oai"] == f"{url}oai/request"
    assert said.json["sites"][0]["name"] == "Thư viện A"


def test_3_some_are_dead_and_the_table_says_why(typed: Type, tmp_path: Path) -> None:
    said = links(typed, listed(tmp_path, "A http://library.invalid/"))

    assert said.code == 3
    assert "dead" in said.out
    assert "ok 0 · moved 0 · dead 1 · not checked 0 · has OAI 0" in said.out
    assert "1/1  http://library.invalid/: dead (no such name)" in said.err


def test_2_a_table_for_excel_is_called_csv(typed: Type, tmp_path: Path) -> None:
    said = links(typed, listed(tmp_path, "A http://a.invalid/"), "--csv", tmp_path / "out.xlsx")

    assert said.code == 2
    assert "out.csv" in said.err
    assert not (tmp_path / "out.xlsx").exists()


def test_1_a_list_that_is_not_there(typed: Type, tmp_path: Path) -> None:
    said = links(typed, tmp_path / "none.txt", "--json")

    assert said.code == 1
    assert said.json["status"] == "ERROR"


def test_the_next_run_says_since_when_a_site_is_dead(typed: Type, tmp_path: Path) -> None:
    file, out = listed(tmp_path, "http://library.invalid/"), tmp_path / "links.csv"
    links(typed, file, "--csv", out)
    text = out.read_text("utf-8-sig")
    (row,) = rows_of(out)
    out.write_text(text.replace(row["since"], "2026-01-01T00:00:00Z"), "utf-8")

    said = links(typed, file, "--csv", out, "--json")

    assert said.json["sites"][0]["since"] == "2026-01-01T00:00:00Z"
    assert said.json["sites"][0]["checked"] > "2026-01-01T00:00:00Z"


def test_the_same_command_goes_on_with_the_sites_left(typed: Type, tmp_path: Path) -> None:
    out = tmp_path / "links.csv"
    library = Library(pages={"/a": page("A"), "/b": page("B")})
    with open_library(library) as url:
        file = listed(tmp_path, f"{url}a", f"{url}b")
        links(typed, file, "--csv", out)
        rows = rows_of(out)
        assert [row["state"] for row in rows] == ["ok", "ok"]
        text = out.read_text("utf-8-sig").replace(f"{url}b,ok", f"{url}b,not checked")
        out.write_text(text, "utf-8")
        library.asked.clear()

        said = links(typed, file, "--csv", out)

    assert said.code == 0
    assert "1 sites were checked before" in said.err
    assert "/a" not in library.asked
    assert [row["state"] for row in rows_of(out)] == ["ok", "ok"]


def test_a_file_that_holds_something_else_is_left_as_it_is(typed: Type, tmp_path: Path) -> None:
    out = tmp_path / "members.csv"
    out.write_text("id,name\n1,A\n", "utf-8")

    said = links(typed, listed(tmp_path, "http://library.invalid/"), "--csv", out)

    assert said.code == 1
    assert out.read_text("utf-8") == "id,name\n1,A\n"


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_4_stopped_in_the_middle_keeps_what_is_known(tmp_path: Path, number: int) -> None:
    out = tmp_path / "links.csv"
    with raw_server(lambda *_: time.sleep(2)) as slow, open_library(Library()) as url:
        file = listed(tmp_path, f"{url}a", *(slow.replace("/oai", f"/{n}") for n in range(9)))
        asked = ("harvest", "links", file, *LOCAL, "--csv", out, "--json")
        running = subprocess.Popen(
            [sys.executable, "-m", "libconsortium", *map(str, asked)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "LIBCONSORTIUM_LANG": "en"},
        )
        assert running.stderr is not None
        assert running.stderr.readline().startswith("1/10")
        running.send_signal(number)
        said, _ = running.communicate(timeout=60)

    assert running.returncode == 4
    assert json.loads(said)["status"] == "INCOMPLETE"
    assert json.loads(said)["counts"]["not checked"] >= 8
    assert rows_of(out)[0]["state"] == "dead"
