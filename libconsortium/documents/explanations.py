"""Says a split in words: one member's working, and the table of what everybody pays."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache

import attrs

from libconsortium.core.messages import Message
from libconsortium.core.money import Money
from libconsortium.core.sharing.costs import Step
from libconsortium.core.sharing.splits import Share, Split
from libconsortium.documents.number_texts import (
    format_formula,
    format_money,
    format_number,
    format_percent,
)
from libconsortium.messages import translator

_INDENT = "  "
_PERCENT = re.compile(r"\d+(?:\.\d+)? %")
"""A percentage that was rounded to the safe side where it was worked out."""
_PART_OF = Message("{part} of {whole}")
_LIMITS = {
    "floor": Message("floor"),
    "fall": Message("limited fall"),
    "ceiling": Message("ceiling"),
    "of_budget": Message("part of the budget"),
    "exempt": Message("exempt"),
    "rise": Message("limited rise"),
    "standalone": Message("price of buying alone"),
}


def explain_share(share: Share, language: str = "en", *, name: str = "") -> str:
    """Return the working behind a member's share, as a person would write it down.

    Args:
        share: The share.
        language: ``vi`` or ``en``.
        name: What to call the member; its id if empty.

    >>> from libconsortium.split_steps.dividing import split
    >>> from libconsortium.core.sharing.policies import MixTerm, Policy
    >>> policy = Policy(name="Equal", mix=[MixTerm(weight=100, by="equal")])
    >>> done = split(Money(10, "VND"), ["a", "b", "c"], {}, policy)
    >>> print(explain_share(done.shares["a"]).replace("\N{NO-BREAK SPACE}", " "))
    a pays ₫4
      the bill is ₫10, the sponsor pays ₫0, the members share ₫10
        10 − 0 = 10
      the member's part by the policy
        100 % × 1/3 = 33.333 %: 3.33
        100 % by 'equal'
          100 % × 1/3 = 33.333 %: 3.33
          the same for everybody
            1/3 = 33.333 %: 3.33
      rounded to ₫4
    """
    step = share.working
    if name:
        values = {**dict(step.what.values), "member": name}
        step = attrs.evolve(step, what=Message(step.what.template, **values))
    lines: list[str] = []
    _add_lines(lines, step, language, "")
    return "\n".join(lines)


def say(message: Message, language: str) -> str:
    """Return a sentence in a language, with its numbers written as in that language.

    A ``Fraction`` among its values is written as a percentage.

    >>> say(Message("{part} of {amount}", part=Fraction(1, 8), amount=Money(1000, "VND")), "en")
    '12.5 % of ₫1,000'
    """
    values = {name: _shown(value, language) for name, value in message.values}
    template = translator(language)(message.template)
    return template.format(**values) if values else template


def split_table(
    split: Split, language: str = "en", *, names: Mapping[str, str] | None = None
) -> str:
    """Return who pays what as a table of plain text.

    Args:
        split: The split.
        language: ``vi`` or ``en``.
        names: Names of the members by id; who has none is shown by its id.

    >>> from libconsortium.core.sharing.splits import Bill
    >>> bill = Bill(amount=Money(30, "VND"))
    >>> print(split_table(Split(bill=bill, shares={}, sponsor=Money(30, "VND"))))
    Member            Part  Amount  Limits
    --------------------------------------
    Members together            ₫0
    Sponsor                    ₫30
    Bill                       ₫30
    """
    _ = translator(language)
    rows = [
        (
            (names or {}).get(member) or member,
            format_percent(share.part, language),
            format_money(share.amount, language),
            limits_in_words(share, language),
        )
        for member, share in split.shares.items()
    ]
    parties = [
        (_("Members together"), split.members_pay),
        (_("Sponsor"), split.sponsor),
        *split.others.items(),
        (_("Bill"), split.bill.amount),
    ]
    below = [(what, "", format_money(amount, language), "") for what, amount in parties]
    head = (_("Member"), _("Part"), _("Amount"), _("Limits"))
    widths = [max(map(len, column)) for column in zip(head, *rows, *below, strict=True)]
    rule = "-" * (sum(widths) + 2 * len(widths) - 2)
    shown = [_row(head, widths), rule, *(_row(row, widths) for row in rows)]
    shown += [*([rule] if rows else []), *(_row(row, widths) for row in below)]
    return "\n".join(shown).replace("\N{NO-BREAK SPACE}", " ")


def limits_in_words(share: Share, language: str) -> str:
    """Return which limits hold a share, in words; empty if none does.

    >>> step = Step(what=Message("held"), value=Fraction(4))
    >>> share = Share(member="a", amount=Money(4, "VND"), working=step, limits=("rise",))
    >>> limits_in_words(share, "en")
    'limited rise'
    """
    return ", ".join(say(_LIMITS.get(limit, Message(limit)), language) for limit in share.limits)


def _row(cells: tuple[str, ...], widths: list[int]) -> str:
    name, part, amount, limits = cells
    return f"{name:<{widths[0]}}  {part:>{widths[1]}}  {amount:>{widths[2]}}  {limits}".rstrip()


def _shown(value: object, language: str) -> object:
    if isinstance(value, Money):
        return format_money(value, language)
    if isinstance(value, Fraction):
        return format_percent(value, language)
    if isinstance(value, int):
        return format_number(value, language)
    if isinstance(value, str) and _PERCENT.fullmatch(value):
        return format_formula(value.replace(" ", ""), language)
    return say(value, language) if isinstance(value, Message) else value


def _add_lines(
    lines: list[str], step: Step, language: str, indent: str, whole: Fraction | None = None
) -> None:
    """Add the lines of a step; ``whole`` is what the parts so far are parts of."""
    lines.append(indent + _said(step.what, language))
    inner = indent + _INDENT
    if whole is None and step.part:
        whole = step.value / step.part
    if step.formula:
        formula = format_formula(step.formula, language)
        lines.append(f"{inner}{formula} = {_result(step, language, whole)}")
    for part in step.parts:
        _add_lines(lines, part, language, inner, whole)


@lru_cache(maxsize=256)  # most lines of working are the same for every member
def _said(what: Message, language: str) -> str:
    return say(what, language)


def _result(step: Step, language: str, whole: Fraction | None) -> str:
    amount = format_number(step.value, language)
    if step.part is None:
        return amount
    part = format_percent(step.part, language)
    if whole is not None and step.part and step.value != step.part * whole:
        # A part of one term only: of what, or the reader takes it for a part of the bill.
        base = format_number(step.value / step.part, language)
        part = _said(_PART_OF, language).format(part=part, whole=base)
    return f"{part}: {amount}"
