"""Searching the union catalogue, and keeping its index."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from libconsortium import (
    MOST_HITS,
    SEARCH_FACETS,
    Audience,
    Consortium,
    Hit,
    IndexOutcome,
    SearchOrder,
    SearchPage,
    SearchRequest,
    ask_index,
    file_search_index,
    fold,
    open_search,
    search_catalogue,
    update_search,
)
from libconsortium.cli.address import opened
from libconsortium.cli.frame import (
    FILE,
    N_,
    Terminal,
    as_json,
    as_table,
    command,
    current,
    json_option,
    office_option,
    option,
)

_YEARS = re.compile(r"\d{1,4}|\d{0,4}\.\.\d{0,4}", re.ASCII)
_FIELD_WITH_BLANKS = re.compile(r'(-?[^\s":]+:)([^":]*\s[^":]*)')

_backend_option = option(
    "--backend",
    default="",
    metavar="NAME",
    help=N_(
        "The search index to use: sqlite, postgresql, tantivy. If not given: what consortium.toml"
        " says, or sqlite."
    ),
)


@command(
    help=N_(
        "Find publications in the union catalogue, and who holds them.\n\n"
        "WORDS must all be there, in any order, with or without diacritics: 'truyen kieu' finds"
        " 'Truyện Kiều'; typed with diacritics, what is written so comes first. \"In quotes\": a"
        " phrase. title:, author:, subject:, publisher: narrow a word or phrase; isbn:, issn:,"
        " doi: take a number in any writing; year:2019..2021, member:, type:, language:, place:"
        " narrow the list; a minus excludes: -dịch. Nothing you type can break the search; what"
        " could not be read is said.\n\n"
        "--facet counts what was found by library, year, kind, language, province of now (place)"
        " or before 1 July 2025 (place-before). A page ends with the key of the next: --after.\n\n"
        "Only what members share with others is found ([catalogue.sharing.ID] in consortium.toml);"
        " --office searches an index of its own, made with 'libconsortium index --office'."
    ),
    examples=(
        "libconsortium search truyện kiều",
        "libconsortium search 'author:\"nguyễn du\" year:..1975' --facet member --facet year",
        "libconsortium search isbn:978-604-1-00000-1 --details",
        "libconsortium search thủy lợi --member tlu --year 2019..2024 --sort year --limit 50",
        "libconsortium search --facet place --limit 1      # everything, counted by province",
        "libconsortium search --in records.db giáo trình   # a file that 'harvest --url' made",
    ),
)
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
@option(
    "--in",
    "file",
    type=FILE,
    metavar="FILE.db",
    help=N_(
        "Search the records of a file that 'harvest --url' made; its index is kept beside it"
        " (FILE.search.db)."
    ),
)
@option("--member", "members", multiple=True, metavar="ID", help=N_("Only what this library has."))
@option(
    "--year",
    default="",
    metavar="YEARS",
    help=N_("Only what appeared in a year or a span: 2019, 2019..2021, ..1975."),
)
@option("--type", "types", multiple=True, help=N_("Only this kind: book, thesis, article…"))
@option("--language", "languages", multiple=True, help=N_("Only this language: vi, en…"))
@option(
    "--place",
    "places",
    multiple=True,
    help=N_("Only what is about this province, by its name of now or before."),
)
@option(
    "--facet",
    "facets",
    multiple=True,
    type=click.Choice([*SEARCH_FACETS, "all"]),
    help=N_("Count what was found by this; may be given several times."),
)
@option(
    "--sort",
    type=click.Choice([order.value for order in SearchOrder]),
    default=SearchOrder.RELEVANCE.value,
    show_default=True,
    help=N_("The order: best first, by title in Vietnamese order, or the newest first."),
)
@option(
    "--details",
    is_flag=True,
    help=N_(
        "Every field, which library's record gave it and why, what others say, shelf marks and"
        " links."
    ),
)
@option("--after", default="", metavar="KEY", help=N_("The next page, by the key of the last."))
@option(
    "--limit",
    type=click.IntRange(1, MOST_HITS),
    default=20,
    show_default=True,
    help=N_("Publications on a page."),
)
@_backend_option
@office_option
@json_option
@current
def search(
    terminal: Terminal,
    *,
    words: tuple[str, ...],
    file: Path | None,
    members: tuple[str, ...],
    year: str,
    types: tuple[str, ...],
    languages: tuple[str, ...],
    places: tuple[str, ...],
    facets: tuple[str, ...],
    sort: str,
    details: bool,
    after: str,
    limit: int,
    backend: str,
    audience: Audience,
    json_: bool,
) -> None:
    """Find publications."""
    if year and not _YEARS.fullmatch(year):
        raise click.UsageError(
            terminal.said(
                N_("--year takes a year or a span, like 2019, 2019..2021 or ..1975, not '{year}'"),
                year=year,
            )
        )
    slip = next((word for word in words if word.startswith("--")), None)
    if slip is not None:
        raise click.NoSuchOption(slip, ctx=click.get_current_context())
    text = " ".join(
        [
            *map(_quoted, words),
            *([f"year:{year}"] if year else []),
            *(f'place:"{place}"' for place in places),
        ]
    )
    narrowed = {"member": members, "type": types, "language": languages}
    request = SearchRequest(
        text=text,
        narrowed={name: values for name, values in narrowed.items() if values},
        order=SearchOrder(sort),
        after=after,
        limit=limit,
        counted=SEARCH_FACETS if "all" in facets else tuple(dict.fromkeys(facets)),
    )
    page = _page(terminal, request, file, backend, audience)
    for note in page.notes:
        terminal.say(note)
    if not page.total:
        for name, values in request.narrowed.items():
            everything = SearchRequest(text="", counted=(name,), limit=1)
            counts = _page(terminal, everything, file, backend, audience).facets[name]
            _say_unknown(terminal, name, values, [known for known, _ in counts])
    if json_:
        as_json(page_row(page, terminal))
    else:
        _show(terminal, page, details=details)


def _say_unknown(
    terminal: Terminal, name: str, values: Iterable[str], known: Sequence[str]
) -> None:
    """Say that a value found nothing because no publication has it at all."""
    for value in values:
        if fold(value) not in map(fold, known):
            terminal.say(
                N_("no publication has {name} '{value}'; there are: {known}"),
                name=f"--{name}",
                value=value,
                known=", ".join(known) or "-",
            )


# A word may begin with a minus («-dịch», «-hải»), so only what begins with two is an option.
search.context_settings = {"ignore_unknown_options": True, "help_option_names": ["--help"]}


def _page(
    terminal: Terminal,
    request: SearchRequest,
    file: Path | None,
    backend: str,
    audience: Audience,
) -> SearchPage:
    if file is None:
        with terminal.consortium() as consortium:
            return search_catalogue(consortium, request, backend=backend, audience=audience)
    registry = terminal.registry()
    address = f"sqlite:///{file.with_suffix('.search.db').absolute()}"
    with (
        opened(file, registry) as store,
        index_progress(terminal) as show,
        file_search_index(store, address, registry, on_progress=show) as index,
    ):
        return ask_index(index, request, registry)


def _quoted(word: str) -> str:
    """Put back the quotes that the shell took from ``field:"two words"``."""
    whole = _FIELD_WITH_BLANKS.fullmatch(word)
    is_phrase = whole is not None and " -" not in word
    return f'{whole[1]}"{whole[2]}"' if whole and is_phrase else word


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


def _show(terminal: Terminal, page: SearchPage, *, details: bool) -> None:
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


@command(
    help=N_(
        "Make the search index, or bring it up to date.\n\n"
        "'libconsortium cluster' does it by itself; run this after changing what consortium.toml"
        " says under [catalogue], or where the index lies. Only publications that changed are"
        " written. The index holds nothing that cannot be made again: deleting it loses nothing."
    ),
    examples=(
        "libconsortium index",
        "libconsortium index --rebuild",
        "libconsortium index --backend tantivy",
        "libconsortium index --office                      # for 'search --office'",
        "libconsortium index --delete",
    ),
)
@option("--rebuild", is_flag=True, help=N_("Make everything anew."))
@option("--delete", is_flag=True, help=N_("Empty the index and make none."))
@_backend_option
@office_option
@json_option
@current
def index(
    terminal: Terminal,
    *,
    rebuild: bool,
    delete: bool,
    backend: str,
    audience: Audience,
    json_: bool,
) -> None:
    """Make or update the search index."""
    with terminal.consortium() as consortium:
        if delete:
            with open_search(consortium, backend, audience=audience) as held:
                held.clear()
                said = terminal.said(N_("{address} is empty now"), address=held.address)
            if json_:
                as_json({"deleted": True})
            else:
                click.echo(said)
            return
        outcome = indexed(terminal, consortium, backend=backend, audience=audience, rebuild=rebuild)
    if json_:
        as_json(
            {
                "written": outcome.written,
                "removed": outcome.removed,
                "unchanged": outcome.unchanged,
                "rebuilt": outcome.is_rebuilt,
            }
        )


def indexed(
    terminal: Terminal,
    consortium: Consortium,
    *,
    backend: str = "",
    audience: Audience = Audience.OTHERS,
    rebuild: bool = False,
) -> IndexOutcome:
    """Bring the search index up to date, with progress, and say what came of it."""
    with index_progress(terminal) as show:
        outcome = update_search(
            consortium, backend=backend, audience=audience, rebuild=rebuild, on_progress=show
        )
    terminal.say(
        N_(
            "search index: {written} publications written, {removed} removed, {unchanged} as before"
        ),
        written=outcome.written,
        removed=outcome.removed,
        unchanged=outcome.unchanged,
    )
    return outcome


@contextmanager
def index_progress(terminal: Terminal) -> Iterator[Callable[[int, int], None]]:
    """Show on standard error how far the index is: one line that is written over."""
    is_seen = sys.stderr.isatty()
    shown = False

    def show(done: int, of: int) -> None:
        nonlocal shown
        if is_seen and done < of:
            said = terminal.said(N_("indexing: {done} of {of}"), done=done, of=of)
            click.echo(f"\r{said}", nl=False, err=True)
            shown = True

    yield show
    if shown:
        click.echo(err=True)


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
_TITLE_WIDTH, _NAME_WIDTH = 60, 30  # letters in a table
_FACET_HEADINGS: Mapping[str, str] = {
    "member": N_("library"),
    "year": N_("year"),
    "type": N_("kind"),
    "language": N_("language"),
    "place": N_("province now"),
    "place-before": N_("province before 1 July 2025"),
}
