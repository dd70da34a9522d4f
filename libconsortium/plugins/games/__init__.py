"""Game solutions that come in the box, and the same as cost models of a subscription's tariff."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from libconsortium import CostModel, Game, GameSolution, Solved, hookimpl

SHAPLEY_SOURCE = "Shapley, Contributions to the Theory of Games II (1953) 307-317"
CENTRE_SOURCE = "Schmeidler, SIAM Journal on Applied Mathematics 17 (1969) 1163-1170"
WEAK_SOURCE = "Young, Okada & Hashimoto, Water Resources Research 18 (1982) 463-475"
SEPARABLE_SOURCE = "Straffin & Heaney, International Journal of Game Theory 10 (1981) 35-43"

_NOT_AS_MODELS = frozenset(
    {"equal", "proportional", "serial", "shapley-shubik", "weighted-shapley"}
)
"""What other cost models do already, or what asks for figures that a tariff has not."""


@hookimpl
def consortium_game_solutions() -> Iterator[GameSolution]:
    """Yield our solutions of games."""
    import libconsortium as steps

    everyday = frozenset({"efficiency", "symmetry", "scale", "order"})
    rows: tuple[tuple[str, str, Callable[[Game], Solved], set[str] | None, str], ...] = (
        (
            "shapley",
            "What each player adds, on average over all orders of coming.",
            steps.solve_shapley,
            {"null-player", "additivity", "shift"},
            SHAPLEY_SOURCE,
        ),
        (
            "shapley-shubik",
            "How often each voter turns a losing side into a winning one.",
            steps.solve_shapley_shubik,
            None,
            "Shapley & Shubik, American Political Science Review 48 (1954) 787-792",
        ),
        (
            "weighted-shapley",
            "The Shapley value with every dividend shared by weights.",
            steps.solve_weighted_shapley,
            None,
            "Kalai & Samet, International Journal of Game Theory 16 (1987) 205-222",
        ),
        (
            "owen",
            "The Shapley value where unions (federations) come in whole.",
            steps.solve_owen,
            {"null-player", "additivity", "shift"},
            "Owen, Mathematical Economics and Game Theory (1977) 76-88",
        ),
        (
            "prenucleolus",
            "The greatest complaint of any coalition is made least, then the next.",
            partial(steps.solve_centre, centre=steps.PRENUCLEOLUS),
            {"null-player", "shift", "core"},
            CENTRE_SOURCE,
        ),
        (
            "nucleolus",
            "The prenucleolus among shares that leave nobody worse off than alone.",
            partial(steps.solve_centre, centre=steps.NUCLEOLUS),
            {"null-player", "shift", "core"},
            CENTRE_SOURCE,
        ),
        (
            "per-capita-nucleolus",
            "The nucleolus with complaints counted per member.",
            partial(steps.solve_centre, centre=steps.PER_CAPITA_NUCLEOLUS),
            {"shift", "core"},
            WEAK_SOURCE,
        ),
        (
            "proportional-nucleolus",
            "The nucleolus with complaints counted in parts of a coalition's own value.",
            partial(steps.solve_centre, centre=steps.PROPORTIONAL_NUCLEOLUS),
            {"core"},
            WEAK_SOURCE,
        ),
        (
            "least-core",
            "The least ε at which no coalition gains more than ε by leaving.",
            partial(steps.solve_centre, centre=steps.LEAST_CORE),
            {"shift", "core"},
            CENTRE_SOURCE,
        ),
        (
            "weak-least-core",
            "The least ε at which no coalition gains more than ε for each of its members.",
            partial(steps.solve_centre, centre=steps.WEAK_LEAST_CORE),
            {"shift", "core"},
            WEAK_SOURCE,
        ),
        (
            "proportional-least-core",
            "The least ε at which no coalition gains more than this part of its own value.",
            partial(steps.solve_centre, centre=steps.PROPORTIONAL_LEAST_CORE),
            {"core"},
            WEAK_SOURCE,
        ),
        (
            "tau",
            "A compromise between the most and the least that each player can expect.",
            steps.solve_tau,
            {"null-player", "shift"},
            "Tijs, Game Theory and Mathematical Economics (1981) 123-132",
        ),
        (
            "scrb",
            "Separable costs, and the rest by remaining benefits.",
            steps.solve_scrb,
            {"null-player", "shift"},
            SEPARABLE_SOURCE,
        ),
        (
            "aca",
            "Separable costs, and the rest by the costs that joining avoids.",
            steps.solve_aca,
            {"null-player", "shift"},
            SEPARABLE_SOURCE,
        ),
        (
            "ensc",
            "Separable costs, and an equal part of the rest.",
            steps.solve_ensc,
            {"shift", "additivity"},
            "Moulin, International Journal of Game Theory 14 (1985) 141-147",
        ),
        (
            "serial",
            "Who asks for little does not pay for those who ask for much.",
            steps.solve_serial,
            None,
            "Moulin & Shenker, Econometrica 60 (1992) 1009-1037",
        ),
        (
            "equal",
            "The same for everybody.",
            steps.solve_equal,
            {"additivity"},
            "Anderson, College & Research Libraries 67(2) 2006, 123-135",
        ),
        (
            "proportional",
            "In proportion to what each would pay alone, or to weights.",
            steps.solve_proportional,
            set(),
            "Anderson, College & Research Libraries 67(2) 2006, 123-135",
        ),
    )
    for name, summary, solve, more, source in rows:
        axioms = frozenset() if more is None else everyday | more
        yield GameSolution(name=name, summary=summary, solve=solve, axioms=axioms, source=source)


@hookimpl
def consortium_cost_models() -> Iterator[CostModel]:
    """Yield the solutions as cost models: the bill is shared as the tariff's game is."""
    from libconsortium.plugins.games.models import by_game, tariff_parameters

    for solution in consortium_game_solutions():
        if solution.name not in _NOT_AS_MODELS:
            yield CostModel(
                name=solution.name,
                summary=solution.summary,
                divide=partial(by_game, solution),
                source=solution.source,
                check=tariff_parameters,
            )
