from __future__ import annotations

import pytest

from libconsortium.core.catalogue.languages import language_of
from libconsortium.core.catalogue.matching import match_fields
from libconsortium.core.catalogue.records import BibRecord


@pytest.mark.parametrize("written", ["vi", "vie", "Vietnamese", "Tiếng Việt", "tieng viet"])
def test_vietnamese_however_written(written: str) -> None:
    assert language_of(written) == "vi"


@pytest.mark.parametrize(
    ("written", "language"),
    [(("vie",), "vi"), (("vie", "Tiếng Việt"), "vi"), (("vie", "eng"), ""), ((), ""), (("?",), "")],
)
def test_a_record_in_several_languages_has_none_to_compare(
    written: tuple[str, ...], language: str
) -> None:
    record = BibRecord(source="a", identifier="1", titles=("x",), languages=written)

    assert match_fields(record).language == language
