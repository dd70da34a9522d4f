"""Facts: loaded, logged, taken back."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from libconsortium import Change, Directory, StoreError, changes
from libconsortium.core.buying.offers import Offer, OfferTier
from libconsortium.core.directory.facts import Fact
from libconsortium.core.directory.federations import Federation, Membership
from libconsortium.core.directory.measures import Measure
from libconsortium.core.directory.members import Library, LibraryKind
from libconsortium.core.directory.quantities import Quantity
from libconsortium.core.money import Money
from libconsortium.plugins.sql_store.sql_store import SqlStore

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
FACTS: tuple[Fact, ...] = (
    Library(id="tlu", name="Thư viện Đại học", kind=LibraryKind.HIGHER_EDUCATION),
    Library(id="đhb", name="=SUM(A1)\n'; DROP TABLE lc_libraries; --"),
    Federation(id="st"),
    Membership(member="tlu", federation="st", valid_from=date(2020, 1, 1)),
    Measure(library="tlu", name="fte", period="2025", value=Quantity.parse("hơn 700")),
    Offer(id="o1", subscription="s1", amount=Money(12_050, "USD")),
    OfferTier(offer="o1", above=Fraction(5), price=Money(10**15, "VND")),
)


def to_load(store: SqlStore, *facts: Fact, removing: bool = False) -> tuple[Change, ...]:
    return changes(store.directory(), Directory.of(facts), removing=removing)


def load(store: SqlStore, *facts: Fact) -> None:
    store.apply(to_load(store, *facts), at=NOON, what="test", sources=("members.csv",))


def test_a_new_store_is_empty(store: SqlStore) -> None:
    assert store.directory() == Directory.of([])
    assert store.loads() == ()


def test_facts_come_back_as_they_were(store: SqlStore) -> None:
    load(store, *FACTS)

    assert store.directory() == Directory.of(FACTS)


def test_facts_are_there_after_the_store_is_opened_again(store: SqlStore) -> None:
    load(store, *FACTS)
    store.close()

    assert store.directory() == Directory.of(FACTS)


def test_a_changed_and_a_removed_fact_are_written(store: SqlStore) -> None:
    load(store, *FACTS)
    changed = Library(id="tlu", name="Another name")

    store.apply(to_load(store, changed, removing=True), at=NOON, what="only this one")

    assert store.directory() == Directory.of([changed])


def test_loading_the_same_again_is_no_load(store: SqlStore) -> None:
    load(store, *FACTS)

    again = store.apply(to_load(store, *FACTS), at=NOON, what="again")

    assert again is None
    assert len(store.loads()) == 1


def test_the_log_says_when_what_and_from_which_file(store: SqlStore) -> None:
    load(store, *FACTS)

    (entry,) = store.loads()

    assert (entry.number, entry.at, entry.what) == (1, NOON, "test")
    assert (entry.sources, entry.changes) == (("members.csv",), len(FACTS))


def test_undo_takes_back_the_last_load_and_the_log_keeps_both(store: SqlStore) -> None:
    load(store, *FACTS)
    before = store.directory()
    load(store, Library(id="tlu", name="Wrong"), Library(id="new"))

    undone = store.undo(at=NOON)

    assert store.directory() == before
    assert (undone.undoes, undone.changes) == (2, 2)
    assert [entry.undone_by for entry in store.loads()] == [None, 3, None]


def test_undo_again_takes_back_the_load_before(store: SqlStore) -> None:
    load(store, *FACTS)
    load(store, Library(id="new"))

    store.undo(at=NOON)
    store.undo(at=NOON)

    assert store.directory() == Directory.of([])
    with pytest.raises(StoreError, match="no load to take back"):
        store.undo(at=NOON)


def test_changes_worked_out_from_an_older_state_are_refused(store: SqlStore) -> None:
    mine = to_load(store, Library(id="tlu", name="Mine"))
    load(store, Library(id="tlu", name="Theirs"))

    with pytest.raises(StoreError, match="libraries tlu is no longer what it was"):
        store.apply(mine, at=NOON, what="too late")

    assert [entry.what for entry in store.loads()] == ["test"]


def test_a_load_that_fails_half_way_changes_nothing(store: SqlStore) -> None:
    late = to_load(store, Library(id="a"), Library(id="b"))
    load(store, Library(id="b", name="Theirs"))
    before = store.directory()

    with pytest.raises(StoreError, match="no longer"):
        store.apply(late, at=NOON, what="half")

    assert store.directory() == before


def test_threads_that_load_at_once_take_turns(store: SqlStore) -> None:
    def work(name: str) -> None:
        library = Library(id=name)
        store.apply(changes(Directory.of([]), Directory.of([library])), at=NOON, what=name)

    threads = [threading.Thread(target=work, args=(f"lib-{n}",)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(store.loads()) == 8


def test_of_two_that_change_one_fact_at_once_one_is_refused(store: SqlStore) -> None:
    load(store, Library(id="tlu"))
    refused: list[StoreError] = []

    def work(name: str) -> None:
        try:
            store.apply(listed[name], at=NOON, what=name)
        except StoreError as error:
            refused.append(error)

    names = [f"name {n}" for n in range(6)]
    listed = {name: to_load(store, Library(id="tlu", name=name)) for name in names}
    threads = [threading.Thread(target=work, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(refused) == 5
    assert [store.loads()[-1].what] == [fact.name for fact in store.directory().of_kind(Library)]


def test_a_row_that_somebody_else_spoilt_is_named(store: SqlStore) -> None:
    load(store, *FACTS)
    with store._writing() as connection:
        connection.execute(text("UPDATE lc_offers SET amount = 'much'"))

    with pytest.raises(StoreError, match="lc_offers: amount: cannot read 'much' as money"):
        store.directory()


texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    libraries=st.dictionaries(
        st.text("abcđê-", min_size=1), st.builds(Library, id=st.just(""), name=texts), max_size=5
    )
)
def test_loading_and_undoing_gives_back_what_was(
    sqlite_store: SqlStore, libraries: dict[str, Library]
) -> None:
    facts = [Library(id=name, name=made.name.strip()) for name, made in libraries.items()]
    before = sqlite_store.directory()
    made = sqlite_store.apply(
        to_load(sqlite_store, *facts, removing=True), at=NOON, what="anything"
    )

    if made:
        sqlite_store.undo(at=NOON)

    assert sqlite_store.directory() == before
