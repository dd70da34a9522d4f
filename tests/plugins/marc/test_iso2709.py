from __future__ import annotations

import sys
import unicodedata

import pymarc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from libconsortium import (
    BibRecord,
    Crosswalk,
    MissingExtraError,
    RawRecord,
    Registry,
    read_record,
)
from libconsortium.plugins.marc.marc8 import marc8_text
from libconsortium.testing import check_crosswalk

REGISTRY = Registry()
CROSSWALK = REGISTRY.find(Crosswalk, "marc")


def iso(title: str = "Giải tích", *, number: str = "tlu1") -> bytes:
    fields = [pymarc.Field(tag="001", data=number)]
    for tag, code, text in (("245", "a", title), ("900", "x", "VN 1")):
        subfields = [pymarc.Subfield(code=code, value=text)]
        fields.append(
            pymarc.Field(tag=tag, indicators=pymarc.Indicators("1", "0"), subfields=subfields)
        )
    record = pymarc.Record(leader="00000nam a2200000 a 4500", fields=fields)
    return bytes(record.as_marc())


def raw(content: bytes, prefix: str = "iso2709") -> RawRecord:
    return RawRecord(source="tlu", identifier="tlu1", prefix=prefix, content=content)


def read(content: bytes, prefix: str = "iso2709") -> BibRecord:
    return read_record(raw(content, prefix), REGISTRY)


def codes(record: BibRecord) -> list[str]:
    return [problem.code for problem in record.problems]


def test_a_sound_record_is_read() -> None:
    record = read(iso())

    assert (record.title, record.types) == ("Giải tích", ("Book",))
    assert (record.unmapped, record.problems) == (("marc 900$x",), ())


@pytest.mark.slow
@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp"))))
def test_every_text_comes_back(title: str) -> None:
    record = read(iso(f"x{title}x"))

    assert record.title == f"x{title}x"


@pytest.mark.parametrize("position", [slice(0, 5), slice(12, 17)])
@pytest.mark.parametrize("lie", [b"00001", b"99999", b"     ", b"abcde"])
def test_a_leader_that_lies_costs_nothing(position: slice, lie: bytes) -> None:
    content = bytearray(iso())
    content[position] = lie

    record = read(bytes(content))

    assert record.title == "Giải tích"
    assert codes(record) == ["DAMAGED_ISO2709"]


def test_a_directory_that_lies_costs_nothing() -> None:
    content = bytearray(iso())
    content[24 + 3 : 24 + 12] = b"000900999"

    record = read(bytes(content))

    assert record.title == "Giải tích"
    assert codes(record) == ["DAMAGED_ISO2709"]


@pytest.mark.parametrize("cut", [10, 30, 50, 62])
def test_a_record_cut_short_is_refused_with_a_reason(cut: int) -> None:
    record = read(iso()[:cut])

    assert codes(record) == ["UNREADABLE"]
    assert "damaged ISO 2709" in str(record.problems[0])


def by_hand(directory: bytes, *fields: bytes) -> bytes:
    body = b"".join(field + b"\x1e" for field in fields) + b"\x1d"
    base = 24 + len(directory) + 1
    leader = b"%05dnam a22%05d a 4500" % (base + len(body), base)
    return leader + directory + b"\x1e" + body


def test_a_directory_that_names_fields_that_are_not_there_costs_only_them() -> None:
    number, title = b"tlu1", b"00\x1faSong"
    content = by_hand(b"001000500000245000900005900000900777", number, title)

    record = read(content)

    assert record.title == "Song"
    assert codes(record) == ["FIELDS_LOST"]
    assert "1 of 3 fields" in str(record.problems[0])


def test_a_directory_whose_front_is_cut_costs_the_first_field() -> None:
    content = by_hand(b"1000500000245000900005", b"tlu1", b"00\x1faSong")

    record = read(content)

    assert record.title == "Song"
    assert codes(record) == ["FIELDS_LOST"]


def test_unimarc_is_not_read_as_something_else() -> None:
    dates = b"  \x1fa20190101d2019    m  y0frey50      ba"
    title = b"1 \x1faLe titre"
    content = by_hand(
        b"100%04d00000" % (len(dates) + 1) + b"200%04d%05d" % (len(title) + 1, len(dates) + 1),
        dates,
        title,
    )

    record = read(content)

    assert codes(record) == []
    assert (record.title, record.creators, record.year) == ("Le titre", (), 2019)


