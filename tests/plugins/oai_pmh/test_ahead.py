"""Pages asked for early: on the wire while the one before is read, and never believed early."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

import attrs
import pytest

from libconsortium import (
    DeadlineError,
    Harvester,
    HarvestPage,
    HarvestRequest,
    HttpRules,
    Registry,
    TokenRefusedError,
    open_session,
)
from libconsortium.plugins.oai_pmh.ahead import Ahead
from libconsortium.plugins.oai_pmh.client import StrictSickle
from libconsortium.plugins.oai_pmh.tokens import coming_tokens, early_token
from tests.oai_server import Reply, Repository, envelope, error, serving, source_at

HARVESTER = Registry().find(Harvester, "oai-pmh")


@attrs.define
class Watched:
    """A repository that counts how many requests are answered at one moment."""

    repository: Repository
    seconds: float = 0.05
    now: int = 0
    most: int = 0
    lock: Any = attrs.field(factory=threading.Lock)

    def fault(self, _asked: dict[str, str], _count: int, reply: Reply) -> Reply:
        with self.lock:
            self.now += 1
            self.most = max(self.most, self.now)
        time.sleep(self.seconds)
        with self.lock:
            self.now -= 1
        return reply


def watched(**settings: Any) -> Watched:
    one = Watched(Repository(**settings))
    one.repository.fault = one.fault
    return one


def pages_of(repository: Repository, **changes: Any) -> Iterator[HarvestPage]:
    with serving(repository) as url:
        yield from HARVESTER.harvest(attrs.evolve(source_at(url).request(), **changes))


def identifiers(pages: list[HarvestPage]) -> list[str]:
    return [record.identifier for page in pages for record in page.records]


# ---------------------------------------------------------------- what is read early


@pytest.mark.parametrize(
    "content",
    [
        envelope("<ListRecords><resumptionToken/></ListRecords>"),
        envelope("<ListRecords><resumptionToken>a</resumptionToken></ListRecords>")[:-9],
        envelope("<ListRecords><record></record></ListRecords>"),
        envelope("<L><resumptionToken>a</resumptionToken><resumptionToken>b</resumptionToken></L>"),
        envelope("<L><resumptionToken>a</resumptionToken><record></record></L>"),
        envelope("<L><resumptionToken>&#97;</resumptionToken></L>"),
        envelope("<L><resumptionToken>\u1ea5</resumptionToken></L>").replace(b"\xba", b"\xff"),
        b"<!DOCTYPE a>" + envelope("<L><resumptionToken>a</resumptionToken></L>"),
        b"<html>Maintenance</html>",
        b"",
    ],
)
def test_a_page_that_is_not_clear_gives_no_token_early(content: bytes) -> None:
    assert early_token(content)[0] == ""


def test_a_prefixed_token_is_seen_early() -> None:
    content = b"<o:OAI-PMH><o:resumptionToken> a&lt;b </o:resumptionToken></o:OAI-PMH>"

    assert early_token(content) == ("a<b", None)


@pytest.mark.parametrize(
    ("before", "token", "size", "coming"),
    [
        ("oai////100", "oai////200", None, ["oai////300", "oai////400"]),
        ("a 1 b 4", "a 1 b 8", 12, []),
        ("a 1 b 4", "a 1 b 8", 13, ["a 1 b 12"]),
        ("4", "4", None, []),
        ("8", "4", None, []),
        ("a1b1", "a2b2", None, []),
        ("098", "099", None, []),
        ("a", "b", None, []),
    ],
)
def test_tokens_are_guessed_only_where_one_number_grows(
    before: str, token: str, size: int | None, coming: list[str]
) -> None:
    guessed = [one for one, _ in zip(coming_tokens(before, token, size), range(2), strict=False)]

    assert guessed == coming


# ---------------------------------------------------------------- one request under way


def test_the_next_page_is_on_the_wire_while_the_present_one_is_read() -> None:
    repository = Repository(size=12)
    with serving(repository) as url:
        pages = HARVESTER.harvest(source_at(url).request())
        next(pages)
        patience = time.monotonic() + 5
        while len(repository.asked) < 2 and time.monotonic() < patience:
            time.sleep(0.01)

        assert repository.asked[1:] == [{"verb": "ListRecords", "resumptionToken": "t+& 4"}]
        assert sorted(identifiers(list(pages))) == sorted(
            repository.truth - {f"oai:a.example:{number}" for number in range(4)}
        )
        assert len(repository.asked) == 3


def test_no_second_request_is_under_way_unless_the_source_allows_it() -> None:
    server = watched(size=20)

    assert len(identifiers(list(pages_of(server.repository)))) == 20
    assert server.most == 1


def test_a_token_that_only_seemed_to_be_one_is_not_followed() -> None:
    def fake(asked: dict[str, str], _count: int, reply: Reply) -> Reply:
        if "resumptionToken" in asked:
            return reply
        hidden = b"<!-- <resumptionToken>t+&amp; 8</resumptionToken> --></OAI-PMH>"
        body = reply.body.replace(b"t+&amp; 4</resumptionToken>", b"t+&amp; 4</resumptionToken  >")
        return attrs.evolve(reply, body=body.replace(b"</OAI-PMH>", hidden))

    repository = Repository(size=12, fault=fake)

    pages = list(pages_of(repository))

    assert sorted(identifiers(pages)) == sorted(repository.truth)


def test_what_goes_wrong_early_is_told_after_the_page_before() -> None:
    def forgets(asked: dict[str, str], _count: int, reply: Reply) -> Reply:
        return Reply(body=error("badResumptionToken")) if "resumptionToken" in asked else reply

    pages = pages_of(Repository(size=8, fault=forgets))

    assert len(next(pages).records) == 4
    with pytest.raises(TokenRefusedError):
        next(pages)


def test_a_page_that_has_to_be_asked_for_again_does_not_waste_the_next_one() -> None:
    def odd_once(asked: dict[str, str], count: int, reply: Reply) -> Reply:
        is_second = asked.get("resumptionToken") == "t+& 4"
        if is_second and count == 1:  # no list, and a token all the same
            return attrs.evolve(reply, body=reply.body.replace(b"ListRecords", b"Other"))
        return reply

    repository = Repository(size=12, fault=odd_once)

    pages = list(pages_of(repository))

    assert sorted(identifiers(pages)) == sorted(repository.truth)
    tokens = [asked.get("resumptionToken", "") for asked in repository.asked]
    assert tokens.count("t+& 8") == 1


def test_ending_early_waits_for_nobody() -> None:
    came, go_on, answered = threading.Event(), threading.Event(), threading.Event()

    def stuck(asked: dict[str, str], _count: int, reply: Reply) -> Reply:
        if "resumptionToken" in asked:
            came.set()
            go_on.wait(20)
            answered.set()
        return reply

    with serving(Repository(size=8, fault=stuck)) as url:
        pages = HARVESTER.harvest(source_at(url).request())
        next(pages)
        came.wait(5)
        pages.close()  # type: ignore[attr-defined] # a generator
        has_waited = answered.is_set()
        go_on.set()

    assert not has_waited
    assert not [one for one in threading.enumerate() if one.name == "harvest ahead"]


def test_a_session_that_was_broken_off_asks_nothing_any_more() -> None:
    with serving(Repository()) as url:
        session = open_session(HttpRules(allowed_networks=("127.0.0.1/32",)))
        ahead = Ahead(StrictSickle(url, session))
        session.break_off()

        with pytest.raises(DeadlineError):
            ahead.harvest(verb="Identify")


# ---------------------------------------------------------------- guessed tokens


def test_guessed_pages_come_at_the_same_time_and_nothing_is_lost() -> None:
    server = watched(size=40)

    pages = list(pages_of(server.repository, guessed_pages=3))

    assert identifiers(pages) == [f"oai:a.example:{number}" for number in range(40)]
    assert [page.number for page in pages] == list(range(1, 11))
    assert 1 < server.most <= 4
    assert len(server.repository.asked) == 10


def test_a_server_that_gives_other_tokens_than_guessed_is_believed_and_not_the_guess() -> None:
    """Its pages lie at odd offsets, and a guessed token brings other records: a liar's trap."""
    steps = {"": "4", "4": "8", "8": "9", "9": "13", "13": ""}

    def odd(asked: dict[str, str], _count: int, reply: Reply) -> Reply:
        start = asked.get("resumptionToken", "")
        if start not in steps:
            lies = "".join(repository.record(number) for number in (1, 2))
            return Reply(
                body=envelope(
                    f"<ListRecords>{lies}<resumptionToken>99</resumptionToken></ListRecords>"
                )
            )
        end = int(steps[start] or 16)
        items = "".join(repository.record(number) for number in range(int(start or 0), end))
        token = f"<resumptionToken>{steps[start]}</resumptionToken>"
        return attrs.evolve(reply, body=envelope(f"<ListRecords>{items}{token}</ListRecords>"))

    repository = Repository(size=16, fault=odd)

    pages = list(pages_of(repository, guessed_pages=3))

    assert identifiers(pages) == [f"oai:a.example:{number}" for number in range(16)]
    assert {"verb": "ListRecords", "resumptionToken": "12"} in repository.asked


def test_a_guess_that_fails_harms_no_page_that_the_server_leads_to() -> None:
    def only_what_was_given(asked: dict[str, str], _count: int, reply: Reply) -> Reply:
        token = asked.get("resumptionToken", "")
        return Reply(body=b"", status=500) if token == "t+& 16" and not given else reply

    given: list[str] = []
    repository = Repository(size=14, announces=-1, fault=only_what_was_given)

    pages = list(pages_of(repository, guessed_pages=2, retry_seconds=0.01))

    assert identifiers(pages) == [f"oai:a.example:{number}" for number in range(14)]


@pytest.mark.parametrize("guesses", [-1, 99])
def test_no_number_of_guesses_is_too_many_for_a_server(guesses: int) -> None:
    server = watched(size=80)

    assert len(identifiers(list(pages_of(server.repository, guessed_pages=guesses)))) == 80
    assert server.most <= 9


def test_a_source_may_allow_guesses() -> None:
    source = attrs.evolve(source_at("https://a.example/oai"), guessed_pages=3)

    assert source.request().guessed_pages == 3
    assert HarvestRequest(source="a", url="https://a.example/oai").guessed_pages == 0
