from __future__ import annotations

from collections.abc import Iterator

import attrs
import pytest

from libconsortium import (
    BibRecord,
    Crosswalk,
    FieldMapping,
    FieldRule,
    LegacyEvidence,
    Message,
    MissingExtraError,
    RawRecord,
    ReadingRules,
    Registry,
    RepairedText,
    TextRepair,
    UnknownNameError,
    guess_encodings,
    hookimpl,
    read_record,
    reading_rules,
    tally,
    unmapped_fields,
)


class Broken:
    @hookimpl
    def consortium_crosswalks(self) -> Iterator[Crosswalk]:
        yield Crosswalk(name="broken", namespaces=("urn:broken",), read=self.read)

    def read(self, record: RawRecord) -> BibRecord:
        raise KeyError(record.identifier)


def raw(namespace: str = "urn:broken", content: bytes = b"<x/>") -> RawRecord:
    return RawRecord(source="a", identifier="oai:a:1", namespace=namespace, content=content)


def codes(record: BibRecord) -> list[str]:
    return [problem.code for problem in record.problems]


def test_a_crosswalk_that_breaks_costs_its_record_only() -> None:
    record = read_record(raw(), Registry(installed=(), plugins={"broken": Broken()}))

    assert codes(record) == ["CROSSWALK_FAILED"]
    assert "KeyError" in str(record.problems[0])


def test_a_format_nobody_reads_is_a_problem_of_the_record() -> None:
    record = read_record(raw("urn:unknown"), Registry(installed=()))

    assert codes(record) == ["UNREADABLE"]
    assert "urn:unknown" in str(record.problems[0])


def test_a_record_without_metadata_is_a_problem_of_the_record() -> None:
    assert codes(read_record(raw(content=b""), Registry(installed=()))) == ["NO_METADATA"]


def test_fields_and_problems_are_counted_by_record() -> None:
    records = [
        BibRecord(source="a", identifier="1", unmapped=("dc:rights", "dc:format")),
        BibRecord(source="a", identifier="2", unmapped=("dc:rights",)),
        read_record(raw(content=b""), Registry(installed=())),
    ]

    counted = tally(records)

    assert counted.records == 3
    assert counted.unmapped == {"dc:rights": 2, "dc:format": 1}
    assert counted.problems == {"NO_METADATA": 1}


# ---------------------------------------------------------------- formats without a namespace


class Plain:
    """Reads a format that has no namespace, and says its fields unless told not to."""

    def __init__(self, *, says_fields: bool = True) -> None:
        self.says_fields = says_fields

    @hookimpl
    def consortium_crosswalks(self) -> Iterator[Crosswalk]:
        yield Crosswalk(
            name="plain",
            namespaces=(),
            formats=("plain",),
            read=self.read,
            fields=self.fields if self.says_fields else None,
        )

    @hookimpl
    def consortium_text_repairs(self) -> Iterator[TextRepair]:
        yield TextRepair(
            name="safe-one",
            repair=lambda text: RepairedText(text=text.replace("x", "y")),
            concerns=lambda text: "x" in text,
            stage=20,
            is_safe=True,
        )
        yield TextRepair(
            name="loud",
            repair=lambda text: RepairedText(
                text=text.upper(), loss=Message("letters are gone") if "?" in text else Message("")
            ),
            concerns=lambda text: text != text.upper() or "?" in text,
            stage=10,
            evidence=lambda text: LegacyEvidence(fits=text.count("!"), misfits=text.count("?")),
        )

    def read(self, record: RawRecord) -> BibRecord:
        return BibRecord(
            source=record.source,
            identifier=record.identifier,
            titles=(record.content.decode(),),
            edition="x",
            unmapped=("plain mark",),
        )

    def fields(self, record: RawRecord) -> Iterator[tuple[str, str]]:
        yield "plain mark", "M " * 100


def plain(*, says_fields: bool = True) -> Registry:
    return Registry(installed=(), plugins={"plain": Plain(says_fields=says_fields)})


def text(content: str) -> RawRecord:
    return RawRecord(source="a", identifier="1", prefix="plain", content=content.encode())


def test_a_record_without_namespace_is_read_by_its_format() -> None:
    assert read_record(text("Sóng"), plain()).title == "Sóng"


def test_a_namespace_decides_whatever_the_prefix_is() -> None:
    record = attrs.evolve(text("Sóng"), namespace="urn:unknown")

    assert codes(read_record(record, plain())) == ["UNREADABLE"]


def test_texts_are_repaired_in_every_field_and_each_change_is_told() -> None:
    record = read_record(text("axe"), plain(), reading_rules(plain()))

    assert (record.title, record.edition) == ("aye", "y")
    assert codes(record) == ["TEXT_REPAIRED", "TEXT_REPAIRED"]
    assert [problem.where.field for problem in record.problems] == ["titles", "edition"]


def test_the_stored_record_stays_as_it_came() -> None:
    raw_record = text("axe")

    read_record(raw_record, plain(), reading_rules(plain()))

    assert raw_record.content == b"axe"


def test_without_rules_nothing_is_repaired() -> None:
    assert read_record(text("axe"), plain()).title == "axe"


