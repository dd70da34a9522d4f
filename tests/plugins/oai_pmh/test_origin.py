"""A page of another repository is none of the list."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from libconsortium import HarvestPage, PageRefusedError, RawRecord
from libconsortium.plugins.oai_pmh.origin import Origin

OURS, THEIRS = "https://a.example/oai", "https://b.example/oai"


def page(url: str, *identifiers: str) -> HarvestPage:
    return HarvestPage(
        number=1,
        url=OURS,
        body=b"",
        received=datetime(2026, 1, 31, tzinfo=UTC),
        base_url=url,
        records=tuple(RawRecord(source="a", identifier=one) for one in identifiers),
    )


def test_another_base_url_with_records_of_another_repository_is_refused() -> None:
    origin = Origin()
    origin.check(page(OURS, "oai:a.example:1"))

    with pytest.raises(PageRefusedError, match=r"of another repository, https://b\.example/oai"):
        origin.check(page(THEIRS, "oai:b.example:1", "oai:b.example:2"))
    origin.check(page(OURS, "oai:a.example:2"))


@pytest.mark.parametrize(
    "other",
    [
        page(THEIRS, "oai:a.example:2"),
        page(THEIRS, "oai:a.example:2", "oai:b.example:2"),
        page(THEIRS, "10.1234/5"),
        page(THEIRS),
        page("", "oai:b.example:2"),
        page("http://A.EXAMPLE:8080/oai/", "oai:b.example:2"),
    ],
    ids=["records", "some records", "no OAI identifiers", "empty", "no base URL", "a proxy"],
)
def test_what_may_be_the_same_repository_is_no_other(other: HarvestPage) -> None:
    origin = Origin()
    origin.check(page(OURS, "oai:a.example:1"))

    origin.check(other)


def test_identifiers_of_other_forms_say_nothing() -> None:
    origin = Origin()
    origin.check(page(OURS, "10.1234/4"))

    origin.check(page(THEIRS, "oai:b.example:1"))
