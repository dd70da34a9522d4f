"""What a sponsor pays of a bill."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from fractions import Fraction

from libconsortium.core.errors import SettingsError, SplitError
from libconsortium.core.money import Money
from libconsortium.core.sharing.policies import Policy
from libconsortium.core.sharing.policy_values import Rate


def sponsor_part(
    policy: Policy,
    bill: Money,
    *,
    year: int = 0,
    figures: Mapping[str, Mapping[str, Fraction]] | None = None,
    members: Collection[str] = (),
) -> Money:
    """Return what the sponsor pays of a bill, rounded to a whole minor unit, halves up.

    Args:
        policy: The policy.
        bill: The bill.
        year: The year of the bill, for a sponsor whose part changes over the years.
        figures: Prepared figures by driver and member, for support per unit of a driver.
        members: The members whose units are supported.

    Raises:
        SettingsError: It pays an amount that is above the bill.
        SplitError: A member has no figure for the driver that is supported.
    """
    rule = policy.sponsor
    if rule is None:
        return Money(0, bill.currency)
    paid = rule.in_year(year)
    if isinstance(paid, Fraction):
        return Money.rounded(paid * bill.minor, bill.currency)
    if rule.per:
        support = _per_unit(paid, rule.per, figures or {}, members)
    else:
        support = Money.rounded(Fraction(paid.minor), paid.currency)
    if bill < support:
        raise SettingsError(
            "the sponsor pays {pays}, which is more than the bill of {bill}",
            pays=support,
            bill=bill,
        )
    return support


def _per_unit(
    paid: Money | Rate,
    driver: str,
    figures: Mapping[str, Mapping[str, Fraction]],
    members: Collection[str],
) -> Money:
    of = figures.get(driver, {})
    for member in members:
        if member not in of:
            raise SplitError(
                "the member {member!r} has no figure for {driver!r}; find it, or take the"
                " member out of the split",
                member=member,
                driver=driver,
            )
    each = Fraction(paid.minor)
    return Money.rounded(each * sum((of[member] for member in members), Fraction(0)), paid.currency)
