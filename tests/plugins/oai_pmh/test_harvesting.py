from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import attrs
import pytest

from libconsortium import (
    Harvester,
    HarvestError,
    HarvestPage,
    HarvestRequest,
    PageRefusedError,
    Registry,
    SourceUnreachableError,
    TokenRefusedError,
)
from libconsortium.plugins.oai_pmh.laps import Laps
from tests.oai_server import OAI, Reply, Repository, envelope, error, serving, source_at

HARVESTER = Registry().find(Harvester, "oai-pmh")
Fault = Callable[[dict[str, str], int, Reply], Reply]


def pages_of(
    repository: Repository,
    **changes: Any,
) -> Iterator[HarvestPage]:
    with serving(repository) as url:
        yield from HARVESTER.harvest(attrs.evolve(source_at(url).request(), **changes))


def identifiers(pages: list[HarvestPage]) -> list[str]:
    return [record.identifier for page in pages for record in page.records]


# ---------------------------------------------------------------- what a page says


def test_every_record_of_every_page_is_given_once() -> None:
    repository = Repository(size=10)

    pages = list(pages_of(repository))

    assert sorted(identifiers(pages)) == sorted(repository.truth)
    assert [page.number for page in pages] == [1, 2, 3]
    assert [(page.cursor, page.complete_list_size) for page in pages] == [(0, 10), (4, 10), (8, 10)]


def test_a_page_keeps_the_bytes_as_received() -> None:
    repository = Repository(size=3)

    (page,) = pages_of(repository)

    assert page.body == repository.body({"verb": "ListRecords"})
    assert page.response_date == "2026-01-31T08:00:00Z"
    assert ("Content-Length", str(len(page.body))) in page.headers


def test_a_record_keeps_its_metadata_with_namespaces() -> None:
    (page,) = pages_of(Repository(size=1))

    (record,) = page.records
    assert record.namespace == "http://www.openarchives.org/OAI/2.0/oai_dc/"
    assert record.content.startswith(b"<oai_dc:dc xmlns")
    assert "tập 0</dc:title>" in record.content.decode()
    assert (record.datestamp, record.sets) == ("2026-01-01T00:00:00Z", ("all",))


def test_a_tombstone_has_no_content() -> None:
    (page,) = pages_of(Repository(size=2, deleted=frozenset({1})))

    live, gone = page.records
    assert (live.is_deleted, gone.is_deleted) == (False, True)
    assert gone.content == b""


def test_a_live_record_without_metadata_is_kept_with_a_problem() -> None:
    repository = Repository(size=2, fault=replaced(b"</datestamp>", b"</datestamp>"))
    bare = b"<record>" + repository.header(7).encode() + b"<metadata/></record>"
    repository.fault = replaced(b"<ListRecords>", b"<ListRecords>" + bare)

    (page,) = pages_of(repository)

    assert [problem.code for problem in page.problems] == ["RECORD_WITHOUT_METADATA"]
    assert len(page.records) == 3
    assert not page.records[0].is_deleted


def test_a_record_without_identifier_is_a_problem_of_the_page() -> None:
    nameless = b"<record><header><datestamp>2026</datestamp></header></record>"
    repository = Repository(size=2, fault=replaced(b"<ListRecords>", b"<ListRecords>" + nameless))

    (page,) = pages_of(repository)

    assert [problem.code for problem in page.problems] == ["RECORD_WITHOUT_IDENTIFIER"]
    assert len(page.records) == 2


def test_an_empty_list_is_a_page_without_records() -> None:
    (page,) = pages_of(Repository(fault=says(error("noRecordsMatch"))))

    assert (page.records, page.token) == ((), "")
    assert page.response_date == "2026-01-31T08:00:00Z"


def test_an_empty_list_told_with_an_error_status_is_understood() -> None:
    (page,) = pages_of(Repository(fault=says(error("noRecordsMatch"), status=422)))

    assert page.records == ()


def test_packed_pages_are_read_and_kept_packed() -> None:
    def pack(_asked: dict[str, str], _count: int, reply: Reply) -> Reply:
        packed = gzip.compress(reply.body)
        return attrs.evolve(reply, body=packed, headers=(("Content-Encoding", "gzip"),))

    pages = list(pages_of(Repository(size=3, fault=pack)))

    assert len(identifiers(pages)) == 3
    assert pages[0].encoding == "gzip"
    assert gzip.decompress(pages[0].body).startswith(b"<?xml")


