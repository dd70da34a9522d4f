from libconsortium import (
    Directory,
    Identifier,
    IdentifierScheme,
    Message,
    Problem,
    Severity,
    identifier_problems,
)

SCHEMES = [
    IdentifierScheme(name="upper", normalise=lambda text: text.upper() if text.isalpha() else None),
    IdentifierScheme(
        name="person",
        normalise=str,
        refuses=lambda text: Message("do not store") if text.isdigit() else None,
    ),
]


def checked(scheme: str, value: str) -> list[Problem]:
    identifier = Identifier(owner="lib-a", scheme=scheme, value=value)
    return list(identifier_problems(Directory.of([identifier]), SCHEMES))


def test_a_valid_value_in_its_normal_form_is_no_problem() -> None:
    assert checked("upper", "ABC") == []
    assert checked("person", "abc") == []


def test_a_value_that_is_not_valid_is_named() -> None:
    (problem,) = checked("upper", "A1")

    assert problem.code == "IDENTIFIER_INVALID"
    assert str(problem) == "identifiers: lib-a upper: 'A1' is not valid"


def test_a_valid_value_in_another_form_is_told() -> None:
    (problem,) = checked("upper", "abc")

    assert problem.code == "IDENTIFIER_FORM"
    assert problem.severity is Severity.INFO
    assert "'abc' is written 'ABC'" in str(problem)


def test_a_refused_value_is_an_error_of_its_own_and_is_never_repeated() -> None:
    (problem,) = checked("person", "001099000001")

    assert problem.code == "IDENTIFIER_REFUSED"
    assert problem.severity is Severity.ERROR
    assert "001099000001" not in repr(problem)


def test_an_unknown_scheme_suggests_the_nearest() -> None:
    (problem,) = checked("uper", "ABC")

    assert str(problem).endswith("no identifier scheme called 'uper'; did you mean 'upper'?")


def test_an_unknown_scheme_without_a_near_one_is_named() -> None:
    (problem,) = checked("xyz", "ABC")

    assert str(problem).endswith("no identifier scheme called 'xyz'")
