"""Reports: workbook, page and tables written as files."""

from __future__ import annotations

import json
import re
from pathlib import Path

import click

from libconsortium import (
    Audience,
    Consortium,
    Report,
    Split,
    UnknownNameError,
    snapshot_of,
    split_from,
    write_report,
)
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

KINDS = ("split", "overlap", "summary")
_NOT_IN_NAMES = re.compile(r'[\x00-\x1f"%*/:<>?\\|]')


@command(
    help=N_(
        "Write a report as a file.\n\n"
        "KIND is split (who pays what and why), overlap (what the members hold together) or"
        " summary (both, and the"
        " harvests, on one page). split and summary need SUBSCRIPTION and YEAR and report the"
        " version kept last."
        " The same inputs give the same bytes. What members do not share with others is not"
        " counted in an overlap, except with --office."
    ),
    examples=(
        "libconsortium report split journals 2027 --format xlsx --into journals-2027.xlsx",
        "libconsortium report overlap --format csv",
        "libconsortium --lang vi report summary journals 2027 --format html",
    ),
)
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("subscription", required=False)
@click.argument("year", required=False, type=int)
@option(
    "--format",
    "format_",
    default="",
    help=N_("xlsx, html, csv or a plugin's; if not given by the ending of --into, else html."),
)
@option(
    "--into",
    type=FILE,
    help=N_("The file to write; in the folder reports if not given."),
)
@office_option
@json_option
@current
def report(
    terminal: Terminal,
    kind: str,
    subscription: str | None,
    year: int | None,
    *,
    format_: str,
    into: Path | None,
    audience: Audience,
    json_: bool,
) -> None:
    """Write one report."""
    with terminal.consortium() as consortium:
        done = None
        if kind != "overlap":
            if subscription is None or year is None:
                raise click.UsageError(
                    terminal.said(N_("a report of this kind needs SUBSCRIPTION and YEAR"))
                )
            done = kept_split(consortium, subscription, year)
        made = consortium.registry.find(Report, format_ or _format_of(consortium, kind, into))
        name = file_name(kind, subscription, year)
        path = into or consortium.settings.path(f"reports/{name}{made.suffix}")
        snapshot = snapshot_of(
            consortium, kind, done, language=terminal.language, audience=audience
        )
        write_report(snapshot, made.name, path, consortium.registry)
    if json_:
        as_json({"written": str(path), "media_type": made.media_type})
    else:
        terminal.say(N_("wrote {path}"), path=path)


def _format_of(consortium: Consortium, kind: str, into: Path | None) -> str:
    """Return the format that a file's ending asks for."""
    ending = into.suffix.casefold() if into else ""
    known = consortium.registry.all(Report).values()
    fits = (one.name for one in known if one.suffix == ending and kind in one.kinds)
    return next(fits, "html")


def file_name(*parts: str | int | None) -> str:
    """Return the name of a file that is called after ids, which may hold any letter.

    What a file system could not take, or would take for a folder, is written by number, so that
    two ids never get the same file.

    Args:
        parts: What it is called after; ``None`` and empty ones are left out.

    >>> file_name("notice", "journals", 2027, "VN-A/B"), file_name("split", "..", None)
    ('notice-journals-2027-VN-A%2FB', 'split-..')
    """
    name = "-".join(str(part) for part in parts if part)
    return _NOT_IN_NAMES.sub(lambda found: f"%{ord(found[0]):02X}", name)


def kept_split(
    consortium: Consortium, subscription: str, year: int, version: int | None = None
) -> Split:
    """Return a split from the store.

    Args:
        consortium: Whose.
        subscription: Id of the subscription.
        year: The year.
        version: Its version; the last if ``None``.

    Raises:
        UnknownNameError: No such split is kept.
    """
    kept = consortium.store.splits(subscription, year)
    chosen = [one for one in kept if version in (None, one.version)]
    if not chosen:
        raise UnknownNameError(
            "no such split of {subscription!r} {year} is kept;"
            " run 'libconsortium split {subscription} {year}' first",
            subscription=subscription,
            year=year,
        )
    return split_from(json.loads(chosen[-1].document))