def test_a_source_may_want_no_repair() -> None:
    assert read_record(text("axe"), plain(), reading_rules(plain(), ())).title == "axe"


def test_repairs_are_made_by_stage_whatever_order_they_are_named_in() -> None:
    rules = reading_rules(plain(), ("safe", "loud"))

    assert [repair.name for repair in rules.repairs] == ["loud", "safe-one"]


def test_an_unknown_repair_suggests_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="no text repair called 'lowd'; did you mean 'loud'"):
        reading_rules(plain(), ("lowd",))


def test_what_is_lost_is_told_even_if_nothing_changed() -> None:
    record = read_record(text("A?"), plain(), reading_rules(plain(), ("loud",)))

    assert codes(record) == ["LOSS_SUSPECTED", "TEXT_REPAIRED"]
    assert record.title == "A?"


def test_a_mapping_table_changes_what_is_read() -> None:
    mapping = FieldMapping(rules=(FieldRule(source_field="plain mark", to="call_numbers"),))

    record = read_record(text("A"), plain(), reading_rules(plain(), (), mapping))

    assert record.call_numbers[0].startswith("M M")
    assert record.unmapped == ()


def test_a_crosswalk_that_does_not_say_its_fields_cannot_be_mapped() -> None:
    mapping = FieldMapping(rules=(FieldRule(source_field="plain mark", to="call_numbers"),))
    registry = plain(says_fields=False)

    record = read_record(text("A"), registry, reading_rules(registry, (), mapping))

    assert codes(record) == ["UNREADABLE"]


def test_a_missing_package_is_not_a_problem_of_the_record() -> None:
    class Missing:
        @hookimpl
        def consortium_crosswalks(self) -> Iterator[Crosswalk]:
            yield Crosswalk(name="m", namespaces=("urn:m",), read=self.read)

        def read(self, record: RawRecord) -> BibRecord:
            raise MissingExtraError("needs a package")

    with pytest.raises(MissingExtraError):
        read_record(raw("urn:m"), Registry(installed=(), plugins={"m": Missing()}))


# ---------------------------------------------------------------- what is left unread


def test_unmapped_fields_are_counted_by_source_with_an_example() -> None:
    rules = ReadingRules()
    records = [(text("A"), rules), (attrs.evolve(text("B"), source="b"), rules), (text("C"), rules)]

    found = unmapped_fields(records, plain())

    assert [(one.source, one.field, one.records) for one in found] == [
        ("a", "plain mark", 2),
        ("b", "plain mark", 1),
    ]
    assert found[0].example.startswith("M M")
    assert len(found[0].example) == 60


def test_a_field_without_a_reader_has_no_example() -> None:
    found = unmapped_fields([(text("A"), ReadingRules())], plain(says_fields=False))

    assert found[0].example == ""


def test_an_encoding_is_likely_by_the_sum_over_all_records() -> None:
    one = BibRecord(source="a", identifier="1", titles=("!!!!!!!!!!",))

    assert [report.is_likely for report in guess_encodings([one], plain())] == [False]
    assert [report.is_likely for report in guess_encodings([one, one], plain())] == [True]


def test_an_encoding_that_nothing_fits_is_not_listed() -> None:
    assert guess_encodings([BibRecord(source="a", identifier="1", titles=("?",))], plain()) == ()


# ---------------------------------------------------------------- formats that nobody reads


def archive(content: str = "<ead><did><title>Phông Hà Đông</title></did></ead>") -> RawRecord:
    return raw("urn:archives", content.encode())


def archive_rules(target: str) -> ReadingRules:
    rule = FieldRule(source_field="ead did/title", to=target)
    return ReadingRules(mapping=FieldMapping(rules=(rule,)))


def test_the_fields_of_a_format_that_nobody_reads_are_counted() -> None:
    found = unmapped_fields([(archive(), ReadingRules())], Registry(installed=()))

    assert [(one.field, one.example) for one in found] == [("ead did/title", "Phông Hà Đông")]


def test_a_mapping_table_reads_a_format_that_nobody_reads() -> None:
    record = read_record(archive(), Registry(installed=()), archive_rules("titles"))

    assert (record.title, record.unmapped, record.problems) == ("Phông Hà Đông", (), ())


def test_a_table_that_wants_nothing_of_a_record_leaves_it_unread_and_its_fields_known() -> None:
    record = read_record(archive(), Registry(installed=()), archive_rules("ignore"))

    assert codes(record) == ["UNREADABLE"]
    assert record.unmapped == ()


def test_a_table_that_finds_no_title_is_told_so() -> None:
    record = read_record(archive(), Registry(installed=()), archive_rules("subjects"))

    assert codes(record) == ["NO_TITLE"]


def test_texts_read_by_a_table_alone_are_repaired() -> None:
    rules = attrs.evolve(archive_rules("titles"), repairs=reading_rules(plain(), ("loud",)).repairs)

    assert read_record(archive(), plain(), rules).title == "PHÔNG HÀ ĐÔNG"


def test_what_is_no_xml_of_a_format_that_nobody_reads_has_no_fields() -> None:
    record = read_record(archive("{}"), Registry(installed=()), archive_rules("titles"))

    assert (codes(record), record.unmapped) == (["UNREADABLE"], ())
