"""Policies side by side."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import attrs
import pytest

from libconsortium import (
    Comparison,
    LimitRule,
    Policy,
    SettingsError,
    SponsorRule,
    compare,
    gini,
)
from tests.worked_example import EQUAL, MIXED, SHARES, alone, divide, request, vnd

HELD = attrs.evolve(MIXED, sponsor=SponsorRule(pays="30%"), limits=LimitRule(rise="15%"))
LAST_YEAR = {member: vnd(minor) for member, minor in SHARES.items()}


def compared(*policies: tuple[str, Policy], **more: Any) -> Comparison:
    return compare(request(**more), policies, divide)


def test_differences_are_against_the_first_policy() -> None:
    found = compared(("now", MIXED), ("then", EQUAL))
    then = found.outcomes[1]

    assert found.against_first(then, "dh-d") == vnd(534_736_842 - 169_587_970)
    assert found.winners(then) == ("dh-a", "dh-b")
    assert found.losers(then) == ("dh-c", "dh-d")
    assert found.outcomes[0].gini() == Fraction(2_887_578_947, 8_555_789_476)
    assert found.winners(found.outcomes[0]) == ()


def test_a_policy_that_cannot_be_kept_is_shown_with_the_reason() -> None:
    found = compared(("now", MIXED), ("held", HELD), last_year=LAST_YEAR)
    held = found.outcomes[1]

    assert held.split is None
    assert "smallest workable rise is 16.67 %" in str(held.refused)
    assert found.against_first(held, "dh-a") is None
    assert held.amount("dh-a") is None
    assert (held.gini(), found.saving(held), found.winners(held)) == (None, None, ())


def test_last_year_and_buying_alone_are_compared_where_known() -> None:
    last = {"dh-a": vnd(1), "dh-x": vnd(1)}
    found = compared(("now", MIXED), last_year=last, standalone=alone())
    now = found.outcomes[0]

    assert found.against_last_year(now, "dh-a") == vnd(1_038_917_292)
    assert found.against_last_year(now, "dh-b") is None
    assert found.above_alone(now) == ("dh-d",)
    assert found.saving(now) is not None


def test_every_policy_has_a_name_of_its_own() -> None:
    with pytest.raises(SettingsError, match="name of its own; given: a, a"):
        compared(("a", MIXED), ("a", EQUAL))
    with pytest.raises(SettingsError, match="given: -"):
        compared()


def test_the_gini_coefficient_of_one_who_has_all_nears_one() -> None:
    assert gini([vnd(0)] * 99 + [vnd(5)]) == Fraction(99, 100)


def test_nothing_at_all_is_equal() -> None:
    assert gini([vnd(0), vnd(0)]) == 0
