"""Usage and title lists: COUNTER reports read and added up, KBART lists checked."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import attrs
import click

from libconsortium import (
    FACT_KINDS,
    USAGE_FIELDS,
    Directory,
    MemberOf,
    Problem,
    Severity,
    UsageRead,
    UsageScope,
    format_number,
    institution_finder,
    key_of,
    membership_months,
    read_title_list,
    read_usage,
    rollup_findings,
    to_row,
    unknown_institutions,
    usage_measures,
    whole_text,
    write_csv,
)
from libconsortium.cli.frame import (
    FILE_HERE,
    FILE_OUT,
    N_,
    Terminal,
    as_json,
    as_table,
    command,
    current,
    group,
    json_option,
    option,
    problem_row,
)

_DONE, _REFUSED = 0, 1
_SETTINGS = "consortium.toml"


@attrs.frozen(kw_only=True)
class _Known:
    """What the consortium of the folder knows; nothing if there is none."""

    directory: Directory | None = None
    federation: str = ""


@command(
    help=N_(
        "Read COUNTER reports (releases 5 and 5.1; JSON, TSV, CSV, XLSX).\n\n"
        "Shows the totals by member, platform, report and metric, and what is wrong with the"
        " files. A file that cannot be used is refused with the reason and what to ask the"
        " supplier for; the others are read, and the exit code is 1.\n\n"
        "In a consortium's folder the institutions of the reports become its libraries (by"
        " customer number, ISNI, ROR, ISIL or name), only months of membership go into"
        " --measures, and missing months are named."
    ),
    examples=(
        "libconsortium usage reports/*.json",
        "libconsortium usage tr_j1.tsv --member lib-a --csv rows.csv",
        "libconsortium usage reports/*.tsv --report TR_J1 --measures measures.csv",
    ),
)
@click.argument("files", nargs=-1, required=True, type=FILE_HERE)
@option("--member", metavar="LIBRARY", help=N_("All the files are reports of this library."))
@option("--report", metavar="ID", default="", help=N_("The report that --measures takes: TR_J1."))
@option(
    "--not-sharing",
    multiple=True,
    metavar="LIBRARY",
    help=N_("This library does not share its usage: no figure, not zero; may be given again."),
)
@option(
    "--csv",
    "csv_file",
    type=FILE_OUT,
    help=N_("Write the rows to this file."),
)
@option(
    "--measures",
    type=FILE_OUT,
    help=N_("Write yearly figures for 'libconsortium load'; call the file measures.csv."),
)
@option(
    "--monthly",
    is_flag=True,
    help=N_("With --measures: a figure for each month, for policies that count months."),
)
@json_option
@current
def usage(
    terminal: Terminal,
    files: tuple[Path, ...],
    *,
    member: str | None,
    report: str,
    not_sharing: tuple[str, ...],
    csv_file: Path | None,
    measures: Path | None,
    monthly: bool,
    json_: bool,
) -> int:
    """Read reports of usage."""
    known = _known(terminal)
    find = _finder(known, member)
    read = read_usage(files, terminal.registry(), find)
    problems = [*read.problems, *_of_directory(known, read, member)]
    if measures is not None:
        made, missing = usage_measures(
            read.tally.sums(),
            read.tally.coverage(),
            UsageScope(
                report=report,
                within=_membership(known, read),
                not_sharing=frozenset(not_sharing),
            ),
            by_month=monthly,
        )
        problems += missing
        _write(measures, FACT_KINDS["measures"].fields, map(to_row, sorted(made, key=key_of)))
    if csv_file is not None:
        _write(csv_file, USAGE_FIELDS, map(_flat, read.rows.fields()))
    if json_:
        _say_json(read, problems)
    else:
        _show(terminal, read, problems)
    return _REFUSED if any(file.refused for file in read.files) else _DONE


def _known(terminal: Terminal) -> _Known:
    if not (terminal.folder / _SETTINGS).exists():
        return _Known()
    with terminal.consortium() as consortium:
        return _Known(
            directory=consortium.directory(),
            federation=consortium.settings.file.consortium.federation,
        )


def _finder(known: _Known, member: str | None) -> MemberOf | None:
    if member is not None:
        if known.directory is not None:
            known.directory.library(member)
        return lambda _: member
    return institution_finder(known.directory) if known.directory is not None else None


def _of_directory(known: _Known, read: UsageRead, member: str | None) -> Iterator[Problem]:
    """Yield what the reports say of institutions, held against what the consortium knows."""
    if known.directory is not None and member is None:
        find = institution_finder(known.directory)
        yield from unknown_institutions(read.institutions, find, known.directory)
        yield from rollup_findings(read.tally.sums(), known.directory.federations.keys())


def _membership(known: _Known, read: UsageRead) -> Mapping[str, frozenset[str]] | None:
    """Return the months of membership in all years that the reports tell of."""
    years = {month[:4] for one in read.tally.coverage() for month in one.months}
    if known.directory is None or not known.federation or not years:
        return None
    return membership_months(
        known.directory, known.federation, f"{min(years)}-01", f"{max(years)}-12"
    )


def _flat(row: Mapping[str, object]) -> Mapping[str, object]:
    """Return a row whose lists of names and values are texts."""
    return {
        name: "; ".join(f"{key}={each}" for key, each in value.items())
        if isinstance(value, dict)
        else value
        for name, value in row.items()
    }


def _write(path: Path, fields: Sequence[str], rows: Iterable[Mapping[str, object]]) -> None:
    with whole_text(path) as file:
        write_csv(file, fields, rows)


def _problem_row(problem: Problem) -> dict[str, object]:
    where = problem.where
    return {
        **problem_row(problem),
        "file": where.source,
        "line": where.line or None,
        "column": where.column or None,
    }


def _say_json(read: UsageRead, problems: Sequence[Problem]) -> None:
    """Print one object; the rows, which may be millions, one after the other."""
    answer = {
        "schema": 1,
        "files": [
            {
                "file": str(file.path),
                "report": file.report.report if file.report else None,
                "release": file.report.release if file.report else None,
                "first": file.report.begin if file.report else None,
                "last": file.report.end if file.report else None,
                "rows": file.rows,
                "refused": _problem_row(file.refused) if file.refused else None,
            }
            for file in read.files
        ],
        "totals": [attrs.asdict(total) for total in read.tally.totals()],
        "problems": [_problem_row(problem) for problem in problems],
    }
    click.echo(json.dumps(answer, ensure_ascii=False)[:-1] + ', "rows": [', nl=False)
    for number, line in enumerate(read.rows.lines()):
        sys.stdout.write((",\n" if number else "\n") + line)  # click would flush each
    click.echo("]}")


def _show(terminal: Terminal, read: UsageRead, problems: Sequence[Problem]) -> None:
    totals = read.tally.totals()
    if totals:
        headings = (
            N_("member"), N_("platform"), N_("report"), N_("metric"), N_("first"), N_("last"),
            N_("count"),
        )  # fmt: skip
        as_table(
            [terminal.said(heading) for heading in headings],
            [
                (
                    total.member,
                    total.platform,
                    total.report,
                    total.metric,
                    total.first,
                    total.last,
                    format_number(total.count, terminal.language),
                )
                for total in totals
            ],
        )
    terminal.say_problems(_worst_first(problems))
    refused = sum(file.refused is not None for file in read.files)
    terminal.say(
        N_("{read} files read, {rows} rows; {refused} files refused; {problems} problems"),
        read=len(read.files) - refused,
        rows=sum(file.rows for file in read.files),
        refused=refused,
        problems=len(problems),
    )


def _worst_first(problems: Sequence[Problem]) -> list[Problem]:
    order = (Severity.ERROR, Severity.WARNING, Severity.INFO)
    return sorted(problems, key=lambda problem: order.index(problem.severity))


@group(help=N_("Lists of titles in the form of KBART (NISO RP-9)."))
def kbart() -> None:
    """Gather the commands about KBART."""


@command(
    help=N_(
        "Check a list of titles: columns, dates, coverage, identifiers, embargoes, doubles.\n\n"
        "Every problem names line and column and says what to do. The exit code is 0 when nothing"
        " is wrong, 1 when something is, or when the file is no KBART list."
    ),
    examples=(
        "libconsortium kbart check supplier_AllTitles_2026-01-15.txt",
        "libconsortium kbart check list.tsv --json",
    ),
)
@click.argument("file", type=FILE_HERE)
@json_option
@current
def check(terminal: Terminal, file: Path, *, json_: bool) -> int:
    """Check one list of titles."""
    titles, problems = read_title_list(file, terminal.registry())
    wrong = any(problem.severity is not Severity.INFO for problem in problems)
    kinds = Counter(
        title.publication_type.value if title.publication_type else "" for title in titles
    )
    if json_:
        as_json(
            {
                "file": str(file),
                "titles": len(titles),
                "serials": kinds["serial"],
                "monographs": kinds["monograph"],
                "ok": not wrong,
                "problems": [_problem_row(problem) for problem in problems],
            }
        )
    else:
        terminal.say_problems(_worst_first(problems))
        terminal.say(
            N_("{titles} titles ({serials} serials, {monographs} monographs), {problems} problems"),
            titles=len(titles),
            serials=kinds["serial"],
            monographs=kinds["monograph"],
            problems=len(problems),
        )
    return _REFUSED if wrong else _DONE


kbart.add_command(check)
