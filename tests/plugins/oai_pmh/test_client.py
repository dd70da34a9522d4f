"""Who knows sickle finds its calls, classes and exceptions here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from pytest_httpserver import HTTPServer
from sickle import Sickle, models, oaiexceptions
from sickle.iterator import OAIResponseIterator

from libconsortium import HttpRules, PageRefusedError, TokenRefusedError, open_session
from libconsortium.plugins.oai_pmh.client import StrictSickle
from tests.oai_server import Reply, Repository, envelope, error, serving

RULES = HttpRules(allowed_networks=("127.0.0.1/32",), backoff_seconds=0.01)


@contextmanager
def sickle(repository: Repository) -> Iterator[StrictSickle]:
    with serving(repository) as url, open_session(RULES) as session:
        yield StrictSickle(url, session)


def answering(body: bytes) -> Repository:
    return Repository(fault=lambda _asked, _count, _reply: Reply(body=body))


def test_it_is_a_sickle() -> None:
    with sickle(Repository()) as client:
        assert isinstance(client, Sickle)


def test_records_come_page_after_page_as_sickle_s_records() -> None:
    repository = Repository(size=10, deleted=frozenset({3}))
    with sickle(repository) as client:
        records = list(client.ListRecords(metadataPrefix="oai_dc"))

    assert {record.header.identifier for record in records} == repository.truth
    assert isinstance(records[0], models.Record)
    assert records[1].metadata["title"] == ["Địa chí tỉnh Mẫu, tập 1"]
    assert records[3].deleted


def test_deleted_records_can_be_ignored() -> None:
    with sickle(Repository(size=10, deleted=frozenset({3}))) as client:
        assert len(list(client.ListRecords(metadataPrefix="oai_dc", ignore_deleted=True))) == 9


def test_headers_identify_and_single_records_are_sickle_s() -> None:
    with sickle(Repository(size=6)) as client:
        headers = list(client.ListIdentifiers(metadataPrefix="oai_dc"))
        identify = client.Identify()
        record = client.GetRecord(metadataPrefix="oai_dc", identifier="oai:a.example:2")
        formats = list(client.ListMetadataFormats())

    assert isinstance(headers[0], models.Header)
    assert identify.repositoryName == "Kho số A"
    assert record.header.identifier == "oai:a.example:2"
    assert formats[0].metadataPrefix == "oai_dc"


def test_another_class_for_items_and_another_iterator_are_taken() -> None:
    class Mine(models.Record):  # type: ignore[misc] # sickle has no types
        pass

    with serving(Repository(size=6)) as url, open_session(RULES) as session:
        mine = StrictSickle(url, session, class_mapping={"ListRecords": Mine})
        raw = StrictSickle(url, session, iterator=OAIResponseIterator)

        assert isinstance(next(mine.ListRecords(metadataPrefix="oai_dc")), Mine)
        pages = list(raw.ListRecords(metadataPrefix="oai_dc"))

    assert len(pages) == 2
    assert "<ListRecords>" in pages[0].raw


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("badArgument", oaiexceptions.BadArgument),
        ("badResumptionToken", oaiexceptions.BadResumptionToken),
        ("badVerb", oaiexceptions.BadVerb),
        ("cannotDisseminateFormat", oaiexceptions.CannotDisseminateFormat),
        ("idDoesNotExist", oaiexceptions.IdDoesNotExist),
        ("noMetadataFormats", oaiexceptions.NoMetadataFormat),
        ("noRecordsMatch", oaiexceptions.NoRecordsMatch),
        ("noSetHierarchy", oaiexceptions.NoSetHierarchy),
        ("anotherOne", oaiexceptions.OAIError),
    ],
)
def test_errors_are_sickle_s_exceptions(code: str, kind: type[Exception]) -> None:
    with sickle(answering(error(code))) as client, pytest.raises(kind, match="because"):
        client.ListRecords(metadataPrefix="oai_dc")


def test_a_page_is_parsed_once() -> None:
    with sickle(Repository()) as client:
        response = client.harvest(verb="Identify")

    assert response.xml is response.xml


def test_a_broken_page_is_refused_and_not_repaired() -> None:
    broken = Repository().body({"verb": "ListRecords"})[:600]

    with sickle(answering(broken)) as client, pytest.raises(PageRefusedError):
        client.ListRecords(metadataPrefix="oai_dc")


@pytest.mark.parametrize("verb", ["Identify", "ListSets"])
def test_an_answer_without_its_verb_is_refused(verb: str) -> None:
    with (
        sickle(answering(b'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"/>')) as client,
        pytest.raises(PageRefusedError, match=verb),
    ):
        getattr(client, verb)()


def test_a_repeated_token_ends_the_list_with_an_error() -> None:
    repository = Repository(size=10)
    repository.fault = lambda _asked, _count, _reply: Reply(body=repository.page("ListRecords", 0))

    with sickle(repository) as client, pytest.raises(TokenRefusedError, match="again"):
        list(client.ListRecords(metadataPrefix="oai_dc"))


@pytest.mark.parametrize("status", [405, 414])
def test_what_a_server_does_not_take_as_an_address_it_gets_as_a_form(
    httpserver: HTTPServer, status: int
) -> None:
    httpserver.expect_request("/oai", method="GET").respond_with_data("", status=status)
    httpserver.expect_request(
        "/oai", method="POST", data="verb=Identify&identifier=a%2B%26b"
    ).respond_with_data(envelope("<Identify/>"))
    url = httpserver.url_for("/oai")

    with open_session(RULES) as session:
        answer = StrictSickle(url, session).harvest(verb="Identify", identifier="a+&b").answer

    assert (answer.status, answer.url) == (200, f"{url}?verb=Identify&identifier=a%2B%26b")


def test_a_server_that_takes_neither_is_told_as_it_answered_first(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/oai", method="GET").respond_with_data("", status=405)
    httpserver.expect_request("/oai", method="POST").respond_with_data("", status=403)

    with open_session(RULES) as session:
        sickle = StrictSickle(httpserver.url_for("/oai"), session)
        statuses = [sickle.harvest(verb="Identify").answer.status for _ in range(2)]

    assert statuses == [405, 405]
