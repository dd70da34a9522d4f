from __future__ import annotations

import pytest

from libconsortium.core.catalogue.names import name_words, names_in


@pytest.mark.parametrize(
    "name",
    [
        "GS.TS. Trần Văn Bình",
        "Bình, Trần Văn, 1950-",
        "Trần Văn Bình (chủ biên)",
        "Trần Văn Bình dịch",
        "NGND.GS.TSKH. Trần Văn Bình",
        "Phó giáo sư, Tiến sĩ Trần Văn Bình",
        "Thạc sĩ Trần Văn Bình",
        "Chủ biên: Trần Văn Bình",
        "Sưu tầm, biên soạn: Trần Văn Bình",
        "Tác giả: Trần Văn Bình",
        "Trần Văn Bình và cs.",
        "Trần Văn Bình và những người khác",
    ],
)
def test_a_name_is_its_words_whoever_writes_it(name: str) -> None:
    assert name_words(name) == name_words("Trần Văn Bình")


def test_a_rank_alone_is_kept_as_a_name() -> None:
    assert name_words("TS") == "ts"


@pytest.mark.parametrize("nobody", ["", "(dịch)", "et al.", "1950-"])
def test_a_role_alone_is_no_name(nobody: str) -> None:
    assert name_words(nobody) == ""


def test_what_stands_before_a_colon_is_kept_if_it_is_no_role() -> None:
    assert name_words("Viện Văn học: Phòng Ví Dụ") != name_words("Phòng Ví Dụ")


def test_semicolons_part_names() -> None:
    assert names_in("Trần Văn Bình; Lê An;") == ("Trần Văn Bình", "Lê An")
    assert names_in("Bình, Trần Văn") == ("Bình, Trần Văn",)
