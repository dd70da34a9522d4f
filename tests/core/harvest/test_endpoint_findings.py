"""What is said of an endpoint: how it introduces itself, and how its list begins."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import attrs
import pytest

from libconsortium.core.catalogue.records import RawRecord
from libconsortium.core.harvest.admin_letters import admin_letter
from libconsortium.core.harvest.endpoints import (
    AskedPage,
    EndpointFacts,
    EndpointIdentity,
    FormatSample,
)
from libconsortium.core.harvest.identity_findings import clock_difference, identity_problems
from libconsortium.core.harvest.list_findings import forecast, list_problems
from libconsortium.core.harvest.pages import HarvestPage
from libconsortium.core.harvest.sources import SourceDescription
from libconsortium.core.messages import Message
from libconsortium.core.problems import Place, Problem

NOW = datetime(2026, 1, 31, 8, tzinfo=UTC)
URL = "https://lib.example.vn/oai/request"
SAID = SourceDescription(
    name="Thư viện",
    url=URL,
    granularity="YYYY-MM-DDThh:mm:ssZ",
    deleted_records="persistent",
    earliest="2010-01-01T00:00:00Z",
)
IDENTITY = EndpointIdentity(
    url=URL, said=SAID, received=NOW, response_date="2026-01-31T08:00:01Z", is_packed=True
)


def codes(**changes: Any) -> list[str]:
    of_said = {name: changes.pop(name) for name in list(changes) if hasattr(SAID, name)}
    of_said |= {"url": changes.pop("base")} if "base" in changes else {}
    identity = attrs.evolve(IDENTITY, said=attrs.evolve(SAID, **of_said), **changes)
    return [problem.code for problem in identity_problems(identity)]


def test_nothing_is_said_of_an_endpoint_in_order() -> None:
    assert codes() == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"base": "http://localhost:8080/oai/request"}, "ANOTHER_BASE_URL"),
        ({"deleted_records": "no"}, "NO_TOMBSTONES"),
        ({"deleted_records": "transient"}, "TRANSIENT_TOMBSTONES"),
        ({"deleted_records": "maybe"}, "ODD_DELETION_POLICY"),
        ({"granularity": "YYYY-MM-DD"}, "DAY_GRANULARITY"),
        ({"granularity": "YYYY"}, "ODD_GRANULARITY"),
        ({"earliest": "2999-01-01"}, "ODD_EARLIEST"),
        ({"earliest": "soon"}, "ODD_EARLIEST"),
        ({"response_date": ""}, "NO_RESPONSE_DATE"),
        ({"response_date": "2026-01-31T15:00:00Z"}, "CLOCK_DIFFERS"),
        ({"is_repaired": True}, "ANSWER_REPAIRED"),
        ({"is_packed": False}, "NOT_COMPRESSED"),
        ({"seconds": 12.0}, "SLOW"),
        ({"name": "Th&#432; vi&#7879;n"}, "ENTITIES_IN_NAME"),
    ],
)
def test_each_oddity_has_its_own_sentence(changes: dict[str, Any], code: str) -> None:
    assert codes(**changes) == [code]


def test_an_endpoint_without_encryption_is_told_so() -> None:
    plain = URL.replace("https", "http")
    identity = attrs.evolve(IDENTITY, url=plain)

    assert [problem.code for problem in identity_problems(identity)] == ["NOT_ENCRYPTED"]


def test_an_endpoint_that_says_no_address_of_its_own_is_not_scolded() -> None:
    assert codes(base="") == []


def test_the_clock_is_compared_with_ours() -> None:
    difference = clock_difference(IDENTITY)

    assert difference is not None
    assert difference.total_seconds() == 1


# ---------------------------------------------------------------- the list


def page(number: int, identifiers: str, **fields: Any) -> AskedPage:
    records = tuple(RawRecord(source="a", identifier=one) for one in identifiers)
    expires = str(fields.pop("expires", ""))
    made = HarvestPage(number=number, url=URL, body=b"", received=NOW, records=records, **fields)
    return AskedPage(page=made, seconds=0.5, expires=expires)


def listed(*pages: AskedPage, failure: str = "", window: str = "noRecordsMatch") -> list[str]:
    sample = FormatSample(
        prefix="oai_dc", pages=pages, failure=Message("{x}", x=failure) if failure else None
    )
    facts = EndpointFacts(identity=IDENTITY, samples=(sample,), empty_window=window)
    return [problem.code for problem in list_problems(facts)]


FIRST = page(1, "ab", token="t1", complete_list_size=4, cursor=0)
SECOND = page(2, "cd", cursor=2)


def test_nothing_is_said_of_a_list_in_order() -> None:
    assert listed(FIRST, SECOND) == []
    assert listed(page(1, "ab")) == []
    assert listed(FIRST) == []


@pytest.mark.parametrize(
    ("pages", "code"),
    [
        ((page(1, "ab", token="t"), SECOND), "NO_LIST_SIZE"),
        ((FIRST, page(2, "cd", token="t1", cursor=2)), "SAME_TOKEN"),
        ((FIRST, page(2, "ab", cursor=2)), "SAME_PAGE"),
        ((FIRST, page(2, "bc", cursor=2)), "UNSTABLE_ORDER"),
        ((FIRST, page(2, "cd", cursor=50)), "ODD_CURSOR"),
    ],
)
def test_each_fault_of_a_list_is_named(pages: tuple[AskedPage, ...], code: str) -> None:
    assert listed(*pages) == [code]


def test_a_list_without_cursors_is_in_order() -> None:
    assert listed(page(1, "ab", token="t", complete_list_size=4), page(2, "cd", cursor=9)) == []


@pytest.mark.parametrize(
    ("expires", "response_date", "found"),
    [
        ("2026-01-31T08:01:00Z", "2026-01-31T08:00:00Z", ["SHORT_TOKEN_LIFE"]),
        ("2026-01-31T08:01:00Z", "", ["SHORT_TOKEN_LIFE"]),
        ("2026-02-01T08:00:00Z", "2026-01-31T08:00:00Z", []),
        ("soon", "", []),
    ],
)
def test_a_token_that_dies_soon_is_told(expires: str, response_date: str, found: list[str]) -> None:
    first = page(
        1, "ab", token="t", complete_list_size=2, expires=expires, response_date=response_date
    )

    assert listed(first) == found


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        ("records", ["IGNORES_DATES"]),
        ("the server answered with HTTP status 422", ["EMPTY_WINDOW_FAILS"]),
        ("badArgument", []),
        ("", []),
    ],
)
def test_the_answer_to_an_empty_window_is_judged(answer: str, found: list[str]) -> None:
    assert listed(FIRST, window=answer) == found


def test_a_page_that_fails_is_an_error() -> None:
    assert listed(FIRST, failure="HTTP 500") == ["PAGE_FAILED"]


def test_problems_of_a_page_are_told_once_each_with_their_number() -> None:
    one = Problem(code="A", where=Place(), what=Message("illegal letter"))
    other = Problem(code="B", where=Place(), what=Message("no namespace"))
    first = page(1, "ab", problems=(one, one, other))
    facts = EndpointFacts(
        identity=IDENTITY, samples=(FormatSample(prefix="oai_dc", pages=(first,)),)
    )

    said = [str(problem.what) for problem in list_problems(facts)]

    assert said == ["2 times, first: illegal letter", "no namespace"]


def test_the_length_of_a_harvest_is_foretold() -> None:
    sample = FormatSample(prefix="oai_dc", pages=(FIRST, SECOND))

    ahead = forecast(sample)

    assert ahead is not None
    assert (ahead.records, ahead.requests, ahead.minutes) == (4, 2, 2 * 0.5 / 60)


def test_a_list_on_one_page_is_as_long_as_that_page() -> None:
    ahead = forecast(FormatSample(prefix="oai_dc", pages=(page(1, "abc"),)))

    assert ahead is not None
    assert (ahead.records, ahead.requests) == (3, 1)


def test_a_list_of_unknown_length_foretells_nothing() -> None:
    ahead = forecast(FormatSample(prefix="oai_dc", pages=(page(1, "ab", token="t"),)))
    empty = forecast(FormatSample(prefix="oai_dc", pages=(page(1, ""),)))

    assert ahead is not None
    assert ahead.minutes is None
    assert empty is not None
    assert empty.requests is None


def test_there_is_no_letter_without_a_request() -> None:
    assert admin_letter(URL, []) == ()
