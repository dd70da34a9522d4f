from __future__ import annotations

import attrs
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
    marked=_pairs.map(tuple),
    open=_pairs.map(frozenset),
)


def test_the_weakest_link_of_a_chain_gives_way() -> None:
    chain = Component(records=(1, 2, 3), links=((1, 2, 0.9), (2, 3, 0.95)), different=((1, 3),))

    assert taken_apart(chain) == ((1,), (2, 3))


def test_a_veto_holds_through_a_chain() -> None:
    chain = Component(records=(1, 2, 3), links=((1, 2, 0.95), (2, 3, 0.9)), vetoed=((1, 3),))

    assert taken_apart(chain) == ((1, 2), (3,))


def _unaccented(
    records: int, *links: tuple[int, int, float], marked: tuple[tuple[int, int], ...] = ((1, 2),)
) -> Component:
    """Two records told apart by diacritics, and others that are without them."""
    return Component(
        records=tuple(range(1, records + 1)),
        links=links,
        vetoed=marked,
        marked=marked,
        open=frozenset((left, right) for left, right, _ in links if {left, right} - {1, 2, 5}),
    )


def test_what_is_without_diacritics_and_fits_two_equally_joins_neither() -> None:
    assert taken_apart(_unaccented(3, (1, 3, 0.95), (2, 3, 0.95))) == ((1,), (2,), (3,))


def test_it_joins_the_one_that_agrees_in_more() -> None:
    assert taken_apart(_unaccented(3, (1, 3, 0.95), (2, 3, 0.96))) == ((1,), (2, 3))


def test_nor_does_it_join_one_of_them_by_way_of_a_weaker_link() -> None:
    links = (1, 5, 0.99), (1, 3, 0.95), (2, 3, 0.95), (3, 5, 0.9)

    assert taken_apart(_unaccented(5, *links)) == ((1, 5), (2,), (3,), (4,))


def test_two_of_them_belong_together() -> None:
    links = (1, 3, 0.95), (1, 4, 0.95), (2, 3, 0.95), (2, 4, 0.95), (3, 4, 0.95)

    assert taken_apart(_unaccented(4, *links)) == ((1,), (2,), (3, 4))


def test_what_has_diacritics_joins_one_even_so() -> None:
    links = (1, 5, 0.95), (2, 5, 0.95)

    assert taken_apart(_unaccented(5, *links)) == ((1, 5), (2,), (3,), (4,))


def test_a_cataloguer_says_which_of_them_it_is() -> None:
    torn = _unaccented(3, (1, 3, 0.95), (2, 3, 0.95))

    assert taken_apart(attrs.evolve(torn, same=((1, 3),))) == ((1, 3), (2,))
    assert taken_apart(attrs.evolve(torn, different=((1, 3),))) == ((1,), (2, 3))


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
        marked=tuple(pair[::-1] for pair in component.marked[::-1]),
        open=component.open,
    )

    assert taken_apart(turned) == taken_apart(component)
