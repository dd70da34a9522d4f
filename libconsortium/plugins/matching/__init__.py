"""Match rules: by identifier, by title with author and year, both together, and by work."""

from __future__ import annotations

from collections.abc import Iterator

from libconsortium import MatchRule, hookimpl


@hookimpl
def consortium_match_rules() -> Iterator[MatchRule]:
    """Yield the rules ``identifiers``, ``title-author-year``, ``bibliographic`` and ``works``."""
    from libconsortium.plugins.matching.rules import all_rules

    yield from all_rules()
