"""The template's model, found by entry point and held to the laws it claims."""

from __future__ import annotations

from fractions import Fraction

from libconsortium import CostGame, CostModel, Registry, translator
from libconsortium.testing import check_cost_model


def test_the_model_is_found_by_entry_point() -> None:
    model = Registry().find(CostModel, "small-first")

    assert Registry().giver(CostModel, model.name) == "template"


def test_the_model_keeps_the_laws_it_claims() -> None:
    check_cost_model(Registry().find(CostModel, "small-first"))


def test_a_library_four_times_as_large_pays_twice_as_much() -> None:
    game = CostGame(
        amount=Fraction(300),
        members=("large", "small"),
        drivers={"fte": {"large": Fraction(400), "small": Fraction(100)}},
        parameters={"driver": "fte"},
    )

    shares = Registry().find(CostModel, "small-first").divide(game)

    assert {member: share.value for member, share in shares.items()} == {"large": 200, "small": 100}


def test_its_working_is_said_in_vietnamese() -> None:
    assert translator("vi")("square root of the driver") == "căn bậc hai của chỉ số phân bổ"
