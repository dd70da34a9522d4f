from __future__ import annotations

from pathlib import Path

import pytest

from libconsortium import FieldRule, Registry, SettingsError, read_mapping

REGISTRY = Registry()


def written(folder: Path, text: str) -> Path:
    file = folder / "libol.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_every_rule_is_read_in_order(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        '[[map]]\nfrom = "marc 900$a"\nto = "call_numbers"\nsplit = ";"\n'
        '[[map]]\nfrom = "marc 901$a"\nto = "isbn"\nreplace = true\n',
    )

    assert read_mapping(file, REGISTRY).rules == (
        FieldRule(source_field="marc 900$a", to="call_numbers", split=";"),
        FieldRule(source_field="marc 901$a", to="isbn", replace=True),
    )


def test_an_empty_table_maps_nothing(tmp_path: Path) -> None:
    assert read_mapping(written(tmp_path, ""), REGISTRY).rules == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[map]]\nfrom = "x"\nto = "call_number"', ":3: map[0].to: no field called"),
        ('[[map]]\nfrom = "x"\nto = "call_number"', "did you mean 'call_numbers'"),
        ('[[map]]\nfrom = "x"', ":1: map[0].to: missing"),
        ('[[map]]\nto = "titles"', "map[0].from: missing"),
        ('[[map]]\nfrom = 1\nto = "titles"', ":2: map[0].from: expected a text in quotes, got 1"),
        (
            '[[map]]\nfrom = "x"\nto = "titles"\nreplace = "yes"',
            ":4: map[0].replace: expected true",
        ),
        ('[[map]]\nfrom = "x"\nto = "titles"\nsplitt = ";"', "did you mean 'split'?"),
        ('[[map]]\nfrom = "x"\nto = "titles"\nzzz = ";"', "there are: from, to, split, replace"),
        ('[[maps]]\nfrom = "x"', ":1: maps: unknown key; did you mean 'map'?"),
        ("map = 1", ":1: map: expected tables [[map]]"),
        ("map = [", "libol.toml:"),
    ],
)
def test_what_is_wrong_is_named_with_file_and_line(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SettingsError) as caught:
        read_mapping(written(tmp_path, text), REGISTRY)

    assert said in str(caught.value)


def test_a_table_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot read"):
        read_mapping(tmp_path / "none.toml", REGISTRY)
