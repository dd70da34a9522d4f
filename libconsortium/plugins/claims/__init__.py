"""Claims rules that come in the box: from proportional to the rules of the Talmud."""

from __future__ import annotations

from collections.abc import Iterator

from libconsortium import ClaimsRule, hookimpl

SOURCE = "Thomson, Mathematical Social Sciences 45 (2003) 249-297"


@hookimpl
def consortium_claims_rules() -> Iterator[ClaimsRule]:
    """Yield our claims rules."""
    from libconsortium.plugins.claims import arrivals, halves, rules

    laws = frozenset({"symmetry", "scale", "order", "resource-monotonicity"})
    yield ClaimsRule(
        name="proportional",
        summary="Every claim is met to the same percentage.",
        divide=rules.proportional,
        axioms=laws | {"self-duality", "consistency"},
        source=SOURCE,
    )
    yield ClaimsRule(
        name="cea",
        summary="Constrained equal awards: the same to each, nobody above its claim.",
        divide=rules.equal_awards,
        axioms=laws | {"claims-truncation", "consistency"},
        source=SOURCE,
    )
    yield ClaimsRule(
        name="cel",
        summary="Constrained equal losses: each goes short by the same, nobody below zero.",
        divide=rules.equal_losses,
        axioms=laws | {"minimal-rights", "consistency"},
        source=SOURCE,
    )
    yield ClaimsRule(
        name="talmud",
        summary="Equal awards up to half of every claim, equal losses beyond.",
        divide=halves.talmud,
        axioms=laws | {"self-duality", "claims-truncation", "minimal-rights", "consistency"},
        source="Aumann & Maschler, Journal of Economic Theory 36 (1985) 195-213",
    )
    yield ClaimsRule(
        name="random-arrival",
        summary="First come, first served, on average over all orders of coming.",
        divide=arrivals.random_arrival,
        axioms=laws | {"self-duality", "claims-truncation", "minimal-rights"},
        source="O'Neill, Mathematical Social Sciences 2 (1982) 345-371",
    )
    yield ClaimsRule(
        name="adjusted-proportional",
        summary="What the others concede first, the rest in proportion to what is left of claims.",
        divide=halves.adjusted_proportional,
        axioms=laws | {"self-duality", "claims-truncation", "minimal-rights"},
        source="Curiel, Maschler & Tijs, Zeitschrift für Operations Research 31 (1987) 143-159",
    )
    yield ClaimsRule(
        name="piniles",
        summary="Equal awards up to half of every claim, then equal awards again.",
        divide=halves.piniles,
        axioms=laws | {"consistency"},
        source="Piniles, Darkah shel Torah (1861), after Thomson (2003)",
    )
    yield ClaimsRule(
        name="minimal-overlap",
        summary="Claims are laid over the estate so that they cover each other least.",
        divide=arrivals.minimal_overlap,
        axioms=laws | {"claims-truncation"},
        source="O'Neill, Mathematical Social Sciences 2 (1982) 345-371",
    )
    yield ClaimsRule(
        name="alpha-min",
        summary="The smallest claim is met for everybody, the rest in proportion.",
        divide=halves.alpha_min,
        axioms=laws,
        source="Giménez-Gómez & Peris, European Journal of Operational Research 232 (2014) 109-116",
    )
