from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from libconsortium.core.search.tokens import (
    facet_token,
    loose_facet_token,
    token,
    tokens_of,
    typed_tokens,
    whole_tokens,
)
from libconsortium.core.text import fold

_WORDS = st.text(min_size=1).map(lambda text: fold(text).partition(" ")[0]).filter(bool)


@given(one=_WORDS, other=_WORDS)
@example(one="zq61", other="a")
@example(one="zqx", other="zqall")
def test_different_words_have_different_tokens_of_plain_letters(one: str, other: str) -> None:
    assert token(one).isascii()
    assert token(one).isalnum()
    assert token(one) == token(one).lower()
    assert (token(one) == token(other)) == (one == other)


def test_a_very_long_word_has_a_token_of_its_own() -> None:
    assert token("a" * 500) != token("a" * 501)
    assert len(token("a" * 500)) < 40


def test_a_word_that_comes_all_the_time_is_kept_250_times() -> None:
    assert tokens_of(["truyện " * 300]).count("truien") == 250


def test_a_very_long_text_is_cut() -> None:
    assert len(tokens_of([" ".join(map(str, range(10_000)))])) == 4_000


def test_texts_without_words_leave_no_mark() -> None:
    assert tokens_of(["", "—", "a"]) == ("a",)


def test_only_words_with_diacritics_are_typed_tokens() -> None:
    assert typed_tokens(["Kiều va Kiều"]) == typed_tokens(["kiều"])


def test_a_title_without_words_is_no_whole_title() -> None:
    assert whole_tokens(["—"]) == ()


def test_facets_are_exact_or_loose() -> None:
    assert facet_token("place", "Hải Dương") != facet_token("place", "hai-duong")
    assert loose_facet_token("place", "Hải Dương") == loose_facet_token("place", "hai-duong")
    assert loose_facet_token("place", "Huế") != loose_facet_token("member", "Huế")
