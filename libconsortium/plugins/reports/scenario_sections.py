"""The sections of a comparison, a what-if and a glide path: chart, table and what follows."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from libconsortium import (
    Comparison,
    Glide,
    GlideYear,
    Message,
    Money,
    PolicyOutcome,
    Saving,
    Split,
    WhatIf,
    format_money,
    format_number,
    format_percent,
    limits_in_words,
    say,
    translator,
)
from libconsortium.plugins.reports.group_charts import Group, change_chart, grouped_chart
from libconsortium.plugins.reports.sections import Cell, section, table

Names = Mapping[str, str]
NOTHING = "–"


def comparison_sections(found: Comparison, names: Names, language: str) -> list[str]:
    """Return policies side by side: amounts, changes against the first, and what they come to."""
    _ = translator(language)
    lead = Message("A bill of {bill} divided by several policies.", bill=found.bill.amount)
    legend = [one.name for one in found.outcomes]
    chart = grouped_chart(
        [
            _group(names.get(one) or one, [each.amount(one) for each in found.outcomes], language)
            for one in found.members
        ],
        name="comparison",
        title=_("What each member pays"),
        description=_("A bar for each policy; the table below has the same figures."),
        legend=legend,
    )
    parts = section(
        "comparison",
        _("Policies side by side"),
        f'<p class="lead">{escape(say(lead, language))}</p>',
        chart,
        _amounts_table(found, names, language),
    )
    for number, one in enumerate(found.outcomes[1:], 1):
        if one.split is not None and found.outcomes[0].split is not None:
            parts += _change_section(found, one, names, language, name=f"change-{number}")
    return [*parts, *_summary_section(found, language)]


def _amounts_table(found: Comparison, names: Names, language: str) -> str:
    _ = translator(language)
    first = found.outcomes[0]
    head: list[Cell] = [(_("Member"), False), (_("Last year"), True), (first.name, True)]
    for one in found.outcomes[1:]:
        head += [(one.name, True), (f"{one.name} − {first.name}", True)]
    head.append((_("Limits"), False))
    rows = []
    for member in found.members:
        amounts = [found.last_year.get(member), first.amount(member)]
        for one in found.outcomes[1:]:
            amounts += [one.amount(member), found.against_first(one, member)]
        cells = [(_money(amount, language), True) for amount in amounts]
        limits = (_limits(found, member, language), False)
        rows.append([(names.get(member) or member, False), *cells, limits])
    return table(_("What each member pays by each policy"), head, rows)


def _limits(found: Comparison, member: str, language: str) -> str:
    said = (
        (one.name, limits_in_words(one.split.shares[member], language))
        for one in found.outcomes
        if one.split is not None
    )
    return "; ".join(f"{name}: {limits}" for name, limits in said if limits)


def _change_section(
    found: Comparison, one: PolicyOutcome, names: Names, language: str, *, name: str
) -> list[str]:
    _ = translator(language)
    said = Message(
        "{winners} members pay less, {losers} pay more.",
        winners=len(found.winners(one)),
        losers=len(found.losers(one)),
    )
    groups = [
        _group(names.get(each) or each, [found.against_first(one, each)], language)
        for each in found.members
    ]
    title = say(
        Message("{new} instead of {old}", new=one.name, old=found.outcomes[0].name), language
    )
    chart = change_chart(
        groups,
        name=name,
        title=title,
        description=_("Less to the left, more to the right; the table above has the figures."),
    )
    return section(name, title, f"<p>{escape(say(said, language))}</p>", chart)


def _summary_section(found: Comparison, language: str) -> list[str]:
    _ = translator(language)
    head: list[Cell] = [
        (_("Policy"), False),
        (_("Members together"), True),
        (_("Sponsor"), True),
        (_("Gini coefficient"), True),
        (_("Saved by joining"), True),
        (_("More than alone"), True),
    ]
    rows: list[list[Cell]] = []
    for one in found.outcomes:
        split, saving = one.split, found.saving(one)
        gini = one.gini()
        rows.append(
            [
                (one.name, False),
                (_money(split.members_pay if split else None, language), True),
                (_money(split.sponsor if split else None, language), True),
                (NOTHING if gini is None else format_number(gini, language, decimals=4), True),
                (_money(saving.by_joining if saving else None, language), True),
                (format_number(len(found.above_alone(one)), language), True),
            ]
        )
    refused = [
        f"<p><strong>{escape(one.name)}</strong>: {escape(say(one.refused, language))}</p>"
        for one in found.outcomes
        if one.split is None
    ]
    note = _(
        "A Gini coefficient of 0 means that all pay the same. What the sponsor gives is never"
        " counted as a saving."
    )
    return section(
        "summary",
        _("What it comes to"),
        table(_("The policies in numbers"), head, rows),
        *refused,
        f"<p>{escape(note)}</p>",
    )


def what_if_section(
    found: WhatIf, savings: tuple[Saving | None, Saving | None], names: Names, language: str
) -> list[str]:
    """Return what would change for whom."""
    _ = translator(language)
    said = Message(
        "{winners} members would pay less, {losers} more.",
        winners=len(found.winners()),
        losers=len(found.losers()),
    )
    chart = change_chart(
        [
            _group(names.get(one.member) or one.member, [one.difference], language)
            for one in found.members()
        ],
        name="what-if",
        title=_("Difference for each member"),
        description=_("Less to the left, more to the right; the table below has the figures."),
    )
    return section(
        "what-if",
        _("What would happen if"),
        f'<p class="lead">{escape(say(said, language))}</p>',
        chart,
        _who_pays(found, savings, names, language),
    )


def _who_pays(
    found: WhatIf, savings: tuple[Saving | None, Saving | None], names: Names, language: str
) -> str:
    """Return a table of what each pays now and then."""
    _ = translator(language)
    head: list[Cell] = [
        (_("Member"), False),
        (_("Now"), True),
        (_("Then"), True),
        (_("Difference"), True),
    ]
    rows: list[list[Cell]] = [
        [
            (names.get(one.member) or one.member, False),
            (_money(one.before, language), True),
            (_money(one.after, language), True),
            (_money(one.difference, language), True),
        ]
        for one in found.members()
    ]
    totals = [
        _before_and_after(_("Sponsor"), *found.sponsor(), language),
        _before_and_after(_("Bill"), *found.bill(), language),
    ]
    before, after = savings
    if before is not None and after is not None:
        both = (before.by_joining, after.by_joining)
        totals.append(_before_and_after(_("Saved by joining"), *both, language))
    return table(_("Who would pay what"), head, rows, totals)


def _before_and_after(what: str, before: Money, after: Money, language: str) -> list[Cell]:
    amounts = (before, after, after - before)
    return [(what, False), *((_money(amount, language), True) for amount in amounts)]


def glide_section(found: Glide, names: Names, language: str) -> list[str]:
    """Return a sponsor's way out, year by year."""
    _ = translator(language)
    payable = [(one, one.split) for one in found.years if one.split is not None]
    first = found.first_infeasible
    said = (
        Message("Every year can be paid.")
        if first is None
        else Message("The first year that cannot be paid: {year}.", year=str(first))
    )
    content = [f'<p class="lead">{escape(say(said, language))}</p>']
    if payable:
        content += [_glide_chart(payable, names, language), _glide_table(payable, names, language)]
    content += [
        f"<p>{one.step.year}: {escape(say(one.refused, language))}</p>"
        for one in found.years
        if one.split is None
    ]
    return section("glide", _("The sponsor's way out"), *content)


