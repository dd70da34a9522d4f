"""Writes the statements of a phase: estimate and notice from a split, the settlement from both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import attrs

from libconsortium.core.money import Money
from libconsortium.core.office.adjustments import Adjustment, AdjustmentKind, check_balance
from libconsortium.core.office.approvals import Phase
from libconsortium.core.office.instalments import DueDate, instalments
from libconsortium.core.office.payment_references import reference_of
from libconsortium.core.office.statement_lines import lines_of
from libconsortium.core.office.statements import LineKind, Statement, StatementLine, StatementSet
from libconsortium.core.sharing.policies import SPONSOR
from libconsortium.core.sharing.splits import Split
from libconsortium.core.sharing.true_up import TrueUp

_JOIN = AdjustmentKind.JOIN


@attrs.frozen(kw_only=True)
class PaymentTerms:
    """How the members are to pay.

    Args:
        due: The days by which an estimate or notice has to be paid.
        settlement_due: The day by which a settlement has to be paid; ``None`` if not known.
    """

    due: tuple[DueDate, ...] = ()
    settlement_due: date | None = None


def statements(
    split: Split,
    costs: Sequence[StatementLine],
    terms: PaymentTerms,
    *,
    phase: Phase,
    adjustments: Iterable[Adjustment] = (),
) -> StatementSet:
    """Write the statements of an estimate or a notice.

    Each line of the bill is divided over the members by their parts, the sponsor's part is taken
    off, and what limits (and a coarse rounding) change is shown on a line of its own; every line
    adds up over the members, and every statement over its lines.

    Args:
        split: The bill divided.
        costs: What the bill is made of.
        terms: How it is to be paid.
        phase: Estimate or notice.
        adjustments: Dated entries; each entry must balance.

    Raises:
        SplitError: The costs do not come to the bill, or an entry does not balance.

    >>> from libconsortium.core.office.statements import LineKind, StatementLine
    >>> from libconsortium import Money, MixTerm, divided, split_request
    >>> from libconsortium.core.sharing.policies import Policy, SponsorRule
    >>> equal = Policy(name="Equal", mix=[MixTerm(weight=100, by="equal")],
    ...                sponsor=SponsorRule(pays="40%"))
    >>> asked = split_request(Money(100, "VND"), ["a", "b"], {}, equal)
    >>> split = divided(asked)
    >>> costs = (StatementLine(kind=LineKind.BILL, amount=split.bill.amount),)
    >>> found = statements(split, costs, PaymentTerms(), phase=Phase.NOTICE)
    >>> found.statements["a"].due.minor, found.members_pay.minor, found.sponsor.minor
    (30, 60, 40)
    """
    entries = _in_order(adjustments)
    lines = lines_of(split, costs)
    nothing = Money(0, split.bill.amount.currency)
    return _adjusted(
        StatementSet(
            subscription=split.bill.subscription,
            year=split.bill.year,
            phase=phase,
            costs=tuple(costs),
            statements={
                member: Statement(
                    member=member,
                    reference=_reference(split, member, phase),
                    lines=lines[member],
                    notified=nothing,
                    working=share.working,
                    part=share.part,
                    limits=share.limits,
                )
                for member, share in split.shares.items()
            },
            sponsor=split.sponsor,
            others=split.others,
            policy=split.policy,
            input_hash=split.input_hash,
        ),
        entries,
        terms,
    )


def settled(
    notice: StatementSet,
    difference: TrueUp,
    costs: Sequence[StatementLine],
    terms: PaymentTerms,
    *,
    adjustments: Iterable[Adjustment] = (),
) -> StatementSet:
    """Write the statements of the settlement.

    Args:
        notice: The statements of the notice.
        difference: What the final cost is more than the budget, divided.
        costs: What the final bill is made of.
        terms: How it is to be paid.
        adjustments: Dated entries that the notice does not have.

    Raises:
        SplitError: The costs do not come to the settled bill, or an entry does not balance.

    >>> from libconsortium.consortium.years import office_year
    >>> from libconsortium.core.office.approvals import Phase
    >>> from libconsortium.core.sharing.true_up import true_up
    >>> from libconsortium.testing import example_office
    >>> with example_office() as office:
    ...     _ = office.keep(office.split("csdl-vi-du-2025", 2025))
    ...     year = office_year(office, "csdl-vi-du-2025", 2025)
    >>> notice, done = year.statements(Phase.NOTICE), year.splits[-1]
    >>> difference = true_up(done, done.bill.amount)
    >>> final = settled(notice, difference, year.costs, year.terms)
    >>> final.members_pay == notice.members_pay
    True
    """
    trued = {
        member: attrs.evolve(
            one,
            reference=reference_of(notice.subscription, notice.year, member, Phase.SETTLEMENT),
            lines=(*one.lines, *_true_up(difference.members.get(member))),
            notified=one.total,
        )
        for member, one in notice.statements.items()
    }
    parties = dict(difference.parties)
    sponsor = notice.sponsor + parties.pop(SPONSOR, Money(0, notice.currency))
    return _adjusted(
        attrs.evolve(
            notice,
            phase=Phase.SETTLEMENT,
            costs=tuple(costs),
            statements=trued,
            sponsor=sponsor,
            others=_added(notice.others, parties),
            approval=None,
        ),
        _in_order(adjustments),
        terms,
    )


def adjusted(before: StatementSet, adjustments: Iterable[Adjustment]) -> StatementSet:
    """Add dated entries to statements, those of a closed year too.

    Args:
        before: The statements.
        adjustments: Entries they do not have; each must balance.

    Raises:
        SplitError: An entry does not balance.

    >>> from libconsortium.consortium.years import office_year
    >>> from libconsortium.core.office.adjustments import Resolution, appeal
    >>> from libconsortium.core.office.approvals import Phase
    >>> from libconsortium.testing import example_office
    >>> with example_office() as office:
    ...     _ = office.keep(office.split("csdl-vi-du-2025", 2025))
    ...     told = office_year(office, "csdl-vi-du-2025", 2025).statements(Phase.NOTICE)
    >>> ruling = Resolution(
    ...     subscription="csdl-vi-du-2025", year=2025, entry="1", on=date(2025, 6, 1)
    ... )
    >>> paid = {member: one.total for member, one in told.statements.items()}
    >>> after = adjusted(told, appeal(ruling, "dh-d", Money(100, "VND"), paid, payer="sponsor"))
    >>> told.statements["dh-d"].due.minor - after.statements["dh-d"].due.minor
    100
    """
    return _adjusted(before, _in_order(adjustments), None)


def _in_order(adjustments: Iterable[Adjustment]) -> list[Adjustment]:
    entries = sorted(adjustments, key=lambda one: (one.on, one.entry, one.party))
    check_balance(entries)
    return entries


def _adjusted(
    before: StatementSet, adjustments: Sequence[Adjustment], terms: PaymentTerms | None
) -> StatementSet:
    """Add adjustments to everybody's lines, then the days to pay, unless ``terms`` is ``None``."""
    made = dict(before.statements)
    parties: dict[str, Money] = {SPONSOR: before.sponsor, **before.others}
    joined = {one.party for one in adjustments if one.kind is _JOIN and one.amount.minor > 0}
    for one in adjustments:
        if one.party in made or one.party in joined:
            told = made.get(one.party) or _newcomer(before, one.party)
            made[one.party] = attrs.evolve(told, lines=(*told.lines, _adjustment(one)))
        else:
            parties = _added(parties, {one.party: one.amount})
    if terms is not None:
        made = {
            member: attrs.evolve(one, instalments=instalments(one.due, _plan(before.phase, terms)))
            for member, one in made.items()
        }
    sponsor = parties.pop(SPONSOR)
    return attrs.evolve(
        before, statements=dict(sorted(made.items())), sponsor=sponsor, others=parties
    )


def _newcomer(before: StatementSet, member: str) -> Statement:
    return Statement(
        member=member,
        reference=reference_of(before.subscription, before.year, member, before.phase),
        lines=(),
        notified=Money(0, before.currency),
    )


def _adjustment(one: Adjustment) -> StatementLine:
    return StatementLine(kind=LineKind.ADJUSTMENT, amount=one.amount, on=one.on, why=one.why)


def _true_up(amount: Money | None) -> tuple[StatementLine, ...]:
    return () if amount is None else (StatementLine(kind=LineKind.TRUE_UP, amount=amount),)


def _added(one: Mapping[str, Money], other: Mapping[str, Money]) -> dict[str, Money]:
    found = dict(one)
    for party, amount in other.items():
        found[party] = found[party] + amount if party in found else amount
    return found


def _plan(phase: Phase, terms: PaymentTerms) -> tuple[DueDate, ...]:
    if phase is not Phase.SETTLEMENT:
        return terms.due
    return () if terms.settlement_due is None else (DueDate(on=terms.settlement_due),)


def _reference(split: Split, member: str, phase: Phase) -> str:
    return reference_of(split.bill.subscription, split.bill.year, member, phase)