def test_blanks_around_a_record_do_not_matter() -> None:
    assert read(b"\r\n" + iso() + b"\r\n").problems == ()


# ---------------------------------------------------------------- character sets


def blank_leader(content: bytes) -> bytes:
    return content[:9] + b" " + content[10:]


def resized(content: bytes, old: bytes, new: bytes) -> bytes:
    """Replace bytes by as many bytes, so that no length lies."""
    assert len(old) == len(new)
    return content.replace(old, new)


def test_utf8_that_the_leader_denies_is_utf8() -> None:
    record = read(blank_leader(iso()))

    assert record.title == "Giải tích"
    assert codes(record) == ["UTF8_UNANNOUNCED"]


def test_marc_8_is_converted() -> None:
    content = blank_leader(resized(iso("Viet Nam a"), b"Viet Nam a", b"Vi\xe3\xf2et Na "))

    record = read(content)

    assert unicodedata.normalize("NFC", record.title) == "Việt Na"
    assert codes(record) == ["MARC_8"]


@pytest.mark.parametrize(
    ("written", "text"),
    [
        (b"\x1b$1\x21\x30\x21\x1b(B!", "一!"),
        (b"\x1b(NoDLUKE\x1b(B", "Одлуке"),
        (b"\x1b(NRE[E\x1b(QJ\x1b(NA\x1b(B", "решења"),
        (b"\x1bgabc\x1bs abc", "αβγ abc"),
        (b"H\x1bb2\x1bsO", "H₂O"),
        (b"\x88Le \x89titre", "Le titre"),
        (b"Ti\xe3\xe2eng", "Tiếng"),
    ],
)
def test_every_set_of_marc_8_is_read(written: bytes, text: str) -> None:
    assert marc8_text(written) == text


@pytest.mark.parametrize(
    "written", [b"Soci\x1bt", b"\x1b", b"\x1b(", b"\x1b$1zzz", b"\x1b$1\x21\x30\x21!"]
)
def test_what_marc_8_does_not_have_is_seen_and_counted(written: bytes) -> None:
    title = b"x" + written + b"x"
    content = blank_leader(resized(iso("x" * len(title)), b"x" * len(title), title))

    record = read(content)

    assert "\ufffd" in record.title
    assert "characters in them are in none of its tables" in str(record.problems[0])


@given(st.binary(max_size=40))
def test_no_bytes_break_marc_8(content: bytes) -> None:
    assert unicodedata.is_normalized("NFC", marc8_text(content))


def test_an_old_encoding_comes_as_windows_1252_for_the_repairs() -> None:
    content = blank_leader(resized(iso("Vixt Nam th. x"), b"Vixt", b"Vi\xd6t"))

    record = read(content.replace(b"th. x", b"th\xad 1"))

    assert record.title == "ViÖt Nam th\xad 1"
    assert codes(record) == ["NOT_UTF8"]


def test_a_format_name_says_that_texts_are_8_bit() -> None:
    content = blank_leader(resized(iso("Vixt"), b"Vixt", b"Vi\xe9t"))

    record = read(content, "iso2709-latin1")

    assert (record.title, record.problems) == ("Viét", ())


def test_ascii_needs_no_remark() -> None:
    assert read(blank_leader(iso("Giai tich"))).problems == ()


# ---------------------------------------------------------------- kit and missing package


def test_the_crosswalk_keeps_its_promises() -> None:
    check_crosswalk(CROSSWALK, [raw(iso()), raw(blank_leader(iso()))])


@pytest.fixture
def _without_pymarc(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("pymarc", "pymarc.marc8_mapping"):
        monkeypatch.setitem(sys.modules, module, None)
    monkeypatch.delitem(sys.modules, "libconsortium.plugins.marc.marc8", raising=False)


@pytest.mark.usefixtures("_without_pymarc")
def test_without_its_package_marc_8_names_the_extra_and_the_rest_is_read() -> None:
    marc8 = blank_leader(resized(iso("Viet Nam a"), b"Viet Nam a", b"Vi\xe3\xf2et Na "))

    assert read(iso()).title == "Giải tích"
    with pytest.raises(MissingExtraError, match=r"pymarc.*; pip install 'libconsortium\[marc\]'"):
        read(marc8)
