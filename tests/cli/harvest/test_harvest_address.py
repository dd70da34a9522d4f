"""``harvest --url`` with no consortium: its exit codes, its one JSON object, and its file."""

from __future__ import annotations

import csv
import json
import os
import re
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import attrs
import pytest
from lxml import etree

from libconsortium import HarvestCounts, HarvestPage, StoreError
from libconsortium.plugins.sql_store.sql_store import SqlStore
from tests.cli.conftest import Said, Type
from tests.hostile.faults import HTML, POISON, in_the_middle, mended, poisoned
from tests.hostile.scenarios import repository
from tests.oai_server import Reply, Repository, error, serving
from tests.raw_server import answer_of, raw_server, says

pytestmark = pytest.mark.slow

ASKED = {
    *("schema", "status", "reason", "records", "deleted", "quarantined", "repaired", "duplicates"),
    *("pages", "new", "changed", "unchanged", "missing", "until", "evidence"),
}


def harvested(typed: Type, file: Path, server: Repository, *more: object) -> Said:
    with serving(server) as url:
        return at(typed, file, url, *more)


def at(typed: Type, file: Path, url: str, *more: object) -> Said:
    network = ("--allow-network", "127.0.0.0/8")
    return typed("harvest", "--url", url, "--into", file, "--json", *network, *more)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "records.db"


def test_0_a_complete_harvest(typed: Type, file: Path) -> None:
    said = harvested(typed, file, repository())

    assert said.code == 0
    assert set(said.json) >= ASKED
    assert (said.json["status"], said.json["records"], said.json["deleted"]) == ("COMPLETE", 98, 2)
    assert said.json["missing"] == []
    assert str(file) in said.json["evidence"]


def test_the_commands_that_a_harvest_names_can_be_copied(typed: Type, file: Path) -> None:
    with serving(repository()) as url:
        network = ("--allow-network", "127.0.0.0/8")
        said = typed("harvest", "--url", url, "--into", file, *network)

    named = re.findall(r": (libconsortium .*)", said.err)
    assert len(named) == 2
    assert all(typed(*line.split()[1:]).code == 0 for line in named)


def test_the_same_command_again_updates(typed: Type, file: Path) -> None:
    server = repository(honours_dates=False)
    with serving(server) as url:
        at(typed, file, url)
        server.size = 101
        said = at(typed, file, url)

    assert (said.json["new"], said.json["unchanged"], said.json["records"]) == (1, 100, 99)


def test_4_an_address_where_nobody_answers_names_the_doctor(typed: Type, file: Path) -> None:
    dead = "http://127.0.0.1:9/oai"

    said = typed(
        "harvest", "--url", dead, "--allow-network", "127.0.0.0/8", "--deadline", 10, "--into", file
    )

    assert said.code == 4
    assert "connection refused: nothing answers" in said.out + said.err
    assert f"libconsortium harvest doctor {dead}" in said.err
    assert "Errno" not in said.out + said.err


