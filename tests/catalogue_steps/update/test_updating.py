"""Only what changed is joined anew, and the result is what joining everything gives."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from libconsortium import CatalogueError, Decision, Verdict

from .conftest import MakeWorld, World, told


def _decided(left: str, right: str, verdict: Verdict) -> Decision:
    return Decision(
        left=f"{left[0]}\t{left[1:]}", right=f"{right[0]}\t{right[1:]}", verdict=verdict
    )


def _same(world: World, *decisions: Decision) -> None:
    whole = world.from_scratch(decisions)
    assert told(world.store.clusters()) == told(whole.clusters)


def test_the_first_run_joins_everything(world: World) -> None:
    world.harvest("a", {"1": "x y", "2": "z"})
    world.harvest("b", {"1": "y"})

    outcome = world.update()

    assert world.groups() == {"a1": "a1 b1", "a2": "a2"}
    assert (outcome.run, outcome.records, outcome.is_rebuilt) == (1, 3, True)
    assert (outcome.changed, outcome.joined) == (2, 3)
    _same(world)


def test_a_run_without_anything_new_changes_nothing(world: World) -> None:
    world.harvest("a", {"1": "x"})
    world.update()
    files = world.files()

    outcome = world.update()

    assert (outcome.run, outcome.joined, outcome.changed) == (1, 0, 0)
    assert world.files() == files


def test_only_the_component_that_a_new_record_touches_is_joined(world: World) -> None:
    world.harvest("a", {"1": "x", "2": "y", "3": "y z", "4": "z"})
    world.update()
    world.words.seen.clear()

    world.harvest("b", {"1": "x"})
    outcome = world.update()

    assert world.words.seen == ["b1"]
    assert (outcome.touched, outcome.joined, outcome.changed) == (1, 2, 1)
    assert world.groups()["a1"] == "a1 b1"
    _same(world)


def test_a_changed_record_leaves_its_cluster(world: World) -> None:
    world.harvest("a", {"1": "x", "2": "x y", "3": "y"})
    world.update()

    world.harvest("a", {"2": "q"})
    outcome = world.update()

    assert sorted(world.groups().values()) == ["a1", "a2", "a3"]
    assert outcome.joined == 3
    _same(world)


def test_a_deleted_record_parts_what_hung_together_through_it(world: World) -> None:
    world.harvest("a", {"1": "x", "2": "x y", "3": "y"})
    world.update()

    world.harvest("a", {"2": None})
    world.update()

    assert sorted(world.groups().values()) == ["a1", "a3"]
    _same(world)


def test_a_record_described_otherwise_is_told_but_not_compared_again(world: World) -> None:
    world.harvest("a", {"1": "x||K 1", "2": "x"})
    world.update()

    world.harvest("a", {"1": "x||K 2"})
    world.update()

    assert world.store.cluster_changes(since=1).changed == ("a\t1",)
    assert [one.call_numbers for one in world.store.holdings()] == [("K 2",)]
    _same(world)


def test_what_changed_names_no_other_cluster(world: World) -> None:
    world.harvest("a", {"1": "x", "2": "y"})
    world.update()

    world.harvest("b", {"1": "y"})
    world.update()

    assert world.store.cluster_changes(since=1).changed == ("a\t2",)


def test_ids_stay_when_a_smaller_record_joins(world: World) -> None:
    world.harvest("b", {"1": "x"})
    world.update()

    world.harvest("a", {"1": "x"})
    world.update()

    assert world.groups() == {"b1": "a1 b1"}


def test_an_id_that_was_merged_leads_to_the_other(world: World) -> None:
    world.harvest("a", {"1": "x", "2": "y", "3": "y"})
    world.update()

    world.harvest("a", {"4": "x y"})
    world.update()

    assert world.groups() == {"a2": "a1 a2 a3 a4"}
    assert world.store.cluster_now("a\t1") == "a\t2"


def test_when_the_merge_is_undone_the_old_id_comes_back(world: World) -> None:
    world.harvest("a", {"1": "x", "2": "y", "3": "y"})
    world.update()
    world.harvest("a", {"4": "x y"})
    world.update()

    world.harvest("a", {"4": None})
    world.update()

    assert world.groups() == {"a1": "a1", "a2": "a2 a3"}
    assert world.store.cluster_now("a\t1") == "a\t1"


def test_joining_everything_anew_keeps_the_ids(world: World) -> None:
    world.harvest("b", {"1": "x"})
    world.update()
    world.harvest("a", {"1": "x"})
    world.update()

    outcome = world.update(afresh=True)

    assert outcome.is_rebuilt
    assert world.groups() == {"b1": "a1 b1"}


def test_another_threshold_joins_everything_anew(world: World) -> None:
    world.harvest("a", {"1": "x", "2": "y"})
    world.update()

    world.threshold = 0.6

    assert world.update().is_rebuilt


def test_a_source_of_another_library_changes_the_holdings_only(world: World) -> None:
    world.harvest("a", {"1": "x"})
    world.harvest("b", {"1": "x", "2": "y"})
    world.update()

    world.members["b"] = "A"
    world.update()

    assert [(one.cluster, one.member) for one in world.store.holdings()] == [
        ("a\t1", "A"), ("b\t2", "A"),
    ]  # fmt: skip


def test_a_source_that_is_named_no_more_leaves_the_catalogue(world: World) -> None:
    world.harvest("a", {"1": "x"})
    world.harvest("b", {"1": "x", "2": "y"})
    world.update()

    del world.members["b"]
    world.update()

    assert world.groups() == {"a1": "a1"}


# ---------------------------------------------------------------- decisions


def test_a_decision_joins_and_taking_it_back_parts_again(world: World) -> None:
    world.harvest("a", {"1": "x", "2": "y", "3": "z"})
    world.update()
    both = [_decided("a1", "a2", Verdict.SAME)]

    outcome = world.update(both)
    assert world.groups() == {"a1": "a1 a2", "a3": "a3"}
    assert outcome.joined == 2

    world.update()
    assert world.groups() == {"a1": "a1", "a2": "a2", "a3": "a3"}


def test_a_decision_holds_when_the_record_comes_later(world: World) -> None:
    world.harvest("a", {"1": "x"})
    both = [_decided("a1", "b1", Verdict.SAME)]
    outcome = world.update(both)
    assert [one.code for one in outcome.problems] == ["DECISION_WITHOUT_RECORD"]

    world.harvest("b", {"1": "y"})
    world.update(both)

    assert world.groups() == {"a1": "a1 b1"}


# ---------------------------------------------------------------- blocks and crowds


def test_a_block_that_grows_over_the_cap_is_told_and_compared_no_more(world: World) -> None:
    world.block_cap = 2
    world.harvest("a", {"1": "x", "2": "x"})
    world.update()
    assert world.groups() == {"a1": "a1 a2"}

    world.harvest("a", {"3": "x"})
    outcome = world.update()
    assert [one.code for one in outcome.problems] == ["BLOCK_TOO_LARGE"]
    _same(world)

    world.harvest("a", {"2": None})
    assert world.update().problems == ()
    _same(world)


def test_a_large_block_far_from_the_change_is_still_told(world: World) -> None:
    world.block_cap = 2
    world.harvest("a", {str(n): "x" for n in range(3)})
    world.update()

    world.harvest("b", {"1": "y"})

    assert [one.code for one in world.update().problems] == ["BLOCK_TOO_LARGE"]


def test_a_crowd_far_from_the_change_is_still_told(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("libconsortium.catalogue_steps.tables._CROWD", 3)
    world.harvest("a", {str(n): f"w{n} w{n + 1}" for n in range(4)})
    assert [one.code for one in world.update().problems] == ["CLUSTER_TOO_LARGE"]

    world.harvest("b", {"1": "y"})
    assert [one.code for one in world.update().problems] == ["CLUSTER_TOO_LARGE"]

    world.harvest("a", {"1": "q"})
    assert world.update().problems == ()


def test_a_crowd_that_is_the_whole_catalogue_is_joined_the_same_after_a_decision(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    # More than two hang together; a1 and c3 have different volumes and share no rare key but "v".
    monkeypatch.setattr("libconsortium.catalogue_steps.tables._CROWD", 2)
    world.harvest("c", {"3": "x w z|2", "1": "v z"})
    world.harvest("a", {"3": "y v x|1", "1": "z w v|2"})
    world.update()

    decisions = [_decided("a1", "c1", Verdict.SAME)]
    world.update(decisions)

    assert told(world.store.clusters()) == told(world.from_scratch(decisions).clusters)


def test_records_that_come_again_as_they_were_are_not_linked_twice(world: World) -> None:
    world.harvest("a", {"1": "x", "2": "x", "3": "y"})
    world.update()

    world.harvest("a", {"1": "x||shelf 1", "2": "x||shelf 2", "3": "x y"})
    world.update()

    _same(world)


def test_records_that_come_out_of_order_before_one_update_are_numbered_by_their_keys(
    world: World,
) -> None:
    world.harvest("a", {"3": "x y", "4": "y z"})
    world.harvest("a", {"1": "y w"})
    world.update()

    _same(world)


# ---------------------------------------------------------------- laws

_words = st.lists(st.sampled_from("vwxyz"), min_size=1, max_size=3, unique=True).map(" ".join)
_texts = st.builds("{}|{}|{}".format, _words, st.sampled_from(["", "", "1", "2"]), st.just(""))
_harvests = st.tuples(
    st.sampled_from("abc"),
    st.dictionaries(st.sampled_from("1234"), st.one_of(st.none(), _texts, _texts), max_size=4),
)
_decisions = st.lists(
    st.builds(
        lambda pair, verdict: _decided(pair[0], pair[1], verdict),
        st.lists(
            st.builds("{}{}".format, st.sampled_from("abc"), st.sampled_from("1234")),
            min_size=2,
            max_size=2,
            unique=True,
        ),
        st.sampled_from(Verdict),
    ),
    max_size=3,
)
_steps = st.lists(st.tuples(st.lists(_harvests, max_size=3), _decisions), min_size=1, max_size=5)
_Step = tuple[list[tuple[str, dict[str, str | None]]], list[Decision]]
_some = settings(
    max_examples=12,
    phases=(Phase.explicit, Phase.generate),  # an example takes a second: too long to shrink
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


@pytest.fixture(params=[(100, 1000), (2, 1000), (3, 2)], ids=["usual", "small cap", "crowds"])
def made(
    request: pytest.FixtureRequest, make_world: MakeWorld, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], World]:
    cap, crowd = request.param
    monkeypatch.setattr("libconsortium.catalogue_steps.tables._CROWD", crowd)

    def make() -> World:
        world = make_world()
        world.block_cap = cap
        return world

    return make


@pytest.mark.slow
@pytest.mark.timeout(600)
@_some
@given(_steps)
def test_updates_give_what_joining_everything_gives(
    made: Callable[[], World], steps: list[_Step]
) -> None:
    world = made()
    homes: list[dict[str, str]] = []
    for harvests, decisions in steps:
        for source, records in harvests:
            world.harvest(source, records)

        outcome = world.update(decisions)

        whole = world.from_scratch(decisions)
        assert told(world.store.clusters()) == told(whole.clusters)
        shown = [(one.member, one.records) for one in world.store.holdings()]
        assert sorted(shown) == sorted((one.member, one.records) for one in whole.holdings)
        assert sorted(map(str, outcome.problems)) == sorted(map(str, whole.problems))
        homes.append({key: one.id for one in world.store.clusters() for key in one.records})
    for before, after in pairwise(homes):
        live = set(after.values())
        for name in set(before.values()):
            now = world.store.cluster_now(name)
            assert now is None or now in set(homes[-1].values())
            # An id that stays has a record in common with what it was.
            if name in live:
                mine = {key for key, home in before.items() if home == name}
                assert any(after.get(key) == name for key in mine) or not (mine & after.keys())


@pytest.mark.slow
@pytest.mark.timeout(600)
@_some
@given(_steps)
def test_one_update_at_the_end_joins_the_same_as_one_after_every_harvest(
    made: Callable[[], World], steps: list[_Step]
) -> None:
    often, once = made(), made()
    for harvests, decisions in steps:
        for source, records in harvests:
            often.harvest(source, records)
            once.harvest(source, records)
        often.update(decisions)
    decisions = steps[-1][1]
    often.update(decisions)
    once.update(decisions)

    assert told(often.store.clusters()) == told(once.store.clusters())


def test_the_same_steps_give_the_same_ids(make_world: MakeWorld) -> None:
    worlds = [make_world(), make_world()]
    for world in worlds:
        for records in ({"1": "x", "2": "y", "3": "y"}, {"4": "x y"}, {"4": None, "2": "q"}):
            world.harvest("b", records)
            world.harvest("a", dict(reversed(records.items())))
            world.update()

    assert worlds[0].groups() == worlds[1].groups()
    assert worlds[0].store.cluster_changes(since=1) == worlds[1].store.cluster_changes(since=1)


def test_a_rule_that_fails_leaves_the_catalogue_as_it_was(world: World) -> None:
    world.harvest("a", {"1": "x"})
    world.update()

    world.harvest("a", {"2": "x"})
    with pytest.raises(CatalogueError, match="twice"):
        world.update([_decided("a1", "a1", Verdict.SAME)])

    assert world.groups() == {"a1": "a1"}
    world.update()
    assert world.groups() == {"a1": "a1 a2"}
