"""What an observer would pay, worked out by itself from figures that anybody may know.

Needed are the bill, the policy, how many members share it and what their figures add up to; no
member's own figures.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import attrs

from libconsortium.core.errors import SplitError
from libconsortium.core.messages import Message
from libconsortium.core.money import Money
from libconsortium.core.sharing.drivers import DriverRule
from libconsortium.core.sharing.policies import PROPORTIONAL, Policy
from libconsortium.core.sharing.splits import Bill, Share, SplitRequest
from libconsortium.core.supposing.positions import Divide
from libconsortium.core.supposing.suppositions import Join

_KNOWN_FROM_SUMS = {"equal", PROPORTIONAL}


@attrs.frozen(kw_only=True)
class PresentMembers:
    """The members that share a bill now, together.

    Args:
        count: How many they are, at least 1.
        figures: What their figures add up to, by driver.
    """

    count: int = attrs.field()
    figures: Mapping[str, Fraction] = attrs.field(factory=dict)

    @count.validator
    def _at_least_one(self, _: object, count: int) -> None:
        if count < 1:
            raise SplitError("at least 1 member shares the bill now, got {count}", count=count)


@attrs.frozen(kw_only=True)
class OwnPrice:
    """What an observer would pay.

    Args:
        share: Its share with the working.
        is_exact: Whether the figures decide it; if not, it is an estimate, for ``notes``.
        notes: What the price does not take into account.
        saves: What it saves against buying alone; ``None`` if it does not say what that costs.
    """

    share: Share
    is_exact: bool
    notes: tuple[Message, ...] = ()
    saves: Money | None = None


def own_price(
    bill: Bill, policy: Policy, present: PresentMembers, observer: Join, divide: Divide
) -> OwnPrice:
    """Work out what an observer would pay if it joined for the whole year.

    The members are stood for by as many equal ones: for shares that are equal or in proportion to
    a figure only number and sums matter, so the price is exact.

    Args:
        bill: What has to be paid, with the observer among those who share it.
        policy: How it is divided.
        present: Who shares it now.
        observer: The observer and its figures.
        divide: Divides a bill.

    Raises:
        SplitError: A figure is missing.

    >>> from libconsortium import MixTerm, divided
    >>> from libconsortium.core.sharing.policies import SponsorRule
    >>> equal = Policy(name="Equal", mix=[MixTerm(weight=100, by="equal")],
    ...                sponsor=SponsorRule(pays="40%"))
    >>> bill = Bill(amount=Money(100, "VND"))
    >>> two = PresentMembers(count=2)
    >>> own_price(bill, equal, two, Join(member="c"), divided).share.amount.minor
    20
    """
    each = {
        f"{_OTHER}{number:05}": {name: of / present.count for name, of in present.figures.items()}
        for number in range(present.count)
    }
    request = SplitRequest(
        bill=bill,
        members=tuple(sorted(each)),
        drivers={name: {one: each[one][name] for one in each} for name in present.figures},
        policy=attrs.evolve(policy, limits=None),
    )
    joined = attrs.evolve(
        request,
        members=tuple(sorted((*request.members, observer.member))),
        drivers={
            name: {**figures, **_own(observer, name)} for name, figures in request.drivers.items()
        },
    )
    share = divide(joined).shares[observer.member]
    notes = tuple(_notes(policy))
    alone = observer.standalone
    return OwnPrice(
        share=share,
        is_exact=not notes,
        notes=notes,
        saves=None if alone is None else alone - share.amount,
    )


_OTHER = "\N{DIGIT ZERO}other-"


def _own(observer: Join, name: str) -> dict[str, Fraction]:
    return {observer.member: observer.figures[name]} if name in observer.figures else {}


def _notes(policy: Policy) -> list[Message]:
    notes = []
    if policy.limits is not None:
        notes.append(
            Message("limits are left out: they depend on what each member paid last year or alone")
        )
    named = {term.by for _, term in policy.terms()} - set(policy.drivers)
    odd = sorted(named - _KNOWN_FROM_SUMS)
    bent = [name for name, rule in policy.drivers.items() if not _is_plain(rule)]
    odd = [*odd, *bent, *["fees"] * bool(policy.fees), *["strata"] * bool(policy.strata)]
    if odd:
        notes.append(
            Message(
                "the policy looks at each member's own figures ({names}); here all are alike",
                names=", ".join(odd),
            )
        )
    return notes


def _is_plain(rule: DriverRule) -> bool:
    """Whether the sum of figures prepared by a rule is the sum of the figures prepared by it."""
    return attrs.evolve(rule, measure="", mean_of_years=1, sum_of=(), jump=None) == DriverRule()
