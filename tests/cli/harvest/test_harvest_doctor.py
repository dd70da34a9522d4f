"""``harvest doctor``: from a site's address to a verdict, lines to paste, and a letter to send."""

from __future__ import annotations

import time
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.certificates import context_of, signed
from tests.cli.conftest import Said, Type
from tests.oai_server import Reply, Repository, error, serving
from tests.raw_server import raw_server
from tests.site_server import Library, open_library, page

LOCAL = ("--allow-network", "127.0.0.0/8")


def doctor(typed: Type, library: Library, *more: object) -> Said:
    with open_library(library) as url:
        return typed("harvest", "doctor", url, *LOCAL, *more)


def dspace(**changes: Any) -> Library:
    head = '<meta name="Generator" content="DSpace 6.3">'
    repository = Repository(honours_dates=True, **changes)
    return Library(
        pages={"/": page("Thư viện số", head=head)},
        oai="/oai/request",
        repository=repository,
        is_soft=True,
    )


def codes(said: Said) -> set[str]:
    return {finding["code"] for finding in said.json["findings"]}


def test_0_a_site_that_can_be_harvested(typed: Type) -> None:
    said = doctor(typed, dspace(), "--json")

    assert said.code == 0
    assert said.json["status"] == "OK"
    endpoint = said.json["endpoint"]
    assert endpoint["url"].endswith("/oai/request")
    assert (endpoint["software"], endpoint["version"]) == ("DSpace", "6.3")
    assert (endpoint["records"], endpoint["requests"]) == (10, 3)
    assert said.json["samples"][0]["present"]["title"] == 8
    assert said.json["choice"]["prefix"] == "oai_dc"


def test_the_lines_to_paste_are_a_source(typed: Type) -> None:
    said = doctor(typed, dspace(), "--json", "--contact", "office@example.org")

    (source,) = tomllib.loads(said.json["consortium_toml"])["sources"]
    assert source["url"] == said.json["endpoint"]["url"]
    assert source["prefix"] == "oai_dc"
    assert source["allowed_networks"] == ["127.0.0.0/8"]
    assert source["contact"] == "office@example.org"


def test_people_read_the_same(typed: Type) -> None:
    said = doctor(typed, dspace())

    assert "endpoint: http://127.0.0.1" in said.out
    assert "software: DSpace 6.3 (the site's page says so)" in said.out
    assert "records: 10; 3 requests" in said.out
    assert "[[sources]]" in said.out
    assert "Dear administrator" in said.out


def test_1_no_endpoint_says_where_it_looked_and_whom_to_ask(typed: Type) -> None:
    said = doctor(typed, Library(pages={"/": page("Thư viện")}, is_soft=True), "--json")

    assert said.code == 1
    assert said.json["status"] == "ERROR"
    assert codes(said) == {"NO_ENDPOINT"}
    assert len(said.json["tried"]) > 20
    assert "Does your library software answer OAI-PMH?" in said.json["letter"]["en"]
    told = doctor(typed, Library()).out
    assert "no endpoint found" in told
    assert "× the server answered with HTTP status 404: http://127.0.0.1" in told


def test_1_a_server_that_is_not_there(typed: Type) -> None:
    said = typed("harvest", "doctor", "http://127.0.0.1:9/", *LOCAL, "--json")

    assert said.code == 1
    assert codes(said) == {"UNREACHABLE"}


def test_1_a_site_too_slow_for_the_time_given_says_what_to_give_instead(typed: Type) -> None:
    with raw_server(lambda *_: time.sleep(0.6)) as url:
        said = typed("harvest", "doctor", url, *LOCAL, "--deadline", 0.3, "--json")

    (ended,) = (one for one in said.json["findings"] if one["code"] == "SEARCH_ENDED")
    assert said.code == 1
    assert "--deadline" in ended["advice"]


def test_1_an_address_that_is_not_allowed(typed: Type) -> None:
    said = typed("harvest", "doctor", "http://127.0.0.1:9/", "--json")

    assert said.code == 1
    assert "not a public address" in said.json["reason"]


