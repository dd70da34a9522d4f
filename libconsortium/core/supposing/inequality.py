"""How unequal amounts are."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from libconsortium.core.money import Money


def gini(amounts: Iterable[Money]) -> Fraction:
    """Return the Gini coefficient of amounts: 0 if all are the same, towards 1 if one has all.

    Args:
        amounts: Amounts of one currency, not negative; nothing, or only zeros, is equal.

    Source: Gini, "Variabilità e mutabilità" (1912), as half the relative mean difference.

    >>> gini([Money(1, "VND"), Money(3, "VND")]), gini([])
    (Fraction(1, 4), Fraction(0, 1))
    """
    ordered = sorted(amount.minor for amount in amounts)
    whole, count = sum(ordered), len(ordered)
    if not whole:
        return Fraction(0)
    ranked = sum(rank * amount for rank, amount in enumerate(ordered, 1))
    return Fraction(2 * ranked, count * whole) - Fraction(count + 1, count)
