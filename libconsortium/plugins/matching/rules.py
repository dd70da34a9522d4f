"""The match rules, put together from keys, guards, features and weights."""

from __future__ import annotations

from collections.abc import Iterator

from libconsortium import Level, MatchFields, MatchRule
from libconsortium.plugins.matching import keys
from libconsortium.plugins.matching.features import (
    beside_title,
    creator_features,
    description_beside_title,
    description_features,
    features,
    identifier_features,
    work_features,
    work_title_at_a_glance,
)
from libconsortium.plugins.matching.guards import title_veto, veto, veto_beside_title
from libconsortium.plugins.matching.scoring import Judge, match_rule, weights_of
from libconsortium.plugins.matching.title_features import (
    Feature,
    title_at_a_glance,
    title_features,
)


def all_rules() -> Iterator[MatchRule]:
    """Yield the rules.

    >>> [rule.name for rule in all_rules()]
    ['identifiers', 'title-author-year', 'bibliographic', 'works']
    """
    yield match_rule(
        Judge(
            rule="identifiers",
            found=_by_identifiers,
            glances=(identifier_features,),
            veto=veto,
            veto_beside_title=veto_beside_title,
            weights=weights_of("identifiers"),
        ),
        keys.identifier_keys,
        "one publication if they share a valid ISBN, DOI or handle and no guard objects",
    )
    yield match_rule(
        Judge(
            rule="title-author-year",
            found=description_features,
            glances=(description_beside_title, title_at_a_glance),
            veto=veto,
            veto_beside_title=veto_beside_title,
            weights=weights_of("bibliographic"),
        ),
        keys.title_keys,
        "one publication if title, authors, year and imprint agree and no guard objects",
    )
    publications = Judge(
        rule="bibliographic",
        found=features,
        glances=(beside_title, title_at_a_glance),
        veto=veto,
        veto_beside_title=veto_beside_title,
        weights=weights_of("bibliographic"),
    )
    yield match_rule(
        publications,
        keys.all_keys,
        "identifiers, title, authors, year and imprint together; the usual choice",
    )
    yield match_rule(
        Judge(
            rule="works",
            found=work_features,
            glances=(creator_features, work_title_at_a_glance),
            veto=title_veto,
            weights=weights_of("works"),
            finer=publications,
        ),
        keys.work_keys,
        "one work if title and authors agree, whatever the edition, year, volume or form",
        Level.WORK,
    )


def _by_identifiers(left: MatchFields, right: MatchFields) -> list[Feature]:
    shared = identifier_features(left, right)
    return [*shared, *title_features(left, right)] if shared else []
