"""What goes out comes in the same, in every format, whatever the texts are."""

from __future__ import annotations

import io
import json
from pathlib import Path

import attrs
import pymarc
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from libconsortium import (
    BibRecord,
    DeletionCause,
    Harvester,
    HarvestRequest,
    HeldBy,
    OutRecord,
    Problem,
    RawRecord,
    ReadingRules,
    RecordIdentifier,
    Registry,
    read_record,
    read_title_list,
    reading_rules,
    record_of_row,
    record_row,
    row_of_cells,
    union_out,
    union_record,
    write_records,
)
from libconsortium.files.record_files.rows import csv_cells

_REGISTRY = Registry()
_RULES = reading_rules(_REGISTRY)
_YEARS = {("2019",): 2019, ("năm Kỷ Hợi",): 2019, ("c1998", "2001"): 1998}
_LETTERS = "abcxyzđĐăâêôơưÁẾỘỮỹ 中文é&<>'\"()"
_text = (
    st.text(_LETTERS, min_size=1, max_size=30)
    .map(lambda text: f"X{' '.join(text.split())}z")
)  # fmt: skip
_any_text = st.text(min_size=1, max_size=30)


def _several(texts: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(texts, max_size=3, unique=True).map(tuple)


def _records(texts: st.SearchStrategy[str]) -> st.SearchStrategy[BibRecord]:
    single = st.just("") | texts
    return st.builds(
        BibRecord,
        source=st.just("tlu"),
        identifier=st.from_regex(r"[a-z0-9:/.]{1,12}", fullmatch=True),
        titles=_several(texts),
        creators=_several(texts.map(lambda text: f"A{text}")),
        contributors=_several(texts.map(lambda text: f"B{text}")),
        publishers=_several(texts),
        dates=st.sampled_from([*_YEARS, (), ("[19--?]",)]),
        languages=st.sampled_from([(), ("vie",), ("vie", "eng")]),
        types=st.sampled_from(
            [(), ("Book",), ("Serial",), ("text",), ("Sách",), ("Bản đồ cổ", "Map"), ("Luận văn.",)]
        ),
        subjects=_several(texts),
        coverage=_several(texts),
        descriptions=_several(texts),
        identifiers=st.sampled_from(
            [
                (),
                (
                    RecordIdentifier(scheme="isbn", value="9786041000001"),
                    RecordIdentifier(scheme="isbn", value="12 tập", is_valid=False),
                    RecordIdentifier(scheme="issn", value="03178471"),
                    RecordIdentifier(scheme="doi", value="10.1000/abc"),
                    RecordIdentifier(scheme="handle", value="2000/17"),
                ),
            ]
        ),
        links=st.sampled_from([(), ("https://a.example/1", "https://a.example/2?x=1&y=2")]),
        call_numbers=_several(texts),
        volume=single,
        edition=single,
        extent=single,
        journal=single,
        series=_several(texts),
    ).map(lambda one: attrs.evolve(one, year=_YEARS.get(one.dates)))


def _out(record: BibRecord) -> OutRecord:
    stored = RawRecord(source=record.source, identifier=record.identifier, prefix="dim")
    return OutRecord(stored=stored, record=record)


def _written(form: str, *records: OutRecord) -> tuple[bytes, tuple[Problem, ...]]:
    file = io.BytesIO()
    _, problems = write_records(records, form, file)
    return file.getvalue(), problems


def _harvested(
    folder: Path, name: str, content: bytes, *, repaired: bool = True
) -> list[BibRecord]:
    path = folder / name
    path.write_bytes(content)
    harvester = _REGISTRY.find(Harvester, "files")
    pages = list(harvester.harvest(HarvestRequest(source="tlu", url=str(path))))
    assert not [one for page in pages for one in (*page.problems, *page.quarantined)]
    return [
        attrs.evolve(
            read_record(raw, _REGISTRY, _RULES if repaired else ReadingRules()),
            problems=(),
            unmapped=(),
        )
        for page in pages
        for raw in page.records
    ]


@pytest.mark.parametrize(
    "name", ["records.xml", "records.mrc", "records.jsonl", "records.csv", "records.json"]
)
@given(record=_records(_text))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_record_comes_in_as_it_went_out(tmp_path: Path, name: str, record: BibRecord) -> None:
    form = {"xml": "marcxml", "mrc": "iso2709", "json": "solr"}.get(
        name.partition(".")[2], name.partition(".")[2]
    )
    content, problems = _written(form, _out(record))

    assert problems == ()
    assert _harvested(tmp_path, name, content) == [record]


_NASTY = "a Á.,:;/=+|\\\"'<>&@\n\t\u0301\u0085\u00a0\u2028\ufeff\uf8ff\U0001f4da\U0010fffd"
_MARC_HOLDS = st.text(_NASTY, min_size=1, max_size=20)
_ANY = st.text(_NASTY + "\ufffe\uffff\r\x00\x07\x1b\x1d\x1e\x1f\x7f", min_size=1, max_size=20)
_FORMULA = st.sampled_from(["=cmd|' /C calc'!A0", "+84 24", "-1", "@sum(A1)", "'=1", "\t=1"])


def _bare(texts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Give texts without blanks around them, which no record keeps."""
    return (texts | _FORMULA).map(str.strip).filter(bool)


@pytest.mark.parametrize("name", ["records.xml", "records.mrc", "records.json"])
@given(record=_records(_bare(_MARC_HOLDS)))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_marc_holds_every_text_that_xml_can_hold(
    tmp_path: Path, name: str, record: BibRecord
) -> None:
    form = {"xml": "marcxml", "mrc": "iso2709", "json": "solr"}[name.partition(".")[2]]
    content, problems = _written(form, _out(record))

    assert problems == ()
    assert _harvested(tmp_path, name, content, repaired=False) == [record]


@pytest.mark.parametrize("name", ["records.jsonl", "records.csv"])
@given(record=_records(_bare(_ANY)))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_rows_hold_every_text_at_all(tmp_path: Path, name: str, record: BibRecord) -> None:
    content, problems = _written(name.partition(".")[2], _out(record))

    assert problems == ()
    assert _harvested(tmp_path, name, content, repaired=False) == [record]


@pytest.mark.parametrize(
    "text", ["=cmd|' /C calc'!A0", "+84 24", "-1+1", "@sum(A1)", "\t=1", "\r=1"]
)
def test_no_cell_is_run_as_a_formula(tmp_path: Path, text: str) -> None:
    record = BibRecord(source="tlu", identifier="1", titles=(text, text), volume=text)

    cells = csv_cells(_out(record))

    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in cells.values())
    assert record_of_row(row_of_cells(cells))[1] == record


@given(_records(_any_text))
def test_a_row_of_json_holds_any_text(record: BibRecord) -> None:
    stored = RawRecord(
        source="tlu", identifier="1", datestamp="2026-01-31", sets=("a", "b"),
        is_deleted=True, cause=DeletionCause.SWEEP,
    )  # fmt: skip
    row = json.loads(json.dumps(record_row(stored, record)))

    again, found = record_of_row(row)

    assert (found.titles, found.descriptions, found.identifiers, found.volume) == (
        record.titles, record.descriptions, record.identifiers, record.volume,
    )  # fmt: skip
    assert attrs.evolve(again, prefix="") == attrs.evolve(stored, prefix="")


@given(_records(_any_text))
def test_the_cells_of_a_table_hold_any_text(record: BibRecord) -> None:
    _, found = record_of_row(row_of_cells(csv_cells(_out(record))))

    assert found == record


@pytest.mark.parametrize("form", ["marcxml", "iso2709", "jsonl", "csv", "kbart", "solr"])
@given(record=_records(st.text(min_size=1, max_size=30)))
@settings(max_examples=30)
def test_any_text_at_all_can_be_written(form: str, record: BibRecord) -> None:
    content, _ = _written(form, _out(record), _out(record))

    content.decode()


@pytest.mark.parametrize(("form", "name"), [("marcxml", "r.xml"), ("iso2709", "r.mrc")])
def test_control_characters_are_left_out_and_told(tmp_path: Path, form: str, name: str) -> None:
    bad = BibRecord(source="tlu", identifier="1", titles=("Só\x1fng\x1e\x1d đ\x00ỏ",))

    content, (problem,) = _written(form, _out(bad))

    assert (problem.code, problem.where.record, problem.where.field) == (
        "CHARACTERS_LEFT_OUT", "1", "245$a",
    )  # fmt: skip
    assert [one.title for one in _harvested(tmp_path, name, content)] == ["Sóng đỏ"]


def test_a_field_that_iso_2709_cannot_hold_is_left_out_and_told(tmp_path: Path) -> None:
    long = BibRecord(
        source="tlu", identifier="1", titles=("Sóng",), descriptions=("ữ" * 3334, "kept")
    )

    content, (problem,) = _written("iso2709", _out(long))

    assert (problem.code, problem.where.record, problem.where.field) == (
        "FIELD_TOO_LONG", "1", "520",
    )  # fmt: skip
    (found,) = _harvested(tmp_path, "r.mrc", content)
    assert (found.title, found.descriptions) == ("Sóng", ("kept",))


def test_the_longest_field_that_iso_2709_can_hold_is_kept(tmp_path: Path) -> None:
    text = "x" * (9_999 - 5)
    content, problems = _written(
        "iso2709", _out(BibRecord(source="tlu", identifier="1", descriptions=(text,)))
    )

    assert problems == ()
    assert _harvested(tmp_path, "r.mrc", content)[0].descriptions == (text,)


def test_a_record_that_iso_2709_cannot_hold_is_left_out_and_told() -> None:
    notes = tuple(f"{number}{'x' * 9_000}" for number in range(12))
    long = BibRecord(source="tlu", identifier="1", descriptions=notes)
    short = BibRecord(source="tlu", identifier="2", titles=("Sóng",))

    content, (problem,) = _written("iso2709", _out(long), _out(short))

    assert (problem.code, problem.where.record) == ("RECORD_TOO_LONG", "1")
    assert content.count(b"\x1d") == 1
    assert int(content[:5]) == len(content)


def test_what_came_as_marc_goes_out_as_it_came(tmp_path: Path) -> None:
    xml = (
        '<record xmlns="http://www.loc.gov/MARC21/slim"><leader>01234cam a2200289 a 4500</leader>'
        '<controlfield tag="001">1</controlfield><datafield tag="900" ind1="1" ind2=" ">'
        '<subfield code="x">of our own</subfield></datafield></record>'
    )
    stored = RawRecord(
        source="tlu", identifier="1", prefix="marcxml", content=xml.encode(),
        namespace="http://www.loc.gov/MARC21/slim",
    )  # fmt: skip
    record = BibRecord(source="tlu", identifier="1")

    as_iso, _ = _written("iso2709", OutRecord(stored=stored, record=record))
    back = RawRecord(source="tlu", identifier="1", prefix="iso2709", content=as_iso)
    as_xml, _ = _written("marcxml", OutRecord(stored=back, record=record))

    assert as_iso[5:9] == b"cam "
    assert '<datafield tag="900" ind1="1" ind2=" "><subfield code="x">of our own' in as_xml.decode()


@pytest.mark.parametrize(
    ("prefix", "content"),
    [
        ("iso2709", b"00026     1200025   4500\x1e\x1d"),
        ("iso2709", b"00026     a200025   4500\x1e\x1d"),
        ("iso2709", b"00040    a2200037   4500001000200000\x1e12\x1d"),
        ("marcxml", b"<broken"),
    ],
)
def test_what_came_damaged_is_written_as_it_was_read(prefix: str, content: bytes) -> None:
    namespace = "http://www.loc.gov/MARC21/slim" if prefix == "marcxml" else ""
    stored = RawRecord(
        source="tlu", identifier="1", prefix=prefix, content=content, namespace=namespace
    )
    record = BibRecord(source="tlu", identifier="1", titles=("Sóng",))

    xml, _ = _written("marcxml", OutRecord(stored=stored, record=record))

    assert "Sóng" in xml.decode()


@pytest.mark.parametrize("form", ["marcxml", "iso2709", "solr"])
def test_a_record_that_could_not_be_read_is_told_of_and_not_written_empty(form: str) -> None:
    raw = RawRecord(source="tlu", identifier="1", prefix="iso2709", content=b"00026junk\x1e\x1d")
    unread = read_record(raw, _REGISTRY, _RULES)

    content, (problem,) = _written(form, OutRecord(stored=raw, record=unread))

    assert unread.problems
    assert (problem.code, problem.where.record) == ("UNREADABLE", "1")
    assert b"tlu" not in content


def test_a_record_without_a_number_goes_out_with_the_one_it_was_given() -> None:
    namespace = "http://www.loc.gov/MARC21/slim"
    content = (
        f'<record xmlns="{namespace}"><leader>00000nam a2200000 a 4500</leader>'
        '<datafield tag="245" ind1="0" ind2="0"><subfield code="a">Sóng</subfield></datafield>'
        "</record>"
    )
    raw = RawRecord(
        source="tlu", identifier="a.xml#7", prefix="marcxml", namespace=namespace,
        content=content.encode(),
    )  # fmt: skip

    xml, _ = _written("marcxml", OutRecord(stored=raw, record=read_record(raw, _REGISTRY)))

    assert b'<controlfield tag="001">a.xml#7</controlfield>' in xml


def test_year_and_language_stand_in_the_fixed_field_too() -> None:
    record = BibRecord(
        source="tlu", identifier="1", dates=("năm Đinh Dậu",), year=2017, languages=("vi", "vie")
    )
    stored = RawRecord(source="tlu", identifier="1", datestamp="2026-03-02T12:00:00Z")

    xml, _ = _written("marcxml", OutRecord(stored=stored, record=record))
    bare, _ = _written("marcxml", _out(BibRecord(source="tlu", identifier="1")))

    assert b'tag="008">260302s2017    xx |||||||||||||||||vie|d</' in xml
    assert b'tag="008">      nuuuu    xx ||||||||||||||||||||' in bare


def test_signs_that_xml_cannot_hold_break_no_file(tmp_path: Path) -> None:
    subfields = [pymarc.Subfield(code="a", value="Sóng")]
    indicators = pymarc.Indicators("0", "0")
    fields = [
        pymarc.Field(tag="001", data="1"),
        pymarc.Field(tag="245", indicators=indicators, subfields=subfields),
    ]
    record = pymarc.Record(leader="00000nam a2200000 a 4500", fields=fields)
    content = bytearray(bytes(record.as_marc()))
    content[18:19] = b"\x01"
    content = bytearray(bytes(content).replace(b"00\x1fa", b"0\x02\x1fa"))
    raw = RawRecord(source="tlu", identifier="1", prefix="iso2709", content=bytes(content))

    xml, problems = _written("marcxml", OutRecord(stored=raw, record=read_record(raw, _REGISTRY)))

    assert [one.title for one in _harvested(tmp_path, "r.xml", xml)] == ["Sóng"]
    assert [(one.code, one.where.field) for one in problems] == [("CHARACTERS_LEFT_OUT", "leader")]


def test_a_title_list_is_read_as_a_sound_one(tmp_path: Path) -> None:
    issn = RecordIdentifier(scheme="issn", value="03178471")
    isbn = RecordIdentifier(scheme="isbn", value="9786041000001")
    records = [
        BibRecord(source="tlu", identifier="1", titles=("Tạp chí Mẫu",), identifiers=(issn,)),
        BibRecord(
            source="tlu", identifier="2", titles=("Giải tích",), creators=("Trần A",), year=2019,
            identifiers=(isbn,), types=("Book",), publishers=("Giáo dục",), edition="2",
        ),
        BibRecord(source="tlu", identifier="3", titles=("No number",)),
        BibRecord(
            source="tlu", identifier="4", titles=("A part",), identifiers=(issn,),
            types=("Article",),
        ),
    ]  # fmt: skip

    content, (told,) = _written("kbart", *map(_out, records))
    path = tmp_path / "tlu_AllTitles_2026-01-15.txt"
    path.write_bytes(content)
    titles, _ = read_title_list(path, _REGISTRY)

    assert "2 records without" in str(told.what)
    assert [(one.title, one.print_identifier, one.first_author) for one in titles] == [
        ("Tạp chí Mẫu", "0317-8471", ""), ("Giải tích", "9786041000001", "Trần A"),
    ]  # fmt: skip


def test_a_solr_document_names_all_who_hold_it() -> None:
    books = [
        BibRecord(
            source=source, identifier="1", titles=("Truyện Kiều : thơ",), year=2015,
            call_numbers=(f"895.{source}",), types=("Sách",),
        )
        for source in ("a", "b")
    ]  # fmt: skip
    union = union_out(union_record("a\t1", books, members={"a": "lib-a", "b": "lib-b"}))

    content, _ = _written("solr", union)

    (document,) = json.loads(content)
    assert document["institution"] == ["lib-a", "lib-b"]
    assert document["format"] == ["Book"]
    assert document["callnumber-raw"] == ["895.a", "895.b"]
    assert document["publishDate"] == ["2015"]
    assert "lib-b" in document["fullrecord"]


def test_no_records_make_an_empty_list_of_documents() -> None:
    assert json.loads(_written("solr")[0]) == []


def test_a_union_record_names_its_holders_in_marc(tmp_path: Path) -> None:
    book = BibRecord(source="a", identifier="1", titles=("Sóng",), links=("https://a.example/1",))
    union = union_out(union_record("a\t1", [book], members={"a": "lib-a"}))

    content, _ = _written("marcxml", union)

    assert '<datafield tag="852" ind1=" " ind2=" "><subfield code="a">lib-a' in content.decode()
    assert union.held_by == (
        HeldBy(member="lib-a", records=("a\t1",), links=("https://a.example/1",)),
    )
    assert [one.title for one in _harvested(tmp_path, "u.xml", content)] == ["Sóng"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("r.jsonl", b'{"identifier": "1", "source": "a"}\n{"of": "something else"}\n'),
        ("r.jsonl", b'{"identifier": "1", "source": "a"}\n\n{broken\n'),
        ("r.json", b'[{"id": "1"}]'),
        ("r.json", b"[broken"),
    ],
)
def test_rows_that_are_none_are_kept_aside(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    harvester = _REGISTRY.find(Harvester, "files")

    pages = list(harvester.harvest(HarvestRequest(source="tlu", url=str(path))))

    assert sum(len(page.quarantined) for page in pages) == 1


@pytest.mark.parametrize(("form", "name"), [("marcxml", "a.xml"), ("iso2709", "a.mrc")])
def test_what_came_as_marc_with_odd_signs_goes_out_and_comes_in_the_same(
    tmp_path: Path, form: str, name: str
) -> None:
    inside = (
        '<controlfield tag="001">7</controlfield><datafield tag="245" ind1="10" ind2="">'
        '<!-- looked at --><subfield code="a">Sóng <b>và</b> biển</subfield>'
        '<subfield>thơ</subfield><subfield code="ab">X</subfield></datafield>'
    )
    content = f'<record xmlns="{MARC}"><leader>{" " * 24}</leader>{inside}</record>'
    stored = RawRecord(
        source="tlu", identifier="7", prefix="marcxml", namespace=MARC, content=content.encode()
    )
    record = read_record(stored, _REGISTRY)

    written, _ = _written(form, OutRecord(stored=stored, record=record))

    assert record.titles == ("Sóng và biển",)
    assert _harvested(tmp_path, name, written) == [attrs.evolve(record, unmapped=())]


def test_a_record_of_control_fields_alone_comes_in_again(tmp_path: Path) -> None:
    content = f'<record xmlns="{MARC}"><controlfield tag="001">7</controlfield></record>'
    stored = RawRecord(
        source="tlu", identifier="7", prefix="marcxml", namespace=MARC, content=content.encode()
    )
    out = OutRecord(stored=stored, record=read_record(stored, _REGISTRY))

    written, _ = _written("iso2709", out)

    assert _harvested(tmp_path, "a.mrc", written)[0].identifier == "7"


def test_marc_without_its_namespace_goes_out_with_the_fields_that_nothing_reads() -> None:
    field = '<datafield tag="900"><subfield code="a">VN 1</subfield></datafield>'
    stored = RawRecord(
        source="tlu", identifier="7", prefix="marcxml", content=f"<record>{field}</record>".encode()
    )

    written, _ = _written(
        "marcxml", OutRecord(stored=stored, record=read_record(stored, _REGISTRY))
    )

    assert b"VN 1" in written


MARC = "http://www.loc.gov/MARC21/slim"


@pytest.mark.parametrize(("form", "name"), [("marcxml", "a.xml"), ("iso2709", "a.mrc")])
def test_dublin_core_without_a_type_comes_in_again_with_nothing_unmapped(
    tmp_path: Path, form: str, name: str
) -> None:
    stored = RawRecord(source="tlu", identifier="1")
    book = BibRecord(source="tlu", identifier="1", titles=("Sóng",))
    out = io.BytesIO()
    write_records(iter([OutRecord(stored=stored, record=book)]), form, out)

    (tmp_path / name).write_bytes(out.getvalue())

    request = HarvestRequest(source="tlu", url=str(tmp_path / name))
    (page,) = _REGISTRY.find(Harvester, "files").harvest(request)
    again = read_record(page.records[0], _REGISTRY)

    assert (again.title, again.types, again.unmapped) == ("Sóng", (), ())
