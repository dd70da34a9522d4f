"""What two titles have in common: seen as a whole, and word by word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from libconsortium import MatchFields
from libconsortium.plugins.matching.articles import numbers_counted
from libconsortium.plugins.matching.companions import may_be_opposite
from libconsortium.plugins.matching.generic_titles import is_generic
from libconsortium.plugins.matching.likeness import (
    LITTLE_WORDS,
    is_syllable,
    likeness,
    marks_apart,
)
from libconsortium.plugins.matching.title_additions import uncut, words_added
from libconsortium.plugins.matching.title_numbers import in_digits
from libconsortium.plugins.matching.title_words import is_slip, words_of_both, words_swapped

Feature = tuple[str, float]
"""Name of what was found, and how strongly, mostly from 0 to 1."""

_ALIKE = 0.8
_LONG_TITLE = 10  # words
_MANY_WORDS = 3
_SHORT_TITLE = 2
_FEW_WORDS = 3  # so many name chapters and forewords too
_LEFT_TO_PEOPLE = 0.8
_OF_ONE_PATTERN = 3.0
_OTHER_TITLE = 3.0
_MOST_MARKS = 3.0
_LONG_SUBTITLE = 5  # words
_GOES_ON = 0.5


def title_features(left: MatchFields, right: MatchFields) -> list[Feature]:
    """Compare the titles alone.

    >>> title_features(MatchFields(record="a", title="kieu"), MatchFields(record="b", title=""))
    [('title-missing', 1.0)]
    """
    return list(_titles(left, right))


def title_at_a_glance(left: MatchFields, right: MatchFields) -> list[Feature]:
    """Compare the titles as a whole, not word by word.

    >>> one, two = (
    ...     MatchFields(record=text, title=text, main_title=text)
    ...     for text in ("hoa hoc huu co", "hoa hoc vo co")
    ... )
    >>> [name for name, _ in title_at_a_glance(one, two)]
    ['title-alike', 'title-words', 'title-long']
    """
    if not left.title or not right.title:
        return [("title-missing", 1.0)]
    return [*_title_as_a_whole(left, right), *_title_by_itself(left, right)]


def _titles(left: MatchFields, right: MatchFields) -> Iterator[Feature]:
    if not left.title or not right.title:
        yield "title-missing", 1.0
        return
    yield from _title_as_a_whole(left, right)
    if left.title != right.title:
        yield from _title_words(left, right)
    yield from _title_by_itself(left, right)
    both, one = marks_apart(left.title_written, right.title_written)
    if both:
        yield "marks-of-both", min(both, _MOST_MARKS)
    if may_be_opposite(left.title_written, right.title_written):
        yield "marks-of-both", _LEFT_TO_PEOPLE
    elif one:
        yield "marks-of-one", min(one, _MOST_MARKS)


def _title_by_itself(left: MatchFields, right: MatchFields) -> Iterator[Feature]:
    """Weigh what a title that two records share would say of them."""
    ours, theirs = left.title, right.title
    words = min(ours.count(" "), theirs.count(" ")) + 1
    if ours == theirs and words > _FEW_WORDS and not _has_more(left) and not _has_more(right):
        yield "title-alone", 1.0
    if is_generic(ours) and is_generic(theirs):
        yield "title-generic", 1.0
    elif words <= _SHORT_TITLE:
        yield "title-short", 1.0
    else:
        yield "title-long", min(words, _LONG_TITLE) / _LONG_TITLE


def _has_more(fields: MatchFields) -> bool:
    """Say whether a record has anything to compare besides its title."""
    return bool(
        fields.creators
        or fields.year
        or fields.publisher
        or fields.pages
        or fields.journal
        or fields.identifiers
    )


def _title_as_a_whole(left: MatchFields, right: MatchFields) -> Iterator[Feature]:
    if left.title == right.title:
        yield "title-equal", 1.0
        return
    left, right = uncut(left, right)
    if main_equal(left, right) and not _words_added(left, right):
        yield "main-title-equal", 1.0
        if apart := _subtitles_apart(left, right):
            yield "subtitle-apart", apart
    elif is_within(left.title, right.title):
        yield "title-within", 1.0
    elif (alike := likeness(left.title, right.title)) >= _ALIKE:
        yield "title-alike", (alike - _ALIKE) / (1 - _ALIKE)
    else:
        yield "title-apart", min((_ALIKE - alike) / (_ALIKE / 2), 1.0)
    ours, theirs = set(left.title.split()), set(right.title.split())
    yield "title-words", len(ours & theirs) / min(len(ours), len(theirs))


def _title_words(left: MatchFields, right: MatchFields) -> Iterator[Feature]:
    """Compare the words by which titles differ."""
    left, right = uncut(left, right)
    swapped = _words_swapped(left, right)
    if 0 < swapped < 1 and is_slip(left.title_written, right.title_written):
        yield "title-word-slipped", 1.0
    else:
        if swapped:
            yield "title-words-swapped", 1.0
        if of_both := _words_of_both(left, right):
            yield "title-words-of-both", of_both
    if added := _words_added(left, right):
        yield "title-words-added", added
    counted, other = numbers_counted(left, right)
    if counted != other:
        yield "title-number-of-one", 1.0


def _words_of_both(left: MatchFields, right: MatchFields) -> float:
    """Weigh the words that each title has of its own.

    Vietnamese titles share syllables and letters by chance: hardly alike, they are two titles.
    """
    count = words_of_both(left.title, right.title)
    if not count:
        return 0.0
    if main_equal(left, right) or likeness(left.title, right.title) >= _ALIKE:
        is_other = False
    else:
        is_other = all(map(is_syllable, f"{left.title} {right.title}".split()))
    return _OTHER_TITLE if is_other else (1 + min(count, _MANY_WORDS)) / (1 + _MANY_WORDS)


def _words_swapped(left: MatchFields, right: MatchFields) -> float:
    """Compare whole titles, then long main titles: a subtitle may stand in one only."""
    found = words_swapped(left.title, right.title)
    ours, theirs = left.main_title, right.main_title
    if found or ours == theirs or min(ours.count(" "), theirs.count(" ")) < _MANY_WORDS:
        return found
    return words_swapped(ours, theirs)


def _words_added(left: MatchFields, right: MatchFields) -> float:
    """Compare the main titles; that one marks a subtitle which the other does not says nothing."""
    few, many = sorted((left, right), key=lambda one: len(one.main_title))
    is_marked_elsewhere = few.title.startswith(many.main_title)
    return 0.0 if is_marked_elsewhere else words_added(few.main_title, many.main_title)


def is_within(left: str, right: str) -> bool:
    """Say whether one title stands in the other as a phrase that is long enough.

    >>> is_within("giai tich ham", "bai giang giai tich ham"), is_within("kieu", "truien kieu")
    (True, False)
    """
    few, many = sorted((left, right), key=len)
    return few.count(" ") >= _SHORT_TITLE and f" {few} " in f" {many} "


def _subtitles_apart(left: MatchFields, right: MatchFields) -> float:
    """Say how surely subtitles differ: most if they begin alike, *phần điện*, *phần nhiệt*."""
    ours, theirs = (one.title.removeprefix(one.main_title).split() for one in (left, right))
    if not ours or not theirs or likeness(" ".join(ours), " ".join(theirs)) >= _ALIKE:
        return 0.0
    few = min(len(ours), len(theirs))
    if few >= _LONG_SUBTITLE and ours[:few] == theirs[:few]:
        return _GOES_ON  # a series, another subtitle, or what it holds
    return _OF_ONE_PATTERN if ours[0] == theirs[0] and ours[0] not in LITTLE_WORDS else 1.0


def main_equal(left: MatchFields, right: MatchFields) -> bool:
    """Say whether two main titles are equal, or one of them is the other's whole title.

    >>> one = MatchFields(record="a", title="kieu", main_title="kieu")
    >>> main_equal(one, MatchFields(record="b", title="kieu truien tho", main_title="kieu"))
    True
    """
    few, many = sorted((left.title, right.title), key=len)
    mains = {left.main_title, right.main_title}
    return len(set(map(in_digits, mains))) == 1 or (few in mains and many.startswith(f"{few} "))


_OF_WORDS = {
    "title-word-slipped": 1.0,
    "title-words-swapped": 1.0,
    "title-words-of-both": _OTHER_TITLE,
    "title-words-added": 1.0,
    "title-number-of-one": 1.0,
    "marks-of-both": _MOST_MARKS,
    "marks-of-one": _MOST_MARKS,
}
_OF_ANY_TITLES = {"title-generic": 1.0, "title-short": 1.0, "title-long": 1.0, **_OF_WORDS}
_OF_OTHER_TITLES = {
    "main-title-equal": 1.0,
    "subtitle-apart": _OF_ONE_PATTERN,
    "title-within": 1.0,
    "title-alike": 1.0,
    "title-apart": 1.0,
    "title-words": 1.0,
}
MOST_UNSEEN: tuple[tuple[Mapping[str, float], ...], ...] = (
    (
        {"title-missing": 1.0},
        {**_OF_ANY_TITLES, "title-equal": 1.0, "title-alone": 1.0},
        {**_OF_ANY_TITLES, **_OF_OTHER_TITLES},
    ),
    (_OF_WORDS,),
)
"""What may be found, and how strongly at most, when all but the titles was seen, and when the
titles were seen as a whole; one mapping for each of several cases."""
