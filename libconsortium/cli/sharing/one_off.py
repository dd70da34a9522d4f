"""A bill that needs no consortium: policy, members and total from the command line."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

import click

from libconsortium import (
    Bill,
    ImportFileError,
    Message,
    Money,
    Policy,
    Severity,
    SplitError,
    SplitRequest,
    exact,
    read_members,
    split_request,
)
from libconsortium.cli.frame import FILE, N_, Terminal, option

policy_option = option("--policy", type=FILE, help=N_("The policy of a one-off bill."))
report_option = option(
    "--into", type=FILE, help=N_("Write a report too: a file ending in .html or .json.")
)
members_option = option(
    "--members",
    type=FILE,
    help=N_("The members and their figures: CSV, TSV, XLSX, ODS, TOML or JSON."),
)
total_option = option(
    "--total",
    metavar="AMOUNT",
    help=N_("The bill in major units with its currency: '1000000 VND'."),
)


def request_from_files(
    terminal: Terminal, policy: Policy, members: Path, bill: Bill
) -> tuple[SplitRequest, Mapping[str, str]]:
    """Read the members of a one-off bill; return the request and the members' names.

    Raises:
        ImportFileError: A cell or row of the members' table is wrong.
    """
    table = read_members(members, bill.amount.currency)
    terminal.say_problems(table.problems)
    wrong = [problem for problem in table.problems if problem.severity is Severity.ERROR]
    if wrong:
        raise ImportFileError(
            "{path}: {count} cells or rows are wrong; the first: {first}",
            path=members,
            count=len(wrong),
            first=Message("{where}: {what}", where=wrong[0].where, what=wrong[0].what),
        )
    request = split_request(
        bill,
        table.members,
        table.drivers,
        policy,
        last_year=table.last_year,
        standalone=table.standalone,
        strata=table.strata,
        months=table.months,
    )
    return request, table.names


def needs(terminal: Terminal, *, given: bool, sentence: str) -> None:
    """Refuse a command line on which something is missing."""
    if not given:
        raise click.UsageError(terminal.said(sentence))


def part(text: str | None) -> Fraction | None:
    """Read a part (``"5%"``, ``"-0.1"``); nothing stays nothing.

    Raises:
        SplitError: It is 1 or more without a sign: 5 may be meant for 5 %.
    """
    if text is None:
        return None
    read = exact(text)
    if abs(read) >= 1 and "%" not in text:
        raise SplitError('write a part in per cent: "{text}%", got {text}', text=text.strip())
    return read


def part_or_amount(text: str) -> Fraction | Money:
    """Read a part of the bill (``"40%"``) or an amount (``"500000000 VND"``)."""
    return Money.parse(text) if text.strip()[-1:].isalpha() else exact(text)
