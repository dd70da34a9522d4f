"""Clusters keep their ids when records join, leave, merge and part."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from libconsortium import ClusterEnd, NamedRecord
from libconsortium.core.catalogue.cluster_ids import ClusterIds, cluster_ids


def _before(**clusters: str) -> list[NamedRecord]:
    return [
        NamedRecord(record=record, cluster=name, since=1)
        for name, records in clusters.items()
        for record in records
    ]


def _ids(groups: str, before: list[NamedRecord], taken: str = "") -> ClusterIds:
    parts = [tuple(group) for group in groups.split()]
    return cluster_ids(parts, before, run=7, taken=set(taken))


def test_a_new_cluster_takes_the_key_of_its_first_record() -> None:
    assert _ids("ab c", []).ids == ("a", "c")


def test_a_cluster_keeps_its_id_when_a_smaller_record_joins() -> None:
    found = _ids("abc", _before(b="bc"))

    assert (found.ids, found.ended) == (("b",), ())


def test_of_merged_clusters_the_larger_one_gives_its_id_and_the_other_ends_in_it() -> None:
    found = _ids("abcde", _before(a="ab", c="cde"))

    assert found.ids == ("c",)
    assert found.ended == (ClusterEnd(cluster="a", successor="c", run=7),)


def test_of_two_equal_ones_the_older_gives_its_id() -> None:
    old = [
        NamedRecord(record="a", cluster="a", since=5),
        NamedRecord(record="b", cluster="b", since=2),
    ]

    assert _ids("ab", old).ids == ("b",)


def test_the_largest_part_of_a_cluster_keeps_its_id_and_the_other_says_where_it_was() -> None:
    found = _ids("ab cde", _before(a="abcde"), taken="a")

    assert found.ids == ("b", "a")
    assert found.origins == {"b": "a"}
    assert found.ended == ()


def test_a_part_whose_keys_are_all_in_use_is_named_after_the_run() -> None:
    assert _ids("a bc", _before(a="abc")).ids == ("a#7", "a")


def test_a_key_in_use_by_a_cluster_elsewhere_is_not_taken() -> None:
    assert _ids("ab", [], taken="a").ids == ("b",)


def test_an_id_whose_records_are_gone_ends_without_successor() -> None:
    found = _ids("b", _before(a="a"))

    assert found.ended == (ClusterEnd(cluster="a", run=7),)


def test_the_records_of_an_ended_id_are_found_where_most_of_them_went() -> None:
    found = _ids("axyz bcuvwr", [*_before(a="abc"), *_before(x="xyz"), *_before(u="uvwr")])

    assert found.ids == ("x", "u")
    assert found.ended == (ClusterEnd(cluster="a", successor="u", run=7),)


def test_a_new_id_comes_from_where_most_of_its_records_were() -> None:
    old = [*_before(a="abcd"), *_before(m="mnopqr")]

    found = _ids("bcd mnopq ae r", old)

    assert found.ids == ("a", "m", "e", "r")
    assert found.origins == {"e": "a", "r": "m"}


@given(
    st.lists(st.sets(st.integers(0, 9), min_size=1), max_size=5),
    st.dictionaries(st.integers(0, 9), st.integers(0, 3)),
)
def test_ids_are_given_once_and_every_old_one_is_kept_or_ended(
    drawn: list[set[int]], homes: dict[int, int]
) -> None:
    seen: set[int] = set()
    groups = []
    for one in drawn:
        left = sorted(one - seen)
        seen |= one
        groups.extend([[str(key) for key in left]] if left else [])
    before = [
        NamedRecord(record=str(key), cluster=f"{home}", since=home) for key, home in homes.items()
    ]

    found = cluster_ids(groups, before, run=9)

    assert len(set(found.ids)) == len(groups)
    old = {one.cluster for one in before}
    assert old == (old & set(found.ids)) | {end.cluster for end in found.ended}
    assert not set(found.ids) & {end.cluster for end in found.ended}
