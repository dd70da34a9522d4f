import pytest

from libconsortium import Message, Place, Problem, Severity


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (Place(), ""),
        (Place(source="a.csv"), "a.csv"),
        (Place(source="a.csv", line=3), "a.csv:3"),
        (Place(source="a.csv", line=3, column=7, field="fte"), "a.csv:3:7: fte"),
        (Place(source="tlu", record="oai:tlu:1", field="date"), "tlu: oai:tlu:1: date"),
    ],
)
def test_a_place_is_written_without_its_empty_parts(place: Place, said: str) -> None:
    assert str(place) == said


def test_a_problem_says_place_fact_and_advice() -> None:
    problem = Problem(
        code="BAD_YEAR",
        where=Place(source="tlu"),
        what=Message("year {year} lies in the future", year=3025),
        advice=Message("correct it"),
    )

    assert str(problem) == "tlu: year 3025 lies in the future; correct it"


def test_a_problem_without_advice_ends_with_the_fact() -> None:
    assert str(Problem(code="X", where=Place(source="a"), what=Message("empty"))) == "a: empty"


def test_a_problem_is_a_warning_unless_somebody_says_otherwise() -> None:
    problem = Problem(code="X", where=Place(), what=Message("empty"))

    assert problem.severity is Severity.WARNING
