"""How long solutions of games take, against coopgame-py and NumPy, and how they grow.

    python -m benchmarks.games [--quick]

Ratios are to what the same run measures; a peer that is not installed is left out. Memory is the
peak of what the computation itself allocates (tracemalloc), in a run of its own.
"""

from __future__ import annotations

import argparse
import time
import tracemalloc
from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from math import factorial
from random import Random
from typing import Any

from libconsortium import (
    PRENUCLEOLUS,
    ByWeight,
    Game,
    Label,
    Listed,
    Maximum,
    Packages,
    Price,
    Scale,
    Solved,
    TierKind,
    Tree,
    solve_centre,
    solve_owen,
    solve_shapley,
    stability,
)

PURPOSE = "speed of Shapley values, nucleoli and stability, against peers"

BANDS = (100, 500, 1000, 5000, 20_000)
"""Students of a library, as offers band them."""


def timed(do: Callable[[], Any]) -> tuple[float, Any]:
    """Return how many seconds something takes, the better of two, and what came out."""
    best, result = float("inf"), None
    for _ in range(2):
        start = time.perf_counter()
        result = do()
        best = min(best, time.perf_counter() - start)
        if best > 1:
            break
    return best, result


def megabytes(do: Callable[[], Any]) -> float:
    """Return the peak of what something allocates."""
    tracemalloc.start()
    do()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1e6


def names(count: int) -> tuple[str, ...]:
    """Return so many players."""
    return tuple(f"{at:05}" for at in range(count))


