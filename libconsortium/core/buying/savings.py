"""What members save by buying together; what a sponsor gives is never counted as a saving."""

from __future__ import annotations

import attrs

from libconsortium.core.money import Money


@attrs.frozen(kw_only=True)
class Saving:
    """What joining saves, and what the sponsor adds, kept apart.

    Args:
        by_joining: Sum of the prices of buying alone less the consortium's price; negative if
            joining costs more.
        sponsor_relief: The consortium's price less what the members pay.
    """

    by_joining: Money
    sponsor_relief: Money


def saving(*, alone: Money, together: Money, members_pay: Money) -> Saving:
    """Compare buying alone with buying together.

    Args:
        alone: Sum of the members' prices of buying alone.
        together: The whole price the consortium pays, sponsor's money included.
        members_pay: What of it the members pay.

    >>> found = saving(
    ...     alone=Money(5_000_000_000, "VND"),
    ...     together=Money(3_564_912_281, "VND"),
    ...     members_pay=Money(2_138_947_369, "VND"),
    ... )
    >>> found.by_joining.minor, found.sponsor_relief.minor
    (1435087719, 1425964912)
    """
    return Saving(by_joining=alone - together, sponsor_relief=together - members_pay)
