"""A split as plain data that JSON can hold, and back: what is stored, and what programs read."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from libconsortium.core.errors import StoreError
from libconsortium.core.messages import Message
from libconsortium.core.money import Money
from libconsortium.core.sharing.costs import Step
from libconsortium.core.sharing.roll_ups import LevelSum
from libconsortium.core.sharing.splits import Bill, Share, Split

SCHEMA = 1
"""Version of the form; it changes when a reader of the old form would be misled."""

Document = dict[str, Any]  # Any: JSON


def split_document(split: Split) -> Document:
    """Return a split as plain data with a stable order of keys.

    Amounts are whole minor units of ``currency``; exact numbers that are not whole are texts like
    ``17/35``.

    >>> bill = Bill(amount=Money(30, "VND"), subscription="journals", year=2026)
    >>> document = split_document(Split(bill=bill, shares={}, sponsor=Money(30, "VND")))
    >>> document["schema"], document["total"], document["currency"], document["shares"]
    (1, 30, 'VND', {})
    """
    return {
        "schema": SCHEMA,
        "subscription": split.bill.subscription,
        "year": split.bill.year,
        "policy": split.policy,
        "unit": split.unit,
        "currency": split.bill.amount.currency,
        "total": split.bill.amount.minor,
        "members_pay": split.members_pay.minor,
        "sponsor": split.sponsor.minor,
        "others": {party: amount.minor for party, amount in sorted(split.others.items())},
        "shares": {member: share.amount.minor for member, share in split.shares.items()},
        "limits": {
            member: list(share.limits) for member, share in split.shares.items() if share.limits
        },
        "parts": {member: str(share.part) for member, share in split.shares.items()},
        "exact": {member: str(share.exact) for member, share in split.shares.items()},
        "working": {member: _step(share.working) for member, share in split.shares.items()},
        "input_hash": split.input_hash,
    }


def levels_document(level: LevelSum) -> Document:
    """Return what a federation's members pay, level by level, as plain data.

    >>> levels_document(LevelSum(id="vla", amount=Money(5, "VND")))
    {'id': 'vla', 'amount': 5, 'inside': []}
    """
    return {
        "id": level.id,
        "amount": level.amount.minor,
        "inside": [levels_document(one) for one in level.inside],
    }


def split_from(document: Mapping[str, Any]) -> Split:  # Any: JSON
    """Return the split that a document holds.

    Raises:
        StoreError: The document is of another form or does not add up.

    >>> bill = Bill(amount=Money(30, "VND"), subscription="journals", year=2026)
    >>> split = Split(bill=bill, shares={}, sponsor=Money(30, "VND"))
    >>> split_from(split_document(split)) == split
    True
    """
    if document.get("schema") != SCHEMA:
        raise StoreError(
            "the split is kept in form {schema}, this version reads form {known}",
            schema=document.get("schema"),
            known=SCHEMA,
        )
    currency = document["currency"]
    shares = {
        member: Share(
            member=member,
            amount=Money(minor, currency),
            working=_step_from(document["working"][member]),
            limits=tuple(document["limits"].get(member, ())),
            part=Fraction(document["parts"][member]),
            exact=Fraction(document["exact"][member]),
        )
        for member, minor in sorted(document["shares"].items())
    }
    return Split(
        bill=Bill(
            amount=Money(document["total"], currency),
            subscription=document["subscription"],
            year=document["year"],
        ),
        shares=shares,
        sponsor=Money(document["sponsor"], currency),
        others={party: Money(minor, currency) for party, minor in document["others"].items()},
        policy=document["policy"],
        unit=document["unit"],
        input_hash=document["input_hash"],
    )


def paid_in(document: Mapping[str, Any]) -> dict[str, Money]:  # Any: JSON
    """Return what each member pays in a kept split: last year's amounts for this year's limits.

    >>> paid_in({"currency": "VND", "shares": {"dh-a": 10}})
    {'dh-a': Money(minor=10, currency='VND')}
    """
    return {
        member: Money(minor, document["currency"])
        for member, minor in sorted(document["shares"].items())
    }


def _step(step: Step) -> Document:
    return {
        "what": _message(step.what),
        "value": str(step.value),
        "formula": step.formula,
        "part": None if step.part is None else str(step.part),
        "parts": [_step(part) for part in step.parts],
    }


def _step_from(document: Document) -> Step:
    part = document["part"]
    return Step(
        what=_message_from(document["what"]),
        value=Fraction(document["value"]),
        formula=document["formula"],
        part=None if part is None else Fraction(part),
        parts=tuple(map(_step_from, document["parts"])),
    )


def _message(message: Message) -> Document:
    values = {name: _value(value) for name, value in message.values}
    return {"text": message.template, "values": values}


def _message_from(document: Document) -> Message:
    values = {name: _value_from(value) for name, value in document["values"].items()}
    return Message(document["text"], **values)


def _value(value: object) -> object:
    """Write a value so that its kind is not lost."""
    if isinstance(value, Money):
        return {"minor": value.minor, "currency": value.currency}
    if isinstance(value, Fraction):
        return {"exact": str(value)}
    if isinstance(value, Message):
        return _message(value)
    return value if isinstance(value, str | int) else str(value)


def _value_from(value: Any) -> object:  # noqa: ANN401 - JSON
    if not isinstance(value, dict):
        return value
    if "exact" in value:
        return Fraction(value["exact"])
    return Money(value["minor"], value["currency"]) if "minor" in value else _message_from(value)
