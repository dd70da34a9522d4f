"""A match rule that compares little, for benches of everything around the comparison."""

from __future__ import annotations

from libconsortium import Evidence, MatchFields, MatchRule, Registry

NAME = "plain"


def plain_rule() -> MatchRule:
    """Return a rule with the keys of the usual one, and a tenth of its comparison."""
    usual = Registry().find(MatchRule, "bibliographic")
    return MatchRule(name=NAME, keys=usual.keys, compare=_compare)


def _compare(left: MatchFields, right: MatchFields) -> Evidence:
    for field in ("volume", "edition", "type"):
        ours, theirs = getattr(left, field), getattr(right, field)
        if ours and theirs and ours != theirs:
            return Evidence(rule=NAME, score=0.0, veto=f"veto-{field}")
    score = 0.5 * (left.title == right.title) + 0.2 * (left.main_title == right.main_title)
    score += 0.3 * (not set(left.creators).isdisjoint(right.creators))
    if None not in (left.year, right.year) and left.year != right.year:
        score -= 0.05
    return Evidence(rule=NAME, score=max(score, 0.0))
