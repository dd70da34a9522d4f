"""Reads a vendor's tariff from plain tables, as game files and policies write it, into a game."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import get_close_matches
from fractions import Fraction
from typing import Any

import attrs

from libconsortium.core.buying.offers import TierKind
from libconsortium.core.buying.scales import Scale
from libconsortium.core.errors import SplitError
from libconsortium.core.games.composed_games import AtLeast, Part, Sum
from libconsortium.core.games.games import ZERO, Price
from libconsortium.core.games.structured_games import (
    Additive,
    ByCount,
    ByWeight,
    CountDiscount,
    Maximum,
    Packages,
    Tree,
)
from libconsortium.files.exact_texts import exact_number

_WORDS = (
    "pricing",
    "kind",
    "tier_kind",
    "tiers",
    "fixed",
    "per_member",
    "packages",
    "needs",
    "tree",
    "amounts",
    "discounts",
    "minimum_spend",
    "cover",
)
_PRICES = ("price", "factor")
_PRICINGS = ("fixed", "per-member", "count-tiers", "weight-tiers", "packages")


def tariff_price(
    table: Mapping[str, object], players: Sequence[str], weights: Mapping[str, Fraction]
) -> Price:
    """Return what every set of players would pay by a tariff; all that it names is added up.

    Args:
        table: ``fixed`` (once for all), ``per_member``, ``tiers`` with their ``kind`` (``slab``,
            ``marginal``, ``total``) by number of players or, with weights, by total weight,
            ``packages`` with their takers, ``needs`` (the greatest one counts), ``tree`` (nodes
            with ``parent``, ``price`` and ``members``), ``amounts`` (list prices, multiplied by
            ``discounts`` for numbers of players), ``minimum_spend``; ``cover`` lets buyers buy more
            than they need where that is cheaper.
        players: The players.
        weights: Their weights for tiers; empty for tiers by number.

    Raises:
        SplitError: Something in the table is missing, unknown or wrong; the message names it.

    >>> table = {"tiers": [{"above": 0, "price": 5}, {"above": 10, "price": 4}], "kind": "slab"}
    >>> tariff_price(table, ["a", "b"], {"a": Fraction(6), "b": Fraction(6)}).of([0, 1])
    Fraction(48, 1)
    """
    return _Reader(table, players, weights).price()


def tiers_scale(table: Mapping[str, object]) -> Scale:
    """Return what each size costs by the tiers of a tariff."""
    return _Reader(table, (), {}).scale()


@attrs.frozen
class _Reader:
    table: Mapping[str, object]
    players: Sequence[str]
    weights: Mapping[str, Fraction]

    def __attrs_post_init__(self) -> None:
        for word in self.table:
            if word.replace("-", "_") not in _WORDS:
                near = get_close_matches(word, _WORDS, n=1)
                raise SplitError(
                    "the tariff has an unknown word {word!r}; it may have: {known}",
                    word=word,
                    known=near[0] if near else ", ".join(_WORDS),
                )

    def price(self) -> Price:
        """Return the sum of everything the tariff names."""
        prices = [made for word, make in _PARTS.items() if self._has(word) for made in [make(self)]]
        by_count = [price.prices for price in prices if isinstance(price, ByCount)]
        others = [price for price in prices if not isinstance(price, ByCount)]
        if by_count:
            others.insert(0, ByCount(prices=tuple(map(_sum, zip(*by_count, strict=True)))))
        if not others:
            raise SplitError(
                "the tariff says no price; it may have: {known}", known=", ".join(_WORDS)
            )
        return self._at_least(self._together(others))

    def _together(self, prices: Sequence[Price]) -> Price:
        if len(prices) == 1:
            return prices[0]
        everybody = tuple(range(len(self.players)))
        parts = tuple(Part(members=everybody, price=price) for price in prices)
        return Sum(count=len(everybody), parts=parts)

    def _at_least(self, price: Price) -> Price:
        if not self._has("minimum_spend"):
            return price
        least = exact_number(self._get("minimum_spend"), "minimum_spend")
        if isinstance(price, ByWeight):
            return attrs.evolve(price, scale=price.scale.at_least(least))
        if isinstance(price, ByCount):
            return ByCount(prices=(ZERO, *(max(one, least) for one in price.prices[1:])))
        return AtLeast(price=price, least=least)

    def fixed(self) -> Price:
        """Read a price once for all."""
        once = exact_number(self._get("fixed"), "fixed")
        return ByCount(prices=(ZERO, *[once] * len(self.players)))

    def per_member(self) -> Price:
        """Read a price for each player, the same for all or by name."""
        given = self._get("per_member")
        if isinstance(given, Mapping):
            return Additive(amounts=self._by_player(given, "per_member"))
        each = exact_number(given, "per_member")
        return ByCount(prices=tuple(each * count for count in range(len(self.players) + 1)))

    def tiers(self) -> Price:
        """Read tiers by weight or by number."""
        scale = self.scale()
        pricing = str(self.table.get("pricing", "weight-tiers" if self.weights else "count-tiers"))
        if pricing.replace("_", "-") not in _PRICINGS:
            raise SplitError(
                "the tariff's pricing is {pricing!r}; there are: {known}",
                pricing=pricing,
                known=", ".join(_PRICINGS),
            )
        if pricing.replace("_", "-") == "weight-tiers":
            weights = self._by_player(self.weights, "weights")
            return ByWeight(weights=weights, scale=scale)
        counts = range(len(self.players) + 1)
        return ByCount(prices=tuple(scale.at(Fraction(count)) for count in counts))

    def scale(self) -> Scale:
        """Read what each size costs."""
        kind = str(self.table.get("kind", self.table.get("tier_kind", TierKind.SLAB.value)))
        kind = kind.casefold()
        if kind not in list(TierKind):
            raise SplitError(
                "the tariff's kind of tiers is {kind!r}; there are: {known}",
                kind=kind,
                known=", ".join(TierKind),
            )
        scale = Scale.of_tiers(TierKind(kind), [*_pairs(self._get("tiers"), "tiers", "above")])
        return scale.cover() if self.table.get("cover") is True else scale

    def packages(self) -> Price:
        """Read packages with their takers."""
        return Packages(count=len(self.players), packages=tuple(self._packages()))

    def _packages(self) -> Iterable[tuple[Fraction, tuple[int, ...]]]:
        given = self._get("packages")
        if not isinstance(given, Mapping):
            given = {str(at): package for at, package in enumerate(_list(given))}
        for name, package in given.items():
            table = _mapping(package, f"packages.{name}")
            price = next((table[word] for word in ("price", "cost") if word in table), None)
            takers = next((table[word] for word in ("takers", "holders") if word in table), ())
            places = self._places(_list(takers), f"packages.{name}")
            # What nobody takes, nobody pays.
            yield exact_number(price, f"packages.{name}.price"), places

    def needs(self) -> Price:
        """Read needs of which the greatest counts."""
        needs = _mapping(self._get("needs"), "needs")
        return Maximum(needs=self._by_player(needs, "needs"))

    def tree(self) -> Price:
        """Read a tree of nodes."""
        nodes = _mapping(self._get("tree"), "tree")
        order = _parents_first(nodes)
        places = {name: at for at, name in enumerate(order)}
        tables = [_mapping(nodes[name], f"tree.{name}") for name in order]
        homes = [-1] * len(self.players)
        for at, table in enumerate(tables):
            for place in self._places(_list(table.get("members", ())), f"tree.{order[at]}"):
                homes[place] = at
        for player, home in zip(self.players, homes, strict=True):
            if home < 0:
                raise SplitError("the player {player!r} is at no node of the tree", player=player)
        return Tree(
            parents=tuple(places.get(str(table.get("parent", "")), -1) for table in tables),
            edges=tuple(
                exact_number(table.get("price"), f"tree.{name}.price")
                for name, table in zip(order, tables, strict=True)
            ),
            homes=tuple(homes),
        )

    def amounts(self) -> Price:
        """Read list prices, with a discount for many players if there is one."""
        amounts = self._by_player(_mapping(self._get("amounts"), "amounts"), "amounts")
        if not self._has("discounts"):
            return Additive(amounts=amounts)
        factors = Scale.of_tiers(
            TierKind.TOTAL, [*_pairs(self._get("discounts"), "discounts", "above")]
        )
        counts = range(len(self.players) + 1)
        return CountDiscount(
            amounts=amounts, factors=tuple(factors.at(Fraction(count)) for count in counts)
        )

    def _has(self, word: str) -> bool:
        return word in self.table or word.replace("_", "-") in self.table

    def _get(self, word: str) -> object:
        return self.table.get(word, self.table.get(word.replace("_", "-")))

    def _by_player(self, figures: Mapping[str, object], field: str) -> tuple[Fraction, ...]:
        self._places(list(figures), field)
        for player in self.players:
            if player not in figures:
                raise SplitError(
                    "the player {player!r} has no figure in {field!r}", player=player, field=field
                )
        return tuple(exact_number(figures[player], field) for player in self.players)

    def _places(self, names: Sequence[object], field: str) -> tuple[int, ...]:
        known = {player: at for at, player in enumerate(self.players)}
        for name in names:
            if name not in known:
                raise SplitError(
                    "{name!r} in {field!r} is not a player; the players are: {known}",
                    name=name,
                    field=field,
                    known=", ".join(self.players[:20]),
                )
        return tuple(sorted({known[str(name)] for name in names}))


_PARTS: Mapping[str, Callable[[_Reader], Price]] = {
    "fixed": _Reader.fixed,
    "per_member": _Reader.per_member,
    "tiers": _Reader.tiers,
    "packages": _Reader.packages,
    "needs": _Reader.needs,
    "tree": _Reader.tree,
    "amounts": _Reader.amounts,
}


def _sum(amounts: Iterable[Fraction]) -> Fraction:
    return sum(amounts, ZERO)


def _parents_first(nodes: Mapping[str, object]) -> list[str]:
    order: list[str] = []
    waiting = list(nodes)
    while waiting:
        ready = [
            name
            for name in waiting
            if (parent := str(_mapping(nodes[name], f"tree.{name}").get("parent", ""))) not in nodes
            or parent in order
        ]
        if not ready:
            raise SplitError(
                "the nodes of the tree go round in a circle: {nodes}", nodes=", ".join(waiting)
            )
        order += ready
        waiting = [name for name in waiting if name not in order]
    return order


def _pairs(given: object, field: str, first: str) -> Iterable[tuple[Fraction, Fraction]]:
    for at, entry in enumerate(_list(given)):
        if isinstance(entry, Mapping):
            pair = [
                entry.get(first),
                next((entry[word] for word in _PRICES if word in entry), None),
            ]
        else:
            pair = _list(entry)
        if len(pair) != 2 or None in pair:  # noqa: PLR2004 - a pair
            raise SplitError(
                "{field!r} is a list of pairs like [400, 8] or of tables like {example}, got"
                " {entry!r}",
                field=field,
                example=f'{{"{first}": 400, "{_PRICES[field == "discounts"]}": 8}}',
                entry=entry,
            )
        yield (
            exact_number(pair[0], f"{field}[{at}].{first}"),
            exact_number(pair[1], f"{field}[{at}].price"),
        )


def _list(given: object) -> list[Any]:  # Any: entries are looked at one by one
    if not isinstance(given, list | tuple):
        raise SplitError("expected a list, got {given!r}", given=given)
    return list(given)


def _mapping(given: object, field: str) -> Mapping[str, object]:
    if not isinstance(given, Mapping):
        raise SplitError("{field!r} must be a table of names", field=field)
    return given
