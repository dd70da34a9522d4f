"""Keeping safe: the whole store in one file, and back."""

from __future__ import annotations

from pathlib import Path

import click

from libconsortium.cli.frame import (
    FILE,
    FILE_HERE,
    N_,
    Terminal,
    as_json,
    command,
    current,
    json_option,
    option,
)


@command(
    help=N_(
        "Write the whole store into one file.\n\n"
        "The file holds facts, harvested pages and records, the catalogue and every split, with"
        " checksums;"
        " it can be restored into SQLite or PostgreSQL. It is written whole or not at all."
    ),
    examples=("libconsortium backup consortium-2026-12-31.zip",),
)
@click.argument("file", type=FILE)
@json_option
@current
def backup(terminal: Terminal, file: Path, *, json_: bool) -> None:
    """Write the store into one file."""
    with terminal.consortium() as consortium:
        consortium.store.backup(file)
    if json_:
        as_json({"written": str(file), "bytes": file.stat().st_size})
    else:
        terminal.say(N_("wrote {path} ({size} bytes)"), path=file, size=file.stat().st_size)


@command(
    help=N_(
        "Fill the store of consortium.toml from a backup file.\n\n"
        "The checksums are verified before anything is written. A store that holds something is"
        " left alone"
        " unless --replace is given."
    ),
    examples=(
        "libconsortium restore consortium-2026-12-31.zip",
        "libconsortium -C new-office restore consortium-2026-12-31.zip",
    ),
)
@click.argument("file", type=FILE_HERE)
@option("--replace", is_flag=True, help=N_("Give up what the store holds now."))
@json_option
@current
def restore(terminal: Terminal, file: Path, *, replace: bool, json_: bool) -> None:
    """Fill the store from a backup."""
    with terminal.consortium() as consortium:
        consortium.store.restore(file, replace=replace)
        address = consortium.store.address
    if json_:
        as_json({"restored": str(file), "store": address})
    else:
        terminal.say(N_("restored {path} into {store}"), path=file, store=address)
