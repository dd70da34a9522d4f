"""What is read or judged otherwise is another version, whether its author said so or not."""

from __future__ import annotations

import attrs
import pytest

from libconsortium import Evidence, MatchRule, Registry, match_fields, reading_rules
from libconsortium.catalogue_steps.update import versions

from .conftest import NAMESPACE, Words

RULE = MatchRule(
    name="r",
    keys=lambda one: (one.title,),
    compare=lambda *_: Evidence(rule="r", score=0.5),
)


def _made_by(words: Words, *repairs: str) -> str:
    registry = Registry(plugins={"words": words})
    return versions.made_by(registry, reading_rules(registry, repairs), NAMESPACE, "oai_dc")


def test_another_version_of_the_crosswalk_is_another_way_to_read() -> None:
    assert _made_by(Words()) == _made_by(Words()) != _made_by(Words(version="2"))


def test_other_match_fields_of_the_same_record_are_another_way_to_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = _made_by(Words())
    monkeypatch.setattr(
        versions, "match_fields", lambda one: attrs.evolve(match_fields(one), volume="9")
    )

    assert _made_by(Words()) != before


def test_a_format_that_nobody_reads_says_so() -> None:
    rules = reading_rules(Registry(installed=()), ())

    assert versions.made_by(Registry(installed=()), rules, "urn:x", "x").startswith("- ")


@pytest.mark.parametrize(
    "other",
    [
        attrs.evolve(RULE, version="2"),
        attrs.evolve(RULE, weights={"title": 1.0}),
        attrs.evolve(RULE, keys=lambda one: (one.title[:4],)),
        attrs.evolve(RULE, compare=lambda *_: Evidence(rule="r", score=0.6)),
        attrs.evolve(RULE, compare=lambda *_: Evidence(rule="r", score=0.5, veto="v")),
    ],
)
def test_a_rule_that_judges_otherwise_joins_otherwise(other: MatchRule) -> None:
    assert versions.joined_by(other, 0.9, 100, 0.0) != versions.joined_by(RULE, 0.9, 100, 0.0)


def test_a_rule_that_fails_has_a_version_all_the_same() -> None:
    broken = attrs.evolve(RULE, keys=lambda one: (one.title * (1 // 0),))

    assert versions.joined_by(broken, 0.9, 100, 0.0).startswith("r ")
