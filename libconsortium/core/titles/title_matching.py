"""Which titles of several lists are the same: by ISSN and ISBN, by name where there is none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from libconsortium.core.text import fold, spelling
from libconsortium.core.titles.titles import TitleRow

_ISSN, _ISBN_10, _ISBN_13 = 8, 10, 13
_LONG_ENOUGH = 8  # letters of a name that says which title it is


def number_keys(*written: str) -> frozenset[str]:
    """Return what ISSN and ISBN are compared by; empty texts and other numbers give nothing.

    The two forms of an ISBN are one; check digits are the loaders' business.

    >>> sorted(number_keys("0317-8471", "0-87834-101-3", "978-0-87834-101-6", "n/a"))
    ['isbn:087834101', 'issn:03178471']
    """
    return frozenset(filter(None, map(_key, written)))


def _key(written: str) -> str:
    digits = "".join(char for char in written.upper() if char.isalnum())
    body, last = digits[:-1], digits[-1:]
    if not body.isdecimal() or not (last.isdecimal() or last == "X"):
        return ""
    if len(digits) == _ISSN:
        return f"issn:{digits}"
    if len(digits) == _ISBN_10:
        return f"isbn:{body}"
    if len(digits) == _ISBN_13 and digits.startswith(("978", "979")):
        return f"isbn:{body[3:] if digits.startswith('978') else body}"
    return ""


def title_keys(row: TitleRow) -> frozenset[str]:
    """Return the numbers of a title, or its name if it has none and the name is long enough.

    >>> title_keys(TitleRow(title="Mathematics, abstracts"))
    frozenset({'name:mathematics abstracts'})
    """
    numbers = number_keys(row.print_identifier, row.online_identifier)
    if numbers:
        return frozenset(f"{one}{_volume(one, row)}" for one in numbers)
    known = _is_long_enough(row)
    return frozenset({f"name:{_name(row)}{_volume('isbn', row)}"} if known else ())


def _name(row: TitleRow) -> str:
    # With its diacritics: «Phạm Việt Hòa» and «Phạm Viết Hoa» are two.
    return spelling(row.title).replace("y", "i")


def _is_long_enough(row: TitleRow) -> bool:
    return len(fold(row.title)) >= _LONG_ENOUGH


def _volume(key: str, row: TitleRow) -> str:
    # The volumes of a set may bear one ISBN.
    return f" {fold(row.volume)}" if row.volume and key.startswith("isbn") else ""


def numbered_titles(lists: Sequence[Sequence[TitleRow]]) -> list[list[int]]:
    """Give every row of every list the number of its title; rows of one title have one number.

    A serial with gaps has several rows and one number. A row without numbers is the title of the
    same name, if only one title has that name; names are the same with their diacritics only.

    Args:
        lists: The rows of each list.

    >>> one = TitleRow(title="A", print_identifier="0317-8471")
    >>> two = TitleRow(title="B", online_identifier="03178471")
    >>> numbered_titles([[one], [two, TitleRow(title="C")]])
    [[0], [0, 1]]
    """
    joined = _Joined()
    places = [[joined.row(title_keys(row)) for row in rows] for rows in lists]
    named: defaultdict[str, set[int]] = defaultdict(set)
    for row, place in _each(lists, places):
        named[_name(row)].add(joined.root(place))
    for row, place in _each(lists, places):
        if not number_keys(row.print_identifier, row.online_identifier):
            others = {joined.root(one) for one in named[_name(row)]} - {joined.root(place)}
            if len(others) == 1 and _is_long_enough(row) and not row.volume:
                joined.join(place, others.pop())
    numbers: dict[int, int] = {}
    return [
        [numbers.setdefault(joined.root(place), len(numbers)) for place in some] for some in places
    ]


def _each(
    lists: Sequence[Sequence[TitleRow]], places: Sequence[Sequence[int]]
) -> Iterator[tuple[TitleRow, int]]:
    for rows, some in zip(lists, places, strict=True):
        yield from zip(rows, some, strict=True)


class _Joined:
    """Rows that share a key, directly or through others."""

    def __init__(self) -> None:
        self._above: list[int] = []
        self._first: dict[str, int] = {}

    def row(self, keys: Iterable[str]) -> int:
        place = len(self._above)
        self._above.append(place)
        for key in keys:
            self.join(place, self._first.setdefault(key, place))
        return place

    def root(self, place: int) -> int:
        while self._above[place] != place:
            self._above[place] = self._above[self._above[place]]
            place = self._above[place]
        return place

    def join(self, one: int, other: int) -> None:
        low, high = sorted((self.root(one), self.root(other)))
        self._above[high] = low
