from __future__ import annotations

import pytest

from libconsortium.core.catalogue.reasons import _SENTENCES, reason, reason_said


@pytest.mark.parametrize("code", sorted(_SENTENCES))
def test_every_code_has_a_sentence(code: str) -> None:
    said = {str(reason_said(reason(code, *values))) for values in ((), ("1", "2"))}

    plain = {code, f"{code} 1 2"}
    assert any("\t" not in text and text not in plain for text in said)


def test_what_a_plugin_says_in_words_is_shown_as_it_is() -> None:
    assert str(reason_said("cover is green")) == "cover is green"


def test_values_too_many_are_shown_all_the_same() -> None:
    assert str(reason_said(reason("title-equal", "x"))) == "title-equal x"


def test_a_sentence_can_be_said_in_another_language() -> None:
    vietnamese = {"year {one} = {two}": "năm {one} = {two}"}.get

    assert reason_said(reason("year-equal", 1, 1)).translated(vietnamese) == "năm 1 = 1"
