"""Title lists as JSON: which objects a document lists, and what one says in a cell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

_LISTS = frozenset(
    {"records", "items", "docs", "documents", "data", "results", "rows", "entries"}
    | {"titles", "books", "publications"}
)
_OF_RECORDS = frozenset(["id", "identifier", "title", "leader", "fullrecord"])


def listed_objects(found: object) -> list[object]:
    """Return what a JSON document lists: itself, if it is no list and holds none of that name.

    Programs put their list into an object: ``{"records": […]}``, ``{"response": {"docs": […]}}``.

    Args:
        found: The document.

    >>> listed_objects({"count": 1, "records": [{"id": 1}]}), listed_objects({"id": 1})
    ([{'id': 1}], [{'id': 1}])
    """
    if isinstance(found, list):
        return found
    within = _within(found)
    return [found] if within is None else within


def _within(found: object) -> list[object] | None:
    if not isinstance(found, dict) or _OF_RECORDS & found.keys():
        return None
    for name, value in found.items():
        is_only = len(found) == 1
        if isinstance(value, list) and value and (is_only or name.lower() in _LISTS):
            return value if all(isinstance(one, dict) for one in value) else None
    inner = [_within(value) for value in found.values() if isinstance(value, dict)]
    lists = [one for one in inner if one is not None]
    return lists[0] if len(lists) == 1 else None


def json_cell(value: object) -> object:
    """Return what a value of a JSON object says in one cell; several values between ``;``.

    >>> json_cell(["A", {"first": "B", "last": "C"}]), json_cell(None), json_cell(7)
    ('A; B C', '', 7)
    """
    if isinstance(value, dict):
        return _said(value)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "; ".join(map(_said, value))
    return "" if value is None else value


def _said(value: object) -> str:
    # Authors come as objects in some exports.
    parts: Iterable[object] = value.values() if isinstance(value, dict) else (value,)
    return " ".join(str(part) for part in parts if isinstance(part, (str, int, float)))
