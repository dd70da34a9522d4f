"""The rules' second stage: guards, then the sum of what was found, weighed."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from functools import cache, lru_cache, partial
from importlib.resources import files
from operator import attrgetter

import attrs

from libconsortium import START, Evidence, Level, MatchFields, MatchRule, reason, score
from libconsortium.plugins.matching.articles import is_article
from libconsortium.plugins.matching.bare_numbers import aligned
from libconsortium.plugins.matching.features import Feature
from libconsortium.plugins.matching.guards import is_unaccented

_ARTICLE = "article"
_VALUED = {
    f"{field}-{how}": attrgetter(field)
    for field in ("year", "volume", "edition", "pages", "type", "language", "carrier")
    for how in ("equal", "near", "far", "apart", "of-reprint")
}
"""What is shown with the values of both records."""
_SILENT = frozenset({"title-words", "title-long", "title-alone", "creators-more", "pages-missing"})
"""What counts and says nothing to people."""


@attrs.frozen(kw_only=True)
class Judge:
    """Compares two records as one rule does.

    Args:
        rule: Name of the rule.
        found: What two records have in common.
        veto: The guard that objects, as a reason; empty if none does.
        weights: How much each thing found counts; for articles, what stands under
            ``article`` and its name is added.
        finer: What this one says belongs together does so here too: one publication is one work.
    """

    rule: str
    found: Callable[[MatchFields, MatchFields], list[Feature]]
    veto: Callable[[MatchFields, MatchFields], str]
    weights: Mapping[str, float]
    finer: Judge | None = None
    _books: Mapping[str, float] = attrs.field(init=False)
    _articles: Mapping[str, float] = attrs.field(init=False)

    @_books.default
    def _of_books(self) -> Mapping[str, float]:
        return {name: value for name, value in self.weights.items() if " " not in name}

    @_articles.default
    def _of_articles(self) -> Mapping[str, float]:
        more = {name.removeprefix(f"{_ARTICLE} "): value for name, value in self.weights.items()
                if " " in name}  # fmt: skip
        names = self._books.keys() | more.keys()
        added = {name: self._books.get(name, 0.0) + more.get(name, 0.0) for name in names}
        return {**added, START: added[START] + self.weights.get(_ARTICLE, 0.0)}

    def compare(self, left: MatchFields, right: MatchFields) -> Evidence:
        """Compare two records; a guard's objection makes further looking needless."""
        left, right = aligned(left, right)
        veto = self.veto(left, right)
        if veto:
            return Evidence(rule=self.rule, score=0.0, veto=veto)
        found = self.found(left, right)
        weights = self._articles if is_article(left, right) else self._books
        total = weights[START]
        for name, value in found:
            total += weights.get(name, 0.0) * value
        reasons = [_noted(name, left, right) for name, _ in found if name not in _SILENT]
        if is_unaccented(left, right):
            reasons.append("unaccented")
        own = Evidence(rule=self.rule, score=round(score(total), 4), reasons=tuple(reasons))
        finer = own if self.finer is None else self.finer.compare(left, right)
        return own if finer.score <= own.score else attrs.evolve(finer, rule=self.rule)

    def features(self, left: MatchFields, right: MatchFields) -> Mapping[str, float]:
        """Return what was found by name, as it is learned from."""
        left, right = aligned(left, right)
        found = dict(self.found(left, right))
        if is_article(left, right):
            of_articles = {f"{_ARTICLE} {name}": value for name, value in found.items()}
            return {**found, **of_articles, _ARTICLE: 1.0}
        return found


def _noted(name: str, left: MatchFields, right: MatchFields) -> str:
    value_of = _VALUED.get(name)
    return _valued(name, value_of(left), value_of(right)) if value_of else name


@lru_cache(maxsize=100_000)  # years, volumes and kinds come back
def _valued(name: str, one: object, other: object) -> str:
    return reason(name, *sorted((str(one), str(other))))


def match_rule(
    judge: Judge,
    keys: Callable[[MatchFields], tuple[str, ...]],
    summary: str,
    level: Level = Level.MANIFESTATION,
) -> MatchRule:
    """Make a match rule that can be weighed anew."""
    return MatchRule(
        name=judge.rule,
        summary=summary,
        keys=keys,
        compare=judge.compare,
        level=level,
        features=judge.features,
        weights=judge.weights,
        weighed=partial(_weighed, judge, keys, summary, level),
    )


def _weighed(
    judge: Judge,
    keys: Callable[[MatchFields], tuple[str, ...]],
    summary: str,
    level: Level,
    weights: Mapping[str, float],
) -> MatchRule:
    heavier = attrs.evolve(judge, weights={**judge.weights, **weights})
    return match_rule(heavier, keys, summary, level)


@cache
def weights_of(rule: str) -> Mapping[str, float]:
    """Return the weights that ship with the library for a rule.

    >>> weights_of("bibliographic")["title-equal"] > 1
    True
    """
    place = files("libconsortium.plugins.matching") / "weights.toml"
    table = tomllib.loads(place.read_text("utf-8"))[rule]
    of_articles = table.pop(_ARTICLE, {})
    flat = {f"{_ARTICLE} {name}": float(value) for name, value in of_articles.items()}
    start = flat.pop(f"{_ARTICLE} {START}", 0.0)
    return {**{name: float(value) for name, value in table.items()}, **flat, _ARTICLE: start}
