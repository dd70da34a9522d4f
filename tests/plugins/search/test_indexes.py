from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest

from libconsortium import (
    BibRecord,
    CatalogueError,
    MissingExtraError,
    Registry,
    SearchBackend,
    SearchDocument,
    SearchIndex,
    SearchOrder,
    SearchPlan,
    SearchRequest,
    StoreError,
    UnionRecord,
    ask_index,
    open_search_index,
    search_document,
    union_record,
    update_index,
)
from libconsortium.testing import BrokenPromiseError, check_search_backend
from libconsortium.testing.search_backends import (
    EXAMPLE_RECORDS,
    example_documents,
    example_unions,
)

_REGISTRY = Registry()


def _titles(index: SearchIndex, text: str, **more: Any) -> list[str]:
    page = ask_index(index, SearchRequest(text=text, limit=50, **more), _REGISTRY)
    return [hit.row["title"] for hit in page.hits]


@pytest.fixture
def filled(index: SearchIndex) -> SearchIndex:
    index.update(example_documents(), (), rules="r")
    return index


def test_words_without_diacritics_find_those_with_them(filled: SearchIndex) -> None:
    found = _titles(filled, "hoa binh")

    assert set(found) == {"Hòa Bình", "HOÀ BÌNH.", "Hoa binh va chien tranh"}


def test_words_as_typed_come_first(filled: SearchIndex) -> None:
    assert _titles(filled, "phạm viết hoa") == ["Phạm Viết Hoa", "Phạm Việt Hòa : tuyển tập"]
    assert _titles(filled, "phạm việt hòa")[0] == "Phạm Việt Hòa : tuyển tập"
    page = ask_index(filled, SearchRequest(text="phạm việt hòa"), _REGISTRY)
    assert [hit.is_as_typed for hit in page.hits] == [True, False]


def test_both_ways_to_write_a_word_are_found(filled: SearchIndex) -> None:
    assert len(_titles(filled, "vật lý")) == len(_titles(filled, "vật lí")) == 2
    assert len(_titles(filled, "kĩ thuật")) == 2
    assert len(_titles(filled, "title:hoà-bình")) == 3


@pytest.mark.parametrize(
    "typed", ["9786041000001", "isbn:978-604-1-00000-1", "978 604 1 00000 1", "id:9786041000001"]
)
def test_an_isbn_is_found_in_any_writing(filled: SearchIndex, typed: str) -> None:
    assert _titles(filled, typed) == ["Truyện Kiều"]


@pytest.mark.parametrize(
    "typed", ["10.1000/XYZ.123", "doi:https://doi.org/10.1000/xyz.123", "isbn:6041x"]
)
def test_a_doi_and_a_wrong_isbn_are_found(filled: SearchIndex, typed: str) -> None:
    assert _titles(filled, typed) == ["R&D 2019-2021"]


def test_titles_are_sorted_in_vietnamese_order(index: SearchIndex) -> None:
    titles = ("Đỗ", "Dương", "Ân", "An", "Ăn", "Dũng", "Dung")
    records = [union_record(one, [_book(one)]) for one in titles]
    index.update([search_document(one) for one in records], (), rules="r")

    found = _titles(index, "", order=SearchOrder.TITLE)

    assert found == ["An", "Ăn", "Ân", "Dung", "Dũng", "Dương", "Đỗ"]


def test_the_newest_come_first_and_those_without_a_year_last(filled: SearchIndex) -> None:
    page = ask_index(filled, SearchRequest(text="", order=SearchOrder.YEAR, limit=50), _REGISTRY)
    years = [hit.row.get("year") or 0 for hit in page.hits]

    assert years == sorted(years, reverse=True)


def test_facets_count_what_was_found(filled: SearchIndex) -> None:
    page = ask_index(
        filled, SearchRequest(text="giáo trình", counted=("year", "type", "place")), _REGISTRY
    )

    assert page.facets["year"] == (("2020", 2), ("2019", 1))
    assert page.facets["place"] == ()


