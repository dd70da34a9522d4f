"""What lists of titles have in common: heat map, costs, and what is paid for twice."""

from __future__ import annotations

from fractions import Fraction
from html import escape

from libconsortium import (
    JointCover,
    ListFigures,
    Message,
    Money,
    PaidTitle,
    TitleOverlap,
    format_money,
    format_number,
    say,
    translator,
)
from libconsortium.plugins.reports.heat import HeatRow, heat_map
from libconsortium.plugins.reports.sections import Cell, Names, section, table

_SHOWN = 100
"""Titles listed on the page; the table for spreadsheets has all."""


def title_sections(found: TitleOverlap, names: Names, language: str) -> list[str]:
    """Return the sections of an overlap of title lists."""
    _ = translator(language)
    lead = Message(
        "{titles} titles in {lists} lists; {twice} of them are paid for more than once, {all} stand"
        " in every list.",
        titles=len(found.titles),
        lists=len(found.lists),
        twice=len(found.paid_twice),
        all=found.in_all,
    )
    parts = section(
        "titles",
        _("What the lists have in common"),
        f'<p class="lead">{escape(say(lead, language))}</p>',
        _heat(found, language),
        _matrix(found, language),
        _held_by(found, language),
    )
    parts += section("costs", _("What a title and a use cost"), _lists(found, names, language))
    parts += section("joint", _("If all had one list together"), _joint(found, language))
    parts += section("members", _("Libraries"), _members(found, names, language))
    return parts + section("twice", _("Paid for twice"), *_twice(found, names, language))


def _heat(found: TitleOverlap, language: str) -> str:
    _ = translator(language)
    names = [one.name for one in found.lists]
    rows = []
    for one in found.lists:
        parts = [_part(found, one, other) for other in names]
        texts = ["" if part is None else str(round(100 * part)) for part in parts]
        heat = [None if part is None else float(part) for part in parts]
        rows.append(HeatRow(label=one.name, parts=heat, texts=texts))
    description = _(
        "One row a list, one column a list, in the same order: how many per cent of the row's"
        " titles the column has too."
    )
    title = _("How much of each list stands in the others")
    legend = ("0 %", "100 %")
    chart = heat_map(rows, name="heat", title=title, description=description, legend=legend)
    return f"<p>{escape(description)}</p>\n{chart}"


def _part(found: TitleOverlap, one: ListFigures, other: str) -> Fraction | None:
    if one.name == other or not one.titles:
        return None
    return Fraction(found.matrix[one.name, other], one.titles)


def _matrix(found: TitleOverlap, language: str) -> str:
    _ = translator(language)
    names = [one.name for one in found.lists]
    head: list[Cell] = [(_("Both have"), False), *((name, True) for name in names)]
    rows: list[list[Cell]] = [
        [(one, False), *((_count(found.matrix[one, other], language), True) for other in names)]
        for one in names
    ]
    return table(_("Titles that two lists both have"), head, rows)


def _held_by(found: TitleOverlap, language: str) -> str:
    _ = translator(language)
    head: list[Cell] = [(_("In so many lists"), False), (_("Titles"), True)]
    rows: list[list[Cell]] = [
        [(str(count), False), (_count(titles, language), True)]
        for count, titles in found.in_k.items()
    ]
    return table(_("Titles by the number of lists they stand in"), head, rows)


def _lists(found: TitleOverlap, names: Names, language: str) -> str:
    _ = translator(language)
    head: list[Cell] = [
        (_("List"), False), (_("Libraries"), False), (_("Titles"), True), (_("Free"), True),
        (_("Only here"), True), (_("In their catalogues"), True), (_("Uses"), True),
        (_("Cost"), True), (_("Per title"), True), (_("Per use"), True),
    ]  # fmt: skip
    rows: list[list[Cell]] = [
        [
            (one.name, False),
            (", ".join(names.get(member, member) for member in one.members), False),
            (_count(one.titles, language), True),
            (_count(one.free, language), True),
            (_count(one.unique, language), True),
            (_count(one.held, language), True),
            (_count(one.uses, language), True),
            (_money(one.cost, language), True),
            (_money(per_title(one), language), True),
            (_money(per_use(one), language), True),
        ]
        for one in found.lists
    ]
    return table(_("The lists in numbers; cost per title without those that are free"), head, rows)


def per_title(one: ListFigures) -> Money | None:
    """Return what a title of a list costs, to the nearest minor unit."""
    return _rounded(one, one.per_title)


def per_use(one: ListFigures) -> Money | None:
    """Return what a use of a list costs, to the nearest minor unit."""
    return _rounded(one, one.per_use)


def _rounded(one: ListFigures, minor: Fraction | None) -> Money | None:
    return Money(round(minor), one.cost.currency) if minor is not None and one.cost else None


def _joint(found: TitleOverlap, language: str) -> str:
    _ = translator(language)
    head: list[Cell] = [
        (_("List"), False), (_("Its titles paid for elsewhere"), True),
        (_("several times"), True), (_("Payments made needless"), True),
        (_("Worth at the others' cost per title"), True), (_("Titles nobody else has"), True),
    ]  # fmt: skip
    rows: list[list[Cell]] = [_joint_row(one, language) for one in found.joint]
    return table(_("What each list would cover if all libraries had it together"), head, rows)


def _joint_row(one: JointCover, language: str) -> list[Cell]:
    return [
        (one.name, False),
        (_count(one.paid_elsewhere, language), True),
        (_count(one.of_several, language), True),
        (_count(one.payments, language), True),
        (_money(one.worth, language), True),
        (_count(one.new, language), True),
    ]


def _members(found: TitleOverlap, names: Names, language: str) -> str:
    _ = translator(language)
    head: list[Cell] = [
        (_("Member"), False), (_("Lists"), False), (_("Titles"), True),
        (_("Paid for twice by itself"), True), (_("Only here"), True),
        (_("In its catalogue"), True), (_("Uses"), True),
    ]  # fmt: skip
    rows: list[list[Cell]] = [
        [
            (names.get(one.member, one.member), False),
            (", ".join(one.lists), False),
            (_count(one.titles, language), True),
            (_count(one.twice, language), True),
            (_count(one.alone, language), True),
            (_count(one.held, language), True),
            (_count(one.uses, language), True),
        ]
        for one in found.members
    ]
    return table(_("What each library has"), head, rows)


def _twice(found: TitleOverlap, names: Names, language: str) -> list[str]:
    _ = translator(language)
    twice = found.paid_twice
    head: list[Cell] = [
        (_("Title"), False), (_("Numbers"), False), (_("Payments"), True), (_("Lists"), False),
        (_("Libraries"), False), (_("Uses"), True),
    ]  # fmt: skip
    rows = [_title_row(one, names, language) for one in twice[:_SHOWN]]
    parts = [table(_("Titles that are paid for more than once"), head, rows)]
    if len(twice) > _SHOWN:
        more = Message(
            "{count} more stand in the table for spreadsheets.", count=len(twice) - _SHOWN
        )
        parts.append(f"<p>{escape(say(more, language))}</p>")
    return parts


def _title_row(one: PaidTitle, names: Names, language: str) -> list[Cell]:
    return [
        (one.title, False),
        (", ".join(one.numbers), False),
        (_count(one.payments, language), True),
        (", ".join(one.lists), False),
        (", ".join(names.get(member, member) for member in one.members), False),
        (_count(one.uses, language), True),
    ]


def _count(number: int | None, language: str) -> str:
    return "–" if number is None else format_number(number, language)


def _money(money: Money | None, language: str) -> str:
    return "–" if money is None else format_money(money, language)
