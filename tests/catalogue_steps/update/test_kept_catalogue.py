"""The kept catalogue takes up at once what a consortium harvests, and follows it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest

from libconsortium import (
    Consortium,
    HarvestOutcome,
    HarvestPage,
    HarvestRequest,
    HarvestSource,
    Message,
    RawRecord,
    Registry,
    RunStatus,
    Store,
    read_settings,
)

from .conftest import NAMESPACE, NOON, Words

SETTINGS = """
[consortium]
name = "Words"

[[sources]]
name = "a"
member = "A"
url = "https://a.example.org/oai"

[[sources]]
name = "b"
member = "B"
url = "https://b.example.org/oai"
"""


@pytest.fixture
def words() -> Words:
    return Words()


@pytest.fixture
def consortium(tmp_path: Path, words: Words) -> Iterator[Consortium]:
    (tmp_path / "consortium.toml").write_text(SETTINGS, "utf-8")
    registry = Registry(plugins={"words": words})
    with Consortium(read_settings(tmp_path), registry, clock=lambda: NOON) as made:
        yield made


def _harvest(source: HarvestSource, store: Store, *_: object) -> HarvestOutcome:
    request = HarvestRequest(source=source.name, url=source.url)
    run = store.start_run(request, started=NOON).number
    raw = RawRecord(source=source.name, identifier=str(run), namespace=NAMESPACE, content=b"x")
    store.add_page(run, HarvestPage(number=1, url="u", body=b"", received=NOON, records=(raw,)))
    store.finish_run(run, status=RunStatus.COMPLETE, finished=NOON)
    return HarvestOutcome(source=source.name, status=RunStatus.COMPLETE, reason=Message(""))


def test_a_harvest_is_read_at_once_and_the_catalogue_reads_nothing_more(
    consortium: Consortium, words: Words
) -> None:
    consortium.harvest(["a"], harvest=_harvest)
    assert words.seen == ["a1"]

    outcome = consortium.catalogue.update(consortium.catalogue.joining(rules="words"))

    assert words.seen == ["a1"]
    assert (outcome.gathered.read, outcome.records) == (0, 1)


def test_what_changed_is_told_by_the_number_of_the_run(consortium: Consortium) -> None:
    for name in ("a", "b"):  # one after the other: identifiers are numbers of runs
        consortium.harvest([name], harvest=_harvest)
    joining = consortium.catalogue.joining(rules="words", threshold=0.5)
    first = consortium.catalogue.update(joining)
    consortium.harvest(["b"], harvest=_harvest)

    consortium.catalogue.update(joining)

    news = consortium.catalogue.changes(since=first.run)
    assert (news.run, news.changed, news.ended) == (2, ("a\t1",), ())
    assert consortium.catalogue.whole().clusters[0].records == ("a\t1", "b\t2", "b\t3")


def test_who_was_stopped_does_not_wait_for_the_reading(
    consortium: Consortium, words: Words
) -> None:
    stop = Event()

    def stopping(*given: object) -> HarvestOutcome:
        outcome = _harvest(*given)  # type: ignore[arg-type] # what harvest_all hands over
        stop.set()
        return outcome

    consortium.harvest(["a"], stop=stop, harvest=stopping)

    assert words.seen == []
    joining = consortium.catalogue.joining(rules="words")
    assert consortium.catalogue.update(joining).gathered.read == 1


def test_what_cannot_be_read_now_does_not_spoil_the_harvest(consortium: Consortium) -> None:
    with consortium.catalogue.folder.locked():
        (outcome,) = consortium.harvest(["a"], harvest=_harvest)

    assert outcome.status is RunStatus.COMPLETE


def test_the_folder_lies_beside_the_store(consortium: Consortium, tmp_path: Path) -> None:
    consortium.harvest(["a"], harvest=_harvest)

    assert [path.suffix for path in (tmp_path / "consortium.catalogue").iterdir()] != []
