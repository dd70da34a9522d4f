"""Reports held against themselves, against each other, and amounts in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import click

from libconsortium import (
    Figure,
    Finding,
    Message,
    Money,
    Reading,
    Severity,
    amount_in_words,
    decimal_text,
    format_number,
    read_report_file,
)
from libconsortium import reconcile as reconciled
from libconsortium.cli.frame import (
    FILE_HERE,
    N_,
    Terminal,
    as_json,
    as_table,
    command,
    current,
    json_option,
    option,
)


@command(
    help=N_(
        "Check the figures of reports before they are signed.\n\n"
        "Reads texts (TXT, Markdown) and tables (CSV, XLSX, ODS) in Vietnamese or English: do the"
        " totals add up, do ratios and percentages agree with the money beside them, is money of"
        " two years counted in one? Several reports are also held against each other. Exit code 1"
        " if a figure must be wrong."
    ),
    examples=(
        "libconsortium reconcile report.md",
        "libconsortium reconcile report-2019.txt report-2020.txt --json",
    ),
)
@click.argument(
    "files",
    nargs=-1,
    required=True,
    metavar="FILE...",
    type=FILE_HERE,
)
@option("--amounts", is_flag=True, help=N_("List every figure that was read, too."))
@json_option
@current
@click.pass_context
def reconcile(
    ctx: click.Context,
    terminal: Terminal,
    files: tuple[Path, ...],
    *,
    amounts: bool,
    json_: bool,
) -> None:
    """Check reports."""
    registry = terminal.registry()
    read = [read_report_file(path, registry) for path in files]
    readings = [reading for reading, _ in read]
    terminal.say_problems([problem for _, problems in read for problem in problems])
    findings = reconciled(readings)
    if json_:
        answer: dict[str, object] = {"findings": [_finding_row(one) for one in findings]}
        if amounts:
            answer["amounts"] = _amount_rows(readings)
        as_json(answer)
    else:
        _show(terminal, readings, findings, amounts=amounts)
    if any(finding.severity is Severity.ERROR for finding in findings):
        ctx.exit(1)


def _show(
    terminal: Terminal,
    readings: Sequence[Reading],
    findings: Sequence[Finding],
    *,
    amounts: bool,
) -> None:
    if amounts:
        rows = _amount_rows(readings)
        headings = [
            terminal.said(text) for text in (N_("Where"), N_("Figure"), N_("Unit"), N_("What"))
        ]
        as_table(
            headings, [[row["where"], row["written"], row["unit"], row["label"]] for row in rows]
        )
        click.echo()
    for finding in findings:
        click.echo(
            f"{finding.where}: {terminal.said(finding.severity.value)}: {finding.code}:"
            f" {_sentence(terminal, finding.what)}"
        )
        if finding.difference:
            click.echo(
                "    "
                + terminal.said(
                    N_("stated {stated}, computed {computed}, difference {difference}"),
                    stated=_number(terminal, finding.stated),
                    computed=_number(terminal, finding.computed),
                    difference=_number(terminal, finding.difference),
                )
            )
        if finding.cause.template:
            click.echo(f"    → {_sentence(terminal, finding.cause)}")
    errors = sum(finding.severity is Severity.ERROR for finding in findings)
    terminal.say(
        N_("{figures} figures read, {findings} findings, {errors} of them errors"),
        figures=sum(len(reading.figures) for reading in readings),
        findings=len(findings),
        errors=errors,
    )


def _sentence(terminal: Terminal, message: Message) -> str:
    """Return a sentence with its numbers written as the readers of the language expect them."""
    values = {
        name: format_number(Fraction(value), terminal.language)
        if isinstance(value, int | Decimal)
        else value
        for name, value in message.values
    }
    return terminal.said(Message(message.template, **values))


def _number(terminal: Terminal, number: Fraction | None) -> str:
    return "-" if number is None else format_number(number, terminal.language)


def _finding_row(finding: Finding) -> dict[str, object]:
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "where": str(finding.where),
        "document": finding.where.source,
        "line": finding.where.line,
        "what": str(finding.what),
        "stated": _exactly(finding.stated),
        "computed": _exactly(finding.computed),
        "difference": _exactly(finding.difference),
        "unit": finding.unit,
        "cause": str(finding.cause),
        "figures": [_figure_row(figure) for figure in finding.figures],
    }


def _exactly(number: Fraction | None) -> int | str | None:
    """Return a whole number as such and every other one as an exact text."""
    if number is None:
        return None
    return number.numerator if number.denominator == 1 else decimal_text(number)


def _figure_row(figure: Figure) -> dict[str, object]:
    quantity = figure.quantity
    return {
        "where": str(figure.where),
        "document": figure.where.source,
        "line": figure.where.line,
        "written": figure.written,
        "value": _exactly(quantity.number),
        "upper": _exactly(quantity.upper),
        "qualifier": quantity.qualifier.value,
        "unit": figure.unit,
        "label": figure.label,
        "role": figure.role.value,
        "period": str(figure.period) if figure.period else "",
    }


def _amount_rows(readings: Sequence[Reading]) -> list[dict[str, object]]:
    rows = [_figure_row(figure) for reading in readings for figure in reading.figures]
    for reading in readings:
        rows += [
            {
                "where": str(ratio.where),
                "document": ratio.where.source,
                "line": ratio.where.line,
                "written": f"{ratio.part}/{ratio.whole}",
                "value": f"{ratio.part}/{ratio.whole}",
                "upper": None,
                "qualifier": "",
                "unit": ratio.unit,
                "label": "",
                "role": "ratio",
                "period": "",
            }
            for ratio in reading.ratios
        ]
    return rows


@command(
    help=N_(
        "Write an amount in words, as vouchers want it.\n\n"
        "The language is that of the messages (--lang before the command). Vietnamese has several"
        " spellings: --spelling zero-ten=linh, thousand=ngàn, billion=tỉ, four=bốn, ending=chẵn."
    ),
    examples=(
        'libconsortium --lang vi in-words "101250000 VND"',
        'libconsortium --lang vi in-words "101250000 VND" --spelling thousand=ngàn',
    ),
)
@click.argument("amount")
@option(
    "--spelling",
    multiple=True,
    metavar="NAME=WORD",
    help=N_("Choose another spelling; may be given several times."),
)
@json_option
@current
def in_words(terminal: Terminal, amount: str, *, spelling: tuple[str, ...], json_: bool) -> None:
    """Write an amount in words."""
    choices: Mapping[str, str] = {
        name: word for name, _, word in (one.partition("=") for one in spelling)
    }
    money = Money.parse(amount)
    said = amount_in_words(money, terminal.language, terminal.registry(), choices=choices)
    if json_:
        as_json({"amount": str(money), "language": terminal.language, "words": said})
    else:
        click.echo(said)
