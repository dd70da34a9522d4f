"""The sheet of a comparison: what each member pays by each policy, taken from the other sheets."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from libconsortium import Comparison, Message, Money, Snapshot, minor_digits, say, translator
from libconsortium.plugins.reports.share_sheet import FIRST as FIRST_SHARE
from libconsortium.plugins.reports.share_sheet import Places
from libconsortium.plugins.reports.sheet import Content, Formula, Sheet, cell, cells

_HEAD, _FIRST = 2, 3


def write_comparison(
    sheet: Sheet, found: Comparison, places: Mapping[str, Places], snapshot: Snapshot
) -> None:
    """Write the sheet.

    Args:
        sheet: The sheet.
        found: The policies side by side.
        places: Where the sheet of each policy has its amounts, by the policy's name.
        snapshot: For title, language and names.
    """
    _ = translator(snapshot.language)
    last = _FIRST + len(found.members) - 1
    sheet.put(0, 0, snapshot.title, "title")
    heads, columns = _table(found, places, snapshot)
    sheet.heads(_HEAD)
    for column, (head, values) in enumerate(zip(heads, columns, strict=True)):
        sheet.put(_HEAD, column, head, "head")
        for row, value in enumerate(values, _FIRST):
            sheet.put(row, column, value, "money" if column > 1 else "text")
        if column > 1:
            _sum(sheet, column, last, values)
    sheet.put(last + 1, 0, _("Members together"), "bold")
    sheet.widths(28, 34, *([22] * (len(columns) - 2)))
    sheet.page.freeze_panes(_FIRST, 2)
    _notes(sheet, found, last + 3, snapshot.language)


def _table(
    found: Comparison, places: Mapping[str, Places], snapshot: Snapshot
) -> tuple[list[str], list[list[Content]]]:
    """Return headings and columns: a policy's amounts, and how they differ from the first's."""
    _ = translator(snapshot.language)
    currency = found.bill.amount.currency
    major = Fraction(1, 10 ** minor_digits(currency))
    names = snapshot.data.get("names", {})
    heads = [_("Id"), _("Member"), f"{_('Last year')} ({currency})"]
    columns: list[list[Content]] = [
        list(found.members),
        [str(names.get(member, "")) for member in found.members],
        [_value(found.last_year.get(member), major) for member in found.members],
    ]
    first_column = len(columns)
    for one in found.outcomes:
        heads.append(f"{one.name} ({currency})")
        column = len(columns)
        columns.append(
            [
                _reference(places[one.name], row, one.amount(member), major)
                if one.name in places
                else ""
                for row, member in enumerate(found.members)
            ]
        )
        if one is found.outcomes[0]:
            continue
        heads.append(f"{one.name} − {found.outcomes[0].name}")
        columns.append(
            [
                _difference(row, column, first_column, found.against_first(one, member), major)
                for row, member in enumerate(found.members, _FIRST)
            ]
        )
    return heads, columns


def _notes(sheet: Sheet, found: Comparison, row: int, language: str) -> None:
    for one in found.outcomes:
        if one.split is None:
            said = Message("{name}: {why}", name=one.name, why=one.refused)
            sheet.put(row, 0, say(said, language))
            row += 1


def _reference(places: Places, row: int, amount: Money | None, major: Fraction) -> Content:
    """Return the formula that takes an amount from the sheet of its policy."""
    page, _, column = places.amounts.rpartition("!")
    letter = column.split("$")[1]
    value = _number(amount, major)
    return Formula(f"{page}!{letter}{FIRST_SHARE + row + 1}", value)


def _difference(row: int, column: int, first: int, more: Money | None, major: Fraction) -> Content:
    if more is None:
        return ""
    return Formula(f"{cell(row, column)}-{cell(row, first)}", more.minor * major)


def _sum(sheet: Sheet, column: int, last: int, values: list[Content]) -> None:
    if all(
        one == "" for one in values
    ):  # a policy that cannot be kept: nothing comes to nothing, not to zero
        sheet.put(last + 1, column, "\N{EN DASH}", "dash")
        return
    numbers = [one.value if isinstance(one, Formula) else one for one in values]
    whole = sum((Fraction(one) for one in numbers if not isinstance(one, str)), Fraction(0))
    sheet.put(last + 1, column, Formula(f"SUM({cells(_FIRST, last, column)})", whole), "sum")


def _value(amount: Money | None, major: Fraction) -> Content:
    return "" if amount is None else amount.minor * major


def _number(amount: Money | None, major: Fraction) -> Fraction:
    return Fraction(0) if amount is None else amount.minor * major
