"""Lists of titles that are paid for, compared."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import attrs
import click

from libconsortium import (
    FACT_KINDS,
    Audience,
    Consortium,
    ListFigures,
    Money,
    PaidFor,
    Registry,
    Snapshot,
    format_money,
    format_number,
    key_of,
    overlap_of_files,
    overlap_of_lists,
    title_measures,
    to_row,
    whole_text,
    write_csv,
    write_report,
)
from libconsortium.cli.frame import (
    FILE,
    FILE_HERE,
    FILE_OUT,
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

_MOST = 20


@command(
    help=N_(
        "Compare lists of titles: what is paid for twice, and what a use costs.\n\n"
        "FILES are title lists (KBART) of suppliers or libraries, compared as they are. Without"
        " FILES those that consortium.toml names ([[title_lists]]), with the libraries that share"
        " them, their costs of the YEAR and, with --holdings, their catalogues. --usage adds"
        " COUNTER reports of titles. --measures writes figures by which a policy can divide a"
        " bill: titles and uses of each list."
    ),
    examples=(
        "libconsortium overlap titles acme.tsv beta.tsv --into overlap.html",
        "libconsortium overlap titles --year 2026 --usage tr.json --holdings --into overlap.xlsx",
        "libconsortium overlap titles --year 2026 --usage tr.json --measures measures.csv",
    ),
)
@click.argument("files", nargs=-1, type=FILE_HERE)
@option("--year", type=int, help=N_("The year whose bills and usage count."))
@option(
    "--usage",
    multiple=True,
    type=FILE_HERE,
    help=N_("A COUNTER report of titles (TR, TR_J1, TR_B1); may be given again."),
)
@option(
    "--metric",
    default="Total_Item_Requests",
    show_default=True,
    help=N_("The metric that counts a use."),
)
@option("--holdings", is_flag=True, help=N_("Compare with the libraries' catalogues too."))
@option(
    "--into",
    "into",
    multiple=True,
    type=FILE,
    help=N_("Write a report: .html with a heat map, .xlsx, or .csv of all titles; repeatable."),
)
@option(
    "--measures",
    type=FILE_OUT,
    help=N_("Write the figures for 'libconsortium load'; call the file measures.csv."),
)
@office_option
@json_option
@current
def overlap_titles(
    terminal: Terminal,
    files: tuple[Path, ...],
    *,
    year: int | None,
    usage: tuple[Path, ...],
    metric: str,
    holdings: bool,
    into: tuple[Path, ...],
    measures: Path | None,
    audience: Audience,
    json_: bool,
) -> None:
    """Compare lists of titles."""
    for path in into:
        if path.suffix not in _FORMATS:
            raise click.UsageError(
                terminal.said(N_("{path}: name a file .html, .xlsx or .csv"), path=path)
            )
    names: dict[str, str] = {}
    title = terminal.said(N_("Lists of titles"))
    if files:
        registry = terminal.registry()
        found = overlap_of_files(files, registry, usage=usage, metric=metric)
        _write(found, into, registry, terminal.language, title, names)
    else:
        if year is None:
            raise click.UsageError(terminal.said(N_("say which --year counts, or name FILES")))
        with terminal.consortium() as consortium:
            found = overlap_of_lists(
                consortium,
                year,
                usage=usage,
                metric=metric,
                holdings=holdings,
                audience=audience,
            )
            names = _names(consortium, found, terminal.language)
            _write(found, into, consortium.registry, terminal.language, title, names)
    if measures is not None:
        made = sorted(title_measures(found.found, period=str(year or "")), key=key_of)
        with whole_text(measures) as file:
            write_csv(file, FACT_KINDS["measures"].fields, map(to_row, made))
    if json_:
        _say_json(found)
    else:
        _show(terminal, found, (*into, *((measures,) if measures else ())))


_FORMATS = {".html": "html", ".xlsx": "xlsx", ".csv": "csv"}


def _names(consortium: Consortium, found: PaidFor, language: str) -> dict[str, str]:
    directory, day = consortium.directory(), consortium.clock().date()
    return {
        one.member: directory.name_of(one.member, on=day, language=language)
        for one in found.found.members
    }


def _write(
    found: PaidFor,
    into: tuple[Path, ...],
    registry: Registry,
    language: str,
    title: str,
    names: dict[str, str],
) -> None:
    data = {"titles": found.found, "names": names}
    snapshot = Snapshot(kind="titles", title=title, language=language, data=data)
    for path in into:
        write_report(snapshot, _FORMATS[path.suffix], path, registry)


def _say_json(found: PaidFor) -> None:
    overlap = found.found
    as_json(
        {
            "lists": [_list_row(one) for one in overlap.lists],
            "matrix": [
                {"list": one.name,
                 **{two.name: overlap.matrix[one.name, two.name] for two in overlap.lists}}
                for one in overlap.lists
            ],
            "in_k": {str(count): titles for count, titles in overlap.in_k.items()},
            "in_all": overlap.in_all,
            "members": [attrs.asdict(one) for one in overlap.members],
            "joint": [
                {**attrs.asdict(one, recurse=False), "worth": _plain(one.worth)}
                for one in overlap.joint
            ],
            "paid_twice": [attrs.asdict(one) for one in overlap.paid_twice],
            "problems": [problem_row(one) for one in found.problems],
        }
    )  # fmt: skip


def _list_row(one: ListFigures) -> dict[str, object]:
    row = attrs.asdict(one, recurse=False)
    return {
        **row,
        "cost": _plain(one.cost),
        "per_title": None if one.per_title is None else str(one.per_title),
        "per_use": None if one.per_use is None else str(one.per_use),
    }


def _plain(money: Money | None) -> dict[str, object] | None:
    return None if money is None else {"minor": money.minor, "currency": money.currency}


def _show(terminal: Terminal, found: PaidFor, written: tuple[Path, ...]) -> None:
    overlap, language = found.found, terminal.language
    terminal.say_problems(found.problems)
    headings = (N_("list"), N_("titles"), N_("only here"), N_("uses"), N_("cost"),
                N_("per title"), N_("per use"))  # fmt: skip
    as_table(
        [terminal.said(text) for text in headings],
        [
            (
                one.name,
                format_number(one.titles, language),
                format_number(one.unique, language),
                "–" if one.uses is None else format_number(one.uses, language),
                "–" if one.cost is None else format_money(one.cost, language),
                _each(one, one.per_title, language),
                _each(one, one.per_use, language),
            )
            for one in overlap.lists
        ],
    )
    click.echo()
    names = [one.name for one in overlap.lists]
    as_table(
        [terminal.said(N_("both have")), *names],
        [(one, *(overlap.matrix[one, two] for two in names)) for one in names],
    )
    click.echo()
    twice = overlap.paid_twice
    terminal_line = N_("{count} titles are paid for more than once; {all} stand in every list")
    click.echo(terminal.said(terminal_line, count=len(twice), all=overlap.in_all))
    for one in twice[:_MOST]:
        click.echo(f"  {one.payments} × {one.title}: {', '.join(one.lists)}")
    if len(twice) > _MOST:
        terminal.say(N_("… and {count} more; --into titles.csv has all"), count=len(twice) - _MOST)
    for path in written:
        terminal.say(N_("wrote {path}"), path=path)


def _each(one: ListFigures, minor: Fraction | None, language: str) -> str:
    if minor is None or one.cost is None:
        return "–"
    return format_money(Money(round(minor), one.cost.currency), language)
