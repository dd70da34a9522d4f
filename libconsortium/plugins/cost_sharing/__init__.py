"""Cost models that come in the box: by drivers, by agreement, by items, by savings, by bids."""

from __future__ import annotations

from collections.abc import Iterator

from libconsortium import CostModel, hookimpl

ANDERSON = "Anderson, College & Research Libraries 67(2) 2006, 123-135"


@hookimpl
def consortium_cost_models() -> Iterator[CostModel]:
    """Yield our cost models."""
    from libconsortium.plugins.cost_sharing import checks, items, models, savings

    yield CostModel(
        name="equal",
        summary="Everybody pays the same.",
        divide=models.equal,
        axioms=frozenset({"symmetry", "scale"}),
        source=ANDERSON,
    )
    yield CostModel(
        name="proportional",
        summary="In proportion to one driver: students, usage, budget, list price.",
        divide=models.proportional,
        axioms=frozenset({"symmetry", "scale", "monotonicity", "null-player"}),
        source=ANDERSON,
    )
    yield CostModel(
        name="mixture",
        summary="Several drivers at once, each with a weight; `equal` counts as one of them.",
        divide=models.mixture,
        check=checks.mixture_parameters,
        axioms=frozenset({"symmetry", "scale", "monotonicity"}),
        source="Orbis 1998: orbiscascade.org/er/cost_distribution_TFER.html",
    )
    yield CostModel(
        name="fixed",
        summary="In proportion to figures agreed once and written into the policy.",
        divide=models.fixed,
        check=checks.shares_parameters,
        axioms=frozenset({"scale"}),
        source=ANDERSON,
    )
    yield CostModel(
        name="item-split",
        summary="Each package or title over those who take it, equally or weighted.",
        divide=items.item_split,
        check=checks.prices_parameters,
        axioms=frozenset({"scale"}),
        source="HathiTrust: hathitrust.org/join/cost-fees",
    )
    yield CostModel(
        name="bids",
        summary="Bids, if they come to enough; all are lowered by the same percentage.",
        divide=items.bids,
        source="Anderson, update of 2010 (known in excerpt only)",
    )
    yield CostModel(
        name="proportional-savings",
        summary="Everybody saves the same percentage of its price of buying alone.",
        divide=savings.proportional_savings,
        axioms=frozenset({"symmetry", "scale", "monotonicity", "null-player"}),
        source=ANDERSON,
    )
    yield CostModel(
        name="equal-savings",
        summary="Everybody saves the same sum against buying alone, nobody pays less than nothing.",
        divide=savings.equal_savings,
        axioms=frozenset({"symmetry"}),
        source=ANDERSON,
    )
    yield CostModel(
        name="separable-costs",
        summary="What a member adds, and of the rest a part by what is left of its benefit.",
        divide=savings.separable_costs,
        check=checks.separable_parameters,
        source="Straffin & Heaney, International Journal of Game Theory 10 (1981) 35-43",
    )
