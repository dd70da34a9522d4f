"""The sources of records: what each has brought; dropping one, taking it back, giving it away."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import click
import tomlkit

from libconsortium import Consortium, UnknownNameError, read_settings, whole_text
from libconsortium.cli.frame import (
    N_,
    Terminal,
    as_json,
    as_table,
    command,
    current,
    json_option,
    option,
)

dry_run_option = option(
    "--dry-run", is_flag=True, help=N_("Say what would change; change nothing.")
)


@command(
    help=N_(
        "List the sources: whose records each holds, how many, and how its last harvest ended.\n\n"
        "Sources that consortium.toml names no more, but of which records are kept, are listed too:"
        " the union catalogue leaves them out."
    ),
    examples=("libconsortium sources", "libconsortium sources --json"),
)
@json_option
@current
def sources(terminal: Terminal, *, json_: bool) -> None:
    """List the sources."""
    with terminal.consortium() as consortium:
        rows = _rows(consortium)
    if json_:
        as_json({"sources": rows})
        return
    headings = (N_("source"), N_("library"), N_("live"), N_("deleted"), N_("last harvest"))
    unnamed = terminal.said(N_("not named any more"))
    as_table(
        [terminal.said(text) for text in headings],
        [
            (
                row["source"],
                row["member"] or unnamed,
                row["live"],
                row["deleted"],
                terminal.said(str(row["last_status"] or "-")),
            )
            for row in rows
        ],
    )


def _rows(consortium: Consortium) -> list[dict[str, object]]:
    named = {source.name: source for source in consortium.settings.file.sources}
    counts = {one.source: one for one in consortium.store.record_counts()}
    last = {run.request.source: run for run in consortium.store.runs()}
    return [
        {
            "source": name,
            "member": named[name].member if name in named else None,
            "url": named[name].url if name in named else None,
            "live": counts[name].live if name in counts else 0,
            "deleted": counts[name].deleted if name in counts else 0,
            "last_status": last[name].status.value if name in last else None,
            "last_reason": str(last[name].reason) if name in last else "",
        }
        for name in dict.fromkeys((*named, *sorted({*counts, *last})))
    ]


def _known(consortium: Consortium, name: str) -> Mapping[str, object]:
    rows = {str(row["source"]): row for row in _rows(consortium)}
    if name not in rows:
        raise UnknownNameError(
            "there is no source called {name!r}; there are: {known}",
            name=name,
            known=", ".join(rows) or "-",
        )
    return rows[name]


@command(
    help=N_(
        "Take all records of a source out of the catalogue.\n\n"
        "They become tombstones and keep their bytes: 'sources restore' takes them back. Take the"
        " source out of consortium.toml as well, or its next harvest brings new records. Run"
        " 'libconsortium cluster' afterwards."
    ),
    examples=(
        "libconsortium sources drop old-library --dry-run",
        "libconsortium sources drop old-library",
    ),
)
@click.argument("name")
@dry_run_option
@json_option
@current
def sources_drop(terminal: Terminal, name: str, *, dry_run: bool, json_: bool) -> None:
    """Make tombstones of the records of a source."""
    with terminal.consortium() as consortium:
        count = int(str(_known(consortium, name)["live"]))
        if not dry_run:
            count = consortium.store.drop_source(name, at=consortium.clock())
    if json_:
        as_json({"source": name, "dropped": count, "dry_run": dry_run})
    elif dry_run:
        terminal.say(N_("{count} records of {source} would be dropped"), count=count, source=name)
    else:
        terminal.say(
            N_("{count} records of {source} are dropped; back: libconsortium sources restore"),
            count=count,
            source=name,
        )


@command(
    help=N_("Take back the records of a source that 'sources drop' took out."),
    examples=("libconsortium sources restore old-library",),
)
@click.argument("name")
@json_option
@current
def sources_restore(terminal: Terminal, name: str, *, json_: bool) -> None:
    """Make the dropped records of a source live again."""
    with terminal.consortium() as consortium:
        _known(consortium, name)
        count = consortium.store.restore_source(name, at=consortium.clock())
    if json_:
        as_json({"source": name, "restored": count})
    else:
        terminal.say(N_("{count} records of {source} are live again"), count=count, source=name)


@command(
    help=N_(
        "Give a source, with all its records, to another library.\n\n"
        "Writes the library into consortium.toml and changes nothing else there. The records stay"
        " as they are: run 'libconsortium cluster' afterwards. To go back, assign it again."
    ),
    examples=("libconsortium sources assign repository-of-tlu tlu-2",),
)
@click.argument("name")
@click.argument("member")
@dry_run_option
@json_option
@current
def sources_assign(
    terminal: Terminal, name: str, member: str, *, dry_run: bool, json_: bool
) -> None:
    """Write another library into a source's settings."""
    path = terminal.folder / "consortium.toml"
    before = read_settings(path).sources([name])[0].member
    if not dry_run:
        _write(path, name, member)
    if json_:
        as_json({"source": name, "member": member, "before": before, "dry_run": dry_run})
    else:
        terminal.say(N_("{source}: {before} → {member}"), source=name, before=before, member=member)


def _write(path: Path, name: str, member: str) -> None:
    """Write the settings with one word changed, whole or not at all."""
    document = tomlkit.parse(path.read_text("utf-8"))
    for table in document["sources"]:
        if table["name"] == name:
            table["member"] = member
    text = tomlkit.dumps(document)
    with TemporaryDirectory() as folder:
        Path(folder, path.name).write_text(text, "utf-8")
        read_settings(folder)  # what cannot be read any more is not put in its place
    with whole_text(path) as file:
        file.write(text)
