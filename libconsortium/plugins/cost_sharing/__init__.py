"""Cost models that come in the box: equal, proportional, fixed and mixture."""

from __future__ import annotations

from collections.abc import Iterator

from libconsortium import CostModel, hookimpl


@hookimpl
def consortium_cost_models() -> Iterator[CostModel]:
    """Yield our cost models."""
    from libconsortium.plugins.cost_sharing import models

    yield CostModel(
        name="equal",
        summary="Everybody pays the same.",
        divide=models.equal,
        axioms=frozenset({"symmetry", "scale"}),
        source="Anderson, College & Research Libraries 67(2) 2006, 123-135",
    )
    yield CostModel(
        name="proportional",
        summary="In proportion to one driver: students, usage, budget, list price.",
        divide=models.proportional,
        axioms=frozenset({"symmetry", "scale", "monotonicity", "null-player"}),
        source="Anderson, College & Research Libraries 67(2) 2006, 123-135",
    )
    yield CostModel(
        name="mixture",
        summary="Several drivers at once, each with a weight; `equal` counts as one of them.",
        divide=models.mixture,
        axioms=frozenset({"symmetry", "scale", "monotonicity"}),
        source="Orbis 1998: orbiscascade.org/er/cost_distribution_TFER.html",
    )
    yield CostModel(
        name="fixed",
        summary="In proportion to figures agreed once and written into the policy.",
        divide=models.fixed,
        axioms=frozenset({"scale"}),
        source="Anderson, College & Research Libraries 67(2) 2006, 123-135",
    )
