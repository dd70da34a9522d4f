"""Shares a bill as the game of a tariff is shared: in proportion to the solution's shares."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

import attrs

from libconsortium import (
    CostGame,
    ExactShare,
    Game,
    GameShare,
    GameSolution,
    Label,
    Message,
    SplitError,
    Step,
    tariff_price,
)


def by_game(solution: GameSolution, game: CostGame) -> Mapping[str, ExactShare]:
    """Divide an amount as a solution shares the game of the tariff in the parameters.

    Prices may be in any unit: the shares are scaled to the amount that is divided, taxes and a
    sponsor's part included.

    Args:
        solution: The solution.
        game: A cost game with the parameters ``tariff`` (see ``tariff_price``), ``driver`` (the
            weights for tiers by weight) and ``unions`` (for Owen).

    Raises:
        SplitError: The tariff is missing or wrong, or the solution does not exist for its game.

    >>> from libconsortium import Registry
    >>> tariff = {"fixed": 60, "per_member": {"a": 0, "b": 30}}
    >>> bill = CostGame(amount=Fraction(180), members=("a", "b"), parameters={"tariff": tariff})
    >>> shares = by_game(Registry().find(GameSolution, "shapley"), bill)
    >>> shares["a"].value, shares["b"].working.formula
    (Fraction(60, 1), '60/90')
    """
    tariff = game.parameters.get("tariff")
    if not isinstance(tariff, Mapping):
        raise SplitError(
            "the cost model {name!r} needs the parameter {parameter!r}: a table of prices",
            name=solution.name,
            parameter="tariff",
        )
    weights = _weights(game)
    price = tariff_price(tariff, game.members, weights)
    solved = solution.solve(
        Game(players=game.members, price=price, weights=weights, unions=_unions(game))
    )
    if not solved.shares:
        raise SplitError(
            "the cost model {name!r} cannot share this tariff: {reason}",
            name=solution.name,
            reason=solved.notes[0],
        )
    what = Message(
        "as {name!r} shares the tariff: {method}", name=solution.name, method=solved.method
    )
    shares = game.in_proportion(_positive(solution, solved.shares), what)
    if all(share.label is Label.EXACT for share in solved.shares.values()):
        return shares
    return {
        member: ExactShare(
            value=share.value, working=_labelled(share.working, solved.shares[member])
        )
        for member, share in shares.items()
    }


def tariff_parameters(parameters: Mapping[str, object]) -> Iterator[Message]:
    """Yield what is wrong with the tariff of a policy, as far as that can be said without members.

    Whoever the tariff names is taken for a member.

    >>> tariff = {"kind": "slabb", "tiers": [[0, 10]]}
    >>> [str(what) for what in tariff_parameters({"tariff": tariff})]
    ["the tariff's kind of tiers is 'slabb'; there are: slab, marginal, total"]
    """
    tariff = parameters.get("tariff")
    if not isinstance(tariff, Mapping):
        yield Message(
            "a game needs the parameter {parameter!r}: a table of prices", parameter="tariff"
        )
        return
    members = sorted(set(_named(tariff))) or ["a", "b"]
    weights = dict.fromkeys(members, Fraction(1)) if "driver" in parameters else {}
    try:
        tariff_price(tariff, members, weights)
    except SplitError as error:
        yield error.message


def _named(tariff: Mapping[str, object]) -> Iterator[str]:
    for word in ("per_member", "per-member", "needs", "amounts"):
        given = tariff.get(word)
        yield from map(str, given) if isinstance(given, Mapping) else ()
    for word, lists in (("packages", ("takers", "holders")), ("tree", ("members",))):
        tables = tariff.get(word)
        for table in tables.values() if isinstance(tables, Mapping) else ():
            for named in lists if isinstance(table, Mapping) else ():
                names = table.get(named)
                yield from map(str, names) if isinstance(names, list | tuple) else ()


def _weights(game: CostGame) -> dict[str, Fraction]:
    driver = game.parameters.get("driver")
    return game.driver(driver) if isinstance(driver, str) else {}


def _unions(game: CostGame) -> tuple[tuple[str, ...], ...]:
    given = game.parameters.get("unions", ())
    unions = given.values() if isinstance(given, Mapping) else given
    if not isinstance(unions, Iterable) or isinstance(unions, str):
        raise SplitError("unions are lists of members")
    return tuple(tuple(map(str, union)) for union in unions)


def _positive(solution: GameSolution, shares: Mapping[str, GameShare]) -> dict[str, Fraction]:
    for member, share in shares.items():
        if share.value < 0:
            raise SplitError(
                "by {name!r} the member {member!r} would be paid {amount} for taking part; a bill"
                " cannot be split so",
                name=solution.name,
                member=member,
                amount=-share.value,
            )
    return {member: share.value for member, share in shares.items()}


def _labelled(working: Step, share: GameShare) -> Step:
    """Return a step that says how sure its figure is."""
    if share.bound is not None:
        sure = Message(
            "known within {bound} of the tariff's unit", bound=f"{float(share.bound):.2g}"
        )
    elif share.interval is not None:
        low, high = (f"{float(end):.6g}" for end in share.interval)
        sure = Message(
            "estimated, with 95 % confidence between {low} and {high}", low=low, high=high
        )
    else:
        return working
    return attrs.evolve(working, parts=(*working.parts, Step(what=sure, value=working.value)))
