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
    with (copy / "libconsortium" / module).open("a", encoding="utf-8") as file:
        file.write(f"\n{line}\n")


def test_the_package_as_it_is_keeps_every_contract(copy: Path) -> None:
    result = checked(copy)

    assert result.returncode == 0, result.stdout + result.stderr
    assert "0 broken" in result.stdout


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("core/money.py", "import requests", "core imports the standard library and attrs"),
        ("core/money.py", "import libconsortium.registry", "core imports the standard library"),
        ("core/money.py", "import libconsortium.registry", "each layer imports only from"),
        ("hookspecs.py", "import libconsortium.registry", "each layer imports only from"),
        ("registry.py", "import libconsortium.consortium", "each layer imports only from"),
        ("plugins/claims.py", "import libconsortium.core.money", "import the front door only"),
        ("plugins/claims.py", "import libconsortium.registry", "import the front door only"),
        ("cli/__init__.py", "import libconsortium.consortium", "import the front door only"),
        ("plugins/claims.py", "import libconsortium.plugins.vietnam", "do not import each other"),
        ("core/money.py", "import django.db", "nothing here imports a web framework"),
        ("cli/__init__.py", "import flask", "nothing here imports a web framework"),
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
