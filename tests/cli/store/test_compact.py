"""``compact``: less room for the same bytes, and every byte checked."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.cli.conftest import Type
from tests.oai_server import Repository, serving


@pytest.fixture
def file(typed: Type, tmp_path: Path) -> Path:
    """Return a file with what a harvest of forty records on ten pages left."""
    path = tmp_path / "records.db"
    with serving(Repository(size=40)) as url:
        network = ("--allow-network", "127.0.0.1/32")
        assert typed("harvest", "--url", url, "--into", path, "--json", *network).code == 0
    return path


def test_pages_are_packed_and_told(typed: Type, file: Path) -> None:
    said = typed("compact", "--in", file)

    assert said.code == 0
    assert said.out.startswith("10 pages packed: ")
    assert typed("compact", "--in", file).out == "every page is packed already\n"


def test_what_was_done_is_one_object(typed: Type, file: Path) -> None:
    done = typed("compact", "--in", file, "--json").json

    assert (done["schema"], done["bodies"], done["damaged"]) == (1, 10, [])
    assert done["after"] < done["before"] < done["received"]


def test_checking_reads_every_page_and_changes_nothing(typed: Type, file: Path) -> None:
    before = file.read_bytes()

    said = typed("compact", "--check", "--in", file)

    assert (said.code, said.out.split(":")[0]) == (0, "10 pages checked")
    assert file.read_bytes() == before


def test_1_a_page_that_somebody_spoilt_is_named(typed: Type, file: Path) -> None:
    with sqlite3.connect(file) as spoilt:
        spoilt.execute("UPDATE lc_harvest_body SET content = x'00' WHERE rowid = 3")
    spoilt.close()

    said = typed("compact", "--check", "--in", file, "--json")
    told = typed("compact", "--check", "--in", file)

    assert (said.code, told.code) == (1, 1)
    (name,) = said.json["damaged"]
    assert told.out.splitlines() == [
        f"9 pages checked: {said.json['received']} bytes as received, kept in {said.json['after']}",
        f"damaged, not what was received: {name}",
    ]


def test_the_store_of_the_consortium_is_packed_too(typed: Type, folder: Path) -> None:
    assert typed("-C", folder, "compact", "--json").json["bodies"] == 0
