"""Stretches of whole months, as reports speak of them."""

from __future__ import annotations

import attrs

_MONTHS = 12


@attrs.frozen(order=True)
class Period:
    """A stretch of whole months.

    Args:
        first: First month, counted from January of the year 0.
        last: Last month, counted likewise; not before the first.

    >>> grant = Period.of_years(2019, 2020)
    >>> grant.months, grant.years, str(grant), Period.of_years(2019) in grant
    (24, (2019, 2020), '2019-2020', True)
    """

    first: int
    last: int

    @classmethod
    def of_years(cls, first: int, last: int | None = None) -> Period:
        """Return the months of one year, or of several."""
        return cls(first * _MONTHS, (last or first) * _MONTHS + _MONTHS - 1)

    @property
    def months(self) -> int:
        """How many months it has."""
        return self.last - self.first + 1

    @property
    def years(self) -> tuple[int, int]:
        """The years it begins and ends in."""
        return self.first // _MONTHS, self.last // _MONTHS

    def __contains__(self, other: Period) -> bool:
        """Say whether another stretch lies within this one."""
        return self.first <= other.first and other.last <= self.last

    def overlaps(self, other: Period) -> bool:
        """Say whether two stretches share a month.

        >>> Period.of_years(2018, 2019).overlaps(Period.of_years(2019, 2020))
        True
        """
        return self.first <= other.last and other.first <= self.last

    def __str__(self) -> str:
        """Return the years, or the months where they are no whole years."""
        first, last = self.years
        if self == Period.of_years(first, last):
            return str(first) if first == last else f"{first}-{last}"
        ends = [f"{month // _MONTHS}-{month % _MONTHS + 1:02}" for month in (self.first, self.last)]
        return ends[0] if ends[0] == ends[1] else "/".join(ends)
