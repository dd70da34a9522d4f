from __future__ import annotations

import pytest

from libconsortium.core.catalogue.names import name_words


@pytest.mark.parametrize(
    "name",
    [
        "GS.TS. Trần Văn Bình",
        "Bình, Trần Văn, 1950-",
        "Trần Văn Bình (chủ biên)",
        "Trần Văn Bình dịch",
    ],
)
def test_a_name_is_its_words_whoever_writes_it(name: str) -> None:
    assert name_words(name) == name_words("Trần Văn Bình")


def test_a_rank_alone_is_kept_as_a_name() -> None:
    assert name_words("TS") == "ts"


@pytest.mark.parametrize("nobody", ["", "(dịch)", "et al.", "1950-"])
def test_a_role_alone_is_no_name(nobody: str) -> None:
    assert name_words(nobody) == ""
