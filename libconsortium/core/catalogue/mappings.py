"""Fields of a source mapped to fields of the record by its operators, without a new program."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from typing import Any

import attrs

from libconsortium.core.catalogue.record_checks import with_checks
from libconsortium.core.catalogue.records import BibRecord, RecordIdentifier, year_in
from libconsortium.core.errors import SettingsError

SEVERAL = (
    "titles", "creators", "contributors", "publishers", "dates", "languages", "types", "subjects",
    "coverage", "descriptions", "series", "links", "call_numbers",
)  # fmt: skip
"""Fields of a record that hold several texts."""

SINGLE = ("volume", "edition", "extent", "journal")
"""Fields of a record that hold one text."""

IGNORE = "ignore"
"""The target that says: this field is known and not wanted."""

Normalise = Callable[[str], str | None]
"""Gives the normal form of an identifier, or ``None`` if it is not valid."""


@attrs.frozen(kw_only=True)
class FieldRule:
    """One row of a mapping table.

    Args:
        source_field: Name of the source's field as ``records unmapped`` lists it: ``marc 900$a``.
        to: The record's field, an identifier scheme (``isbn``), or ``ignore``.
        split: What separates several values in one; empty if nothing does.
        replace: What other rules and the format itself put into the field is given up for this.
    """

    source_field: str
    to: str
    split: str = ""
    replace: bool = False


@attrs.frozen(kw_only=True)
class FieldMapping:
    """A mapping table.

    Args:
        name: Where it comes from, for messages.
        rules: Its rows; several may name one field.
    """

    name: str = ""
    rules: tuple[FieldRule, ...] = ()


def check_target(to: str, schemes: Iterable[str]) -> None:
    """See that a mapping table names a field there is.

    Args:
        to: What the table names.
        schemes: Names of the identifier schemes.

    Raises:
        SettingsError: There is no such field; the message suggests the nearest.

    >>> try:
    ...     check_target("call_number", ["isbn"])
    ... except SettingsError as error:
    ...     print(error)
    no field called 'call_number'; did you mean 'call_numbers'?
    """
    known = [*SEVERAL, *SINGLE, *schemes, IGNORE]
    if to in known:
        return
    near = get_close_matches(to, known, n=1)
    if near:
        raise SettingsError("no field called {to!r}; did you mean {near!r}?", to=to, near=near[0])
    raise SettingsError("no field called {to!r}; there are: {known}", to=to, known=", ".join(known))


def mapped(
    record: BibRecord,
    fields: Iterable[tuple[str, str]],
    mapping: FieldMapping,
    schemes: Mapping[str, Normalise],
    *,
    latest: int = 2100,
) -> BibRecord:
    """Return a record with what a mapping table adds to it.

    Args:
        record: The record as its crosswalk reads it.
        fields: Name and text of every field of the source.
        mapping: The table.
        schemes: The identifier schemes it may name.
        latest: Latest year of publication that makes sense.

    >>> rule = FieldRule(source_field="marc 900$a", to="call_numbers", split=";")
    >>> record = BibRecord(source="a", identifier="1", unmapped=("marc 900$a", "marc 900$b"))
    >>> done = mapped(record, [("marc 900$a", "VN 1; VN 2")], FieldMapping(rules=(rule,)), {})
    >>> done.call_numbers, done.unmapped
    (('VN 1', 'VN 2'), ('marc 900$b',))
    """
    texts: dict[str, list[str]] = {}
    for name, text in fields:
        texts.setdefault(name, []).append(text)
    for rule in mapping.rules:
        values = tuple(_values(texts.get(rule.source_field, ()), rule))
        if values:
            record = _with(record, rule, values, schemes)
    named = {rule.source_field for rule in mapping.rules}
    left = tuple(name for name in record.unmapped if name not in named)
    if record.year is None:
        years = (year_in(date, latest=latest) for date in record.dates)
        record = attrs.evolve(record, year=next(filter(None, years), None))
    return with_checks(attrs.evolve(record, unmapped=left), latest=latest)


def _values(texts: Iterable[str], rule: FieldRule) -> Iterable[str]:
    parts = (text.split(rule.split) if rule.split else (text,) for text in texts)
    return filter(None, (part.strip() for several in parts for part in several))


def _with(
    record: BibRecord, rule: FieldRule, values: tuple[str, ...], schemes: Mapping[str, Normalise]
) -> BibRecord:
    if rule.to == IGNORE:
        return record
    if rule.to in SINGLE:
        new = values[0] if rule.replace else getattr(record, rule.to) or values[0]
        changed: dict[str, Any] = {rule.to: new}  # Any: the field's name is known at run time only
        return attrs.evolve(record, **changed)
    if rule.to in SEVERAL:
        before = () if rule.replace else getattr(record, rule.to)
        year = None if rule.to == "dates" and rule.replace else record.year
        new = tuple(dict.fromkeys((*before, *values)))
        changes: dict[str, Any] = {rule.to: new, "year": year}
        return attrs.evolve(record, **changes)
    found = tuple(_identifier(value, rule.to, schemes[rule.to]) for value in values)
    before = tuple(
        one for one in record.identifiers if not (rule.replace and one.scheme == rule.to)
    )
    return attrs.evolve(record, identifiers=tuple(dict.fromkeys((*before, *found))))


def _identifier(value: str, scheme: str, normalise: Normalise) -> RecordIdentifier:
    normal = normalise(value)
    return RecordIdentifier(scheme=scheme, value=normal or value, is_valid=normal is not None)
