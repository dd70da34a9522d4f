"""Policies side by side: what each member would pay under each, and who gains by a change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

import attrs

from libconsortium.core.buying.savings import Saving
from libconsortium.core.errors import InfeasibleError, SettingsError
from libconsortium.core.messages import Message
from libconsortium.core.money import Money
from libconsortium.core.sharing.policies import Policy
from libconsortium.core.sharing.splits import Bill, Split, SplitRequest
from libconsortium.core.supposing.inequality import gini
from libconsortium.core.supposing.positions import Divide
from libconsortium.core.supposing.what_if import saving_of


@attrs.frozen(kw_only=True)
class PolicyOutcome:
    """One policy and what comes of it.

    Args:
        name: What the policy is called here, once among those compared.
        policy: The policy.
        split: The bill divided by it; ``None`` if its limits cannot be kept.
        refused: Why it cannot be divided; empty if it can.
    """

    name: str
    policy: Policy
    split: Split | None = None
    refused: Message = Message("")  # noqa: RUF009 - a frozen value

    def amount(self, member: str) -> Money | None:
        """Return what a member pays; ``None`` if the bill cannot be divided."""
        return None if self.split is None else self.split.shares[member].amount

    def gini(self) -> Fraction | None:
        """Return how unequal the members' amounts are; ``None`` if there are none."""
        if self.split is None:
            return None
        return gini(share.amount for share in self.split.shares.values())


@attrs.frozen(kw_only=True)
class Comparison:
    """Policies on one bill.

    Args:
        bill: What has to be paid.
        members: Ids of the members, sorted.
        outcomes: The policies in the order they were given; differences are against the first.
        last_year: What members paid last year; who is not there is new.
        standalone: What members would pay alone, as far as it is known.
    """

    bill: Bill
    members: tuple[str, ...]
    outcomes: tuple[PolicyOutcome, ...]
    last_year: Mapping[str, Money] = attrs.field(factory=dict)
    standalone: Mapping[str, Money] = attrs.field(factory=dict)

    def against_first(self, outcome: PolicyOutcome, member: str) -> Money | None:
        """Return what a member pays more than under the first policy; ``None`` if not known."""
        return _less(outcome.amount(member), self.outcomes[0].amount(member))

    def against_last_year(self, outcome: PolicyOutcome, member: str) -> Money | None:
        """Return what a member pays more than last year; ``None`` if not known."""
        return _less(outcome.amount(member), self.last_year.get(member))

    def winners(self, outcome: PolicyOutcome) -> tuple[str, ...]:
        """Return who pays less than under the first policy."""
        return tuple(one for one in self.members if self._sign(outcome, one) < 0)

    def losers(self, outcome: PolicyOutcome) -> tuple[str, ...]:
        """Return who pays more than under the first policy."""
        return tuple(one for one in self.members if self._sign(outcome, one) > 0)

    def above_alone(self, outcome: PolicyOutcome) -> tuple[str, ...]:
        """Return who pays more than it would alone."""
        over = (_less(outcome.amount(one), self.standalone.get(one)) for one in self.members)
        return tuple(
            member
            for member, more in zip(self.members, over, strict=True)
            if more is not None and more.minor > 0
        )

    def saving(self, outcome: PolicyOutcome) -> Saving | None:
        """Return what joining saves, the sponsor's money apart; ``None`` if not known."""
        return None if outcome.split is None else saving_of(outcome.split, self.standalone)

    def _sign(self, outcome: PolicyOutcome, member: str) -> int:
        more = self.against_first(outcome, member)
        return 0 if more is None else more.minor


def compare(
    request: SplitRequest, policies: Sequence[tuple[str, Policy]], divide: Divide
) -> Comparison:
    """Divide one bill by several policies.

    A policy whose limits cannot be kept is shown with the reason.

    Args:
        request: The bill, the members and their figures for the drivers of all policies; its own
            policy is not looked at.
        policies: Names and policies; at least one, each name once.
        divide: Divides a bill.

    Raises:
        SettingsError: There is no policy, or two have one name.
        SplitError: A figure is missing.

    >>> from libconsortium import MixTerm, divided, split_request
    >>> from libconsortium.core.sharing.policies import Policy, SponsorRule
    >>> equal = Policy(name="Equal", mix=[MixTerm(weight=100, by="equal")],
    ...                sponsor=SponsorRule(pays="40%"))
    >>> asked = split_request(Money(100, "VND"), ["a", "b"], {}, equal)
    >>> without = attrs.evolve(equal, sponsor=None)
    >>> found = compare(asked, [("now", equal), ("then", without)], divided)
    >>> found.losers(found.outcomes[1]), found.against_first(found.outcomes[1], "a").minor
    (('a', 'b'), 20)
    """
    names = [name for name, _ in policies]
    if not names or len(set(names)) < len(names):
        raise SettingsError(
            "compare at least one policy, each under a name of its own; given: {names}",
            names=", ".join(names) or "-",
        )
    return Comparison(
        bill=request.bill,
        members=request.members,
        outcomes=tuple(_outcome(request, name, policy, divide) for name, policy in policies),
        last_year={
            one: request.last_year[one] for one in request.members if one in request.last_year
        },
        standalone={
            one: request.standalone[one] for one in request.members if one in request.standalone
        },
    )


def _outcome(request: SplitRequest, name: str, policy: Policy, divide: Divide) -> PolicyOutcome:
    try:
        split = divide(attrs.evolve(request, policy=policy))
    except InfeasibleError as error:
        return PolicyOutcome(name=name, policy=policy, refused=error.message)
    return PolicyOutcome(name=name, policy=policy, split=split)


def _less(one: Money | None, other: Money | None) -> Money | None:
    return None if one is None or other is None else one - other
