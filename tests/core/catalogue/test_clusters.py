from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from libconsortium.core.catalogue.clusters import Component, taken_apart

_numbers = st.integers(0, 7)
_pairs = st.lists(
    st.tuples(_numbers, _numbers).filter(lambda two: two[0] < two[1]), max_size=8, unique=True
)
_components = st.builds(
    Component,
    records=st.just(tuple(range(8))),
    links=_pairs.flatmap(
        lambda pairs: st.tuples(
            *(
                st.tuples(st.just(a), st.just(b), st.sampled_from([0.9, 0.95, 1.0]))
                for a, b in pairs
            )
        )
    ),
    same=_pairs.map(tuple),
    different=_pairs.map(tuple),
    vetoed=_pairs.map(tuple),
)


def test_the_weakest_link_of_a_chain_gives_way() -> None:
    chain = Component(records=(1, 2, 3), links=((1, 2, 0.9), (2, 3, 0.95)), different=((1, 3),))

    assert taken_apart(chain) == ((1,), (2, 3))


def test_a_veto_holds_through_a_chain() -> None:
    chain = Component(records=(1, 2, 3), links=((1, 2, 0.95), (2, 3, 0.9)), vetoed=((1, 3),))

    assert taken_apart(chain) == ((1, 2), (3,))


def test_a_cataloguers_word_outranks_a_veto() -> None:
    chain = Component(records=(1, 2, 3), same=((1, 2), (2, 3)), vetoed=((1, 3), (1, 2)))

    assert taken_apart(chain) == ((1, 2, 3),)


def test_of_decisions_that_contradict_each_other_the_careful_one_holds() -> None:
    torn = Component(records=(1, 2, 3), same=((1, 2), (2, 3)), different=((1, 3),))

    assert taken_apart(torn) == ((1, 2), (3,))


@given(_components)
def test_no_two_records_told_apart_end_in_one_group(component: Component) -> None:
    group = {record: group for group in taken_apart(component) for record in group}

    assert all(group[left] != group[right] for left, right in component.different)


@given(_components)
def test_every_record_is_in_one_group(component: Component) -> None:
    assert sorted(record for group in taken_apart(component) for record in group) == list(range(8))


@given(_components)
def test_the_order_of_links_does_not_matter(component: Component) -> None:
    turned = Component(
        records=component.records[::-1],
        links=tuple((right, left, score) for left, right, score in component.links[::-1]),
        same=component.same[::-1],
        different=component.different[::-1],
        vetoed=component.vetoed[::-1],
    )

    assert taken_apart(turned) == taken_apart(component)
