import ast
import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import libconsortium

FRONT_DOOR = Path(libconsortium.__file__)
HEAVY = "requests lxml sickle sqlalchemy alembic duckdb pyarrow rapidfuzz xlsxwriter babel"


def names_for_type_checkers() -> dict[str, str]:
    """Return the names imported for type checkers only, with the module each comes from."""
    tree = ast.parse(FRONT_DOOR.read_text(encoding="utf-8"))
    (guarded,) = (node for node in tree.body if isinstance(node, ast.If))
    assert ast.unparse(guarded.test) == "TYPE_CHECKING"
    imports = [node for node in guarded.body if isinstance(node, ast.ImportFrom)]
    assert len(imports) == len(guarded.body)
    return {
        alias.asname or alias.name: str(node.module).removeprefix("libconsortium.")
        for node in imports
        for alias in node.names
    }


def loaded_by(program: str) -> set[str]:
    """Return which heavy packages a program loads in a fresh interpreter."""
    report = f"\nimport sys; print('loaded', *(set({HEAVY!r}.split()) & set(sys.modules)))"
    run = subprocess.run(
        [sys.executable, "-c", program + report], check=True, capture_output=True, text=True
    )
    return set(run.stdout.splitlines()[-1].split()) - {"loaded"}


def test_type_checkers_and_the_program_find_the_same_names_in_the_same_modules() -> None:
    assert names_for_type_checkers() == libconsortium._HOME_OF


def test_no_name_is_given_twice() -> None:
    names = [name for listed in libconsortium._HOMES.values() for name in listed.split()]

    assert len(names) == len(set(names))


@pytest.mark.parametrize("name", libconsortium.__all__)
def test_every_public_name_can_be_had(name: str) -> None:
    assert getattr(libconsortium, name) is not None


def test_every_public_function_shows_how_it_is_used() -> None:
    given = {name: getattr(libconsortium, name) for name in libconsortium.__all__}
    routines = {name: inspect.unwrap(one) for name, one in given.items() if callable(one)}
    silent = {
        name
        for name, one in routines.items()
        if inspect.isroutine(one) and ">>> " not in (one.__doc__ or "")
    }

    assert silent == {"start_worker", "worker_pipes"}  # they make and are another process


def test_a_name_that_does_not_exist_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'libconsortium' has no attribute 'nothing'"):
        _ = libconsortium.nothing


def test_the_public_names_are_listed_with_the_version() -> None:
    assert {"Money", "Registry", "__version__"} <= set(dir(libconsortium))


def test_importing_the_package_loads_nothing_heavy() -> None:
    assert loaded_by("import libconsortium") == set()


def test_the_core_loads_nothing_heavy() -> None:
    assert loaded_by("from libconsortium import Directory, Money, Registry, from_row") == set()


def test_help_loads_nothing_heavy() -> None:
    program = "from libconsortium.cli import main\ntry: main(['--help'])\nexcept SystemExit: pass"

    assert loaded_by(program) == set()


def test_a_name_may_bear_the_name_of_no_module_beside_it() -> None:
    # Loading a submodule binds its name in the package and would hide the public name.
    modules = {path.stem for path in FRONT_DOOR.parent.iterdir()}

    assert modules.isdisjoint(libconsortium.__all__)
