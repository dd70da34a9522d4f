"""Mixes the members' shares of an amount from a policy's cost models, exactly."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from math import lcm

import attrs

from libconsortium.core.errors import SplitError
from libconsortium.core.messages import Message
from libconsortium.core.sharing.costs import (
    CostGame,
    ExactShare,
    Proportions,
    Step,
    numerators,
    written,
)
from libconsortium.core.sharing.mixes import MixTerm
from libconsortium.core.sharing.policies import PROPORTIONAL, Policy
from libconsortium.core.sharing.preparing import Prepared

Model = Callable[[CostGame], Mapping[str, ExactShare]]
Claims = Callable[[Fraction, Mapping[str, Fraction]], Mapping[str, Fraction]]

ZERO = Fraction(0)

PART = Message("the member's part by the policy")


@attrs.frozen(kw_only=True)
class Term:
    """One part of a mixture after it was divided.

    Args:
        by: The cost model or driver.
        weight: Its part of the whole.
        amount: What was divided.
        shares: What everybody got of it.
        notes: How the figures were prepared, by member.
        what: Weight and name as a line of working.
        percent: The weight as a percentage.
    """

    by: str
    weight: Fraction
    amount: Fraction
    shares: Mapping[str, ExactShare]
    notes: Mapping[str, Step]
    what: Message = attrs.field(init=False)
    percent: str = attrs.field(init=False)

    @what.default
    def _in_words(self) -> Message:
        return Message("{weight} by {by!r}", weight=self.weight, by=self.by)

    @percent.default
    def _as_percent(self) -> str:
        return written(self.weight * 100)

    def step(self, member: str) -> Step:
        """Return the line of working of one member."""
        share = self.shares[member]
        note = self.notes.get(member)
        working = share.working
        if note is not None:
            working = attrs.evolve(working, parts=(*working.parts, note))
        return Step(
            what=self.what,
            value=share.value,
            formula=f"{self.percent}% * {self._factor(share)}",
            part=self._part(share),
            parts=(working,),
        )

    def _part(self, share: ExactShare) -> Fraction | None:
        if not self.amount:
            return None
        if isinstance(self.shares, Proportions) and share.working.part is not None:
            return share.working.part * self.weight
        return share.value / self.amount * self.weight

    def _factor(self, share: ExactShare) -> str:
        """Return the share of a model as something that can be multiplied: ``1/4``."""
        formula = share.working.formula
        if not formula:
            return written(share.value / self.amount if self.amount else ZERO)
        return f"({formula})" if any(sign in formula for sign in "+- ") else formula


@attrs.frozen(kw_only=True)
class Mixture:
    """An amount divided by a mix.

    Args:
        amount: What was divided.
        terms: The parts of the mix.
        values: What everybody got, exact minor units.
    """

    amount: Fraction
    terms: Sequence[Term]
    values: Mapping[str, Fraction]

    def step(self, member: str) -> Step:
        """Return the working of one member."""
        parts = tuple(term.step(member) for term in self.terms)
        value = self.values[member]
        return Step(
            what=PART,
            value=value,
            formula=" + ".join(part.formula for part in parts),
            part=value / self.amount if self.amount else None,
            parts=parts,
        )


@attrs.frozen(kw_only=True)
class Table:
    """What a mix looks at.

    Args:
        policy: Says which names are drivers.
        mix: The mix that divides where no group has its own.
        ready: The figures.
        models: The cost models.
        major: Minor units in a major unit of the bill's currency.
    """

    policy: Policy
    mix: Sequence[MixTerm]
    ready: Prepared
    models: Mapping[str, Model]
    major: int = 1


def mixture(
    table: Table, mix: Sequence[MixTerm], members: tuple[str, ...], amount: Fraction
) -> Mixture:
    """Divide an amount by a mix.

    Raises:
        SplitError: A figure is missing, or a model's shares do not add up.
    """
    whole = sum((term.weight for term in mix), ZERO)
    terms = [_term(table, term, term.weight / whole, members, amount) for term in mix]
    return Mixture(amount=amount, terms=terms, values=_added(terms, members))


def _term(
    table: Table, term: MixTerm, weight: Fraction, members: tuple[str, ...], amount: Fraction
) -> Term:
    is_driver = table.policy.is_driver(term.by)
    given = {"driver": term.by} if is_driver else {}
    game = CostGame(
        amount=amount * weight,
        members=members,
        drivers=table.ready.figures,
        parameters={**term.parameters, **given},
        major=table.major,
    )
    shares = table.models[PROPORTIONAL if is_driver else term.by](game)
    if not isinstance(shares, Proportions):
        values = {member: share.value for member, share in shares.items()}
        check(term.by, values, members, game.amount)
    notes = table.ready.workings.get(term.by, {}) if is_driver else {}
    return Term(by=term.by, weight=weight, amount=game.amount, shares=shares, notes=notes)


def _added(terms: Sequence[Term], members: tuple[str, ...]) -> dict[str, Fraction]:
    """Add up the terms of each member, in whole numbers over one denominator."""
    scaled = [_over_one(term.shares) for term in terms]
    below = lcm(*(under for _, _, under in scaled))
    factors = [(parts, times * (below // under)) for parts, times, under in scaled]
    return {
        member: Fraction(sum([parts[member] * factor for parts, factor in factors]), below)
        for member in members
    }


def _over_one(shares: Mapping[str, ExactShare]) -> tuple[Mapping[str, int], int, int]:
    """Return shares as whole numbers, what to multiply and what to divide them by."""
    if isinstance(shares, Proportions):
        per = shares.amount / shares.whole
        return shares.parts, per.numerator, per.denominator
    parts, below = numerators({member: share.value for member, share in shares.items()})
    return parts, 1, below


def check(
    name: str, values: Mapping[str, Fraction], members: tuple[str, ...], amount: Fraction
) -> None:
    """Refuse what a plugin gave if it is not exactly one part for each member.

    Raises:
        SplitError: A member is missing or too many, a part is no exact number, or the parts do
            not add up.
    """
    odd = set(values) ^ set(members)
    if odd:
        raise SplitError(
            "{name!r} does not give exactly one share to each member: {odd}",
            name=name,
            odd=", ".join(sorted(odd)),
        )
    if not all(isinstance(value, Fraction | int) for value in values.values()):
        raise SplitError("the shares of {name!r} are not exact numbers", name=name)
    parts, below = numerators(values)
    whole = Fraction(sum(parts.values()), below)
    if whole != amount:
        raise SplitError(
            "the shares of {name!r} add up to {whole}, not to {amount}",
            name=name,
            whole=whole,
            amount=amount,
        )
