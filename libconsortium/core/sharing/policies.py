"""A cost-sharing policy: how a bill is divided, as the conference adopted it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

import attrs

from libconsortium.core.errors import SettingsError
from libconsortium.core.money import Money
from libconsortium.core.sharing.drivers import DriverRule
from libconsortium.core.sharing.fees import FeeRule
from libconsortium.core.sharing.mixes import (
    MixTerm,
    StrataRule,
    Way,
    mixes_over,
    numbered,
    terms_of,
    texts_in,
    whole_of,
)
from libconsortium.core.sharing.policy_values import (
    Rate,
    amount_or_none,
    part_or_none,
    pays,
    pays_or_none,
    rise_or_none,
    texts,
)

SPONSOR = "sponsor"
"""The name of the party that pays a sponsor's part."""

PROPORTIONAL = "proportional"
"""The cost model behind every driver, and the claims rule that lowers all shares alike."""


SCALED = "scaled"
"""Instead of a party: the fees are scaled until they come to the bill."""

OWN_FIGURES = ("last_year", "standalone")
"""Figures every split may have of its own; a policy may divide by them without naming them."""


def _by_year(given: object) -> dict[str, Fraction | Money | Rate]:
    if not isinstance(given, Mapping):
        raise SettingsError(
            'expected a table of years: {{ 2026 = "46%" }}, got {given!r}', given=given
        )
    found: dict[str, Fraction | Money | Rate] = {}
    for year, paid in sorted(given.items(), key=lambda one: str(one[0])):
        if not str(year).isdigit():
            raise SettingsError("expected a year, got {year!r}", year=year)
        found[str(year)] = pays(paid)
    return found


@attrs.frozen(kw_only=True)
class SponsorRule:
    """What the sponsor pays before the members share the rest.

    Args:
        pays: A part of the bill (``"40%"``) or an amount (``"500000000 VND"``); together with
            ``per``, an amount for every unit of a driver (``"6.22 USD"`` a student).
        by: The claims rule that divides the sponsor's money among the members' shares;
            ``proportional`` lowers every share by the same percentage.
        per: The driver of whose units each is supported; empty for the bill as a whole.
        pays_in: What the sponsor pays from a year on, where it changes (``{ 2026 = "46%" }``);
            ``pays`` holds before the first of them, and where the bill has no year.

    Raises:
        SettingsError: It does not say what is paid, or ``per`` stands without an amount.
    """

    pays: Fraction | Money | Rate | None = attrs.field(default=None, converter=pays_or_none)
    by: str = PROPORTIONAL
    per: str = ""
    pays_in: Mapping[str, Fraction | Money | Rate] = attrs.field(factory=dict, converter=_by_year)

    def __attrs_post_init__(self) -> None:
        """Refuse a sponsor that does not say what it pays."""
        if self.pays is None and not self.pays_in:
            raise SettingsError("say what the sponsor pays, or pays_in which year", field="pays")
        for paid in (self.pays, *self.pays_in.values()):
            if self.per and isinstance(paid, Fraction):
                raise SettingsError(
                    "what the sponsor pays per unit is an amount with its currency", field="pays"
                )
            if not self.per and isinstance(paid, Rate):
                raise SettingsError(
                    "{pays} has more decimals than its currency; only with per = a driver",
                    pays=paid,
                    field="pays",
                )

    def in_year(self, year: int) -> Fraction | Money | Rate:
        """Return what the sponsor pays in a year.

        Raises:
            SettingsError: The years begin later, and nothing is said for the time before.

        >>> SponsorRule(pays="78%", pays_in={"2018": "46%"}).in_year(2020)
        Fraction(23, 50)
        """
        begun = [given for given in self.pays_in if int(given) <= year]
        paid = self.pays_in[max(begun, key=int)] if begun else self.pays
        if paid is None:
            raise SettingsError(
                "the policy does not say what the sponsor pays in {year}, only from {first} on",
                year=year,
                first=min(self.pays_in, key=int),
            )
        return paid


