"""Endpoints are found from a site's address, and nothing that is none is taken for one."""

from __future__ import annotations

import json

import pytest

from libconsortium import (
    AddressRefusedError,
    Harvester,
    HttpRules,
    Registry,
    SettingsError,
    open_session,
    site_address,
)
from libconsortium.core.harvest.known_paths import KNOWN_PATHS
from libconsortium.endpoint_steps.finding import Finding, find_endpoint
from libconsortium.endpoint_steps.software import dspace_version, software_of
from tests.oai_server import Reply, Repository
from tests.raw_server import answer_of, raw_server, says
from tests.site_server import Library, moved, open_library, page

RULES = HttpRules(
    allowed_networks=("127.0.0.0/8",), attempts=1, read_seconds=5, longest_wait_seconds=1
)


def found_in(library: Library, at: str = "") -> Finding:
    with open_library(library) as url:
        return found_at(f"{url}{at}")


def found_at(url: str, rules: HttpRules = RULES) -> Finding:
    with open_session(rules) as session:
        return find_endpoint(session, url, Registry().find(Harvester, "oai-pmh"))


def path_of(finding: Finding) -> str | None:
    return "/" + finding.identity.url.split("/", 3)[3] if finding.identity else None


def generator(name: str) -> Reply:
    return page("Thư viện", head=f'<meta name="Generator" content="{name}">')


@pytest.mark.parametrize("path", sorted({f"/{path}" for _, path in KNOWN_PATHS}))
def test_every_known_path_is_found_from_the_root(path: str) -> None:
    finding = found_in(Library(oai=path, is_soft=True))

    assert path_of(finding) == path


def test_a_page_that_is_not_there_and_says_200_is_no_endpoint() -> None:
    finding = found_in(Library(is_soft=True))

    assert finding.identity is None
    assert finding.failure is None
    assert len(finding.tried) > 20


def test_dspace_7_is_found_where_the_old_path_is_gone() -> None:
    library = Library(pages={"/": page("VNU")}, oai="/server/oai/request")
    library.pages = {**library.pages, "/oai/request": page("404", status=404)}

    assert path_of(found_in(library)) == "/server/oai/request"


def test_the_address_of_the_endpoint_itself_is_enough() -> None:
    library = Library(oai="/kho/oai")

    finding = found_in(library, "kho/oai?verb=Identify")

    assert path_of(finding) == "/kho/oai"
    assert finding.tried == ()


def test_a_link_in_the_page_is_followed_before_paths_are_guessed() -> None:
    link = '<a href="tap-chi/provider/oai.jsp?verb=ListSets">OAI</a>'
    library = Library(pages={"/": page("Tạp chí", link)}, oai="/tap-chi/provider/oai.jsp")

    finding = found_in(library)

    assert path_of(finding) == "/tap-chi/provider/oai.jsp"
    assert len(finding.tried) == 1
    assert finding.candidate is not None
    assert str(finding.candidate.why) == "a link in the site's page"


def test_the_software_in_the_page_says_where_to_look_first() -> None:
    library = Library(
        pages={"/": generator("Koha 22.1105000")}, oai="/cgi-bin/koha/oai.pl", is_soft=True
    )

    finding = found_in(library)

    assert [one.url.split("/", 3)[3] for one in finding.tried] == [""]
    software = software_of(finding)
    assert (software.name, software.version) == ("Koha", "22.11.05")


def test_a_journal_of_ojs_is_found_by_its_links() -> None:
    link = '<a href="/index.php/khoa-hoc/issue/archive">Số đã xuất bản</a>'
    library = Library(
        pages={"/": page("Tạp chí", link, head='<meta name="generator" content="Open Journal'
               ' Systems 3.3.0.13">')},
        oai="/index.php/khoa-hoc/oai",
    )  # fmt: skip

    assert path_of(found_in(library)) == "/index.php/khoa-hoc/oai"


def test_a_site_below_the_root_is_searched_there_and_at_the_root() -> None:
    library = Library(pages={"/xmlui/": page("DSpace")}, oai="/oai/request")

    assert path_of(found_in(library, "xmlui/")) == "/oai/request"
    below = Library(pages={"/thu-vien/": page("VuFind")}, oai="/thu-vien/OAI/Server")
    assert path_of(found_in(below, "thu-vien/")) == "/thu-vien/OAI/Server"


