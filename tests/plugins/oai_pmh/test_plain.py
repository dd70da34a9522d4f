"""Plain pages are cut exactly as the careful way reads them; what is not plain is left to it."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from libconsortium import HarvestRequest, PageRefusedError, is_same_content
from libconsortium.plugins.oai_pmh.envelope import opened, token_of
from libconsortium.plugins.oai_pmh.items import items_of
from libconsortium.plugins.oai_pmh.plain import plain_page

ASKED = HarvestRequest(source="tlu", url="https://tlu.example/oai")
OAI = "http://www.openarchives.org/OAI/2.0/"
DC = (
    '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Giải tích</dc:title></oai_dc:dc>'
)
DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
TOKEN = '<resumptionToken cursor="0" completeListSize="9">a&amp;b</resumptionToken>'


def record(
    metadata: str = f"<metadata>{DC}</metadata>",
    *,
    name: str = "oai:tlu:1",
    status: str = "",
    sets: str = "<setSpec>com_1</setSpec>",
    more: str = "",
) -> str:
    return (
        f"<record><header{status}><identifier>{name}</identifier>"
        f"<datestamp>2026-01-31</datestamp>{sets}</header>{metadata}{more}</record>\n"
    )


def page(
    *records: str, before: str = DECLARATION, root: str = "", token: str = TOKEN, after: str = ""
) -> bytes:
    return (
        f'{before}<OAI-PMH xmlns="{OAI}"{root}>\n<responseDate>2026-02-01T00:00:00Z</responseDate>'
        f'<request verb="ListRecords" set="a&amp;b"> https://tlu.example/oai?a&amp;b</request>'
        f"<ListRecords>{''.join(records)}{token}</ListRecords></OAI-PMH>{after}"
    ).encode()


DELETED = record("", name="oai:tlu:2", status=' status="deleted"')
PLAIN = {
    "two records": page(record(), DELETED),
    "no declaration": page(record(), before=""),
    "a byte order mark": b"\xef\xbb\xbf" + page(record()),
    "a stylesheet and a comment before": page(
        record(), before=f'{DECLARATION}<?xml-stylesheet href="a.xsl"?><!-- made - by -- us -->\n'
    )
    .replace(b" -- us", b" us"),
    "no token": page(record(), token=""),
    "an empty token": page(record(), token="<resumptionToken/>"),
    "a token with blanks": page(record(), token="<resumptionToken> x </resumptionToken>"),
    "an escaped identifier": page(record(name="oai:tlu:A&amp;B")),
    "no sets": page(record(sets="")),
    "about": page(record(more="<about><a xmlns='urn:a'>1</a></about> <about><b/></about>")),
    "blanks": page(record(f"<metadata>\n  {DC}\n </metadata>\n")),
    "marc": page(
        record('<metadata><record xmlns="http://www.loc.gov/MARC21/slim"><leader/></record></metadata>')
    ),
    "metadata in metadata": page(
        record('<metadata><metadata xmlns="urn:xoai"><a>1</a></metadata></metadata>')
    ),
    "a prefix from outside": page(
        record("<metadata><d:dc><d:title>A</d:title></d:dc></metadata>"), root=' xmlns:d="urn:d"'
    ),
    "a prefix from outside in an attribute": page(
        record("<metadata><dc xmlns='' x:type='1'/></metadata>".replace("/>", "></dc>")),
        root=' xmlns:x="urn:x"',
    ),
    "elements of the list's namespace": page(
        record("<metadata><dc><title>A</title></dc></metadata>")
    ),
    "one such element in another": page(
        record('<metadata><d:dc xmlns:d="urn:d"><title>A</title></d:dc></metadata>')
    ),
    "a root that begins like its children": page(
        record('<metadata><d xmlns="urn:d" xmlns:d="urn:e"><d:t/><dd/></d></metadata>')
    ),
    "characters written as numbers": page(
        record("<metadata><a xmlns='urn:a'>&#7845;</a></metadata>")
    ),
    "marks in texts": page(record("<metadata><a xmlns='urn:a'>Sao? Vậy!</a></metadata>")),
    "windows' ends of lines": page(record("<metadata>\r\n<a xmlns='urn:a'>1\r\n2</a></metadata>")),
}  # fmt: skip
NOT_PLAIN = {
    "a comment": page(record(), "<!-- <record> -->", DELETED),
    "CDATA": page(record("<metadata><a><![CDATA[</metadata>]]></a></metadata>")),
    "an instruction": page(record("<metadata><a><?php 1 ?></a></metadata>")),
    "a document type": page(record(), before=f"{DECLARATION}<!DOCTYPE a []>"),
    "XML 1.1": page(record(), before='<?xml version="1.1"?>'),
    "another charset": page(record(), before='<?xml version="1.0" encoding="ISO-8859-1"?>'),
    "bytes that are not UTF-8": page(record()).replace("Giải".encode(), b"\xff"),
    "a bare ampersand": page(record("<metadata><a>A & B</a></metadata>")),
    "an undeclared prefix": page(record("<metadata><q:a></q:a></metadata>")),
    "junk behind": page(record(), after="<p>PHP Notice</p>"),
    "a cut page": page(record())[:-30],
    "no records": page(),
    "two roots": page(record("<metadata><a>1</a><a>2</a></metadata>")),
    "two other roots": page(record("<metadata><a>1</a><b>2</b></metadata>")),
    "a root alone": page(record("<metadata><a/></metadata>")),
    "a list in a record": page(
        record(f"<metadata><a>{record()}</a></metadata>")
    ),
    "a live record without metadata": page(record("")),
    "a deleted record with metadata": page(record(status=' status="deleted"')),
    "no identifier": page(record(name=" ")),
    "an identifier with a number": page(record(name="oai:tlu:&#65;")),
    "an error": page(record()).replace(b"<ListRecords>", b"<error code='x'/><ListRecords>"),
    "no namespace": page(record()).replace(f' xmlns="{OAI}"'.encode(), b""),
    "a list begun again": page(record(), "</ListRecords><ListRecords>", DELETED),
    "an about in another": page(record(more="<about><about>1</about></about>")),
    "more than an about": page(record(more="<about><a/></about><other/>")),
    "a token of another element": page(record(), token=TOKEN + TOKEN),
    "a namespace with a mark": page(record("<metadata><a xmlns='urn:&amp;'>1</a></metadata>")),
    "a namespace with quotes": page(record(), root=""" xmlns:q='"'"""),
    "too deep a tree": page(record(f"<metadata>{'<a>' * 3000}{'</a>' * 3000}</metadata>")),
    "text between": page(record(), "text", DELETED),
}  # fmt: skip


def same_as_careful(content: bytes) -> None:
    plain, envelope = plain_page(content), opened(content)
    assert plain is not None
    assert envelope.body is not None
    items = items_of(envelope.body, ASKED)
    assert (items.problems, items.quarantined) == ((), ())
    for careful, cut in zip(items.records, plain.cuts, strict=True):
        assert cut[:5] == (
            *(careful.identifier, careful.datestamp, careful.sets),
            *(careful.is_deleted, careful.namespace),
        )
        assert is_same_content(careful.content, cut.content)
        assert cut.start < 0 or content.startswith(cut.content, cut.start)
        assert cut.digest == (sha256(cut.content).hexdigest() if cut.start >= 0 else "")
    assert plain.response_date == envelope.response_date
    assert plain.base_url == envelope.base_url
    assert plain.token == token_of(envelope.body)


@pytest.mark.parametrize("content", PLAIN.values(), ids=PLAIN)
def test_a_plain_page_is_cut_as_the_careful_way_reads_it(content: bytes) -> None:
    same_as_careful(content)


@pytest.mark.parametrize("content", NOT_PLAIN.values(), ids=NOT_PLAIN)
def test_what_is_not_plain_is_left_to_the_careful_way(content: bytes) -> None:
    assert plain_page(content) is None


def test_metadata_that_stand_by_themselves_are_the_very_bytes_of_the_page() -> None:
    content = page(record())

    (cut,) = plain_page(content).cuts  # type: ignore[union-attr] # it is plain

    assert cut.content == DC.encode()
    assert cut.start == content.index(DC.encode())


def test_metadata_that_need_their_page_say_what_it_says_for_them() -> None:
    (cut,) = plain_page(PLAIN["a prefix from outside"]).cuts  # type: ignore[union-attr] # plain

    assert cut.content == b'<d:dc xmlns:d="urn:d"><d:title>A</d:title></d:dc>'
    assert cut.start == -1


def test_a_record_asked_for_singly_is_cut_too() -> None:
    content = page(record(), token="").replace(b"<ListRecords>", b"<GetRecord>")

    plain = plain_page(content.replace(b"</ListRecords>", b"</GetRecord>"))

    assert plain is not None
    assert (plain.verb, len(plain.cuts)) == ("GetRecord", 1)


PIECES = st.sampled_from(
    [
        *("<record>", "</record>", "<metadata>", "</metadata>", "<header>", "</header>"),
        *("<a>", "</a>", "<d:a>", "</d:a>", "<a xmlns='urn:a'>", '<d:a xmlns:d="urn:d">'),
        "</about>",
        *("<about>", "text", " ", "&amp;", "&#10;", "<!-- -->", "<![CDATA[<]]>", "\r\n", "<a/>"),
        *("<metadata/>", "<identifier>1</identifier>", "<datestamp/>", "<resumptionToken/>"),
        *("?", "!"),
        *(record(), DELETED, DC),
    ]
)  # fmt: skip


@given(pieces=st.lists(PIECES, max_size=6), where=st.sampled_from(["list", "metadata", "header"]))
def test_whatever_stands_in_a_page_both_ways_agree(pieces: list[str], where: str) -> None:
    inside = "".join(pieces)
    content = {
        "list": page(record(), inside, DELETED),
        "metadata": page(record(f"<metadata>{DC}{inside}</metadata>"), DELETED),
        "header": page(record(sets=inside), record(f"<metadata>{inside}</metadata>")),
    }[where]
    try:
        opened(content)
    except PageRefusedError:
        assert plain_page(content) is None
    else:
        if plain_page(content) is not None:
            same_as_careful(content)


def test_cut_metadata_can_be_parsed_by_themselves() -> None:
    cuts = [cut for content in PLAIN.values() for cut in plain_page(content).cuts]  # type: ignore[union-attr] # plain

    assert all(etree.fromstring(cut.content) is not None for cut in cuts if cut.content)
