"""Claims rules that come in the box: proportional, equal awards, equal losses."""

from __future__ import annotations

from collections.abc import Iterator

from libconsortium import ClaimsRule, hookimpl

SOURCE = "Thomson, Mathematical Social Sciences 45 (2003) 249-297"


@hookimpl
def consortium_claims_rules() -> Iterator[ClaimsRule]:
    """Yield our claims rules."""
    from libconsortium.plugins.claims import rules

    laws = frozenset({"symmetry", "scale", "order", "resource-monotonicity"})
    yield ClaimsRule(
        name="proportional",
        summary="Every claim is met to the same percentage.",
        divide=rules.proportional,
        axioms=laws | {"self-duality"},
        source=SOURCE,
    )
    yield ClaimsRule(
        name="cea",
        summary="Constrained equal awards: the same to each, nobody above its claim.",
        divide=rules.equal_awards,
        axioms=laws,
        source=SOURCE,
    )
    yield ClaimsRule(
        name="cel",
        summary="Constrained equal losses: each goes short by the same, nobody below zero.",
        divide=rules.equal_losses,
        axioms=laws,
        source=SOURCE,
    )
