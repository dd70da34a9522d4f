from __future__ import annotations

from libconsortium import BibRecord, Message, Registry, cluster

BOOKS = [
    BibRecord(source=source, identifier="1", titles=("Dế mèn phiêu lưu ký",), year=1941)
    for source in ("a", "b")
]


def test_each_long_step_is_told_before_it_begins() -> None:
    told: list[Message] = []

    cluster(BOOKS, {"a": "A", "b": "B"}, Registry(), on_progress=told.append)

    said = [str(message) for message in told]
    assert said[:3] == [
        "taking in the records",
        "finding the keys of 2 records",
        "comparing 1 pairs",
    ]
    assert "looking for what must stay apart" in said


def test_who_listens_changes_nothing() -> None:
    told: list[Message] = []
    members = {"a": "A", "b": "B"}

    heard = cluster(BOOKS, members, Registry(), on_progress=told.append)

    assert heard == cluster(BOOKS, members, Registry())
