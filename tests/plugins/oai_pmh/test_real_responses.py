"""Responses of real servers, collected by other projects: each is read or refused with a reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from libconsortium import (
    Harvester,
    HarvestError,
    HarvestPage,
    Registry,
)
from tests.oai_server import Reply, Repository, serving, source_at

HARVESTER = Registry().find(Harvester, "oai-pmh")


def first_page(body: bytes) -> HarvestPage | HarvestError:
    """Return the first page a server with this answer gives, or why it is refused."""
    repository = Repository(fault=lambda _asked, _count, _reply: Reply(body=body))
    with serving(repository) as url:
        pages = HARVESTER.harvest(source_at(url).request())
        try:
            page = next(pages)
            if any(problem.code == "PAGE_REFUSED" for problem in page.problems):
                next(pages)
        except HarvestError as error:
            return error
        pages.close()  # type: ignore[attr-defined] # a generator
        return page


def lists_in(corpora: Path) -> Iterator[tuple[Path, bytes]]:
    for file in sorted((corpora / "oai").rglob("*.xml")):
        content = file.read_bytes()
        if b"<ListRecords" in content:
            yield file, content


@pytest.mark.slow
def test_every_record_of_a_real_list_is_given(corpora: Path) -> None:
    seen = Counter[str]()
    for file, content in lists_in(corpora):
        page = first_page(content)

        if isinstance(page, HarvestError):
            assert "not well-formed" in str(page), (file.name, page)
            seen["refused"] += 1
            continue
        unkept = sum(one.code == "RECORD_WITHOUT_IDENTIFIER" for one in page.problems)
        assert len(page.records) + unkept == content.count(b"</header>"), file.name
        seen["read"] += len(page.records)

    assert seen["read"] > 300
    assert seen["refused"] < 5


@pytest.mark.slow
def test_every_other_real_response_is_refused_with_a_reason(corpora: Path) -> None:
    lists = {file for file, _ in lists_in(corpora)}
    for file in sorted((corpora / "oai").rglob("*.xml")):
        if file in lists:
            continue
        page = first_page(file.read_bytes())

        if isinstance(page, HarvestError):
            assert str(page), file.name
        else:
            assert page.records == (), file.name
