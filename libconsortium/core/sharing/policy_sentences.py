"""Reads a policy aloud: one sentence a rule, in the order in which a bill is divided."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from libconsortium.core.messages import Message
from libconsortium.core.sharing.bands import Band
from libconsortium.core.sharing.costs import written
from libconsortium.core.sharing.drivers import DriverRule
from libconsortium.core.sharing.fees import FeeRule
from libconsortium.core.sharing.mixes import MixTerm, StrataRule
from libconsortium.core.sharing.policies import (
    PROPORTIONAL,
    SCALED,
    LimitRule,
    Policy,
    SponsorRule,
)


def policy_sentences(policy: Policy) -> tuple[Message, ...]:
    """Return what a policy says, as sentences that can be read aloud at a meeting.

    >>> policy = Policy(name="Equal", mix=[MixTerm(weight=100, by="equal")])
    >>> [str(sentence) for sentence in policy_sentences(policy)]
    ['Equal', 'The members share: 1 by equal.', 'Shares are rounded to 1 minor unit.']
    """
    return tuple(_sentences(policy))


def _sentences(policy: Policy) -> Iterator[Message]:
    yield from _head(policy)
    for name, rule in policy.drivers.items():
        yield from _driver(name, rule)
    if policy.sponsor is not None:
        yield from _sponsor(policy.sponsor)
    for fee in policy.fees:
        yield from _fee(fee)
    if policy.remainder == SCALED:
        yield Message("The fees are scaled until they come to what the members pay together.")
    elif policy.remainder:
        yield Message(
            "What the fees leave of the bill is paid, or kept, by: {party}.", party=policy.remainder
        )
    if policy.strata is not None:
        yield from _strata(policy.strata, "")
    if policy.mix:
        yield from _mix(policy)
    if policy.limits is not None:
        yield from _limits(policy.limits)
    yield from _rounding(policy)


def _head(policy: Policy) -> Iterator[Message]:
    yield Message("{name}", name=policy.name)
    if policy.version:
        yield Message("Version {version}.", version=policy.version)
    if policy.source:
        yield Message("Source: {source}.", source=policy.source)


def _driver(name: str, rule: DriverRule) -> Iterator[Message]:
    measures = rule.measures(name)
    listed = ", ".join(measures)
    if rule.least_of:
        yield Message("{driver} is the least of {measures}.", driver=name, measures=listed)
    elif rule.sum_of:
        yield Message("{driver} is the sum of {measures}.", driver=name, measures=listed)
    elif rule.product_of:
        yield Message("{driver} is the product of {measures}.", driver=name, measures=listed)
    else:
        yield Message("{driver} is the figure {measure}.", driver=name, measure=listed)
    yield from _years(name, rule)
    if rule.months:
        yield Message("Only months of membership count for {driver}.", driver=name)
    if rule.surrogate:
        yield Message(
            "{surrogate} stands in for {driver} where a member has none.",
            driver=name,
            surrogate=rule.surrogate,
        )
    for number, sentence in (
        (rule.if_missing, Message("A member without {driver} counts with", driver=name)),
        (rule.allowance or None, Message("Free of charge of {driver}:", driver=name)),
        (rule.at_least, Message("The least that counts of {driver}:", driver=name)),
        (rule.at_most, Message("The most that counts of {driver}:", driver=name)),
    ):
        if number is not None:
            yield Message("{sentence} {number}.", sentence=sentence, number=written(number))
    if rule.rank:
        yield Message("Of {driver} the place counts, 1 for the largest.", driver=name)
    if rule.bands:
        yield from _bands(name, rule.bands, marginal=rule.marginal)


def _years(name: str, rule: DriverRule) -> Iterator[Message]:
    if rule.mean_of_years > 1:
        yield Message(
            "Of {driver} the mean of {years} years counts.", driver=name, years=rule.mean_of_years
        )
    if rule.lowest_of_years > 1:
        yield Message(
            "Of {driver} the lowest of {years} years counts.",
            driver=name,
            years=rule.lowest_of_years,
        )
    if rule.years:
        listed = ", ".join(str(year) for year in rule.years)
        yield Message(
            "{driver} is that of {years}, whatever comes later.", driver=name, years=listed
        )
    if rule.as_of is not None:
        yield Message("No figure of {driver} after {day} counts.", driver=name, day=f"{rule.as_of}")


def _bands(name: str, bands: Sequence[Band], *, marginal: bool) -> Iterator[Message]:
    if marginal:
        yield Message("The bands of {driver} add up, so that no border is a jump:", driver=name)
    else:
        yield Message("{driver} is given by the band it lies in:", driver=name)
    ends = [*(band.at_least for band in bands[1:]), None]
    for band, end in zip(bands, ends, strict=True):
        last = band.at_most
        below = end if band.below is None else band.below
        if last is not None:
            to = Message("from {low} to {high}", low=written(band.at_least), high=written(last))
        elif below is not None:
            to = Message(
                "from {low} to below {high}", low=written(band.at_least), high=written(below)
            )
        else:
            to = Message("from {low}", low=written(band.at_least))
        yield Message("· {range}: {gives}", range=to, gives=_gives(band))


def _gives(band: Band) -> Message:
    if not band.each:
        return Message("{number}", number=written(band.gives))
    each = Message("{each} for each unit", each=written(band.each))
    return (
        Message("{number} and {each}", number=written(band.gives), each=each)
        if band.gives
        else each
    )


def _sponsor(rule: SponsorRule) -> Iterator[Message]:
    if rule.pays is not None:
        yield _pays(rule.pays, rule.per)
    for year, pays in rule.pays_in.items():
        yield Message("From {year} on: {what}", year=year, what=_pays(pays, rule.per))
    if rule.by == PROPORTIONAL:
        yield Message("The sponsor's money lowers all shares by the same percentage.")
    else:
        yield Message("The sponsor's money is divided among the shares by {rule}.", rule=rule.by)


def _pays(pays: object, per: str) -> Message:
    shown = pays if not hasattr(pays, "currency") else str(pays)
    if per:
        return Message("the sponsor pays {pays} for each unit of {driver}.", pays=shown, driver=per)
    return Message("the sponsor pays {pays} of the bill.", pays=shown)


def _fee(rule: FeeRule) -> Iterator[Message]:
    parts = []
    if rule.base is not None:
        parts.append(Message("{base}", base=str(rule.base)))
    if rule.rate is not None:
        per = "" if rule.per == 1 else f"{written(rule.per)} "
        parts.append(Message("{rate} for each {per}{of}", rate=str(rule.rate), per=per, of=rule.of))
    both = (
        parts[0] if len(parts) == 1 else Message("{one} and {other}", one=parts[0], other=parts[1])
    )
    yield (
        Message("Everybody pays {fee}: {what}.", fee=rule.name, what=both)
        if not rule.only
        else Message(
            "Members in {groups} pay {fee}: {what}.",
            groups=", ".join(rule.only),
            fee=rule.name,
            what=both,
        )
    )
    for factor in rule.times:
        yield Message("It is multiplied by {driver}.", driver=factor)
    if rule.least is not None:
        yield Message("It is at least {amount}.", amount=str(rule.least))
    if rule.most is not None:
        yield Message("It is at most {amount}.", amount=str(rule.most))
    if rule.months:
        yield Message("It is taken for the months of {driver}, in twelfths.", driver=rule.months)
    if rule.round_to is not None:
        yield Message("It is rounded to the nearest {amount}.", amount=str(rule.round_to))
    if rule.passes_on is not None:
        yield Message("Of it {part} is passed on to {to}.", part=rule.passes_on, to=rule.to)


def _strata(rule: StrataRule, inside: str) -> Iterator[Message]:
    where = (
        Message("Inside {group} the groups share", group=inside)
        if inside
        else Message("The groups share first")
    )
    if rule.shares:
        listed = _joined(
            [
                Message("{group} {part}", group=group, part=part)
                for group, part in rule.shares.items()
            ]
        )
        yield Message("{where}: {shares}.", where=where, shares=listed)
    else:
        yield Message("{where}: {terms}.", where=where, terms=_terms(rule.mix))
    for group, own in rule.inside.items():
        if own.mix:
            yield Message(
                "Inside {group} the members share: {terms}.", group=group, terms=_terms(own.mix)
            )
        if own.strata is not None:
            yield from _strata(own.strata, group)


def _mix(policy: Policy) -> Iterator[Message]:
    terms = _terms(policy.mix)
    if policy.fees:
        yield Message("What the fees leave the members share: {terms}.", terms=terms)
    elif policy.strata is not None:
        yield Message("Inside every other group the members share: {terms}.", terms=terms)
    else:
        yield Message("The members share: {terms}.", terms=terms)


def _terms(mix: Sequence[MixTerm]) -> Message:
    whole = sum((term.weight for term in mix), Fraction(0))
    return _joined(
        [Message("{part} by {by}", part=term.weight / whole, by=term.by) for term in mix]
    )


def _limits(rule: LimitRule) -> Iterator[Message]:
    for value, sentence in (
        (rule.rise, Message("Nobody pays more above last year than")),
        (rule.fall, Message("Nobody pays more below last year than")),
        (rule.floor, Message("Nobody pays less than")),
        (rule.ceiling, Message("Nobody pays more than")),
    ):
        if value is not None:
            shown = value if isinstance(value, Fraction) else str(value)
            yield Message("{sentence} {value}.", sentence=sentence, value=shown)
    if rule.of_budget is not None:
        yield Message(
            "Nobody pays more than {part} of its {budget}.", part=rule.of_budget, budget=rule.budget
        )
    if rule.standalone:
        yield Message("Nobody pays more than when buying alone.")
    if rule.exempt:
        yield Message("Exempt: {members}.", members=", ".join(rule.exempt))
    if rule.spread:
        yield Message("What a limit takes from one member is spread over the others.")
    if rule.absorber:
        yield Message(
            "What the limits leave over is paid, or kept, by: {party}.", party=rule.absorber
        )


def _rounding(policy: Policy) -> Iterator[Message]:
    rule = policy.rounding
    if rule.unit == 1:
        yield Message("Shares are rounded to 1 minor unit.")
    else:
        yield Message(
            "Shares are rounded to {unit} minor units; what is left over is paid by: {party}.",
            unit=rule.unit,
            party=rule.remainder,
        )


def _joined(messages: Sequence[Message]) -> Message:
    named = {f"part{number}": message for number, message in enumerate(messages)}
    return Message(", ".join(f"{{{name}}}" for name in named), **named)