def test_a_page_that_sends_its_reader_on_is_followed() -> None:
    refresh = page("", head='<meta http-equiv="refresh" content="0; url=/opac/">')
    link = '<a href="/opac/x/oai">OAI-PMH</a>'
    library = Library(pages={"/": refresh, "/opac/": page("OPAC", link)}, oai="/opac/x/oai")

    assert path_of(found_in(library)) == "/opac/x/oai"


def test_a_redirect_is_followed_and_the_new_address_is_the_endpoint() -> None:
    library = Library(
        pages={"/": moved("/moi/"), "/moi/": page("Mới"), "/oai/request": moved("/moi/oai")},
        oai="/moi/oai",
    )

    assert path_of(found_in(library)) == "/moi/oai"


def test_dspace_7_says_in_its_settings_that_its_server_is_elsewhere() -> None:
    server = Library(oai="/server/oai/request", pages={"/server/api": _json(_DSPACE_SAYS)})
    with open_library(server) as there:
        for rest in (_base_url(there), _parts(there)):
            site = Library(
                pages={"/": page("DSpace", "<ds-app></ds-app>"), "/assets/config.json": _json(rest)}
            )

            assert path_of(found_in(site)) == "/server/oai/request"
        with open_session(RULES) as session:
            assert dspace_version(session, f"{there}server/oai/request") == "DSpace 7.6"


_DSPACE_SAYS = {"dspaceVersion": "DSpace 7.6"}


def _json(said: object) -> Reply:
    return Reply(body=json.dumps(said).encode())


def _base_url(there: str) -> dict[str, object]:
    return {"rest": {"baseUrl": f"{there}server/"}}


def _parts(there: str) -> dict[str, object]:
    port = int(there.rpartition(":")[2].rstrip("/"))
    return {"rest": {"ssl": False, "host": "127.0.0.1", "port": port, "nameSpace": "/server"}}


def test_a_sister_server_that_the_page_links_to_is_looked_at_last() -> None:
    digital = Library(pages={"/": generator("DSpace 6.3")}, oai="/oai/request")
    with open_library(digital) as there:
        portal = Library(pages={"/": page("Cổng", f'<a href="{there}dspace/">Tài liệu số</a>')})

        finding = found_in(portal)

    assert finding.identity is not None
    assert finding.identity.url == f"{there}oai/request"
    assert "another server of the institution" in str(finding.candidate and finding.candidate.why)


def test_a_sister_server_with_dspace_7_says_where_its_server_is() -> None:
    server = Library(oai="/api-host/server/oai/request")
    with open_library(server) as there:
        rest = {"rest": {"baseUrl": f"{there}api-host/server"}}
        digital = Library(pages={"/": page("", "<ds-app>"), "/assets/config.json": _json(rest)})
        with open_library(digital) as here:
            portal = Library(pages={"/": page("Cổng", f'<a href="{here}thuvienso/">x</a>')})

            assert path_of(found_in(portal)) == "/api-host/server/oai/request"


def test_a_sister_server_that_is_not_there_does_no_harm() -> None:
    portal = Library(pages={"/": page("Cổng", '<a href="http://127.0.0.1:9/opac/">OPAC</a>')})

    finding = found_in(portal)

    assert finding.identity is None
    assert finding.failure is None


@pytest.mark.parametrize("said", [b"<html>", b"[]", b"{}", b'{"rest": {}}', b'{"rest": 7}'])
def test_settings_of_dspace_that_say_nothing_do_no_harm(said: bytes) -> None:
    library = Library(
        pages={"/": page("DSpace", "<ds-app>"), "/assets/config.json": Reply(body=said)},
        oai="/server/oai/request",
    )

    assert path_of(found_in(library)) == "/server/oai/request"


def test_a_server_that_asks_to_come_back_is_left_alone() -> None:
    busy = Reply(body=b"", status=503, headers=(("Retry-After", "3600"),))
    library = Library(pages={"/": page("Bận"), "/server/oai/request": busy})

    finding = found_in(library)

    assert finding.identity is None
    assert "asks to come back" in str(finding.failure)
    assert library.asked[-1] == "/server/oai/request"


