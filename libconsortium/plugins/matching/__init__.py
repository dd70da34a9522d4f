"""Match rules: by identifier, by title with author and year, and both together."""

from __future__ import annotations

from collections.abc import Iterator

from libconsortium import MatchRule, hookimpl


@hookimpl
def consortium_match_rules() -> Iterator[MatchRule]:
    """Yield the rules ``identifiers``, ``title-author-year`` and ``bibliographic``."""
    from libconsortium.plugins.matching import rules

    yield MatchRule(
        name="identifiers",
        summary="one publication if they share a valid ISBN, DOI or handle and no guard objects",
        keys=rules.identifier_keys,
        compare=rules.by_identifiers,
    )
    yield MatchRule(
        name="title-author-year",
        summary="one publication if title, authors, year and imprint agree and no guard objects",
        keys=rules.title_keys,
        compare=rules.by_title,
    )
    yield MatchRule(
        name="bibliographic",
        summary="identifiers, title, authors, year and imprint together; the usual choice",
        keys=rules.all_keys,
        compare=rules.by_everything,
    )
