from datetime import date

import pytest

from libconsortium import (
    Directory,
    Fact,
    Federation,
    Library,
    Measure,
    Membership,
    Office,
    Participation,
    Problem,
    Quantity,
    Severity,
    Subscription,
    Succession,
    Term,
    findings,
)


def found(*facts: Fact) -> list[Problem]:
    return list(findings(Directory.of(facts)))


def codes(*facts: Fact) -> list[str]:
    return [problem.code for problem in found(*facts)]


def terms(*years: tuple[int, int]) -> list[Term]:
    return [
        Term(federation="f", label=f"{first}-{last}", first_year=first, last_year=last)
        for first, last in years
    ]


F = Federation(id="f")


def test_a_directory_that_fits_together_has_no_findings() -> None:
    assert (
        codes(
            F,
            Library(id="a"),
            Membership(member="a", federation="f"),
            Office(federation="f", office="chair", holder="a"),
            Subscription(id="db"),
            Participation(subscription="db", member="f"),
        )
        == []
    )


def test_an_unknown_id_suggests_the_nearest() -> None:
    (problem,) = found(F, Library(id="lao-cai"), Membership(member="lao-cia", federation="f"))

    assert problem.code == "UNKNOWN_REFERENCE"
    assert str(problem) == (
        "memberships: lao-cia f official: member: nothing has the id 'lao-cia';"
        " did you mean 'lao-cai'?"
    )


def test_an_unknown_id_without_a_near_one_asks_for_it() -> None:
    measure = Measure(library="a", name="fte", value=Quantity.of(1))

    assert str(found(measure)[0]).endswith("'a'; add it, or take this row out")


def test_a_federation_cannot_stand_where_a_library_is_meant() -> None:
    assert codes(F, Measure(library="f", name="fte", value=Quantity.of(1))) == ["UNKNOWN_REFERENCE"]


def test_a_closing_without_successor_refers_to_nothing() -> None:
    assert codes(Library(id="a"), Succession(predecessor="a", on=date(2025, 7, 1))) == []


def test_an_id_of_a_library_and_a_federation_is_found() -> None:
    (problem,) = found(Library(id="f"), F)

    assert problem.code == "ID_TWICE"


def test_two_facts_with_one_key_are_found() -> None:
    (problem,) = found(Library(id="a", name="A"), Library(id="a", name="B"))

    assert problem.code == "FACT_TWICE"
    assert problem.where.record == "a"


@pytest.mark.parametrize(
    "fact",
    [
        Library(id="a", opened=date(2020, 1, 2), closed=date(2020, 1, 1)),
        Term(federation="f", label="x", first_year=2020, last_year=2019),
        Subscription(id="db", valid_from=date(2020, 1, 2), valid_to=date(2020, 1, 1)),
    ],
)
def test_a_period_that_ends_before_it_begins_is_found(fact: Fact) -> None:
    assert codes(F, fact) == ["PERIOD_REVERSED"]


def test_terms_that_follow_each_other_are_in_order() -> None:
    assert codes(F, *terms((2018, 2019), (2020, 2022))) == []


def test_terms_that_share_a_year_touch() -> None:
    problems = found(F, *terms((2015, 2018), (2018, 2021), (2022, 2024)))

    assert [(problem.code, problem.severity) for problem in problems] == [
        ("TERM_TOUCH", Severity.INFO)
    ]
    assert "share the year 2018" in str(problems[0])


def test_terms_that_share_more_than_a_year_overlap() -> None:
    assert codes(F, *terms((2015, 2018), (2017, 2021))) == ["TERM_OVERLAP"]


def test_years_without_a_term_are_a_gap() -> None:
    (problem,) = found(F, *terms((2015, 2018), (2021, 2022)))

    assert problem.code == "TERM_GAP"
    assert "2 years lie between" in str(problem)


def test_terms_of_two_federations_have_nothing_to_do_with_each_other() -> None:
    other = Term(federation="g", label="2015-2018", first_year=2015, last_year=2018)

    assert codes(F, Federation(id="g"), other, *terms((2015, 2018))) == []


def test_a_label_that_names_other_years_is_found() -> None:
    term = Term(federation="f", label="nhiệm kỳ 2018 - 2019", first_year=2019, last_year=2020)

    assert codes(F, term) == ["TERM_MISMATCH"]


@pytest.mark.parametrize("label", ["nhiệm kỳ II", "2019-2020"])
def test_a_label_without_years_or_with_the_right_ones_is_no_finding(label: str) -> None:
    assert codes(F, Term(federation="f", label=label, first_year=2019, last_year=2020)) == []


def test_a_term_without_years_is_not_compared() -> None:
    assert codes(F, Term(federation="f", label="2018-2019")) == []


def test_a_cycle_is_found_once_with_its_path() -> None:
    (problem,) = found(
        Federation(id="A", opened=date(2006, 1, 1)),
        Federation(id="B"),
        Membership(member="B", federation="A"),
        Membership(member="A", federation="B"),
    )

    assert problem.code == "FEDERATION_CYCLE"
    assert "A ⊃ B ⊃ A" in str(problem) or "B ⊃ A ⊃ B" in str(problem)


def test_federations_inside_federations_are_no_cycle() -> None:
    nested = [Membership(member="B", federation="A"), Membership(member="C", federation="B")]

    assert codes(*(Federation(id=each) for each in "ABC"), *nested) == []


def test_belonging_after_closing_is_found() -> None:
    closed = Library(id="a", closed=date(2025, 6, 30))
    choice = Participation(subscription="db", member="a", valid_to=date(2025, 12, 31))

    assert codes(
        F, closed, Membership(member="a", federation="f"), Subscription(id="db"), choice
    ) == ["BELONGS_AFTER_CLOSING", "BELONGS_AFTER_CLOSING"]


def test_belonging_until_closing_is_in_order() -> None:
    day = date(2025, 6, 30)

    assert (
        codes(F, Library(id="a", closed=day), Membership(member="a", federation="f", valid_to=day))
        == []
    )
