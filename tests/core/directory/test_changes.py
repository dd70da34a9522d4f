from hypothesis import given, settings
from hypothesis import strategies as st

from libconsortium import (
    FACT_KINDS,
    ChangeKind,
    Directory,
    Fact,
    Library,
    Resource,
    changes,
    counted,
    key_of,
    kind_of,
)
from tests.strategies import facts

DIRECTORIES = st.lists(
    st.one_of([facts(kind) for kind in FACT_KINDS.values()]),
    max_size=6,
    unique_by=lambda fact: (kind_of(fact).name, key_of(fact)),
).map(Directory.of)


def whats(before: list[Fact], after: list[Fact], *, removing: bool = False) -> list[str]:
    found = changes(Directory.of(before), Directory.of(after), removing=removing)
    return [change.what.value for change in found]


@settings(max_examples=30)
@given(DIRECTORIES)
def test_a_directory_does_not_differ_from_itself(directory: Directory) -> None:
    found = changes(directory, directory, removing=True)

    assert {change.what for change in found} <= {ChangeKind.UNCHANGED}


@settings(max_examples=30)
@given(DIRECTORIES, DIRECTORIES)
def test_the_changes_lead_from_one_directory_to_the_other(
    before: Directory, after: Directory
) -> None:
    found = changes(before, after, removing=True)

    assert Directory.of(change.after for change in found if change.after) == after
    assert Directory.of(change.before for change in found if change.before) == before


def test_a_new_fact_is_added() -> None:
    assert whats([], [Library(id="a")]) == ["added"]


def test_a_fact_that_says_something_else_is_changed_and_names_the_columns() -> None:
    before, after = Library(id="a", name="A"), Library(id="a", name="B", region="Huế")

    (change,) = changes(Directory.of([before]), Directory.of([after]))

    assert change.what is ChangeKind.CHANGED
    assert change.columns == ("name", "region")


def test_an_added_fact_names_no_columns() -> None:
    (change,) = changes(Directory.of([]), Directory.of([Library(id="a")]))

    assert change.columns == ()


def test_what_does_not_come_in_stays_unless_removal_is_asked_for() -> None:
    assert whats([Library(id="a")], []) == []
    assert whats([Library(id="a")], [], removing=True) == ["removed"]


def test_changes_are_counted_by_what_happens() -> None:
    before: list[Fact] = [Library(id="a"), Library(id="b"), Resource(id="a")]
    after = [Library(id="a"), Library(id="b", name="B"), Library(id="c")]

    counts = counted(changes(Directory.of(before), Directory.of(after), removing=True))

    assert {what.value: count for what, count in counts.items()} == {
        "added": 1,
        "changed": 1,
        "removed": 1,
        "unchanged": 1,
    }
