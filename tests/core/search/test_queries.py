from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libconsortium import QueryTerm, SearchQuery, parse_query

_SCHEMES = {
    "isbn": lambda text: (
        "9786041000001" if text.replace("-", "").replace(" ", "") == "1234" else None
    ),
    "doi": lambda text: text.lower() if text.startswith("10.") else None,
}


def _only(text: str) -> QueryTerm:
    (term,) = parse_query(text, _SCHEMES).terms
    return term


def _notes(query: SearchQuery) -> list[str]:
    return [str(note) for note in query.notes]


def test_words_are_terms_of_their_own_and_phrases_are_one() -> None:
    terms = parse_query('một "hai ba" bốn').terms

    assert [len(term.words) for term in terms] == [1, 2, 1]


def test_words_that_hang_together_are_a_phrase() -> None:
    assert _only("thủy-lợi").words == parse_query('"thủy lợi"').terms[0].words


def test_typographic_quotes_are_quotes() -> None:
    assert len(_only("“Truyện Kiều”").words) == 2
    assert len(_only("«Truyện Kiều»").words) == 2


def test_a_field_narrows_a_word_or_a_phrase() -> None:
    assert _only('author:"nguyễn du"').field == "author"
    assert _only("tác-giả:du").field == "author"
    assert _only("NhanĐề:kiều").field == "title"


def test_a_field_that_there_is_not_is_a_word_and_noted() -> None:
    query = parse_query("abstract:đê")

    assert query.terms[0].field == ""
    assert len(query.terms[0].words) == 2
    assert "no field 'abstract'" in _notes(query)[0]


def test_an_address_is_no_field() -> None:
    schemes = {"doi": lambda text: "10.1/x" if "doi.org" in text else None}
    query = parse_query("https://doi.org/10.1/x", schemes)

    assert query.notes == ()
    assert query.terms[0].identifiers == (("doi", "10.1/x"),)


def test_a_minus_excludes_and_a_dash_alone_is_nothing() -> None:
    assert _only("-title:kiều").is_excluded
    assert _only('-"hai ba"').is_excluded
    assert parse_query("- -- – *").terms == ()


def test_a_quote_that_is_not_closed_is_noted() -> None:
    query = parse_query('title:"hai ba')

    assert len(query.terms[0].words) == 2
    assert "not closed" in _notes(query)[0]


@pytest.mark.parametrize("text", ["*", "😀 ()", '""', "/"])
def test_what_holds_no_word_is_noted(text: str) -> None:
    query = parse_query(text)

    assert query.terms == ()
    assert "holds no word; everything is listed" in _notes(query)[0]


@pytest.mark.parametrize("text", ["", "  ", "year:2019", "-kiều"])
def test_asking_for_everything_is_not_noted(text: str) -> None:
    assert parse_query(text).notes == ()


def test_an_identifier_is_found_in_any_writing() -> None:
    assert _only("12-34").identifiers == (("isbn", "9786041000001"),)
    assert _only("12 34").identifiers == (("isbn", "9786041000001"),)
    assert _only("isbn:12-34").identifiers == (("isbn", "9786041000001"),)
    assert _only("id:10.1/A").identifiers == (("doi", "10.1/a"),)


def test_an_identifier_that_is_not_valid_is_looked_for_as_written() -> None:
    assert _only("isbn:6-04x").identifiers == (("isbn", "604x"),)
    assert _only("id:6-04x").identifiers == (("", "604x"),)


def test_years_are_bounds() -> None:
    def bounds(text: str) -> tuple[int | None, int | None]:
        query = parse_query(text)
        assert query.terms == ()
        return query.first_year, query.last_year

    assert bounds("year:2019") == (2019, 2019)
    assert bounds("năm:2019..2021") == (2019, 2021)
    assert bounds("year:2021..2019") == (2019, 2021)
    assert bounds("year:..1975") == (None, 1975)
    assert bounds("year:1975..") == (1975, None)
    assert bounds("year:1975.. year:1970..1990 year:..2000") == (1975, 1990)


def test_what_is_no_year_is_noted() -> None:
    for text in ("year:abc", "year:..", "-year:2019", "year:20199"):
        query = parse_query(text)
        assert "is no year" in _notes(query)[0]
        assert (query.first_year, query.last_year, query.terms) == (None, None, ())


def test_a_query_without_end_is_cut_and_noted() -> None:
    query = parse_query(" ".join(map(str, range(500))))

    assert len(query.terms) == 50
    assert "only the first 50" in _notes(query)[0]
    assert len(_only('"' + "a " * 500 + '"').words) == 50


@given(st.text())
def test_nothing_that_is_typed_is_an_error(text: str) -> None:
    query = parse_query(text, _SCHEMES)

    assert query.text == text
    assert all(term.words or term.identifiers for term in query.terms)
