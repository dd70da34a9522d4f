from __future__ import annotations

import gzip
import logging
import re
import shutil
import ssl
import subprocess
import time
import traceback
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import attrs
import pytest
import requests
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from libconsortium import (
    AddressRefusedError,
    DeadlineError,
    HarvestDeferredError,
    HttpRules,
    PageRefusedError,
    SettingsError,
    SourceUnreachableError,
    open_session,
)
from libconsortium.http.waiting import Pace
from tests.raw_server import answer_of, drips, raw_server, says

RULES = HttpRules(allowed_networks=("127.0.0.1/32",), backoff_seconds=0.01)


def rules(**changes: Any) -> HttpRules:
    return attrs.evolve(RULES, **changes)


# ---------------------------------------------------------------- where we go


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "localhost",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:10.0.0.1]",
        "[64:ff9b::a00:1]",
        "[2002:7f00:1::]",
        "0.0.0.0",  # noqa: S104 - asked, not bound to
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "[fe80::1]",
        "[fec0::1]",
        "[fc00::1]",
        "[ff02::1]",
    ],
)
def test_an_address_that_is_not_public_is_refused(address: str) -> None:
    with open_session(HttpRules()) as session, pytest.raises(AddressRefusedError):
        session.fetch(f"http://{address}:9/oai")


def test_an_address_of_an_allowed_network_is_reached(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/oai").respond_with_data("x")

    with open_session(RULES) as session:
        answer = session.fetch(httpserver.url_for("/oai"))

    assert answer.content == b"x"


def test_a_name_with_one_address_that_is_not_public_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = [(2, 1, 6, "", ("8.8.8.8", 80)), (2, 1, 6, "", ("10.0.0.1", 80))]
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: found)

    with (
        open_session(HttpRules()) as session,
        pytest.raises(AddressRefusedError, match=r"10\.0\.0\.1"),
    ):
        session.fetch("http://two-faces.example/oai")


