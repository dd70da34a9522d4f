"""What a search found, as rows for programs and as tables and cards for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from libconsortium import Hit, SearchPage
from libconsortium.cli.frame import N_, Terminal, as_table

_TITLE_WIDTH, _NAME_WIDTH = 60, 30  # letters in a table
_FACET_HEADINGS: Mapping[str, str] = {
    "member": N_("library"),
    "year": N_("year"),
    "type": N_("kind"),
    "language": N_("language"),
    "place": N_("province now"),
    "place-before": N_("province before 1 July 2025"),
}


def page_row(page: SearchPage, terminal: Terminal) -> dict[str, object]:
    """Return a page of results as a program reads it."""
    return {
        "total": page.total,
        "hits": [
            {
                **hit.row,
                "highlights": {name: list(spans) for name, spans in hit.highlights.items()},
                "as_typed": hit.is_as_typed,
            }
            for hit in page.hits
        ],
        "facets": {
            name: [{"value": value, "count": count} for value, count in counts]
            for name, counts in page.facets.items()
        },
        "next": page.next_key,
        "notes": [terminal.said(note) for note in page.notes],
    }


def show_hits(terminal: Terminal, page: SearchPage) -> None:
    """Print what was found as a table."""
    headings = (N_("title"), N_("by"), N_("year"), N_("held by"))
    as_table([terminal.said(text) for text in headings], [_cells(hit) for hit in page.hits])


def show_page(terminal: Terminal, page: SearchPage, *, details: bool) -> None:
    """Print what was found, what was counted, and where the list goes on.

    Args:
        terminal: Where.
        page: What was found.
        details: Every field of every publication, and where its value is from.
    """
    if details:
        for hit in page.hits:
            _show_details(terminal, hit.row)
            click.echo()
    elif page.hits:
        show_hits(terminal, page)
        click.echo()
    for name, counts in page.facets.items():
        if not counts:
            continue
        as_table([terminal.said(_FACET_HEADINGS[name]), terminal.said(N_("publications"))], counts)
        click.echo()
    click.echo(terminal.said(N_("{total} publications found"), total=page.total))
    if page.next_key:
        click.echo(terminal.said(N_("next page: --after {key}"), key=page.next_key))


def _show_details(terminal: Terminal, row: Mapping[str, Any]) -> None:
    click.echo(click.style(row["title"] or row["id"], bold=True))
    for name, source in row["from"].items():
        click.echo(
            terminal.said(
                N_("  {field}: {value}   [{member}: {why}]"),
                field=terminal.said(name),
                value=_listed(row[name]),
                member=source["member"],
                why=terminal.said(source["why"]),
            )
        )
        for other in source.get("others", ()):
            click.echo(
                terminal.said(
                    N_("    not taken: {value}   [{records}]"),
                    value=_listed(other["value"]),
                    records=", ".join(other["records"]).replace("\t", " "),
                )
            )
    for held in row["held_by"]:
        parts = [*held["call_numbers"], *held["item_types"], *held["links"]]
        said = terminal.said(N_("  held by {member}"), member=held["member"])
        click.echo(": ".join([said, *(["; ".join(parts)] if parts else [])]))


def _listed(value: object) -> str:
    if isinstance(value, dict):
        return f"{value['scheme']} {value['value']}"
    return "; ".join(map(_listed, value)) if isinstance(value, list) else str(value)


def _cells(hit: Hit) -> tuple[object, ...]:
    row = hit.row
    creators = row.get("creators", [])
    return (
        _short(row["title"], _TITLE_WIDTH),
        _short("; ".join(creators), _NAME_WIDTH),
        row.get("year", ""),
        ", ".join(held["member"] for held in row["held_by"]),
    )


def _short(text: str, width: int) -> str:
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= width else one_line[: width - 1] + "…"


_SAID = (
    # Fields of a union record, and why a value was taken.
    N_("titles"),
    N_("creators"),
    N_("contributors"),
    N_("publishers"),
    N_("year"),
    N_("languages"),
    N_("types"),
    N_("subjects"),
    N_("coverage"),
    N_("descriptions"),
    N_("identifiers"),
    N_("volume"),
    N_("edition"),
    N_("extent"),
    N_("journal"),
    N_("series"),
    N_("the only value given"),
    N_("not damaged"),
    N_("has diacritics"),
    N_("not all in capitals"),
    N_("from the member that goes first"),
    N_("given by most records"),
    N_("names the most"),
    N_("the longest"),
    N_("from the fullest record"),
    N_("from the first record"),
    N_("all values of all records"),
)
