"""What a statement says, as texts in the reader's language: the PDF and the page print the same."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Any

from libconsortium import (
    Message,
    Money,
    Phase,
    Snapshot,
    Statement,
    StatementLine,
    StatementSet,
    Step,
    format_formula,
    format_money,
    format_number,
    format_percent,
    say,
    translator,
)

Texts = dict[str, Any]  # Any: texts, lists of texts, whether something is so

_TITLES = {
    Phase.ESTIMATE: Message("Estimate of contribution"),
    Phase.NOTICE: Message("Notice of contribution"),
    Phase.SETTLEMENT: Message("Settlement of contribution"),
}
_LINES = {
    "bill": Message("Price of the resource"),
    "supplier": Message("Supplier"),
    "corporate-income-tax": Message("Corporate income tax of the foreign contractor"),
    "value-added-tax": Message("Value added tax"),
    "fees": Message("Fees"),
    "sponsor": Message("Less the sponsor's part"),
    "limits": Message("Limits and rounding"),
    "true-up": Message("True-up: final cost against budget"),
    "adjustment": Message("Adjustment"),
}


def statement_texts(snapshot: Snapshot) -> Texts:
    """Return every text of a statement.

    Args:
        snapshot: Of kind ``statement``; in ``data``: ``set`` (a StatementSet), ``member`` (an id),
            ``name`` (the member's name), ``subject`` (the resource's name), ``in_words`` (the
            amount to pay in words); the last three may be missing.
    """
    data, language = snapshot.data, snapshot.language
    found: StatementSet = data["set"]
    one = found.statements[data["member"]]
    _ = translator(language)

    def money(amount: Money) -> str:
        return format_money(amount, language)

    told = found.phase is Phase.SETTLEMENT
    return {
        "language": language,
        "issuer": snapshot.title,
        "title": say(_TITLES[found.phase], language),
        "subject": f"{data.get('subject') or found.subscription} · {found.year}",
        "draft": "" if found.approval else _("Draft: not approved"),
        "facts": [
            [_("Member"), str(data.get("name") or one.member)],
            [_("Reference for the payment"), one.reference],
            [_("To be paid by"), _deadline(one, language)],
            [_("Policy"), found.policy],
        ],
        "head": [_("Item"), _("Amount")],
        "lines": [[_line_text(line, language), money(line.amount)] for line in one.lines],
        "total": [_("For the year"), money(one.total)],
        "told": [[_("Notified before"), money(one.notified)]] if told else [],
        "due": [_("Due back") if one.due.minor < 0 else _("To be paid"), money(_shown(one.due))],
        "words": [_("In words"), str(data["in_words"])] if data.get("in_words") else [],
        "instalments_title": _("Instalments"),
        "instalments_head": [_("By"), _("Amount")],
        "instalments": [
            [day_text(each.on, language), money(each.amount)] for each in one.instalments
        ]
        if len(one.instalments) > 1
        else [],
        "approval": _approval(found, language),
        "working_title": _("How the share was worked out"),
        "working_head": [_("Step"), _("Arithmetic"), _("Part"), _("Result")],
        "working": list(_working(one, str(data.get("name") or one.member), language)),
        "footer": f"{_('Fingerprint')}: {found.fingerprint()}",
        "date": list(_day_of(found).timetuple()[:3]),
    }


def day_text(day: date, language: str) -> str:
    """Write a day.

    >>> day_text(date(2027, 3, 31), "vi"), day_text(date(2027, 3, 31), "en")
    ('31/03/2027', '2027-03-31')
    """
    return f"{day:%d/%m/%Y}" if language == "vi" else day.isoformat()


def _shown(due: Money) -> Money:
    return -due if due.minor < 0 else due


def _deadline(one: Statement, language: str) -> str:
    return day_text(one.instalments[-1].on, language) if one.instalments else "–"


def _line_text(line: StatementLine, language: str) -> str:
    text = say(_LINES[line.kind.value], language)
    if line.on is None:
        return text
    why = f": {line.why}" if line.why else ""
    return f"{text} ({day_text(line.on, language)}){why}"


def _approval(found: StatementSet, language: str) -> list[list[str]]:
    if found.approval is None:
        return []
    _ = translator(language)
    return [
        [_("Made by"), found.approval.author],
        [_("Approved by"), found.approval.approver],
        [_("Approved on"), day_text(found.approval.on, language)],
    ]


def _day_of(found: StatementSet) -> date:
    """Return the day the document bears inside; never the day it was written on."""
    return found.approval.on if found.approval else date(max(found.year, 1), 1, 1)


def _working(one: Statement, name: str, language: str) -> Iterator[list[Any]]:
    if one.working is None:
        return
    whole: Fraction | None = None
    for depth, step in _steps(one.working):
        values = dict(step.what.values)
        said = Message(step.what.template, **({**values, "member": name} if not depth else values))
        formula = format_formula(step.formula, language) if step.formula else ""
        part = "" if step.part is None else format_percent(step.part, language)
        if step.part:
            whole = step.value / step.part if whole is None else whole
            if formula and step.value != step.part * whole:
                # A part of one term only: the amount it is a part of stands beside it.
                formula = f"{formula} × {format_number(step.value / step.part, language)}"
                part = ""
        result = format_number(step.value, language)
        yield [depth, say(said, language), formula, part, result]


def _steps(step: Step, depth: int = 0) -> Iterator[tuple[int, Step]]:
    yield depth, step
    for part in step.parts:
        yield from _steps(part, depth + 1)
