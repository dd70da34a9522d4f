"""A list of sites: each ends as what it is, none stops another, and nothing known is lost."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import attrs
import pytest

from libconsortium import (
    Harvester,
    HttpRules,
    ImportFileError,
    LinkCheck,
    LinkState,
    LinkWatch,
    Registry,
    Site,
    check_sites,
    link_counts,
    read_links,
    read_sites,
    write_links,
)
from libconsortium.core.harvest.links import LinkCause
from tests.certificates import context_of, signed
from tests.oai_server import Reply
from tests.raw_server import answer_of, drips, raw_server, says
from tests.site_server import Library, moved, open_library, page

RULES = HttpRules(
    allowed_networks=("127.0.0.0/8",),
    attempts=1,
    connect_seconds=2,
    read_seconds=2,
    longest_wait_seconds=1,
    seconds_left=10,
)
NOW = datetime(2026, 1, 31, 8, tzinfo=UTC)


@pytest.fixture
def servers() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def checked(*urls: str, rules: HttpRules = RULES) -> tuple[LinkCheck, ...]:
    harvester = Registry().find(Harvester, "oai-pmh")
    watch = LinkWatch(clock=lambda: NOW)
    return check_sites([Site(url=url) for url in urls], harvester, rules, watch)


def one(url: str, rules: HttpRules = RULES) -> tuple[str, str]:
    (check,) = checked(url, rules=rules)
    return check.state.value, check.cause.value


def unused_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def test_a_site_that_answers_is_ok_and_its_endpoint_is_named(servers: ExitStack) -> None:
    url = servers.enter_context(
        open_library(Library(pages={"/": page("Thư viện")}, oai="/oai/request"))
    )

    (check,) = checked(url)

    assert check.state is LinkState.OK
    assert check.oai == f"{url}oai/request"
    assert (check.status, check.checked) == (200, NOW)


def test_a_site_on_another_host_has_moved_there(servers: ExitStack) -> None:
    new = servers.enter_context(open_library(Library(pages={"/": page("Mới")}, oai="/oai")))
    old = servers.enter_context(open_library(Library(pages={"/": moved(new)})))

    (check,) = checked(old)

    assert (check.state, check.moved_to, check.oai) == (LinkState.MOVED, new, f"{new}oai")


def test_a_site_that_leads_in_a_circle_is_not_one_that_gives_no_answer(servers: ExitStack) -> None:
    url = servers.enter_context(open_library(Library(pages={"/": moved("/")})))

    (check,) = checked(url)

    assert (check.state, check.cause) == (LinkState.DEAD, LinkCause.SERVER_ERROR)
    assert "leads from one address to the next" in str(check.said)


def test_a_site_on_another_path_of_itself_has_not_moved(servers: ExitStack) -> None:
    url = servers.enter_context(
        open_library(Library(pages={"/": moved("/vi/"), "/vi/": page("Trang chủ")}))
    )

    assert one(url) == ("ok", "")


@pytest.mark.parametrize(
    ("status", "state", "cause"),
    [
        (404, "dead", "page not found"),
        (410, "dead", "page not found"),
        (500, "dead", "server error"),
        (403, "ok", ""),
        (401, "ok", ""),
    ],
)
def test_the_status_of_the_page_decides(
    servers: ExitStack, status: int, state: str, cause: str
) -> None:
    url = servers.enter_context(
        open_library(Library(pages={"/": page("Lỗi", status=status)}, is_soft=True))
    )

    assert one(url) == (state, cause)


def test_a_page_that_is_gone_does_not_kill_a_site_with_an_endpoint(servers: ExitStack) -> None:
    url = servers.enter_context(open_library(Library(oai="/oai/request")))

    assert one(url) == ("ok", "")


def test_each_way_to_be_dead_has_its_own_cause(servers: ExitStack, tmp_path: Path) -> None:
    certificate = context_of(tmp_path, signed("lib"))
    secure = servers.enter_context(open_library(Library(), certificate))
    silent = servers.enter_context(raw_server(lambda *_: time.sleep(3)))
    breaking = servers.enter_context(raw_server(says(b"")))
    busy = servers.enter_context(
        raw_server(says(answer_of(b"", status="503 Busy", headers="Retry-After: 900\r\n")))
    )

    assert one(f"http://127.0.0.1:{unused_port()}/") == ("dead", "connection refused")
    assert one("http://library.invalid/") == ("dead", "no such name")
    assert one(secure) == ("dead", "certificate not trusted")
    assert one(silent, attrs.evolve(RULES, read_seconds=0.2)) == ("dead", "no answer in time")
    assert one(breaking) == ("dead", "connection breaks")
    assert one(busy) == ("dead", "server error")
    assert one("http://10.1.2.3/") == ("dead", "address not allowed")


def test_a_certificate_that_is_not_trusted_is_explained(servers: ExitStack, tmp_path: Path) -> None:
    url = servers.enter_context(open_library(Library(), context_of(tmp_path, signed("lib"))))

    (check,) = checked(url)

    assert str(check.said) == "the server signed its certificate itself, so it proves nothing"


def test_a_site_without_a_scheme_is_asked_by_http_if_https_is_shut(servers: ExitStack) -> None:
    library = Library(pages={"/": page("A")}, oai="/oai/request")
    url = servers.enter_context(open_library(library))
    secure = url.replace("http:", "https:")
    gone = f"https://127.0.0.1:{unused_port()}/"
    harvester = Registry().find(Harvester, "oai-pmh")
    sites = [
        Site(url=secure, is_guessed=True),
        Site(url=secure),
        Site(url=gone, is_guessed=True),
    ]

    found = [
        check_sites([site], harvester, RULES, LinkWatch(clock=lambda: NOW))[0] for site in sites
    ]

    assert [check.state.value for check in found] == ["ok", "dead", "dead"]
    assert str(found[0].said) == "it answers, without encryption only"
    assert found[0].oai == f"{url}oai/request"
    assert found[0].site.url == secure


def test_a_site_ends_when_its_time_is_over(servers: ExitStack) -> None:
    url = servers.enter_context(raw_server(drips(b"HTTP/1.1 200 OK\r\n\r\n")))

    assert one(url, attrs.evolve(RULES, seconds_left=0.3)) == ("dead", "no answer in time")


def test_a_site_that_is_too_large_is_alive(servers: ExitStack) -> None:
    url = servers.enter_context(open_library(Library(pages={"/": Reply(body=b"x" * 9000)})))

    assert one(url, attrs.evolve(RULES, max_wire_bytes=5000)) == ("ok", "")


def test_a_harvester_that_fails_stops_no_other_site(servers: ExitStack) -> None:
    def fails(*_: object) -> None:
        message = "broken"
        raise RuntimeError(message)

    url = servers.enter_context(open_library(Library()))
    harvester = Harvester(name="bad", harvest=lambda _: iter(()), identify=fails)  # type: ignore[arg-type] # on purpose
    sites = [Site(url=url), Site(url="http://library.invalid/")]

    found = check_sites(sites, harvester, RULES, LinkWatch(clock=lambda: NOW))

    assert [check.cause.value for check in found] == ["connection breaks", "no such name"]
    assert "RuntimeError: broken" in str(found[0].said)


@pytest.mark.slow
def test_180_sites_are_all_counted(servers: ExitStack) -> None:
    alive = [
        servers.enter_context(open_library(Library(pages={"/": page(f"{n}")}, oai="/oai/request")))
        for n in range(20)
    ]
    plain = servers.enter_context(
        open_library(Library(pages={f"/{n}": page(f"{n}") for n in range(20)}))
    )
    leading = servers.enter_context(
        open_library(Library(pages={f"/{n}": moved(alive[0]) for n in range(10)}))
    )
    urls = [*alive, *(f"{plain}{n}" for n in range(20)), *(f"{leading}{n}" for n in range(10))]
    urls += [f"http://library-{n}.invalid/" for n in range(130)]

    counts = link_counts(checked(*urls))

    assert len(urls) == 180
    assert counts == {"ok": 40, "moved": 10, "dead": 130, "not checked": 0, "has OAI": 30}


def test_one_host_is_asked_one_request_at_a_time(servers: ExitStack) -> None:
    inside, most, lock = [0], [0], threading.Lock()

    def count(opened: socket.socket, _: bytes) -> None:
        with lock:
            inside[0] += 1
            most[0] = max(most[0], inside[0])
        time.sleep(0.01)
        with lock:
            inside[0] -= 1
        opened.sendall(answer_of(b"<html>", status="404 No"))

    url = servers.enter_context(raw_server(count))

    checked(*(url.replace("/oai", f"/{n}") for n in range(3)))

    assert most == [1]


def test_what_is_known_is_not_asked_again_and_a_stop_keeps_it(servers: ExitStack) -> None:
    library = Library()
    url = servers.enter_context(open_library(library))
    sites = [Site(url=f"{url}{n}") for n in range(3)]
    known = {sites[0].url: LinkCheck(site=sites[0], state=LinkState.OK)}
    watch = LinkWatch(clock=lambda: NOW)
    stopping = attrs.evolve(watch, on_check=lambda _: watch.stop.set())
    harvester = Registry().find(Harvester, "oai-pmh")

    found = check_sites(sites, harvester, RULES, stopping, known=known)

    assert [check.state for check in found] == [
        LinkState.OK, LinkState.DEAD, LinkState.UNCHECKED,
    ]  # fmt: skip
    assert "/0" not in library.asked


def test_a_stop_in_the_middle_of_a_site_leaves_it_unchecked(servers: ExitStack) -> None:
    watch = LinkWatch(clock=lambda: NOW)

    def stop(opened: socket.socket, _: bytes) -> None:
        watch.stop.set()
        opened.sendall(answer_of(b"<html>"))

    url = servers.enter_context(raw_server(stop))
    harvester = Registry().find(Harvester, "oai-pmh")

    (check,) = check_sites([Site(url=url)], harvester, RULES, watch)

    assert check.state is LinkState.UNCHECKED


# ---------------------------------------------------------------- the list


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.txt", "# danh sách\nA - https://a.example.vn/\n\nb.example.vn:8080/opac  B  # cũ\n"),
        ("a.csv", "Tên thư viện,Địa chỉ web\nA,https://a.example.vn/\nB,b.example.vn:8080/opac\n"),
        ("a.csv", "stt;x;y\n1;A;https://a.example.vn/\n2;B;b.example.vn:8080/opac\n"),
        ("a.csv", "https://a.example.vn/,A\nb.example.vn:8080/opac,B\n"),
        ("a.txt", "TP.HCM https://a.example.vn/\nTT.TV ĐH Mẫu b.example.vn:8080/opac\n"),
        ("a.txt", "tv@x.example A https://a.example.vn/\nb@x.example.vn b.example.vn:8080/opac\n"),
    ],
)
def test_lists_are_read_as_people_keep_them(tmp_path: Path, name: str, text: str) -> None:
    file = tmp_path / name
    file.write_text(text, "utf-8")

    sites, _ = read_sites(file)

    assert [site.url for site in sites] == [
        "https://a.example.vn/",
        "https://b.example.vn:8080/opac",
    ]


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("a.csv", "A,https://a.example.vn/; b.example.vn"),
        ("a.csv", 'A,"https://a.example.vn/,https://b.example.vn/"'),
        ("a.csv", 'A,"a.example.vn\nb.example.vn"'),
        ("a.csv", "A,https://a.example.vn/|https://b.example.vn/"),
        ("a.txt", "A: https://a.example.vn và https://b.example.vn"),
    ],
)
def test_two_addresses_in_one_place_are_two_sites_of_one_name(
    tmp_path: Path, name: str, line: str
) -> None:
    file = tmp_path / name
    file.write_text(f"name,url\n{line}\n" if name == "a.csv" else line, "utf-8")

    sites, _ = read_sites(file)

    assert [site.url for site in sites] == ["https://a.example.vn/", "https://b.example.vn/"]
    assert {(site.name[:1], site.line) for site in sites} == {("A", sites[0].line)}


def test_of_two_columns_of_addresses_the_one_with_sites_is_meant(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("Thư viện,Địa chỉ,Website\nA,Quận 1 TP.HCM,https://a.example.vn\n", "utf-8")

    (site,), _ = read_sites(file)

    assert site.url == "https://a.example.vn/"


def test_a_list_in_another_encoding_is_read(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("Thư viện A https://a.example.vn\n192.0.2.7:8080\u200b\n", "utf-16")

    sites, _ = read_sites(file)

    assert [(site.name, site.url) for site in sites] == [
        ("Thư viện A", "https://a.example.vn/"),
        ("", "https://192.0.2.7:8080/"),
    ]


def test_a_line_without_an_address_and_one_listed_twice_are_named(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("https://a.example.vn/\nThư viện B\na.example.vn\n", "utf-8")

    sites, problems = read_sites(file)

    assert len(sites) == 1
    assert [(problem.code, problem.where.line) for problem in problems] == [
        ("NO_ADDRESS", 2), ("LISTED_TWICE", 3),
    ]  # fmt: skip


def test_a_list_without_addresses_is_refused(tmp_path: Path) -> None:
    empty, table = tmp_path / "a.txt", tmp_path / "a.csv"
    empty.write_text("Thư viện\n", "utf-8")
    table.write_text("a,b\n1,2\n", "utf-8")

    for file in (empty, table, tmp_path / "none.txt"):
        with pytest.raises(ImportFileError):
            read_sites(file)


# ---------------------------------------------------------------- what is kept


def test_checks_come_back_from_the_file_as_they_went_in(tmp_path: Path) -> None:
    check = LinkCheck(
        site=Site(url="https://a.example.vn/", name="Thư viện A"),
        state=LinkState.DEAD,
        cause=LinkCause.DNS,
        seconds=1.5,
        checked=NOW,
        since=NOW - timedelta(days=7),
    )

    write_links(tmp_path / "links.csv", [check])

    (read,) = read_links(tmp_path / "links.csv").values()
    assert attrs.evolve(read, said=check.said) == check


def test_a_name_that_is_a_formula_is_not_run_by_a_spreadsheet(tmp_path: Path) -> None:
    check = LinkCheck(site=Site(url="https://a.example.vn/", name="=HYPERLINK(1)"))

    write_links(tmp_path / "links.csv", [check])

    assert "'=HYPERLINK(1)" in (tmp_path / "links.csv").read_text("utf-8-sig")


def test_a_file_that_is_something_else_is_not_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "members.csv"
    for text in ("id,name\n1,A\n", "url,name,state,cause\nu,n,ok?,\n", "a\x00b\n1\n"):
        file.write_text(text, "utf-8")
        with pytest.raises(ImportFileError):
            read_links(file)
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ImportFileError):
        read_links(file)
