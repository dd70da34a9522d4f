"""An overlap of title lists as tables: one CSV file of titles, or a workbook of all of them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from libconsortium import Money, Snapshot, TitleOverlap, minor_digits, overlap_rows, translator
from libconsortium.plugins.reports.sheet import Sheet, cell
from libconsortium.plugins.reports.title_section import per_title, per_use

Rows = list[dict[str, object]]


def title_rows(found: TitleOverlap, names: Mapping[str, str], language: str) -> Rows:
    """Return one row a title, those paid for most often first."""
    _ = translator(language)
    return [
        {
            _("Title"): one.title,
            _("Numbers"): ", ".join(one.numbers),
            _("Payments"): one.payments,
            _("Lists"): ", ".join(one.lists),
            _("Libraries"): ", ".join(names.get(member, member) for member in one.members),
            _("Uses"): "" if one.uses is None else one.uses,
        }
        for one in found.titles
    ] or [{_("Title"): "", _("Numbers"): ""}]


def write_title_sheets(book: Any, snapshot: Snapshot, styles: Mapping[str, Any]) -> None:  # noqa: ANN401 - XlsxWriter has no types
    """Write a sheet a table; the matrix is coloured like a heat map, in per cent of its row."""
    _ = translator(snapshot.language)
    found: TitleOverlap = snapshot.data["titles"]
    names: Mapping[str, str] = snapshot.data.get("names", {})
    _matrix(Sheet.added(book, _("Overlap"), styles), found, snapshot.language)
    tables = (
        (_("Lists"), _list_rows(found, names, snapshot.language)),
        (_("Joint"), _joint_rows(found, snapshot.language)),
        (_("Libraries"), _member_rows(found, names, snapshot.language)),
        (_("Titles"), title_rows(found, names, snapshot.language)),
    )
    for name, rows in tables:
        _table(Sheet.added(book, name, styles), rows)


def write_overlap_sheets(book: Any, snapshot: Snapshot, styles: Mapping[str, Any]) -> None:  # noqa: ANN401 - XlsxWriter has no types
    """Write what the members' catalogues have in common, a sheet a table."""
    _ = translator(snapshot.language)
    tables = overlap_rows(snapshot.data["overlap"])
    names: Mapping[str, str] = snapshot.data.get("names", {})
    for one in tables["members"]:
        one["name"] = names.get(str(one["member"]), "")
    headings = {
        "member": _("Id"), "titles": _("Titles"), "unique": _("Held by nobody else"),
        "unique_percent": _("Held by nobody else, %"), "name": _("Member"),
        "libraries": _("Held by so many libraries"),
    }  # fmt: skip
    for name, rows in zip(
        (_("Libraries"), _("Overlap"), _("Held by")), tables.values(), strict=True
    ):
        said = [{headings.get(key, key): value for key, value in row.items()} for row in rows]
        sheet = Sheet.added(book, name, styles)
        _table(sheet, said)
        if rows is tables["matrix"] and rows:
            area = f"{cell(1, 1)}:{cell(len(rows), len(rows))}"
            sheet.page.conditional_format(area, dict(_SCALE))


_SCALE = {"type": "2_color_scale", "min_color": "#EEF4F9", "max_color": "#1F5F8B"}


def _matrix(sheet: Sheet, found: TitleOverlap, language: str) -> None:
    _ = translator(language)
    names = [one.name for one in found.lists]
    sheet.widths(28, *(14 for _name in names))
    sheet.put(0, 0, _("Titles that two lists both have"), "title")
    for place, name in enumerate(names, 1):
        sheet.put(2, place, name, "head")
        sheet.put(2 + place, 0, name, "head")
        for other_place, other in enumerate(names, 1):
            sheet.put(2 + place, other_place, found.matrix[name, other], "number")
    start = len(names) + 5
    sheet.put(start, 0, _("In per cent of the row's titles"), "title")
    for place, one in enumerate(found.lists, 1):
        sheet.put(start + 2, place, one.name, "head")
        sheet.put(start + 2 + place, 0, one.name, "head")
        for other_place, other in enumerate(names, 1):
            if one.titles and one.name != other:
                part = round(100 * found.matrix[one.name, other] / one.titles)
                sheet.put(start + 2 + place, other_place, part, "number")
    if names:
        area = f"{cell(start + 3, 1)}:{cell(start + 2 + len(names), len(names))}"
        sheet.page.conditional_format(area, dict(_SCALE))


def _list_rows(found: TitleOverlap, names: Mapping[str, str], language: str) -> Rows:
    _ = translator(language)
    return [
        {
            _("List"): one.name,
            _("Libraries"): ", ".join(names.get(member, member) for member in one.members),
            _("Titles"): one.titles,
            _("Free"): one.free,
            _("Only here"): one.unique,
            _("In their catalogues"): _or_empty(one.held),
            _("Uses"): _or_empty(one.uses),
            _("Cost"): _major(one.cost),
            _("Per title"): _major(per_title(one)),
            _("Per use"): _major(per_use(one)),
            _("Currency"): one.cost.currency if one.cost else "",
        }
        for one in found.lists
    ]


def _joint_rows(found: TitleOverlap, language: str) -> Rows:
    _ = translator(language)
    return [
        {
            _("List"): one.name,
            _("Its titles paid for elsewhere"): one.paid_elsewhere,
            _("several times"): one.of_several,
            _("Payments made needless"): one.payments,
            _("Worth at the others' cost per title"): _major(one.worth),
            _("Titles nobody else has"): one.new,
        }
        for one in found.joint
    ]


def _member_rows(found: TitleOverlap, names: Mapping[str, str], language: str) -> Rows:
    _ = translator(language)
    return [
        {
            _("Id"): one.member,
            _("Member"): names.get(one.member, one.member),
            _("Lists"): ", ".join(one.lists),
            _("Titles"): one.titles,
            _("Paid for twice by itself"): one.twice,
            _("Only here"): one.alone,
            _("In its catalogue"): _or_empty(one.held),
            _("Uses"): _or_empty(one.uses),
        }
        for one in found.members
    ]


def _table(sheet: Sheet, rows: Rows) -> None:
    sheet.widths(40, 28, *(16 for _ in range(9)))
    for column, heading in enumerate(rows[0] if rows else ()):
        sheet.put(0, column, heading, "head")
    for line, row in enumerate(rows, 1):
        for column, value in enumerate(row.values()):
            if isinstance(value, str):
                sheet.put(line, column, value, "text")
            else:
                sheet.page.write_number(line, column, float(str(value)), sheet.styles["number"])


def _or_empty(number: int | None) -> int | str:
    return "" if number is None else number


def _major(amount: Money | None) -> Decimal | str:
    if amount is None:
        return ""
    return Decimal(amount.minor).scaleb(-minor_digits(amount.currency))
