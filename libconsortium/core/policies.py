"""A cost-sharing policy: how a bill is divided, as the conference adopted it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

import attrs

from libconsortium.core.errors import SettingsError
from libconsortium.core.money import Money, exact

Number = str | int | Decimal | Fraction
SPONSOR = "sponsor"
"""The name of the party that pays a sponsor's part."""

PROPORTIONAL = "proportional"
"""The cost model behind every driver, and the claims rule that lowers all shares alike."""


def _part(number: Number) -> Fraction:
    part = exact(number)
    if not 0 <= part <= 1:
        raise SettingsError("expected a part between 0% and 100%, got {part!r}", part=number)
    return part


def _part_or_none(number: Number | None) -> Fraction | None:
    return None if number is None else _part(number)


def _rise_or_none(number: Number | None) -> Fraction | None:
    if number is None:
        return None
    rise = exact(number)
    if rise < 0:
        raise SettingsError("a rise cannot be negative, got {rise!r}", rise=number)
    return rise


def _amount(given: str | Money) -> Money:
    if not isinstance(given, str | Money):
        raise SettingsError(
            'expected an amount with its currency in quotes ("5000000 VND"), got {given!r}',
            given=given,
        )
    amount = Money.parse(given) if isinstance(given, str) else given
    if amount.minor < 0:
        raise SettingsError("expected an amount of zero or more, got {amount}", amount=amount)
    return amount


def _amount_or_none(given: str | Money | None) -> Money | None:
    return None if given is None else _amount(given)


def _weight(number: Number) -> Fraction:
    weight = exact(number)
    if weight <= 0:
        raise SettingsError("a weight must be above zero, got {weight!r}", weight=number)
    return weight


def _pays(given: Number | Money) -> Fraction | Money:
    if isinstance(given, Money) or (isinstance(given, str) and given.strip()[-1:].isalpha()):
        return _amount(given)
    return _part(given)


@attrs.frozen(kw_only=True)
class DriverRule:
    """Where the figures of one driver come from.

    Args:
        measure: Name of the measure or usage metric; the driver's own name if empty.
        mean_of_years: Mean of the latest so many years; 1 takes the figure as it is.
        months: Which months of usage count, in words (``of membership``); empty for all.
    """

    measure: str = ""
    mean_of_years: int = attrs.field(default=1)
    months: str = ""

    @mean_of_years.validator
    def _at_least_one(self, _: object, value: int) -> None:
        if value < 1:
            raise SettingsError(
                "a mean needs at least 1 year, got {years}", years=value, field="mean_of_years"
            )


@attrs.frozen(kw_only=True)
class SponsorRule:
    """What the sponsor pays before the members share the rest.

    Args:
        pays: A part of the bill (``"40%"``) or an amount (``"500000000 VND"``).
        by: The claims rule that divides the sponsor's money among the members' shares;
            ``proportional`` lowers every share by the same percentage.
    """

    pays: Fraction | Money = attrs.field(converter=_pays)
    by: str = PROPORTIONAL


@attrs.frozen(kw_only=True)
class MixTerm:
    """One part of a mixture.

    Args:
        weight: Its weight, above zero; the weights of a policy add up to 100 or to 1.
        by: A cost model (``equal``) or a driver of the policy, shared in proportion to it.
        parameters: What the cost model is given, by name.
    """

    weight: Fraction = attrs.field(converter=_weight)
    by: str
    parameters: Mapping[str, object] = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class LimitRule:
    """Bounds on what a member pays.

    Args:
        rise: Most above last year (``"15%"``); a member without a last year has no such bound.
        fall: Most below last year.
        floor: Least that anybody pays.
        ceiling: Most that anybody pays.
        standalone: Nobody pays more than its price of buying alone.
        absorber: Who pays, or keeps, what the limits leave over: ``sponsor`` or any name
            (``reserve``). Empty: such a split is refused as infeasible.
    """

    rise: Fraction | None = attrs.field(default=None, converter=_rise_or_none)
    fall: Fraction | None = attrs.field(default=None, converter=_part_or_none)
    floor: Money | None = attrs.field(default=None, converter=_amount_or_none)
    ceiling: Money | None = attrs.field(default=None, converter=_amount_or_none)
    standalone: bool = False
    absorber: str = ""


