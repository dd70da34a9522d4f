"""Comparing policies, supposing changes, joiners half-way and glide paths, from facts kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import partial
from pathlib import Path

import attrs

from libconsortium.consortium.consortium import Consortium
from libconsortium.core.buying.purchases import standalone_quote
from libconsortium.core.buying.savings import Saving
from libconsortium.core.directory.directory import Directory
from libconsortium.core.directory.measures import Measure
from libconsortium.core.directory.quantities import Quantity
from libconsortium.core.sharing.drivers import DriverRule
from libconsortium.core.sharing.figures import figures_of
from libconsortium.core.sharing.mid_year import MidYear
from libconsortium.core.sharing.policies import LimitRule
from libconsortium.core.sharing.splits import SplitRequest
from libconsortium.core.supposing.comparisons import Comparison, compare
from libconsortium.core.supposing.glide import Glide, GlideStep, glide
from libconsortium.core.supposing.positions import Divide, Position, Quoted
from libconsortium.core.supposing.suppositions import Join, Leave, Supposition
from libconsortium.core.supposing.what_if import WhatIf, saving_of, what_if
from libconsortium.split_steps.dividing import divided
from libconsortium.split_steps.policy_file import read_policy


def compare_policies(
    consortium: Consortium, subscription: str, year: int, policies: Sequence[Path] = ()
) -> Comparison:
    """Divide a bill by several policies; nothing is kept.

    Args:
        consortium: Whose.
        subscription: Id of the subscription.
        year: The year.
        policies: Policy files; the first is what the others are compared with. Without any, the
            one the settings name.

    Raises:
        SettingsError: A policy file is wrong, or two policies have one name.
        SplitError: A figure is missing.

    >>> from libconsortium.testing import example_office
    >>> with example_office() as office:
    ...     files = [office.settings.path(name) for name in ("mixed.toml", "equal.toml")]
    ...     found = compare_policies(office, "csdl-vi-du-2025", 2025, files)
    >>> found.losers(found.outcomes[1])
    ('dh-c', 'dh-d')
    """
    bill = consortium.settings.bill(subscription, year)
    files = list(policies) or [consortium.settings.path(bill.policy)]
    read = [read_policy(file, consortium.registry) for file in files]
    names = policy_names(files)
    request = consortium.request(subscription, year, policy=read[0], also=read[1:])
    return compare(request, list(zip(names, read, strict=True)), _divide(consortium))


def policy_names(files: Sequence[Path]) -> list[str]:
    """Return a short name for every policy file: its file's name, with its folder if need be.

    >>> policy_names([Path("a/equal.toml"), Path("b/fte.toml")])
    ['equal', 'fte']
    >>> policy_names([Path("a/p.toml"), Path("b/p.toml")])
    ['a/p', 'b/p']
    """
    stems = [file.stem for file in files]
    return [
        stem if stems.count(stem) == 1 else file.with_suffix("").as_posix()
        for stem, file in zip(stems, files, strict=True)
    ]


def position(consortium: Consortium, subscription: str, year: int) -> Position:
    """Return a bill of the settings as it stands, for suppositions.

    Args:
        consortium: Whose.
        subscription: Id of the subscription.
        year: The year.

    >>> from libconsortium.testing import example_office
    >>> with example_office() as office:
    ...     position(office, "csdl-vi-du-2025", 2025).request.members
    ('dh-a', 'dh-b', 'dh-c', 'dh-d')
    """
    bill = consortium.settings.bill(subscription, year)
    quoted = None
    if bill.quote is not None:
        quoted = Quoted(
            quote=bill.quote,
            rate=bill.exchange,
            tax=bill.tax,
            contract=bill.contract,
            fees=bill.fees,
        )
    return Position(request=consortium.request(subscription, year), quoted=quoted)


@attrs.frozen(kw_only=True)
class Supposed:
    """What would happen if, and what that rests on.

    Args:
        found: The bills before and after.
        savings: What joining saves before and after, of the first bill; ``None`` if not known.
        estimates: Figures of joiners that are only approximate, as they were reported.
    """

    found: WhatIf
    savings: tuple[Saving | None, Saving | None]
    estimates: tuple[Measure, ...] = ()


def suppose(
    consortium: Consortium,
    subscriptions: Sequence[str],
    year: int,
    suppositions: Sequence[Supposition],
) -> Supposed:
    """Say what would happen if; nothing is kept.

    Who joins is given the figures of the consortium's facts where the supposition has none; an
    approximate figure is taken as it stands and named as an estimate.

    Args:
        consortium: Whose.
        subscriptions: Ids of the subscriptions whose bills are looked at together.
        year: The year.
        suppositions: What is supposed, one after the other.

    >>> from libconsortium.testing import example_office
    >>> with example_office() as office:
    ...     found = suppose(office, ["csdl-vi-du-2025"], 2025, [Leave(member="dh-d")]).found
    >>> [(one.member, one.after and one.after.minor) for one in found.members()][-1]
    ('dh-d', None)
    """
    positions = [position(consortium, one, year) for one in subscriptions]
    estimates: list[Measure] = []
    filled = [
        _with_facts(consortium, one, positions, year, estimates) if isinstance(one, Join) else one
        for one in suppositions
    ]
    found = what_if(positions, filled, _divide(consortium))
    return Supposed(
        found=found,
        savings=savings_of(found, positions[0], filled),
        estimates=tuple(estimates),
    )


def savings_of(
    found: WhatIf, first: Position, suppositions: Sequence[Supposition]
) -> tuple[Saving | None, Saving | None]:
    """Return what joining saves before and after, of the first bill; ``None`` if not known.

    Args:
        found: The bills before and after.
        first: The first bill before.
        suppositions: What was supposed; joiners may say what they would pay alone.

    >>> from libconsortium.testing import example_office
    >>> with example_office() as office:
    ...     now = position(office, "csdl-vi-du-2025", 2025)
    ...     found = what_if([now], [Leave(member="dh-d")], _divide(office))
    >>> savings_of(found, now, [])  # nobody has said what it would pay alone
    (None, None)
    """
    alone = dict(first.request.standalone)
    for one in suppositions:
        if isinstance(one, Join) and one.standalone is not None:
            alone[one.member] = one.standalone
    after = saving_of(found.after[0], alone) if found.after else None
    return saving_of(found.before[0], alone), after


def walk_down(
    consortium: Consortium,
    subscription: str,
    year: int,
    steps: Sequence[GlideStep],
    *,
    rise: Fraction | None = None,
) -> Glide:
    """Walk a sponsor's way out, beginning with a bill of the settings; nothing is kept.

    Args:
        consortium: Whose.
        subscription: Id of the subscription.
        year: The year whose bill, members and figures are taken.
        steps: The years of the way.
        rise: Another limit on the yearly rise than the policy's.

    >>> from libconsortium.testing import example_office
    >>> steps = [GlideStep(year=2026 + n, sponsor=Fraction(4 - n, 10)) for n in range(2)]
    >>> with example_office() as office:
    ...     found = walk_down(office, "csdl-vi-du-2025", 2025, steps, rise=Fraction(15, 100))
    >>> found.first_infeasible
    2027
    """
    request = consortium.request(subscription, year)
    return glide(with_rise(request, rise), steps, _divide(consortium))


def with_rise(request: SplitRequest, rise: Fraction | None) -> SplitRequest:
    """Return a request whose policy has another limit on the yearly rise; ``None``: the same.

    >>> from libconsortium.testing import example_office
    >>> with example_office() as office:
    ...     asked = office.request("csdl-vi-du-2025", 2025)
    >>> with_rise(asked, Fraction(1, 10)).policy.limits.rise
    Fraction(1, 10)
    """
    if rise is None:
        return request
    limits = request.policy.limits or LimitRule()
    policy = attrs.evolve(request.policy, limits=attrs.evolve(limits, rise=rise))
    return attrs.evolve(request, policy=policy)


def half_way(consortium: Consortium, subscription: str, year: int, change: Join | Leave) -> MidYear:
    """Divide a bill without a member and with it, for one that joins or leaves in mid-year.

    Args:
        consortium: Whose.
        subscription: Id of the subscription.
        year: The year.
        change: Who joins or leaves; a joiner's figures are taken from the facts where none are
            given.

    >>> from libconsortium.testing import example_office
    >>> with example_office() as office:
    ...     between = half_way(office, "csdl-vi-du-2025", 2025, Leave(member="dh-d"))
    >>> between.with_it.shares["dh-d"].amount.minor
    169587970
    """
    now, divide = position(consortium, subscription, year), _divide(consortium)
    if isinstance(change, Leave):
        without, with_it = change.applied(now).request, now.request
    else:
        filled = _with_facts(consortium, change, [now], year)
        without, with_it = now.request, filled.applied(now).request
    return MidYear(member=change.member, without=divide(without), with_it=divide(with_it))


def _divide(consortium: Consortium) -> Divide:
    return partial(divided, registry=consortium.registry)


def _with_facts(
    consortium: Consortium,
    join: Join,
    positions: Sequence[Position],
    year: int,
    estimates: list[Measure] | None = None,
) -> Join:
    """Give a joiner the figures and the price of buying alone that the facts have of it.

    Args:
        consortium: Whose facts.
        join: The joiner.
        positions: The bills it would share.
        year: Their year.
        estimates: Where approximate figures are noted; ``None`` if only exact ones will do.
    """
    directory = consortium.directory()
    figures = dict(join.figures)
    for one in positions:
        given = {*join.figures}
        rules = {
            name: rule
            for name, rule in one.request.policy.drivers.items()
            if not given & {name, rule.measure}
        }
        if estimates is not None:
            directory = _as_exact(directory, join.member, rules, estimates)
        for name, of in figures_of(directory, rules, [join.member], year=year).items():
            figures |= {name: of[join.member]} if join.member in of else {}
    bill = positions[0].request.bill
    resource = directory.subscriptions[bill.subscription].resource
    day = consortium.settings.bill(bill.subscription, bill.year).day
    quote = standalone_quote(directory, join.member, resource, on=day)
    alone = join.standalone or (quote.amount if quote else None)
    return attrs.evolve(join, figures=figures, standalone=alone)


def _as_exact(
    directory: Directory, member: str, rules: Mapping[str, DriverRule], estimates: list[Measure]
) -> Directory:
    """Take a member's approximate figures as they stand, and note them."""
    names = {rule.measure or name for name, rule in rules.items()}
    rough = [
        one
        for one in directory.of_kind(Measure)
        if one.library == member and one.name in names and not one.value.is_exact
    ]
    if not rough:
        return directory
    estimates += rough
    sure = [attrs.evolve(one, value=Quantity.of(one.value.number)) for one in rough]
    kept = [fact for fact in directory.all() if fact not in rough]
    return Directory.of([*kept, *sure])