def tier_game(weights: Sequence[int], kind: TierKind = TierKind.SLAB) -> Game:
    """Return a game of three tiers by weight."""
    whole = sum(weights)
    tiers = [(0, 1000), (whole // 4, 850), (whole // 2, 700)]
    scale = Scale.of_tiers(kind, ((Fraction(above), Fraction(price)) for above, price in tiers))
    price = ByWeight(weights=tuple(map(Fraction, weights)), scale=scale)
    return Game(players=names(len(weights)), price=price)


def listed_game(players: int, seed: int = 1) -> Game:
    """Return a random game given in full."""
    random = Random(seed)
    values = [Fraction(0)]
    values += [Fraction(random.randrange(1000) * m.bit_count()) for m in range(1, 1 << players)]
    price = Listed(values=tuple(values))
    return Game(players=names(players), price=price, is_cost=False)


def numpy_shapley(values: Sequence[float]) -> list[float]:
    """Return the Shapley value in floating point by the formula, one player at a time."""
    import numpy as np

    worth = np.asarray(values)
    players = len(worth).bit_length() - 1
    masks = np.arange(len(worth))
    sizes = np.bitwise_count(masks)
    part = [
        factorial(size) * factorial(players - size - 1) / factorial(players)
        for size in range(players)
    ]
    weights = np.asarray(part)
    shares = []
    for player in range(players):
        without = masks[(masks >> player) & 1 == 0]
        added = worth[without | (1 << player)] - worth[without]
        shares.append(float(np.sum(weights[sizes[without]] * added)))
    return shares


def against_peers(*, quick: bool) -> Iterator[tuple[str, float, str, float]]:
    """Yield what we take and what a peer takes for the same game."""
    for players in (10, 14) if quick else (10, 14, 16, 18):
        game = listed_game(players)
        plain = [float(value) for value in game.price.table()]
        ours, solved = timed(partial(solve_shapley, game))
        theirs, floats = timed(partial(numpy_shapley, plain))
        _near(solved, floats)
        yield f"shapley, {players} players, all coalitions", ours, "numpy 2^n", theirs
        if find_spec("coopgame") is None:
            continue
        coopgame = import_module("coopgame")
        peer = coopgame.Game(plain[1:])
        theirs, _ = timed(partial(coopgame.shapley, peer))
        yield f"shapley, {players} players, all coalitions", ours, "coopgame-py", theirs
        if players <= (14 if quick else 16):
            ours, solved = timed(partial(solve_centre, game, PRENUCLEOLUS))
            theirs, _ = timed(partial(coopgame.prenucleolus, peer))
            yield f"prenucleolus, {players} players, exact", ours, "coopgame-py", theirs


def _near(solved: Solved, floats: Iterable[float]) -> None:
    for share, other in zip(solved.shares.values(), floats, strict=True):
        if abs(float(share.value) - other) > 1e-6 * max(1.0, abs(other)):
            raise AssertionError((float(share.value), other))


def growth(*, quick: bool) -> Iterator[tuple[str, int, Callable[[], Any]]]:
    """Yield what is measured, the number of members and the computation."""
    sizes = (50, 338) if quick else (50, 338, 5000)
    random = Random(7)
    for count in sizes:
        banded = [BANDS[at % 5] for at in range(count)]
        game = tier_game(banded)
        yield "shapley, tiers, 5 bands", count, partial(solve_shapley, game)
    for count in sizes:
        forty = [(1 + random.randrange(40)) * 500 for _ in range(count)]
        game = tier_game(forty)
        yield "shapley, tiers, 40 weights", count, partial(solve_shapley, game)
    for count in sizes:
        game = tier_game([random.randrange(50, 20_000) for _ in range(count)])
        yield "shapley, tiers, any weights", count, partial(solve_shapley, game)
    for count in sizes:
        for name, price in _closed(count, random):
            game = Game(players=names(count), price=price)
            yield f"shapley, {name}", count, partial(solve_shapley, game)
    for count in sizes[:2]:
        banded = [BANDS[at % 5] for at in range(count)]
        game = tier_game(banded, TierKind.MARGINAL)
        yield "nucleolus, tiers, 5 bands", count, partial(solve_centre, game)
    for count in sizes[:2]:
        members = names(count)
        unions = tuple(members[at::10] for at in range(10))
        price = tier_game([random.randrange(50, 20_000) for _ in range(count)]).price
        game = Game(players=members, price=price, unions=unions)
        yield "owen, 10 unions, any weights", count, partial(solve_owen, game)
    yield from _federations(sizes, random)
    for count in sizes[:2]:
        weights = [random.randrange(50, 20_000) for _ in range(count)]
        game = tier_game(weights)
        whole, total = game.whole, sum(weights)
        even = {
            name: whole * weight / total for name, weight in zip(game.players, weights, strict=True)
        }
        yield "stability, tiers, by weight", count, partial(stability, game, even)


def _federations(
    sizes: Sequence[int], random: Random
) -> Iterator[tuple[str, int, Callable[[], Any]]]:
    for count in sizes:
        members = names(count)
        unions = tuple(members[at::10] for at in range(10))
        for name, closed in _closed(count, random):
            game = Game(players=members, price=closed, unions=unions)
            yield f"owen, 10 unions, {name}", count, partial(solve_owen, game)
    for count in sizes:
        needs = tuple(Fraction(random.randrange(10**6)) for _ in range(count))
        game = Game(players=names(count), price=Maximum(needs=needs))
        yield "nucleolus, greatest need", count, partial(solve_centre, game)


def _closed(count: int, random: Random) -> Iterator[tuple[str, Price]]:
    yield (
        "greatest need",
        Maximum(needs=tuple(Fraction(random.randrange(10**6)) for _ in range(count))),
    )
    takers = (tuple(sorted(random.sample(range(count), 20))) for _ in range(count))
    packages = tuple((Fraction(random.randrange(10**6)), found) for found in takers)
    yield "packages", Packages(count=count, packages=packages)
    parents = (-1, *((node - 1) // 3 for node in range(1, count)))
    edges = tuple(Fraction(random.randrange(10**6)) for _ in range(count))
    yield "tree", Tree(parents=parents, edges=edges, homes=tuple(range(count)))


def main(arguments: Iterable[str] | None = None) -> None:
    """Print ratios to peers and the growth tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.games", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes only")
    wanted = parser.parse_args(None if arguments is None else list(arguments))
    print(f"{'game':<44} {'ours s':>9} {'peer':>12} {'peer s':>9} {'ratio':>7}")
    for what, ours, peer, theirs in against_peers(quick=wanted.quick):
        print(f"{what:<44} {ours:>9.4f} {peer:>12} {theirs:>9.4f} {ours / theirs:>7.2f}")
    if find_spec("coopgame") is None:
        print("coopgame-py is not installed: its ratios are left out")
    print()
    print(f"{'computation':<32} {'members':>7} {'seconds':>9} {'MB':>8}  how sure")
    for what, count, do in growth(quick=wanted.quick):
        seconds, result = timed(do)
        room = megabytes(do) if seconds < 2 else float("nan")
        print(f"{what:<32} {count:>7} {seconds:>9.3f} {room:>8.1f}  {_surety(result)}")


def _surety(result: Any) -> str:  # noqa: ANN401 - shares or a stability report
    if not isinstance(result, Solved):
        return f"{result.gain.label}; in the core: {result.in_core}"
    shares = list(result.shares.values())
    worst = max(shares, key=lambda share: list(Label).index(share.label))
    if worst.bound is not None:
        return f"{worst.label} ± {float(max(share.bound or 0 for share in shares)):.1g}"
    if worst.interval is not None:
        wide = sum(share.interval[1] - share.value for share in shares if share.interval)
        whole = sum(abs(share.value) for share in shares)
        return f"{worst.label}, ± {float(wide / whole):.2%} of a share"
    return str(worst.label)


if __name__ == "__main__":
    main()
