"""The table of pains names tests that are there, and says how they end."""

from __future__ import annotations

from tests.hostile import SCENARIOS
from tools.pains import ENDS, faults


def test_every_pain_has_a_test_and_the_page_is_up_to_date() -> None:
    assert faults() == []


def test_every_scenario_says_how_it_ends() -> None:
    assert {case.ends for case in SCENARIOS.values()} <= set(ENDS)
