"""What two records have in common, field by field: the features that the learned weights weigh."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import attrs

from libconsortium import MatchFields
from libconsortium.plugins.matching.articles import numbers_counted, same_volume
from libconsortium.plugins.matching.companions import may_be_opposite
from libconsortium.plugins.matching.generic_titles import is_generic
from libconsortium.plugins.matching.guards import (
    are_serials,
    identifiers_of,
    same_publisher,
    shares_issn,
)
from libconsortium.plugins.matching.journals import other_kind, same_journal
from libconsortium.plugins.matching.likeness import (
    LITTLE_WORDS,
    is_body,
    is_syllable,
    likeness,
    marks_apart,
    same_creators,
    share_surname,
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
_SAME_PAGES = 2
_SLIP = 0.05  # of few pages two more are another count
_OTHER_PAGES = 0.1


def features(left: MatchFields, right: MatchFields) -> list[Feature]:
    """Compare every field of two records; the order of the two does not matter.

    >>> one, two = (MatchFields(record=letter, title="giai tich", year=2019) for letter in "ab")
    >>> [name for name, _ in features(one, two)][:3]
    ['title-equal', 'title-short', 'creators-of-none']
    """
    return [*_title(left, right), *beside_title(left, right)]


def beside_title(left: MatchFields, right: MatchFields) -> list[Feature]:
    """Compare everything but the titles.

    >>> one, two = (MatchFields(record=letter, title="giai tich", year=2019) for letter in "ab")
    >>> [name for name, _ in beside_title(one, two)]
    ['creators-of-none', 'year-equal', 'pages-missing']
    """
    return [*description_beside_title(left, right), *_identifiers(left, right)]


def description_features(left: MatchFields, right: MatchFields) -> list[Feature]:
    """Compare everything but identifiers.

    >>> said = {"title": "thi nghiem dien ki thuat", "year": 2019}
    >>> one, two = (MatchFields(record=letter, **said) for letter in "ab")
    >>> [name for name, _ in description_features(one, two)][:2]
    ['title-equal', 'title-long']
    """
    return [*_title(left, right), *description_beside_title(left, right)]


def description_beside_title(left: MatchFields, right: MatchFields) -> list[Feature]:
    """Compare everything but titles and identifiers.

    >>> one, two = (MatchFields(record=letter, title="", type="book") for letter in "ab")
    >>> [name for name, _ in description_beside_title(one, two)][-1]
    'type-equal'
    """
    return [found for compared in _DESCRIPTION for found in compared(left, right)]


def work_features(left: MatchFields, right: MatchFields) -> list[Feature]:
    """Compare what all publications of a work share: title and creators.

    >>> one, two = (MatchFields(record=letter, title="kieu") for letter in "ab")
    >>> [name for name, _ in work_features(one, two)]
    ['title-equal', 'title-short', 'creators-of-none']
    """
    if left.volume and right.volume and left.volume != right.volume and _main_equal(left, right):
        # Volumes of one work have titles of their own behind that of the whole.
        left, right = (
            attrs.evolve(one, title=one.main_title, title_written="") for one in (left, right)
        )
    return [*_title(left, right), *creator_features(left, right)]


def creator_features(left: MatchFields, right: MatchFields) -> list[Feature]:
    """Compare the creators alone.

    >>> one = MatchFields(record="a", title="kieu", creators_written=("du nguyen",))
    >>> creator_features(one, one)
    [('creators-equal', 1.0)]
    """
    return list(_creators(left, right))


def title_features(left: MatchFields, right: MatchFields) -> list[Feature]:
    """Compare the titles alone.

    >>> title_features(MatchFields(record="a", title="kieu"), MatchFields(record="b", title=""))
    [('title-missing', 1.0)]
    """
    return list(_title(left, right))


def identifier_features(left: MatchFields, right: MatchFields) -> list[Feature]:
    """Compare the identifiers alone.

    >>> one = MatchFields(record="a", title="", identifiers=frozenset({"doi:10.1/x"}))
    >>> identifier_features(one, one)
    [('doi-shared', 1.0)]
    """
    return list(_identifiers(left, right))


def _title(left: MatchFields, right: MatchFields) -> Iterator[Feature]:
    ours, theirs = left.title, right.title
    if not ours or not theirs:
        yield "title-missing", 1.0
        return
    words = min(ours.count(" "), theirs.count(" ")) + 1
    if ours == theirs:
        yield "title-equal", 1.0
    else:
        yield from _titles_that_differ(left, right)
    if ours == theirs and words > _FEW_WORDS and not _has_more(left) and not _has_more(right):
        yield "title-alone", 1.0
    if is_generic(ours) and is_generic(theirs):
        yield "title-generic", 1.0
    elif words <= _SHORT_TITLE:
        yield "title-short", 1.0
    else:
        yield "title-long", min(words, _LONG_TITLE) / _LONG_TITLE
    both, one = marks_apart(left.title_written, right.title_written)
    if both:
        yield "marks-of-both", min(both, _MOST_MARKS)
    if may_be_opposite(left.title_written, right.title_written):
        yield "marks-of-both", _LEFT_TO_PEOPLE
    elif one:
        yield "marks-of-one", min(one, _MOST_MARKS)


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


def _titles_that_differ(left: MatchFields, right: MatchFields) -> Iterator[Feature]:
    left, right = uncut(left, right)
    alike = likeness(left.title, right.title)
    added = _words_added(left, right)
    if _main_equal(left, right) and not added:
        yield "main-title-equal", 1.0
        if apart := _subtitles_apart(left, right):
            yield "subtitle-apart", apart
    elif _within(left.title, right.title):
        yield "title-within", 1.0
    elif alike >= _ALIKE:
        yield "title-alike", (alike - _ALIKE) / (1 - _ALIKE)
    else:
        yield "title-apart", min((_ALIKE - alike) / (_ALIKE / 2), 1.0)
    ours, theirs = set(left.title.split()), set(right.title.split())
    yield "title-words", len(ours & theirs) / min(len(ours), len(theirs))
    swapped = _words_swapped(left, right)
    if 0 < swapped < 1 and is_slip(left.title_written, right.title_written):
        yield "title-word-slipped", 1.0
    else:
        if swapped:
            yield "title-words-swapped", 1.0
        if of_both := _words_of_both(left, right):
            yield "title-words-of-both", of_both
    if added:
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
    if _main_equal(left, right) or likeness(left.title, right.title) >= _ALIKE:
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


def _within(left: str, right: str) -> bool:
    """Say whether one title stands in the other as a phrase that is long enough."""
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


def _main_equal(left: MatchFields, right: MatchFields) -> bool:
    few, many = sorted((left.title, right.title), key=len)
    mains = {left.main_title, right.main_title}
    return len(set(map(in_digits, mains))) == 1 or (few in mains and many.startswith(f"{few} "))


def _creators(left: MatchFields, right: MatchFields) -> Iterator[Feature]:
    ours, theirs = left.creators_written, right.creators_written
    if not ours or not theirs:
        yield ("creators-of-one" if ours or theirs else "creators-of-none"), 1.0
        return
    part = same_creators(ours, theirs)
    if part == 1:
        yield "creators-equal", 1.0
        if len(ours) != len(theirs):
            yield "creators-more", 1.0
    elif part:
        yield "creators-part", part
    elif all(map(is_body, ours)) or all(map(is_body, theirs)):
        yield "bodies-apart", 1.0
    else:
        yield ("creators-near" if share_surname(ours, theirs) else "creators-apart"), 1.0
        if left.type == right.type == "thesis":
            yield "thesis-of-others", 1.0  # of one title there are many


def _year(left: MatchFields, right: MatchFields) -> Iterator[Feature]:
    if left.year is None or right.year is None:
        yield "year-missing", 1.0
        return
    if are_serials(left, right) and shares_issn(left, right):
        return  # one gives the first year, one that of what it holds
    apart = abs(left.year - right.year)
    if apart and (left.printing or right.printing):
        yield "year-of-reprint", 1.0  # the guard of years found nothing against it
        return
    yield ("year-equal" if not apart else "year-near" if apart == 1 else "year-far"), 1.0


def _part(left: MatchFields, right: MatchFields) -> Iterator[Feature]:
    if same_volume(left, right):
        if left.volume:
            yield "volume-equal", 1.0
    else:
        yield ("volume-apart" if left.volume and right.volume else "volume-of-one"), 1.0
    if {left.edition, right.edition} - {"", "1"} and left.edition != right.edition:
        yield "edition-of-one", 1.0
    elif left.edition and left.edition == right.edition:
        yield "edition-equal", 1.0


def _imprint(left: MatchFields, right: MatchFields) -> Iterator[Feature]:
    if left.publisher and right.publisher:
        same = same_publisher(left.publisher, right.publisher)
        yield ("publisher-equal" if same else "publisher-apart"), 1.0
    if left.carrier and right.carrier:
        yield ("carrier-equal" if left.carrier == right.carrier else "carrier-apart"), 1.0
    elif (left.carrier and right.pages is not None) or (right.carrier and left.pages is not None):
        yield "carrier-apart", 1.0  # a book beside its film or its electronic copy
    if left.pages is None or right.pages is None:
        yield "pages-missing", 1.0
        return
    apart = abs(left.pages - right.pages)
    if apart <= min(_SAME_PAGES, _SLIP * max(left.pages, right.pages)):
        yield "pages-equal", 1.0
    elif apart <= _OTHER_PAGES * max(left.pages, right.pages):
        yield "pages-near", 1.0
    else:
        yield "pages-far", 1.0


def _kind(left: MatchFields, right: MatchFields) -> Iterator[Feature]:
    if left.type and right.type:
        yield ("type-equal" if left.type == right.type else "type-apart"), 1.0
    if left.language and right.language:
        yield ("language-equal" if left.language == right.language else "language-apart"), 1.0
    if left.journal and right.journal:
        same = same_journal(left.journal, right.journal)
        yield ("journal-equal" if same else "journal-apart"), 1.0
        if other_kind(left.journal, right.journal):
            yield "journal-of-other-kind", 1.0


def _identifiers(left: MatchFields, right: MatchFields) -> Iterator[Feature]:
    if not left.identifiers or not right.identifiers:
        return
    for scheme in ("doi", "isbn", "handle", "issn"):
        if identifiers_of(left, scheme) & identifiers_of(right, scheme):
            yield _shared(scheme, left, right), 1.0


def _shared(scheme: str, left: MatchFields, right: MatchFields) -> str:
    """Name what two records that share a number share: a journal, perhaps only a set, or all."""
    if scheme == "issn" and are_serials(left, right):
        return "issn-of-serial"
    # A set and its volumes often bear one ISBN.
    of_set = scheme == "isbn" and left.volume != right.volume
    of_set = of_set or (scheme == "doi" and _parts_of_one(left, right))
    return f"{scheme}-of-set" if of_set else f"{scheme}-shared"


def _parts_of_one(left: MatchFields, right: MatchFields) -> bool:
    """Say whether one DOI seems to name the issue that two articles stand in."""
    if not left.title or not right.title or likeness(left.title, right.title) >= _ALIKE:
        return False
    if _main_equal(left, right) or _within(left.title, right.title):
        return False
    ours, theirs = left.creators_written, right.creators_written
    others = bool(ours and theirs) and (same_creators(ours, theirs) < 1 or len(ours) != len(theirs))
    return others or (None not in (left.pages, right.pages) and left.pages != right.pages)


_Compares = Callable[[MatchFields, MatchFields], Iterator[Feature]]
_DESCRIPTION: tuple[_Compares, ...] = (_creators, _year, _part, _imprint, _kind)
_OF_ANY_TITLES = {
    "title-generic": 1.0,
    "title-short": 1.0,
    "title-long": 1.0,
    "marks-of-both": _MOST_MARKS,
    "marks-of-one": _MOST_MARKS,
}
_OF_OTHER_TITLES = {
    "main-title-equal": 1.0,
    "subtitle-apart": _OF_ONE_PATTERN,
    "title-within": 1.0,
    "title-alike": 1.0,
    "title-apart": 1.0,
    "title-words": 1.0,
    "title-word-slipped": 1.0,
    "title-words-swapped": 1.0,
    "title-words-of-both": _OTHER_TITLE,
    "title-words-added": 1.0,
    "title-number-of-one": 1.0,
}
MOST_OF_TITLES: tuple[Mapping[str, float], ...] = (
    {"title-missing": 1.0},
    {**_OF_ANY_TITLES, "title-equal": 1.0, "title-alone": 1.0},
    {**_OF_ANY_TITLES, **_OF_OTHER_TITLES},
)
"""What titles may add, and how strongly at most: one is missing, they are equal, or they differ."""