def test_a_place_is_found_by_its_name_of_now_or_before(filled: SearchIndex) -> None:
    assert _titles(filled, 'place:"Hải Dương"') == _titles(filled, "place:hai-phong")
    page = ask_index(filled, SearchRequest(text="đê", counted=("place", "place-before")), _REGISTRY)
    assert page.facets["place"] == (("Hải Phòng", 1),)
    assert page.facets["place-before"] == (("Hải Dương", 1), ("Hải Phòng", 1))


def test_an_update_replaces_and_removes(filled: SearchIndex) -> None:
    new = search_document(union_record("u2", [_book("Lục Vân Tiên")]), fingerprint="2")

    filled.update([new], ["u3", "unknown"], rules="s")

    assert _titles(filled, "lục vân tiên") == ["Lục Vân Tiên"]
    assert _titles(filled, "isbn:9786041000001") == []
    assert "u3" not in filled.fingerprints()
    assert filled.fingerprints()["u2"] == "2"
    assert filled.rules() == "s"


def test_documents_that_come_when_the_last_ones_went_are_found(filled: SearchIndex) -> None:
    gone = [one.id for one in example_documents()[-3:]]
    new = [union_record(title, [_book(title)]) for title in ("Lục Vân Tiên", "Nhị Độ Mai")]

    filled.update([search_document(one) for one in new], gone, rules="r")

    assert _titles(filled, "lục vân tiên") == ["Lục Vân Tiên"]
    assert len(_titles(filled, "")) == len(filled.fingerprints())


def test_an_update_that_fails_changes_nothing(filled: SearchIndex) -> None:
    def failing() -> Iterator[SearchDocument]:
        yield search_document(union_record("new", [_book("Lục Vân Tiên")]))
        raise RuntimeError

    before = dict(filled.fingerprints())
    with pytest.raises(RuntimeError):
        filled.update(failing(), ["u2"], rules="s")

    assert filled.fingerprints() == before
    assert _titles(filled, "lục vân tiên") == []


def test_an_index_stays_when_it_is_opened_again(address: str) -> None:
    first = open_search_index(address, _REGISTRY)
    first.update(example_documents(), (), rules="r")
    first.close()

    second = open_search_index(address, _REGISTRY)

    assert second.rules() == "r"
    assert len(second.fingerprints()) == len(example_documents())
    second.clear()
    assert second.rules() == ""
    assert not second.fingerprints()
    second.close()


def test_only_what_changed_is_written(index: SearchIndex) -> None:
    held = {one.cluster: one for one in example_unions()}
    asked: list[set[str]] = []

    def of(wanted: Collection[str]) -> list[UnionRecord]:
        asked.append(set(wanted))
        return [held[one] for one in asked[-1] if one in held]

    def updated(marks: dict[str, str], rules: str = "r") -> tuple[int, int, int, bool]:
        done = update_index(index, marks, of, rules=rules)
        return done.written, done.removed, done.unchanged, done.is_rebuilt

    marks = dict.fromkeys(held, "1")
    assert updated(marks) == (len(held), 0, 0, True)
    assert updated(marks) == (0, 0, len(held), False)
    marks |= {"u2": "2"}
    del marks["u3"]
    assert updated(marks) == (1, 1, len(held) - 2, False)
    assert asked[-1] == {"u2"}
    assert updated(marks, "other rules")[3]


def test_what_is_shown_no_longer_leaves_the_index(index: SearchIndex) -> None:
    held = {one.cluster: one for one in example_unions()}
    update_index(index, dict.fromkeys(held, "1"), lambda _: held.values(), rules="r")

    done = update_index(index, {**dict.fromkeys(held, "1"), "u2": "2"}, lambda _: (), rules="r")

    assert done.removed == 1
    assert "u2" not in index.fingerprints()


def test_a_key_of_another_search_is_refused(filled: SearchIndex) -> None:
    key = ask_index(filled, SearchRequest(text="giáo trình", limit=1), _REGISTRY).next_key

    assert ask_index(filled, SearchRequest(text="giáo trình", limit=2, after=key), _REGISTRY).hits
    for wrong in (key[:-2], "x", "é"):
        with pytest.raises(CatalogueError, match="no key of a page"):
            ask_index(filled, SearchRequest(text="giáo trình", after=wrong), _REGISTRY)
    with pytest.raises(CatalogueError, match="no key of a page"):
        ask_index(filled, SearchRequest(text="truyện", after=key), _REGISTRY)


