"""Articles: their place is year, volume and first page, and citations get one of them wrong."""

from __future__ import annotations

from libconsortium import MatchFields
from libconsortium.plugins.matching.journals import same_journal
from libconsortium.plugins.matching.likeness import same_creators
from libconsortium.plugins.matching.title_numbers import numbers_in

_ARTICLES = frozenset({"article", "chapter", "proceedings"})
_YEAR_DIGITS = 4
_ALL = "all"  # the volume of «trọn bộ»


def is_article(left: MatchFields, right: MatchFields) -> bool:
    """Say whether two records are weighed as articles: by their journal or their kind.

    >>> one = MatchFields(record="a", title="", journal="tap chi toan hoc")
    >>> is_article(one, MatchFields(record="b", title=""))
    True
    """
    return bool(left.journal or right.journal) or bool({left.type, right.type} & _ARTICLES)


def same_volume(left: MatchFields, right: MatchFields) -> bool:
    """Say whether two records name the same volume; of an article the issue does not count.

    «Trọn bộ», all volumes, is the same as volumes 1 to 3.

    >>> one, two = (MatchFields(record="a", title="", volume=said) for said in ("6", "6.1"))
    >>> same_volume(one, two)
    False
    >>> same_volume(one, MatchFields(record="b", title="", volume="6.1", journal="toan hoc"))
    True
    """
    if left.volume == right.volume:
        return True
    volumes = {left.volume, right.volume}
    if _ALL in volumes:
        return any(one.startswith("1-") for one in volumes)
    first, other = (one.volume.partition(".")[0] for one in (left, right))
    return first == other and is_article(left, right)


def one_figure_wrong(left: MatchFields, right: MatchFields) -> bool:
    """Say whether two citations place one article alike but for one figure, which is misprinted.

    Year, volume and first page place an article; its journal and volume imply the year.

    >>> said = {"title": "on trees", "creators_written": ("an le",), "journal": "j", "volume": "3"}
    >>> one, two = (MatchFields(record="a", year=year, **said) for year in (1993, 1997))
    >>> one_figure_wrong(one, two)
    True
    """
    if not is_article(left, right) or left.title != right.title:
        return False
    ours, theirs = left.creators_written, right.creators_written
    if not ours or not theirs or not same_creators(ours, theirs):
        return False
    if any(one.startswith("doi:") for one in left.identifiers & right.identifiers):
        return True
    page = left.pages is not None and left.pages == right.pages
    if left.volume and same_volume(left, right):
        journals = left.journal and right.journal and same_journal(left.journal, right.journal)
        return page or bool(journals)
    if left.year is None or right.year is None:
        return False
    return page and abs(left.year - right.year) <= 1


def same_place(left: MatchFields, right: MatchFields) -> bool:
    """Say whether two citations of one title and one author place an article exactly alike.

    Then two DOI are one that was misprinted, or given twice.

    >>> said = {"title": "on trees", "creators_written": ("an le",), "journal": "j", "volume": "3"}
    >>> one, two = (MatchFields(record="a", year=1993, pages=page, **said) for page in (7, 19))
    >>> same_place(one, one), same_place(one, two)
    (True, False)
    """
    ours, theirs = left.creators_written, right.creators_written
    return (
        bool(left.title and left.journal and left.volume and left.pages and ours and theirs)
        and left.title == right.title
        and (left.year, left.pages) == (right.year, right.pages)
        and same_volume(left, right)
        and bool(right.journal)
        and same_journal(left.journal, right.journal)
        and same_creators(ours, theirs) == 1
    )


def numbers_counted(left: MatchFields, right: MatchFields) -> tuple[frozenset[str], frozenset[str]]:
    """Return what numbers things in two titles.

    Citations often have the year before the title; it counts nothing if the other record has it as
    its year and no year in its title.

    >>> one = MatchFields(record="a", title="1998 unbundling active rules", journal="sigmod")
    >>> numbers_counted(one, MatchFields(record="b", title="unbundling active rules", year=1998))
    (frozenset(), frozenset())
    """
    ours, theirs = numbers_in(left.title), numbers_in(right.title)
    if ours == theirs or not is_article(left, right):
        return ours, theirs
    return _without_year(ours, theirs, right), _without_year(theirs, ours, left)


def _without_year(
    numbers: frozenset[str], others: frozenset[str], other: MatchFields
) -> frozenset[str]:
    if any(len(one) == _YEAR_DIGITS and one.isdecimal() for one in others):
        return numbers
    return numbers - {str(other.year)}
