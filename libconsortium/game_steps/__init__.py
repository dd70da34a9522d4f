"""Solves a game: chooses the way by the game's structure and size, and says how sure it is."""

from libconsortium.game_steps.centres import (
    LEAST_CORE,
    NUCLEOLUS,
    PER_CAPITA_NUCLEOLUS,
    PRENUCLEOLUS,
    PROPORTIONAL_LEAST_CORE,
    PROPORTIONAL_NUCLEOLUS,
    WEAK_LEAST_CORE,
    Centre,
    solve_centre,
)
from libconsortium.game_steps.orders import (
    solve_owen,
    solve_shapley,
    solve_shapley_shubik,
    solve_weighted_shapley,
)
from libconsortium.game_steps.values import (
    solve_aca,
    solve_ensc,
    solve_equal,
    solve_proportional,
    solve_scrb,
    solve_serial,
    solve_tau,
)

__all__ = [
    "LEAST_CORE",
    "NUCLEOLUS",
    "PER_CAPITA_NUCLEOLUS",
    "PRENUCLEOLUS",
    "PROPORTIONAL_LEAST_CORE",
    "PROPORTIONAL_NUCLEOLUS",
    "WEAK_LEAST_CORE",
    "Centre",
    "solve_aca",
    "solve_centre",
    "solve_ensc",
    "solve_equal",
    "solve_owen",
    "solve_proportional",
    "solve_scrb",
    "solve_serial",
    "solve_shapley",
    "solve_shapley_shubik",
    "solve_tau",
    "solve_weighted_shapley",
]