def test_paging_goes_on_when_documents_come_in_between(filled: SearchIndex) -> None:
    first = ask_index(filled, SearchRequest(text="", order=SearchOrder.TITLE, limit=5), _REGISTRY)
    seen = [hit.id for hit in first.hits]
    new = [search_document(union_record("0", [_book("!")]))]

    filled.update(new, [seen[-1]], rules="r")
    rest = ask_index(
        filled,
        SearchRequest(text="", order=SearchOrder.TITLE, limit=50, after=first.next_key),
        _REGISTRY,
    )

    assert len(seen) + len(rest.hits) == len(example_documents())
    assert not set(seen) & {hit.id for hit in rest.hits}


def test_long_titles_that_begin_alike_are_paged_too(index: SearchIndex) -> None:
    title = "Giáo trình những nguyên lí cơ bản " * 5
    many = [union_record(f"u{n:02}", [_book(title, identifier=str(n))]) for n in range(30)]
    index.update([search_document(one) for one in many], (), rules="r")

    found, key = list[str](), ""
    while not found or key:
        page = ask_index(index, SearchRequest(text="giáo trình", after=key, limit=4), _REGISTRY)
        found += [hit.id for hit in page.hits]
        key = page.next_key

    assert found == [one.cluster for one in many]


def test_long_queries_and_long_lists_of_values_are_no_error(filled: SearchIndex) -> None:
    many = {"member": ["a", *(f"library {number}" for number in range(500))]}
    text = " ".join(f'"kiều {number}" -"đê {number}"' for number in range(200))

    assert len(_titles(filled, "", narrowed=many)) == 7
    assert _titles(filled, text, narrowed=many) == []


def test_words_that_were_asked_for_are_marked(filled: SearchIndex) -> None:
    hit = ask_index(filled, SearchRequest(text="title:kieu -chú"), _REGISTRY).hits[-1]

    assert hit.highlights["titles"][0] == ((7, 11),)
    assert hit.row["titles"][0][7:11] == "Kiều"


def test_documents_that_came_later_are_sorted_among_the_others(
    index: SearchIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    from libconsortium.plugins.search import sqlite_writing

    def titled(numbers: Iterable[int]) -> list[SearchDocument]:
        unions = [union_record(f"u{n}", [_book(f"Truyện {n:02}")]) for n in numbers]
        return [search_document(one) for one in unions]

    monkeypatch.setattr(sqlite_writing, "_UNSORTED", 3)  # so that some are numbered anew
    for start in (5, 4, 3, 2, 1, 0):
        index.update(titled(range(start, 60, 6)), (), rules="r")
    index.update(titled([7, 20]), ["u8", "u30", "u59"], rules="r")

    expected = [f"Truyện {n:02}" for n in range(60) if n not in {8, 30, 59}]
    for order in SearchOrder:
        found, key = list[str](), ""
        while not found or key:
            page = ask_index(
                index, SearchRequest(text="truyen", order=order, after=key, limit=7), _REGISTRY
            )
            found += [hit.row["title"] for hit in page.hits]
            key = page.next_key
        assert found == expected


# ---------------------------------------------------------------- promises


def test_every_backend_keeps_its_promises(address: str) -> None:
    scheme = address.partition(":")[0].partition("+")[0]

    for backend in _REGISTRY.all(SearchBackend).values():
        if scheme in backend.schemes:
            check_search_backend(backend, address)


@pytest.mark.parametrize(
    ("wrong", "law"),
    [
        (lambda plan: attrs.evolve(plan, after=None), "the pages one after the other"),
        (lambda plan: attrs.evolve(plan, unwanted=()), "it finds, ranks, sorts and counts"),
        (lambda plan: attrs.evolve(plan, ranks=()), "it finds, ranks, sorts and counts"),
        (lambda plan: attrs.evolve(plan, first_year=None), "it finds, ranks, sorts and counts"),
    ],
)
def test_a_backend_that_breaks_a_promise_is_told(
    wrong: Callable[[SearchPlan], SearchPlan], law: str, tmp_path: Path
) -> None:
    good = _REGISTRY.find(SearchBackend, "sqlite")

    class Wrong:
        def __init__(self, index: SearchIndex) -> None:
            self.index = index

        def __getattr__(self, name: str) -> object:
            return getattr(self.index, name)

        def answer(self, plan: SearchPlan) -> object:
            return self.index.answer(wrong(plan))

    bad = attrs.evolve(good, open=lambda address: Wrong(good.open(address)))  # type: ignore[arg-type, return-value]
    with pytest.raises(BrokenPromiseError, match=law):
        check_search_backend(bad, f"sqlite:///{tmp_path}/search.db")


# ---------------------------------------------------------------- files and servers


def test_a_file_that_is_something_else_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "mine.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE mine (x)")
    connection.close()

    with pytest.raises(StoreError, match="is no search index"):
        open_search_index(f"sqlite:///{path}", _REGISTRY)


