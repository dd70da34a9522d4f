"""Games and claims from files, with no consortium set up."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from decimal import ROUND_CEILING, Context, Decimal
from fractions import Fraction
from pathlib import Path
from typing import TypeVar

import click

from libconsortium import (
    ClaimsRule,
    ConsortiumError,
    GameShare,
    GameSolution,
    ImportFileError,
    Label,
    SplitError,
    Stability,
    read_claims,
    read_game,
    read_shares,
)
from libconsortium import stability as stable
from libconsortium.cli.frame import (
    N_,
    Terminal,
    as_json,
    as_table,
    command,
    current,
    json_option,
)
from libconsortium.cli.frame import option as option_

T = TypeVar("T")

_MOST_BYTES = 256 << 20

_FILE = click.Path(dir_okay=False, allow_dash=True, path_type=Path)

_SAID_LATER = (N_("exact"), N_("bounded"), N_("estimated"))


@command(
    help=N_(
        "Share what every coalition costs or is worth, by any solution.\n\n"
        "MODEL is the name of a solution: shapley, weighted-shapley, shapley-shubik, owen,"
        " nucleolus, prenucleolus, per-capita-nucleolus, proportional-nucleolus, least-core,"
        " weak-least-core, proportional-least-core, tau, scrb, ensc, aca, serial, equal,"
        " proportional, or what a plugin gives.\n\n"
        "GAME is a JSON file (- for standard input). It says what every coalition costs, or is"
        " worth:\n\n"
        '  {"players": ["A", "B"], "cost": {"A": 1, "B": 2, "A,B": 2.5}}\n'
        '  {"players": ["A", "B"], "worth": [[["A"], 1], [["B"], 2], [["A", "B"], 4]]}\n\n'
        "or gives weights and a supplier's tariff, of which every coalition's price follows; or a"
        " quota, for a vote:\n\n"
        '  {"weights": {"A": 900, "B": 400},\n'
        '   "tariff": {"kind": "slab", "tiers": [[0, 10], [1000, 8]]}}\n'
        '  {"weights": {"A": 50, "B": 49, "C": 1}, "quota": 51}\n\n'
        "A tariff may have fixed, per_member, tiers (kind: slab, marginal or total), packages,"
        " needs, tree, amounts, minimum_spend; what it has is added up. For owen there are"
        ' "unions": [["A", "B"], ["C"]], for serial "demands": {"A": 1, "B": 2} with "cost":'
        ' "q^2" or a tariff, for weighted-shapley "weights".\n\n'
        'Numbers are read exactly; fractions are written in quotes: "1/3". Every share says'
        " whether it is exact, bounded or estimated."
    ),
    examples=(
        "libconsortium game shapley game.json",
        "libconsortium game nucleolus game.json --json",
    ),
)
@click.argument("model")
@click.argument("game_file", metavar="GAME", type=_FILE)
@json_option
@current
def game(terminal: Terminal, model: str, game_file: Path, *, json_: bool) -> None:
    """Solve a game."""
    solution = terminal.registry().find(GameSolution, model)
    read = _read(game_file, read_game)
    solved = _about(game_file, lambda: solution.solve(read))
    if json_:
        epsilon = {} if solved.epsilon is None else {"epsilon": plain(solved.epsilon)}
        as_json(
            {
                "model": solution.name,
                "shares": {player: share_row(share) for player, share in solved.shares.items()},
                **epsilon,
                "method": str(solved.method),
                "notes": [str(note) for note in solved.notes],
            }
        )
        return
    _show(terminal, solved.shares)
    terminal.say(N_("by: {method}"), method=terminal.said(solved.method))
    for note in solved.notes:
        terminal.say(note)


@command(
    help=N_(
        "Say whether anybody would be better off leaving.\n\n"
        "GAME is written as for 'libconsortium game'. Looks for the coalition that gains most by"
        " leaving at given shares, for who pays more than alone, and for the least core's ε: the"
        " least that the worst coalition can be made to gain by any shares. An empty core is an"
        " answer, not an error."
    ),
    examples=("libconsortium stability game.json --shares shares.json",),
)
@click.argument("game_file", metavar="GAME", type=_FILE)
@option_(
    "--shares",
    "shares_file",
    type=_FILE,
    required=True,
    help=N_(
        "A JSON file with a figure for every player, or what the command 'game' answered."
        ' {"A": 1, "B": "5/4"}'
    ),
)
@json_option
@current
def stability(terminal: Terminal, game_file: Path, *, shares_file: Path, json_: bool) -> None:
    """Look for coalitions that would leave."""
    read = _read(game_file, read_game)
    shares = _read(shares_file, read_shares)
    found = _about(game_file, lambda: stable(read, shares))
    if json_:
        as_json(_stability_row(found))
    else:
        _show_stability(terminal, found, is_cost=read.is_cost)


def _stability_row(found: Stability) -> dict[str, object]:
    return {
        "in_core": found.in_core,
        "worst_coalition": list(found.coalition),
        "gain": share_row(found.gain),
        "least_core_epsilon": share_row(found.least_core),
        "core_is_empty": _is_empty(found.least_core),
        "worse_than_alone": [
            {"player": one.player, "share": plain(one.share), "alone": plain(one.alone)}
            for one in found.overcharged
        ],
        "missing_to_the_whole": plain(found.rest),
        "notes": [str(note) for note in found.notes],
    }


def _show_stability(terminal: Terminal, found: Stability, *, is_cost: bool) -> None:
    said = {True: N_("yes"), False: N_("no"), None: N_("not known")}
    rows = [
        (terminal.said(N_("in the core")), terminal.said(said[found.in_core])),
        (terminal.said(N_("worst coalition")), ", ".join(found.coalition) or "–"),
        (terminal.said(N_("its gain by leaving")), _in_words(terminal, found.gain)),
        (terminal.said(N_("least-core ε")), _in_words(terminal, found.least_core)),
        (terminal.said(N_("the core is empty")), terminal.said(said[_is_empty(found.least_core)])),
    ]
    as_table((terminal.said(N_("question")), terminal.said(N_("answer"))), rows)
    for one in found.overcharged:
        text = N_("{player} pays {share}; alone it would be {alone}")
        if not is_cost:
            text = N_("{player} gets {share}; alone it would be {alone}")
        terminal.say(text, player=one.player, share=plain(one.share), alone=plain(one.alone))
    for note in found.notes:
        terminal.say(note)


@command(
    help=N_(
        "Divide an estate among claims that exceed it.\n\n"
        "RULE is proportional, cea, cel, talmud, random-arrival, adjusted-proportional, piniles,"
        " minimal-overlap, alpha-min, or what a plugin gives. CLAIMS is a JSON file (- for standard"
        " input):\n\n"
        '  {"estate": 100, "claims": {"x": 100, "y": 200, "z": 300}}\n\n'
        'Numbers are read exactly; fractions are written in quotes: "1/3".'
    ),
    examples=("libconsortium claims talmud claims.json",),
)
@click.argument("rule")
@click.argument("claims_file", metavar="CLAIMS", type=_FILE)
@json_option
@current
def claims(terminal: Terminal, rule: str, claims_file: Path, *, json_: bool) -> None:
    """Divide an estate."""
    chosen = terminal.registry().find(ClaimsRule, rule)
    estate, asked = _read(claims_file, read_claims)
    awards = _about(claims_file, lambda: chosen.divide(estate, asked))
    shares = {name: GameShare(value=award) for name, award in awards.items()}
    if json_:
        rows = {name: share_row(share) for name, share in shares.items()}
        as_json({"rule": chosen.name, "model": chosen.name, "shares": rows, "notes": []})
        return
    _show(terminal, shares)


def share_row(share: GameShare) -> dict[str, object]:
    """Return a share as a program reads it.

    >>> share_row(GameShare(value=Fraction(5, 4)))
    {'value': '5/4', 'label': 'exact'}
    """
    if share.label is Label.EXACT:
        return {"value": plain(share.value), "label": share.label.value}
    row: dict[str, object] = {"value": float(share.value), "label": share.label.value}
    if share.interval is not None:
        row["interval"] = [float(end) for end in share.interval]
    else:
        row["bound"] = _upwards(share.bound or Fraction(0), share.value)
    return row


def _upwards(bound: Fraction, value: Fraction) -> float:
    """Return a bound that also covers what is lost by writing the value as a decimal."""
    whole = bound + abs(Fraction(float(value)) - value)
    upwards = Context(prec=3, rounding=ROUND_CEILING)
    return float(upwards.divide(Decimal(whole.numerator), Decimal(whole.denominator)))


def plain(number: Fraction) -> int | str:
    """Return a whole number as it is and any other as ``p/q``.

    >>> plain(Fraction(4)), plain(Fraction(5, 4))
    (4, '5/4')
    """
    return number.numerator if number.denominator == 1 else str(number)


def _is_empty(epsilon: GameShare) -> bool | None:
    bound = epsilon.bound or Fraction(0)
    if epsilon.value - bound > 0:
        return True
    return False if epsilon.value + bound <= 0 else None


def _show(terminal: Terminal, shares: Mapping[str, GameShare]) -> None:
    if shares:
        headings = (N_("player"), N_("share"), N_("as a decimal"), N_("how sure"))
        as_table(
            [terminal.said(heading) for heading in headings],
            [
                (
                    player,
                    str(plain(share.value)) if share.label is Label.EXACT else "–",
                    _decimal(share.value),
                    _how_sure(terminal, share),
                )
                for player, share in shares.items()
            ],
        )


def _in_words(terminal: Terminal, share: GameShare) -> str:
    number = str(plain(share.value)) if share.label is Label.EXACT else _decimal(share.value)
    return f"{number} ({_how_sure(terminal, share)})"


def _how_sure(terminal: Terminal, share: GameShare) -> str:
    label = terminal.said(share.label.value)
    if share.interval is not None:
        return f"{label}: {_decimal(share.interval[0])} … {_decimal(share.interval[1])}"
    return label if share.bound is None else f"{label}: ± {_upwards(share.bound, share.value):.2g}"


def _decimal(number: Fraction) -> str:
    shown = f"{float(number):.6f}".rstrip("0").rstrip(".")
    return "0" if shown == "-0" else shown


def _read(path: Path, reader: Callable[[str], T]) -> T:
    try:
        if str(path) == "-":
            content = sys.stdin.buffer.read(_MOST_BYTES + 1)
        else:
            with path.open("rb") as file:
                content = file.read(_MOST_BYTES + 1)
        text = content.decode(json.detect_encoding(content)).removeprefix("\ufeff")
    except OSError as error:
        raise ImportFileError(
            "cannot read {path}: {reason}", path=path, reason=error.strerror or error
        ) from error
    except UnicodeDecodeError as error:
        raise ImportFileError("cannot read {path}: it is not UTF-8", path=path) from error
    if len(content) > _MOST_BYTES:
        raise ImportFileError("{path} is larger than {most} bytes", path=path, most=_MOST_BYTES)
    return _about(path, lambda: reader(text))


def _about(path: Path, do: Callable[[], T]) -> T:
    """Do something about a file; an error names the file."""
    try:
        return do()
    except ConsortiumError as error:
        kind: type[ConsortiumError] = (
            ImportFileError if isinstance(error, ImportFileError) else SplitError
        )
        raise kind("{path}: {reason}", path=path, reason=error.message) from error
