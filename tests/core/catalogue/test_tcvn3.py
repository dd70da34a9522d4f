from __future__ import annotations

import pytest

from libconsortium.core.catalogue.matching import match_fields
from libconsortium.core.catalogue.records import BibRecord
from libconsortium.core.catalogue.tcvn3 import legible

_DAMAGED = "§¹i häc Quèc gia: ph­¬ng ph¸p gi¶i tÝch"  # noqa: RUF001 - TCVN3 looks so


def test_a_text_in_tcvn3_becomes_legible() -> None:
    assert legible(_DAMAGED) == "Đại học Quốc gia: phương pháp giải tích"


@pytest.mark.parametrize(
    "text",
    [
        "Giải tích hàm", "Hoà Bình 1973", "L'été à la plage", "¿Qué? ¡Olé!", "Müller & Söhne",
        "5 µm, 20°, ½ l", "«Émile» ou l'éducation", "©2019 ABC", "paral·lel", "2ª edición",
        "Straße×Weg", "",
    ],
)  # fmt: skip
def test_a_sound_text_stays(text: str) -> None:
    assert legible(text) == text


def test_a_damaged_record_is_compared_by_what_it_means_and_stays_as_it_is() -> None:
    record = BibRecord(source="a", identifier="1", titles=(_DAMAGED,), creators=("NguyÔn B×nh",))

    fields = match_fields(record)

    assert fields.title == "dai hoc quoc gia phuong phap giai tich"
    assert fields.creators == ("binh nguien",)
    assert record.title == _DAMAGED
