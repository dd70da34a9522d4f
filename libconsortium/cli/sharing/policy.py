"""Policies by themselves: checked, and read aloud."""

from __future__ import annotations

from pathlib import Path

import click

from libconsortium import check_policy, policy_sentences, read_policy, say
from libconsortium.cli.frame import (
    FILE,
    N_,
    Terminal,
    as_json,
    command,
    current,
    group,
    json_option,
    problem_row,
)


@group(help=N_("Policy files: check one, or have it read aloud."))
def policy() -> None:
    """Gather the commands about policies."""


@command(
    help=N_(
        "Check a policy file: names, weights, bands, groups, limits.\n\n"
        "Every problem names file, line and field, with the nearest name where one is misspelt."
        " The exit code is 0 when nothing is wrong, 1 when something is."
    ),
    examples=(
        "libconsortium policy check policy.toml",
        "libconsortium policy check policy.toml --json",
    ),
)
@click.argument("file", type=FILE)
@json_option
@current
def check(terminal: Terminal, file: Path, *, json_: bool) -> int:
    """Check one policy file."""
    problems = check_policy(file, terminal.registry())
    if json_:
        as_json(
            {
                "file": str(file),
                "ok": not problems,
                "problems": [
                    {**problem_row(problem), "line": problem.where.line} for problem in problems
                ],
            }
        )
    elif problems:
        terminal.say_problems(problems)
    else:
        terminal.say(N_("{file}: nothing is wrong"), file=file)
    return 1 if problems else 0


@command(
    help=N_(
        "Read a policy file aloud: one sentence a rule, in the order in which a bill is divided."
    ),
    examples=(
        "libconsortium policy show policy.toml",
        "libconsortium --lang vi policy show policy.toml",
    ),
)
@click.argument("file", type=FILE)
@json_option
@current
def show(terminal: Terminal, file: Path, *, json_: bool) -> None:
    """Read one policy aloud."""
    sentences = policy_sentences(read_policy(file, terminal.registry()))
    said = [_capital(say(sentence, terminal.language)) for sentence in sentences]
    if json_:
        as_json({"file": str(file), "language": terminal.language, "sentences": said})
    else:
        click.echo("\n".join(said))


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


policy.add_command(check)
policy.add_command(show)
