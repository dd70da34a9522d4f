"""The payments an office waits for after it has sent its statements."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from libconsortium.core.money import Money
from libconsortium.core.office.payments import ExpectedPayment
from libconsortium.core.office.statements import StatementSet


def awaited_payments(
    found: StatementSet, names: Mapping[str, str] | None = None
) -> tuple[ExpectedPayment, ...]:
    """Return one payment for each instalment of each statement, in the order of members and days.

    Without instalments one payment for all that is due; who gets money back is left out.

    Args:
        found: The statements.
        names: What the members are called, by id.
    """
    awaited = []
    for member, one in found.statements.items():
        parts: list[tuple[Money, date | None]] = [
            (each.amount, each.on) for each in one.instalments
        ] or [(one.due, None)]
        awaited += [
            ExpectedPayment(
                id=member,
                name=(names or {}).get(member) or member,
                amount=amount,
                due_on=on,
                year=found.year,
                reference=one.reference,
            )
            for amount, on in parts
            if amount.minor > 0
        ]
    return tuple(awaited)
