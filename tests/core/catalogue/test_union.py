from __future__ import annotations

from libconsortium import Overlap, overlap_rows


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
