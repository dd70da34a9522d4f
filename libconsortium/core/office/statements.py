"""A statement for each member: what it pays, of what, by when, and under which reference."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from fractions import Fraction

import attrs

from libconsortium.core.errors import SplitError
from libconsortium.core.money import Money, total
from libconsortium.core.office.approvals import Approval, Phase
from libconsortium.core.office.instalments import Instalment
from libconsortium.core.sharing.costs import Step


class LineKind(StrEnum):
    """What a line of a statement, or of a bill, is for."""

    BILL = "bill"
    SUPPLIER = "supplier"
    CORPORATE_INCOME_TAX = "corporate-income-tax"
    VALUE_ADDED_TAX = "value-added-tax"
    FEES = "fees"
    SPONSOR = "sponsor"
    LIMITS = "limits"
    TRUE_UP = "true-up"
    ADJUSTMENT = "adjustment"


@attrs.frozen(kw_only=True)
class StatementLine:
    """One line; the lines of a statement add up.

    Args:
        kind: What it is for.
        amount: Whole minor units; negative for what is not to be paid.
        on: The day of an adjustment; ``None`` for other lines.
        why: The reason of an adjustment; empty for other lines.
    """

    kind: LineKind
    amount: Money
    on: date | None = None
    why: str = ""


@attrs.frozen(kw_only=True)
class Statement:
    """What one member is told.

    Args:
        member: Its id.
        reference: What it writes on its payment.
        lines: What it pays, line by line.
        notified: What it was told to pay before; of meaning in a settlement only.
        instalments: What it has to pay by which day, together what is due.
        working: How its share came about; ``None`` for who has no share but an adjustment.
        part: Its part of what the members share.
        limits: Names of the limits that hold its share.
    """

    member: str
    reference: str
    lines: tuple[StatementLine, ...]
    notified: Money
    instalments: tuple[Instalment, ...] = ()
    working: Step | None = None
    part: Fraction = Fraction(0)
    limits: tuple[str, ...] = ()

    @property
    def total(self) -> Money:
        """What it pays for the year."""
        return total((line.amount for line in self.lines), self.notified.currency)

    @property
    def due(self) -> Money:
        """What it still has to pay of that (or, negative, gets back)."""
        return self.total - self.notified


@attrs.frozen(kw_only=True)
class StatementSet:
    """The statements of all members for one phase, and what they come to.

    Args:
        subscription: Id of the subscription.
        year: The year.
        phase: How far it has come.
        costs: What the bill is made of: supplier, taxes, fees.
        statements: By member id.
        sponsor: What the sponsor pays.
        others: What other parties pay, by name.
        policy: Name of the policy.
        input_hash: Hash of everything the bill was divided by.
        approval: Who approved exactly these statements; ``None`` while nobody has.

    Raises:
        SplitError: Members, sponsor and others do not pay the bill.
    """

    subscription: str
    year: int
    phase: Phase
    costs: tuple[StatementLine, ...]
    statements: Mapping[str, Statement]
    sponsor: Money
    others: Mapping[str, Money] = attrs.field(factory=dict)
    policy: str = ""
    input_hash: str = ""
    approval: Approval | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse statements that do not add up to the bill."""
        paid = self.members_pay + total([self.sponsor, *self.others.values()], self.currency)
        if paid != self.cost:
            raise SplitError(
                "the statements come to {paid}, the bill to {cost}", paid=paid, cost=self.cost
            )

    @property
    def currency(self) -> str:
        """The currency of all amounts."""
        return self.sponsor.currency

    @property
    def cost(self) -> Money:
        """What supplier, taxes and fees come to."""
        return total((line.amount for line in self.costs), self.currency)

    @property
    def members_pay(self) -> Money:
        """What all members pay together."""
        return total((one.total for one in self.statements.values()), self.currency)

    def fingerprint(self) -> str:
        """Return the SHA-256 of everything the statements say, in hexadecimal.

        Who approved them is left out: an approval names the fingerprint.
        """
        said = attrs.asdict(attrs.evolve(self, approval=None))
        plain = json.dumps(said, sort_keys=True, ensure_ascii=False, default=str)
        return hashlib.sha256(plain.encode()).hexdigest()
