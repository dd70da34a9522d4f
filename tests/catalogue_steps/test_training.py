from __future__ import annotations

import random

import attrs
import pytest

from libconsortium import (
    BibRecord,
    CatalogueError,
    Decision,
    Evidence,
    MatchRule,
    Registry,
    Verdict,
    match_fields,
    record_key,
    trained,
)

_RULE = Registry().find(MatchRule, "bibliographic")


def _pairs(count: int) -> tuple[list[BibRecord], list[Decision]]:
    """Return books whose publisher alone says whether two are the same, and decisions so."""
    chance = random.Random(1)  # noqa: S311 - no secret
    records, decisions = [], []
    for number in range(count):
        is_same = chance.random() < 0.5
        for source, publisher in (("a", "Trẻ"), ("b", "Trẻ" if is_same else "Giáo dục")):
            records.append(
                BibRecord(
                    source=source, identifier=str(number), titles=("Truyện Kiều",), year=2015,
                    publishers=(publisher,),
                )
            )  # fmt: skip
        keys = (record_key(source, str(number)) for source in "ab")
        verdict = Verdict.SAME if is_same else Verdict.DIFFERENT
        decisions.append(Decision(left=next(keys), right=next(keys), verdict=verdict))
    return records, decisions


def test_decisions_move_the_weights_they_speak_of() -> None:
    records, decisions = _pairs(300)

    again = trained(_RULE, decisions, records)

    assert again.weights["publisher-equal"] > _RULE.weights["publisher-equal"]
    assert again.weights["publisher-apart"] < _RULE.weights["publisher-apart"]
    assert again.weights["doi-shared"] == pytest.approx(_RULE.weights["doi-shared"])


def test_a_trained_rule_compares_with_what_it_learned() -> None:
    records, decisions = _pairs(300)
    same, other = (
        match_fields(BibRecord(source="a", identifier="1", titles=("Truyện Kiều",), year=2015,
                               publishers=(name,)))
        for name in ("Trẻ", "Giáo dục")
    )  # fmt: skip

    again = trained(_RULE, decisions, records)

    assert again.compare(same, same).score > 0.9
    assert again.compare(same, other).score < 0.1


def test_nothing_decided_changes_nothing() -> None:
    assert trained(_RULE, [], []).weights == _RULE.weights


def test_what_a_guard_forbids_and_what_is_gone_teach_nothing() -> None:
    volumes = [
        BibRecord(source="a", identifier=number, titles=("Kiều",), volume=number) for number in "12"
    ]
    keys = [record_key("a", number) for number in "129"]
    decisions = [
        Decision(left=keys[0], right=other, verdict=Verdict.SAME) for other in (keys[1], keys[2])
    ]

    assert trained(_RULE, decisions, volumes).weights == pytest.approx(_RULE.weights)


def test_a_rule_without_weights_cannot_learn() -> None:
    rule = MatchRule(
        name="plain", keys=lambda _: (), compare=lambda *_: Evidence(rule="plain", score=0.0)
    )

    with pytest.raises(CatalogueError, match="'plain' has no weights to learn"):
        trained(rule, [], [])
    with pytest.raises(CatalogueError):
        trained(attrs.evolve(rule, features=lambda *_: {}), [], [])
