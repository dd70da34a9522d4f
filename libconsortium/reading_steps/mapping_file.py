"""Reads mapping tables: TOML files in which operators say where a source's fields belong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from libconsortium.contributions import IdentifierScheme
from libconsortium.core.catalogue.mappings import FieldMapping, FieldRule, check_target
from libconsortium.core.errors import SettingsError
from libconsortium.core.messages import Message
from libconsortium.files.toml_file import read_toml
from libconsortium.files.toml_records import Fault, error_of, problems_of, unknown_key
from libconsortium.registry import Registry

_KEYS: dict[str, type] = {"from": str, "to": str, "split": str, "replace": bool}
_NEEDED = ("from", "to")


def read_mapping(path: str | Path, registry: Registry) -> FieldMapping:
    r"""Read a mapping table.

    Args:
        path: A TOML file with one ``[[map]]`` a rule: ``from``, ``to``, and if needed ``split``
            and ``replace``.
        registry: Knows the identifier schemes that ``to`` may name.

    Raises:
        SettingsError: The file is no TOML or something in it is wrong; the message names file,
            line and field of everything that is.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder) / "libol.toml"
    ...     _ = file.write_text('[[map]]\nfrom = "marc 900$a"\nto = "call_numbers"\n')
    ...     read_mapping(file, Registry(installed=())).rules[0].to
    'call_numbers'
    """
    data, line_of = read_toml(path)
    schemes = tuple(registry.all(IdentifierScheme))
    faults = list(_faults(data, schemes))
    if faults:
        raise error_of(problems_of(faults, str(path), line_of))
    rules = tuple(
        FieldRule(
            source_field=row["from"],
            to=row["to"],
            split=row.get("split", ""),
            replace=row.get("replace", False),
        )
        for row in data.get("map", ())
    )
    return FieldMapping(name=Path(path).name, rules=rules)


def _faults(data: Mapping[str, Any], schemes: Iterable[str]) -> Iterator[Fault]:  # Any: TOML
    for key in data:
        if key != "map":
            yield (key,), unknown_key(key, ["map"])
    rows = data.get("map", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        yield ("map",), Message("expected tables [[map]]")
        return
    for number, row in enumerate(rows):
        for key, what in _row_faults(row, schemes):
            yield ("map", number, key), what


def _row_faults(row: Mapping[str, object], schemes: Iterable[str]) -> Iterator[tuple[str, Message]]:
    for key in _NEEDED:
        if key not in row:
            yield key, Message("missing")
    for key, value in row.items():
        if key not in _KEYS:
            yield key, unknown_key(key, tuple(_KEYS))
        elif not isinstance(value, _KEYS[key]):
            expected = (
                Message("a text in quotes") if _KEYS[key] is str else Message("true or false")
            )
            yield key, Message("expected {expected}, got {given!r}", expected=expected, given=value)
    if isinstance(target := row.get("to"), str):
        try:
            check_target(target, schemes)
        except SettingsError as error:
            yield "to", error.message