def _glide_chart(payable: list[tuple[GlideYear, Split]], names: Names, language: str) -> str:
    _ = translator(language)
    groups = [
        _group(
            names.get(member) or member,
            [split.shares[member].amount for _year, split in payable],
            language,
        )
        for member in payable[0][1].shares
    ]
    return grouped_chart(
        groups,
        name="glide",
        title=_("What each member pays in each year"),
        description=_("A bar for each year; the table below has the same figures."),
        legend=[str(one.step.year) for one, _split in payable],
    )


def _glide_table(payable: list[tuple[GlideYear, Split]], names: Names, language: str) -> str:
    _ = translator(language)
    head: list[Cell] = [(_("Member"), False)]
    for one, _split in payable:
        head += [(str(one.step.year), True), (_("Change"), True)]
    rows: list[list[Cell]] = []
    for member in payable[0][1].shares:
        row: list[Cell] = [(names.get(member) or member, False)]
        for one, split in payable:
            rise = one.rise(member)
            row += [
                (_money(split.shares[member].amount, language), True),
                (NOTHING if rise is None else format_percent(rise, language, decimals=2), True),
            ]
        rows.append(row)
    totals = []
    for what, amounts in (
        (_("Members together"), [split.members_pay for _one, split in payable]),
        (_("Sponsor"), [split.sponsor for _one, split in payable]),
        (_("Bill"), [one.bill for one, _split in payable]),
    ):
        cells = [
            cell for amount in amounts for cell in ((_money(amount, language), True), ("", True))
        ]
        totals.append([(what, False), *cells])
    return table(_("What each member pays in each year"), head, rows, totals)


def _group(label: str, amounts: list[Money | None] | list[Money], language: str) -> Group:
    return Group(
        label=label,
        values=tuple(None if amount is None else amount.minor for amount in amounts),
        texts=tuple("" if amount is None else format_money(amount, language) for amount in amounts),
    )


def _money(amount: Money | None, language: str) -> str:
    return NOTHING if amount is None else format_money(amount, language)
