from __future__ import annotations

from datetime import date
from itertools import combinations

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from libconsortium import CatalogueError, Decision, Verdict, from_row, in_force, to_row
from libconsortium.core.catalogue.decisions import (
    decided,
    decision_problems,
    joined,
    same_pairs,
    taken_back,
)
from libconsortium.core.directory.facts import FACT_KINDS
from libconsortium.core.problems import Place

_DAY = date(2026, 11, 22)
_SAME, _DIFFERENT = Verdict.SAME, Verdict.DIFFERENT


def _one(left: str, right: str, verdict: Verdict = _SAME, act: int = 1) -> Decision:
    return Decision(left=left, right=right, verdict=verdict, act=act, on=_DAY, by="cataloguer")


def test_a_decision_is_a_fact_like_any_other() -> None:
    one = attrs.evolve(_one("a 1", "b x y"), why="seen both", undone_on=_DAY, undone_by="head")

    assert from_row(FACT_KINDS["decisions"], to_row(one), Place()) == one


def test_a_blank_parts_source_and_identifier_and_later_blanks_belong_to_it() -> None:
    assert _one("a 1", "b x y").right == "b\tx y"
    assert _one("a\tx y", "b 1").left == "a\tx y"


def test_what_was_decided_already_is_not_decided_again() -> None:
    assert joined([_one("b 2", "a 1", act=2)], [_one("a 1", "b 2")]) == ()


def test_what_was_taken_back_can_be_decided_again() -> None:
    old = attrs.evolve(_one("a 1", "b 2"), undone_on=_DAY)

    (new,) = decided([("a 1", "b 2")], _SAME, [old], on=_DAY, by="cataloguer")

    assert new.act == 2
    assert in_force([old, new]) == (new,)


def test_two_decisions_on_one_pair_are_refused_and_both_are_named() -> None:
    with pytest.raises(CatalogueError) as refused:
        joined([_one("b 2", "a 1", _DIFFERENT, act=2)], [_one("a 1", "b 2")])

    assert "decision 1 (cataloguer, 2026-11-22)" in str(refused.value)
    assert "decision 2 (cataloguer, 2026-11-22)" in str(refused.value)


def test_a_decision_against_a_chain_of_others_names_the_chain() -> None:
    known = [_one("a 1", "b 2"), _one("b 2", "c 3", act=2), _one("c 3", "d 4", act=3)]

    with pytest.raises(CatalogueError) as refused:
        joined([_one("a 1", "c 3", _DIFFERENT, act=4)], known)

    assert [f"decision {act} " in str(refused.value) for act in (1, 2, 3, 4)] == [
        True, True, False, True,
    ]  # fmt: skip


def test_a_record_is_not_decided_upon_with_itself() -> None:
    with pytest.raises(CatalogueError, match="twice"):
        joined([_one("a 1", "a 1")], [])


def test_an_act_is_taken_back_whole() -> None:
    known = [_one("a 1", "b 2"), _one("a 1", "c 3"), _one("d 4", "e 5", act=2)]

    undone = taken_back(1, known, on=_DAY, by="head")

    assert {one.right for one in undone} == {"b\t2", "c\t3"}
    assert {one.undone_by for one in undone} == {"head"}


def test_the_last_act_is_taken_back_if_none_is_named() -> None:
    known = [_one("a 1", "b 2"), _one("d 4", "e 5", act=2)]

    assert [one.act for one in taken_back(None, known, on=_DAY, by="head")] == [2]


@pytest.mark.parametrize("act", [None, 7])
def test_what_was_never_decided_cannot_be_taken_back(act: int | None) -> None:
    with pytest.raises(CatalogueError, match="history"):
        taken_back(act, [], on=_DAY, by="head")


def test_contradictions_that_were_loaded_unchecked_are_told() -> None:
    (problem,) = decision_problems([_one("a 1", "b 2"), _one("a 1", "b 2", _DIFFERENT, act=2)])

    assert problem.code == "DECISIONS_CONTRADICT"
    assert "decision 1" in str(problem.what)


@given(
    st.lists(
        st.tuples(st.sampled_from(list(combinations("abcdef", 2))), st.sampled_from(Verdict)),
        max_size=12,
    )
)
def test_what_is_let_in_never_contradicts(wanted: list[tuple[tuple[str, str], Verdict]]) -> None:
    known: list[Decision] = []
    for (left, right), verdict in wanted:
        try:
            known += decided([(f"{left} 1", f"{right} 1")], verdict, known, on=_DAY, by="x")
        except CatalogueError:
            continue

    assert decision_problems(known) == ()


@given(st.lists(st.text("ab", min_size=1), unique=True, max_size=6))
def test_the_fewest_pairs_hold_all_records_together(records: list[str]) -> None:
    pairs = list(same_pairs(records))

    assert len(pairs) == max(0, len(records) - 1)
    assert {one for pair in pairs for one in pair} == (set(records) if pairs else set())