@pytest.mark.parametrize("wrong", ["ftp://a.example/", "a b"])
def test_2_what_is_no_address(typed: Type, wrong: str) -> None:
    assert typed("harvest", "doctor", wrong, "--json").code == 2


def test_2_a_password_in_the_address_is_refused_and_not_shown(typed: Type) -> None:
    said = typed("harvest", "doctor", "https://me:geheim@lib.invalid/", "--json")

    assert said.code == 2
    assert "--credentials" in said.json["reason"]
    assert "geheim" not in said.out + said.err


def test_a_site_behind_a_password_is_looked_at(
    typed: Type, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIBRARY_KEY", "me:geheim")

    said = doctor(typed, dspace(), "--credentials", "env:LIBRARY_KEY", "--json")

    assert said.code == 0
    assert 'credentials = "env:LIBRARY_KEY"' in said.json["consortium_toml"]
    assert "geheim" not in said.out + said.err


def test_2_what_is_no_network(typed: Type) -> None:
    said = typed("harvest", "doctor", "a.example", "--allow-network", "ten")

    assert said.code == 2
    assert "'ten' is not a network" in said.err


def test_3_a_list_that_breaks_on_its_second_page(typed: Type) -> None:
    def broken(asked: dict[str, str], _count: int, reply: Reply) -> Reply:
        is_second = "resumptionToken" in asked
        return Reply(body=b"<html>Internal error", status=500) if is_second else reply

    said = doctor(typed, dspace(fault=broken), "--json")

    assert said.code == 3
    assert "PAGE_FAILED" in codes(said)


def test_1_a_list_without_records(typed: Type) -> None:
    said = doctor(typed, dspace(size=0), "--json")

    assert said.code == 1
    assert "NO_RECORDS" in codes(said)


def test_no_sample_asks_for_no_record(typed: Type) -> None:
    library = dspace()

    said = doctor(typed, library, "--sample", "0", "--json")

    assert said.code == 0
    assert said.json["samples"] == []
    assert "ListRecords" not in {asked.get("verb") for asked in library.repository.asked}


def test_an_address_without_a_scheme_is_asked_by_http_if_https_is_shut(typed: Type) -> None:
    with open_library(dspace()) as url:
        port = url.rpartition(":")[2].rstrip("/")
        said = typed("harvest", "doctor", "127.0.0.1:" + port, *LOCAL, "--json")

    assert said.code == 0
    assert said.json["url"] == url
    assert "nothing answers by https" in said.err


def test_an_address_with_https_is_never_asked_by_http(typed: Type) -> None:
    library = dspace()
    with open_library(library) as url:
        said = typed("harvest", "doctor", url.replace("http:", "https:"), *LOCAL, "--json")

    assert said.code == 1
    assert codes(said) == {"TLS_FAILED"}
    assert library.asked == []


def test_an_address_without_a_scheme_that_nothing_answers_at(typed: Type) -> None:
    said = typed("harvest", "doctor", "127.0.0.1:9", *LOCAL, "--json")

    assert said.code == 1
    assert said.json["url"] == "https://127.0.0.1:9/"


def test_a_missing_intermediate_is_told_in_vietnamese_and_a_file_is_written(
    typed: Type, tmp_path: Path
) -> None:
    root = signed("Root", is_authority=True)
    (tmp_path / "root.pem").write_bytes(root.pem)
    middle = signed("Middle", root, is_authority=True)
    with open_library(Library(pages={"/middle.cer": Reply(body=middle.der)})) as shop:
        leaf = signed("lib", middle, issuer_url=f"{shop}middle.cer")
        saved = tmp_path / "saved.pem"
        with open_library(dspace(), context_of(tmp_path, leaf)) as url:
            trust = ("--ca-file", tmp_path / "root.pem")
            asked = ("harvest", "doctor", url, *LOCAL, "--json")
            first = typed(*asked, *trust, "--save-ca", saved)
            second = typed(*asked, "--ca-file", saved)

    assert first.code == 1
    assert codes(first) == {"MISSING_INTERMEDIATE"}
    assert first.json["certificate"]["missing"] == ["Middle"]
    assert first.json["saved_ca"] == str(saved)
    assert second.code == 0
    assert second.json["certificate"]["trusted"] is True
    assert f'ca_file = "{saved}"' in second.json["consortium_toml"]


def test_everything_an_endpoint_can_do_wrong_is_named(typed: Type) -> None:
    def wrong(asked: dict[str, str], _count: int, reply: Reply) -> Reply:
        verb = asked.get("verb", "")
        if verb == "Identify":
            body = reply.body
            for right, other in {
                b"persistent": b"no",
                b"2020-01-01": b"soon",
                "Kho số A".encode(): b"Th&amp;#432; vi&amp;#7879;n",
            }.items():
                body = body.replace(right, other)
            return Reply(body=body)
        if verb == "ListSets":
            return Reply(body=b"oops", status=500)
        if asked.get("from"):
            return Reply(body=b"", status=422)
        return reply

    said = doctor(typed, dspace(fault=wrong, granularity="YYYY"), "--json")

    assert codes(said) >= {
        "NO_TOMBSTONES",
        "ODD_EARLIEST",
        "ODD_GRANULARITY",
        "ENTITIES_IN_NAME",
        "SETS_FAILED",
        "EMPTY_WINDOW_FAILS",
        "ANOTHER_BASE_URL",
        "CLOCK_DIFFERS",
        "NOT_COMPRESSED",
    }


def test_sets_are_read_page_by_page(typed: Type) -> None:
    def with_sets(asked: dict[str, str], _count: int, reply: Reply) -> Reply:
        if asked.get("verb") != "ListSets":
            return reply
        number = int(asked.get("resumptionToken", "0"))
        token = f"<resumptionToken>{number + 1}</resumptionToken>" if number < 2 else ""
        item = f"<set><setSpec>col_{number}</setSpec><setName>Bộ {number}</setName></set>"
        body = error("x").replace(
            b'<error code="x">because</error>', f"<ListSets>{item}{token}</ListSets>".encode()
        )
        return Reply(body=body)

    said = doctor(typed, dspace(fault=with_sets), "--json")

    assert [one["spec"] for one in said.json["endpoint"]["sets"]] == ["col_0", "col_1", "col_2"]
    assert said.json["endpoint"]["has_more_sets"] is False


def test_compression_is_seen(typed: Type) -> None:
    library = dspace()
    library.packs = True

    said = doctor(typed, library, "--json")

    assert said.json["endpoint"]["compression"] == "gzip"
    assert "NOT_COMPRESSED" not in codes(said)


def test_harvest_still_takes_its_own_options(typed: Type, tmp_path: Path) -> None:
    with open_library(dspace()) as url:
        said = typed(
            "harvest", "--url", f"{url}oai/request", "--into", tmp_path / "a.db", "--json", *LOCAL
        )

    assert said.code == 0


def test_the_consortium_s_doctor_looks_at_its_sources_likewise(typed: Type, tmp_path: Path) -> None:
    with serving(Repository(size=5, announces=-1)) as url:
        (tmp_path / "consortium.toml").write_text(
            '[consortium]\nname = "Demo"\nlanguage = "en"\n'
            f'[[sources]]\nname = "tlu"\nmember = "tlu"\nurl = "{url}"\n'
            'allowed_networks = ["127.0.0.1/32"]\n'
            '[[sources]]\nname = "files"\nmember = "hus"\nurl = "a.csv"\nharvester = "files"\n',
            "utf-8",
        )
        said = typed("-C", tmp_path, "doctor", "--sources", "--json")

    sources = [check["said"] for check in said.json["checks"] if check["name"] == "sources"]
    assert sources[0] == (
        "tlu: Kho số A; datestamps YYYY-MM-DDThh:mm:ssZ, deletions persistent, formats oai_dc"
    )
    assert any("not encrypted" in one or "→" in one for one in sources[1:])
    assert all(one.startswith("tlu: ") for one in sources)
