"""Says what is wrong with the parameters of a policy before there is any bill."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from libconsortium import ConsortiumError, Message
from libconsortium.plugins.cost_sharing.models import figures_in


def mixture_parameters(parameters: Mapping[str, object]) -> Iterator[Message]:
    """Yield what is wrong with the weights of a mixture.

    >>> [str(what) for what in mixture_parameters({"weights": {"fte": 90}})]
    ['the weights of the mixture add up to 90, not to 100']
    """
    numbers, problems = _table(parameters, "weights")
    yield from problems
    whole = sum(numbers)
    if numbers and whole not in {1, 100}:
        yield Message("the weights of the mixture add up to {whole}, not to 100", whole=str(whole))


def shares_parameters(parameters: Mapping[str, object]) -> Iterator[Message]:
    """Yield what is wrong with shares that were agreed once."""
    yield from _table(parameters, "shares")[1]


def prices_parameters(parameters: Mapping[str, object]) -> Iterator[Message]:
    """Yield what is wrong with the prices of items."""
    yield from _table(parameters, "prices")[1]


def separable_parameters(parameters: Mapping[str, object]) -> Iterator[Message]:
    """Yield what is wrong with the name of the driver of what members add."""
    if not isinstance(parameters.get("separable"), str):
        yield Message('name the driver of what each member adds: separable = "adds"')


def _table(parameters: Mapping[str, object], name: str) -> tuple[list[Fraction], list[Message]]:
    try:
        return list(figures_in(parameters, name).values()), []
    except ConsortiumError as error:
        return [], [error.message]
