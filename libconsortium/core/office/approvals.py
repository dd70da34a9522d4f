"""Who approved what of a year: four eyes, and a year that is closed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

import attrs

from libconsortium.core.errors import ClosedYearError, SettingsError


class Phase(StrEnum):
    """How far a year's bill has come: dự toán, thông báo nộp, quyết toán."""

    ESTIMATE = "estimate"
    NOTICE = "notice"
    SETTLEMENT = "settlement"


@attrs.frozen(kw_only=True)
class Approval:
    """Somebody approved the statements of a phase.

    Args:
        subscription: Id of the subscription.
        year: The year.
        phase: What was approved; an approved settlement closes the year.
        fingerprint: Fingerprint of the statements as they were; others are not approved by it.
        author: Who made them: a role (``accountant``), not a name.
        approver: Who approved them: another role.
        on: The day.
        source: Where this is written: minutes, a resolution.

    >>> one = Approval(subscription="db", year=2027, phase=Phase.NOTICE, fingerprint="ab",
    ...                author="accountant", approver="Accountant ", on=date(2027, 1, 9))
    >>> one.has_four_eyes
    False
    """

    subscription: str
    year: int
    phase: Phase
    fingerprint: str
    author: str
    approver: str
    on: date
    source: str = ""

    @property
    def has_four_eyes(self) -> bool:
        """Whether somebody other than the author approved."""
        author, approver = (
            " ".join(one.casefold().split()) for one in (self.author, self.approver)
        )
        return bool(author and approver and author != approver)


def check_four_eyes(approval: Approval) -> None:
    """Refuse an approval by the author.

    Raises:
        SettingsError: Author and approver are one, or one of them is not named.

    >>> one = Approval(subscription="db", year=2027, phase=Phase.NOTICE, fingerprint="ab",
    ...                author="accountant", approver="accountant", on=date(2027, 1, 9))
    >>> check_four_eyes(one)
    Traceback (most recent call last):
    libconsortium.core.errors.SettingsError: statements made by 'accountant' must be approved by ...
    """
    if not approval.has_four_eyes:
        raise SettingsError(
            "statements made by {author!r} must be approved by somebody else, not by {approver!r}",
            author=approval.author,
            approver=approval.approver,
        )


def closed_by(approvals: Iterable[Approval]) -> Approval | None:
    """Return the approval that closed a year: the first of its settlement; ``None`` if open.

    Args:
        approvals: Those of one subscription and year.

    >>> closed_by([]) is None
    True
    """
    return next((one for one in in_order(approvals) if one.phase is Phase.SETTLEMENT), None)


def check_open(approvals: Iterable[Approval]) -> None:
    """Refuse to divide the bill of a closed year anew.

    Args:
        approvals: Those of one subscription and year.

    Raises:
        ClosedYearError: Its settlement was approved.

    >>> one = Approval(subscription="db", year=2027, phase=Phase.SETTLEMENT, fingerprint="ab",
    ...                author="accountant", approver="chair", on=date(2028, 1, 9))
    >>> check_open([one])
    Traceback (most recent call last):
    libconsortium.core.errors.ClosedYearError: the year 2027 of 'db' was closed on 2028-01-09 ...
    """
    closed = closed_by(approvals)
    if closed is not None:
        raise ClosedYearError(
            "the year {year} of {subscription!r} was closed on {on} ({approver}); enter a dated"
            " adjustment instead",
            year=closed.year,
            subscription=closed.subscription,
            on=closed.on,
            approver=closed.approver,
        )


def check_unchanged(approvals: Iterable[Approval], fingerprint: str) -> None:
    """Refuse settled statements that are not those that were approved.

    Args:
        approvals: Those of one subscription and year.
        fingerprint: Fingerprint of the statements as the facts give them now.

    Raises:
        ClosedYearError: The year is closed, and they are others.
    """
    closed = closed_by(approvals)
    if closed is not None and closed.fingerprint != fingerprint:
        raise ClosedYearError(
            "the year {year} of {subscription!r} was closed on {on} with other figures"
            " (fingerprint {closed}, now {now}): a figure, a rate or an older adjustment was"
            " changed; put it back and enter a dated adjustment instead",
            year=closed.year,
            subscription=closed.subscription,
            on=closed.on,
            closed=closed.fingerprint[:_SHOWN],
            now=fingerprint[:_SHOWN],
        )


_SHOWN = 12


def in_order(approvals: Iterable[Approval]) -> list[Approval]:
    """Return the approvals with four eyes by their days.

    >>> in_order([])
    []
    """
    valid = (one for one in approvals if one.has_four_eyes)
    return sorted(valid, key=lambda one: (one.on, one.fingerprint, one.approver))
