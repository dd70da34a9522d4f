"""A cost model to start from: shares in proportion to the square root of a driver."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from math import isqrt

from libconsortium import CostGame, CostModel, ExactShare, Message, Step, hookimpl


def small_first(game: CostGame) -> Mapping[str, ExactShare]:
    """Divide in proportion to the whole square root of the driver the policy names.

    Args:
        game: The amount and the members; ``parameters["driver"]`` names the driver.
    """
    driver = game.drivers[str(game.parameters["driver"])]
    weights = {member: Fraction(isqrt(int(driver[member]))) for member in game.members}
    total = sum(weights.values(), Fraction(0))
    return {
        member: ExactShare(
            value=game.amount * weight / total,
            working=Step(
                what=Message("square root of the driver"),
                formula=f"{weight}/{total}",
                value=game.amount * weight / total,
            ),
        )
        for member, weight in weights.items()
    }


@hookimpl
def consortium_cost_models() -> Iterator[CostModel]:
    """Yield the model."""
    yield CostModel(
        name="small-first",
        summary="In proportion to the square root of a driver.",
        divide=small_first,
        axioms=frozenset({"symmetry"}),
        source="an example, not a formula in force",
    )
