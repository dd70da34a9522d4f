"""Bare numbers at a title's end: part of the title, or a volume?"""

from __future__ import annotations

import attrs

from libconsortium import MatchFields, number_of

_LONGEST_NUMBER = 4  # letters; «viii»


def aligned(left: MatchFields, right: MatchFields) -> tuple[MatchFields, MatchFields]:
    """Read a bare number at a title's end as a volume if the other record says that it is one.

    «Giải tích 2» alone may be a title; beside «Giải tích. Tập 1» it is a volume.

    >>> one = MatchFields(record="a", title="giai tich", main_title="giai tich", volume="1")
    >>> two = MatchFields(record="b", title="giai tich 2", main_title="giai tich 2")
    >>> aligned(one, two)[1].volume
    '2'
    """
    if bool(left.volume) == bool(right.volume):
        return left, right
    if left.volume:
        return left, _numbered(right, left)
    return _numbered(left, right), right


def _numbered(fields: MatchFields, other: MatchFields) -> MatchFields:
    for title in (fields.main_title, fields.title):
        start, _, last = title.rpartition(" ")
        number = number_of(last) if last and len(last) <= _LONGEST_NUMBER else None
        if number is not None and start and start in {other.main_title, other.title}:
            place = len(start.split())
            return attrs.evolve(
                fields,
                title=" ".join(_without(fields.title.split(), place)),
                title_written=" ".join(_without(fields.title_written.split(), place)),
                main_title=start if title == fields.main_title else fields.main_title,
                volume=str(number),
            )
    return fields


def _without(words: list[str], place: int) -> list[str]:
    return words[:place] + words[place + 1 :]
