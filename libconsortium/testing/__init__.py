"""Checks that a plugin keeps its promises; for the tests of whoever writes one.

A check is a plain function: call it from a test of any framework. Checks of cost models and claims
rules draw random inputs with Hypothesis and fail with the smallest input that breaks a promise.
"""

from __future__ import annotations

from libconsortium.testing.catalogue_engines import check_catalogue_engine
from libconsortium.testing.claims_rules import check_claims_rule
from libconsortium.testing.cost_models import check_cost_model
from libconsortium.testing.game_solutions import check_game_solution
from libconsortium.testing.offices import example_catalogue, example_office
from libconsortium.testing.promises import BrokenPromiseError
from libconsortium.testing.records import check_crosswalk, check_harvester
from libconsortium.testing.search_backends import check_search_backend

__all__ = [
    "BrokenPromiseError",
    "check_catalogue_engine",
    "check_claims_rule",
    "check_cost_model",
    "check_crosswalk",
    "check_game_solution",
    "check_harvester",
    "check_search_backend",
    "example_catalogue",
    "example_office",
]
