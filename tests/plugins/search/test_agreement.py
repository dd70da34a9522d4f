"""Every index gives what looking through all documents gives, in the same order."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import attrs
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from libconsortium import (
    SEARCH_FACETS,
    IdentifierScheme,
    Registry,
    SearchIndex,
    SearchOrder,
    SearchRequest,
    ask_index,
    open_search_index,
    parse_query,
    plan_of,
)
from libconsortium.testing.search_backends import example_documents, looked_through

_TYPED_WORDS = """
    truyện truyen kiều KIEU Kiều kiêu việt viết viet hòa hoà hoa bình binh giáo trình vật lý lí
    kỹ kĩ thuật đê de biển đêm c++ C# 日本 l'été été R&D 2019-2021 2019 zqx zqall zq an ăn ân Đỗ
    OR AND NOT near( * ^ : " ' ; -- () NXB 9786041000001 978-604-1-00000-1 10.1000/xyz.123
    https://doi.org/10.1000/XYZ.123 604-1-x
"""
_WORDS = st.sampled_from(_TYPED_WORDS.split())
_FIELDS = st.sampled_from(
    ("", "", "", "title:", "author:", "subject:", "publisher:", "isbn:", "id:", "x:", "place:")
)
_PARTS = st.builds(
    lambda minus, field, words, quoted: (
        minus + field + (f'"{" ".join(words)}"' if quoted else words[0])
    ),
    st.sampled_from(("", "", "", "-")),
    _FIELDS,
    st.lists(_WORDS, min_size=1, max_size=3),
    st.booleans(),
)
_YEARS = st.sampled_from(("", "", "year:2019", "year:1960..2001", "year:..1999", "year:2020.."))
_TYPED = st.builds(
    lambda parts, year: " ".join([*parts, year]), st.lists(_PARTS, max_size=3), _YEARS
)
_QUERIES = _TYPED | st.text(max_size=30)
_KNOWN = Registry().all(IdentifierScheme)
_SCHEMES = {name: _KNOWN[name].normalise for name in ("isbn", "issn", "doi", "handle")}
_NARROWED = st.sampled_from(
    ({}, {}, {"member": ["a"]}, {"member": ["a", "b"], "type": ["other"]}, {"member": ["x"]})
)


@pytest.fixture(scope="module")
def indexes(
    pg_cluster: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[list[SearchIndex]]:
    folder = tmp_path_factory.mktemp("indexes")
    addresses = (
        f"sqlite:///{folder}/search.db",
        f"tantivy:///{folder}/index",
        f"postgresql://postgres@/postgres?host={pg_cluster}",
    )
    opened = [open_search_index(address, Registry()) for address in addresses]
    for one in opened:
        one.clear()
        one.update(example_documents(), (), rules="r")
    yield [*opened, _grown(f"sqlite:///{folder}/grown.db")]
    for one in opened:
        one.clear()
        one.close()


def _grown(address: str) -> SearchIndex:
    """Make an index bit by bit: most documents stand behind those that are in order."""
    index, held = open_search_index(address, Registry()), example_documents()
    index.update(held[::3], (), rules="r")
    index.update(held[1::3], (), rules="r")
    index.update([*held[2::3], held[0], held[1]], [held[0].id, held[3].id], rules="r")
    index.update([held[3]], (), rules="r")
    return index


@pytest.mark.slow
@given(text=_QUERIES, narrowed=_NARROWED, order=st.sampled_from(SearchOrder))
@example(text="zqx", narrowed={}, order=SearchOrder.RELEVANCE)
@example(text='truyện kiều -"kim vân', narrowed={}, order=SearchOrder.TITLE)
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_index_finds_the_same(
    indexes: list[SearchIndex], text: str, narrowed: dict[str, list[str]], order: SearchOrder
) -> None:
    held = example_documents()
    plan = plan_of(parse_query(text, _SCHEMES), narrowed=narrowed, order=order)
    plan = attrs.evolve(plan, limit=100, counted=SEARCH_FACETS)
    expected = looked_through(plan, held)

    for index in indexes:
        answer = index.answer(plan)

        assert answer.found == expected.found
        assert (answer.total, answer.facets) == (expected.total, expected.facets)


_STEPS = st.lists(
    st.tuples(st.sets(st.integers(0, 9)), st.sets(st.integers(0, 9))), min_size=1, max_size=5
)
"""Updates: the documents that go, and those that come."""


@pytest.mark.slow
@given(steps=_STEPS)
@settings(max_examples=100)
def test_whatever_came_and_went_everything_held_is_found(
    steps: list[tuple[set[int], set[int]]],
) -> None:
    documents = example_documents()[:10]
    with TemporaryDirectory() as folder:
        index = open_search_index(f"sqlite:///{folder}/search.db", Registry())
        held: set[int] = set()
        for gone, come in steps:
            index.update(
                [documents[one] for one in come], [documents[one].id for one in gone], rules="r"
            )
            held = (held - gone) | come
        plan = attrs.evolve(plan_of(parse_query("")), limit=100, counted=SEARCH_FACETS)

        assert index.answer(plan) == looked_through(plan, [documents[one] for one in held])
        index.close()


@pytest.mark.slow
@given(text=_QUERIES, order=st.sampled_from(SearchOrder), limit=st.integers(1, 4))
@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_pages_one_after_the_other_are_all_there_is(
    indexes: list[SearchIndex], text: str, order: SearchOrder, limit: int
) -> None:
    registry = Registry()
    whole = [
        hit.id
        for hit in ask_index(
            indexes[0], SearchRequest(text=text, order=order, limit=100), registry
        ).hits
    ]
    for index in indexes:
        found, key = [], ""
        while True:
            page = ask_index(
                index, SearchRequest(text=text, order=order, after=key, limit=limit), registry
            )
            found += [hit.id for hit in page.hits]
            key = page.next_key
            if not key:
                break
        assert found == whole
