"""The sheet of shares: from the figures of each term over parts and limits to whole amounts."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import attrs

from libconsortium import Share, Snapshot, Split, minor_digits, translator
from libconsortium.plugins.reports.figures import Term, sponsor_by_policy, terms_of
from libconsortium.plugins.reports.sheet import Content, Formula, Sheet, cell, cells

WEIGHTS, HEAD, FIRST = 9, 10, 11
"""The rows of the table: the weights, the headings, the first member."""

_BILL, _SPONSOR, _MEMBERS, _OUTSIDE, _FACTOR = range(2, 7)
"""The rows of the block above the table; labels in column A, numbers in column B."""


@attrs.frozen(kw_only=True)
class Places:
    """Where the check sheet finds what it checks.

    Args:
        parts: The members' parts of the whole.
        amounts: What the members pay.
        rounding: How far each amount is from its exact share.
        furthest: The greatest of these distances, in major units.
        weights: The weights of the mix, one after the other; empty without mix.
        outside: What the sponsor and others pay in the end.
        bill: What has to be paid, in major units.
        bill_name: The name of its cell.
        step: The smallest step of the members' amounts, in major units.
        minor: One minor unit, in major units.
    """

    parts: str
    amounts: str
    rounding: str
    furthest: Fraction
    weights: tuple[str, ...]
    outside: str
    bill: Fraction
    bill_name: str
    step: Fraction
    minor: Fraction


@attrs.define
class _Table:
    """The table while it is written; its columns follow one another."""

    sheet: Sheet
    split: Split
    major: Fraction
    translate: Callable[[str], str]
    suffix: str = ""
    column: int = 0

    @property
    def bill_name(self) -> str:
        """The name of the cell with the bill."""
        return f"bill_total{self.suffix}"

    @property
    def members_name(self) -> str:
        """The name of the cell with what the members share."""
        return f"members_part{self.suffix}"

    @property
    def last(self) -> int:
        """The row of the last member."""
        return FIRST + len(self.split.shares) - 1

    def add(
        self, heading: str, style: str, width: int, content: Callable[[int, Share], Content]
    ) -> str:
        """Add a column; return the address of its cells."""
        self.sheet.put(HEAD, self.column, heading, "head")
        self.sheet.page.set_column(self.column, self.column, width)
        for row, share in enumerate(self.split.shares.values(), FIRST):
            self.sheet.put(row, self.column, content(row, share), style)
        self.column += 1
        return cells(FIRST, self.last, self.column - 1)

    def left(self, row: int, by: int = 1) -> str:
        """Return the cell of a row some columns to the left of the column that comes next."""
        return cell(row, self.column - by)


def write_shares(
    sheet: Sheet,
    book: Any,  # noqa: ANN401 - XlsxWriter has no types
    split: Split,
    snapshot: Snapshot,
    *,
    suffix: str = "",
) -> Places:
    """Write the sheet; return where the check sheet finds what it checks.

    Args:
        sheet: The sheet.
        book: Its workbook.
        split: The split.
        snapshot: For title, language and names.
        suffix: What the names of cells end with, where a book has several such sheets.
    """
    _ = translator(snapshot.language)
    currency = split.bill.amount.currency
    table = _Table(sheet, split, Fraction(1, 10 ** minor_digits(currency)), _, suffix)
    sheet.put(0, 0, snapshot.title, "title")
    _write_bill(table, book)
    names = snapshot.data.get("names", {})
    sheet.heads(HEAD)
    table.add(_("Id"), "text", 46, lambda _row, one: one.member)
    table.add(_("Member"), "text", 34, lambda _row, one: str(names.get(one.member, "")))
    weights, parts = _write_parts(table)
    _write_exact(table)
    amounts = table.add(
        f"{_('Amount')} ({currency})", "money", 20, lambda _row, one: one.amount.minor * table.major
    )
    rounding = table.add(
        _("Rounding"),
        "exact",
        16,
        lambda row, one: Formula(
            f"{table.left(row)}-{table.left(row, 2)}", (one.amount.minor - one.exact) * table.major
        ),
    )
    _write_below(table, amounts)
    return Places(
        parts=sheet.far(parts),
        amounts=sheet.far(amounts),
        rounding=sheet.far(rounding),
        furthest=max(abs(one.amount.minor - one.exact) for one in split.shares.values())
        * table.major,
        weights=tuple(map(sheet.far, weights)),
        outside=sheet.far(cell(_OUTSIDE, 1, fixed=True)),
        bill=split.bill.amount.minor * table.major,
        bill_name=table.bill_name,
        step=split.unit * table.major,
        minor=table.major,
    )


def _write_bill(table: _Table, book: Any) -> None:  # noqa: ANN401 - XlsxWriter has no types
    _, split, major, sheet = table.translate, table.split, table.major, table.sheet
    bill, sponsor = split.bill.amount.minor, sponsor_by_policy(split).minor
    outside = bill - split.members_pay.minor
    lines: dict[int, tuple[str, Content, str]] = {
        _BILL: (_("Bill"), bill * major, "money"),
        _SPONSOR: (_("Sponsor, by the policy"), sponsor * major, "money"),
        _MEMBERS: (
            _("Members share"),
            Formula(f"{table.bill_name}-{cell(_SPONSOR, 1)}", (bill - sponsor) * major),
            "money",
        ),
        _OUTSIDE: (_("Sponsor and others, in the end"), outside * major, "money"),
    }
    for row, (label, content, style) in lines.items():
        sheet.put(row, 0, label, "bold")
        sheet.put(row, 1, content, style)
    book.define_name(table.bill_name, f"={sheet.far(cell(_BILL, 1, fixed=True))}")
    book.define_name(table.members_name, f"={sheet.far(cell(_MEMBERS, 1, fixed=True))}")


def _write_parts(table: _Table) -> tuple[list[str], str]:
    """Write figures and parts of every term; return the weights' cells and the parts' column."""
    _ = table.translate
    terms = terms_of(table.split)
    if not terms:
        return [], table.add(_("Part"), "percent", 12, lambda _row, one: one.part)
    weights, columns = [], []
    for term in terms:
        figures = _write_figures(table, term)
        table.sheet.put(WEIGHTS, table.column, term.weight, "percent")
        weight = cell(WEIGHTS, table.column, fixed=True)
        columns.append(table.column)
        table.add(f"{_('Part')}: {term.by}", "percent", 14, _part_of(table, term, weight, figures))
        weights.append(weight)

    def together(row: int, one: Share) -> Content:
        return Formula("+".join(cell(row, column) for column in columns), one.part)

    return weights, table.add(_("Part"), "percent", 12, together)


def _write_figures(table: _Table, term: Term) -> str:
    if not term.figures:
        return ""
    return table.add(term.by, "number", 14, lambda _row, one: term.figures[one.member])


def _part_of(
    table: _Table, term: Term, weight: str, figures: str
) -> Callable[[int, Share], Content]:
    def part(row: int, one: Share) -> Content:
        value = term.parts[one.member]
        return Formula(f"{weight}*{table.left(row)}/SUM({figures})", value) if figures else value

    return part


def _write_exact(table: _Table) -> None:
    """Write the exact shares, with the columns of limits if there are any."""
    _, split, major = table.translate, table.split, table.major
    rest = split.bill.amount.minor - sponsor_by_policy(split).minor
    part_column = table.column - 1
    table.add(
        _("Exact share"),
        "exact",
        24,
        lambda row, one: Formula(
            f"{cell(row, part_column)}*{table.members_name}", one.part * rest * major
        ),
    )
    if any(one.exact != one.part * rest for one in split.shares.values()):
        _write_limited(table, rest)


def _write_limited(table: _Table, rest: int) -> None:
    """Write what limits make of the exact shares of the rest that members pay."""
    _, split, major = table.translate, table.split, table.major
    absorbed = sum((one.exact for one in split.shares.values()), Fraction(0)) != rest
    # Where groups have their limits by themselves no one factor holds for all: fixed amounts.
    uneven = len({one.exact / one.part for one in _loose(split)}) > 1

    def is_held(one: Share) -> bool:
        return absorbed or uneven or bool(one.limits)

    table.add(_("At a limit (1 = yes)"), "number", 12, lambda _row, one: int(is_held(one)))
    limit = table.add(
        _("Limit"), "exact", 24, lambda _row, one: one.exact * major if is_held(one) else 0
    )
    free = table.add(
        _("Not limited"),
        "exact",
        24,
        lambda row, one: Formula(
            f"(1-{table.left(row, 2)})*{table.left(row, 3)}",
            0 if is_held(one) else one.part * rest * major,
        ),
    )
    _write_factor(table, limit, free)
    table.add(
        _("Share within limits"),
        "exact",
        24,
        lambda row, one: Formula(
            f"{table.left(row, 2)}+{table.left(row)}*{cell(_FACTOR, 1, fixed=True)}",
            one.exact * major,
        ),
    )


def _loose(split: Split) -> list[Share]:
    return [one for one in split.shares.values() if not one.limits and one.part]


def _write_factor(table: _Table, limit: str, free: str) -> None:
    """Write what every share without limit is multiplied by."""
    _ = table.translate
    loose = _loose(table.split)
    rest = table.split.bill.amount.minor - sponsor_by_policy(table.split).minor
    factor = loose[0].exact / (loose[0].part * rest) if loose else Fraction(0)
    table.sheet.put(_FACTOR, 0, _("Factor of shares that are not limited"), "bold")
    text = f"IF(SUM({free})=0,0,({table.members_name}-SUM({limit}))/SUM({free}))"
    table.sheet.put(_FACTOR, 1, Formula(text, factor), "number")


def _write_below(table: _Table, amounts: str) -> None:
    _, sheet, split = table.translate, table.sheet, table.split
    row = table.last + 1
    sheet.put(row, 0, _("Members together"), "bold")
    members_pay = split.members_pay.minor * table.major
    sheet.put(row, table.column - 2, Formula(f"SUM({amounts})", members_pay), "sum")
    note = _(
        "Amounts are whole units: every share is rounded down, and the units left over go to the"
        " largest remainders. So an amount may differ from its exact share by less than one unit."
    )
    sheet.put(row + 2, 0, note)
    sheet.put(row + 3, 0, f"{_('Policy')}: {split.policy}")
    sheet.put(row + 4, 0, f"{_('Fingerprint of all inputs')}: {split.input_hash}")
    sheet.page.freeze_panes(FIRST, 2)
