"""Credentials and headers: sent to the source, kept nowhere, told to nobody."""

from __future__ import annotations

import base64
import logging
import socket
from pathlib import Path

import pytest

from libconsortium import DeadlineError, HttpRules, SettingsError, open_session
from tests.raw_server import Script, answer_of, raw_server

LOCAL = ("127.0.0.1/32",)


def heard(seen: list[bytes], answer: bytes) -> Script:
    def script(opened: socket.socket, request: bytes) -> None:
        seen.append(request)
        opened.sendall(answer)

    return script


def test_credentials_from_the_environment_go_to_the_source(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("LIBRARY_LOGIN", "reader:hush hush")
    seen: list[bytes] = []
    rules = HttpRules(allowed_networks=LOCAL, credentials="env:LIBRARY_LOGIN")

    with (
        caplog.at_level(logging.DEBUG),
        raw_server(heard(seen, answer_of(b"ok"))) as url,
        open_session(rules) as session,
    ):
        answer = session.fetch(url)

    assert base64.b64encode(b"reader:hush hush") in seen[0]
    assert "hush" not in caplog.text + repr(rules) + repr(answer)


def test_headers_from_a_file_go_to_the_source(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("abc-123\n", "utf-8")
    seen: list[bytes] = []
    rules = HttpRules(allowed_networks=LOCAL, headers=(("X-Api-Key", f"file:{tmp_path / 'key'}"),))

    with raw_server(heard(seen, answer_of(b"ok"))) as url, open_session(rules) as session:
        session.fetch(url)

    assert b"X-Api-Key: abc-123\r\n" in seen[0]


def test_secrets_do_not_follow_a_redirect_to_another_server(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LIBRARY_LOGIN", "reader:hush")
    monkeypatch.setenv("LIBRARY_KEY", "abc-123")
    seen: list[bytes] = []
    rules = HttpRules(
        allowed_networks=LOCAL,
        credentials="env:LIBRARY_LOGIN",
        headers=(("X-Api-Key", "env:LIBRARY_KEY"),),
    )
    with raw_server(heard(seen, answer_of(b"ok"))) as other:
        moved = answer_of(b"", status="302 Found", headers=f"Location: {other}\r\n")
        with raw_server(heard(seen, moved)) as url, open_session(rules) as session:
            session.fetch(url, {"verb": "Identify"})

    assert b"abc-123" in seen[0]
    assert b"abc-123" not in seen[1]
    assert b"Authorization" not in seen[1]


def test_a_redirect_that_loses_the_question_gets_it_again() -> None:
    seen: list[bytes] = []
    with raw_server(heard(seen, answer_of(b"ok"))) as other:
        moved = answer_of(b"", status="301 Moved", headers=f"Location: {other}/request\r\n")
        with (
            raw_server(heard(seen, moved)) as url,
            open_session(HttpRules(allowed_networks=LOCAL)) as session,
        ):
            session.fetch(url, {"verb": "Identify", "set": "a b"})

    assert seen[1].startswith(b"GET /oai/request?verb=Identify&set=a+b ")


@pytest.mark.parametrize("kept", ["hush", "env:", "env:NOT_SET_AT_ALL", "file:/nowhere/at/all"])
def test_a_secret_that_is_not_there_is_named_by_its_place(kept: str) -> None:
    with pytest.raises(SettingsError) as caught:
        open_session(HttpRules(headers=(("X-Key", kept),)))

    assert "hush" not in str(caught.value)


@pytest.mark.parametrize("value", ["no colon", "two\nlines", " "])
def test_credentials_that_cannot_be_sent_are_refused_unseen(
    value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIBRARY_LOGIN", value)

    with pytest.raises(SettingsError) as caught:
        open_session(HttpRules(credentials="env:LIBRARY_LOGIN"))

    assert value.strip() == "" or value not in str(caught.value)


def test_nothing_is_waited_for_beyond_the_deadline() -> None:
    rules = HttpRules(allowed_networks=LOCAL, seconds_left=0.2, backoff_seconds=5)

    with (
        raw_server(heard([], answer_of(b"", status="503 Busy"))) as url,
        open_session(rules) as session,
        pytest.raises(DeadlineError),
    ):
        session.fetch(url)
