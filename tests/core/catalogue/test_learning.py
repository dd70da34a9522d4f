from __future__ import annotations

from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libconsortium.core.catalogue.learning import START, Example, learned, score


def _examples(yes: int, no: int, *names: str) -> list[Example]:
    found = dict.fromkeys(names, 1.0)
    return [Example(found=found, is_same=True)] * yes + [Example(found=found, is_same=False)] * no


def test_with_little_trust_the_weights_are_the_logarithm_of_the_odds() -> None:
    weights = learned(_examples(30, 10), {START: 0.0}, trust=1e-6)

    assert weights[START] == pytest.approx(log(3), abs=1e-4)


def test_nothing_to_learn_from_leaves_the_weights() -> None:
    assert learned([], {START: -1.0, "a": 2.0}) == {START: -1.0, "a": 2.0}


def test_a_name_not_known_before_starts_from_nothing() -> None:
    weights = learned(_examples(5, 0, "new"), {START: 0.0})

    assert weights["new"] > 0


def test_what_no_example_shows_stays() -> None:
    assert learned(_examples(5, 0, "a"), {START: 0.0, "b": 4.0})["b"] == pytest.approx(4.0)


def test_an_example_counts_as_often_as_its_weight_says() -> None:
    twice = [Example(found={}, is_same=True, weight=2.0)]

    assert learned(twice, {}) == pytest.approx(learned(_examples(2, 0), {}))


def test_far_off_weights_come_back() -> None:
    weights = learned(_examples(50, 50, "a"), {START: 0.0, "a": 30.0}, trust=0.01)

    assert abs(weights["a"] + weights[START]) < 5


def test_it_ends_though_the_weights_still_move(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("libconsortium.core.catalogue.learning._ROUNDS", 1)

    assert 0 < learned(_examples(30, 10), {START: 0.0}, trust=1e-6)[START] < log(3)


@given(st.floats(-1e6, 1e6))
def test_a_score_is_between_0_and_1_and_mirrored(total: float) -> None:
    assert 0 <= score(total) <= 1
    assert score(total) + score(-total) == pytest.approx(1.0)


_found = st.dictionaries(st.sampled_from("abc"), st.floats(-2, 2), max_size=3)
_examples_given = st.lists(
    st.builds(Example, found=_found, is_same=st.booleans(), weight=st.floats(0.1, 3)), max_size=12
)


@given(_examples_given, st.floats(0.5, 4))
def test_the_result_cannot_be_bettered_nearby(examples: list[Example], trust: float) -> None:
    before = {START: -1.0, "a": 0.5}
    weights = learned(examples, before, trust=trust)

    def loss(weights: dict[str, float]) -> float:
        of_examples = 0.0
        for one in examples:
            total = weights[START] + sum(weights[name] * by for name, by in one.found.items())
            of_examples -= one.weight * log(score(total if one.is_same else -total))
        strayed = sum((value - before.get(name, 0.0)) ** 2 for name, value in weights.items())
        return of_examples + trust * strayed / 2

    best = loss(weights)
    for name in weights:
        for step in (-0.01, 0.01):
            assert loss({**weights, name: weights[name] + step}) >= best - 1e-9