def test_packed_pages_that_no_header_announces_are_read_and_reported() -> None:
    def pack(_asked: dict[str, str], _count: int, reply: Reply) -> Reply:
        return attrs.evolve(reply, body=gzip.compress(reply.body))

    pages = list(pages_of(Repository(size=3, fault=pack)))

    assert [problem.code for problem in pages[0].problems] == ["UNANNOUNCED_GZIP"]


def test_pages_without_namespace_are_read_and_reported() -> None:
    pages = list(pages_of(Repository(size=6, fault=replaced(f' xmlns="{OAI}"'.encode(), b""))))

    assert len(identifiers(pages)) == 6
    assert {problem.code for page in pages for problem in page.problems} == {"NO_NAMESPACE"}


def test_pages_with_a_prefix_for_the_namespace_are_read() -> None:
    def prefix(_asked: dict[str, str], _count: int, reply: Reply) -> Reply:
        text = reply.body.decode().replace("xmlns=", "xmlns:o=")
        for name in ("OAI-PMH", "ListRecords", "record", "header", "metadata", "identifier"):
            text = text.replace(f"<{name}", f"<o:{name}").replace(f"</{name}", f"</o:{name}")
        return attrs.evolve(reply, body=text.encode())

    pages = list(pages_of(Repository(size=3, fault=prefix)))

    assert len(identifiers(pages)) == 3


def test_only_errors_at_the_top_level_count() -> None:
    inside = f'<error xmlns="{OAI}" code="badVerb">a title about errors</error>'.encode()
    repository = Repository(size=2, fault=replaced(b"</oai_dc:dc>", inside + b"</oai_dc:dc>"))

    assert len(identifiers(list(pages_of(repository)))) == 2


def test_singly_asked_records_come_one_a_page() -> None:
    pages = list(pages_of(Repository(), identifiers=("oai:a.example:3", "oai:a.example:5")))

    assert identifiers(pages) == ["oai:a.example:3", "oai:a.example:5"]


def test_headers_come_without_metadata() -> None:
    repository = Repository(size=6, deleted=frozenset({2}))

    pages = list(pages_of(repository, headers_only=True))

    assert set(identifiers(pages)) == repository.truth
    assert [one.identifier for page in pages for one in page.records if one.is_deleted] == [
        "oai:a.example:2"
    ]


def test_set_and_dates_are_asked_for_on_the_first_page_only() -> None:
    repository = Repository(size=6)

    list(pages_of(repository, set_spec="all", since="2026-01-01", until="2026-02-01"))

    assert repository.asked == [
        {
            "verb": "ListRecords",
            "metadataPrefix": "oai_dc",
            "set": "all",
            "from": "2026-01-01",
            "until": "2026-02-01",
        },
        {"verb": "ListRecords", "resumptionToken": "t+& 4"},
    ]


# ---------------------------------------------------------------- what is refused


def replaced(old: bytes, new: bytes) -> Fault:
    return lambda _asked, _count, reply: attrs.evolve(reply, body=reply.body.replace(old, new))


def says(body: bytes, status: int = 200, *, times: int | None = None, on: str = "") -> Fault:
    """Answer with this instead, the first times, on the first page or the one of a token."""

    def fault(asked: dict[str, str], count: int, reply: Reply) -> Reply:
        if asked.get("resumptionToken", "") != on or (times is not None and count > times):
            return reply
        return Reply(body=body, status=status)

    return fault


