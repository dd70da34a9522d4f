"""Facts in and out: load with a preview and undo, export as open files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import click

from libconsortium import (
    RECORD_FORMATS,
    Audience,
    Change,
    ChangeKind,
    Consortium,
    ImportFileError,
    Preview,
    Severity,
)
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
    problem_row,
)
from libconsortium.cli.harvest.record_export import Wanted, export_records
from libconsortium.cli.harvest.records import repair_option


@command(
    help=N_(
        "Load members, memberships, measures, subscriptions and offers.\n\n"
        "Give CSV files named after the kind of fact (libraries.csv, memberships.csv,"
        " measures.csv…), workbooks"
        " with one sheet a kind, TOML files, or folders of them. What would change is shown first;"
        " loading the"
        " same files again changes nothing; --undo takes the last load back."
    ),
    examples=(
        "libconsortium load facts --dry-run",
        "libconsortium load members.xlsx measures.csv",
        "libconsortium load --undo",
    ),
)
@click.argument("files", nargs=-1, type=click.Path(exists=True, path_type=Path))
@option("--dry-run", is_flag=True, help=N_("Show what would change; change nothing."))
@option(
    "--removing", is_flag=True, help=N_("Remove the facts of the store that the files do not hold.")
)
@option(
    "--skip-bad-rows", is_flag=True, help=N_("Load what is right although some rows are wrong.")
)
@option("--undo", is_flag=True, help=N_("Take the last load back."))
@json_option
@current
def load(
    terminal: Terminal,
    files: tuple[Path, ...],
    *,
    dry_run: bool,
    removing: bool,
    skip_bad_rows: bool,
    undo: bool,
    json_: bool,
) -> None:
    """Load facts from files."""
    with terminal.consortium() as consortium:
        if undo:
            _undo(terminal, consortium, json_=json_)
            return
        if not files:
            raise click.UsageError(terminal.said(N_("say which files to load, or give --undo")))
        loaded = consortium.preview(files, removing=removing)
        wrong = [problem for problem in loaded.problems if problem.severity is Severity.ERROR]
        terminal.say_problems(loaded.problems)
        if wrong and not (skip_bad_rows or dry_run):
            raise ImportFileError(
                "nothing was loaded: {count} rows or files are wrong; mend them, or give"
                " --skip-bad-rows",
                count=len(wrong),
            )
        if not dry_run:
            consortium.apply(loaded.changes, sources=files)
    if json_:
        as_json({"dry_run": dry_run, **_preview_row(loaded)})
    else:
        _show_changes(terminal, loaded.changes, in_full=dry_run)
        if dry_run:
            terminal.say(N_("nothing was written; leave out --dry-run to load"))


def _undo(terminal: Terminal, consortium: Consortium, *, json_: bool) -> None:
    """Take the last load back, and say which it was."""
    taken_back = consortium.store.undo(at=consortium.clock())
    terminal.say(
        N_("took back load {number}: {what}"), number=taken_back.undoes, what=taken_back.what
    )
    if json_:
        as_json({"undone": taken_back.undoes})


def _preview_row(loaded: Preview) -> dict[str, object]:
    return {
        "changes": [
            {
                "kind": change.kind,
                "key": list(change.key),
                "what": change.what.value,
                "columns": list(change.columns),
            }
            for change in loaded.changes
            if change.what is not ChangeKind.UNCHANGED
        ],
        "unchanged": sum(change.what is ChangeKind.UNCHANGED for change in loaded.changes),
        "problems": [problem_row(problem) for problem in loaded.problems],
    }


def _show_changes(terminal: Terminal, listed: Sequence[Change], *, in_full: bool) -> None:
    counts = Counter((change.kind, change.what) for change in listed)
    kinds = sorted({change.kind for change in listed})
    as_table(
        [terminal.said(N_("kind of fact")), *(terminal.said(what.value) for what in ChangeKind)],
        [(kind, *(counts[kind, what] for what in ChangeKind)) for kind in kinds],
    )
    if in_full:
        for change in listed:
            if change.what is not ChangeKind.UNCHANGED:
                click.echo(
                    " ".join(
                        [
                            f"{terminal.said(change.what.value)}:",
                            change.kind,
                            " / ".join(change.key),
                            *([f"({', '.join(change.columns)})"] if change.columns else []),
                        ]
                    )
                )


@command(
    help=N_(
        "Write everything the store holds as open files.\n\n"
        "One CSV file a kind of fact (they load again as they are), the records and the splits as"
        " JSON Lines. With --format, --union, --member or --in just records: as MARCXML, ISO 2709,"
        " JSON Lines, CSV, KBART or documents for Solr and VuFind; all of them if --into is a"
        " folder. What a format cannot hold is told.\n\n"
        "Records in these formats hold what each library shares with others"
        " ([catalogue.sharing.ID] in consortium.toml), with --office everything. The folder of all"
        " that the store holds is the office's own copy: nothing is left out of it."
    ),
    examples=(
        "libconsortium export --into export-2026",
        "libconsortium export --in records.db --format marcxml --into records.xml",
        "libconsortium export --union --into union.mrc",
        "libconsortium export --member tlu --format solr --into tlu.json",
        "libconsortium export --member tlu --office --into tlu.mrc   # back to the library itself",
    ),
)
@option(
    "--into",
    type=click.Path(path_type=Path),
    help=N_("The folder to write into, made if it does not exist; with --format the file."),
)
@option(
    "--in",
    "file",
    type=FILE,
    metavar="FILE.db",
    help=N_("Write the records of a file that 'harvest --url' made."),
)
@option(
    "--format",
    "form",
    type=click.Choice(sorted(RECORD_FORMATS)),
    help=N_("Write just the records, in this format; to standard output without --into."),
)
@option("--union", is_flag=True, help=N_("Write the records of the union catalogue."))
@option("--member", metavar="LIBRARY", help=N_("Write the records of one library."))
@option("--deleted", is_flag=True, help=N_("With --format or --in: tombstones too."))
@repair_option
@office_option
@json_option
@current
def export(
    terminal: Terminal,
    *,
    into: Path | None,
    file: Path | None,
    form: str | None,
    union: bool,
    member: str | None,
    deleted: bool,
    audience: Audience,
    repairs: tuple[str, ...],
    json_: bool,
) -> int | None:
    """Write everything as open files."""
    if file is not None or form is not None or union or member is not None:
        if sum((file is not None, union, member is not None)) > 1:
            raise click.UsageError(terminal.said(N_("--in, --union and --member exclude another")))
        wanted = Wanted(
            file=file,
            union=union,
            member=member,
            deleted=deleted,
            audience=audience,
            repairs=repairs,
        )
        return export_records(terminal, wanted, into, form, json_=json_)
    if into is None:
        raise click.UsageError(terminal.said(N_("say with --into which folder to write")))
    with terminal.consortium() as consortium:
        written = consortium.store.export_all(into)
    if json_:
        as_json({"written": [str(path) for path in written]})
    else:
        for path in written:
            terminal.say(N_("wrote {path}"), path=path)
    return None
