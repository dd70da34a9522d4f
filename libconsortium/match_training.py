"""Teaches a match rule from what cataloguers decided."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from libconsortium.contributions import MatchRule
from libconsortium.core.catalogue.clusters import Decision, Verdict
from libconsortium.core.catalogue.learning import Example, learned
from libconsortium.core.catalogue.matching import match_fields, record_key
from libconsortium.core.catalogue.records import BibRecord
from libconsortium.core.errors import CatalogueError


def trained(
    rule: MatchRule,
    decisions: Iterable[Decision],
    records: Iterable[BibRecord],
    *,
    trust: float = 2.0,
) -> MatchRule:
    """Return a match rule with weights learned from decisions; its guards and keys stay.

    The weights so far are where it starts from, so a hundred decisions do no harm; about 500 are
    needed to do good. Decide pairs on both sides of the threshold, not the clear ones alone.

    Args:
        rule: The rule; it stays as it is.
        decisions: What cataloguers decided. Pairs that a guard forbids, and decisions about
            records that are not there, are passed over.
        records: The records decided upon; others do not matter.
        trust: How firmly the weights so far are held to, above 0.

    Raises:
        CatalogueError: The rule cannot learn.

    >>> from libconsortium import Registry
    >>> rule = Registry().find(MatchRule, "bibliographic")
    >>> trained(rule, [], []).weights == rule.weights
    True
    """
    if rule.features is None or rule.weighed is None:
        raise CatalogueError(
            "the match rule {rule!r} has no weights to learn; take one that has", rule=rule.name
        )
    examples = list(_examples(rule, decisions, records))
    return rule.weighed(learned(examples, rule.weights, trust=trust))


def _examples(
    rule: MatchRule, decisions: Iterable[Decision], records: Iterable[BibRecord]
) -> Iterator[Example]:
    found = {record_key(one.source, one.identifier): one for one in records}
    for one in decisions:
        if one.left in found and one.right in found:
            left, right = match_fields(found[one.left]), match_fields(found[one.right])
            if rule.features is not None and not rule.compare(left, right).veto:
                yield Example(found=rule.features(left, right), is_same=one.verdict is Verdict.SAME)