HTML = b"<!DOCTYPE html><html><body>B\xe1\xba\xa3o tr\xc3\xac<br></body></html>"
XXE = b'<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + envelope("<a>&x;</a>")[38:]
BOMB = (
    b'<!DOCTYPE l [<!ENTITY a "lol">'
    + b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 9))
    + b"]><l>&a8;</l>"
)
WRONG = {
    "a web page": (HTML, "a web page, not OAI-PMH"),
    "a web page that is XML": (b"<html><body/></html>", "a web page, not OAI-PMH"),
    "nothing": (b"", "empty"),
    "blanks": (b" \n", "empty"),
    "another document": (b"<rss/>", "root element is 'rss'"),
    "no list": (envelope(""), "no ListRecords element"),
    "another verb": (envelope("<Identify/>"), "no ListRecords element"),
    "an external entity": (XXE, "DOCTYPE|not well-formed"),
    "an entity bomb": (BOMB, "DOCTYPE|not well-formed|root element"),
    "a deep tree": (envelope("<a>" * 400 + "</a>" * 400), "no ListRecords element"),
    "a tree that is too deep": (envelope("<a>" * 5000 + "</a>" * 5000), "not well-formed"),
    "a broken head": (b"<OAI-PMH><ListRecords <", "not well-formed"),
}


@pytest.mark.slow
@pytest.mark.parametrize(("body", "reason"), WRONG.values(), ids=WRONG)
def test_what_is_no_sound_page_is_refused_with_its_bytes(body: bytes, reason: str) -> None:
    pages = pages_of(Repository(fault=says(body)))

    refused = next(pages)
    with pytest.raises(PageRefusedError, match=reason):
        next(pages)

    assert (refused.body, refused.records) == (body, ())
    assert [problem.code for problem in refused.problems] == ["PAGE_REFUSED"]


@pytest.mark.slow
def test_a_page_that_breaks_off_gives_the_records_before_the_break() -> None:
    pages = pages_of(Repository(fault=says(CUT)))

    cut = next(pages)
    with pytest.raises(PageRefusedError, match="page 1 breaks off after 1 records"):
        next(pages)

    assert (cut.is_cut, len(cut.records), cut.body) == (True, 1, CUT)
    assert [problem.code for problem in cut.problems] == ["PAGE_CUT"]


def test_a_text_of_eleven_megabytes_is_read() -> None:
    def long(_asked: dict[str, str], _count: int, reply: Reply) -> Reply:
        return attrs.evolve(
            reply, body=reply.body.replace(b"M\xe1", b"x" * 11_000_000 + b"M\xe1", 1)
        )

    (page,) = pages_of(Repository(size=2, fault=long))

    assert len(page.records) == 2
    assert page.problems == ()


def test_another_record_than_the_one_asked_for_is_refused() -> None:
    repository = Repository()
    other = envelope(f"<GetRecord>{repository.record(7)}</GetRecord>")
    repository.fault = lambda _asked, _count, _reply: Reply(body=other)

    pages = pages_of(repository, identifiers=("oai:a.example:3",))
    next(pages)

    with pytest.raises(PageRefusedError, match="another record"):
        next(pages)


def test_no_file_is_read_for_an_external_entity() -> None:
    pages = pages_of(Repository(fault=says(XXE)))
    refused = next(pages)

    with pytest.raises(PageRefusedError) as caught:
        next(pages)

    assert "root:" not in str(caught.value) + str(refused.problems)


def test_a_refused_page_keeps_the_token_it_was_asked_for() -> None:
    pages = pages_of(Repository(size=10, fault=says(HTML, on="t+& 4")))

    good, refused = next(pages), next(pages)
    with pytest.raises(PageRefusedError, match=r"page 2: .*a web page"):
        next(pages)

    assert (good.token, refused.token, refused.number) == ("t+& 4", "t+& 4", 2)


CUT = Repository().body({"verb": "ListRecords"})[:700]


@pytest.mark.slow
@pytest.mark.parametrize("body", [HTML, b"", CUT])
def test_a_wrong_page_that_passes_is_asked_for_again(body: bytes) -> None:
    repository = Repository(size=10, fault=says(body, times=2, on="t+& 4"))

    assert set(identifiers(list(pages_of(repository)))) == repository.truth


def test_a_page_cut_in_transit_is_asked_for_again() -> None:
    def cut(asked: dict[str, str], count: int, reply: Reply) -> Reply:
        return attrs.evolve(reply, cut=300) if "resumptionToken" in asked and count == 1 else reply

    repository = Repository(size=10, fault=cut)

    assert set(identifiers(list(pages_of(repository)))) == repository.truth


def test_an_error_status_is_named() -> None:
    pages = pages_of(Repository(fault=says(HTML, status=404)))
    next(pages)

    with pytest.raises(PageRefusedError, match="HTTP status 404"):
        next(pages)


