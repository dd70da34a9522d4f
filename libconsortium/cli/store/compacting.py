"""Less room for the same bytes: packs harvested pages tighter, and proves what is kept."""

from __future__ import annotations

from pathlib import Path

import click

from libconsortium import Compaction, Message, Store
from libconsortium.cli.frame import N_, Terminal, as_json, command, current, json_option, option
from libconsortium.cli.harvest.address import file_option, opened

_DAMAGED = 1


@command(
    help=N_(
        "Pack harvested pages tighter, or check every byte of them.\n\n"
        "Pages are kept as they were received, packed quickly while they come. This packs them as"
        " small as they go, mostly to an eighth of the XML or less: every page is unpacked again"
        " and compared with its hash before the old bytes are given up. It can be stopped and begun"
        " again, and harvests may run meanwhile. --check changes nothing: it unpacks every page and"
        " compares. Exit status: 0 all pages are as received, 1 some are damaged (their hashes are"
        " named; a backup has them)."
    ),
    examples=(
        "libconsortium compact",
        "libconsortium compact --check --json",
        "libconsortium compact --in records.db",
    ),
)
@option("--check", is_flag=True, help=N_("Only compare every page with its hash."))
@file_option
@json_option
@current
def compact(terminal: Terminal, file: Path | None, *, check: bool, json_: bool) -> None:
    """Pack pages tighter, or check them."""
    if file is not None:
        with opened(file, terminal.registry()) as store:
            done = _done(terminal, store, check=check, json_=json_)
    else:
        with terminal.consortium() as consortium:
            done = _done(terminal, consortium.store, check=check, json_=json_)
    if json_:
        as_json(
            {
                "bodies": done.bodies,
                "received": done.received,
                "before": done.before,
                "after": done.after,
                "damaged": list(done.damaged),
            }
        )
    else:
        _say(terminal, done, check=check)
    if done.damaged:
        click.get_current_context().exit(_DAMAGED)


def _done(terminal: Terminal, store: Store, *, check: bool, json_: bool) -> Compaction:
    if check:
        return store.check_pages()

    def told(so_far: Compaction) -> None:
        if not json_:
            terminal.say(
                N_("{count} pages so far, {saved} bytes saved"),
                count=so_far.bodies,
                saved=so_far.before - so_far.after,
            )

    return store.compact(told)


def _say(terminal: Terminal, done: Compaction, *, check: bool) -> None:
    if check:
        told = Message(
            "{count} pages checked: {received} bytes as received, kept in {after}",
            count=done.bodies - len(done.damaged),
            received=done.received,
            after=done.after,
        )
    elif done.bodies:
        told = Message(
            "{count} pages packed: {before} bytes became {after}",
            count=done.bodies - len(done.damaged),
            before=done.before,
            after=done.after,
        )
    else:
        told = Message("every page is packed already")
    click.echo(terminal.said(told))
    for name in done.damaged:
        click.echo(terminal.said(Message("damaged, not what was received: {name}", name=name)))
