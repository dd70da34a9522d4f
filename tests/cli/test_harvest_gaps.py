"""What a harvest that cannot be complete tells: what is missing, shortly, and how to go on."""

from __future__ import annotations

import shlex
from pathlib import Path

import attrs
import pytest

from tests.cli.conftest import Said, Type
from tests.hostile import Asked, in_the_middle, is_list, repository
from tests.oai_server import Reply, Repository, error, serving

pytestmark = pytest.mark.slow

NETWORK = ("--allow-network", "127.0.0.0/8")
REFUSED = Reply(body=error("cannotDisseminateFormat"))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "all records.db"


def harvested(typed: Type, file: Path, server: Repository, *more: str) -> Said:
    with serving(server) as url:
        return typed("harvest", "--url", url, "--into", file, *NETWORK, *more)


def dead_page(asked: Asked, _count: int, reply: Reply) -> Reply:
    """Give neither identifiers nor single records, and no page in the middle."""
    if not is_list(asked):
        return attrs.evolve(reply, body=error("badVerb"))
    return attrs.evolve(reply, body=b"", status=500) if in_the_middle(asked) else reply


def test_a_refused_prefix_is_one_word_in_harvest_and_report(typed: Type, file: Path) -> None:
    server = repository(lambda asked, _count, reply: REFUSED if is_list(asked) else reply)
    said = harvested(typed, file, server, "--json")
    told = typed("harvest", "report", "--in", file, "--run", 1, "--json").json["runs"][0]

    assert (said.code, said.json["status"], told["status"]) == (1, "ERROR", "ERROR")
    assert ": error\n" in typed("harvest", "report", "--in", file).out


def test_the_command_that_shows_the_problems_can_be_copied(typed: Type, file: Path) -> None:
    said = harvested(typed, file, repository(dead_page, honours_dates=False))
    command = said.err.rpartition("problems; see: ")[2].splitlines()[0]

    shown = typed(*shlex.split(command)[1:])

    assert (shown.code, shown.out.startswith("run 1 of ")) == (0, True)
    assert command.endswith("all records.db' --run 1")


def test_problems_that_are_alike_are_one_line_with_their_number(typed: Type, file: Path) -> None:
    harvested(typed, file, repository(dead_page, honours_dates=False))
    said = typed("harvest", "report", "--in", file, "--run", 1)
    told = typed("harvest", "report", "--in", file, "--run", 1, "--json").json["runs"][0]

    dead = [line for line in said.err.splitlines() if "HTTP status 500" in line]
    counts = {one["what"].partition(": ")[2]: one["count"] for one in told["problems"]}
    assert sum("the page is kept as it came" in line for line in dead) == 1
    assert " more alike)" in dead[-1]
    assert counts["the server answered with HTTP status 500"] > 1
