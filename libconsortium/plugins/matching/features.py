"""What two records have in common, field by field: the features that the learned weights weigh."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import attrs

from libconsortium import MatchFields
from libconsortium.plugins.matching.articles import same_volume
from libconsortium.plugins.matching.guards import (
    are_serials,
    identifiers_of,
    same_publisher,
    shares_issn,
)
from libconsortium.plugins.matching.journals import other_kind, same_journal
from libconsortium.plugins.matching.likeness import (
    is_body,
    likeness,
    same_creators,
    share_surname,
)
from libconsortium.plugins.matching.title_features import (
    Feature,
    is_within,
    main_equal,
    title_at_a_glance,
    title_features,
)

_ALIKE = 0.8
_SAME_PAGES = 2
_SLIP = 0.05  # of few pages two more are another count
_OTHER_PAGES = 0.1


def features(left: MatchFields, right: MatchFields) -> list[Feature]:
    """Compare every field of two records; the order of the two does not matter.

    >>> one, two = (MatchFields(record=letter, title="giai tich", year=2019) for letter in "ab")
    >>> [name for name, _ in features(one, two)][:3]
    ['title-equal', 'title-short', 'creators-of-none']
    """
    return [*title_features(left, right), *beside_title(left, right)]


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
    return [*title_features(left, right), *description_beside_title(left, right)]


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
    return [*title_features(*_of_works(left, right)), *creator_features(left, right)]


def _of_works(left: MatchFields, right: MatchFields) -> tuple[MatchFields, MatchFields]:
    """Volumes of one work have titles of their own behind that of the whole."""
    if left.volume and right.volume and left.volume != right.volume and main_equal(left, right):
        left, right = (
            attrs.evolve(one, title=one.main_title, title_written="") for one in (left, right)
        )
    return left, right


def work_title_at_a_glance(left: MatchFields, right: MatchFields) -> list[Feature]:
    """Compare as a whole the titles of what may be publications of one work.

    >>> one, two = (MatchFields(record=letter, title="kieu") for letter in "ab")
    >>> [name for name, _ in work_title_at_a_glance(one, two)]
    ['title-equal', 'title-short']
    """
    return title_at_a_glance(*_of_works(left, right))


def creator_features(left: MatchFields, right: MatchFields) -> list[Feature]:
    """Compare the creators alone.

    >>> one = MatchFields(record="a", title="kieu", creators_written=("du nguyen",))
    >>> creator_features(one, one)
    [('creators-equal', 1.0)]
    """
    return list(_creators(left, right))


def identifier_features(left: MatchFields, right: MatchFields) -> list[Feature]:
    """Compare the identifiers alone.

    >>> one = MatchFields(record="a", title="", identifiers=frozenset({"doi:10.1/x"}))
    >>> identifier_features(one, one)
    [('doi-shared', 1.0)]
    """
    return list(_identifiers(left, right))


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
    if main_equal(left, right) or is_within(left.title, right.title):
        return False
    ours, theirs = left.creators_written, right.creators_written
    others = bool(ours and theirs) and (same_creators(ours, theirs) < 1 or len(ours) != len(theirs))
    return others or (None not in (left.pages, right.pages) and left.pages != right.pages)


_Compares = Callable[[MatchFields, MatchFields], Iterator[Feature]]
_DESCRIPTION: tuple[_Compares, ...] = (_creators, _year, _part, _imprint, _kind)
