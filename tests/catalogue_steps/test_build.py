from __future__ import annotations

import sys
from itertools import permutations
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from libconsortium import (
    BibRecord,
    CatalogueError,
    Decision,
    Evidence,
    MatchFields,
    MatchRule,
    MissingExtraError,
    Registry,
    UnionCatalogue,
    UnknownNameError,
    Verdict,
    cluster,
    hookimpl,
    overlap,
    record_key,
)

_LIBRARIES = {"a": "A", "b": "B", "c": "C"}


class _Title:
    """Rules as small as can be: one by title alone, one that fails."""

    @hookimpl
    def consortium_match_rules(self) -> list[MatchRule]:
        return [
            MatchRule(name="by-title", keys=lambda one: tuple(one.title.split()), compare=_compare),
            MatchRule(
                name="by-title-or-clash",
                keys=lambda one: tuple(one.title.split()),
                compare=lambda one, other: attrs.evolve(
                    found := _compare(one, other), score=found.score if found.score == 1 else 0.0
                ),
            ),
            MatchRule(
                name="by-title-at-once",
                keys=lambda one: tuple(one.title.split()),
                compare=lambda _, __: None,  # type: ignore[arg-type, return-value] # never asked
                compare_many=lambda pairs: [_compare(*pair) for pair in pairs],
            ),
            MatchRule(
                name="by-title-if-needed",
                keys=lambda one: tuple(one.title.split()),
                compare=_compare,
                may_reach=lambda one, _, threshold: bool(one.volume) and threshold < 1,
            ),
            MatchRule(
                name="bad-may-reach",
                keys=lambda _: ("x",),
                compare=_compare,
                may_reach=lambda _, __, threshold: threshold / 0 > 0,
            ),
            MatchRule(
                name="bad-many",
                keys=lambda _: ("x",),
                compare=_compare,
                compare_many=lambda _: [],
            ),
            MatchRule(name="bad-keys", keys=lambda _: 1 // 0, compare=_compare),  # type: ignore[arg-type, return-value]
            MatchRule(name="bad-compare", keys=lambda _: ("x",), compare=lambda _, __: None),  # type: ignore[arg-type, return-value]
        ]


def _compare(left: MatchFields, right: MatchFields) -> Evidence:
    shared = set(left.title.split()) & set(right.title.split())
    veto = "volume" if left.volume and right.volume and left.volume != right.volume else ""
    return Evidence(rule="by-title", score=1.0 if shared else 0.1, reasons=("word",), veto=veto)


_REGISTRY = Registry(plugins={"titles": _Title()})


def _record(source: str, title: str, identifier: str = "", **more: Any) -> BibRecord:
    return BibRecord(source=source, identifier=identifier or title, titles=(title,), **more)


def _clustered(*records: BibRecord, **more: Any) -> UnionCatalogue:
    return cluster(records, _LIBRARIES, _REGISTRY, **{"rules": "by-title", **more})


def _groups(catalogue: UnionCatalogue) -> list[list[str]]:
    return [[key.split("\t")[1] for key in one.records] for one in catalogue.clusters]


def _decided(left: str, right: str, verdict: Verdict) -> Decision:
    return Decision(left=record_key("a", left), right=record_key("a", right), verdict=verdict)


# ---------------------------------------------------------------- clusters


def test_records_hang_together_through_others_and_the_id_is_the_smallest_key() -> None:
    catalogue = _clustered(_record("b", "x y"), _record("c", "y z"), _record("a", "z"))

    (found,) = catalogue.clusters
    assert found.id == record_key("a", "z")
    assert found.records == tuple(sorted(found.records))
    assert [link.evidence.reasons for link in found.links] == [("word",), ("word",)]


def test_a_record_alone_is_a_cluster() -> None:
    assert _groups(_clustered(_record("a", "x"), _record("b", "y"))) == [["x"], ["y"]]


def test_no_records_make_an_empty_catalogue() -> None:
    catalogue = _clustered()

    assert (catalogue.clusters, catalogue.holdings) == ((), ())
    assert catalogue.members == ("A", "B", "C")


def test_a_long_chain_becomes_one_cluster() -> None:
    chain = [_record("a", f"w{n} w{n + 1}", f"{n:03}") for n in range(200)]

    (found,) = _clustered(*chain).clusters

    assert len(found.records) == 200


def test_two_volumes_stay_apart_though_a_record_without_volume_is_like_both() -> None:
    catalogue = _clustered(
        _record("a", "x", volume="1"), _record("b", "x", volume="2"), _record("c", "x")
    )

    assert sorted(map(len, _groups(catalogue))) == [1, 2]


def test_two_that_no_key_brought_together_are_still_kept_apart_by_a_guard() -> None:
    # x–y and y–z share a word each; x and z share none, and are other volumes.
    records = [
        _record("a", "x", volume="1"), _record("b", "x y z"), _record("c", "z", volume="2"),
    ]  # fmt: skip

    groups = _groups(_clustered(*records))

    assert not any({"x", "z"} <= set(group) for group in groups)


def test_two_that_nothing_speaks_for_are_not_joined_through_a_third() -> None:
    records = [_record("a", "x"), _record("b", "x clash"), _record("c", "clash")]

    assert sorted(map(len, _groups(_clustered(*records, rules="by-title-or-clash")))) == [1, 2]


def test_more_records_in_one_heap_than_can_be_compared_are_reported(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("libconsortium.catalogue_steps.tables._CROWD", 3)
    chain = [_record("a", f"w{n} w{n + 1}", str(n)) for n in range(4)]

    catalogue = _clustered(*chain)

    (problem,) = catalogue.problems
    assert problem.code == "CLUSTER_TOO_LARGE"
    assert "4 records hang together" in str(problem)
    assert len(catalogue.clusters) == 1


def test_in_such_a_heap_guards_hold_between_those_that_share_a_key(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("libconsortium.catalogue_steps.tables._CROWD", 1)
    records = [
        _record("a", "x", "1", volume="1"), _record("b", "x", "2"),
        _record("c", "x", "3", volume="2"),
    ]  # fmt: skip

    assert sorted(map(len, _groups(_clustered(*records)))) == [1, 2]


def test_a_threshold_above_the_score_joins_nothing() -> None:
    assert len(_clustered(_record("a", "x"), _record("b", "x"), threshold=1.1).clusters) == 2


# ---------------------------------------------------------------- decisions


def test_a_cataloguer_joins_what_no_rule_joins_and_the_link_says_so() -> None:
    decision = _decided("y", "x", Verdict.SAME)

    (found,) = _clustered(_record("a", "x"), _record("a", "y"), decisions=[decision]).clusters

    assert [link.evidence.rule for link in found.links] == ["decision"]


def test_a_cataloguer_tells_apart_what_a_rule_joins() -> None:
    decision = _decided("x", "x y", Verdict.DIFFERENT)

    assert (
        len(_clustered(_record("a", "x"), _record("a", "x y"), decisions=[decision]).clusters) == 2
    )


def test_told_apart_holds_through_a_chain() -> None:
    records = [_record("a", title) for title in ("x", "x y", "y")]

    catalogue = _clustered(*records, decisions=[_decided("x", "y", Verdict.DIFFERENT)])

    assert _groups(catalogue) == [["x", "x y"], ["y"]]


def test_a_cataloguers_word_outranks_a_guard() -> None:
    records = [_record("a", "x", "1", volume="1"), _record("a", "x", "2", volume="2")]

    assert len(_clustered(*records).clusters) == 2
    assert len(_clustered(*records, decisions=[_decided("1", "2", Verdict.SAME)]).clusters) == 1


def test_of_two_decisions_on_one_pair_the_careful_one_holds() -> None:
    both = [_decided("x", "x y", verdict) for verdict in Verdict]

    assert len(_clustered(_record("a", "x"), _record("a", "x y"), decisions=both).clusters) == 2


def test_a_decision_about_a_record_that_is_gone_is_reported() -> None:
    catalogue = _clustered(_record("a", "x"), decisions=[_decided("x", "gone", Verdict.SAME)])

    assert [problem.code for problem in catalogue.problems] == ["DECISION_WITHOUT_RECORD"]


def test_a_decision_about_one_record_is_refused() -> None:
    with pytest.raises(CatalogueError, match="twice"):
        _clustered(_record("a", "x"), decisions=[_decided("x", "x", Verdict.SAME)])


# ---------------------------------------------------------------- blocks


def test_a_block_above_the_cap_is_reported_with_its_key_and_not_compared() -> None:
    records = [_record("a", "x", str(n)) for n in range(4)]

    catalogue = _clustered(*records, block_cap=3)

    (problem,) = catalogue.problems
    assert problem.code == "BLOCK_TOO_LARGE"
    assert "4 records share the key 'x'" in str(problem)
    assert len(catalogue.clusters) == 4


def test_a_block_above_the_cap_is_split_by_another() -> None:
    titles = ["x y", "x y", "x", "x", "y", "y"]
    records = [_record("a", title, str(n)) for n, title in enumerate(titles)]

    catalogue = _clustered(*records, block_cap=3)

    assert _groups(catalogue) == [["0", "1"], ["2"], ["3"], ["4"], ["5"]]
    assert len(catalogue.problems) == 2


# ---------------------------------------------------------------- holdings and overlap


def test_a_member_with_two_records_of_one_publication_holds_it_once() -> None:
    one = _record("a", "x", "1", call_numbers=("K 1",), links=("https://a.example/1",))
    two = _record("a", "x", "2", call_numbers=("K 1", "K 2"))

    (holding,) = _clustered(one, two).holdings

    assert (holding.member, len(holding.records)) == ("A", 2)
    assert (holding.call_numbers, holding.links) == (("K 1", "K 2"), ("https://a.example/1",))


def test_two_sources_of_one_library_are_one_holding() -> None:
    catalogue = cluster(
        [_record("a", "x"), _record("b", "x")], {"a": "A", "b": "A"}, _REGISTRY, rules="by-title"
    )

    assert [one.member for one in catalogue.holdings] == ["A"]


def test_overlap_of_three_libraries() -> None:
    held = {"a": "123", "b": "234", "c": "3"}
    catalogue = _clustered(
        *(_record(source, f"t{title}") for source, titles in held.items() for title in titles)
    )

    found = overlap(catalogue, _REGISTRY)

    assert {"".join(pair): titles for pair, titles in found.matrix.items()} == {
        "AA": 3, "AB": 2, "AC": 1, "BA": 2, "BB": 3, "BC": 1, "CA": 1, "CB": 1, "CC": 1,
    }  # fmt: skip
    assert found.unique == {"A": 1, "B": 1, "C": 0}
    assert found.held_by_all == 1
    assert found.held_by_k == {1: 2, 2: 1, 3: 1}


def test_a_library_that_holds_nothing_counts_for_what_all_hold() -> None:
    found = overlap(_clustered(_record("a", "x"), _record("b", "x")), _REGISTRY)

    assert (found.held_by_all, found.unique["C"], found.matrix["C", "C"]) == (0, 0, 0)


# ---------------------------------------------------------------- what can go wrong


def test_a_source_without_library_is_named() -> None:
    with pytest.raises(CatalogueError, match="'d' belongs to no library"):
        _clustered(_record("d", "x"))


def test_a_repeated_identifier_is_reported_and_one_record_kept_whatever_the_order() -> None:
    records = [_record("a", "x", "1"), _record("a", "y", "1")]

    one, two = _clustered(*records), _clustered(*records[::-1])

    assert one == two
    assert [problem.code for problem in one.problems] == ["REPEATED_RECORD"]
    assert len(one.clusters) == 1


@pytest.mark.parametrize(
    ("rule", "where"),
    [
        ("bad-keys", "a 1: Zero"),
        ("bad-compare", "a 1, a 2"),
        ("bad-many", "a 1 a 2: ValueError: 0"),
        ("bad-may-reach", "a 1, a 2"),
    ],
)
def test_a_rule_that_fails_is_named_with_the_records(rule: str, where: str) -> None:
    with pytest.raises(CatalogueError, match=f"the match rule '{rule}' failed on {where}"):
        _clustered(_record("a", "x", "1"), _record("a", "x", "2"), rules=rule)


def test_a_rule_may_compare_many_pairs_at_once() -> None:
    records = [_record("a", "x y", "1"), _record("a", "y z", "2"), _record("a", "w", "3")]

    at_once = _clustered(*records, rules="by-title-at-once")

    assert at_once.clusters == _clustered(*records, rules="by-title").clusters


def test_pairs_that_a_rule_says_cannot_reach_the_threshold_are_not_compared() -> None:
    records = [
        _record("a", "x. Tập 1", "1"),
        _record("a", "x. Tập 1", "2"),
        _record("a", "y", "3"),
        _record("a", "y", "4"),
    ]

    found = _clustered(*records, rules="by-title-if-needed")

    assert _groups(found) == [["1", "2"], ["3"], ["4"]]


def test_a_rule_that_comes_apart_names_its_package() -> None:
    with pytest.raises(UnknownNameError, match="comes with the package libconsortium-splink"):
        cluster([], {}, Registry(without=["splink"]), rules="splink")


def test_an_unknown_engine_is_named() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'duckdb'"):
        _clustered(engine="duckdv")


def test_an_engine_that_comes_apart_names_its_package() -> None:
    with pytest.raises(UnknownNameError, match="pip install libconsortium-spark"):
        _clustered(engine="spark")


def test_without_pyarrow_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    catalogue = UnionCatalogue(members=(), clusters=(), holdings=())
    monkeypatch.setitem(sys.modules, "pyarrow", None)

    with pytest.raises(MissingExtraError, match=r"pyarrow.*libconsortium\[catalogue\]"):
        overlap(catalogue, _REGISTRY)


# ---------------------------------------------------------------- laws

_words = st.lists(st.sampled_from("vwxyz"), min_size=1, max_size=2, unique=True).map(" ".join)
_held = st.dictionaries(
    st.tuples(st.sampled_from("abc"), st.sampled_from("1234")),
    st.tuples(_words, st.sampled_from(["", "1", "2"])),
    max_size=9,
).map(
    lambda held: [
        _record(source, title, number, volume=volume)
        for (source, number), (title, volume) in held.items()
    ]
)
_some = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def _some_decisions(data: st.DataObject, records: list[BibRecord]) -> list[Decision]:
    keys = [record_key(one.source, one.identifier) for one in records]
    if len(keys) < 2:
        return []
    two = st.lists(st.sampled_from(keys), min_size=2, max_size=2, unique=True)
    made = st.builds(
        lambda pair, verdict: Decision(left=pair[0], right=pair[1], verdict=verdict),
        two,
        st.sampled_from(Verdict),
    )
    return data.draw(st.lists(made, max_size=4))


@pytest.mark.slow
@_some
@given(_held, st.data())
def test_the_order_of_records_and_decisions_does_not_matter(
    records: list[BibRecord], data: st.DataObject
) -> None:
    decisions = _some_decisions(data, records)
    shuffled = data.draw(st.permutations(records))

    one = _clustered(*records, decisions=decisions)
    two = _clustered(*shuffled, decisions=decisions[::-1])

    assert one == two


@pytest.mark.slow
@_some
@given(_held, st.data())
def test_records_told_apart_are_never_together(
    records: list[BibRecord], data: st.DataObject
) -> None:
    decisions = _some_decisions(data, records)

    catalogue = _clustered(*records, decisions=decisions)

    home = {key: one.id for one in catalogue.clusters for key in one.records}
    assert len(home) == len(records)
    for one in decisions:
        if one.verdict is Verdict.DIFFERENT:
            assert home[one.left] != home[one.right]


@pytest.mark.slow
@_some
@given(_held)
def test_no_cluster_holds_two_volumes(records: list[BibRecord]) -> None:
    volumes = {record_key(one.source, one.identifier): one.volume for one in records}

    for found in _clustered(*records).clusters:
        assert len({volumes[key] for key in found.records} - {""}) <= 1


@pytest.mark.slow
@_some
@given(_held)
def test_confirming_every_link_changes_no_cluster(records: list[BibRecord]) -> None:
    found = _clustered(*records)
    confirmed = [
        Decision(left=link.left, right=link.right, verdict=Verdict.SAME)
        for one in found.clusters
        for link in one.links
    ]

    again = _clustered(*records, decisions=confirmed)

    assert [attrs.evolve(one, links=()) for one in again.clusters] == [
        attrs.evolve(one, links=()) for one in found.clusters
    ]


_ORDERS = list(permutations(("Phạm Việt Hòa", "Phạm Viết Hoa", "Pham Viet Hoa")))


def _of_titles(*titles: str, threshold: float, **more: str) -> set[tuple[str, ...]]:
    """Return the titles of each cluster; ``more`` is the publisher of a title."""
    records = [
        BibRecord(
            source="a",
            identifier=str(number),
            titles=(title,),
            creators=("Trần Bình",),
            year=2010,
            extent="210 tr.",
            publishers=(more.get(title.split()[-1], "Trẻ"),),
        )
        for number, title in enumerate(titles)
    ]
    found = cluster(records, {"a": "A"}, Registry(), threshold=threshold).clusters
    title_of = {record_key("a", one.identifier): one.title for one in records}
    return {tuple(sorted(title_of[key] for key in one.records)) for one in found}


@pytest.mark.parametrize("titles", _ORDERS)
@pytest.mark.parametrize("threshold", [0.5, 0.91])
def test_a_title_without_diacritics_that_may_be_two_others_joins_neither(
    titles: tuple[str, ...], threshold: float
) -> None:
    assert _of_titles(*titles, threshold=threshold) == {(one,) for one in titles}


@pytest.mark.parametrize("titles", _ORDERS)
def test_it_joins_the_one_that_has_its_publisher(titles: tuple[str, ...]) -> None:
    found = _of_titles(*titles, threshold=0.5, Hoa="Tri Thức", Hòa="Kim Đồng")

    assert ("Pham Viet Hoa", "Phạm Viết Hoa") in found
