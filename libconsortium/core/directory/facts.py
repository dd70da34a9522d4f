"""The kinds of facts a consortium is made of, and how each is written as a row of text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from difflib import get_close_matches
from enum import StrEnum
from fractions import Fraction
from functools import cache
from math import isfinite
from types import NoneType, UnionType
from typing import Any, TypeAlias, get_args, get_origin, get_type_hints
from unicodedata import normalize

import attrs

from libconsortium.core.buying.offers import Offer, OfferPackage, OfferTier, StandaloneQuote
from libconsortium.core.buying.resources import Resource
from libconsortium.core.buying.subscriptions import Participation, Subscription
from libconsortium.core.catalogue.clusters import Decision
from libconsortium.core.directory.federations import Federation, Membership
from libconsortium.core.directory.identifiers import Identifier
from libconsortium.core.directory.measures import Measure
from libconsortium.core.directory.members import Library, Name
from libconsortium.core.directory.quantities import Quantity, decimal_text, figure_text
from libconsortium.core.directory.successions import Succession
from libconsortium.core.directory.terms import Office, Term
from libconsortium.core.errors import ConsortiumError
from libconsortium.core.messages import Message
from libconsortium.core.money import Money, exact
from libconsortium.core.office.adjustments import Adjustment
from libconsortium.core.office.approvals import Approval
from libconsortium.core.office.ledger import LedgerLine
from libconsortium.core.problems import Place, Problem, Severity

Fact: TypeAlias = (
    Library
    | Name
    | Identifier
    | Succession
    | Federation
    | Membership
    | Term
    | Office
    | Measure
    | Resource
    | Subscription
    | Participation
    | Offer
    | OfferTier
    | OfferPackage
    | StandaloneQuote
    | Approval
    | Adjustment
    | Decision
    | LedgerLine
)
"""Any of the records a directory is made of."""


@attrs.frozen(kw_only=True)
class FactKind:
    """One kind of fact: a sheet, a TOML array of tables, a table of the store.

    Args:
        name: Name of the sheet, array or table.
        record: The record's class.
        key: Names of the fields that make a fact the same fact; a date in a key may be empty.
    """

    name: str
    record: type[Any]  # one of the classes of Fact
    key: tuple[str, ...]

    @property
    def fields(self) -> tuple[str, ...]:
        """Names of the columns, in the order to print.

        >>> FACT_KINDS["identifiers"].fields
        ('owner', 'scheme', 'value', 'valid_from', 'valid_to', 'source')
        """
        return tuple(field.name for field in attrs.fields(self.record))

    @property
    def required(self) -> tuple[str, ...]:
        """Names of the columns that may not be empty.

        >>> FACT_KINDS["measures"].required
        ('library', 'name', 'value')
        """
        return tuple(
            field.name for field in attrs.fields(self.record) if field.default is attrs.NOTHING
        )


FACT_KINDS: Mapping[str, FactKind] = {
    name: FactKind(name=name, record=record, key=tuple(key.split()))
    for name, record, key in (
        ("libraries", Library, "id"),
        ("federations", Federation, "id"),
        ("names", Name, "owner name language valid_from"),
        ("identifiers", Identifier, "owner scheme value"),
        ("successions", Succession, "predecessor successor"),
        ("memberships", Membership, "member federation member_class valid_from"),
        ("terms", Term, "federation label"),
        ("offices", Office, "federation office holder term"),
        ("measures", Measure, "library name period"),
        ("resources", Resource, "id"),
        ("subscriptions", Subscription, "id"),
        ("participations", Participation, "subscription member package valid_from"),
        ("offers", Offer, "id"),
        ("offer_tiers", OfferTier, "offer above"),
        ("offer_packages", OfferPackage, "offer package"),
        ("standalone_quotes", StandaloneQuote, "library resource valid_from"),
        ("approvals", Approval, "subscription year phase fingerprint approver"),
        ("adjustments", Adjustment, "subscription year entry party"),
        ("decisions", Decision, "left right act"),
        ("ledger", LedgerLine, "entry account"),
    )
}
"""Every kind of fact by name, in an order in which each comes after what it refers to."""

_KIND_OF: Mapping[type[Any], FactKind] = {kind.record: kind for kind in FACT_KINDS.values()}


def kind_of(fact: Fact) -> FactKind:
    """Return the kind of a fact.

    >>> kind_of(Library(id="lib-a")).name
    'libraries'
    """
    return _KIND_OF[type(fact)]


def key_of(fact: Fact) -> tuple[str, ...]:
    """Return what makes a fact the same fact, as texts; facts of one kind sort by it.

    >>> key_of(Measure(library="lib-a", name="fte", period="2024", value=Quantity.of(5)))
    ('lib-a', 'fte', '2024')
    """
    return tuple(_as_text(getattr(fact, name)) for name in kind_of(fact).key)


def to_row(fact: Fact) -> dict[str, str]:
    """Write a fact as texts by column; ``from_row`` reads it back to the same fact.

    >>> to_row(Resource(id="db-1", name="Example"))
    {'id': 'db-1', 'name': 'Example', 'kind': '', 'vendor': '', 'source': ''}
    """
    return {name: _as_text(getattr(fact, name)) for name in kind_of(fact).fields}


def from_row(kind: FactKind, row: Mapping[str, object], place: Place) -> Fact | tuple[Problem, ...]:
    """Read one row; either the fact, or everything that is wrong with the row.

    Args:
        kind: The kind of fact.
        row: Value by column: a text, or what a spreadsheet or TOML file holds (number, date,
            boolean); ``None`` and empty text mean that nothing is said: the field's default.
        place: Where the row stands; each problem adds the column's name to it.

    >>> from_row(FACT_KINDS["libraries"], {"id": "a", "nmae": "A"}, Place(line=2))
    (Problem(code='FACT_COLUMN', ...),)
    """
    said = {name: text for name, value in row.items() if (text := _as_text(value))}
    problems = [_unknown(kind, name, place) for name in said if name not in kind.fields]
    problems += [
        _problem("FACT_MISSING", place, name, Message("{column} is missing", column=name))
        for name in kind.required
        if name not in said
    ]
    values: dict[str, object] = {}
    for name, read in _readers(kind).items():
        if name in said:
            try:
                values[name] = read(said[name])
            except ConsortiumError as error:
                problems.append(_problem("FACT_VALUE", place, name, error.message))
    return tuple(problems) or kind.record(**values)


def _problem(code: str, place: Place, column: str, what: Message) -> Problem:
    return Problem(
        code=code, where=attrs.evolve(place, field=column), what=what, severity=Severity.ERROR
    )


def _unknown(kind: FactKind, name: str, place: Place) -> Problem:
    near = get_close_matches(name, kind.fields, n=1)
    if near:
        what = Message(
            "no column {column!r} in {kind}; did you mean {near!r}?",
            column=name,
            kind=kind.name,
            near=near[0],
        )
    else:
        what = Message(
            "no column {column!r} in {kind}; there are: {known}",
            column=name,
            kind=kind.name,
            known=", ".join(kind.fields),
        )
    return _problem("FACT_COLUMN", place, name, what)


def _as_text(value: object) -> str:
    match value:
        case bool():
            text = "true" if value else "false"
        case datetime() if value.time() == time():
            text = value.date().isoformat()  # a spreadsheet's date
        case Fraction():
            text = decimal_text(value)
        case float() | Decimal() if isfinite(value):
            text = figure_text(Fraction(str(value)))
        case _:
            text = "" if value is None else normalize("NFC", str(value)).strip()
    return text


@cache
def _readers(kind: FactKind) -> dict[str, Callable[[str], object]]:
    hints = get_type_hints(kind.record)
    return {name: _reader(hints[name]) for name in kind.fields}


def _reader(annotation: Any) -> Callable[[str], object]:  # noqa: ANN401 - a type or a union of types
    if get_origin(annotation) is UnionType:
        annotation = next(part for part in get_args(annotation) if part is not NoneType)
    if issubclass(annotation, StrEnum):
        return lambda text: _choice(annotation, text)
    return _READERS[annotation]


def _choice(choices: type[StrEnum], text: str) -> StrEnum:
    wanted = text.casefold().replace("_", "-")
    try:
        return choices(wanted)
    except ValueError:
        raise ConsortiumError(
            "{text!r} is not one of: {known}",
            text=text,
            known=", ".join(choice for choice in choices),
        ) from None


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise ConsortiumError("{text!r} is not a whole number", text=text) from None


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ConsortiumError(
            "{text!r} is not a date; write it like 2025-07-01", text=text
        ) from None


_READERS: Mapping[type[Any], Callable[[str], object]] = {
    str: str,
    int: _whole,
    date: _day,
    Money: Money.parse,
    Fraction: exact,
    Quantity: Quantity.parse,
}
