"""The sections of the page: each a heading, a sentence, a chart and the table of its figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from libconsortium import (
    LevelSum,
    Message,
    Overlap,
    Split,
    explain_share,
    format_money,
    format_number,
    format_percent,
    limits_in_words,
    overlap_rows,
    say,
    translator,
)
from libconsortium.plugins.reports.charts import Bar, bar_chart
from libconsortium.plugins.reports.heat import HeatRow, heat_map

Names = Mapping[str, str]
Cell = tuple[str, bool]
"""A cell's text, and whether it is a number."""


def split_section(
    split: Split, names: Names, language: str, levels: LevelSum | None = None
) -> list[str]:
    """Return who pays what, as sentence, chart, table and working; levels if there are several."""
    _ = translator(language)
    lead = Message(
        "Of a bill of {bill} the sponsor pays {sponsor} and the members pay {members}.",
        bill=split.bill.amount,
        sponsor=split.sponsor,
        members=split.members_pay,
    )
    bars = [
        Bar(
            label=names.get(member, member),
            values=(share.amount.minor,),
            text=format_money(share.amount, language),
        )
        for member, share in split.shares.items()
    ]
    chart = bar_chart(
        bars,
        name="split",
        title=_("What each member pays"),
        description=_("One bar for each member; the table below has the same figures."),
    )
    fingerprint = (
        f"{escape(_('Fingerprint of all inputs'))}: <code>{escape(split.input_hash)}</code>"
    )
    return section(
        "split",
        _("Cost sharing"),
        f'<p class="lead">{escape(say(lead, language))}</p>',
        chart,
        _split_table(split, names, language),
        *_levels_table(levels, names, language),
        f"<h3>{escape(_('How each share was worked out'))}</h3>",
        *_workings(split, names, language),
        f"<p>{escape(_('Policy'))}: {escape(split.policy)}. {fingerprint}</p>",
    )


def _split_table(split: Split, names: Names, language: str) -> str:
    _ = translator(language)
    rows = [
        [
            (names.get(member, member), False),
            (format_percent(share.part, language), True),
            (format_money(share.amount, language), True),
            (limits_in_words(share, language), False),
        ]
        for member, share in split.shares.items()
    ]
    parties = [
        (_("Members together"), split.members_pay),
        (_("Sponsor"), split.sponsor),
        *sorted(split.others.items()),
        (_("Bill"), split.bill.amount),
    ]
    totals: list[list[Cell]] = [
        [(party, False), ("", True), (format_money(amount, language), True), ("", False)]
        for party, amount in parties
    ]
    head: list[Cell] = [
        (_("Member"), False),
        (_("Part"), True),
        (_("Amount"), True),
        (_("Limits"), False),
    ]
    return table(_("Who pays what"), head, rows, totals)


def _levels_table(levels: LevelSum | None, names: Names, language: str) -> Iterable[str]:
    rows = [] if levels is None else levels.rows()
    if all(depth < 2 for depth, _, _ in rows):  # noqa: PLR2004 - no federation inside
        return
    _ = translator(language)
    head: list[Cell] = [(_("Federation or library"), False), (_("Amount"), True)]
    cells = [
        [
            ("\N{EM SPACE}" * depth + names.get(name, name), False),
            (format_money(amount, language), True),
        ]
        for depth, name, amount in rows
    ]
    yield table(_("What is paid, federation by federation"), head, cells)


def _workings(split: Split, names: Names, language: str) -> Iterable[str]:
    for member, share in split.shares.items():
        name = names.get(member, member)
        working = explain_share(share, language, name=name)
        yield (
            f"<details><summary>{escape(name)}: {escape(format_money(share.amount, language))}"
            f"</summary><pre>{escape(working)}</pre></details>"
        )


def harvest_section(
    harvests: Sequence[Mapping[str, Any]], language: str
) -> list[str]:  # Any: text or number
    """Return what was fetched from each source."""
    _ = translator(language)
    head: list[Cell] = [
        (_("Source"), False),
        (_("State"), False),
        (_("Records"), True),
        (_("Problems"), True),
        (_("Remark"), False),
    ]
    rows: list[list[Cell]] = [
        [
            (str(one["source"]), False),
            (_(str(one.get("status", ""))), False),
            (format_number(one.get("records", 0), language), True),
            (format_number(one.get("problems", 0), language), True),
            (_text(one.get("reason", ""), language), False),
        ]
        for one in sorted(harvests, key=lambda one: str(one["source"]))
    ]
    return section("harvest", _("Harvest"), table(_("What each source gave"), head, rows))


def catalogue_section(counts: Mapping[str, int], language: str) -> list[str]:
    """Return the counts of the union catalogue, by what they count."""
    _ = translator(language)
    rows: list[list[Cell]] = [
        [(_(what), False), (format_number(count, language), True)] for what, count in counts.items()
    ]
    head: list[Cell] = [(_("What"), False), (_("How many"), True)]
    numbers = table(_("The union catalogue in numbers"), head, rows)
    return section("catalogue", _("Union catalogue"), numbers)


