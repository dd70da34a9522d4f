"""What a harvest that cannot be complete tells: what is missing, shortly, and how to go on."""

from __future__ import annotations

import shlex
from pathlib import Path

import attrs
import pytest

from tests.cli.conftest import Said, Type
from tests.hostile.faults import Asked, in_the_middle, is_list
from tests.hostile.scenarios import repository
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
    assert counts["the server answered with HTTP status 500 (0 bytes came)"] > 1


def refused(asked: Asked, count: int, reply: Reply) -> Reply:
    """Refuse dates as well."""
    if asked.keys() & {"from", "until"}:
        return attrs.evolve(reply, body=error("badArgument"))
    return dead_page(asked, count, reply)


@pytest.mark.parametrize(
    ("server", "most"),
    [
        (repository(refused), 12),
        (repository(dead_page, honours_dates=False), 21),
        (repository(dead_page, spread=False), 60),
    ],
    ids=["dates are refused", "dates are ignored", "all have one datestamp"],
)
def test_what_cannot_bring_anything_new_is_not_asked(
    typed: Type, file: Path, server: Repository, most: int
) -> None:
    said = harvested(typed, file, server, "--json")

    assert said.code == 4
    assert len(server.asked) <= most
    assert sum(one["verb"] == "ListIdentifiers" for one in server.asked) <= 2
    assert said.json["reason"].endswith("; 40 of 100 records came")


@pytest.mark.parametrize(
    "server",
    [repository(refused), repository(dead_page, honours_dates=False)],
    ids=["dates are refused", "dates are ignored"],
)
def test_a_list_that_cannot_be_divided_lacks_what_follows_the_page(
    typed: Type, file: Path, server: Repository
) -> None:
    said = harvested(typed, file, server, "--json")

    (missing,) = said.json["missing"]
    assert (missing["page"], missing["token"]) == (5, "t+& 40")
    assert missing["reason"].startswith("page 5: the server answered with HTTP status 500")


def test_only_the_datestamps_that_are_dead_are_missing_and_they_come_when_it_is_mended(
    typed: Type, file: Path
) -> None:
    server = repository(dead_page)
    server.fault = lambda asked, count, reply: (
        attrs.evolve(reply, body=b"", status=500)
        if is_list(asked) and b"a.example:44</identifier>" in reply.body
        else dead_page({**asked, "resumptionToken": ""}, count, reply)
    )
    with serving(server) as url:
        there = ("--url", url, "--into", file, *NETWORK, "--json")
        said = typed("harvest", *there)
        asked = len(server.asked)
        server.fault = lambda asked, _count, reply: (
            reply if is_list(asked) else attrs.evolve(reply, body=error("badVerb"))
        )
        later = typed("harvest", *there)

    (missing,) = said.json["missing"]
    assert (said.code, asked <= 120) == (4, True)
    assert missing["window"] == "2026-01-02T20:00:00Z/2026-01-02T20:00:00Z"
    assert "only the records of 2026-01-02T20:00:00Z" in said.json["reason"]
    assert said.json["reason"].endswith("; 99 of 100 records came")
    assert (later.code, later.json["records"], later.json["deleted"]) == (0, 98, 2)


def test_where_a_deferred_list_goes_on_is_told_with_its_token(typed: Type, file: Path) -> None:
    busy = Reply(body=b"", status=503, headers=(("Retry-After", "86400"),))
    server = repository(lambda asked, _count, reply: busy if in_the_middle(asked) else reply)

    (missing,) = harvested(typed, file, server, "--json").json["missing"]

    assert (missing["page"], missing["token"]) == (5, "t+& 40")
