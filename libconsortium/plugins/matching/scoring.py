"""The rules' second stage: guards, then the sum of what was found, weighed."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping
from functools import cache, lru_cache, partial
from importlib.resources import files
from operator import attrgetter

import attrs

from libconsortium import START, Evidence, Level, MatchFields, MatchRule, reason, score
from libconsortium.plugins.matching.articles import is_article
from libconsortium.plugins.matching.bare_numbers import aligned
from libconsortium.plugins.matching.guards import is_unaccented
from libconsortium.plugins.matching.title_features import MOST_UNSEEN, Feature

_ARTICLE = "article"
_VALUED = {
    f"{field}-{how}": attrgetter(field)
    for field in ("year", "volume", "edition", "pages", "type", "language", "carrier")
    for how in ("equal", "near", "far", "apart", "of-reprint")
}
"""What is shown with the values of both records."""
_SILENT = frozenset({"title-words", "title-long", "title-alone", "creators-more", "pages-missing"})
"""What counts and says nothing to people."""
_LAST_DIGIT = 0.0001
"""To which scores are rounded."""


@attrs.frozen
class _Scale:
    """Weighs what was found in two records.

    Args:
        weights: How much each thing found counts.
        most_unseen: The most that can be added by what was not seen at the first glance, and at
            the second.
    """

    weights: Mapping[str, float]
    most_unseen: tuple[float, ...] = attrs.field(init=False)

    @most_unseen.default
    def _most(self) -> tuple[float, ...]:
        return tuple(max(map(self._gain, cases)) for cases in MOST_UNSEEN)

    def _gain(self, most: Mapping[str, float]) -> float:
        return sum(max(self.weights.get(name, 0.0), 0.0) * value for name, value in most.items())

    def added(self, total: float, found: Iterable[Feature]) -> float:
        for name, value in found:
            total += self.weights.get(name, 0.0) * value
        return total


def _no_veto(_: MatchFields, __: MatchFields) -> str:
    return ""


@attrs.frozen(kw_only=True)
class Judge:
    """Compares two records as one rule does.

    Args:
        rule: Name of the rule.
        found: What two records have in common.
        glances: The parts of it that are quickly found: all but the titles, the titles as a whole.
        veto: The guard that objects, as a reason; empty if none does.
        weights: How much each thing found counts; for articles, what stands under
            ``article`` and its name is added.
        veto_beside_title: The first of those guards that objects without a look at the titles.
        finer: What this one says belongs together does so here too: one publication is one work.
    """

    rule: str
    found: Callable[[MatchFields, MatchFields], list[Feature]]
    glances: tuple[Callable[[MatchFields, MatchFields], list[Feature]], ...]
    veto: Callable[[MatchFields, MatchFields], str]
    weights: Mapping[str, float]
    veto_beside_title: Callable[[MatchFields, MatchFields], str] = _no_veto
    finer: Judge | None = None
    _books: _Scale = attrs.field(init=False)
    _articles: _Scale = attrs.field(init=False)

    @_books.default
    def _of_books(self) -> _Scale:
        return _Scale({name: value for name, value in self.weights.items() if " " not in name})

    @_articles.default
    def _of_articles(self) -> _Scale:
        books = self._books.weights
        more = {name.removeprefix(f"{_ARTICLE} "): value for name, value in self.weights.items()
                if " " in name}  # fmt: skip
        names = books.keys() | more.keys()
        added = {name: books.get(name, 0.0) + more.get(name, 0.0) for name in names}
        return _Scale({**added, START: added[START] + self.weights.get(_ARTICLE, 0.0)})

    def _scale(self, left: MatchFields, right: MatchFields) -> _Scale:
        return self._articles if is_article(left, right) else self._books

    def compare(self, left: MatchFields, right: MatchFields) -> Evidence:
        """Compare two records; a guard's objection makes further looking needless."""
        left, right = aligned(left, right)
        veto = self.veto(left, right)
        if veto:
            return Evidence(rule=self.rule, score=0.0, veto=veto)
        found = self.found(left, right)
        scale = self._scale(left, right)
        total = scale.added(scale.weights[START], found)
        reasons = [_noted(name, left, right) for name, _ in found if name not in _SILENT]
        if is_unaccented(left, right):
            reasons.append("unaccented")
        own = Evidence(rule=self.rule, score=round(score(total), 4), reasons=tuple(reasons))
        finer = own if self.finer is None else self.finer.compare(left, right)
        return own if finer.score <= own.score else attrs.evolve(finer, rule=self.rule)

    def may_reach(self, left: MatchFields, right: MatchFields, threshold: float) -> bool:
        """Say whether two records may score as much, whatever a closer look may find.

        Words of titles are dear to compare, and most candidates have little else in common.
        """
        left, right = aligned(left, right)
        if self._may_reach(left, right, threshold):
            return True
        return self.finer is not None and self.finer.may_reach(left, right, threshold)

    def _may_reach(self, left: MatchFields, right: MatchFields, threshold: float) -> bool:
        if self.veto_beside_title(left, right):
            return False
        scale = self._scale(left, right)
        total = scale.weights[START]
        for found, most in zip(self.glances, scale.most_unseen, strict=False):
            total = scale.added(total, found(left, right))
            if score(total + most) <= threshold - _LAST_DIGIT:
                return False
        return True

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
        may_reach=judge.may_reach,
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
