"""What the tests of the command line share: a way to type a command, and a consortium to try."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import pytest

from libconsortium import Consortium
from libconsortium.cli.run import run

from .held import HELD, keep


@attrs.frozen
class Said:
    """What a command answered.

    Args:
        code: Its exit code.
        out: What it wrote on standard output.
        err: What it wrote on standard error.
    """

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:  # noqa: ANN401 - whatever the command says
        """Standard output as JSON."""
        return json.loads(self.out)


Type = Callable[..., Said]


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIBCONSORTIUM_LANG", "en")
    monkeypatch.setenv("COLUMNS", "200")


@pytest.fixture
def typed(capsys: pytest.CaptureFixture[str]) -> Type:
    """Type a command line; returns what it answered."""

    def type_in(*arguments: object) -> Said:
        capsys.readouterr()
        code = run([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return Said(code, out, err)

    return type_in


@pytest.fixture
def folder(typed: Type, tmp_path: Path) -> Path:
    """Return the folder of the invented consortium, its facts loaded and one bill to share."""
    consortium = tmp_path / "consortium"
    assert typed("init", consortium, "--preset", "demo").code == 0
    settings = consortium / "consortium.toml"
    settings.write_text(settings.read_text("utf-8") + BILL, "utf-8")
    (consortium / "policies" / "mixed.toml").write_text(POLICY, "utf-8")
    assert typed("-C", consortium, "load", consortium / "facts").code == 0
    return consortium


@pytest.fixture
def held(tmp_path: Path) -> Path:
    """Return the folder of an invented consortium with the records of three libraries."""
    sources = "".join(
        f'[[sources]]\nname = "{name}"\nmember = "lib-{name}"\nurl = "https://{name}.example"\n'
        for name in HELD
    )
    settings = f'[consortium]\nname = "Ví Dụ (hư cấu)"\nlanguage = "en"\n{sources}'
    (tmp_path / "consortium.toml").write_text(settings, "utf-8")
    with Consortium.open(tmp_path) as consortium:
        for source, books in HELD.items():
            keep(consortium.store, source, books)
    return tmp_path


@pytest.fixture
def built(held: Path, typed: Type) -> Path:
    """Return the same folder with its union catalogue built."""
    assert typed("-C", held, "cluster").code == 0
    return held


BILL = """
[[bills]]
subscription = "csdl-vi-du-2025"
year = 2025
policy = "policies/mixed.toml"
quote = "120000 USD"
exchange = { quoted = "USD", paid = "VND", rate = 25400, on = 2025-01-02, source = "invented" }
tax = { corporate_income = "10%", value_added = "5%", source = "invented" }
"""

POLICY = """
name = "20/50/30 after a sponsor's 40 %"
mix = [{ weight = 20, by = "equal" }, { weight = 50, by = "fte" }, { weight = 30, by = "usage" }]
drivers = { fte = {}, usage = {} }
sponsor = { pays = "40%" }
"""
