"""Random games and slow, plain ways to solve them, to compare with."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import permutations
from math import factorial

from hypothesis import settings
from hypothesis import strategies as st

from libconsortium import (
    Additive,
    AtLeast,
    ByCount,
    ByWeight,
    CountDiscount,
    Maximum,
    Packages,
    Part,
    Price,
    Scale,
    Sum,
    TierKind,
    Tree,
)
from libconsortium.core.games.knapsacks import Kind

ZERO = Fraction(0)
few = settings(max_examples=40, deadline=None)
SMALL = st.integers(0, 12).map(Fraction)
WEIGHTS = st.builds(Fraction, st.integers(0, 9), st.sampled_from([1, 1, 1, 2, 3]))

KINDS = st.lists(
    st.builds(
        Kind,
        weight=st.integers(0, 3),
        value=st.integers(-5, 5),
        count=st.integers(1, 3),
        mark=st.integers(-1, 1),
    ),
    max_size=4,
)


@st.composite
def scales(draw: st.DrawFn) -> Scale:
    """Draw tiers of every kind, some with a minimum spend or as a cover."""
    above = draw(
        st.sets(st.builds(Fraction, st.integers(1, 40), st.sampled_from([1, 2])), max_size=3)
    )
    tiers = [(bound, draw(SMALL)) for bound in [ZERO, *sorted(above)]]
    scale = Scale.of_tiers(draw(st.sampled_from(TierKind)), tiers)
    if draw(st.booleans()):
        scale = scale.at_least(draw(SMALL) * 3)
    return scale.cover() if draw(st.booleans()) else scale


@st.composite
def trees(draw: st.DrawFn, count: int) -> Tree:
    """Draw trees with up to four nodes."""
    nodes = draw(st.integers(1, 4))
    parents = tuple(draw(st.integers(-1, node - 1)) for node in range(nodes))
    edges = tuple(draw(SMALL) for _ in range(nodes))
    homes = tuple(draw(st.integers(0, nodes - 1)) for _ in range(count))
    return Tree(parents=parents, edges=edges, homes=homes)


@st.composite
def packages(draw: st.DrawFn, count: int) -> Packages:
    """Draw packages, some without takers."""
    takers = st.sets(st.integers(0, count - 1)).map(lambda found: tuple(sorted(found)))
    drawn = draw(st.lists(st.tuples(SMALL, takers), max_size=4))
    return Packages(count=count, packages=tuple(drawn))


def simple_prices(count: int) -> st.SearchStrategy[Price]:
    """Draw prices of one structure."""

    def figures(
        of: st.SearchStrategy[Fraction], size: int = count
    ) -> st.SearchStrategy[tuple[Fraction, ...]]:
        return st.lists(of, min_size=size, max_size=size).map(tuple)

    return st.one_of(
        st.builds(Additive, amounts=figures(SMALL)),
        st.builds(ByCount, prices=figures(SMALL).map(lambda prices: (ZERO, *prices))),
        st.builds(CountDiscount, amounts=figures(SMALL), factors=figures(SMALL, count + 1)),
        st.builds(ByWeight, weights=figures(WEIGHTS), scale=scales()),
        packages(count),
        st.builds(Maximum, needs=figures(SMALL)),
        trees(count),
    )


@st.composite
def prices(draw: st.DrawFn, least: int = 1, most: int = 4) -> Price:
    """Draw prices of every structure, sums of them included."""
    count = draw(st.integers(least, most))
    if draw(st.integers(0, 3)):
        return draw(simple_prices(count))
    parts = []
    for _ in range(draw(st.integers(1, 2))):
        members = tuple(sorted(draw(st.sets(st.integers(0, count - 1), min_size=1))))
        parts.append(Part(members=members, price=draw(simple_prices(len(members)))))
    price = Sum(count=count, parts=tuple(parts))
    return AtLeast(price=price, least=draw(SMALL)) if draw(st.booleans()) else price


def by_orders(price: Price) -> list[Fraction]:
    """Return the Shapley value by its definition: the mean over all orders of coming."""
    shares = [ZERO] * price.count
    for order in permutations(range(price.count)):
        costs = [price.of(order[:come]) for come in range(price.count + 1)]
        for come, player in enumerate(order):
            shares[player] += costs[come + 1] - costs[come]
    return [share / factorial(price.count) for share in shares]


def gains(price: Price, shares: Sequence[Fraction]) -> dict[tuple[int, ...], Fraction]:
    """Return what every coalition but nobody and everybody gains by leaving."""
    found = {}
    for mask in range(1, (1 << price.count) - 1):
        coalition = tuple(player for player in range(price.count) if mask >> player & 1)
        found[coalition] = sum((shares[player] for player in coalition), ZERO) - price.of(coalition)
    return found
