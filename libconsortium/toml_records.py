"""Turns a TOML file into frozen records; what does not fit is named by file, line and field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import attrs
from cattrs import Converter
from cattrs.errors import (
    BaseValidationError,
    ClassValidationError,
    ForbiddenExtraKeysError,
    IterableValidationError,
)

from libconsortium.core.errors import ConsortiumError, SettingsError
from libconsortium.core.messages import Message
from libconsortium.core.money import Money, exact
from libconsortium.toml_file import LineOf, Steps, field_path, read_toml

R = TypeVar("R")


def read_record(path: str | Path, record: type[R]) -> R:
    """Read a TOML file as one record; every table and key is a field of it.

    Args:
        path: The file.
        record: A class of records made with attrs; its fields may be records again.

    Raises:
        SettingsError: The file is no TOML, or does not fit the record; the message names file,
            line and field of everything that is wrong.

    >>> from tempfile import TemporaryDirectory
    >>> @attrs.frozen
    ... class Kettle:
    ...     litres: int
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder) / "kettle.toml"
    ...     _ = file.write_text("litre = 3")
    ...     try:
    ...         read_record(file, Kettle)
    ...     except SettingsError as error:
    ...         print(str(error).replace(folder, ""))
    /kettle.toml:1: litres: missing; /kettle.toml:1: litre: unknown key; did you mean 'litres'?
    """
    data, line_of = read_toml(path)
    return structured(data, record, path, line_of)


def structured(data: Mapping[str, Any], record: type[R], path: str | Path, line_of: LineOf) -> R:  # Any: TOML
    """Make a record of what a TOML file holds.

    Args:
        data: What was read.
        record: The class of the record.
        path: The file, for messages.
        line_of: The line of each value, for messages.

    Raises:
        SettingsError: Something does not fit.
    """
    try:
        return _converter().structure(data, record)
    except BaseValidationError as error:
        raise faults_in(path, line_of, _faults(error, ())) from error


def faults_in(path: str | Path, line_of: LineOf, faults: Iterator[tuple[Steps, Message]]) -> SettingsError:
    """Return one error that names the place of every fault.

    Args:
        path: The file.
        line_of: The line of each value.
        faults: What is wrong, each with the way into the file.
    """
    parts = {
        f"fault{number}": _placed(path, line_of(steps), field_path(steps), what)
        for number, (steps, what) in enumerate(sorted(faults, key=lambda fault: line_of(fault[0])))
    }
    return SettingsError("; ".join(f"{{{name}}}" for name in parts), **parts)


def _placed(path: str | Path, line: int, field: str, what: Message) -> Message:
    where = f"{path}:{line}" if line else str(path)
    if not field:
        return Message("{where}: {what}", where=where, what=what)
    return Message("{where}: {field}: {what}", where=where, field=field, what=what)


def _faults(error: BaseException, steps: Steps) -> Iterator[tuple[Steps, Message]]:
    if isinstance(error, ClassValidationError):
        inner, others = error.group_exceptions()
        for cause, note in inner:
            yield from _faults(cause, (*steps, note.name))
        for cause in others:
            yield from _faults(cause, steps)
    elif isinstance(error, IterableValidationError):
        items, others = error.group_exceptions()
        for cause, place in items:
            yield from _faults(cause, (*steps, place.index))
        for cause in others:
            yield from _faults(cause, steps)
    elif isinstance(error, ForbiddenExtraKeysError):
        known = [field.name for field in attrs.fields(error.cl)]
        for key in sorted(error.extra_fields):
            near = get_close_matches(key, known, n=1)
            yield (*steps, key), _unknown(near[0] if near else "", known)
    elif isinstance(error, KeyError):
        yield steps, Message("missing")
    elif isinstance(error, ConsortiumError):
        yield steps, error.message
    else:
        yield steps, Message("{reason}", reason=error)


def _unknown(near: str, known: list[str]) -> Message:
    if near:
        return Message("unknown key; did you mean {near!r}?", near=near)
    return Message("unknown key; there are: {known}", known=", ".join(known))


@cache
def _converter() -> Converter:
    converter = Converter(forbid_extra_keys=True)
    for kind, expected in _PLAIN.items():
        converter.register_structure_hook(kind, _strict(kind, expected))
    converter.register_structure_hook(float, _float)
    converter.register_structure_hook(Fraction, lambda given, _: exact(given))
    converter.register_structure_hook(Money, _money)
    return converter


_PLAIN: dict[type, Message] = {
    str: Message("a text in quotes"),
    int: Message("a whole number"),
    bool: Message("true or false"),
    date: Message("a date like 2027-01-31"),
}


def _strict(kind: type, expected: Message) -> Any:  # noqa: ANN401 - cattrs' hook
    def structure(given: object, _: type) -> object:
        if type(given) is not kind:
            raise SettingsError("expected {expected}, got {given!r}", expected=expected, given=given)
        return given

    return structure


def _float(given: object, _: type) -> float:
    if isinstance(given, int | Decimal) and not isinstance(given, bool):
        return float(given)
    raise SettingsError("expected {expected}, got {given!r}", expected=Message("a number"), given=given)


def _money(given: object, _: type) -> Money:
    if isinstance(given, str):
        return Money.parse(given)
    raise SettingsError(
        "expected {expected}, got {given!r}",
        expected=Message("an amount with its currency like '1000000 VND'"),
        given=given,
    )
