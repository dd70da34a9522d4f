"""Holds a cost model to its promises on random games."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

import attrs

from libconsortium import CostGame, CostModel, SplitError
from libconsortium.testing.promises import conserves, leaves_alone, only_known, promise, try_many

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

Shares = dict[str, Fraction]
Law = Callable[[CostModel, CostGame, Shares], None]

MEMBERS = ("a", "b", "c", "d", "e")
DRIVERS = ("fte", "usage")


def check_cost_model(
    model: CostModel,
    *,
    parameters: Mapping[str, object] | None = None,
    drivers: Collection[str] = DRIVERS,
    examples: int = 100,
) -> None:
    """Check that a cost model divides exactly and keeps every law it claims.

    Always checked: the parts add up to the amount, are exact and not negative, one for each member;
    the order of rows does not matter; the input is left as it was. ``axioms`` may claim

    * ``symmetry``: members with the same figures pay the same;
    * ``scale``: twice the amount gives twice the shares, and twice every figure the same shares;
    * ``monotonicity``: who has more of a driver, and nothing else changed, pays no less;
    * ``null-player``: who has none of any driver pays nothing.

    Args:
        model: The model.
        parameters: What a policy would hand to it; ``{"driver": "fte"}`` if not given. Games have
            some of the members ``a`` to ``e``. A game that the model refuses with an error of
            ours is left out, but some have to remain.
        drivers: Names of the drivers of the games, in whole numbers, some of them zero.
        examples: How many random games are tried.

    Raises:
        BrokenPromiseError: A promise is broken; the message shows the smallest such game.

    >>> from libconsortium import Registry
    >>> check_cost_model(Registry().find(CostModel, "equal"), examples=5)
    """
    only_known(model.name, model.axioms, LAWS)

    def keeps_everything(game: CostGame) -> None:
        shares = _divided(model, game)
        promise(set(shares) == set(game.members), model.name, "one part a member", game, shares)
        conserves(model.name, shares, game.amount, game)
        same = _divided(model, _reversed(game))
        promise(same == shares, model.name, "the order of rows does not matter", game, same)
        for law in sorted(model.axioms):
            LAWS[law](model, game, shares)

    games = _games(parameters or {"driver": "fte"}, tuple(drivers))
    try_many(_unless_refused(keeps_everything), games, examples)


def _unless_refused(test: Callable[[CostGame], None]) -> Callable[[CostGame], None]:
    from hypothesis import reject

    def tried(game: CostGame) -> None:
        try:
            test(game)
        except SplitError:
            reject()

    return tried


def _divided(model: CostModel, game: CostGame) -> Shares:
    def values(given: CostGame) -> Shares:
        return {member: share.value for member, share in model.divide(given).items()}

    return leaves_alone(model.name, game, values)


def _reversed(game: CostGame) -> CostGame:
    drivers = {
        driver: dict(reversed(list(figures.items())))
        for driver, figures in reversed(list(game.drivers.items()))
    }
    return attrs.evolve(game, drivers=drivers)


def _with(game: CostGame, member: str, figures: Mapping[str, Fraction]) -> CostGame:
    drivers = {driver: {**game.drivers[driver], member: figures[driver]} for driver in game.drivers}
    return attrs.evolve(game, drivers=drivers)


def _symmetry(model: CostModel, game: CostGame, _: Shares) -> None:
    first, last = game.members[0], game.members[-1]
    twins = _with(game, last, {driver: of[first] for driver, of in game.drivers.items()})
    if not all(any(figures.values()) for figures in twins.drivers.values()):
        return  # nobody would have any of a driver: not a game
    shares = _divided(model, twins)
    promise(shares[first] == shares[last], model.name, "symmetry", twins, shares)


def _scale(model: CostModel, game: CostGame, shares: Shares) -> None:
    twice = _divided(model, attrs.evolve(game, amount=game.amount * 2))
    expected = {member: share * 2 for member, share in shares.items()}
    promise(twice == expected, model.name, "scale (of the amount)", game, twice)
    drivers = {
        driver: {member: figure * 3 for member, figure in figures.items()}
        for driver, figures in game.drivers.items()
    }
    same = _divided(model, attrs.evolve(game, drivers=drivers))
    promise(same == shares, model.name, "scale (of the figures)", game, same)


def _monotonicity(model: CostModel, game: CostGame, shares: Shares) -> None:
    first = game.members[0]
    for driver in game.drivers:
        figures = {name: of[first] + (name == driver) for name, of in game.drivers.items()}
        more = _with(game, first, figures)
        now = _divided(model, more)
        promise(now[first] >= shares[first], model.name, "monotonicity", (game, more), now)


def _null_player(model: CostModel, game: CostGame, shares: Shares) -> None:
    for member in game.members:
        if not any(figures[member] for figures in game.drivers.values()):
            promise(shares[member] == 0, model.name, "null-player", game, shares)


LAWS: Mapping[str, Law] = {
    "symmetry": _symmetry,
    "scale": _scale,
    "monotonicity": _monotonicity,
    "null-player": _null_player,
}


def _games(parameters: Mapping[str, object], names: tuple[str, ...]) -> SearchStrategy[CostGame]:
    from hypothesis import strategies as st

    # Figures are drawn for all members whatever their number: so a game shrinks to few of them.
    figure = st.one_of(st.just(0), st.integers(0, 5), st.integers(0, 1000)).map(Fraction)
    figures = st.fixed_dictionaries(dict.fromkeys(MEMBERS, figure))

    def game(amount: Fraction, count: int, drivers: Mapping[str, Shares]) -> CostGame:
        members = MEMBERS[:count]
        return CostGame(
            amount=amount,
            members=members,
            drivers={driver: _useful(drivers[driver], members) for driver in names},
            parameters=dict(parameters),
        )

    return st.builds(
        game,
        amount=st.fractions(0, 1_000_000, max_denominator=100),
        count=st.integers(1, len(MEMBERS)),
        drivers=st.fixed_dictionaries(dict.fromkeys(names, figures)),
    )


def _useful(figures: Shares, members: tuple[str, ...]) -> Shares:
    """Return the members' figures; the last gets one if nobody has any."""
    some = {member: figures[member] for member in members}
    return some if any(some.values()) else {**some, members[-1]: Fraction(1)}