def overlap_section(overlap: Overlap, names: Names, language: str) -> list[str]:
    """Return what the members hold in common."""
    _ = translator(language)
    tables = overlap_rows(overlap)
    members = [str(row["member"]) for row in tables["members"]]
    all_of_them = Message("All members hold {count} titles in common.", count=overlap.held_by_all)
    names_withheld = ", ".join(names.get(one, one) for one in overlap.withheld)
    withheld = Message(
        "Not counted is what these libraries do not share with others: {libraries}.",
        libraries=names_withheld,
    )
    return section(
        "overlap",
        _("Overlap"),
        f'<p class="lead">{escape(say(all_of_them, language))}</p>',
        f"<p>{escape(say(withheld, language))}</p>" if overlap.withheld else "",
        _overlap_bars(tables["members"], names, language),
        _overlap_heat(overlap, members, names, language),
        _both_hold(overlap, members, names, language),
        _held_by(tables["held_by"], language),
    )


def _overlap_bars(rows: Sequence[Mapping[str, object]], names: Names, language: str) -> str:
    """Return a chart of what only each member holds, and what others hold too."""
    _ = translator(language)
    bars = []
    for row in rows:
        member, titles, unique = str(row["member"]), _count(row["titles"]), _count(row["unique"])
        text = f"{format_number(unique, language)} + {format_number(titles - unique, language)}"
        label = names.get(member, member)
        bars.append(Bar(label=label, values=(unique, titles - unique), text=text))
    return bar_chart(
        bars,
        name="overlap",
        title=_("Titles of each member"),
        description=_("Titles that only this member holds, then titles that others hold too."),
        legend=(_("held by nobody else"), _("held by others too")),
    )


def _both_hold(overlap: Overlap, members: Sequence[str], names: Names, language: str) -> str:
    """Return a table of what each two members both hold."""
    _ = translator(language)
    head: list[Cell] = [
        (_("Both hold"), False),
        *((names.get(member, member), True) for member in members),
    ]
    rows: list[list[Cell]] = [
        [
            (names.get(one, one), False),
            *((format_number(overlap.matrix[one, other], language), True) for other in members),
        ]
        for one in members
    ]
    return table(_("Titles that two members both hold"), head, rows)


def _held_by(rows: Sequence[Mapping[str, object]], language: str) -> str:
    """Return a table of how many titles so many libraries hold."""
    _ = translator(language)
    head: list[Cell] = [(_("Held by so many libraries"), True), (_("Titles"), True)]
    cells: list[list[Cell]] = [
        [(format_number(_count(row[name]), language), True) for name in ("libraries", "titles")]
        for row in rows
    ]
    return table(_("Titles by the number of libraries that hold them"), head, cells)


def section(name: str, heading: str, *content: str) -> list[str]:
    """Return a section with its heading; its name is unique on the page."""
    return [
        f'<section aria-labelledby="h-{name}"><h2 id="h-{name}">{escape(heading)}</h2>',
        *content,
        "</section>",
    ]


def _count(value: object) -> int:
    return value if isinstance(value, int) else 0


def _text(value: object, language: str) -> str:
    return say(value, language) if isinstance(value, Message) else str(value)


def table(
    caption: str,
    head: Sequence[Cell],
    rows: Iterable[Sequence[Cell]],
    totals: Iterable[Sequence[Cell]] = (),
) -> str:
    """Return a table that scrolls by itself where it is too wide."""
    heads = "".join(f'<th scope="col"{_number(cell)}>{escape(cell[0])}</th>' for cell in head)
    body = [_row(row, "") for row in rows] + [_row(row, ' class="total"') for row in totals]
    lines = "\n".join(body)
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(caption)}"><table>'
        f"<caption>{escape(caption)}</caption>\n"
        f"<thead><tr>{heads}</tr></thead>\n<tbody>\n{lines}\n</tbody></table></div>"
    )


def _row(cells: Sequence[Cell], kind: str) -> str:
    first, *others = cells
    rest = "".join(f"<td{_number(cell)}>{escape(cell[0])}</td>" for cell in others)
    return f'<tr{kind}><th scope="row">{escape(first[0])}</th>{rest}</tr>'


def _number(cell: Cell) -> str:
    return ' class="number"' if cell[1] else ""


def _overlap_heat(overlap: Overlap, members: Sequence[str], names: Names, language: str) -> str:
    matrix = overlap.matrix
    _ = translator(language)
    rows = []
    for one in members:
        own = matrix[one, one]
        parts = [None if one == other or not own else matrix[one, other] / own for other in members]
        texts = ["" if part is None else str(round(100 * part)) for part in parts]
        rows.append(HeatRow(label=names.get(one, one), parts=parts, texts=texts))
    description = _(
        "One row a library, one column a library, in the same order: how many per cent of the"
        " row's titles the column holds too."
    )
    title = _("How much of each library's titles the others hold")
    legend = ("0 %", "100 %")
    chart = heat_map(rows, name="overlap-heat", title=title, description=description, legend=legend)
    return f"<p>{escape(description)}</p>\n{chart}"