def test_a_server_that_falls_silent_is_not_asked_thirty_times() -> None:
    scripts = [says(answer_of(b"<html>")), *[says(b"")] * 9]
    with raw_server(*scripts) as url:
        finding = found_at(url.removesuffix("oai"))

    assert finding.identity is None
    assert finding.failure is not None
    assert len(finding.tried) == 2


def test_the_time_given_ends_the_search_with_what_is_known() -> None:
    rules = HttpRules(allowed_networks=RULES.allowed_networks, attempts=1, seconds_left=0.3)
    slow = Repository(fault=_sleepy)
    with open_library(Library(oai="/", repository=slow)) as url:
        finding = found_at(url, rules)

    assert finding.failure is not None
    assert finding.identity is None


def _sleepy(_asked: dict[str, str], _count: int, reply: Reply) -> Reply:
    import time

    time.sleep(0.5)
    return reply


def test_an_address_that_is_not_allowed_is_refused() -> None:
    with pytest.raises(AddressRefusedError):
        found_at("http://127.0.0.1:9/", HttpRules())


def test_a_link_to_an_address_that_is_not_allowed_is_not_followed() -> None:
    link = '<a href="http://10.1.2.3/oai">OAI</a>'
    library = Library(pages={"/": page("A", link)}, oai="/oai/request")

    finding = found_in(library)

    assert path_of(finding) == "/oai/request"
    assert "10.1.2.3 is not a public address" in str(finding.tried[1].outcome)


def test_a_page_too_large_to_read_does_not_hide_the_endpoint() -> None:
    rules = HttpRules(allowed_networks=RULES.allowed_networks, attempts=1, max_wire_bytes=9000)
    library = Library(pages={"/": Reply(body=b"x" * 10_000)}, oai="/oai/request")
    with open_library(library) as url:
        finding = found_at(url, rules)

    assert path_of(finding) == "/oai/request"


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        ("lib.example.vn", "https://lib.example.vn/"),
        ("http://lib.example.vn/oai", "http://lib.example.vn/oai"),
        ("thư-viện.vn/a", "https://thư-viện.vn/a"),
        ("HTTP://Lib.Example.vn:80", "http://lib.example.vn/"),
        ("https://lib.example.vn:443/A#/home", "https://lib.example.vn/A"),
    ],
)
def test_addresses_are_read_as_people_write_them(given: str, asked: str) -> None:
    assert site_address(given) == asked


@pytest.mark.parametrize(
    "given", ["", "ftp://a.example/", "http://", "a b.vn", "http://[::1", "http://a:0/"]
)
def test_what_is_no_address_is_refused(given: str) -> None:
    with pytest.raises(SettingsError, match="not the address of a site"):
        site_address(given)


TOOLKIT = (
    '<toolkit xmlns="http://oai.dlib.vt.edu/OAI/metadata/toolkit"><title>Open Journal Systems'
    "</title><version>3.3.0.8</version></toolkit>"
)
EPRINTS = (
    '<eprints xmlns="http://www.openarchives.org/OAI/1.1/eprints"><comment>This system is running'
    " eprints server software (EPrints 3.4.2)</comment></eprints>"
)


@pytest.mark.parametrize(
    ("description", "software"),
    [
        (TOOLKIT, ("OJS", "3.3.0.8")),
        (EPRINTS, ("EPrints", "3.4.2")),
        ("<!-- made by VuFind 8.1 --><x/>", ("VuFind", "8.1")),
        ("<nothing/>", ("DSpace 6", "")),
    ],
)
def test_the_endpoint_itself_says_what_it_runs_on(
    description: str, software: tuple[str, str]
) -> None:
    def described(asked: dict[str, str], _count: int, reply: Reply) -> Reply:
        if asked.get("verb") != "Identify":
            return reply
        more = f"<description>{description}</description></Identify>".encode()
        return Reply(body=reply.body.replace(b"</Identify>", more))

    library = Library(oai="/oai/request", repository=Repository(fault=described))

    found = software_of(found_in(library))

    assert (found.name, found.version) == software
