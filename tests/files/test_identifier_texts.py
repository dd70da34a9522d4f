"""Identifiers as they stand in records."""

from __future__ import annotations

import pytest

from libconsortium import identifiers_in, standard_identifier


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("https://doi.org/10.1000/ABC", "10.1000/abc"),
        ("http://dx.doi.org/10.1000/abc.", "10.1000/abc"),
        ("doi:10.1000/abc", "10.1000/abc"),
        ("DOI 10.1000/abc", "10.1000/abc"),
        ("https://doi.org/10.1000/a%3C1%3E", "10.1000/a<1>"),
        ("https://journal.example/10.1000/abc?download=1#page", "10.1000/abc"),
        ("doi:10.1000/a?b", "10.1000/a?b"),
    ],
)
def test_a_doi_is_found_in_any_writing(text: str, found: str) -> None:
    assert [(one.scheme, one.value) for one in identifiers_in(text)] == [("doi", found)]


@pytest.mark.parametrize(
    "text",
    [
        "0-306-40615-2",
        "978-0-306-40615-7 (bìa mềm) : 50.000đ",
        "ISBN: 9780306406157 (tập 1)",
        "ISBN-13 978 0 306 40615 7",
        "urn:isbn:9780306406157",
        "978–0–306–40615–7",
    ],
)
def test_an_isbn_is_read_with_its_name_and_its_qualifiers(text: str) -> None:
    found = standard_identifier("isbn", text)

    assert (found.value, found.is_valid) == ("9780306406157", True)


@pytest.mark.parametrize("text", ["1", "200", "604100000X", "9780306406158", "ISBN", ""])
def test_what_is_no_isbn_is_kept_as_written(text: str) -> None:
    found = standard_identifier("isbn", text)

    assert (found.value, found.is_valid) == (text, False)


@pytest.mark.parametrize(
    "text", ["0317-8471", "ISSN 0317 8471", "e-ISSN: 03178471", "03178471 (in)"]
)
def test_an_issn_is_read_in_any_writing(text: str) -> None:
    assert standard_identifier("issn", text).value == "03178471"


def test_the_prefix_that_nobody_has_set_makes_no_handle() -> None:
    assert list(identifiers_in("https://repo.example/handle/123456789/44")) == []
    assert [one.value for one in identifiers_in("hdl:20.500.1/5")] == ["20.500.1/5"]
