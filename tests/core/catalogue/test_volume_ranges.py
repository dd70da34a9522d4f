from __future__ import annotations

import pytest

from libconsortium import BibRecord, match_fields
from libconsortium.core.catalogue.volume_ranges import volumes_in, volumes_of


@pytest.mark.parametrize(
    ("title", "volumes"),
    [
        ("Giải tích. Tập 1-2", "1-2"),
        ("Giải tích. T.1-3", "1-3"),
        ("Giải tích. Tập I-II", "1-2"),
        ("Giải tích. Tập 1 - Tập 3", "1-3"),
        ("Giải tích. T.1-T.2", "1-2"),
        ("Giải tích. Quyển 1 & 2", "1-2"),
        ("Giải tích. Tập 1 và 2", "1-2"),
        ("Giải tích. Tập 1, 2", "1-2"),
        ("Giải tích. Tập 1, 2 và 3 : hàm", "1-3"),
        ("Giải tích. Tập 1, 3", "1,3"),
        ("Giải tích. Vol. 1/2", "1-2"),
        ("Gia\u0309i ti\u0301ch. T\u00e2\u0323p 1-2", "1-2"),
        ("Reviews, v. 1-44 inclusive", "1-44"),
        ("Giải tích trọn bộ 3 tập", "1-3"),
        ("Giải tích (bộ 2 quyển)", "1-2"),
        ("Giai tich (2 tap)", "1-2"),
        ("Calculus, 12 volume set", "1-12"),
        ("Giải tích (trọn bộ)", "all"),
        ("Calculus, complete set", "all"),
        ("Bộ luật hình sự", ""),
        ("Giải tích (1 tập)", ""),
        ("Giải tích. Tập 1", ""),
        ("Giải tích. Tập 2-1", ""),
        ("Giải tích. Tập 0-1", ""),
        ("Giải tích. Vol. 5/12", ""),
        ("Giải tích. Tập 1 - 2/2010", ""),
        ("Giải tích. Tập 2, 1975-1980", ""),
        ("Giải tích. Tập 1: 2 truyện", ""),
        ("Việt Nam 1-2 tuần", ""),
    ],
)
def test_several_volumes_are_named_in_many_ways(title: str, volumes: str) -> None:
    rest, found = volumes_in(title)

    assert found == volumes
    assert (rest == title) is (not volumes)


@pytest.mark.parametrize(
    ("statement", "volumes"),
    [("T. 1-2", "1-2"), ("Tập 3–4", "3-4"), ("1-3", "1-3"), ("Tập 2", ""), ("55, 2", "")],
)
def test_a_field_of_its_own_may_name_several(statement: str, volumes: str) -> None:
    assert volumes_of(statement) == volumes


def test_several_volumes_are_neither_the_first_nor_the_last_of_them() -> None:
    both, first, second = (
        match_fields(BibRecord(source="a", identifier=title, titles=(title,)))
        for title in ("Giải tích. Tập 1-2 : hàm", "Giải tích. Tập 1 : hàm", "Giải tích 2")
    )

    assert (both.title, both.main_title, both.volume) == ("giai tich ham", "giai tich", "1-2")
    assert {first.volume, second.volume} == {"1", ""}


def test_a_title_that_is_nothing_but_volumes_stays() -> None:
    fields = match_fields(BibRecord(source="a", identifier="1", titles=("Tập 1-2",)))

    assert fields.title