def test_4_a_name_that_no_server_has_is_told_once_and_in_plain_words(
    typed: Type, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nobody(*_: object, **__: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr("socket.getaddrinfo", nobody)
    monkeypatch.setattr("libconsortium.http.session.backoff", lambda *_: 0.01)

    said = typed("harvest", "--url", "http://lib.example/oai", "--into", file)

    assert said.code == 4
    assert said.out.count("no server has this name") == 1
    assert said.out.splitlines()[-1] == "  missing: everything"


def test_4_a_deadline_says_what_the_last_attempt_met(typed: Type, file: Path) -> None:
    said = at(typed, file, "http://127.0.0.1:9/oai", "--deadline", "0.2")

    assert (said.code, said.json["status"]) == (4, "INCOMPLETE")
    assert "the last attempt met: connection refused" in said.json["reason"]


def test_a_header_that_is_none_is_no_crash(
    typed: Type, file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    body = Repository(size=3, page_size=10).body({"verb": "ListRecords"})
    told = "X-A: 1\r\n goes on\r\nThư viện: 1\r\n goes on\r\nNo header\r\nX-Odd: 1\r\n"

    with raw_server(says(answer_of(body, headers=told))) as url:
        said = at(typed, file, url)

    assert (said.code, said.json["records"]) == (0, 3)
    assert "urllib3" not in caplog.text


def test_1_an_address_that_is_not_allowed(typed: Type, file: Path) -> None:
    said = typed("harvest", "--url", "http://127.0.0.1:1/oai", "--into", file, "--json")

    assert said.code == 1
    assert set(said.json) >= ASKED
    assert said.json["status"] == "ERROR"
    assert "not a public address" in said.json["reason"]


def test_1_a_prefix_the_server_does_not_give(typed: Type, file: Path) -> None:
    refuse = Reply(body=error("cannotDisseminateFormat"))
    said = harvested(typed, file, repository(lambda _asked, _count, _reply: refuse))

    assert (said.code, said.json["status"]) == (1, "ERROR")


def test_1_a_file_that_cannot_be_made(typed: Type, tmp_path: Path) -> None:
    said = harvested(typed, tmp_path / "nowhere" / "records.db", repository())

    assert said.code == 1
    assert set(said.json) >= ASKED


def test_1_a_full_disk_tells_what_is_kept_and_where_it_goes_on(
    typed: Type, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_page = SqlStore.add_page

    def until_full(store: SqlStore, number: int, page: HarvestPage, **more: str) -> HarvestCounts:
        if page.number > 2:
            raise StoreError("{address}: database or disk is full", address="store")
        return add_page(store, number, page, **more)

    with serving(repository()) as url:
        with monkeypatch.context() as patched:
            patched.setattr(SqlStore, "add_page", until_full)
            said = at(typed, file, url)
        whole = at(typed, file, url)

    told = said.json
    assert (said.code, told["status"]) == (1, "ERROR")
    assert (told["records"] + told["deleted"], told["pages"]) == (20, 2)
    assert told["new"] == told["records"]
    assert [(one["page"], "disk is full" in one["reason"]) for one in told["missing"]] == [
        (3, True)
    ]
    assert told["evidence"] == f"{file}: run 1, 2 pages"
    assert (whole.code, whole.json["records"]) == (0, 98)


@pytest.mark.parametrize(
    "wrong",
    [
        ("--url", "ftp://a.example/oai", "--into", "x.db"),
        ("--url", "http://a.example/oai"),
        ("--url", "http://a.example/oai", "--into", "x.db", "--from", "yesterday"),
        ("--url", "http://a.example/oai", "--into", "x.db", "--allow-network", "home"),
        ("--url", "http://a.example/oai", "--into", "x.db", "--deadline", "-1"),
        ("--url", "http://a.example/oai", "--into", "x.db", "--header", "X"),
        ("a-source", "--url", "http://a.example/oai", "--into", "x.db"),
    ],
)
def test_2_a_command_that_is_written_wrong(typed: Type, wrong: tuple[str, ...]) -> None:
    said = typed("harvest", *wrong, "--json")

    assert said.code == 2
    assert said.json["status"] == "ERROR"
    assert said.json["reason"]


def test_3_a_record_that_stays_broken(typed: Type, file: Path) -> None:
    said = harvested(
        typed, file, repository(poisoned(lambda old: old.replace(b"</dc:title>", b"")))
    )

    assert (said.code, said.json["status"]) == (3, "COMPLETE_WITH_QUARANTINE")
    assert (said.json["records"], said.json["quarantined"]) == (97, 1)
    assert [one["identifier"] for one in said.json["missing"]] == [f"oai:a.example:{POISON}"]
    listed = typed("records", "--in", file, "--quarantine", "--json")
    assert listed.json["identifier"] == f"oai:a.example:{POISON}"


def test_4_a_server_that_gives_web_pages_only(typed: Type, file: Path) -> None:
    said = harvested(typed, file, repository(lambda _asked, _count, _reply: Reply(body=HTML)))

    assert (said.code, said.json["status"]) == (4, "INCOMPLETE")
    assert said.json["missing"][0]["reason"]


def test_4_the_deadline(typed: Type, file: Path) -> None:
    said = harvested(typed, file, repository(), "--deadline", "0.001")

    assert (said.code, said.json["status"]) == (4, "INCOMPLETE")
    assert said.json["missing"]


def test_5_a_server_that_asks_to_come_back_tomorrow(typed: Type, file: Path) -> None:
    busy = Reply(body=b"", status=503, headers=(("Retry-After", "86400"),))
    server = repository(lambda asked, _count, reply: busy if in_the_middle(asked) else reply)

    said = harvested(typed, file, server)

    assert (said.code, said.json["status"]) == (5, "DEFERRED")
    assert said.json["until"]
    assert said.json["records"] == 39


def test_repairs_are_counted_and_told(typed: Type, file: Path) -> None:
    fault = poisoned(lambda old: old.replace(b"ch\xc3\xad", b"\x01"))
    said = harvested(typed, file, repository(fault))

    assert (said.code, said.json["repaired"]) == (0, 1)
    listed = typed("records", "--in", file, "--problems", "--json")
    lost, problem = listed.json["problems"]
    assert (lost["code"], problem["code"]) == ("LOSS_SUSPECTED", "REPAIRED_CONTROL_CHARACTER")
    assert "\\x01" in problem["what"]


def test_a_selection_counts_its_own_records(typed: Type, file: Path) -> None:
    with serving(repository()) as url:
        at(typed, file, url)
        said = at(typed, file, url, "--until", "2026-01-01T09:00:00Z")
        other = at(typed, file, url, "--set", "all")

    assert said.json["records"] == 9
    assert said.json["deleted"] == 1
    assert other.json["new"] == 98


def test_records_without_metadata_count_and_are_problems(typed: Type, file: Path) -> None:
    bare = attrs.evolve(repository(), size=3, deleted=frozenset())
    bare.fault = lambda _asked, _count, reply: attrs.evolve(
        reply, body=reply.body.replace(bare.record(1).encode(), _without_metadata(bare))
    )
    said = harvested(typed, file, bare)

    assert (said.code, said.json["records"]) == (0, 3)
    lines = typed("records", "--in", file, "--problems", "--json").out.splitlines()
    assert [json.loads(line)["identifier"] for line in lines] == ["oai:a.example:1"]
    assert [one["code"] for one in json.loads(lines[0])["problems"]] == ["NO_METADATA"]


def test_a_record_that_got_its_metadata_later_has_no_problem(typed: Type, file: Path) -> None:
    server = attrs.evolve(repository(), size=3, deleted=frozenset(), honours_dates=False)
    whole, bare = server.record(1).encode(), _without_metadata(server)
    server.fault = lambda _asked, _count, reply: attrs.evolve(
        reply, body=reply.body.replace(whole, bare)
    )
    with serving(server) as url:
        at(typed, file, url)
        bare = whole
        again = at(typed, file, url)

    assert again.json["changed"] == 1
    assert typed("records", "--in", file, "--problems", "--json").out == ""


def _without_metadata(server: Repository) -> bytes:
    return f"<record>{server.header(1)}</record>".encode()


def test_records_of_a_file_are_listed_line_by_line(typed: Type, file: Path) -> None:
    harvested(typed, file, repository())

    lines = typed("records", "--in", file, "--deleted", "--json").out.splitlines()
    rows = [json.loads(line) for line in lines]

    assert len(rows) == 100
    assert {"identifier", "datestamp", "deleted", "title", "creators"} <= set(rows[0])
    assert [row["identifier"] for row in rows if row["deleted"]] == [
        "oai:a.example:5",
        "oai:a.example:55",
    ]
    since = typed("records", "--in", file, "--since", "2026-01-05", "--json").out.splitlines()
    assert len(since) == 4
    assert "<dc:title>" in typed("records", "--in", file, "--raw").out


def test_a_file_that_is_not_there_is_not_made(typed: Type, file: Path) -> None:
    said = typed("records", "--in", file, "--json")

    assert said.code == 1
    assert not file.exists()


def test_a_file_is_written_in_every_format(typed: Type, file: Path, tmp_path: Path) -> None:
    harvested(typed, file, repository())

    said = typed("export", "--in", file, "--into", tmp_path / "out", "--json")

    assert said.code == 0
    counts = {Path(name).suffix: count for name, count in said.json["written"].items()}
    assert counts.pop(".tsv") == 0  # no record has an ISBN or ISSN
    assert counts == dict.fromkeys((".xml", ".mrc", ".jsonl", ".csv", ".json"), 98)
    marc = etree.parse(tmp_path / "out" / "records.xml").getroot()
    assert len(marc) == 98
    assert len(marc[0][0].text or "") == 24
    with (tmp_path / "out" / "records.csv").open(encoding="utf-8", newline="") as opened:
        assert len(list(csv.DictReader(opened))) == 98
    lines = (tmp_path / "out" / "records.jsonl").read_text("utf-8").splitlines()
    assert json.loads(lines[0])["title"].startswith("Địa chí")


def test_one_format_goes_into_a_file_or_to_standard_output(
    typed: Type, file: Path, tmp_path: Path
) -> None:
    harvested(typed, file, repository())

    typed("export", "--in", file, "--format", "marcxml", "--into", tmp_path / "a.mrcx")
    said = typed("export", "--in", file, "--format", "jsonl", "--deleted")

    assert len(etree.parse(tmp_path / "a.mrcx").getroot()) == 98
    assert len(said.out.splitlines()) == 100


def test_the_report_shows_the_proof_and_the_bytes(typed: Type, file: Path) -> None:
    server = repository()
    harvested(typed, file, server)

    assert "proof: the last page closes the list" in typed("harvest", "report", "--in", file).out
    said = typed("harvest", "report", "--in", file, "--run", 1, "--json")
    assert [page["records"] for page in said.json["runs"][0]["evidence"]] == [10] * 10
    assert typed("harvest", "report", "--in", file, "--run", 9).code == 1
    assert typed("harvest", "report", "--in", file, "--page", 1).code == 2
    assert typed("harvest", "report", "--in", file, "--run", 1).code == 0


def test_a_compare_of_a_file(typed: Type, file: Path) -> None:
    with serving(repository()) as url:
        at(typed, file, url)
        said = at(typed, file, url, "--compare")

    assert (said.code, said.json["records"]) == (0, 98)


def test_the_password_of_an_address_is_shown_nowhere(typed: Type, file: Path) -> None:
    with serving(repository()) as url:
        said = at(typed, file, url.replace("http://", "http://me:hush@"))

    assert said.code == 0
    assert "hush" not in said.out + said.err
    assert b"hush" not in file.read_bytes()


def test_a_usage_error_has_every_field_too(typed: Type, file: Path) -> None:
    said = typed("harvest", "--url", "http://a.example", "--json", "--deadline", "x")

    assert said.code == 2
    assert set(said.json) >= ASKED


@pytest.mark.parametrize(
    "wrong",
    [
        ("--from", "2026-02-31"),
        ("--from", "2026-01-03", "--until", "2026-01-02"),
        ("--deadline", "nan"),
        ("--prefix", ""),
    ],
)
def test_2_what_no_server_could_answer(typed: Type, file: Path, wrong: tuple[str, ...]) -> None:
    said = harvested(typed, file, repository(), *wrong)

    assert (said.code, said.json["status"]) == (2, "ERROR")


def test_2_an_address_that_chooses_records(typed: Type, file: Path) -> None:
    said = at(typed, file, "http://127.0.0.1/oai?verb=ListRecords&set=theses")

    assert said.code == 2
    assert "set=theses" in said.json["reason"]


def test_the_question_copied_with_an_address_is_left_out(typed: Type, file: Path) -> None:
    server = repository()
    with serving(server) as url:
        said = at(typed, file, f"{url}?verb=Identify")

    assert said.code == 0
    assert {asked["verb"] for asked in server.asked} == {"ListRecords"}


def test_a_day_and_a_second_are_asked_for_in_one_form(typed: Type, file: Path) -> None:
    server = repository()
    with serving(server) as url:
        at(typed, file, url, "--from", "2026-01-02", "--until", "2026-01-03T06:00:00Z")

    assert (server.asked[0]["from"], server.asked[0]["until"]) == (
        "2026-01-02T00:00:00Z",
        "2026-01-03T06:00:00Z",
    )


@pytest.mark.parametrize("form", [rb".500Z", rb"+00:00", b""])
def test_a_selection_counts_records_in_every_form_of_datestamps(
    typed: Type, file: Path, form: bytes
) -> None:
    def written(_asked: dict[str, str], _count: int, reply: Reply) -> Reply:
        body = re.sub(rb"(<datestamp>[^<]*)Z<", rb"\1" + form + b"<", reply.body)
        return attrs.evolve(reply, body=body)

    dates = ("--from", "2026-01-02T00:00:00Z", "--until", "2026-01-02T10:00:00Z")
    said = harvested(typed, file, repository(written), *dates)

    assert said.json["records"] == 11


def test_a_selection_in_seconds_of_a_server_that_counts_in_days(typed: Type, file: Path) -> None:
    def days(asked: dict[str, str], _count: int, reply: Reply) -> Reply:
        return Reply(body=error("badArgument")) if "T" in asked.get("from", "") else reply

    server = repository(days, datestamp="2026-01-01")
    said = harvested(typed, file, server, "--from", "2026-01-02T08:00:00Z")

    assert said.json["records"] == said.json["new"] == 75


def test_1_a_file_of_another_program_stays_as_it_is(typed: Type, file: Path) -> None:
    with closing(sqlite3.connect(file)) as theirs:
        theirs.execute("CREATE TABLE letters (text)")
    before = file.read_bytes()

    said = harvested(typed, file, repository())

    assert said.code == 1
    assert "another program" in said.json["reason"]
    assert file.read_bytes() == before


def test_a_file_may_have_any_name(typed: Type, tmp_path: Path) -> None:
    file = tmp_path / "thư viện #1? 100%.db"

    said = harvested(typed, file, repository())

    assert (said.code, file.is_file()) == (0, True)


def test_records_withdrawn_without_a_word_are_deleted(typed: Type, file: Path) -> None:
    server = repository(deleted=frozenset())
    server.fault = mended(
        lambda asked: asked["verb"] == "Identify", lambda body: body.replace(b"persistent", b"no")
    )
    with serving(server) as url:
        at(typed, file, url)
        server.size = 99
        said = at(typed, file, url)

    assert (said.code, said.json["records"], said.json["deleted"]) == (0, 99, 1)


def test_a_comparison_of_a_selection_leaves_the_rest_alone(typed: Type, file: Path) -> None:
    with serving(repository()) as url:
        at(typed, file, url)
        said = at(typed, file, url, "--compare", "--from", "2026-01-04")

    assert said.code == 0
    assert "0 are gone" in said.json["reason"]


def titled(title: str) -> Repository:
    """Return a repository whose records all have one title."""
    return repository(
        lambda _asked, _count, reply: attrs.evolve(
            reply, body=re.sub(rb"(<dc:title>)[^<]*", rb"\1" + title.encode(), reply.body)
        )
    )


def test_an_old_encoding_that_cannot_be_mistaken_is_read_by_itself(typed: Type, file: Path) -> None:
    harvested(typed, file, titled("Nh÷ng nguyªn t¾c cÇn tu©n thñ"))
    first = json.loads(typed("records", "--in", file, "--limit", 1, "--json").out)

    assert first["title"] == "Những nguyên tắc cần tuân thủ"
    assert "TEXT_REPAIRED" in {one["code"] for one in first["problems"]}


def test_a_repair_can_be_asked_for(typed: Type, file: Path) -> None:
    harvested(typed, file, titled("Thö vieän"))
    listed = ("records", "--in", file, "--limit", 1, "--json")
    out = typed("export", "--in", file, "--repair", "vni", "--format", "jsonl").out

    assert json.loads(typed(*listed).out)["title"] == "Thö vieän"
    assert json.loads(typed(*listed, "--repair", "vni").out)["title"] == "Thư viện"
    assert "Thư viện" in out


def test_a_repair_of_a_consortium_s_sources_stands_in_its_settings(typed: Type) -> None:
    assert typed("records", "--repair", "vni").code == 2


def test_1_a_second_harvest_at_the_same_time_says_since_when_the_first_is_at_work(
    typed: Type, file: Path
) -> None:
    seconds: list[Said] = []
    server = repository()

    def meanwhile(asked: dict[str, str], _count: int, reply: Reply) -> Reply:
        if in_the_middle(asked) and not seconds:
            seconds.append(Said(0, "", ""))  # only once
            listed = [sys.executable, "-m", "libconsortium", "harvest", "--url", url, "--into"]
            more = [str(file), "--json", "--allow-network", "127.0.0.0/8"]
            done = subprocess.run([*listed, *more], check=False, capture_output=True, text=True)
            seconds[0] = Said(done.returncode, done.stdout, done.stderr)
        return reply

    server.fault = meanwhile
    with serving(server) as url:
        first = at(typed, file, url)

    (second,) = seconds
    assert (first.code, first.json["records"]) == (0, 98)
    assert second.code == 1
    assert "already, since 20" in second.json["reason"]
    assert 0 < second.json["records"] < 98


def test_an_address_is_released_from_a_machine_that_is_gone(typed: Type, file: Path) -> None:
    with serving(repository()) as url:
        at(typed, file, url)
        with closing(sqlite3.connect(file)) as opened:
            name = opened.execute("SELECT source FROM lc_harvest_run").fetchone()[0]
            opened.execute(
                "INSERT INTO lc_harvest_lock VALUES (?, 1, 'gone', 1, 'x', '2026-01-01T00:00:00Z')",
                (name,),
            )
            opened.commit()
        held = at(typed, file, url)
        freed = at(typed, file, url, "--release")
        after = at(typed, file, url)

    assert (held.code, held.json["records"]) == (1, 98)
    assert freed.json["released"] == [name]
    assert after.code == 0


def test_2_records_since_a_day_that_is_none(typed: Type, file: Path) -> None:
    harvested(typed, file, repository())

    for wrong in ("yesterday", "2026-02-30", "2026-13", "2026-01-03T25:00:00Z", "0000"):
        assert typed("records", "--in", file, "--since", wrong, "--json").code == 2
    assert len(typed("records", "--in", file, "--since", "2026").out.splitlines()) == 98 + 2
    assert typed("records", "--in", file, "--since", "2026-01-03", "--json").code == 0


def test_a_list_for_people_shows_the_beginning_of_a_title_that_is_a_whole_book(
    typed: Type, file: Path
) -> None:
    def long(_asked: dict[str, str], _count: int, reply: Reply) -> Reply:
        body = reply.body.replace(b"</dc:title>", b"x" * 100_000 + b"</dc:title>", 1)
        return attrs.evolve(reply, body=body)

    with serving(Repository(size=2, fault=long)) as url:
        at(typed, file, url)

    assert len(typed("records", "--in", file).out) < 2000
    assert len(typed("records", "--in", file, "--json").out) > 100_000


def test_a_dry_run_of_an_address_asks_nobody_and_makes_no_file(typed: Type, file: Path) -> None:
    server = repository()
    with serving(server) as url:
        before = at(typed, file, url, "--dry-run")
        assert (before.code, server.asked, file.exists()) == (0, [], False)
        at(typed, file, url)
        asked = len(server.asked)
        after = at(typed, file, url, "--dry-run")

    assert len(server.asked) == asked
    assert (before.json["dry_run"], before.json["sources"][0]["since"]) == (True, "")
    assert after.json["sources"][0]["since"] == "2026-01-31T07:59:59Z"


def test_24_a_change_that_keeps_its_datestamp_is_found_by_asking_for_everything(
    typed: Type, file: Path
) -> None:
    server = repository()
    with serving(server) as url:
        at(typed, file, url)
        server.fault = poisoned(lambda old: old.replace(b"<dc:title>", b"<dc:title>Changed "))
        usual = at(typed, file, url)
        compared = at(typed, file, url, "--compare")
        planned = at(typed, file, url, "--whole", "--dry-run")
        whole = at(typed, file, url, "--whole")
        after = at(typed, file, url)

    assert [usual.json["changed"], compared.json["changed"], whole.json["changed"]] == [0, 0, 1]
    assert (whole.json["status"], whole.json["unchanged"]) == ("COMPLETE", 99)
    assert planned.json["sources"][0]["since"] == ""
    assert after.json["pages"] < whole.json["pages"]
    assert "Changed" in typed("records", "--in", file).out


def test_a_whole_list_that_was_stopped_goes_on_as_one(typed: Type, file: Path) -> None:
    server = repository()
    with serving(server) as url:
        at(typed, file, url)
        server.fault = lambda asked, _count, reply: (
            Reply(body=b"", status=503, headers=(("Retry-After", "9999"),))
            if in_the_middle(asked)
            else reply
        )
        stopped = at(typed, file, url, "--whole")
        server.fault = poisoned(lambda old: old.replace(b"<dc:title>", b"<dc:title>Changed "))
        asked = len(server.asked)
        at(typed, file, url, "--whole")

    assert stopped.code == 5
    assert server.asked[asked].get("resumptionToken", "").endswith(" 40")


def test_whole_and_compare_are_two_things(typed: Type, file: Path) -> None:
    said = at(typed, file, "http://127.0.0.1:9/oai", "--whole", "--compare")

    assert (said.code, "--whole" in said.err) == (2, True)


def test_an_unknown_prefix_names_those_that_the_server_gives(typed: Type, file: Path) -> None:
    def fault(asked: dict[str, str], _count: int, reply: Reply) -> Reply:
        is_meant = asked["verb"] == "ListRecords"
        return Reply(body=error("cannotDisseminateFormat")) if is_meant else reply

    said = harvested(typed, file, repository(fault), "--prefix", "marx")

    assert (said.code, said.json["status"]) == (1, "ERROR")
    assert said.json["reason"].endswith("choose another prefix; it gives: oai_dc")


def test_a_set_with_nothing_in_it_is_named(typed: Type, file: Path) -> None:
    def fault(asked: dict[str, str], _count: int, reply: Reply) -> Reply:
        return Reply(body=error("noRecordsMatch")) if asked.get("set") else reply

    said = harvested(typed, file, repository(fault), "--set", "theses")

    assert (said.code, said.json["records"]) == (0, 0)
    assert "nothing in the set 'theses'; see how its sets are spelled: http" in said.json["reason"]
    assert "?verb=ListSets" in said.json["reason"]


def test_the_report_says_what_was_asked_what_came_and_how_it_goes_on(
    typed: Type, file: Path
) -> None:
    with serving(repository()) as url:
        at(typed, file, url)
        at(typed, file, url)
    said = typed("harvest", "report", "--in", file).out

    first, second = said.split("run 2 of")
    assert f"asked for: everything as oai_dc, from {url}\n" in first
    assert "received: 10 pages with 100 records: new 98, changed 0, as before 0, deleted 2" in first
    assert "goes on" not in first
    assert f"asked for: what changed since 2026-01-31T07:59:59Z as oai_dc, from {url}\n" in second
    assert "goes on: the next harvest asks for what changed since 2026-01-31T07:59:59Z" in second


def test_the_report_of_a_gap_says_where_it_goes_on(typed: Type, file: Path) -> None:
    busy = Reply(body=b"", status=503, headers=(("Retry-After", "86400"),))
    server = repository(lambda asked, _count, reply: busy if in_the_middle(asked) else reply)
    harvested(typed, file, server, "--set", "all")

    said = typed("harvest", "report", "--in", file).out

    assert "asked for: everything in the set all as oai_dc" in said
    assert "  gap: " in said
    assert "goes on: the same command goes on at page 5; what came is kept" in said


def test_the_report_of_a_run_lists_what_is_in_quarantine(typed: Type, file: Path) -> None:
    harvested(typed, file, repository(poisoned(lambda record: record.replace(b"</dc:", b"</x:"))))

    said = typed("harvest", "report", "--in", file, "--run", 1)

    assert "in the store now: 97 live records, 2 deleted, 1 in quarantine" in said.out
    assert f"oai:a.example:{POISON}: " in said.out


def test_the_evidence_has_the_token_that_went_in_and_the_one_that_came_out(
    typed: Type, file: Path
) -> None:
    harvested(typed, file, repository())

    pages = typed("harvest", "report", "--in", file, "--run", 1, "--json").json["runs"][0][
        "evidence"
    ]

    assert [page["token_in"] for page in pages[:3]] == ["", "t+& 10", "t+& 20"]
    assert [page["token_in"] for page in pages[1:]] == [page["token_out"] for page in pages[:-1]]


def test_1_a_source_that_the_file_does_not_have(typed: Type, file: Path) -> None:
    name = harvested(typed, file, repository()).json["source"]

    said = typed("records", "--in", file, "--source", "nowhere", "--json")

    assert said.code == 1
    assert name in said.json["reason"]


def test_1_an_empty_file_is_left_empty(typed: Type, file: Path) -> None:
    file.touch()

    said = typed("records", "--in", file, "--json")

    assert said.code == 1
    assert "is empty" in said.json["reason"]
    assert not file.stat().st_size


def test_1_an_ending_that_no_format_has(typed: Type, file: Path, tmp_path: Path) -> None:
    harvested(typed, file, repository())

    said = typed("export", "--in", file, "--into", tmp_path / "records.xlsx", "--json")

    assert said.code == 1
    assert "'.xlsx'" in said.json["reason"]
    assert not (tmp_path / "records.xlsx").exists()


def test_a_pipe_is_written_into_and_not_replaced(typed: Type, file: Path, tmp_path: Path) -> None:
    harvested(typed, file, repository())
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = [sys.executable, "-c", f"print(len(open({str(pipe)!r}).readlines()))"]
    with subprocess.Popen(reader, stdout=subprocess.PIPE, text=True) as process:
        said = typed("export", "--in", file, "--format", "jsonl", "--into", pipe)

        assert said.code == 0
        assert process.communicate(timeout=30)[0].strip() == "98"
    assert pipe.is_fifo()


@pytest.mark.parametrize("kept", ["env:NO_SUCH_VARIABLE_HERE", "file:/no/such/file", "me:hush"])
def test_1_a_password_that_is_not_where_it_should_be(
    typed: Type, file: Path, kept: str, caplog: pytest.LogCaptureFixture
) -> None:
    said = harvested(typed, file, repository(), "--credentials", kept)

    assert (said.code, said.json["status"]) == (1, "ERROR")
    assert "failed" not in said.json["reason"]
    assert "hush" not in said.out + said.err
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize(
    ("options", "companion"),
    [
        (("--prefix", "marcxml"), "--url"),
        (("--into", "x.db"), "--url"),
        (("--set", "a"), "--url"),
        (("--allow-network", "10.0.0.0/8"), "--url"),
        (("--confirm-deletions",), "--compare"),
    ],
)
def test_2_an_option_without_the_one_it_goes_with(
    typed: Type, options: tuple[str, ...], companion: str
) -> None:
    said = typed("harvest", *options, "--json")

    assert said.code == 2
    assert f"{options[0]} goes with {companion}" in said.json["reason"]


def test_what_is_missing_is_said_once_and_by_its_kind(typed: Type, file: Path) -> None:
    network = ("--allow-network", "127.0.0.0/8")
    busy = Reply(body=b"", status=503, headers=(("Retry-After", "86400"),))
    with serving(repository(lambda _asked, _count, _reply: busy)) as url:
        said = typed("harvest", "--url", url, "--into", file, *network)

    assert said.code == 5
    assert "  missing: page 1 and what follows\n" in said.out


def test_1_a_report_of_a_source_that_was_never_harvested(typed: Type, file: Path) -> None:
    name = harvested(typed, file, repository()).json["source"]

    said = typed("harvest", "report", "--in", file, "--source", "nowhere", "--json")

    assert said.code == 1
    assert name in said.json["reason"]


def test_a_report_before_any_harvest_says_so(typed: Type, folder: Path) -> None:
    said = typed("-C", folder, "harvest", "report")

    assert (said.code, said.out) == (0, "")
    assert "nothing was harvested yet" in said.err


def test_the_report_of_a_run_names_what_is_missing_until_it_came(typed: Type, file: Path) -> None:
    busy = Reply(body=b"", status=503, headers=(("Retry-After", "86400"),))
    is_busy = [True]
    server = repository(
        lambda asked, _count, reply: busy if is_busy[0] and in_the_middle(asked) else reply
    )
    with serving(server) as url:
        at(typed, file, url)
        said = typed("harvest", "report", "--in", file, "--run", 1)
        told = typed("harvest", "report", "--in", file, "--run", 1, "--json").json["runs"][0]
        is_busy[0] = False
        at(typed, file, url)
        later = typed("harvest", "report", "--in", file, "--run", 1, "--json").json["runs"][0]

    assert "page 5 and what follows are missing: " in said.out + said.err
    assert [one["code"] for one in told["missing"]] == ["MISSING"]
    assert (later["status"], later["missing"]) == ("COMPLETE", [])
