"""MARCXML of the usual form is read without a tree, and as a tree of it would be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libconsortium import CrosswalkError, Levels, RawRecord, levelled_record
from libconsortium.plugins.marc import xml
from libconsortium.plugins.marc.records import MarcRecord

SLIM = "http://www.loc.gov/MARC21/slim"
LEVELS = Levels(("leader", "controlfield"), "datafield", "subfield", "code")
TITLE = '<{p}datafield tag="245" ind1="1"><{p}subfield code="a"> Giải &amp; tích </{p}subfield>'
PIECES = st.sampled_from(
    [
        "<{p}leader>00000nam</{p}leader>",
        "<{p}leader/>",
        '<{p}controlfield tag="001">1</{p}controlfield>',
        "<{p}controlfield tag='001'>2</{p}controlfield>",
        '<{p}controlfield tag="003"/>',
        TITLE + "</{p}datafield>",
        TITLE + '\n<{p}subfield code="b"/>\n<{p}subfield>B</{p}subfield></{p}datafield>',
        TITLE + "text</{p}datafield>",
        TITLE + "<other/></{p}datafield>",
        TITLE,
        '<{p}datafield tag="880"><{p}subfield code="6">245-01</{p}subfield></{p}datafield>',
        '<{p}datafield tag="100"/>',
        "<{p}datafield></{p}datafield>",
        "<{p}subfield code='a'>A</{p}subfield>",
        "<{p}leader>&#8;</{p}leader>",
        "<leader>other</leader>",
        "<!-- c -->",
        " ",
    ]
)


def raw(content: str) -> RawRecord:
    return RawRecord(source="tlu", identifier="1", content=content.encode())


def taken(record: RawRecord) -> MarcRecord | None:
    try:
        return xml.from_xml(record)
    except CrosswalkError:
        return None


@given(pieces=st.lists(PIECES, max_size=6), prefix=st.sampled_from(["", "m:"]))
def test_a_record_without_a_tree_says_what_its_tree_says(pieces: list[str], prefix: str) -> None:
    declared = f'xmlns:m="{SLIM}"' if prefix else f'xmlns="{SLIM}"'
    inside = "".join(pieces).replace("{p}", prefix)
    record = raw(f"<{prefix}record {declared}>{inside}</{prefix}record>")
    found = taken(record)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(xml, "levelled_record", lambda *_: None)

        assert found == taken(record)


@pytest.mark.parametrize(
    "inside",
    [
        "",
        TITLE.replace("{p}", "") + "</datafield>",
        "<leader/><controlfield tag='1'/>",
        "<leader>&lt;</leader> ",
    ],
)
def test_a_record_of_the_usual_form_needs_no_tree(inside: str) -> None:
    assert levelled_record(f'<record xmlns="{SLIM}">{inside}</record>'.encode(), LEVELS) is not None


@pytest.mark.parametrize(
    "content",
    [
        b"<record><other/></record>",
        b"<record><leader><b/></leader></record>",
        b"<record><leader>A</controlfield></record>",
        b"<record><leader>&eacute;</leader></record>",
        b"<m:record></m:record>",
        b"<record></collection>",
        b"record",
    ],
)
def test_any_other_record_is_left_to_the_parser(content: bytes) -> None:
    assert levelled_record(content, LEVELS) is None
