"""A cost-sharing policy: how a bill is divided, as the conference adopted it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from fractions import Fraction

import attrs

from libconsortium.core.drivers import DriverRule
from libconsortium.core.errors import SettingsError, SplitError
from libconsortium.core.fees import FeeRule
from libconsortium.core.money import Money
from libconsortium.core.policy_values import (
    Rate,
    amount_or_none,
    part_or_none,
    pays,
    pays_or_none,
    rise_or_none,
    texts,
    weight,
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
class MixTerm:
    """One part of a mixture.

    Args:
        weight: Its weight, above zero; the weights of a policy add up to 100 or to 1.
        by: A cost model (``equal``) or a driver of the policy, shared in proportion to it.
        parameters: What the cost model is given, by name.
    """

    weight: Fraction = attrs.field(converter=weight)
    by: str
    parameters: Mapping[str, object] = attrs.field(factory=dict)


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
        SettingsError: Nothing is spread, and there is no absorber.
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


def _shares(given: object) -> dict[str, Fraction]:
    if not isinstance(given, Mapping):
        raise SettingsError(
            "expected a table of groups with their parts, got {given!r}", given=given
        )
    read = {str(group): weight(part) for group, part in sorted(given.items())}
    whole = sum(read.values(), Fraction(0))
    if read and whole not in {1, 100}:
        raise SettingsError(
            "the shares of the groups add up to {whole}, not to 100", whole=_plain(whole)
        )
    return {group: part / whole for group, part in read.items()}


@attrs.frozen(kw_only=True)
class Inside:
    """How one group divides its part.

    Args:
        mix: The parts its members' shares are mixed from; the policy's own mix if empty.
        strata: The groups it is made of, if it is divided between groups once more.
    """

    mix: Sequence[MixTerm] = attrs.field(default=())
    strata: StrataRule | None = None

    @mix.validator
    def _weights_add_up(self, _: object, mix: Sequence[MixTerm]) -> None:
        if mix:
            _whole(mix)


@attrs.frozen(kw_only=True)
class StrataRule:
    """Divides between groups first, then inside each of them.

    A member's stratum says which group it is in; ``scls/madison`` is the group ``madison`` inside
    the group ``scls``.

    Args:
        shares: What each group pays, in parts of the whole; they add up to 100 or 1.
        mix: A rule between groups instead: a group's figure is the sum of its members'.
        inside: How single groups divide their part; who is not there divides it by the policy's
            mix.

    Raises:
        SettingsError: It gives both shares and a mix, or neither, or the shares do not add up.

    >>> StrataRule(shares={"academic": 75, "public": 25}).shares["public"]
    Fraction(1, 4)
    """

    shares: Mapping[str, Fraction] = attrs.field(factory=dict, converter=_shares)
    mix: Sequence[MixTerm] = ()
    inside: Mapping[str, Inside] = attrs.field(factory=dict)

    def __attrs_post_init__(self) -> None:
        """Refuse groups without a rule between them, or with two."""
        if bool(self.shares) == bool(self.mix):
            raise SettingsError(
                "say how the groups share: either shares = {{ … }} or a mix", field="shares"
            )
        if self.mix:
            _whole(self.mix)


def _whole(mix: Sequence[MixTerm]) -> Fraction:
    whole = sum((term.weight for term in mix), Fraction(0))
    if whole not in {1, 100}:
        raise SettingsError(
            "the weights of the mix add up to {whole}, not to 100",
            whole=_plain(whole),
            field="mix",
        )
    return whole


def _plain(number: Fraction) -> str:
    return str(number) if number.denominator == 1 else f"{float(number):g}"


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
            _whole(mix)

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

    def terms(self) -> Iterator[tuple[tuple[str | int, ...], MixTerm]]:
        """Yield every term of every mix, with the way to it in the policy file."""
        yield from _numbered(("mix",), self.mix)
        if self.strata is not None:
            yield from _terms_of(("strata",), self.strata)

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
        mixes = _mixes_of(self.strata, self.mix, [name.strip() for name in stratum.split("/")])
        terms = [term for mix in mixes for term in mix]
        named = {term.by for term in terms} | {
            text for term in terms for text in _texts(term.parameters)
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


def _mixes_of(
    strata: StrataRule | None, mix: Sequence[MixTerm], way: Sequence[str]
) -> Iterator[Sequence[MixTerm]]:
    """Yield the mixes that decide over a member with these groups, from the outermost."""
    if strata is None:
        yield mix
        return
    yield strata.mix
    inside = strata.inside.get(way[0] if way else "")
    if inside is None:
        yield mix
    elif inside.strata is None:
        yield inside.mix or mix
    else:
        yield from _mixes_of(inside.strata, inside.mix or mix, way[1:])


def _texts(value: object) -> Iterator[str]:
    """Yield every text in the parameters of a cost model: each may name a driver."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from map(str, value)
        yield from _texts(list(value.values()))
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)


def _numbered(
    steps: tuple[str | int, ...], mix: Sequence[MixTerm]
) -> Iterator[tuple[tuple[str | int, ...], MixTerm]]:
    for number, term in enumerate(mix):
        yield (*steps, number), term


def _terms_of(
    steps: tuple[str | int, ...], strata: StrataRule
) -> Iterator[tuple[tuple[str | int, ...], MixTerm]]:
    yield from _numbered((*steps, "mix"), strata.mix)
    for group, rule in strata.inside.items():
        here = (*steps, "inside", group)
        yield from _numbered((*here, "mix"), rule.mix)
        if rule.strata is not None:
            yield from _terms_of((*here, "strata"), rule.strata)


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