@attrs.frozen(kw_only=True)
class LimitRule:
    """Bounds on what a member pays.

    Args:
        rise: Most above last year (``"15%"``); a member without a last year has no such bound.
        fall: Most below last year; ``"0%"``: nobody pays less than last year.
        floor: Least that anybody pays.
        ceiling: Most that anybody pays.
        of_budget: Most in parts of the member's budget (``"10%"``).
        budget: The driver that holds the budgets, in major units of the bill's currency.
        standalone: Nobody pays more than its price of buying alone.
        exempt: Ids of members who pay nothing.
        absorber: Who pays, or keeps, what the limits leave over: ``sponsor`` or any name
            (``reserve``). Empty: such a split is refused as infeasible.
        spread: What limits take from one member is spread over the others; ``false``: all of it
            goes to the absorber, and nobody else's share changes.

    Raises:
        SettingsError: Nothing is spread, and there is no absorber; or the floor lies above the
            ceiling, or is in another currency.
    """

    rise: Fraction | None = attrs.field(default=None, converter=rise_or_none)
    fall: Fraction | None = attrs.field(default=None, converter=part_or_none)
    floor: Money | None = attrs.field(default=None, converter=amount_or_none)
    ceiling: Money | None = attrs.field(default=None, converter=amount_or_none)
    of_budget: Fraction | None = attrs.field(default=None, converter=part_or_none)
    budget: str = "budget"
    standalone: bool = False
    exempt: Sequence[str] = attrs.field(default=(), converter=texts)
    absorber: str = ""
    spread: bool = True

    def __attrs_post_init__(self) -> None:
        """Refuse limits that leave money with nobody."""
        if not self.spread and not self.absorber:
            raise SettingsError(
                "somebody has to take what the limits leave over; name an absorber",
                field="spread",
            )
        low, high = self.floor, self.ceiling
        if (
            low
            and high
            and (low.currency, low.minor) != (high.currency, min(low.minor, high.minor))
        ):
            raise SettingsError(
                "the floor {floor} lies above the ceiling {ceiling}, or is in another currency",
                floor=low,
                ceiling=high,
                field="floor",
            )


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
        mix: The parts the members' shares are mixed from; their weights add up to 100 or 1. May
            be left out where fees say it all.
        source: The resolution or publication it comes from.
        version: Which version of it; empty if there is only one.
        drivers: The drivers it uses, by name.
        sponsor: What a sponsor pays; ``None`` without sponsor.
        fees: Fees that are fixed whatever the bill comes to; the mix shares what they leave.
        remainder: Without a mix: who pays, or keeps, what the fees leave of the bill (``sponsor``
            or any name), or ``scaled`` if the fees are scaled until they come to the bill.
        strata: Groups that the bill is divided between first; ``None`` without.
        limits: Bounds on what a member pays; ``None`` without.
        rounding: How shares are rounded.

    Raises:
        SettingsError: The weights do not add up, or nothing says how the bill is divided.

    >>> Policy(name="Equal", mix=[MixTerm(weight=100, by="equal")]).parts()
    (('equal', Fraction(1, 1)),)
    """

    name: str
    mix: Sequence[MixTerm] = attrs.field(default=())
    source: str = ""
    version: str = ""
    drivers: Mapping[str, DriverRule] = attrs.field(factory=dict)
    sponsor: SponsorRule | None = None
    fees: Sequence[FeeRule] = ()
    remainder: str = ""
    strata: StrataRule | None = None
    limits: LimitRule | None = None
    rounding: RoundingRule = RoundingRule()

    @mix.validator
    def _weights_add_up(self, _: object, mix: Sequence[MixTerm]) -> None:
        if mix or not (self.fees or self.strata):
            whole_of(mix)

    def __attrs_post_init__(self) -> None:
        """Refuse a policy that leaves a part of the bill with nobody."""
        if self.remainder and (self.mix or not self.fees):
            raise SettingsError(
                "a remainder is left where there are fees and no mix", field="remainder"
            )
        if self.fees and not self.mix and not self.remainder:
            raise SettingsError(
                "fees rarely come to the bill: add a [[mix]] for the rest, or say"
                ' remainder = "scaled", or who pays and keeps it: remainder = "sponsor"',
                field="remainder",
            )
        if self.strata and self.fees and not self.mix:
            raise SettingsError(
                "fees without a mix leave nothing to divide between groups", field="strata"
            )

    def parts(self) -> tuple[tuple[str, Fraction], ...]:
        """Return what the mix is by, and with which part of the whole, in the policy's order."""
        whole = sum((term.weight for term in self.mix), Fraction(0))
        return tuple((term.by, term.weight / whole) for term in self.mix)

    @property
    def party(self) -> str:
        """Who pays, or keeps, what fees leave of the bill; empty if nobody does."""
        return "" if self.remainder == SCALED else self.remainder

    @property
    def absorber(self) -> str:
        """Who pays, or keeps, what limits leave over; empty if nobody does."""
        return (self.limits.absorber if self.limits else "") or self.party

    def terms(self) -> Iterator[tuple[Way, MixTerm]]:
        """Yield every term of every mix, with the way to it in the policy file."""
        yield from numbered(("mix",), self.mix)
        if self.strata is not None:
            yield from terms_of(("strata",), self.strata)

    @property
    def figures(self) -> dict[str, DriverRule]:
        """The drivers, and the budgets that limits look at if they are no driver of their own."""
        if self.limits is None or self.limits.of_budget is None:
            return dict(self.drivers)
        return {self.limits.budget: DriverRule(), **self.drivers}

    def drivers_of(self, stratum: str) -> frozenset[str]:
        """Return the drivers that decide what a member of a stratum pays.

        Args:
            stratum: The member's stratum; empty if it has none.

        >>> fee = FeeRule(name="dues", rate="1 USD", of="heads", only=["branch"])
        >>> policy = Policy(name="x", fees=[fee], remainder="scaled")
        >>> policy.drivers_of("branch"), policy.drivers_of("other")
        (frozenset({'heads'}), frozenset())
        """
        mixes = mixes_over(self.strata, self.mix, [name.strip() for name in stratum.split("/")])
        terms = [term for mix in mixes for term in mix]
        named = {term.by for term in terms} | {
            text for term in terms for text in texts_in(term.parameters)
        }
        named = {name for name in named if self.is_driver(name)}
        for fee in self.fees:
            if fee.is_for(stratum):
                named.update(fee.drivers)
        if self.sponsor and self.sponsor.per:
            named.add(self.sponsor.per)
        if self.limits and self.limits.of_budget is not None:
            named.add(self.limits.budget)
        return frozenset(named)

    def is_driver(self, name: str) -> bool:
        """Tell a driver from the name of a cost model.

        >>> Policy(name="x", mix=[MixTerm(weight=1, by="equal")]).is_driver("last_year")
        True
        """
        return name in self.drivers or name in OWN_FIGURES