def test_what_only_a_removed_document_had_leaves_the_file(tmp_path: Path) -> None:
    index = open_search_index(f"sqlite:///{tmp_path}/search.db", _REGISTRY)
    gone = attrs.evolve(_book("Sóng"), source="library-withdrawn")
    held = [union_record("u1", [_book("Sóng")]), union_record("u2", [gone])]
    index.update([search_document(one) for one in held], (), rules="r")

    index.update((), ["u2"], rules="r")
    index.close()

    assert b"library-withdrawn" not in (tmp_path / "search.db").read_bytes()


def test_a_damaged_file_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "search.db"
    path.write_bytes(b"not a database" * 100)

    with pytest.raises(StoreError, match="libconsortium index"):
        open_search_index(f"sqlite:///{path}", _REGISTRY)


@pytest.mark.parametrize("address", ["sqlite://", "tantivy://", "sqlite:///nowhere/at/all.db"])
def test_an_address_that_cannot_be_opened_is_named(address: str, tmp_path: Path) -> None:
    with pytest.raises(StoreError):
        open_search_index(address.replace("nowhere", str(tmp_path / "nowhere")), _REGISTRY)


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    pytest.importorskip("tantivy")
    (tmp_path / "letters.txt").write_text("mine")

    with pytest.raises(StoreError, match="is no search index"):
        open_search_index(f"tantivy:///{tmp_path}", _REGISTRY)
    assert (tmp_path / "letters.txt").exists()


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://me:geheim@127.0.0.1:1/db",
        "postgresql://me:%zgeheim@127.0.0.1:1/db",
        "postgresql://me:a@geheim@127.0.0.1:1/db",
        "postgresql://me@127.0.0.1:1/db?password=geheim",
    ],
    ids=["plain", "badly written", "with an at sign", "as a parameter"],
)
def test_no_message_shows_a_password(address: str) -> None:
    with pytest.raises(StoreError) as caught:
        open_search_index(address, _REGISTRY)

    assert "geheim" not in f"{caught.value}{caught.value.__cause__}"


def test_an_index_of_another_version_is_made_again(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path}/search.db"
    index = open_search_index(address, _REGISTRY)
    index.update(example_documents(), (), rules="r")
    index.close()
    with sqlite3.connect(tmp_path / "search.db") as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()

    again = open_search_index(address, _REGISTRY)

    assert (again.rules(), dict(again.fingerprints())) == ("", {})
    again.close()


@pytest.mark.parametrize(
    ("module", "package", "address"),
    [
        ("tantivy_index", "tantivy", "tantivy:///nowhere/index"),
        ("postgresql_index", "psycopg", "postgresql://nowhere/db"),
    ],
)
def test_a_missing_package_is_named(
    module: str, package: str, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, f"libconsortium.plugins.search.{module}", raising=False)
    monkeypatch.setitem(sys.modules, package, None)

    with pytest.raises(MissingExtraError, match="pip install"):
        open_search_index(address, _REGISTRY)


def _book(title: str, identifier: str = "1") -> BibRecord:

    return attrs.evolve(EXAMPLE_RECORDS[0], identifier=identifier, titles=(title,), creators=())
