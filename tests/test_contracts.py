"""Every import contract is seen to break: a check that cannot fail is not a check."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent

pytestmark = pytest.mark.slow


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    leave_out = shutil.ignore_patterns("__pycache__", "locale")
    shutil.copytree(REPOSITORY / "libconsortium", tmp_path / "libconsortium", ignore=leave_out)
    shutil.copytree(REPOSITORY / "tools", tmp_path / "tools", ignore=leave_out)
    shutil.copy(REPOSITORY / "pyproject.toml", tmp_path)
    return tmp_path


def checked(copy: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=copy,
        env={**os.environ, "PYTHONPATH": str(copy), "COLUMNS": "200", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def add(copy: Path, module: str, line: str) -> None:
    path = copy.joinpath("libconsortium", *module.split("."))
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    with file.open("a", encoding="utf-8") as opened:
        opened.write(f"\n{line}\n")


def test_the_package_as_it_is_keeps_every_contract(copy: Path) -> None:
    result = checked(copy)

    assert result.returncode == 0, result.stdout + result.stderr
    assert "0 broken" in result.stdout


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("core.money", "import requests", "core imports the standard library and attrs"),
        ("core.money", "import libconsortium.registry", "core imports the standard library"),
        ("core.money", "import libconsortium.registry", "each layer imports only from"),
        ("hookspecs", "import libconsortium.registry", "each layer imports only from"),
        ("registry", "import libconsortium.consortium", "each layer imports only from"),
        ("plugins.claims", "import libconsortium.core.money", "import the front door only"),
        ("plugins.claims", "from libconsortium import registry", "import the front door only"),
        ("cli", "import libconsortium.consortium", "import the front door only"),
        ("testing", "import libconsortium.core.money", "import the front door only"),
        ("plugins.claims", "import libconsortium.plugins.vietnam", "do not import each other"),
        ("core.money", "import django.db", "nothing here imports a web framework"),
        ("cli", "import flask", "nothing here imports a web framework"),
    ],
)
def test_an_offending_import_breaks_its_contract(
    copy: Path, module: str, line: str, contract: str
) -> None:
    add(copy, module, line)

    result = checked(copy)

    broken = [row for row in result.stdout.splitlines() if row.endswith("BROKEN")]
    assert result.returncode == 1, result.stdout + result.stderr
    assert any(contract in row for row in broken), result.stdout


def test_a_module_that_names_no_layer_breaks_the_layers(copy: Path) -> None:
    (copy / "libconsortium" / "newcomer.py").write_text("", encoding="utf-8")

    result = checked(copy)

    assert result.returncode == 1, result.stdout + result.stderr
    assert "newcomer" in result.stdout
