"""Comparisons, what-ifs, glide paths and statements as plain data that JSON can hold.

Amounts are whole minor units of ``currency``; exact numbers that are not whole are texts like
``17/35``; what is not known is null.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from libconsortium.core.buying.savings import Saving
from libconsortium.core.messages import Message
from libconsortium.core.money import Money
from libconsortium.core.office.statements import Statement, StatementLine, StatementSet
from libconsortium.core.sharing.splits import Split
from libconsortium.core.supposing.comparisons import Comparison, PolicyOutcome
from libconsortium.core.supposing.glide import Glide, GlideYear
from libconsortium.core.supposing.what_if import WhatIf

SCHEMA = 1
"""Version of the forms; it changes when a reader of the old form would be misled."""

Document = dict[str, Any]  # Any: JSON


def comparison_document(comparison: Comparison) -> Document:
    """Return a comparison of policies as plain data.

    >>> from libconsortium.core.sharing.policies import MixTerm, Policy
    >>> from libconsortium.core.sharing.splits import Bill
    >>> equal = Policy(name="Equal", mix=[MixTerm(weight=100, by="equal")])
    >>> held = PolicyOutcome(name="a", policy=equal, refused=Message("infeasible"))
    >>> document = comparison_document(
    ...     Comparison(bill=Bill(amount=Money(9, "VND")), members=("x",), outcomes=(held,)))
    >>> document["total"], document["policies"][0]["infeasible"]
    (9, 'infeasible')
    """
    return {
        "schema": SCHEMA,
        "subscription": comparison.bill.subscription,
        "year": comparison.bill.year,
        "currency": comparison.bill.amount.currency,
        "total": comparison.bill.amount.minor,
        "members": list(comparison.members),
        "policies": [_outcome(comparison, one) for one in comparison.outcomes],
    }


def _outcome(comparison: Comparison, one: PolicyOutcome) -> Document:
    members = comparison.members
    return {
        "name": one.name,
        "policy": one.policy.name,
        **_shares(one.split),
        "against_first": {
            member: _minor(comparison.against_first(one, member)) for member in members
        },
        "against_last_year": {
            member: _minor(comparison.against_last_year(one, member)) for member in members
        },
        "winners": list(comparison.winners(one)),
        "losers": list(comparison.losers(one)),
        "above_alone": list(comparison.above_alone(one)),
        "gini": _text(one.gini()),
        "saving": _saving(comparison.saving(one)),
        "infeasible": _said(one.refused),
    }


def what_if_document(
    found: WhatIf, savings: tuple[Saving | None, Saving | None] = (None, None)
) -> Document:
    """Return a what-if as plain data.

    Args:
        found: The bills before and after.
        savings: What joining saves before and after.

    >>> from libconsortium import Leave, suppose
    >>> from libconsortium.testing import example_office
    >>> with example_office() as office:
    ...     found = suppose(office, ["csdl-vi-du-2025"], 2025, [Leave(member="dh-d")]).found
    >>> said = what_if_document(found)
    >>> said["currency"], said["losers"]
    ('VND', ['dh-a', 'dh-b', 'dh-c'])
    """
    (bill, new_bill), (sponsor, new_sponsor) = found.bill(), found.sponsor()
    gini, new_gini = found.gini()
    return {
        "schema": SCHEMA,
        "currency": found.currency,
        "total": {"before": bill.minor, "after": new_bill.minor},
        "sponsor": {"before": sponsor.minor, "after": new_sponsor.minor},
        "members": {
            one.member: {
                "before": _minor(one.before),
                "after": _minor(one.after),
                "difference": one.difference.minor,
                "limits": list(one.limits),
            }
            for one in found.members()
        },
        "winners": list(found.winners()),
        "losers": list(found.losers()),
        "gini": {"before": str(gini), "after": str(new_gini)},
        "saving": {"before": _saving(savings[0]), "after": _saving(savings[1])},
    }


def glide_document(found: Glide) -> Document:
    """Return a glide path as plain data.

    >>> from fractions import Fraction
    >>> from libconsortium import GlideStep, walk_down
    >>> from libconsortium.testing import example_office
    >>> steps = [
    ...     GlideStep(year=year, sponsor=part)
    ...     for year, part in ((2025, Fraction(2, 5)), (2026, Fraction(3, 10)))
    ... ]
    >>> with example_office() as office:
    ...     found = walk_down(office, "csdl-vi-du-2025", 2025, steps)
    >>> [(one["year"], one["members_rise"]) for one in glide_document(found)["years"]]
    [(2025, None), (2026, '356491228/2138947369')]
    """
    return {
        "schema": SCHEMA,
        "currency": found.years[0].bill.currency,
        "first_infeasible": found.first_infeasible,
        "years": [_year(one) for one in found.years],
    }


def _year(one: GlideYear) -> Document:
    pays = one.step.sponsor
    members = sorted(one.split.shares) if one.split else []
    return {
        "year": one.step.year,
        "sponsor_pays": str(pays),
        "total": one.bill.minor,
        "members_pay": one.members_pay.minor,
        "members_rise": _text(one.members_rise),
        **_shares(one.split),
        "rises": {member: _text(one.rise(member)) for member in members},
        "saving": _saving(one.saving),
        "infeasible": _said(one.refused),
        "shortfall": _minor(one.shortfall),
    }


def statements_document(found: StatementSet) -> Document:
    """Return the statements of a phase as plain data.

    >>> from libconsortium import Phase, office_year
    >>> from libconsortium.testing import example_office
    >>> with example_office() as office:
    ...     _ = office.keep(office.split("csdl-vi-du-2025", 2025))
    ...     told = office_year(office, "csdl-vi-du-2025", 2025).statements(Phase.NOTICE)
    >>> said = statements_document(told)
    >>> said["phase"], said["members_pay"], said["approved"]
    ('notice', 2138947369, None)
    """
    approval = found.approval
    return {
        "schema": SCHEMA,
        "subscription": found.subscription,
        "year": found.year,
        "phase": found.phase.value,
        "currency": found.currency,
        "costs": [_line(line) for line in found.costs],
        "total": found.cost.minor,
        "members_pay": found.members_pay.minor,
        "sponsor": found.sponsor.minor,
        "others": _amounts(found.others),
        "statements": {member: statement_document(of) for member, of in found.statements.items()},
        "policy": found.policy,
        "input_hash": found.input_hash,
        "fingerprint": found.fingerprint(),
        "approved": None
        if approval is None
        else {
            "author": approval.author,
            "approver": approval.approver,
            "on": approval.on.isoformat(),
        },
    }


def statement_document(one: Statement) -> Document:
    """Return one statement as plain data.

    >>> nothing = Money(0, "VND")
    >>> statement_document(Statement(member="a", reference="R", lines=(), notified=nothing))["due"]
    0
    """
    return {
        "member": one.member,
        "reference": one.reference,
        "lines": [_line(line) for line in one.lines],
        "total": one.total.minor,
        "notified": one.notified.minor,
        "due": one.due.minor,
        "instalments": [
            {"on": each.on.isoformat(), "amount": each.amount.minor} for each in one.instalments
        ],
        "part": str(one.part),
        "limits": list(one.limits),
    }


def _line(line: StatementLine) -> Document:
    return {
        "kind": line.kind.value,
        "amount": line.amount.minor,
        "on": None if line.on is None else line.on.isoformat(),
        "why": line.why,
    }


def _shares(split: Split | None) -> Document:
    if split is None:
        return {"shares": {}, "sponsor": None, "others": {}, "limits": {}, "input_hash": ""}
    return {
        "shares": {member: share.amount.minor for member, share in split.shares.items()},
        "sponsor": split.sponsor.minor,
        "others": _amounts(split.others),
        "limits": {
            member: list(share.limits) for member, share in split.shares.items() if share.limits
        },
        "input_hash": split.input_hash,
    }


def _saving(saving: Saving | None) -> Document | None:
    if saving is None:
        return None
    return {
        "by_joining": saving.by_joining.minor,
        "sponsor_relief": saving.sponsor_relief.minor,
    }


def _amounts(amounts: Mapping[str, Money]) -> dict[str, int]:
    return {name: amount.minor for name, amount in sorted(amounts.items())}


def _minor(amount: Money | None) -> int | None:
    return None if amount is None else amount.minor


def _text(number: Fraction | None) -> str | None:
    return None if number is None else str(number)


def _said(message: Message) -> str | None:
    return str(message) or None
