"""Where a driver's figures come from, and how they are made ready to divide by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction

import attrs

from libconsortium.core.errors import SettingsError
from libconsortium.core.sharing.bands import Band, refuse_faults
from libconsortium.core.sharing.policy_values import (
    above_zero,
    not_negative,
    not_negative_or_none,
    texts,
    whole_numbers,
)

Figures = Mapping[str, Fraction]
"""One exact figure by member; who has none is not there."""

OF_MEMBERSHIP = "of membership"
ZERO = Fraction(0)


def _jump(number: str | int | Fraction | None) -> Fraction | None:
    read = not_negative_or_none(number)
    if read is not None and read <= 1:
        raise SettingsError("a jump is a factor above 1 (2 for doubled), got {jump}", jump=number)
    return read


@attrs.frozen(kw_only=True)
class DriverRule:
    """Where the figures of one driver come from, and how they are prepared.

    What stands here is done in this order: the measure or what several come to, the years, the
    surrogate, the allowance, the bounds, the rank, the bands.

    Args:
        measure: Name of the measure or usage metric; the driver's own name if empty.
        least_of: Several measures of which the least counts (income, expenditure).
        sum_of: Several measures that are added up.
        product_of: Several measures that are multiplied.
        mean_of_years: Mean of the latest so many years; 1 takes the figure as it is.
        lowest_of_years: The lowest of the latest so many years.
        years: Exactly these years, and the mean of them; for figures that were frozen.
        as_of: No figure of a period that ends after this day counts.
        fewest_years: A mean or lowest of several years takes the years a member has, if they are
            so many; 0 asks for all of them.
        months: Which months of usage count, in words (``of membership``); empty for all.
        surrogate: The measure that stands in for a member without a figure (its first year).
        if_missing: The figure of a member without one; nothing: the split stops and names it.
        allowance: So many units are free of charge: they are taken off every figure.
        at_least: The least that a figure counts for.
        at_most: The most that a figure counts for.
        rank: The member's place counts, 1 for the largest figure; equal figures share a place.
        bands: What the figure gives by the band it lies in.
        marginal: The bands add up, each for the units inside it, so that no border is a jump.
        step: The distance of two neighbouring figures in the bands: 1 for whole numbers.
        jump: A figure that is more than so many times last year's, or less than that part of it,
            is reported (2: doubled or halved).

    >>> DriverRule(mean_of_years=3).span
    3
    """

    measure: str = ""
    least_of: Sequence[str] = attrs.field(default=(), converter=texts)
    sum_of: Sequence[str] = attrs.field(default=(), converter=texts)
    product_of: Sequence[str] = attrs.field(default=(), converter=texts)
    mean_of_years: int = 1
    lowest_of_years: int = 1
    years: Sequence[int] = attrs.field(default=(), converter=whole_numbers)
    as_of: date | None = None
    fewest_years: int = 0
    months: str = ""
    surrogate: str = ""
    if_missing: Fraction | None = attrs.field(default=None, converter=not_negative_or_none)
    allowance: Fraction = attrs.field(default=ZERO, converter=not_negative)
    at_least: Fraction | None = attrs.field(default=None, converter=not_negative_or_none)
    at_most: Fraction | None = attrs.field(default=None, converter=not_negative_or_none)
    rank: bool = False
    bands: Sequence[Band] = ()
    marginal: bool = False
    step: Fraction = attrs.field(default=Fraction(1), converter=above_zero)
    jump: Fraction | None = attrs.field(default=None, converter=_jump)

    def __attrs_post_init__(self) -> None:
        """Refuse what contradicts itself."""
        for field in ("mean_of_years", "lowest_of_years"):
            if getattr(self, field) < 1:
                raise SettingsError(
                    "a mean needs at least 1 year, got {years}",
                    years=getattr(self, field),
                    field=field,
                )
        _one_of(self, "measure", "least_of", "sum_of", "product_of")
        _one_of(self, "mean_of_years", "lowest_of_years", "years")
        if self.months not in ("", OF_MEMBERSHIP):
            raise SettingsError(
                "months are 'of membership' or left out, got {months!r}",
                months=self.months,
                field="months",
            )
        if self.at_least is not None and self.at_most is not None and self.at_least > self.at_most:
            raise SettingsError("at_least is above at_most", field="at_least")
        refuse_faults(self.bands, self.step)

    @property
    def span(self) -> int:
        """How many years are looked at."""
        return max(self.mean_of_years, self.lowest_of_years, len(self.years))

    def measures(self, name: str) -> tuple[str, ...]:
        """Return the measures the driver called so is made of, without its surrogate.

        >>> DriverRule(least_of=["income", "expenditure"]).measures("means")
        ('income', 'expenditure')
        """
        several = tuple(self.least_of or self.sum_of or self.product_of)
        return several or (self.measure or name,)


def _one_of(rule: DriverRule, *fields: str) -> None:
    given = [field for field in fields if getattr(rule, field) not in ("", 1, ())]
    if len(given) > 1:
        raise SettingsError("give only one of: {fields}", fields=", ".join(given), field=given[-1])
