"""Searching the union catalogue, and keeping its index."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import click

from libconsortium import (
    MOST_HITS,
    SEARCH_FACETS,
    Audience,
    SearchOrder,
    SearchPage,
    SearchRequest,
    ask_index,
    facet_value,
    file_search_index,
    fold,
    search_catalogue,
)
from libconsortium.cli.catalogue.search_index import backend_option, index_progress
from libconsortium.cli.catalogue.search_views import page_row, show_page
from libconsortium.cli.frame import (
    FILE,
    N_,
    Terminal,
    as_json,
    command,
    current,
    json_option,
    office_option,
    option,
)
from libconsortium.cli.harvest.address import opened

_YEARS = re.compile(r"\d{1,4}|\d{0,4}\.\.\d{0,4}", re.ASCII)
_FIELD_WITH_BLANKS = re.compile(r'(-?[^\s":]+:)([^":]*\s[^":]*)')


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
@backend_option
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
    _refuse_slips(terminal, words, year)
    narrowed = {"member": members, "type": types, "language": languages}
    request = SearchRequest(
        text=_text(words, year, places),
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
        everything = SearchRequest(text="", counted=SEARCH_FACETS, limit=1)
        counts = _page(terminal, everything, file, backend, audience).facets
        for name, values in {**request.narrowed, "place": places}.items():
            found = (*counts[name], *(counts["place-before"] if name == "place" else ()))
            _say_unknown(terminal, name, values, [known for known, _ in found])
    if json_:
        as_json(page_row(page, terminal))
    else:
        show_page(terminal, page, details=details)


# A word may begin with a minus («-dịch», «-hải»), so only what begins with two is an option.
search.context_settings = {"ignore_unknown_options": True, "help_option_names": ["--help"]}


def _refuse_slips(terminal: Terminal, words: Sequence[str], year: str) -> None:
    """Refuse years that are none, and mistyped options that were taken for words."""
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


def _text(words: Iterable[str], year: str, places: Iterable[str]) -> str:
    """Return what is asked for in the language of searches."""
    years = [f"year:{year}"] if year else []
    return " ".join([*map(_quoted, words), *years, *(f'place:"{place}"' for place in places)])


def _quoted(word: str) -> str:
    """Put back the quotes that the shell took from ``field:"two words"``."""
    whole = _FIELD_WITH_BLANKS.fullmatch(word)
    is_phrase = whole is not None and " -" not in word
    return f'{whole[1]}"{whole[2]}"' if whole and is_phrase else word


def _say_unknown(
    terminal: Terminal, name: str, values: Iterable[str], known: Sequence[str]
) -> None:
    """Say that a value found nothing because no publication has it at all."""
    as_asked = fold if name == "place" else str  # the names of provinces may be written otherwise
    for value in values:
        if as_asked(facet_value(name, value)) not in map(as_asked, known):
            terminal.say(
                N_("no publication has {name} '{value}'; there are: {known}"),
                name=f"--{name}",
                value=value,
                known=", ".join(dict.fromkeys(known)) or "-",
            )


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
