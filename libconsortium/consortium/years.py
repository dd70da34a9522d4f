"""A consortium's year: statements, approvals and mid-year changes from facts kept."""

from __future__ import annotations

import json
from collections.abc import Sequence
from fractions import Fraction
from typing import TypeVar

from libconsortium.consortium.consortium import Consortium
from libconsortium.core.buying.resources import Resource
from libconsortium.core.office.adjustments import Adjustment
from libconsortium.core.office.approvals import Approval, check_four_eyes, check_open
from libconsortium.core.office.office_year import OfficeYear
from libconsortium.core.office.statement_lines import costs_of
from libconsortium.core.office.statements import StatementSet
from libconsortium.core.office.stating import PaymentTerms
from libconsortium.documents.split_documents import split_from
from libconsortium.split_steps.policy_file import read_policy


def office_year(consortium: Consortium, subscription: str, year: int) -> OfficeYear:
    """Gather everything the statements of a subscription and year are made of.

    >>> from libconsortium.core.office.approvals import Phase
    >>> from libconsortium.testing import example_office
    >>> with example_office() as office:
    ...     _ = office.keep(office.split("csdl-vi-du-2025", 2025))
    ...     told = office_year(office, "csdl-vi-du-2025", 2025).statements(Phase.NOTICE)
    >>> told.statements["dh-a"].reference
    'CSDLVIDU2025-N2025-DHA-05'
    """
    bill = consortium.settings.bill(subscription, year)
    policy = read_policy(consortium.settings.path(bill.policy), consortium.registry)
    directory = consortium.directory()
    final = bill.settled()
    return OfficeYear(
        splits=[
            split_from(json.loads(one.document))
            for one in consortium.store.splits(subscription, year)
        ],
        costs=costs_of(*bill.cost(), bill.fees),
        settled_costs=costs_of(*final.cost(), final.fees),
        terms=PaymentTerms(due=bill.due, settlement_due=bill.settlement_due),
        sponsor_is_fixed=(
            policy.sponsor is not None and not isinstance(policy.sponsor.in_year(year), Fraction)
        ),
        approvals=_of(directory.of_kind(Approval), subscription, year),
        adjustments=_of(directory.of_kind(Adjustment), subscription, year),
    )


def approve(
    consortium: Consortium, found: StatementSet, *, author: str, approver: str, source: str = ""
) -> Approval:
    """Approve statements as they are, and keep that as a fact; a settlement closes the year.

    Args:
        consortium: Whose.
        found: The statements.
        author: Who made them: a role.
        approver: Who approves them: another role.
        source: Where this is written.

    Raises:
        SettingsError: The approver is the author.
        ClosedYearError: The year is closed.

    >>> from libconsortium.core.office.approvals import Phase
    >>> from libconsortium.testing import example_office
    >>> with example_office() as office:
    ...     _ = office.keep(office.split("csdl-vi-du-2025", 2025))
    ...     told = office_year(office, "csdl-vi-du-2025", 2025).statements(Phase.NOTICE)
    ...     made = approve(office, told, author="accountant", approver="chair")
    >>> made.has_four_eyes
    True
    """
    approval = Approval(
        subscription=found.subscription,
        year=found.year,
        phase=found.phase,
        fingerprint=found.fingerprint(),
        author=author,
        approver=approver,
        on=consortium.clock().date(),
        source=source,
    )
    check_four_eyes(approval)
    directory = consortium.directory()
    check_open(_of(directory.of_kind(Approval), found.subscription, found.year))
    consortium.keep_facts([approval], what=f"approval: {found.phase.value}")
    return approval


def subject_of(consortium: Consortium, subscription: str) -> str:
    """Return the name of the resource of a subscription; the subscription's id if it has none.

    >>> from libconsortium.testing import example_office
    >>> with example_office() as office:
    ...     subject_of(office, "csdl-vi-du-2025")
    'Cơ sở dữ liệu Ví Dụ (hư cấu)'
    """
    directory = consortium.directory()
    resource = directory.subscriptions[subscription].resource
    names = {one.id: one.name for one in directory.of_kind(Resource)}
    return names.get(resource) or subscription


T = TypeVar("T", Approval, Adjustment)


def _of(facts: Sequence[T], subscription: str, year: int) -> list[T]:
    return [one for one in facts if (one.subscription, one.year) == (subscription, year)]