def test_a_name_that_leads_elsewhere_the_second_time_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each connection goes to the very address that was checked, however often it is opened."""
    asked: list[str] = []

    def found(*_: object, **__: object) -> list[tuple[object, ...]]:
        asked.append("asked")
        return [(2, 1, 6, "", ("8.8.8.8" if len(asked) == 1 else "127.0.0.1", 9))]

    def refused(*_: object, **__: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr("socket.getaddrinfo", found)
    monkeypatch.setattr("socket.socket.connect", refused)

    with (
        open_session(HttpRules(backoff_seconds=0.01)) as session,
        pytest.raises(AddressRefusedError, match=r"127\.0\.0\.1"),
    ):
        session.fetch("http://rebinding.example:9/oai")

    assert len(asked) == 2


def test_a_redirect_to_an_address_that_is_not_public_is_refused(httpserver: HTTPServer) -> None:
    to_metadata = Response(status=302, headers={"Location": "http://169.254.169.254/latest"})
    httpserver.expect_request("/oai").respond_with_response(to_metadata)

    with open_session(RULES) as session, pytest.raises(AddressRefusedError, match=r"169\.254"):
        session.fetch(httpserver.url_for("/oai"))


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://a.example/", "gopher://a.example"])
def test_a_redirect_to_what_is_no_address_of_the_web_is_refused(
    httpserver: HTTPServer, target: str
) -> None:
    elsewhere = Response(status=302, headers={"Location": target})
    httpserver.expect_request("/oai").respond_with_response(elsewhere)

    with open_session(RULES) as session, pytest.raises(AddressRefusedError, match="no address"):
        session.fetch(httpserver.url_for("/oai"))


def test_requests_own_redirects_are_guarded_too(httpserver: HTTPServer) -> None:
    to_metadata = Response(status=302, headers={"Location": "http://169.254.169.254/latest"})
    httpserver.expect_request("/oai").respond_with_response(to_metadata)

    with open_session(RULES) as session, pytest.raises(AddressRefusedError, match=r"169\.254"):
        session.get(httpserver.url_for("/oai"), timeout=5)


def test_a_redirect_is_followed_and_its_address_told(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/old").respond_with_response(
        Response(status=301, headers={"Location": "/new?verb=Identify"})
    )
    httpserver.expect_request("/new").respond_with_data("x")

    with open_session(RULES) as session:
        answer = session.fetch(httpserver.url_for("/old"), {"verb": "Identify"})

    assert answer.url == httpserver.url_for("/new?verb=Identify")


def test_redirects_in_a_circle_end(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/oai").respond_with_response(
        Response(status=302, headers={"Location": "/oai"})
    )

    with open_session(RULES) as session, pytest.raises(SourceUnreachableError, match="next"):
        session.fetch(httpserver.url_for("/oai"))


def test_a_redirect_from_https_to_http_is_refused() -> None:
    response = requests.Response()
    response.status_code = 302
    response.url = "https://a.example/oai"
    response.headers["Location"] = "http://a.example/oai"

    with open_session(RULES) as session, pytest.raises(AddressRefusedError, match="not encrypted"):
        session.get_redirect_target(response)


def test_a_network_that_is_none_is_a_settings_error() -> None:
    with pytest.raises(SettingsError, match=r"10\.0\.0\.x"):
        open_session(HttpRules(allowed_networks=("10.0.0.x",)))


def test_proxies_of_the_environment_are_not_used(
    httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://10.0.0.1:1")
    httpserver.expect_request("/oai").respond_with_data("x")

    with open_session(RULES) as session:
        assert session.fetch(httpserver.url_for("/oai")).content == b"x"


# ---------------------------------------------------------------- manners


def test_the_server_is_told_who_asks(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/oai").respond_with_data("x")

    with open_session(rules(contact="lib@a.example")) as session:
        session.fetch(httpserver.url_for("/oai"))

    headers = httpserver.log[0][0].headers
    assert headers["User-Agent"].startswith("libconsortium/")
    assert headers["From"] == "lib@a.example"
    assert headers["Accept-Encoding"] == "gzip"


def test_a_parameter_is_encoded_exactly_once(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/oai").respond_with_data("x")

    with open_session(RULES) as session:
        session.fetch(httpserver.url_for("/oai"), {"resumptionToken": "a+b =&%2F"})

    assert httpserver.log[0][0].args["resumptionToken"] == "a+b =&%2F"


def test_two_requests_keep_their_distance(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/oai").respond_with_data("x")
    waits: list[float] = []

    with open_session(rules(wait_seconds=5), waits.append) as session:
        session.fetch(httpserver.url_for("/oai"))
        session.fetch(httpserver.url_for("/oai"))

    assert len(waits) == 1
    assert 4 < waits[0] <= 5


def test_a_password_in_the_address_is_neither_shown_nor_logged(
    httpserver: HTTPServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    httpserver.expect_request("/oai").respond_with_data("", status=500)
    url = httpserver.url_for("/oai").replace("http://", "http://me:s3cret@")

    with open_session(rules(attempts=2)) as session:
        answer = session.fetch(url)

    assert httpserver.log[0][0].authorization is not None
    assert "s3cret" not in caplog.text + answer.url


# ---------------------------------------------------------------- sizes


def test_packed_bytes_are_kept_as_they_came(httpserver: HTTPServer) -> None:
    packed = gzip.compress("Truyện Kiều".encode())
    httpserver.expect_request("/oai").respond_with_data(
        packed, headers={"Content-Encoding": "gzip"}
    )

    with open_session(RULES) as session:
        answer = session.fetch(httpserver.url_for("/oai"))

    assert (answer.body, answer.encoding) == (packed, "gzip")
    assert answer.content.decode() == "Truyện Kiều"
    assert not answer.is_unannounced


def test_gzip_that_no_header_announces_is_unpacked(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/oai").respond_with_data(gzip.compress(b"x"))

    with open_session(RULES) as session:
        answer = session.fetch(httpserver.url_for("/oai"))

    assert (answer.content, answer.is_unannounced) == (b"x", True)


def test_a_plain_body_announced_as_gzip_is_read(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/oai").respond_with_data(
        "plain", headers={"Content-Encoding": "gzip"}
    )

    with open_session(RULES) as session:
        answer = session.fetch(httpserver.url_for("/oai"))

    assert (answer.content, answer.encoding) == (b"plain", "")


def test_an_encoding_we_did_not_offer_is_refused(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/oai").respond_with_data("x", headers={"Content-Encoding": "br"})

    with open_session(RULES) as session, pytest.raises(PageRefusedError, match="'br'"):
        session.fetch(httpserver.url_for("/oai"))


def test_a_gzip_bomb_is_refused(httpserver: HTTPServer) -> None:
    bomb = gzip.compress(b"\0" * (20 * 2**20))
    httpserver.expect_request("/oai").respond_with_data(bomb, headers={"Content-Encoding": "gzip"})

    with open_session(RULES) as session, pytest.raises(PageRefusedError, match="bomb"):
        session.fetch(httpserver.url_for("/oai"))


def test_a_body_that_unpacks_above_the_limit_is_refused(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/oai").respond_with_data(gzip.compress(b"x" * 2000))

    with (
        open_session(rules(max_body_bytes=1000)) as session,
        pytest.raises(PageRefusedError, match="1000 bytes when unpacked"),
    ):
        session.fetch(httpserver.url_for("/oai"))


def test_a_body_above_the_limit_is_refused(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/oai").respond_with_data("x" * 2000)

    with (
        open_session(rules(max_wire_bytes=1000)) as session,
        pytest.raises(PageRefusedError, match="more than 1000 bytes") as caught,
    ):
        session.fetch(httpserver.url_for("/oai"))

    frames = [frame for frame, _ in traceback.walk_tb(caught.tb)]
    bodies = [frame.f_locals["body"] for frame in frames if "body" in frame.f_locals]
    assert [len(one.getvalue()) for one in bodies if isinstance(one, BytesIO)] == [0]


# ---------------------------------------------------------------- trying again


def test_a_cut_body_is_fetched_again() -> None:
    cut = says(answer_of(b"half", length=8))

    with raw_server(cut, says(answer_of(b"the whole"))) as url, open_session(RULES) as session:
        assert session.fetch(url).content == b"the whole"


def test_a_cut_chunked_body_is_fetched_again() -> None:
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n"

    with (
        raw_server(says(chunked), says(answer_of(b"whole"))) as url,
        open_session(RULES) as session,
    ):
        assert session.fetch(url).content == b"whole"


def test_a_cut_packed_body_is_fetched_again() -> None:
    packed = gzip.compress(b"the whole " * 100)

    with (
        raw_server(says(answer_of(packed[:-9])), says(answer_of(packed))) as url,
        open_session(RULES) as session,
    ):
        assert session.fetch(url).content == b"the whole " * 100


def test_a_connection_closed_without_an_answer_is_tried_again() -> None:
    with raw_server(says(b""), says(answer_of(b"x"))) as url, open_session(RULES) as session:
        assert session.fetch(url).content == b"x"


def test_a_chunked_body_is_read() -> None:
    chunked = (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
    )

    with raw_server(says(chunked)) as url, open_session(RULES) as session:
        assert session.fetch(url).content == b"abcde"


_PAGE = b"<OAI-PMH>" + b"x" * 2000 + b"</OAI-PMH>"
_CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
_NO_ANSWERS = {
    'the answer has no HTTP header; it begins with "<OAI-PMH>x': _PAGE,
    "a line of its HTTP header is longer than 64 KB": answer_of(
        _PAGE, headers="X-Long: " + "x" * 70_000 + "\r\n"
    ),
    "its HTTP header says that the body comes in chunks, and it does not": _CHUNKED + _PAGE,
    "its HTTP header contradicts itself (Content-Length": answer_of(
        _PAGE, headers="Content-Length: 9\r\n"
    ),
    "the packed body is damaged (": answer_of(
        gzip.compress(_PAGE)[:-8] + b"damaged!", headers="Content-Encoding: gzip\r\n"
    ),
}


@pytest.mark.parametrize("reason", _NO_ANSWERS)
def test_what_is_wrong_with_an_answer_is_said_shortly(reason: str) -> None:
    said = rf"attempts?: {re.escape(reason)}.{{0,100}}$|asked: {re.escape(reason)}.{{0,100}}$"
    with (
        raw_server(says(_NO_ANSWERS[reason])) as url,
        open_session(rules(attempts=1)) as session,
        pytest.raises(SourceUnreachableError, match=said),
    ):
        session.fetch(url)


def test_a_server_that_only_fails_is_given_up_with_the_reason() -> None:
    with (
        raw_server(says(answer_of(b"half", length=8))) as url,
        open_session(rules(attempts=2)) as session,
        pytest.raises(SourceUnreachableError, match=r"2 attempts.*4 bytes read, 4 more"),
    ):
        session.fetch(url)


def test_a_port_where_nobody_listens_is_given_up() -> None:
    with (
        open_session(rules(attempts=2)) as session,
        pytest.raises(SourceUnreachableError, match="refused"),
    ):
        session.fetch("http://127.0.0.1:1/oai")


def test_an_error_status_that_stays_is_the_answer(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/oai").respond_with_data("down", status=500)

    with open_session(rules(attempts=3)) as session:
        answer = session.fetch(httpserver.url_for("/oai"))

    assert (answer.status, answer.content, len(httpserver.log)) == (500, b"down", 3)


def test_a_status_that_will_not_change_is_not_tried_again(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/oai").respond_with_data("no", status=404)

    with open_session(RULES) as session:
        assert session.fetch(httpserver.url_for("/oai")).status == 404

    assert len(httpserver.log) == 1


def busy_once(httpserver: HTTPServer, retry_after: str, status: int = 503) -> str:
    asked: list[Request] = []

    def answer(request: Request) -> Response:
        asked.append(request)
        if len(asked) > 1:
            return Response("ok")
        return Response("busy", status, headers={"Retry-After": retry_after})

    httpserver.expect_request("/oai").respond_with_handler(answer)
    return httpserver.url_for("/oai")


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_in_seconds_is_waited_for(httpserver: HTTPServer, status: int) -> None:
    waits: list[float] = []

    with open_session(RULES, waits.append) as session:
        answer = session.fetch(busy_once(httpserver, "7", status))

    assert (answer.content, waits) == (b"ok", [7.0])


def test_retry_after_as_a_date_is_waited_for(httpserver: HTTPServer) -> None:
    waits: list[float] = []
    later = datetime.now(UTC) + timedelta(seconds=30)

    with open_session(RULES, waits.append) as session:
        session.fetch(busy_once(httpserver, format_datetime(later, usegmt=True)))

    assert 25 < waits[0] <= 30


def limited(httpserver: HTTPServer, *, refuses: Callable[[int], bool]) -> str:
    asked: list[int] = []

    def answer(_: Request) -> Response:
        asked.append(1)
        if refuses(len(asked)):
            return Response("too fast", 429, headers={"Retry-After": "9"})
        return Response("ok")

    httpserver.expect_request("/oai").respond_with_handler(answer)
    return httpserver.url_for("/oai")


def test_a_server_that_finds_us_too_fast_twice_is_asked_more_slowly(
    httpserver: HTTPServer,
) -> None:
    url, waits = limited(httpserver, refuses=lambda count: count in {1, 3}), list[float]()

    with open_session(RULES, waits.append) as session:
        for _ in range(4):
            assert session.fetch(url).content == b"ok"

    assert [round(wait) for wait in waits] == [9, 9, 9, 9, 9]  # two refusals, three distances


def test_one_refusal_does_not_slow_a_harvest_down(httpserver: HTTPServer) -> None:
    url, waits = limited(httpserver, refuses=lambda count: count == 1), list[float]()

    with open_session(RULES, waits.append) as session:
        for _ in range(9):
            session.fetch(url)

    assert waits == [9.0]


def test_a_server_that_refuses_whatever_the_pace_is_asked_at_the_usual_one(
    httpserver: HTTPServer,
) -> None:
    url, waits = limited(httpserver, refuses=lambda count: count % 2 == 1), list[float]()

    with open_session(RULES, waits.append) as session:
        for _ in range(6):
            session.fetch(url)

    distances = len(waits) - 6  # each page is refused once
    assert distances == 2  # before the retry of the second page, and before the third page


def test_a_pace_is_taken_up_again_when_long_nothing_was_refused() -> None:
    pace = Pace(0.5)
    for _ in range(2):
        pace.refused(2.0)

    for _ in range(400):
        pace.answered()

    assert pace.seconds == 0.5


@pytest.mark.parametrize("value", ["86400", "Fri, 01 Jan 2100 00:00:00 GMT", "9" * 5000])
def test_retry_after_above_our_patience_defers_the_source(
    httpserver: HTTPServer, value: str
) -> None:
    with (
        open_session(RULES) as session,
        pytest.raises(HarvestDeferredError, match="come back at 2") as caught,
    ):
        session.fetch(busy_once(httpserver, value))

    assert caught.value.until > datetime.now(UTC) + timedelta(hours=23)


@pytest.mark.parametrize("value", ["soon", "-1", "1.5", ""])
def test_retry_after_that_says_nothing_is_a_usual_failure(
    httpserver: HTTPServer, value: str
) -> None:
    with open_session(RULES) as session:
        assert session.fetch(busy_once(httpserver, value)).content == b"ok"


# ---------------------------------------------------------------- time


def test_a_silent_server_is_given_up() -> None:
    with (
        raw_server(lambda *_: time.sleep(1)) as url,
        open_session(rules(read_seconds=0.1, attempts=1)) as session,
        pytest.raises(SourceUnreachableError, match="timed out"),
    ):
        session.fetch(url)


@pytest.mark.parametrize(
    "start",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffff\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX-Header: ",
        b"HTTP/1.1 2",
    ],
    ids=["body", "chunk", "until it closes", "header", "status line"],
)
def test_a_server_that_drips_is_cut_off_at_the_deadline(start: bytes) -> None:
    with (
        raw_server(drips(start)) as url,
        open_session(rules(total_seconds=0.4)) as session,
        pytest.raises(SourceUnreachableError, match=r"within 0\.4 seconds"),
    ):
        session.fetch(url)


def test_a_server_that_is_silent_until_the_time_given_is_over_is_not_blamed() -> None:
    with (
        raw_server(lambda *_: time.sleep(1)) as url,
        open_session(rules(seconds_left=0.2)) as session,
        pytest.raises(DeadlineError, match="the time given for the harvest is over"),
    ):
        session.fetch(url)


def test_what_the_last_attempt_met_is_told_when_the_time_is_over() -> None:
    with (
        raw_server(says(b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n")) as url,
        open_session(rules(seconds_left=0.2, backoff_seconds=1)) as session,
        pytest.raises(DeadlineError, match="met: HTTP status 503"),
    ):
        session.fetch(url)


# ---------------------------------------------------------------- TLS


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    openssl = shutil.which("openssl") or pytest.skip("openssl makes the certificate")
    folder = tmp_path_factory.mktemp("tls")
    options = [
        *("-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"),
        *("-keyout", f"{folder}/key.pem", "-out", f"{folder}/certificate.pem"),
        *("-addext", "subjectAltName=IP:127.0.0.1"),
    ]
    subprocess.run([openssl, "req", *options], check=True, capture_output=True)
    return folder / "certificate.pem"


@pytest.fixture
def secure_url(certificate: Path) -> Iterator[str]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate.with_name("key.pem"))
    with HTTPServer(host="127.0.0.1", port=0, ssl_context=context) as server:
        server.expect_request("/oai").respond_with_data("safe")
        yield server.url_for("/oai")


def test_a_certificate_nobody_vouches_for_is_refused(secure_url: str) -> None:
    with (
        open_session(RULES) as session,
        pytest.raises(SourceUnreachableError, match="no certificate we can trust"),
    ):
        session.fetch(secure_url)


def test_a_certificate_of_the_given_authority_is_trusted(
    secure_url: str, certificate: Path
) -> None:
    with open_session(rules(ca_file=str(certificate))) as session:
        assert session.fetch(secure_url).content == b"safe"


def test_https_to_an_address_that_is_not_public_is_refused(secure_url: str) -> None:
    with open_session(HttpRules()) as session, pytest.raises(AddressRefusedError):
        session.fetch(secure_url)


def test_what_comes_damaged_is_asked_for_unpacked(httpserver: HTTPServer) -> None:
    broken = gzip.compress(b"<a>" + b"x" * 999 + b"</a>")[:-20]

    def answer(request: Request) -> Response:
        is_packed = "gzip" in request.headers["Accept-Encoding"]
        return Response(
            broken if is_packed else b"<a/>",
            headers={"Content-Encoding": "gzip"} if is_packed else {},
        )

    httpserver.expect_request("/oai").respond_with_handler(answer)

    with open_session(RULES) as session:
        assert session.fetch(httpserver.url_for("/oai")).content == b"<a/>"
