"""Reads a TOML file and remembers on which line each value stands."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from libconsortium.core.errors import SettingsError

Steps = tuple[str | int, ...]
"""A way into the file: ``("mix", 0, "weight")``."""

LineOf = Callable[[Steps], int]
"""Gives the line, from 1, of the value at a path, or of what would hold it; 0 if unknown."""

_AT = re.compile(r" \(at line (\d+), column (\d+)\)$")


def read_toml(path: str | Path) -> tuple[dict[str, Any], LineOf]:  # Any: a TOML value
    r"""Read a TOML file; numbers with a decimal point stay exact (``Decimal``).

    Returns:
        The file's content, and a function that gives the line of a path into it.

    Raises:
        SettingsError: The file cannot be read, is not UTF-8 or is not TOML; the message names
            file, line and column.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder) / "policy.toml"
    ...     _ = file.write_text('name = "Equal"\n\n[[mix]]\nweight = 42.5\n')
    ...     data, line_of = read_toml(file)
    >>> data["mix"][0]["weight"], line_of(("mix", 0, "weight")), line_of(("mix", 0))
    (Decimal('42.5'), 4, 3)
    """
    text = _text_of(Path(path))
    try:
        data = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        where, reason = _place(str(error), str(path))
        raise SettingsError("{where}: not TOML: {reason}", where=where, reason=reason) from error
    lines = _lines(text)

    def line_of(steps: Steps) -> int:
        while steps not in lines and steps:
            steps = steps[:-1]
        return lines.get(steps, 0)

    return data, line_of


def field_path(steps: Steps) -> str:
    """Write a path into a file the way people read it.

    >>> field_path(("members", 1, "fte"))
    'members[1].fte'
    """
    parts = [f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps]
    return "".join(parts).removeprefix(".")


def _text_of(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except OSError as error:
        raise SettingsError(
            "cannot read {path}: {reason}", path=str(path), reason=error.strerror or str(error)
        ) from error
    except UnicodeDecodeError as error:
        raise SettingsError(
            "{path}: not UTF-8 text (byte {byte}); save the file as UTF-8",
            path=str(path),
            byte=error.start,
        ) from error


def _place(reason: str, path: str) -> tuple[str, str]:
    at = _AT.search(reason)
    if at is None:
        return path, reason
    return f"{path}:{at[1]}:{at[2]}", reason[: at.start()]


def _lines(text: str) -> dict[Steps, int]:
    """Find the line of every value; of none if tomlkit no longer works the way we know."""
    from tomlkit.exceptions import TOMLKitError
    from tomlkit.items import AoT, Item, Key, Table
    from tomlkit.parser import Parser

    starts: dict[int, int] = {}
    keep: list[Item] = []  # an id is unique only while its object lives

    class Marking(Parser):
        # The parser's own methods are private: the test of this function watches them.
        def _mark(self, start: int, item: Item) -> None:
            starts[id(item)] = str(self._src).count("\n", 0, start) + 1
            keep.append(item)

        def _parse_key_value(self, parse_comment: bool = False) -> tuple[Key, Item]:  # noqa: FBT001, FBT002 - tomlkit's signature
            start = self._idx
            key, item = super()._parse_key_value(parse_comment)
            self._mark(start, item)
            return key, item

        def _parse_table(self, *given: Any, **named: Any) -> tuple[Key, Table | AoT]:
            start = self._idx
            key, item = super()._parse_table(*given, **named)
            self._mark(start, item)
            return key, item

    try:
        document = Marking(text).parse()
    except (TOMLKitError, AttributeError, TypeError):
        return {}
    return {**dict(_walk(document, (), starts)), (): 1}


def _walk(
    item: object,
    steps: Steps,
    starts: dict[int, int],
) -> Iterator[tuple[Steps, int]]:
    found = [
        line
        for step, value in _inside(item, starts)
        for line in _walk(value, (*steps, step), starts)
    ]
    own = starts.get(id(item), 0) or min((line for _, line in found), default=0)
    yield from found
    if own:
        yield steps, own


def _inside(item: object, starts: dict[int, int]) -> list[tuple[str | int, object]]:
    from tomlkit.container import Container
    from tomlkit.items import AbstractTable, AoT, Array

    # Tables that stand in several places of a file come as a proxy for one container.
    item = getattr(item, "_internal_container", item)
    if isinstance(item, AoT):
        # An array of tables and its first table begin together.
        starts[id(item.body[0])] = starts.get(id(item), 0)
        return list(enumerate(item.body))
    if isinstance(item, Array):
        return list(enumerate(item))
    if isinstance(item, Container | AbstractTable):
        return [(str(key), item.item(key)) for key in item]
    return []
