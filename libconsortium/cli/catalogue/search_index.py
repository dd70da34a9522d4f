"""Keeping the index of the search up to date."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from libconsortium import (
    Audience,
    Consortium,
    IndexOutcome,
    Message,
    open_search,
    update_search,
)
from libconsortium.cli.frame import (
    N_,
    Terminal,
    as_json,
    command,
    current,
    json_option,
    office_option,
    option,
)
from libconsortium.cli.waiting import shown_stages

backend_option = option(
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
@backend_option
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
                "left_out": outcome.left_out,
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
    if outcome.left_out:
        terminal.say(
            N_("{count} publications are not in it: not shared, or without anything to show"),
            count=outcome.left_out,
        )
    return outcome


@contextmanager
def index_progress(terminal: Terminal) -> Iterator[Callable[[int, int], None]]:
    """Show on standard error how far the index is: one line that is written over."""
    with shown_stages(terminal) as show:

        def how_far(done: int, of: int) -> None:
            if show is not None and done < of:
                show(Message("indexing: {done} of {of}", done=done, of=of))

        yield how_far
