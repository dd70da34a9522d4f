from __future__ import annotations

from itertools import permutations

from libconsortium import BibRecord, Overlap, overlap_rows, record_key, union_record

_PLAIN = BibRecord(source="a", identifier="1", titles=("Truyen Kieu va thoi dai",), year=1967)
_MARKED = BibRecord(
    source="b", identifier="2", titles=("Truyện Kiều",), year=1968, edition="In lần 2"
)
_THIRD = BibRecord(source="c", identifier="3", creators=("Nguyễn Du",), year=1968)


def test_a_title_with_diacritics_is_better_than_a_longer_one_without() -> None:
    title = union_record("a\t1", [_PLAIN, _MARKED]).fields["titles"]

    assert (title.value, title.record) == (("Truyện Kiều",), record_key("b", "2"))


def test_the_year_is_the_one_that_most_records_give() -> None:
    assert union_record("a\t1", [_PLAIN, _MARKED, _THIRD]).fields["year"].value == 1968


def test_a_field_that_no_record_has_is_left_out() -> None:
    union = union_record("a\t1", [_PLAIN, _MARKED])

    assert "creators" not in union.fields
    assert union.fields["edition"].value == "In lần 2"


def test_the_order_of_records_does_not_matter() -> None:
    unions = {
        str(union_record("a\t1", several)) for several in permutations([_PLAIN, _MARKED, _THIRD])
    }

    assert len(unions) == 1


def test_rows_of_the_report() -> None:
    found = Overlap(
        matrix={("A", "A"): 4, ("A", "B"): 1, ("B", "A"): 1, ("B", "B"): 0},
        unique={"A": 3, "B": 0},
        held_by_all=1,
        held_by_k={1: 3, 2: 1},
    )

    rows = overlap_rows(found)

    assert rows["members"] == [
        {"member": "A", "titles": 4, "unique": 3, "unique_percent": 75.0},
        {"member": "B", "titles": 0, "unique": 0, "unique_percent": 0.0},
    ]
    assert rows["matrix"][0] == {"member": "A", "A": 4, "B": 1}
    assert rows["held_by"] == [{"libraries": 1, "titles": 3}, {"libraries": 2, "titles": 1}]