def test_an_expired_token_is_not_the_end_of_the_list() -> None:
    pages = pages_of(Repository(fault=says(error("badResumptionToken"), on="t+& 4")))

    with pytest.raises(TokenRefusedError, match="no longer knows"):
        list(pages)


def test_a_token_that_leads_to_nothing_ends_the_list_and_is_reported() -> None:
    *_, last = pages_of(Repository(fault=says(error("noRecordsMatch"), on="t+& 8")))

    assert [problem.code for problem in last.problems] == ["EMPTY_LAST_PAGE"]


@pytest.mark.parametrize("code", ["badArgument", "badVerb", "noSetHierarchy", "somethingElse"])
def test_a_refused_request_is_named(code: str) -> None:
    with pytest.raises(HarvestError, match=f"{code}: because"):
        list(pages_of(Repository(fault=says(error(code)))))


def test_a_format_the_server_does_not_give_is_named() -> None:
    fault = says(error("cannotDisseminateFormat"))

    with pytest.raises(HarvestError, match=r"'mods'.*choose another prefix"):
        list(pages_of(Repository(fault=fault), prefix="mods"))


# ---------------------------------------------------------------- lists without end


def test_a_list_that_repeats_its_page_and_token_is_stopped() -> None:
    def repeat(asked: dict[str, str], _count: int, reply: Reply) -> Reply:
        token = {"verb": "ListRecords", "resumptionToken": "t+& 4"}
        return Reply(body=repository.page("ListRecords", 0)) if (asked == token) else reply

    repository = Repository(size=10)
    repository.fault = repeat

    with pytest.raises(TokenRefusedError, match="goes in a circle"):
        list(pages_of(repository))

    assert len(repository.asked) < 5


def test_a_list_that_gives_the_same_records_under_new_tokens_is_stopped() -> None:
    def renew(_asked: dict[str, str], _count: int, _reply: Reply) -> Reply:
        body = repository.page("ListRecords", 0)
        return Reply(body=body.replace(b" 4</r", f" {len(repository.asked)}</r".encode()))

    repository = Repository(size=10, fault=renew)

    with pytest.raises(TokenRefusedError, match="goes in a circle"):
        list(pages_of(repository))


def empty_page(number: int) -> HarvestPage:
    return HarvestPage(
        number=number,
        url="",
        body=b"",
        received=datetime(2026, 1, 1, tzinfo=UTC),
        token=str(number),
    )


def test_empty_pages_under_ever_new_tokens_are_stopped_at_last() -> None:
    laps = Laps()
    for number in range(2000):
        laps.check(empty_page(number))

    with pytest.raises(TokenRefusedError, match="2001 pages in a row are empty"):
        laps.check(empty_page(2000))


def test_one_token_for_a_whole_list_is_no_circle() -> None:
    def keep(_asked: dict[str, str], _count: int, _reply: Reply) -> Reply:
        body = repository.page("ListRecords", 4 * (len(repository.asked) - 1))
        return Reply(body=body.replace(b"t+&amp; 4<", b"t<").replace(b"t+&amp; 8<", b"t<"))

    repository = Repository(size=12, fault=keep)

    assert set(identifiers(list(pages_of(repository)))) == repository.truth


# ---------------------------------------------------------------- the source about itself


def test_a_source_describes_itself() -> None:
    describe = HARVESTER.describe
    assert describe is not None

    with serving(Repository()) as url:
        said = describe(source_at(url).request())

    assert (said.name, said.granularity) == ("Kho số A", "YYYY-MM-DDThh:mm:ssZ")
    assert said.deleted_records == "persistent"
    assert said.formats == (("oai_dc", "http://www.openarchives.org/OAI/2.0/oai_dc/"),)


def test_a_source_that_is_not_there_cannot_describe_itself() -> None:
    describe = HARVESTER.describe
    assert describe is not None

    with pytest.raises(SourceUnreachableError):
        describe(
            HarvestRequest(
                source="a",
                url="http://127.0.0.1:1/oai",
                allowed_networks=("127.0.0.1/32",),
                retry_seconds=0.01,
            )
        )
