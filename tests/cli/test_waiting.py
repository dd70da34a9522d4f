"""Who waits at a terminal is told what is being done; a log is not filled with it."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from tests.oai_server import Reply, Repository, serving

from .conftest import Type

CONSORTIUM = """
[consortium]
name = "One library"
[[sources]]
name = "dh-a"
member = "dh-a"
url = "dh-a.csv"
harvester = "files"
"""


def test_a_terminal_shows_what_is_done_and_clears_it(
    typed: Type, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    titles = tmp_path / "titles.csv"
    titles.write_text("id,title,year\n1,Sóng,1968\n2,Sóng,1968\n", "utf-8")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)

    said = typed("cluster", titles, "--json")

    assert "comparing 1 pairs" in said.err
    assert said.err.endswith("\r\x1b[K")
    assert len(said.json["clusters"]) == 2


def test_a_catalogue_that_is_read_says_how_far_it_is(
    typed: Type, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "consortium.toml").write_text(CONSORTIUM, "utf-8")
    rows = "".join(f"{number},Sóng {number}\n" for number in range(60))
    (tmp_path / "dh-a.csv").write_text(f"id,title\n{rows}", "utf-8")
    monkeypatch.setattr("libconsortium.catalogue_steps.update.gathering._EVERY", 50)
    typed("-C", tmp_path, "harvest")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)

    said = typed("-C", tmp_path, "cluster", "--afresh")

    assert "dh-a: 50 records read" in said.err
    assert "joining what belongs together" in said.err


@pytest.mark.slow
def test_a_harvest_says_that_it_waits_and_then_how_far_it_is(
    typed: Type, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(_asked: dict[str, str], _count: int, reply: Reply) -> Reply:
        time.sleep(0.2)  # longer than a bar waits before it is drawn
        return reply

    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    with serving(Repository(size=9, fault=slow)) as url:
        network = ("--allow-network", "127.0.0.0/8")
        said = typed("harvest", "--url", url, "--into", tmp_path / "a.db", *network)

    assert "waiting for the first page" in said.err
    assert "9/9" in said.err


def test_a_log_has_none_of_it(typed: Type, tmp_path: Path) -> None:
    titles = tmp_path / "titles.csv"
    titles.write_text("id,title\n1,Sóng\n", "utf-8")

    assert "comparing" not in typed("cluster", titles).err


def test_an_engine_that_is_not_there_is_told_before_the_list_is_read(
    typed: Type, tmp_path: Path
) -> None:
    titles = tmp_path / "titles.csv"
    titles.write_text("no headings that we know\n", "utf-8")

    said = typed("cluster", titles, "--engine", "nowhere")

    assert (said.code, "no catalogue engine called 'nowhere'" in said.err) == (1, True)
