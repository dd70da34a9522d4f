"""A TOML file is read exactly, and every value keeps its line."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from libconsortium import SettingsError, field_path, read_toml

TEXT = """\
# a comment
name = "Equal"
source = \"\"\"
two
lines\"\"\"
members = [
  { id = "a", fte = 3 },
  { id = "b", fte = 4.5 },
]

[[mix]]
weight = 20

[[mix]]

weight = 80
[limits.rise]
most = "15%"
[rounding]
unit = 1
[limits.fall]
most = "5%"
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "policy.toml"
    path.write_text(TEXT, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("steps", "line"),
    [
        ((), 1),
        (("name",), 2),
        (("source",), 3),
        (("members", 0, "fte"), 7),
        (("members", 1, "fte"), 8),
        (("mix", 0), 11),
        (("mix", 0, "weight"), 12),
        (("mix", 1), 14),
        (("mix", 1, "weight"), 16),
        (("limits", "rise", "most"), 18),
        (("limits", "fall", "most"), 22),
        (("rounding", "unit"), 20),
    ],
)
def test_a_value_stands_on_its_line(file: Path, steps: tuple[str | int, ...], line: int) -> None:
    _, line_of = read_toml(file)

    assert line_of(steps) == line


def test_what_is_missing_is_looked_for_where_it_would_stand(file: Path) -> None:
    _, line_of = read_toml(file)

    assert line_of(("mix", 1, "by")) == 14
    assert line_of(("sponsor", "pays")) == 1


def test_numbers_with_a_decimal_point_stay_exact(file: Path) -> None:
    data, _ = read_toml(file)

    assert data["members"][1]["fte"] == Decimal("4.5")
    assert isinstance(data["members"][1]["fte"], Decimal)


def test_windows_line_ends_and_a_byte_order_mark_are_read(file: Path) -> None:
    file.write_bytes(b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode())

    data, line_of = read_toml(file)

    assert data["name"] == "Equal"
    assert line_of(("mix", 1, "weight")) == 16


def test_a_mistake_in_the_syntax_is_placed(file: Path) -> None:
    file.write_text('name = "x"\nmix = [1,, 2]\n', encoding="utf-8")

    with pytest.raises(SettingsError, match=r"policy\.toml:2:\d+: not TOML"):
        read_toml(file)


def test_a_mistake_at_the_end_of_the_file_is_named_without_a_line(file: Path) -> None:
    file.write_text("mix = [1, 2", encoding="utf-8")

    with pytest.raises(SettingsError, match=r"policy\.toml: not TOML"):
        read_toml(file)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"cannot read .*none\.toml: No such file"):
        read_toml(tmp_path / "none.toml")


def test_a_file_in_another_encoding_is_refused_with_advice(file: Path) -> None:
    file.write_bytes("name = 'Thư viện'".encode("utf-16"))

    with pytest.raises(SettingsError, match="save the file as UTF-8"):
        read_toml(file)


def test_lines_are_left_out_when_tomlkit_changes_inside(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr("tomlkit.parser.Parser._parse_key_value")

    data, line_of = read_toml(file)

    assert data["name"] == "Equal"
    assert line_of(("mix", 1, "weight")) in {0, 1}


def test_a_path_is_written_as_people_read_it() -> None:
    assert field_path(("mix", 0, "by")) == "mix[0].by"
