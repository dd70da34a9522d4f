"""Where a document ends is told by itself when its transfer does not say so truly."""

from __future__ import annotations

import gzip
import re
import socket
import threading

import pytest

from libconsortium import HttpRules, SourceUnreachableError
from libconsortium.http import transfers
from libconsortium.http.bodies import CutBodyError, unpacked
from libconsortium.http.session import GuardedSession
from tests.raw_server import answer_of, raw_server, says

WHOLE = b"<a>" + b"x" * 20_000 + b"</a>"
CLOSING = re.compile(b"</a>")


def session(closing: re.Pattern[bytes] | None = CLOSING) -> GuardedSession:
    rules = HttpRules(allowed_networks=("127.0.0.1/32",), attempts=2, backoff_seconds=0.001)
    made = GuardedSession(rules)
    made.ends.closing = closing
    return made


def test_a_length_that_is_too_great_leaves_a_whole_document() -> None:
    with raw_server(says(answer_of(WHOLE, length=30_000))) as url, session() as asking:
        answer = asking.fetch(url)

    assert answer.content == WHOLE
    assert not answer.damage


def test_who_cannot_tell_where_a_document_ends_is_given_no_damaged_one() -> None:
    with (
        raw_server(says(answer_of(WHOLE, length=30_000))) as url,
        session(None) as asking,
        pytest.raises(SourceUnreachableError, match="no complete answer in 2 attempts"),
    ):
        asking.fetch(url)


def test_a_habit_of_damage_is_not_asked_about_again() -> None:
    packed = answer_of(gzip.compress(WHOLE)[:-8], headers="Content-Encoding: gzip\r\n")
    asked: list[bytes] = []

    def script(opened: socket.socket, request: bytes) -> None:
        asked.append(request)
        opened.sendall(packed)

    with raw_server(script) as url, session() as asking:
        answers = [asking.fetch(url) for _ in range(3)]

    assert [answer.content for answer in answers] == [WHOLE] * 3
    assert all(answer.damage for answer in answers)
    assert len(asked) == 4


def test_a_document_is_read_on_beyond_its_length_when_that_is_in_doubt() -> None:
    with raw_server(says(answer_of(WHOLE, length=100))) as url, session() as asking:
        short = asking.fetch(url)
        asking.ends.reads_on = True
        answer = asking.fetch(url)

    assert len(short.content) == 100
    assert answer.content == WHOLE
    assert not answer.damage


def test_what_may_come_beyond_a_length_is_waited_for_shortly(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(transfers, "_MORE_SECONDS", 0.05)
    is_read = threading.Event()

    def comes_much_later(opened: socket.socket, _request: bytes) -> None:
        opened.sendall(answer_of(b""))
        is_read.wait(3)
        opened.sendall(WHOLE)

    with raw_server(comes_much_later) as url, session() as asking:
        asking.ends.reads_on = True
        answer = asking.fetch(url)
        is_read.set()

    assert not answer.content


def test_a_length_that_was_right_is_believed_again() -> None:
    with raw_server(says(answer_of(b"<a>"))) as url, session() as asking:
        asking.ends.reads_on = True
        asking.fetch(url)

        assert not asking.ends.reads_on


def test_a_part_of_a_document_is_given_after_the_last_attempt() -> None:
    with raw_server(says(answer_of(WHOLE[:5000], length=9000))) as url, session() as asking:
        answer = asking.fetch(url)

    assert answer.content == WHOLE[:5000]
    assert answer.damage


def test_what_broke_a_transfer_can_be_said_in_another_language() -> None:
    packed = gzip.compress(WHOLE)[:-9]
    reply = answer_of(packed, headers="Content-Encoding: gzip\r\n")
    with raw_server(says(reply)) as url, session() as asking:
        answer = asking.fetch(url)

    assert answer.damage
    said = {"the packed body ends too early": "nội dung nén kết thúc quá sớm"}
    assert answer.damage.translated(said.get) == "nội dung nén kết thúc quá sớm"


def test_what_can_be_unpacked_before_the_damage_is_told_to_the_last_byte() -> None:
    packed = gzip.compress(WHOLE)
    with pytest.raises(CutBodyError) as caught:
        unpacked(packed[:-8] + b"\0" * 8, max_bytes=100_000, max_ratio=500)

    assert caught.value.content == WHOLE


# ---------------------------------------------------------------- heads of answers


def head_of(lines: str, body: bytes = WHOLE) -> bytes:
    length = f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    return f"HTTP/1.1 200 OK\r\n{lines}{length}".encode() + body


def test_more_headers_than_the_library_takes_cost_only_those_that_do_not_matter() -> None:
    cookies = "".join(f"Set-Cookie: c{number}=v\r\n" for number in range(500))
    with raw_server(says(head_of(cookies + "Content-Type: text/xml\r\n"))) as url:
        answer = session().fetch(url)

    assert answer.content == WHOLE
    assert ("Content-Type", "text/xml") in answer.headers


def test_headers_without_end_are_refused() -> None:
    endless = "".join(f"X-{number}: v\r\n" for number in range(5000))
    with (
        raw_server(says(head_of(endless))) as url,
        pytest.raises(SourceUnreachableError, match="more than 100 headers"),
    ):
        session().fetch(url)


def test_a_warning_among_the_headers_does_not_hide_those_behind_it() -> None:
    with raw_server(says(head_of("PHP Warning in line 3\r\nX-Kind: a\r\n  b\r\n"))) as url:
        answer = session().fetch(url)

    assert answer.content == WHOLE
    assert [name for name, _ in answer.headers] == ["X-Kind", "Content-Length", "Connection"]


def test_early_hints_are_not_the_answer() -> None:
    early = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n"
    with raw_server(says(early + head_of(""))) as url:
        answer = session().fetch(url)

    assert (answer.status, answer.content) == (200, WHOLE)
