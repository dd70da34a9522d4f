"""Hypothesis strategies for the records of the project."""

from datetime import date
from enum import StrEnum
from fractions import Fraction
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

import attrs
from hypothesis import strategies as st

from libconsortium import MINOR_DIGITS, FactKind, Money, Qualifier, Quantity

# Letters of several scripts in normal form C, digits and marks that files have to quote.
TEXTS = st.text("aăâbcdđeêghưyỹ AZ019\"'=,;:-_&<>\u4e2d\U0001f4da", max_size=12).map(str.strip)
FIGURES = st.decimals(min_value=0, max_value=10**9, places=4).map(Fraction)


@st.composite
def quantities(draw: st.DrawFn) -> Quantity:
    """Draw exact and approximate figures and ranges."""
    number, qualifier = draw(FIGURES), draw(st.sampled_from(Qualifier))
    upper = number + draw(FIGURES.filter(bool)) if qualifier is Qualifier.RANGE else None
    return Quantity(number=number, qualifier=qualifier, upper=upper)


def money() -> st.SearchStrategy[Money]:
    """Draw amounts in any currency."""
    return st.builds(Money, st.integers(-(10**15), 10**15), st.sampled_from(sorted(MINOR_DIGITS)))


@st.composite
def facts(draw: st.DrawFn, kind: FactKind) -> Any:  # noqa: ANN401 - any of the classes of Fact
    """Draw facts of one kind; what must not be empty is not."""
    hints = get_type_hints(kind.record)
    return kind.record(
        **{
            # An empty cell stands for the default; so an empty text needs an empty default.
            field.name: draw(_values(hints[field.name], needs_text=field.default != ""))
            for field in attrs.fields(kind.record)
        }
    )


def _values(annotation: Any, *, needs_text: bool) -> st.SearchStrategy[Any]:  # noqa: ANN401 - a type
    if get_origin(annotation) is UnionType:
        (given,) = (part for part in get_args(annotation) if part is not NoneType)
        return st.none() | _values(given, needs_text=True)
    if annotation is str:
        return TEXTS.filter(bool) if needs_text else TEXTS
    if issubclass(annotation, StrEnum):
        return st.sampled_from(annotation)
    return _BY_TYPE[annotation]


_BY_TYPE: dict[Any, st.SearchStrategy[Any]] = {
    int: st.integers(-9999, 9999),
    date: st.dates(),
    Fraction: st.fractions(min_value=0, max_value=10**9),
    Money: money(),
    Quantity: quantities(),
}