@attrs.frozen(kw_only=True)
class RoundingRule:
    """The unit shares are rounded to.

    Args:
        unit: Minor units (đồng, cents), at least 1.
        remainder: Who pays what a unit above 1 leaves over: ``sponsor`` or any name.

    Raises:
        SettingsError: The unit is coarser than 1 and nobody is named for the remainder.
    """

    unit: int = 1
    remainder: str = ""

    def __attrs_post_init__(self) -> None:
        """Refuse a unit nobody can pay in."""
        if self.unit < 1:
            raise SettingsError(
                "the rounding unit is at least 1, got {unit}", unit=self.unit, field="unit"
            )
        if self.unit > 1 and not self.remainder:
            raise SettingsError(
                "a rounding unit of {unit} leaves a remainder; say who pays it, for example"
                ' remainder = "sponsor"',
                unit=self.unit,
                field="unit",
            )


@attrs.frozen(kw_only=True)
class Policy:
    """How a bill is divided among members.

    Args:
        name: What the office calls it.
        mix: The parts the members' shares are mixed from; their weights add up to 100 or 1.
        source: The resolution or publication it comes from.
        version: Which version of it; empty if there is only one.
        drivers: The drivers it uses, by name.
        sponsor: What a sponsor pays; ``None`` without sponsor.
        limits: Bounds on what a member pays; ``None`` without.
        rounding: How shares are rounded.

    Raises:
        SettingsError: The weights do not add up, or the mix is empty.

    >>> Policy(name="Equal", mix=[MixTerm(weight=100, by="equal")]).parts()
    (('equal', Fraction(1, 1)),)
    """

    name: str
    mix: Sequence[MixTerm] = attrs.field()
    source: str = ""
    version: str = ""
    drivers: Mapping[str, DriverRule] = attrs.field(factory=dict)
    sponsor: SponsorRule | None = None
    limits: LimitRule | None = None
    rounding: RoundingRule = RoundingRule()

    @mix.validator
    def _weights_add_up(self, _: object, mix: tuple[MixTerm, ...]) -> None:
        whole = sum(term.weight for term in mix)
        if whole not in {1, 100}:
            raise SettingsError(
                "the weights of the mix add up to {whole}, not to 100",
                whole=str(whole) if whole.denominator == 1 else f"{float(whole):g}",
                field="mix",
            )

    def parts(self) -> tuple[tuple[str, Fraction], ...]:
        """Return what the mix is by, and with which part of the whole, in the policy's order."""
        whole = sum((term.weight for term in self.mix), Fraction(0))
        return tuple((term.by, term.weight / whole) for term in self.mix)


def sponsor_part(policy: Policy, bill: Money) -> Money:
    """Return what the sponsor pays of a bill, rounded to a whole minor unit, halves up.

    Raises:
        SettingsError: It pays a fixed amount that is above the bill.
    """
    if policy.sponsor is None:
        return Money(0, bill.currency)
    pays = policy.sponsor.pays
    if isinstance(pays, Fraction):
        return Money.rounded(pays * bill.minor, bill.currency)
    if bill < pays:
        raise SettingsError(
            "the sponsor pays {pays}, which is more than the bill of {bill}", pays=pays, bill=bill
        )
    return pays


def prepared(
    rules: Mapping[str, DriverRule], figures: Mapping[str, Mapping[str, Fraction]]
) -> dict[str, Mapping[str, Fraction]]:
    """Return the drivers a policy speaks of, as means of years where it asks for them.

    Args:
        rules: The policy's drivers.
        figures: Figures by driver and member. A driver may stand for a year: ``fte:2025``. Where
            the plain name is there, it is taken as prepared already.

    Raises:
        SettingsError: Years are missing for a mean.

    >>> figures = {"fte:2024": {"a": Fraction(10)}, "fte:2025": {"a": Fraction(20)}}
    >>> prepared({"fte": DriverRule(mean_of_years=2)}, figures)["fte"]
    {'a': Fraction(15, 1)}
    """
    ready = dict(figures)
    for name, rule in rules.items():
        measure = rule.measure or name
        if name not in ready and measure in ready:
            ready[name] = figures[measure]
        elif name not in ready:
            years = sorted({key for key in figures if key.rpartition(":")[0] in {name, measure}})
            if years:
                ready[name] = _mean(name, rule.mean_of_years, [figures[key] for key in years])
    return ready


def _mean(name: str, years: int, figures: list[Mapping[str, Fraction]]) -> dict[str, Fraction]:
    if len(figures) < years:
        raise SettingsError(
            "{driver!r} is a mean of {years} years, but there are figures for {found} only",
            driver=name,
            years=years,
            found=len(figures),
        )
    latest = figures[-years:]
    members = sorted(set(latest[0]).intersection(*latest))
    return {member: sum((of[member] for of in latest), Fraction(0)) / years for member in members}
