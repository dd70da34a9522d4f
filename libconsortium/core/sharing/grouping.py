"""Divides between groups first and inside each afterwards, to any depth, exact at each level."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from fractions import Fraction

import attrs

from libconsortium.core.errors import SplitError
from libconsortium.core.messages import Message
from libconsortium.core.sharing.costs import Step, written
from libconsortium.core.sharing.drivers import Figures
from libconsortium.core.sharing.mixes import StrataRule
from libconsortium.core.sharing.mixing import PART, Mixture, Table, mixture
from libconsortium.core.sharing.preparing import Prepared

ZERO = Fraction(0)
Way = tuple[str, ...]
"""The groups a member is in, from the outermost: ``("scls", "madison")``."""


@attrs.frozen(kw_only=True)
class Leaf:
    """A group that is divided among members.

    Args:
        way: The groups it lies in, itself last; empty for the whole.
        mixture: What its members got.
        above: The working of the groups' parts, from the outermost.
        part: The group's part of the whole, as a formula; empty for the whole.
    """

    way: Way
    mixture: Mixture
    above: tuple[Step, ...] = ()
    part: str = ""


@attrs.frozen(kw_only=True)
class Grouped:
    """An amount divided among members, group by group.

    Args:
        amount: What was divided.
        leaves: The groups that are divided among members, by their way.
        values: What everybody got, exact minor units.
        ways: The groups of each member.
    """

    amount: Fraction
    leaves: Mapping[Way, Leaf]
    values: Mapping[str, Fraction]
    ways: Mapping[str, Way]

    def step(self, member: str) -> Step:
        """Return the working of one member."""
        way = self.ways[member]
        leaf = self.leaves[way]
        inner = leaf.mixture.step(member)
        if not leaf.above:
            return inner
        return Step(
            what=PART,
            value=inner.value,
            formula=f"{leaf.part} * ({inner.formula})",
            part=inner.value / self.amount if self.amount else None,
            parts=(*leaf.above, inner),
        )


def grouped(
    table: Table, members: tuple[str, ...], strata: Mapping[str, str], amount: Fraction
) -> Grouped:
    """Divide an amount by a policy's strata and mixes.

    Args:
        table: The policy, its figures and models.
        members: The members.
        strata: The stratum of each member, ``group/group inside it``.
        amount: Exact minor units.

    Raises:
        SplitError: A member's stratum is missing or unknown, a group is empty, or a figure is
            missing.
    """
    rule = table.policy.strata
    if rule is None:
        leaves = [Leaf(way=(), mixture=mixture(table, table.mix, members, amount))]
    else:
        whole = Leaf(way=(), mixture=Mixture(amount=amount, terms=(), values={}))
        leaves = list(_between(table, rule, members, strata, whole))
    return Grouped(
        amount=amount,
        leaves={leaf.way: leaf for leaf in leaves},
        values={member: value for leaf in leaves for member, value in leaf.mixture.values.items()},
        ways={member: leaf.way for leaf in leaves for member in leaf.mixture.values},
    )


def _between(
    table: Table,
    rule: StrataRule,
    members: tuple[str, ...],
    strata: Mapping[str, str],
    outer: Leaf,
) -> Iterator[Leaf]:
    groups = _groups(rule, members, strata, len(outer.way))
    for group, step in _group_steps(table, rule, groups, outer.mixture.amount).items():
        inside = rule.inside.get(group)
        formula = (
            f"({step.formula})" if any(sign in step.formula for sign in "+-") else step.formula
        )
        way = (*outer.way, group)
        above = (*outer.above, step)
        part = f"{outer.part} * {formula}" if outer.part else formula
        if inside is not None and inside.strata is not None:
            whole = Mixture(amount=step.value, terms=(), values={})
            deeper = Leaf(way=way, mixture=whole, above=above, part=part)
            default = attrs.evolve(table, mix=inside.mix or table.mix)
            yield from _between(default, inside.strata, groups[group], strata, deeper)
        else:
            mix = (inside.mix if inside else ()) or table.mix
            if not mix:
                raise SplitError(
                    "the group {group!r} has no mix, and neither has the policy",
                    group="/".join(way),
                )
            made = mixture(table, mix, groups[group], step.value)
            yield Leaf(way=way, mixture=made, above=above, part=part)


def _groups(
    rule: StrataRule, members: tuple[str, ...], strata: Mapping[str, str], depth: int
) -> dict[str, tuple[str, ...]]:
    """Return the members of each group, both sorted."""
    found: dict[str, list[str]] = {}
    for member in members:
        names = [name.strip() for name in strata.get(member, "").split("/")]
        group = names[depth] if len(names) > depth else ""
        if not group or (rule.shares and group not in rule.shares):
            raise _not_in_a_group(member, strata.get(member, ""), rule, depth)
        found.setdefault(group, []).append(member)
    for group in rule.shares:
        if group not in found:
            raise SplitError(
                "nobody is in the group {group!r}, which pays {part}; give a member this stratum,"
                " or change the shares",
                group=group,
                part=rule.shares[group],
            )
    return {group: tuple(found[group]) for group in sorted(found)}


def _not_in_a_group(member: str, stratum: str, rule: StrataRule, depth: int) -> SplitError:
    known = ", ".join(rule.shares) or "-"
    if not stratum:
        return SplitError(
            "the member {member!r} has no stratum, and the policy divides between groups first;"
            " the groups are: {known}",
            member=member,
            known=known,
        )
    return SplitError(
        "the stratum {stratum!r} of {member!r} names no group of the policy at level {level};"
        " the groups are: {known}",
        stratum=stratum,
        member=member,
        level=depth + 1,
        known=known,
    )


def _group_steps(
    table: Table, rule: StrataRule, groups: Mapping[str, tuple[str, ...]], amount: Fraction
) -> dict[str, Step]:
    """Return what each group pays, with its working."""
    if rule.shares:
        return {
            group: Step(
                what=Message(
                    "the group {group!r} pays {part}", group=group, part=rule.shares[group]
                ),
                value=amount * rule.shares[group],
                formula=f"{written(rule.shares[group] * 100)}%",
                part=rule.shares[group],
            )
            for group in groups
        }
    summed = attrs.evolve(table, ready=Prepared(figures=_sums(table.ready.figures, groups)))
    made = mixture(summed, rule.mix, tuple(groups), amount)
    return {
        group: attrs.evolve(
            made.step(group), what=Message("the group {group!r} pays its part", group=group)
        )
        for group in groups
    }


def _sums(
    figures: Mapping[str, Figures], groups: Mapping[str, Collection[str]]
) -> dict[str, dict[str, Fraction]]:
    """Add up the members' figures; a group of which one is missing has none."""
    return {
        driver: {
            group: sum((of[member] for member in members), ZERO)
            for group, members in groups.items()
            if all(member in of for member in members)
        }
        for driver, of in figures.items()
    }
