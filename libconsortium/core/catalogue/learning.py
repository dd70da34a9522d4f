"""Logistic regression in plain Python: how much each thing found in a pair counts, from examples.

Weights are natural logarithms of odds: they add up, and ``1 / (1 + e**-sum)`` is the score. A
weight stays where it was before unless the examples say otherwise, so that a few hundred of them
move what they speak of and leave the rest alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import exp

import attrs

START = "start"
"""Name of the weight that every pair has, before anything is known of it."""

_ROUNDS = 50
_STEP_SMALL_ENOUGH = 1e-6
_LONGEST_STEP = 5.0
_FARTHEST = 35.0  # beyond, the score is 0 or 1 to the last digit


@attrs.frozen(kw_only=True)
class Example:
    """A pair that somebody judged.

    Args:
        found: What was found in it, by name, and how strongly.
        is_same: Whether the two are the same publication.
        weight: How much it counts beside the others.
    """

    found: Mapping[str, float]
    is_same: bool
    weight: float = 1.0


def score(total: float) -> float:
    """Return the score from 0 to 1 that a sum of weights gives.

    >>> score(0.0), round(score(3.0), 3)
    (0.5, 0.953)
    """
    return 1 / (1 + exp(-max(-_FARTHEST, min(_FARTHEST, total))))


def learned(
    examples: Iterable[Example], before: Mapping[str, float], *, trust: float = 1.0
) -> dict[str, float]:
    """Return the weights that explain the examples best and stray least from those before.

    Args:
        examples: Judged pairs; none leaves everything as it was.
        before: The weights so far, ``START`` among them; names not in it start from 0.
        trust: How firmly the weights before are held to, above 0: a weight that strays by one
            costs as much as ``trust / 2`` in the logarithm of the odds.

    Source: Newton's method on the logistic likelihood with a normal prior (McCullagh and Nelder,
    Generalized Linear Models, 4.4).

    >>> pairs = [Example(found={"same-year": 1.0}, is_same=True)] * 20
    >>> weights = learned(pairs, {"start": -1.0, "same-year": 0.0})
    >>> weights["same-year"] > 1.0
    True
    """
    judged = [({START: 1.0, **one.found}, one.is_same, one.weight) for one in examples]
    names = sorted({START, *before, *(name for found, _, _ in judged for name in found)})
    places = {name: place for place, name in enumerate(names)}
    rows = [
        ([(places[name], value) for name, value in found.items()], float(is_same), weight)
        for found, is_same, weight in judged
    ]
    prior = [before.get(name, 0.0) for name in names]
    weights = list(prior)
    for _ in range(_ROUNDS):
        step = _newton_step(rows, weights, prior, trust)
        longest = max(map(abs, step), default=0.0)
        shrink = min(1.0, _LONGEST_STEP / longest) if longest else 1.0
        weights = [weight + shrink * by for weight, by in zip(weights, step, strict=True)]
        if longest < _STEP_SMALL_ENOUGH:
            break
    return dict(zip(names, weights, strict=True))


_Row = tuple[list[tuple[int, float]], float, float]


def _newton_step(
    rows: Iterable[_Row], weights: Sequence[float], prior: Sequence[float], trust: float
) -> list[float]:
    size = len(weights)
    slope = [trust * (was - now) for was, now in zip(prior, weights, strict=True)]
    curve = [[0.0] * size for _ in range(size)]
    for place in range(size):
        curve[place][place] = trust
    for found, is_same, weight in rows:
        likely = score(sum(weights[place] * value for place, value in found))
        error, spread = weight * (is_same - likely), weight * likely * (1 - likely)
        for place, value in found:
            slope[place] += error * value
            line, part = curve[place], spread * value
            for other, amount in found:
                line[other] += part * amount
    return _solved(curve, slope)


def _solved(curve: list[list[float]], slope: list[float]) -> list[float]:
    """Solve linear equations whose matrix is symmetric and positive (Cholesky)."""
    size = len(slope)
    root = [[0.0] * size for _ in range(size)]
    for row in range(size):
        for column in range(row + 1):
            rest = curve[row][column] - sum(
                root[row][one] * root[column][one] for one in range(column)
            )
            root[row][column] = rest**0.5 if row == column else rest / root[column][column]
    halfway: list[float] = []
    for row in range(size):
        rest = slope[row] - sum(root[row][one] * halfway[one] for one in range(row))
        halfway.append(rest / root[row][row])
    found = [0.0] * size
    for row in reversed(range(size)):
        rest = halfway[row] - sum(root[one][row] * found[one] for one in range(row + 1, size))
        found[row] = rest / root[row][row]
    return found
