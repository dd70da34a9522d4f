"""Reads games, claims and shares from JSON, every number exactly."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from math import lcm
from typing import Any, NoReturn

from libconsortium.core.buying.scales import Piece, Scale
from libconsortium.core.errors import ImportFileError, SplitError
from libconsortium.core.games.games import (
    MOST_LISTED,
    ZERO,
    Game,
    Listed,
    Polynomial,
    Price,
    check_players,
    mask_of,
)
from libconsortium.core.games.structured_games import Additive, ByWeight
from libconsortium.files.exact_texts import exact_number, polynomial
from libconsortium.files.tariff_tables import tariff_price, tiers_scale

_VALUES = ("cost", "worth", "tariff", "quota")
_WORDS = (*_VALUES, "players", "weights", "unions", "demands", "benefits", "technology", "notes")
_REMARKS = frozenset({"name", "title", "note", "description", "comment", "source", "schema"})
"""Words that may stand in a file and mean nothing to us."""
_CLAIMS = '{"estate": 100, "claims": {"x": 100, "y": 200}}'

Pairs = list[tuple[str, Any]]  # Any: whatever JSON holds


class _Table(dict[str, Any]):
    """A JSON object that remembers what was written twice."""

    pairs: Pairs


def read_game(text: str) -> Game:
    r"""Read a game.

    Args:
        text: A JSON object with ``players`` and ``cost`` or ``worth`` (the value of every
            coalition: ``{"A": 1, "A,B": 2.5}`` or ``[["A", "B"], 2.5]``), or with ``tariff`` (see
            ``tariff_price``) and ``weights``, or with ``weights`` and ``quota`` (a vote). Besides:
            ``unions``, ``demands`` (with ``cost`` as a polynomial of q, or a tariff with tiers),
            ``benefits``.

    Raises:
        ImportFileError: The text is not JSON.
        SplitError: Something is missing, unknown, contradictory or no exact number; the message
            names it.

    >>> read_game('{"players": ["A", "B"], "cost": {"A": 1, "B": 2, "B,A": 2.5}}').whole
    Fraction(5, 2)
    """
    table = _object(text)
    for word in sorted(table.keys() - set(_WORDS) - _REMARKS):
        raise SplitError(
            "the game has an unknown word {word!r}; it may have: {known}",
            word=word,
            known=", ".join(sorted(_WORDS)),
        )
    weights = _figures(table, "weights")
    demands = _figures(table, "demands")
    players = _players(table, weights, demands)
    check_players(players)
    technology = _technology(table, demands)
    is_cost = "worth" not in table and "quota" not in table
    return Game(
        players=players,
        price=_price(table, players, weights, technology),
        is_cost=is_cost,
        weights=weights,
        unions=_unions(table),
        demands=demands,
        technology=technology,
        benefits=_figures(table, "benefits"),
    )


def read_claims(text: str) -> tuple[Fraction, dict[str, Fraction]]:
    """Read an estate and the claims on it.

    >>> read_claims('{"estate": 100, "claims": {"x": 100, "y": "200"}}')[1]["y"]
    Fraction(200, 1)
    """
    table = _object(text)
    if "estate" not in table or not isinstance(table.get("claims"), dict):
        raise SplitError(
            "claims are written {example}",
            example='{"estate": 100, "claims": {"x": 100, "y": 200}}',
        )
    claims = _figures(table, "claims")
    if not claims:
        raise SplitError("there are no claims")
    return exact_number(table["estate"], "estate"), claims


def read_shares(text: str) -> dict[str, Fraction]:
    """Read shares by player: plain figures, or what the command ``game`` answers.

    >>> read_shares('{"A": 1, "B": "5/4"}')["B"]
    Fraction(5, 4)
    >>> read_shares('{"shares": {"A": {"value": "5/4", "label": "exact"}}}')["A"]
    Fraction(5, 4)
    """
    table = _object(text)
    given = table["shares"] if isinstance(table.get("shares"), dict) else table
    if not given:
        raise SplitError("there are no shares")
    _refuse_twice(given, "shares")
    return {
        player: exact_number(share.get("value") if isinstance(share, dict) else share, player)
        for player, share in given.items()
    }


def _object(text: str) -> _Table:
    try:
        read = json.loads(
            text,
            parse_float=Decimal,
            parse_constant=_not_a_number,
            object_pairs_hook=_kept,
        )
    except (ValueError, RecursionError) as error:
        raise ImportFileError("this is not JSON: {error}", error=error) from error
    if not isinstance(read, _Table):
        raise ImportFileError("expected one JSON object, got {kind}", kind=type(read).__name__)
    return read


def _not_a_number(text: str) -> NoReturn:
    raise ValueError(text)


def _kept(pairs: Pairs) -> _Table:
    table = _Table(pairs)
    table.pairs = pairs
    return table


def _refuse_twice(table: Mapping[str, Any], field: str) -> None:
    if isinstance(table, _Table) and len(table.pairs) != len(table):
        names = [name for name, _ in table.pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise SplitError("{name!r} stands twice in {field!r}", name=twice, field=field)


def _figures(table: Mapping[str, Any], field: str) -> dict[str, Fraction]:
    given = table.get(field, {})
    if not isinstance(given, dict):
        raise SplitError("{field!r} must be a table of names", field=field)
    _refuse_twice(given, field)
    return {name: exact_number(number, f"{field}.{name}") for name, number in given.items()}


def _players(
    table: Mapping[str, Any], weights: Mapping[str, Fraction], demands: Mapping[str, Fraction]
) -> tuple[str, ...]:
    if "players" in table:
        return tuple(_name(player) for player in _list(table["players"], "players"))
    if weights or demands:
        return tuple(weights or demands)
    raise SplitError('the game has no players; write "players": ["A", "B"]')


def _name(given: object) -> str:
    if type(given) is int:
        return str(given)
    if not isinstance(given, str) or not given.strip():
        raise SplitError("a player's name is a text, got {given!r}", given=given)
    return given.strip()


def _list(given: object, field: str) -> Sequence[Any]:
    if not isinstance(given, list):
        raise SplitError("{field!r} must be a list", field=field)
    return given


def _unions(table: Mapping[str, Any]) -> tuple[tuple[str, ...], ...]:
    given = table.get("unions", [])
    unions = list(given.values()) if isinstance(given, dict) else _list(given, "unions")
    return tuple(tuple(_name(one) for one in _list(union, "unions")) for union in unions)


def _technology(
    table: Mapping[str, Any], demands: Mapping[str, Fraction]
) -> Scale | Polynomial | None:
    given = table.get("technology", table.get("cost") if demands else None)
    if isinstance(given, str):
        return polynomial(given)
    tariff = table.get("tariff")
    if demands and isinstance(tariff, dict) and "tiers" in tariff:
        return tiers_scale(tariff)
    return None


def _price(
    table: Mapping[str, Any],
    players: Sequence[str],
    weights: Mapping[str, Fraction],
    technology: Scale | Polynomial | None,
) -> Price:
    ways = [word for word in _VALUES if word in table]
    if len(ways) != 1 and not (technology is not None and not ways):
        raise SplitError(
            "a game has one of cost, worth, tariff and quota, this one has: {ways}",
            ways=", ".join(ways) or "-",
        )
    if isinstance(table.get("cost"), str) or not ways:
        return Additive(amounts=(ZERO,) * len(players))  # serial shares look at demands only
    if "quota" in table:
        return _vote(players, weights, exact_number(table["quota"], "quota"))
    if "tariff" in table:
        if not isinstance(table["tariff"], dict):
            raise SplitError("{field!r} must be a table of names", field="tariff")
        return tariff_price(table["tariff"], players, weights or _figures(table, "demands"))
    return _listed(table[ways[0]], players, ways[0])


def _vote(players: Sequence[str], weights: Mapping[str, Fraction], quota: Fraction) -> Price:
    for player in players:
        if player not in weights:
            raise SplitError(
                "the player {player!r} has no figure in {field!r}", player=player, field="weights"
            )
    if not 0 < quota <= sum(weights.values()):
        raise SplitError(
            "the quota {quota} lies above zero and not above all weights together", quota=quota
        )
    # A coalition wins from the quota on: the last weight below it still loses.
    unit = lcm(quota.denominator, *(weight.denominator for weight in weights.values()))
    last = Fraction(-(-quota * unit // 1) - 1, unit)
    lose = [Piece(ZERO, ZERO, ZERO)] if last else []
    scale = Scale(pieces=(*lose, Piece(last, Fraction(1), ZERO)))
    return ByWeight(weights=tuple(weights[player] for player in players), scale=scale)


def _listed(given: object, players: Sequence[str], field: str) -> Listed:
    places = {player: at for at, player in enumerate(players)}
    values: dict[int, Fraction] = {}
    for names, number in _coalitions(given, places, field):
        shown = ",".join(names)
        for name in names:
            if name not in places:
                raise SplitError(
                    "{name!r} in the coalition {coalition!r} is not a player; the players are:"
                    " {known}",
                    name=name,
                    coalition=shown,
                    known=", ".join(players[:20]),
                )
        if len(set(names)) != len(names):
            raise SplitError("a player stands twice in the coalition {name!r}", name=shown)
        mask, value = mask_of(places[name] for name in names), exact_number(number, shown)
        if values.setdefault(mask, value) != value:
            raise SplitError(
                "the coalition {name!r} has two values: {one} and {other}",
                name=shown,
                one=values[mask],
                other=value,
            )
    _refuse_missing(values, players)
    values.setdefault(0, ZERO)
    return Listed(values=tuple(values[mask] for mask in range(1 << len(players))))


def _coalitions(
    given: object, places: Mapping[str, int], field: str
) -> Iterator[tuple[tuple[str, ...], object]]:
    if isinstance(given, _Table):
        for key, number in given.pairs:
            whole = key in places and "," in key
            yield (key,) if whole else _split(key), number
        return
    for entry in _list(given, field):
        if not isinstance(entry, list) or len(entry) != 2:  # noqa: PLR2004 - a pair
            raise SplitError('a coalition is written [["A", "B"], 2.5], got {entry!r}', entry=entry)
        names, number = entry
        if isinstance(names, str):
            yield (names,) if names in places else _split(names), number
        else:
            yield tuple(_name(name) for name in _list(names, field)), number


def _split(key: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in key.split(",")) if key.strip() else ()


def _refuse_missing(values: Mapping[int, Fraction], players: Sequence[str]) -> None:
    if len(values) - (0 in values) == (1 << len(players)) - 1:
        return
    for size in range(1, len(players) + 1):
        for coalition in combinations(range(len(players)), size):
            if mask_of(coalition) not in values:
                raise SplitError(
                    "the coalition {name!r} has no value; a game of {count} players needs one for"
                    " each of its {all} coalitions",
                    name=",".join(players[at] for at in coalition),
                    count=len(players),
                    all=(1 << len(players)) - 1 if len(players) <= MOST_LISTED else "2^n - 1",
                )
