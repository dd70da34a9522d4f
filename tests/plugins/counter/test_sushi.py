"""The client of suppliers' services against a real server that misbehaves."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import attrs
import pytest
from click.testing import CliRunner
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from libconsortium import (
    AddressRefusedError,
    FileRefusedError,
    GuardedSession,
    HarvestDeferredError,
    HttpRules,
    Registry,
    SourceUnreachableError,
    UsageLoader,
    UsageRow,
    open_session,
)
from libconsortium.cli.run import run as run_command_line
from libconsortium.plugins.counter import fetching, sushi
from libconsortium.plugins.counter.command import fetch_usage
from tests.plugins.counter.reports import Line, as_json_51

REPORT = as_json_51([Line(title="A", counts={"Total_Item_Requests": {"2025-01": 3}})])
QUEUED = {"Code": 1011, "Severity": "Warning", "Message": "Report Queued for Processing"}
SECRETS = ("C-secret", "R-secret", "K-secret")
RULES = HttpRules(
    allowed_networks=("127.0.0.0/8",), attempts=2, backoff_seconds=0.01, total_seconds=2.0
)


@pytest.fixture
def session() -> Iterator[GuardedSession]:
    with open_session(RULES) as opened:
        yield opened


@pytest.fixture
def account(httpserver: HTTPServer) -> sushi.UsageAccount:
    return sushi.UsageAccount(
        url=httpserver.url_for("/service"),
        customer_id=SECRETS[0],
        requestor_id=SECRETS[1],
        api_key=SECRETS[2],
    )


@attrs.define
class Waits:
    """A patience that remembers how long it would have waited."""

    seconds: list[float] = attrs.field(factory=list)

    def patience(self, most: float = 3600.0) -> sushi.Patience:
        return sushi.Patience(most, self.seconds.append)


def fetched(
    session: GuardedSession, account: sushi.UsageAccount, patience: sushi.Patience | None = None
) -> bytes:
    return sushi.fetch_report(session, account, "TR_J1", ("2025-01", "2025-03"), patience)


def answering(httpserver: HTTPServer, body: object, status: int = 200, **headers: str) -> None:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    httpserver.expect_request("/service/r51/reports/tr_j1").respond_with_data(
        content, status=status, headers=headers
    )


# ---------------------------------------------------------------- asking


def test_a_report_is_asked_for_with_its_months_and_can_be_read(
    httpserver: HTTPServer, session: GuardedSession, account: sushi.UsageAccount
) -> None:
    asked = {
        "customer_id": SECRETS[0], "requestor_id": SECRETS[1], "api_key": SECRETS[2],
        "begin_date": "2025-01", "end_date": "2025-03",
    }  # fmt: skip
    httpserver.expect_request("/service/r51/reports/tr_j1", query_string=asked).respond_with_data(
        REPORT
    )

    content = fetched(session, account)

    import io

    loader = Registry().find(UsageLoader, "counter")
    rows = [event for event in loader.read("x", io.BytesIO(content)) if isinstance(event, UsageRow)]
    assert [row.count for row in rows] == [3]


@pytest.mark.parametrize(
    "written", ["", "/", "/r51", "/r51/", "/r51/reports", "/reports/", "/r51/status"]
)
def test_whatever_the_supplier_writes_behind_its_address_is_understood(written: str) -> None:
    account = sushi.UsageAccount(url=f"https://s.example/sushi{written}", customer_id="1")

    assert account.address("status") == "https://s.example/sushi/r51/status?customer_id=1"


def test_release_5_has_other_paths_and_breaks_usage_down_as_asked() -> None:
    account = sushi.UsageAccount(url="https://s.example", customer_id="1", release="5")

    assert account.address("reports/tr") == "https://s.example/reports/tr?customer_id=1"


def test_a_report_by_items_asks_for_their_parents(
    httpserver: HTTPServer, session: GuardedSession, account: sushi.UsageAccount
) -> None:
    httpserver.expect_request("/service/r51/reports/ir").respond_with_data(REPORT)

    sushi.fetch_report(session, account, "IR", ("2025-01", "2025-01"))

    ((request, _),) = httpserver.log
    assert request.args["include_parent_details"] == "True"
    assert request.args["attributes_to_show"] == "YOP|Access_Type|Access_Method"


def test_the_members_that_share_their_usage_are_listed(
    httpserver: HTTPServer, session: GuardedSession, account: sushi.UsageAccount
) -> None:
    told = [
        {"Customer_ID": "C1", "Institution_Name": "Uni A", "Notes": "only licensed titles"},
        {"Customer_ID": "C2", "Name": "Uni B", "Requestor_ID": "R2"},
        {"Name": "without a number"},
        "not even an object",
    ]
    httpserver.expect_request("/service/r51/members").respond_with_json(told)

    assert sushi.members(session, account) == (
        sushi.Customer(customer_id="C1", name="Uni A", notes="only licensed titles"),
        sushi.Customer(customer_id="C2", name="Uni B", requestor_id="R2"),
    )


def test_the_reports_that_a_service_offers_are_listed(
    httpserver: HTTPServer, session: GuardedSession, account: sushi.UsageAccount
) -> None:
    httpserver.expect_request("/service/r51/reports").respond_with_json(
        [{"Report_ID": "TR"}, {"Report_ID": "TR_J1"}, {}]
    )

    assert sushi.reports(session, account) == ("TR", "TR_J1")


# ---------------------------------------------------------------- refusals in every shape

SHAPES: dict[str, Callable[[dict[str, object]], object]] = {
    "bare": lambda one: one,
    "list": lambda one: [one, {"Code": 3060, "Message": "Invalid ReportFilter Value"}],
    "code as text": lambda one: {**one, "Code": str(one["Code"])},
    "number and message": lambda one: {"number": one["Code"], "message": one["Message"]},
    "Exception": lambda one: {"Report_Header": {"Report_ID": "tr"}, "Exception": one},
    "Exceptions at the top": lambda one: {"Report_ID": "TR_J1", "Exceptions": [one]},
    "in the header": lambda one: {
        "Report_Header": {"Report_ID": "TR_J1", "Exceptions": [one]},
        "Report_Items": [],
    },
    "items are null": lambda one: {"Report_Header": {"Exceptions": [one]}, "Report_Items": None},
    "text inside": json.dumps,
}
CODES = {
    1030: "the request lacks something",
    2000: "does not know the requestor",
    2010: "may not see the usage of this customer",
    2020: "does not accept the API key",
    3000: "does not offer this report",
    3010: "in this release",
    3020: "the dates asked for make no sense",
    2090: "the supplier says",
}


@pytest.mark.parametrize("status", [200, 400, 401, 403])
@pytest.mark.parametrize("shape", sorted(SHAPES))
def test_a_refusal_is_understood_in_every_shape(
    httpserver: HTTPServer, session: GuardedSession, account: sushi.UsageAccount,
    shape: str, status: int,
) -> None:  # fmt: skip
    one = {"Code": 2010, "Severity": "Error", "Message": "Requestor is Not Authorized"}
    answering(httpserver, SHAPES[shape](one), status)

    with pytest.raises(FileRefusedError, match="may not see the usage") as caught:
        fetched(session, account)

    assert caught.value.code == "COUNTER_2010"
    assert "ask the member" in str(caught.value)


@pytest.mark.parametrize("code", sorted(CODES))
def test_every_refusal_is_said_in_plain_words(
    httpserver: HTTPServer, session: GuardedSession, account: sushi.UsageAccount, code: int
) -> None:
    answering(httpserver, {"Code": code, "Message": "As the Supplier Says"}, 400)

    with pytest.raises(FileRefusedError, match=CODES[code]):
        fetched(session, account)


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        (b"<html>Log in</html>", 200, "is not that of a COUNTER service"),
        (b"Not Found", 404, "there is no COUNTER service at this address"),
        (b"Forbidden", 403, "does not let us in"),
        (b"", 200, "is not that of a COUNTER service"),
        (b'{"error": "unknown"}', 418, "is not that of a COUNTER service"),
        (b"\xff\xfe\x00", 200, "is not that of a COUNTER service"),
    ],
)
def test_what_is_no_answer_of_a_service_is_told(  # noqa: PLR0913, PLR0917 - cases
    httpserver: HTTPServer, session: GuardedSession, account: sushi.UsageAccount,
    body: bytes, status: int, said: str,
) -> None:  # fmt: skip
    answering(httpserver, body, status)

    with pytest.raises(FileRefusedError, match=said):
        fetched(session, account)


def test_a_report_with_a_warning_is_a_report(
    httpserver: HTTPServer, session: GuardedSession, account: sushi.UsageAccount
) -> None:
    warned = {**json.loads(REPORT), "Exceptions": [{"Code": 3031, "Message": "Not Ready"}]}
    answering(httpserver, warned)

    assert json.loads(fetched(session, account)) == warned


def test_no_usage_is_an_answer_and_not_a_refusal(
    httpserver: HTTPServer, session: GuardedSession, account: sushi.UsageAccount
) -> None:
    answering(httpserver, as_json_51([], Exceptions=[{"Code": 3030, "Message": "No Usage"}]))

    assert b"3030" in fetched(session, account)


def test_an_error_status_with_a_harmless_code_is_no_report(
    httpserver: HTTPServer, session: GuardedSession, account: sushi.UsageAccount
) -> None:
    answering(httpserver, {"Code": 3031, "Message": "Not Ready"}, 404)

    with pytest.raises(FileRefusedError, match="not ready yet"):
        fetched(session, account)


# ---------------------------------------------------------------- waiting


@pytest.mark.parametrize("status", [200, 202])
@pytest.mark.parametrize("code", [1010, 1011, 1020])
def test_a_report_that_is_being_made_is_asked_for_again(
    httpserver: HTTPServer, session: GuardedSession, account: sushi.UsageAccount,
    code: int, status: int,
) -> None:  # fmt: skip
    waits, path = Waits(), "/service/r51/reports/tr_j1"
    for _ in range(2):
        httpserver.expect_ordered_request(path).respond_with_json(
            {**QUEUED, "Code": code}, status=status
        )
    httpserver.expect_ordered_request(path).respond_with_data(REPORT)

    assert fetched(session, account, waits.patience()) == REPORT
    assert waits.seconds == [30.0, 60.0]


def test_the_service_says_how_long_to_wait(
    httpserver: HTTPServer, session: GuardedSession, account: sushi.UsageAccount
) -> None:
    waits, path = Waits(), "/service/r51/reports/tr_j1"
    httpserver.expect_ordered_request(path).respond_with_json(
        QUEUED, status=202, headers={"Retry-After": "90"}
    )
    httpserver.expect_ordered_request(path).respond_with_data(REPORT)

    fetched(session, account, waits.patience())

    assert waits.seconds == [90.0]


def test_after_the_time_given_the_report_is_left_for_later(
    httpserver: HTTPServer, session: GuardedSession, account: sushi.UsageAccount
) -> None:
    answering(httpserver, QUEUED, 202)
    waits, began = Waits(), time.time()

    with pytest.raises(HarvestDeferredError, match="put the request into its queue") as caught:
        fetched(session, account, waits.patience(20.0))

    assert waits.seconds == []
    assert caught.value.until.timestamp() > began + 20
    assert not any(secret in str(caught.value) for secret in SECRETS)


def test_too_many_requests_with_a_long_wait_is_left_for_later_without_a_leak(
    httpserver: HTTPServer, session: GuardedSession, account: sushi.UsageAccount
) -> None:
    answering(httpserver, {"Code": 1020, "Message": "x"}, 429, **{"Retry-After": "86400"})

    with pytest.raises(HarvestDeferredError) as caught:
        fetched(session, account)

    assert not any(secret in str(caught.value) for secret in SECRETS)


# ---------------------------------------------------------------- networks


def test_a_slow_service_is_given_up(
    httpserver: HTTPServer, session: GuardedSession, account: sushi.UsageAccount
) -> None:
    def slow(_: Request) -> Response:
        time.sleep(0.5)
        return Response(REPORT)

    httpserver.expect_request("/service/r51/reports/tr_j1").respond_with_handler(slow)
    session.rules = attrs.evolve(RULES, read_seconds=0.1, attempts=1)

    with pytest.raises(SourceUnreachableError) as caught:
        fetched(session, account)

    assert not any(secret in str(caught.value) for secret in SECRETS)


def test_an_address_that_is_not_public_is_refused_unless_allowed(
    account: sushi.UsageAccount,
) -> None:
    with open_session(HttpRules()) as session, pytest.raises(AddressRefusedError):
        fetched(session, account)


def test_a_redirect_to_an_address_that_is_not_public_is_refused(
    httpserver: HTTPServer, account: sushi.UsageAccount
) -> None:
    answering(httpserver, b"", 302, Location="http://10.0.0.1/r51/reports/tr_j1")

    with open_session(RULES) as session, pytest.raises(AddressRefusedError, match=r"10\.0\.0\.1"):
        fetched(session, account)


def test_a_redirect_carries_no_key_to_another_address(
    httpserver: HTTPServer, session: GuardedSession, account: sushi.UsageAccount
) -> None:
    answering(httpserver, b"", 302, Location=httpserver.url_for("/elsewhere"))
    httpserver.expect_request("/elsewhere").respond_with_data(REPORT)

    fetched(session, account)

    assert httpserver.log[-1][0].path == "/elsewhere"
    assert not httpserver.log[-1][0].args


@pytest.mark.parametrize(
    ("status", "location"), [(400, ""), (503, ""), (302, "/service/r51/reports/tr_j1")]
)
def test_keys_and_ids_are_never_logged_nor_told(
    httpserver: HTTPServer, account: sushi.UsageAccount, caplog: pytest.LogCaptureFixture,
    status: int, location: str,
) -> None:  # fmt: skip
    caplog.set_level(logging.DEBUG)
    where = f"{location}?api_key={SECRETS[2]}&customer_id={SECRETS[0]}" if location else ""
    answering(httpserver, {"Code": 1030, "Message": "x"}, status, Location=where)

    with (
        open_session(RULES) as session,
        pytest.raises((FileRefusedError, SourceUnreachableError, HarvestDeferredError)) as caught,
    ):
        fetched(session, account, sushi.Patience(0))

    ours = [record.getMessage() for record in caplog.records if record.name != "werkzeug"]
    said = " ".join([*ours, str(caught.value), repr(account)])
    assert "tr_j1" in said
    assert not any(secret in said for secret in SECRETS)


# ---------------------------------------------------------------- the command


def test_the_command_writes_the_report_and_takes_the_key_from_the_environment(
    httpserver: HTTPServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SUPPLIER_KEY", "K-secret")
    monkeypatch.setenv("CUSTOMER", "C1")
    answering(httpserver, REPORT)
    typed = [
        httpserver.url_for("/service"), "--report", "TR_J1", "--begin", "2025-01", "--end",
        "2025-03", "--customer-id", "env:CUSTOMER", "--requestor-id", "env:CUSTOMER", "--api-key",
        "env:SUPPLIER_KEY", "--allow-network", "127.0.0.0/8", "--into", str(tmp_path / "tr.json"),
    ]  # fmt: skip

    said = CliRunner().invoke(fetch_usage, [*typed, "--json"])
    again = CliRunner().invoke(fetch_usage, typed)

    assert json.loads(said.output)["bytes"] == len(REPORT)
    assert again.exit_code == 0
    assert (tmp_path / "tr.json").read_bytes() == REPORT
    assert httpserver.log[0][0].args["api_key"] == "K-secret"


def several(httpserver: HTTPServer, folder: Path, *more: str) -> list[str]:
    return [
        httpserver.url_for("/service"), "--report", "TR_J1", "--begin", "2025-01", "--end",
        "2025-03", "--allow-network", "127.0.0.0/8", "--into", str(folder), "--json", *more,
    ]  # fmt: skip


def reports_of(httpserver: HTTPServer, answers: dict[str, tuple[object, int]]) -> None:
    """Answer every customer in its own way."""

    def answer(request: Request) -> Response:
        body, status = answers[request.args["customer_id"]]
        return Response(body if isinstance(body, bytes) else json.dumps(body), status=status)

    httpserver.expect_request("/service/r51/reports/tr_j1").respond_with_handler(answer)


def run(typed: list[str]) -> tuple[int, dict[str, dict[str, object]]]:
    said = CliRunner().invoke(fetch_usage, typed, standalone_mode=False)
    assert said.exception is None, said.exception
    told = json.loads(said.stdout)
    return said.return_value, {one["customer"]: one for one in told["fetched"]}


def test_several_customers_each_get_a_file_and_one_refusal_stops_no_other(
    httpserver: HTTPServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIB_B", "C2")
    refused = {"Code": 2010, "Severity": "Error", "Message": "Not authorized"}
    reports_of(httpserver, {"C/1": (REPORT, 200), "C2": (refused, 403), "C3": (REPORT, 200)})
    typed = several(
        httpserver, tmp_path / "reports", "--customer-id", "C/1", "--customer-id", "env:LIB_B",
        "--customer-id", "C3",
    )  # fmt: skip

    code, found = run(typed)

    assert code == 1
    assert sorted(path.name for path in (tmp_path / "reports").iterdir()) == [
        "C-1-TR_J1-2025-01-2025-03.json",
        "C3-TR_J1-2025-01-2025-03.json",
    ]
    assert found["LIB_B"]["written"] is None
    assert found["LIB_B"]["error"]

    asked = len(httpserver.log)
    code, found = run(typed)
    assert found["C3"]["there_already"] is True
    assert len(httpserver.log) == asked + 1  # only who was refused is asked for again
    assert run([*typed, "--again"])[1]["C3"]["there_already"] is False


def test_all_members_of_a_consortium_are_fetched(httpserver: HTTPServer, tmp_path: Path) -> None:
    told = [
        {"Customer_ID": "M1", "Name": "Uni A", "Requestor_ID": "R1"},
        {"Customer_ID": "M2", "Name": "Uni B"},
    ]
    httpserver.expect_request("/service/r51/members").respond_with_json(told)
    reports_of(httpserver, {"M1": (REPORT, 200), "M2": (REPORT, 200)})

    code, found = run(several(httpserver, tmp_path, "--customer-id", "CONSORTIUM", "--all-members"))

    assert code == 0
    assert [one["name"] for one in found.values()] == ["Uni A", "Uni B"]
    asked = [each.args for each, _ in httpserver.log if not each.path.endswith("/members")]
    assert [(one["customer_id"], one.get("requestor_id")) for one in asked] == [
        ("M1", "R1"),
        ("M2", None),
    ]


def test_reports_that_are_being_made_are_waited_for_after_all_were_asked(
    httpserver: HTTPServer, session: GuardedSession, account: sushi.UsageAccount, tmp_path: Path
) -> None:
    asked: list[str] = []

    def answer(request: Request) -> Response:
        customer = request.args["customer_id"]
        asked.append(customer)
        is_ready = customer == "B" or asked.count(customer) > 1
        return Response(REPORT if is_ready else json.dumps(QUEUED), status=200 if is_ready else 202)

    httpserver.expect_request("/service/r51/reports/tr_j1").respond_with_handler(answer)
    waits = Waits()

    months = ("2025-01", "2025-03")
    batch = fetching.Batch(
        session=session, account=account, report="TR_J1", months=months, folder=tmp_path
    )

    found = fetching.fetch_each(batch, fetching.named(["A", "B"]), patience=waits.patience())

    assert asked == ["A", "B", "A"]
    assert [one.size for one in found] == [len(REPORT)] * 2


def test_several_reports_do_not_go_into_one_file(httpserver: HTTPServer, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("", "utf-8")
    typed = several(httpserver, tmp_path / "a.json", "--customer-id", "1", "--customer-id", "2")

    said = CliRunner().invoke(fetch_usage, typed, standalone_mode=False)

    assert "name a folder" in str(said.exception)


@pytest.mark.parametrize(("language", "said"), [("en", "does not let us in"), ("vi", "không cho")])
def test_a_refusal_is_said_in_the_readers_language(
    httpserver: HTTPServer,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    language: str,
    said: str,
) -> None:
    reports_of(httpserver, {"A": (REPORT, 200), "B": ({}, 401)})
    typed = several(httpserver, tmp_path, "--customer-id", "A", "--customer-id", "B")

    code = run_command_line(["--lang", language, "fetch-usage", *typed])

    out, err = capsys.readouterr()
    assert code == 1
    assert said in err
    assert said in json.loads(out)["fetched"][1]["error"]
