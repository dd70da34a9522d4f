from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from libconsortium import (
    FACT_KINDS,
    Fact,
    FactKind,
    Library,
    LibraryKind,
    Measure,
    Membership,
    Place,
    Problem,
    from_row,
    key_of,
    kind_of,
    to_row,
)
from tests.strategies import facts

KINDS = [pytest.param(kind, id=kind.name) for kind in FACT_KINDS.values()]
HERE = Place(source="members.csv", line=3)


def read(kind: str, row: dict[str, object]) -> Fact:
    fact = from_row(FACT_KINDS[kind], row, HERE)
    assert not isinstance(fact, tuple), [str(problem) for problem in fact]
    return fact


def problems(kind: str, row: dict[str, object]) -> tuple[Problem, ...]:
    found = from_row(FACT_KINDS[kind], row, HERE)
    assert isinstance(found, tuple)
    return found


@pytest.mark.parametrize("kind", KINDS)
@given(st.data())
def test_what_is_written_as_a_row_is_read_back(kind: FactKind, data: st.DataObject) -> None:
    fact = data.draw(facts(kind))

    assert read(kind.name, dict(to_row(fact))) == fact


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_key_of_its_own_fields(kind: FactKind) -> None:
    assert set(kind.key) <= set(kind.fields)
    assert attrs.has(kind.record)


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_row_names_every_required_column(kind: FactKind) -> None:
    found = problems(kind.name, {})

    assert {problem.where.field for problem in found} == set(kind.required)
    assert {problem.code for problem in found} == {"FACT_MISSING"}


def test_a_kind_is_found_by_its_record() -> None:
    assert kind_of(Library(id="a")).name == "libraries"


def test_a_fact_is_the_same_by_its_key_whatever_else_it_says() -> None:
    before = Membership(member="a", federation="st", source="2024")
    after = Membership(member="a", federation="st", source="2025")

    assert key_of(before) == key_of(after) == ("a", "st", "official", "")


def test_a_spreadsheets_values_are_read_as_the_texts_they_stand_for() -> None:
    library = read("libraries", {"id": 12.0, "opened": datetime(2020, 5, 1), "name": None})  # noqa: DTZ001 - as calamine gives it

    assert library == Library(id="12", opened=date(2020, 5, 1))


@pytest.mark.parametrize("value", [3.125, Decimal("3.125"), "3.1250"])
def test_a_number_with_three_decimals_is_no_thousands(value: object) -> None:
    measure = read("measures", {"library": "a", "name": "fte", "value": value})

    assert isinstance(measure, Measure)
    assert measure.value.exact == Fraction("3.125")


def test_text_is_kept_in_one_normal_form_without_blanks() -> None:
    decomposed = "Tha\u0301i Nguye\u0302n "

    assert read("libraries", {"id": "a", "region": decomposed}) == Library(
        id="a", region="Thái Nguyên"
    )


def test_a_choice_is_read_in_any_case_and_with_underscores() -> None:
    library = read("libraries", {"id": "a", "kind": "Higher_Education"})

    assert library == Library(id="a", kind=LibraryKind.HIGHER_EDUCATION)


def test_an_unknown_column_suggests_the_nearest() -> None:
    (problem,) = problems("libraries", {"id": "a", "nmae": "A"})

    assert str(problem) == (
        "members.csv:3: nmae: no column 'nmae' in libraries; did you mean 'name'?"
    )


def test_an_unknown_column_without_a_near_one_lists_those_there_are() -> None:
    (problem,) = problems("resources", {"id": "a", "xyz": "A"})

    assert str(problem).endswith(
        "no column 'xyz' in resources; there are: id, name, kind, vendor, source"
    )


def test_an_empty_unknown_column_is_no_problem() -> None:
    assert read("libraries", {"id": "a", "note": ""}) == Library(id="a")


@pytest.mark.parametrize(
    ("kind", "row", "said"),
    [
        ("libraries", {"id": "a", "kind": "publick"}, "'publick' is not one of: national, public"),
        ("libraries", {"id": "a", "opened": "1/7/2025"}, "is not a date; write it like 2025-07-01"),
        (
            "libraries",
            {"id": "a", "opened": datetime(2025, 7, 1, 12, 30)},  # noqa: DTZ001 - as calamine gives it
            "'2025-07-01 12:30:00' is not a date",
        ),
        ("terms", {"federation": "a", "label": "x", "first_year": "2O20"}, "not a whole number"),
        ("terms", {"federation": "a", "label": "x", "first_year": 2020.5}, "not a whole number"),
        ("measures", {"library": "a", "name": "fte", "value": "40.000"}, "two ways"),
        ("measures", {"library": "a", "name": "fte", "value": float("nan")}, "cannot read 'nan'"),
        ("measures", {"library": "a", "name": "fte", "value": True}, "cannot read 'true'"),
        ("offers", {"id": "a", "amount": "5 dollars"}, "cannot read '5 dollars' as money"),
        ("offers", {"id": "a", "amount": "5 ZZZ"}, "unknown currency 'ZZZ'"),
        ("offer_tiers", {"offer": "a", "above": "x", "price": "5 VND"}, "as an exact number"),
    ],
)
def test_a_value_that_cannot_be_read_is_named_with_its_place(
    kind: str, row: dict[str, object], said: str
) -> None:
    (problem,) = problems(kind, row)

    assert said in str(problem)
    assert problem.where.line == HERE.line
    assert problem.where.field


def test_every_problem_of_a_row_is_told_at_once() -> None:
    found = problems("memberships", {"mebmer": "a", "valid_to": "soon"})

    assert [problem.code for problem in found] == [
        "FACT_COLUMN",
        "FACT_MISSING",
        "FACT_MISSING",
        "FACT_VALUE",
    ]


def test_money_is_written_with_its_currency() -> None:
    offer = read("offers", {"id": "q", "amount": "120000 USD"})

    assert to_row(offer)["amount"] == "120000.00 USD"
