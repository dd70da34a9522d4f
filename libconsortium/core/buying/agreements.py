"""Agreements over several years: what each year costs when the rise of the price is capped."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import attrs

from libconsortium.core.errors import SettingsError
from libconsortium.core.money import Money, exact


def _part_or_none(number: object) -> Fraction | None:
    if number is None:
        return None
    part = exact(number)  # type: ignore[arg-type] # exact() refuses what is no number
    if part < 0:
        raise SettingsError("a cap on the rise cannot be negative, got {part!r}", part=number)
    return part


@attrs.frozen(kw_only=True)
class Agreement:
    """A subscription agreed for several years.

    Args:
        first_year: The first year.
        years: How many years, at least 1.
        price: The price of the first year.
        rise: By how much the price rises every year (``"3%"``) where no quote is known.
        cap: The most it may rise from one year to the next; ``None`` without a cap.
        quotes: What the supplier asks for in single years, where that is known.

    Raises:
        SettingsError: There is no year, or a cap is negative.
    """

    first_year: int
    years: int = attrs.field()
    price: Money
    rise: Fraction = attrs.field(default=Fraction(0), converter=exact)
    cap: Fraction | None = attrs.field(default=None, converter=_part_or_none)
    quotes: Mapping[int, Money] = attrs.field(factory=dict)

    @years.validator
    def _at_least_one(self, _: object, years: int) -> None:
        if years < 1:
            raise SettingsError("an agreement lasts at least 1 year, got {years}", years=years)

    def prices(self) -> dict[int, Money]:
        """Return the price of every year.

        A year costs what is quoted for it, or the year before with the agreed rise; never more
        than the cap allows. Every price is a whole amount: the cap is rounded down, so that it is
        kept, an agreed rise to the nearest unit.

        Raises:
            CurrencyMismatchError: A quote is in another currency.

        >>> agreed = Agreement(
        ...     first_year=2027, years=3, price=Money(1000, "VND"), rise="3%", cap="5%",
        ...     quotes={2028: Money(1100, "VND")},
        ... )
        >>> [price.minor for price in agreed.prices().values()]
        [1000, 1050, 1082]
        """
        found = {self.first_year: self.price}
        for year in range(self.first_year + 1, self.first_year + self.years):
            before = found[year - 1]
            risen = Money.rounded(before.minor * (1 + self.rise), before.currency)
            asked = self.quotes.get(year, risen)
            found[year] = asked if self.cap is None else min(asked, _capped(before, self.cap))
        return found


def _capped(before: Money, cap: Fraction) -> Money:
    return Money(before.minor * (1 + cap) // 1, before.currency)
