"""One bill's year in an office: what was approved stays, what came later stands after it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import attrs

from libconsortium.core.errors import SplitError
from libconsortium.core.money import total
from libconsortium.core.office.adjustments import Adjustment
from libconsortium.core.office.approvals import (
    Approval,
    Phase,
    check_unchanged,
    closed_by,
    in_order,
)
from libconsortium.core.office.statements import StatementLine, StatementSet
from libconsortium.core.office.stating import PaymentTerms, adjusted, settled, statements
from libconsortium.core.sharing.splits import Split
from libconsortium.core.sharing.true_up import true_up


@attrs.frozen(kw_only=True)
class OfficeYear:
    """Everything the statements of one subscription and year are made of.

    Args:
        splits: The versions of the split that were kept, the first one first; at least one.
        costs: What the estimated bill is made of.
        settled_costs: What the final bill is made of; as estimated while nothing is known.
        terms: How the members are to pay.
        sponsor_is_fixed: The sponsor gives a fixed amount; it has no part of the true-up.
        approvals: Who approved what.
        adjustments: Dated entries.
    """

    splits: Sequence[Split]
    costs: tuple[StatementLine, ...]
    settled_costs: tuple[StatementLine, ...] = ()
    terms: PaymentTerms = PaymentTerms()  # noqa: RUF009 - a frozen value
    sponsor_is_fixed: bool = False
    approvals: Sequence[Approval] = ()
    adjustments: Sequence[Adjustment] = ()

    def statements(self, phase: Phase) -> StatementSet:
        """Return the statements of a phase.

        If the phase was approved, they are those that were approved, with entries of later days
        after them; otherwise they are made from the split that was kept last and all entries.

        Args:
            phase: Estimate, notice or settlement; a settlement begins from the notice.

        Raises:
            SplitError: No split is kept, its bill is not what the costs come to, or an entry does
                not balance.
            ClosedYearError: The year is closed, and its figures are not those it was closed with.
        """
        if not self.splits:
            raise SplitError("no split is kept yet; divide the bill first")
        if phase is Phase.SETTLEMENT:
            return self._settlement()
        found, later = self._begun(phase)[1:]
        return adjusted(found, later)

    def _begun(self, phase: Phase) -> tuple[Split, StatementSet, list[Adjustment]]:
        """Return the split, its statements as approved, and the entries of later days."""
        approvals = [one for one in in_order(self.approvals) if one.phase is phase]
        for split in reversed(self.splits):
            if split.bill.amount != total((one.amount for one in self.costs), _currency(split)):
                continue
            for approval in approvals:
                known, later = self._until(approval.on)
                made = self._made(split, phase, known)
                if made.fingerprint() == approval.fingerprint:
                    return split, attrs.evolve(made, approval=approval), later
        last, closed = self.splits[-1], closed_by(self.approvals)
        known, later = (list(self.adjustments), []) if closed is None else self._until(closed.on)
        return last, self._made(last, phase, known), later

    def _made(self, split: Split, phase: Phase, known: list[Adjustment]) -> StatementSet:
        return statements(split, self.costs, self.terms, phase=phase, adjustments=known)

    def _settlement(self) -> StatementSet:
        split, notice, later = self._begun(Phase.NOTICE)
        costs = self.settled_costs or self.costs
        cost = total((one.amount for one in costs), _currency(split))
        difference = true_up(split, cost, sponsor_is_fixed=self.sponsor_is_fixed)
        closed = closed_by(self.approvals)
        before = [one for one in later if closed is None or one.on <= closed.on]
        made = settled(notice, difference, costs, self.terms, adjustments=before)
        check_unchanged(self.approvals, made.fingerprint())
        after = [one for one in later if one not in before]
        return adjusted(attrs.evolve(made, approval=closed), after)

    def _until(self, day: date) -> tuple[list[Adjustment], list[Adjustment]]:
        known = [one for one in self.adjustments if one.on <= day]
        return known, [one for one in self.adjustments if one.on > day]


def _currency(split: Split) -> str:
    return split.bill.amount.currency
