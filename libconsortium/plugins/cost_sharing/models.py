"""Divides an amount equally, in proportion to a driver, as a mixture, or by agreed figures."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from libconsortium import CostGame, ExactShare, Message, SplitError, exact

EQUAL = "equal"


def equal(game: CostGame) -> Mapping[str, ExactShare]:
    """Divide equally.

    >>> shares = equal(CostGame(amount=Fraction(90), members=("a", "b")))
    >>> shares["a"].value, shares["a"].working.formula
    (Fraction(45, 1), '1/2')
    """
    return game.in_proportion(dict.fromkeys(game.members, 1), Message("the same for everybody"))


def proportional(game: CostGame) -> Mapping[str, ExactShare]:
    """Divide in proportion to the driver named by the parameter ``driver``.

    Raises:
        SplitError: There is no such driver, or a member has no figure for it.

    >>> fte = {"a": Fraction(1), "b": Fraction(2)}
    >>> game = CostGame(
    ...     amount=Fraction(90),
    ...     members=("a", "b"),
    ...     drivers={"fte": fte},
    ...     parameters={"driver": "fte"},
    ... )
    >>> proportional(game)["b"].value
    Fraction(60, 1)
    """
    driver = game.parameters.get("driver")
    if not isinstance(driver, str):
        raise SplitError(
            "the model 'proportional' needs a driver: parameters = {{ driver = \"fte\" }}"
        )
    return game.in_proportion(
        game.driver(driver), Message("in proportion to {driver!r}", driver=driver)
    )


def mixture(game: CostGame) -> Mapping[str, ExactShare]:
    """Divide by several drivers, with the weights in the parameter ``weights``.

    Every member's weight is the weighted sum of its parts of the drivers; ``equal`` names the
    part that is the same for everybody.

    Raises:
        SplitError: The weights are missing or do not add up to 100 or 1.

    >>> game = CostGame(
    ...     amount=Fraction(100),
    ...     members=("a", "b"),
    ...     drivers={"fte": {"a": Fraction(1), "b": Fraction(3)}},
    ...     parameters={"weights": {"equal": 50, "fte": 50}},
    ... )
    >>> mixture(game)["b"].value
    Fraction(125, 2)
    """
    weights = figures_in(game.parameters, "weights")
    if sum(weights.values()) not in {1, 100}:
        raise SplitError(
            "the weights of the mixture add up to {whole}, not to 100",
            whole=sum(weights.values()),
        )
    parts = dict.fromkeys(game.members, Fraction(0))
    for driver, weight in weights.items():
        figures = (
            dict.fromkeys(game.members, Fraction(1)) if driver == EQUAL else game.driver(driver)
        )
        whole = sum(figures.values())
        for member in game.members:
            parts[member] += weight * figures[member] / whole
    return game.in_proportion(
        parts, Message("a mixture of {drivers}", drivers=", ".join(sorted(weights)))
    )


def fixed(game: CostGame) -> Mapping[str, ExactShare]:
    """Divide in proportion to the figures in the parameter ``shares``, one for each member.

    Raises:
        SplitError: A member has no figure.

    >>> game = CostGame(
    ...     amount=Fraction(100), members=("a", "b"), parameters={"shares": {"a": 1, "b": 4}}
    ... )
    >>> fixed(game)["b"].value
    Fraction(80, 1)
    """
    shares = figures_in(game.parameters, "shares")
    for member in game.members:
        if member not in shares:
            raise SplitError("the member {member!r} has no agreed share", member=member)
    return game.in_proportion(shares, Message("by shares agreed once"))


def figures_in(parameters: Mapping[str, object], name: str) -> dict[str, Fraction]:
    """Return a parameter that is a table of exact numbers.

    Raises:
        SplitError: It is missing, empty or holds something else.
    """
    given = parameters.get(name)
    if not isinstance(given, Mapping) or not given:
        raise SplitError(
            "the cost model needs the parameter {name!r}: a table of numbers", name=name
        )
    return {str(key): exact(number) for key, number in sorted(given.items())}
