"""A bill divided among members: shares that add up to it, each with its whole working."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from fractions import Fraction

import attrs

from libconsortium.core.errors import SplitError
from libconsortium.core.money import Money, total
from libconsortium.core.sharing.costs import Step
from libconsortium.core.sharing.policies import Policy


def _not_negative(_: object, __: object, amount: Money) -> None:
    if amount.minor < 0:
        raise SplitError("a bill cannot be negative: {amount}", amount=amount)


@attrs.frozen(kw_only=True)
class Bill:
    """What has to be paid.

    Args:
        amount: The whole of it, not negative.
        subscription: Id of the subscription it is for; empty if that does not matter.
        year: The year it is for; 0 if that does not matter.

    >>> Bill(amount=Money(100, "VND"), subscription="journals", year=2026).amount.minor
    100
    """

    amount: Money = attrs.field(validator=_not_negative)
    subscription: str = ""
    year: int = 0


@attrs.frozen(kw_only=True)
class SplitRequest:
    """Everything a split depends on; two equal requests give equal splits.

    Args:
        bill: What has to be paid.
        members: Ids of the members who share it, sorted, each once.
        drivers: Exact figures by driver and member.
        policy: How the bill is divided.
        last_year: What members paid last year; who is not there is new.
        standalone: What members would pay alone; who is not there has no quote.
        strata: The stratum of each member, for policies that divide between groups first.
        months: The months each member belonged, for usage that counts in them only; who is not
            there belonged all the time.
    """

    bill: Bill
    members: tuple[str, ...]
    drivers: Mapping[str, Mapping[str, Fraction]]
    policy: Policy
    last_year: Mapping[str, Money] = attrs.field(factory=dict)
    standalone: Mapping[str, Money] = attrs.field(factory=dict)
    strata: Mapping[str, str] = attrs.field(factory=dict)
    months: Mapping[str, Collection[str]] = attrs.field(factory=dict)

    def hash(self) -> str:
        """Return the SHA-256 of the request, which no order of rows changes, in hexadecimal."""
        found = hashlib.sha256()
        for part in (
            attrs.asdict(self.bill),
            self.members,
            attrs.asdict(self.policy),
            {driver: _plain(figures) for driver, figures in self.drivers.items()},
            _plain(self.last_year),
            _plain(self.standalone),
            _plain(self.strata),
            {member: sorted(months) for member, months in self.months.items()},
        ):
            plain = json.dumps(part, sort_keys=True, ensure_ascii=False, default=str)
            found.update(plain.encode() + b"\n")
        return found.hexdigest()


def _plain(values: Mapping[str, object]) -> str:
    """Write values by member as lines, in the order of the ids."""
    return "\n".join([f"{member}\t{values[member]}" for member in sorted(values)])


def _made(working: Step | Callable[[], Step]) -> Step:
    return working if isinstance(working, Step) else working()


def _shown(working: Step | Callable[[], Step]) -> str:
    return repr(_made(working))


@attrs.frozen(kw_only=True)
class Share:
    """What one member pays, and why.

    Args:
        member: The member's id.
        amount: Whole minor units.
        working: The steps that lead to it; the last is rounding. May be given as something that
            makes them when they are asked for.
        limits: Names of the limits that hold the share (``rise``, ``standalone``), if any.
        part: The member's part of what the members share, before limits and rounding.
        exact: The share in exact minor units after limits, before rounding.
    """

    member: str
    amount: Money
    _working: Step | Callable[[], Step] = attrs.field(eq=_made, repr=_shown)
    limits: tuple[str, ...] = ()
    part: Fraction = Fraction(0)
    exact: Fraction = Fraction(0)

    @property
    def working(self) -> Step:
        """The steps that lead to the amount; the last is rounding."""
        return _made(self._working)


@attrs.frozen(kw_only=True)
class Split:
    """A bill and who pays what of it; one that does not add up cannot be made.

    Args:
        bill: What has to be paid.
        shares: The members' shares by id, in the order of the ids.
        sponsor: What the sponsor pays.
        others: What other parties pay (a reserve), by name; negative for what they keep.
        policy: Name of the policy it was made with.
        unit: Minor units the members' amounts were rounded to.
        input_hash: SHA-256 of everything it was made from.

    Raises:
        SplitError: Shares, sponsor and others do not add up to the bill.
        CurrencyMismatchError: Something is in another currency than the bill.
    """

    bill: Bill
    shares: Mapping[str, Share]
    sponsor: Money
    others: Mapping[str, Money] = attrs.field(factory=dict)
    policy: str = ""
    unit: int = 1
    input_hash: str = ""

    def __attrs_post_init__(self) -> None:
        """Refuse a split that does not add up to its bill."""
        parties = total([self.sponsor, *self.others.values()], self.bill.amount.currency)
        if self.members_pay + parties != self.bill.amount:
            raise SplitError(
                "the split comes to {paid}, its bill to {bill}",
                paid=self.members_pay + parties,
                bill=self.bill.amount,
            )

    @property
    def members_pay(self) -> Money:
        """What all members together pay."""
        shares = (share.amount for share in self.shares.values())
        return total(shares, self.bill.amount.currency)


@attrs.frozen(kw_only=True)
class StoredSplit:
    """One version of a split as it was kept; versions are only ever added.

    Args:
        subscription: What was divided: a subscription's id.
        year: The year it was divided for.
        version: 1 for the first split of this subscription and year, then 2, and so on.
        at: When it was kept.
        input_hash: SHA-256 of everything that went into it, in hexadecimal.
        document: The split with its derivation, as JSON text.
    """

    subscription: str
    year: int
    version: int
    at: datetime
    input_hash: str
    document: str
