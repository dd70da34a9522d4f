"""Turns a TOML file into frozen records; what does not fit is named by file, line and field."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from enum import StrEnum
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import attrs

from libconsortium.core.errors import ConsortiumError, SettingsError
from libconsortium.core.messages import Message
from libconsortium.core.money import Money, exact
from libconsortium.core.problems import Place, Problem, Severity
from libconsortium.files.toml_file import LineOf, Steps, field_path, read_toml

if TYPE_CHECKING:
    from cattrs import Converter

R = TypeVar("R")

Fault = tuple[Steps, Message]
"""The way into the file, and what is wrong there."""

_PLAIN: dict[type, Message] = {
    str: Message("a text in quotes"),
    int: Message("a whole number"),
    bool: Message("true or false"),
    date: Message("a date like 2027-01-31"),
}


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
    /kettle.toml:1: litre: unknown key; did you mean 'litres'?; /kettle.toml:1: litres: missing
    """
    data, line_of = read_toml(path)
    return structured(data, record, path, line_of)


def structured(
    data: Mapping[str, Any],  # Any: TOML
    record: type[R],
    path: str | Path,
    line_of: LineOf,
) -> R:
    """Make a record of what a TOML file holds.

    Args:
        data: What was read.
        record: The class of the record.
        path: The file, for messages.
        line_of: The line of each value, for messages.

    Raises:
        SettingsError: Something does not fit.
    """
    made, faults = record_from(record, data)
    if made is None:
        raise error_of(problems_of(faults, str(path), line_of))
    return made


def record_from(
    record: type[R], data: Mapping[str, Any]
) -> tuple[R | None, list[Fault]]:  # Any: TOML
    """Make a record of what a TOML file holds, or say everything that does not fit.

    Args:
        record: The class of the record; the converters of its fields read what stands there.
        data: What was read.

    Returns:
        The record and no faults, or no record and every fault with the way to it.

    >>> @attrs.frozen
    ... class Kettle:
    ...     litres: int
    >>> [(steps, str(what)) for steps, what in record_from(Kettle, {"litres": "3"})[1]]
    [(('litres',), "expected a whole number, got '3'")]
    """
    from cattrs.errors import BaseValidationError

    try:
        return _converter().structure(data, record), []
    except BaseValidationError as error:
        return None, list(_faults(error, ()))


def problems_of(faults: Iterable[Fault], path: str, line_of: LineOf) -> tuple[Problem, ...]:
    """Return faults as problems with file, line and field, in the order of the lines.

    Args:
        faults: What is wrong, each with the way into the file.
        path: The file.
        line_of: The line of each value.
    """
    problems = [
        Problem(
            code="SETTING",
            where=Place(source=path, line=line_of(steps), field=field_path(steps)),
            what=what,
            severity=Severity.ERROR,
        )
        for steps, what in faults
    ]
    return tuple(sorted(problems, key=lambda one: (one.where.line, one.where.field, str(one.what))))


def error_of(problems: Iterable[Problem]) -> SettingsError:
    """Return one error that names all problems; there must be one at least."""
    parts = {
        f"problem{number}": Message("{where}: {what}", where=one.where, what=one.what)
        for number, one in enumerate(problems)
    }
    return SettingsError("; ".join(f"{{{name}}}" for name in parts), **parts)


def _faults(error: BaseException, steps: Steps) -> Iterator[Fault]:
    from cattrs.errors import BaseValidationError, ForbiddenExtraKeysError

    if isinstance(error, BaseValidationError):
        for inner in error.exceptions:
            yield from _faults(inner, (*steps, *_step(inner)))
    elif isinstance(error, ForbiddenExtraKeysError):
        known = [field.name for field in attrs.fields(error.cl)]
        for key in sorted(error.extra_fields):
            yield (*steps, key), unknown_key(key, known)
    elif isinstance(error, KeyError):
        yield steps, Message("missing")
    elif isinstance(error, ConsortiumError):
        # A check of the whole record names the field it is about, or every place by itself.
        values = dict(error.message.values)
        field, faults = values.get("field"), values.get("faults")
        if isinstance(faults, tuple):
            for way, what in faults:
                yield (*steps, *way), what
        else:
            yield (*steps, str(field)) if field else steps, error.message
    else:
        yield steps, Message("not what is expected here ({reason})", reason=error)


def _step(error: BaseException) -> Steps:
    from cattrs.errors import AttributeValidationNote, IterableValidationNote

    for note in getattr(error, "__notes__", ()):
        if isinstance(note, AttributeValidationNote):
            return (note.name,)
        if isinstance(note, IterableValidationNote):
            return (note.index,)
    return ()


def unknown_key(key: str, known: Sequence[str]) -> Message:
    """Return what is wrong with a key that nothing reads, and which one may be meant.

    >>> str(unknown_key("litre", ["litres"]))
    "unknown key; did you mean 'litres'?"
    """
    near = get_close_matches(key, known, n=1)
    if near:
        return Message("unknown key; did you mean {near!r}?", near=near[0])
    return Message("unknown key; there are: {known}", known=", ".join(known))


@cache
def _converter() -> Converter:
    from cattrs import Converter

    converter = Converter(forbid_extra_keys=True)
    converter.register_structure_hook_factory(attrs.has, _of_table)
    for kind in _PLAIN:  # by class: a hook by function comes too late, cattrs knows these itself
        converter.register_structure_hook(kind, _strict)
    converter.register_structure_hook(float, _float)
    converter.register_structure_hook(Fraction, lambda given, _: exact(given))
    converter.register_structure_hook(Money, _money)
    # Not for `object` itself, which stands for every class, but where a field says `object`.
    converter.register_structure_hook_func(lambda kind: kind is object, lambda given, _: given)
    return converter


def _of_table(record: type, converter: Converter) -> Any:  # noqa: ANN401 - cattrs' hook
    from cattrs.gen import make_dict_structure_fn, override

    # A field's own converter reads what stands there, so that its fault is placed at the field.
    fields: Any = attrs.fields(record)
    own: dict[str, Any] = {
        field.name: override(struct_hook=_by(field.converter))
        for field in fields
        if callable(field.converter)
    }
    made: Any = make_dict_structure_fn(record, converter, _cattrs_forbid_extra_keys=True, **own)

    def structure(given: object, kind: type) -> object:
        if not isinstance(given, Mapping):
            raise _expected(Message("a table"), given)
        return made(given, kind)

    return structure


def _by(convert: Callable[[object], object]) -> Callable[[object, object], object]:
    return lambda given, _: convert(given)


def _strict(given: object, kind: type) -> object:
    # A hook registered for a class is taken for its subclasses too: for choices of texts.
    if issubclass(kind, StrEnum):
        return _choice(given, kind)
    if type(given) is not kind:
        raise _expected(_PLAIN[kind], given)
    return given


def _choice(given: object, kind: type[StrEnum]) -> StrEnum:
    try:
        return kind(str(given))
    except ValueError:
        raise SettingsError(
            "expected one of {known}, got {given!r}", known=", ".join(kind), given=given
        ) from None


def _float(given: object, _: type) -> float:
    if isinstance(given, int | Decimal) and not isinstance(given, bool):
        return float(given)
    raise _expected(Message("a number"), given)


def _money(given: object, _: type) -> Money:
    if isinstance(given, str):
        return Money.parse(given)
    raise _expected(Message("an amount with its currency like '1000000 VND'"), given)


def _expected(expected: Message, given: object) -> SettingsError:
    return SettingsError("expected {expected}, got {given!r}", expected=expected, given=given)
