from __future__ import annotations

from typing import Any

import pytest

from libconsortium import BibRecord, FieldMapping, FieldRule, RecordIdentifier, SettingsError
from libconsortium.core.catalogue.mappings import check_target, mapped

FIELDS = [("marc 900$a", "VN 1; VN 2"), ("marc 900$b", ""), ("marc 901$a", "1998")]


def done(*rules: FieldRule, **fields: Any) -> BibRecord:
    record = BibRecord(source="a", identifier="1", **{"titles": ("A",), **fields})
    schemes = {"isbn": lambda value: value.replace("-", "") if value.startswith("978") else None}
    return mapped(record, FIELDS, FieldMapping(rules=rules), schemes, latest=2027)


def rule(source_field: str, to: str, **more: Any) -> FieldRule:
    return FieldRule(source_field=source_field, to=to, **more)


def test_values_come_behind_those_that_are_there() -> None:
    assert done(rule("marc 900$a", "call_numbers"), call_numbers=("X",)).call_numbers == (
        "X",
        "VN 1; VN 2",
    )


def test_several_values_in_one_are_split() -> None:
    found = done(rule("marc 900$a", "call_numbers", split=";")).call_numbers

    assert found == ("VN 1", "VN 2")


def test_a_rule_may_replace_what_is_there() -> None:
    replacing = rule("marc 900$a", "call_numbers", replace=True)

    assert done(replacing, call_numbers=("X",)).call_numbers == ("VN 1; VN 2",)


def test_nothing_is_replaced_by_nothing() -> None:
    assert done(rule("marc 900$b", "titles", replace=True)).titles == ("A",)


@pytest.mark.parametrize(("replace", "edition"), [(False, "2"), (True, "1998")])
def test_a_field_of_one_text_keeps_the_first_unless_it_is_replaced(
    replace: bool,  # noqa: FBT001 - a case
    edition: str,
) -> None:
    assert done(rule("marc 901$a", "edition", replace=replace), edition="2").edition == edition


def test_an_empty_field_of_one_text_is_filled() -> None:
    assert done(rule("marc 901$a", "edition")).edition == "1998"


def test_the_year_follows_from_the_dates() -> None:
    assert done(rule("marc 901$a", "dates")).year == 1998


def test_a_year_that_is_known_stays_unless_the_dates_are_replaced() -> None:
    assert done(rule("marc 901$a", "dates"), dates=("2001",), year=2001).year == 2001
    replacing = rule("marc 901$a", "dates", replace=True)
    assert done(replacing, dates=("2001",), year=2001).year == 1998


def test_identifiers_are_checked() -> None:
    fields = [("x", "978-1"), ("x", "12")]
    mapping = FieldMapping(rules=(rule("x", "isbn"),))
    schemes = {"isbn": lambda value: value.replace("-", "") if value.startswith("978") else None}
    record = BibRecord(source="a", identifier="1", titles=("A",))

    found = mapped(record, fields, mapping, schemes)

    assert [(one.value, one.is_valid) for one in found.identifiers] == [
        ("9781", True),
        ("12", False),
    ]
    assert [problem.code for problem in found.problems] == ["BAD_IDENTIFIER"]


def test_identifiers_of_a_scheme_are_replaced() -> None:
    kept = RecordIdentifier(scheme="doi", value="10.5555/x")
    old = RecordIdentifier(scheme="isbn", value="1")

    found = done(rule("marc 901$a", "isbn", replace=True), identifiers=(kept, old)).identifiers

    assert [one.value for one in found] == ["10.5555/x", "1998"]


def test_what_a_rule_names_is_mapped_and_what_it_ignores_too() -> None:
    unmapped = ("marc 900$a", "marc 901$a", "marc 902$a")

    left = done(rule("marc 900$a", "ignore"), rule("marc 901$a", "titles"), unmapped=unmapped)

    assert left.unmapped == ("marc 902$a",)


def test_a_title_that_a_rule_finds_solves_its_problem() -> None:
    assert done(rule("marc 900$a", "titles"), titles=()).problems == ()


@pytest.mark.parametrize("to", ["titles", "volume", "isbn", "ignore"])
def test_targets_that_there_are_pass(to: str) -> None:
    check_target(to, ["isbn"])


@pytest.mark.parametrize(
    ("to", "said"),
    [("call_numer", "did you mean 'call_numbers'"), ("xyz", "there are: titles, creators")],
)
def test_an_unknown_target_is_refused(to: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        check_target(to, ["isbn"])
