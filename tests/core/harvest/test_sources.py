from __future__ import annotations

from typing import Any

import attrs
import pytest

from libconsortium import (
    HarvestSource,
    SettingsError,
    address_source,
    is_day_form,
    moment_of,
    watermark_after,
    without_secret,
)

SOURCE = HarvestSource(name="a", member="dh-a", url="https://a.example/oai", since="2020-01-01")


def test_a_request_carries_how_the_source_wants_to_be_asked() -> None:
    source = attrs.evolve(SOURCE, set_spec="sach", wait_seconds=2.0, contact="lib@a.example")

    request = source.request()

    assert (request.source, request.url, request.set_spec) == ("a", "https://a.example/oai", "sach")
    assert (request.wait_seconds, request.contact) == (2.0, "lib@a.example")


def test_a_source_never_asks_for_older_than_it_says() -> None:
    assert SOURCE.request().since == "2020-01-01"
    assert SOURCE.request("2026-01-31").since == "2026-01-31"


@pytest.mark.parametrize("field", ["url", "prefix", "set_spec"])
def test_another_list_is_not_the_same_list(field: str) -> None:
    changed: dict[str, Any] = {field: "other"}
    other = attrs.evolve(SOURCE.request(), **changed)

    assert not SOURCE.is_asked_by(other)


def test_another_date_is_the_same_list() -> None:
    assert SOURCE.is_asked_by(SOURCE.request("2026-01-31"))


@pytest.mark.parametrize(
    ("response_date", "watermark"),
    [
        ("2026-01-31T08:00:00Z", "2026-01-31T07:59:59Z"),
        ("2026-01-31T15:00:00+07:00", "2026-01-31T07:59:59Z"),
        ("2026-01-31T08:00:00.123456+00:00", "2026-01-31T07:59:59Z"),
        ("2026-01-01T00:00:00Z", "2025-12-31T23:59:59Z"),
        ("", ""),
        ("soon", ""),
        ("0001-01-01T00:00:00Z", ""),
        ("9999-12-31T23:59:59Z", ""),
    ],
)
def test_the_watermark_is_one_second_before_the_response(
    response_date: str, watermark: str
) -> None:
    assert watermark_after(response_date, is_day_form=False) == watermark


def test_the_watermark_in_days_is_the_day_before() -> None:
    assert watermark_after("2026-03-01T00:30:00Z", is_day_form=True) == "2026-02-28"


def test_a_lagging_server_is_asked_from_earlier() -> None:
    later = watermark_after("2026-03-01T00:30:00Z", is_day_form=True, lag_seconds=3600)

    assert later == "2026-02-27"


def test_a_moment_without_zone_is_universal_time() -> None:
    moment = moment_of(" 2026-01-31T08:00:00 ")

    assert moment is not None
    assert moment.isoformat() == "2026-01-31T08:00:00+00:00"


def test_forms_of_datestamps_are_told_apart() -> None:
    assert is_day_form("2026-01-31")
    assert not is_day_form("2026-01-31T08:00:00Z")


@pytest.mark.parametrize(
    "url",
    [
        *("ftp://a.example/oai", "a.example/oai", "https://", "http://[::1/oai", "http://a:0/"),
        *("http://a b/oai", "http://a<b/oai", "http://a..example/", f"http://{'a' * 64}.example/"),
        f"http://{'a.' * 130}example/",
    ],
)
def test_what_is_no_address_of_a_server_is_refused(url: str) -> None:
    with pytest.raises(SettingsError, match="not the address of a server"):
        address_source(url)


@pytest.mark.parametrize(
    "url", ["https://thưviện.example/oai", "http://[::1]:8080/oai", "http://a_b.example./oai"]
)
def test_every_name_that_can_be_asked_for_is_an_address(url: str) -> None:
    assert address_source(url).url == url


def test_addresses_that_differ_in_their_question_are_two_sources_and_hide_it() -> None:
    one, other = (address_source(f"https://a.example/oai?key={key}") for key in "12")

    assert one.name != other.name
    assert "key" not in one.name


def test_an_address_that_cannot_be_taken_apart_is_shown_as_it_is() -> None:
    assert without_secret("http://[::1/oai") == "http://[::1/oai"


def test_a_source_knows_what_earlier_runs_have_covered() -> None:
    source = HarvestSource(name="a", member="a", url="https://a.example/oai", since="2026-01-01")

    assert source.is_asked_by(attrs.evolve(source, since="").request())
    assert not source.is_asked_by(attrs.evolve(source, since="2026-02-01").request())
    assert not source.is_asked_by(attrs.evolve(source, until="2026-02-01").request())


@pytest.mark.parametrize(
    ("typed", "base"),
    [
        ("https://a.example/oai?verb=Identify", "https://a.example/oai"),
        ("https://a.example/oai?key=1&verb=ListSets", "https://a.example/oai?key=1"),
        ("https://a.example/oai?", "https://a.example/oai?"),
        (" https://a.example/oai ", "https://a.example/oai"),
    ],
)
def test_the_question_of_the_protocol_is_no_part_of_an_address(typed: str, base: str) -> None:
    assert address_source(typed).url == base


@pytest.mark.parametrize("choice", ["set=a", "metadataPrefix=marcxml", "from=2026-01-01"])
def test_an_address_does_not_choose_records(choice: str) -> None:
    with pytest.raises(SettingsError, match=choice):
        address_source(f"https://a.example/oai?verb=ListRecords&{choice}")


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://a.example/oai;jsessionid=9F?x=1", "https://a.example/oai;jsessionid=…?x=1"),
        ("https://a.example/oai?PHPSESSID=9F&verb=x", "https://a.example/oai?PHPSESSID=…&verb=x"),
        ("https://a.example/oai?resumptionToken=t", "https://a.example/oai?resumptionToken=t"),
        ("https://a.example/a;b/oai", "https://a.example/a;b/oai"),
    ],
)
def test_keys_and_sessions_are_hidden_and_nothing_else(address: str, shown: str) -> None:
    assert without_secret(address) == shown
