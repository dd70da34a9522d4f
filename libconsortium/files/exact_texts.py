"""Reads numbers and costs from texts exactly; what is not exact or of absurd size is refused."""

from __future__ import annotations

import ast
import contextlib
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import zip_longest
from typing import TypeGuard

from libconsortium.core.errors import SplitError
from libconsortium.core.games.games import ZERO, Polynomial
from libconsortium.core.money import exact

_MOST_DIGITS = 400
_MOST_POWER = 12
_MOST_DEPTH = 100


def exact_number(given: object, field: str) -> Fraction:
    """Read a number exactly; a missing one, a float, NaN or one of absurd size is refused.

    >>> exact_number("5/4", "cost"), exact_number(3, "cost")
    (Fraction(5, 4), Fraction(3, 1))
    """
    if isinstance(given, Decimal):
        size = given.adjusted() if given.is_finite() else _MOST_DIGITS
        small = given.is_finite() and (not given or abs(size) < _MOST_DIGITS)
        if small and abs(int(given.as_tuple().exponent)) < 2 * _MOST_DIGITS:
            return Fraction(given)
    elif isinstance(given, int | Fraction) or _is_plain(given):
        with contextlib.suppress(SplitError):
            return exact(given)
    raise SplitError("{field!r} is not a number that can be read exactly", field=field)


def _is_plain(given: object) -> TypeGuard[str]:
    """Return whether something is a text short of exponents, which could be of absurd size."""
    return isinstance(given, str) and len(given) <= _MOST_DIGITS and not set(given) & set("eE")


def polynomial(text: str) -> Polynomial:
    """Read a cost as a function of the quantity ``q``: ``"q^2"``, ``"10 + 3*q - q**2/4"``.

    Raises:
        SplitError: The text is something else than a polynomial of ``q``.

    >>> polynomial("q^2 + 1/2*q").coefficients
    (Fraction(0, 1), Fraction(1, 2), Fraction(1, 1))
    """
    try:
        tree = ast.parse(text.replace("^", "**").replace("·", "*"), mode="eval").body
        return Polynomial(coefficients=tuple(_coefficients(tree, 0)))
    except (
        SyntaxError,
        TypeError,
        ValueError,
        ZeroDivisionError,
        RecursionError,
        MemoryError,
    ) as error:
        raise SplitError(
            "cannot read {text!r} as a cost; write a polynomial of the quantity q like"
            " '10 + 3*q + q^2'",
            text=text[:80],
        ) from error


def _coefficients(node: ast.expr, depth: int) -> list[Fraction]:
    if depth > _MOST_DEPTH:
        raise ValueError(depth)
    if isinstance(node, ast.Constant) and type(node.value) in {int, float}:
        return [Fraction(repr(node.value))]
    if isinstance(node, ast.Name) and node.id in {"q", "Q", "x"}:
        return [ZERO, Fraction(1)]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return [-one for one in _coefficients(node.operand, depth + 1)]
    if not isinstance(node, ast.BinOp):
        raise TypeError(type(node).__name__)
    left, right = _coefficients(node.left, depth + 1), _coefficients(node.right, depth + 1)
    return _combined(node.op, left, right)


def _combined(
    operator: ast.operator, left: list[Fraction], right: list[Fraction]
) -> list[Fraction]:
    if isinstance(operator, ast.Add):
        return [one + other for one, other in zip_longest(left, right, fillvalue=ZERO)]
    if isinstance(operator, ast.Sub):
        return [one - other for one, other in zip_longest(left, right, fillvalue=ZERO)]
    if isinstance(operator, ast.Mult) and len(left) + len(right) <= _MOST_POWER + 2:
        return _product(left, right)
    if isinstance(operator, ast.Div) and len(right) == 1:
        return [one / right[0] for one in left]
    if isinstance(operator, ast.Pow) and len(right) == 1 and right[0].denominator == 1:
        power = right[0].numerator
        if 0 <= power <= _MOST_POWER and (len(left) - 1) * power <= _MOST_POWER:
            result = [Fraction(1)]
            for _ in range(power):
                result = _product(result, left)
            return result
    raise ValueError(type(operator).__name__)


def _product(left: Sequence[Fraction], right: Sequence[Fraction]) -> list[Fraction]:
    product = [ZERO] * (len(left) + len(right) - 1)
    for low, one in enumerate(left):
        for high, other in enumerate(right):
            product[low + high] += one * other
    return product
