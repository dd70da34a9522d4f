"""Guards: facts that forbid a merge, however alike two records are otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain

from libconsortium import MatchFields, folded, reason
from libconsortium.plugins.matching.articles import (
    numbers_counted,
    one_figure_wrong,
    same_place,
    same_volume,
)
from libconsortium.plugins.matching.companions import companion_kinds, languages_in, opposites
from libconsortium.plugins.matching.likeness import (
    is_syllable,
    likeness,
    marks_apart,
    same_creators,
    same_name,
)
from libconsortium.plugins.matching.title_places import places_apart

_KINDS_CONFUSED = (
    frozenset({"book", "report", "proceedings"}),
    frozenset({"article", "proceedings", "chapter"}),
)
"""Kinds of document that catalogues call one or the other."""

_ALIKE = 0.8
_LITTLE_WORDS = frozenset({"va", "and", "of", "the", "cua", "et", "und"})
_ISBN_13 = 13
_NONE = frozenset[str]()


def veto(left: MatchFields, right: MatchFields) -> str:
    r"""Return the first guard that objects to a merge, as a reason; empty if none does.

    >>> one, two = (MatchFields(record=volume, title="giai tich", volume=volume) for volume in "12")
    >>> veto(one, two)
    'veto-volume\t1\t2'
    """
    return veto_beside_title(left, right) or title_veto(left, right)


def veto_beside_title(left: MatchFields, right: MatchFields) -> str:
    """Return the first guard that objects without a look at the titles: few letters are compared.

    >>> one, two = (MatchFields(record=title, title=title) for title in ("toan 10", "toan 11"))
    >>> veto_beside_title(one, two)
    ''
    """
    return next(_objections(left, right), "")


def _objections(left: MatchFields, right: MatchFields) -> Iterator[str]:
    is_misprinted = one_figure_wrong(left, right)
    if left.volume and right.volume and not same_volume(left, right) and not is_misprinted:
        yield reason("veto-volume", left.volume, right.volume)
    if left.edition and right.edition and left.edition != right.edition:
        yield reason("veto-edition", left.edition, right.edition)
    is_serial = are_serials(left, right)
    yield from _serials(left, right) if is_serial else ()
    is_dated_anew = is_misprinted or (is_serial and shares_issn(left, right))
    if not is_dated_anew and (_years_apart(left, right) or _are_yearly(left, right)):
        yield reason("veto-year", left.year, right.year)
    if left.type and right.type and left.type != right.type:
        pair = {left.type, right.type}
        if not any(pair <= kinds for kinds in _KINDS_CONFUSED):
            yield reason("veto-type", left.type, right.type)
    if left.identifiers and right.identifiers:
        for scheme in ("isbn", "doi"):
            ours, theirs = identifiers_of(left, scheme), identifiers_of(right, scheme)
            if not ours or not theirs or not ours.isdisjoint(theirs):
                continue
            if scheme != "doi" or not same_place(left, right):
                yield reason(f"veto-{scheme}", min(ours), min(theirs))
    yield from _carriers(left, right)


def are_serials(left: MatchFields, right: MatchFields) -> bool:
    """Say whether two records are of journals, not of what stands in them.

    >>> one = MatchFields(record="a", title="tap chi toan hoc", type="serial")
    >>> are_serials(one, MatchFields(record="b", title="tap chi toan hoc"))
    False
    """
    return _is_serial(left) and _is_serial(right)


def _is_serial(fields: MatchFields) -> bool:
    if fields.type or fields.journal or fields.pages is not None:
        return fields.type == "serial"
    schemes = {one.partition(":")[0] for one in fields.identifiers}
    return "issn" in schemes and schemes.isdisjoint({"isbn", "doi"})


def shares_issn(left: MatchFields, right: MatchFields) -> bool:
    """Say whether two records have an ISSN in common."""
    return not identifiers_of(left, "issn").isdisjoint(identifiers_of(right, "issn"))


def _serials(left: MatchFields, right: MatchFields) -> Iterator[str]:
    """Object to journals of one name that another number or another publisher tells apart."""
    ours, theirs = identifiers_of(left, "issn"), identifiers_of(right, "issn")
    if ours and theirs:
        if ours.isdisjoint(theirs):
            yield reason("veto-issn", min(ours), min(theirs))
    elif left.publisher and right.publisher and not same_publisher(left.publisher, right.publisher):
        yield reason("veto-publisher", *sorted((left.publisher, right.publisher)))


def _carriers(left: MatchFields, right: MatchFields) -> Iterator[str]:
    """Object to a book beside its electronic copy or its film."""
    ours, theirs = (one.carrier.partition(" ")[0] or _paper(one) for one in (left, right))
    if ours and theirs and ours != theirs:
        yield reason("veto-carrier", ours, theirs)


def _paper(fields: MatchFields) -> str:
    return "paper" if fields.pages is not None and not fields.carrier else ""


def title_veto(left: MatchFields, right: MatchFields) -> str:
    r"""Return the guard of numbers, names and places, which tell works apart too.

    >>> one, two = (MatchFields(record=text, title=text) for text in ("toan 10", "toan 11"))
    >>> title_veto(one, two)
    'veto-numbers\t10\t11'
    """
    return next(chain(_titles(left, right), _named_apart(left, right)), "")


def _titles(left: MatchFields, right: MatchFields) -> Iterator[str]:
    if left.title == right.title and left.title_written == right.title_written:
        return
    ours, theirs = numbers_counted(left, right)
    if not (ours <= theirs or theirs <= ours) and not _are_joined(left.title, right.title):
        yield reason("veto-numbers", " ".join(sorted(ours)), " ".join(sorted(theirs)))
    kinds = companion_kinds(left.title) ^ companion_kinds(right.title)
    if kinds and left.title and right.title:
        yield reason(f"veto-{min(kinds)}")
    if words := opposites(left.title_written, right.title_written):
        yield reason("veto-opposite", *words)
    languages, others = languages_in(left.title), languages_in(right.title)
    if languages and others and languages != others:
        yield reason("veto-dictionary", *sorted((" ".join(languages), " ".join(others))))


def _are_joined(left: str, right: str) -> bool:
    """*SQL3* and *SQL 3*."""
    return left.replace(" ", "") == right.replace(" ", "")


def _named_apart(left: MatchFields, right: MatchFields) -> Iterator[str]:
    """Object to other people and other places, unless an identifier is shared."""
    if _only_unaccented(left, right):
        yield "veto-unaccented"
    if not any(identifiers_of(left, one) & identifiers_of(right, one) for one in ("isbn", "doi")):
        yield from _names_apart(left, right)
        if places_apart(left.title_written, right.title_written):
            yield "veto-places"


def _names_apart(left: MatchFields, right: MatchFields) -> Iterator[str]:
    """Object to people whom only their diacritics tell apart.

    «Phạm Việt Hòa» and «Phạm Viết Hoa» are two persons; «Pham Viet Hoa» may be either.
    """
    ours, theirs = left.creators_written, right.creators_written
    if not ours or not theirs or ours == theirs or same_creators(ours, theirs):
        return
    for name in ours:
        for other in theirs:
            if _folded(name) == _folded(other) and marks_apart(name, other)[0]:
                yield "veto-names"
                return


@lru_cache(maxsize=100_000)
def _folded(name: str) -> list[str]:
    return sorted(folded(name).split())


def _only_unaccented(left: MatchFields, right: MatchFields) -> bool:
    """Say whether nothing agrees but a title that one of them gives without its diacritics.

    «Pham Viet Hoa» may be «Phạm Việt Hòa» or «Phạm Viết Hoa»; something else has to tell.
    """
    return _without_marks(left.title_written, right.title_written) and not _agrees_beside_title(
        left, right
    )


def is_unaccented(left: MatchFields, right: MatchFields) -> bool:
    """Say whether one of two records gives title or creators without their diacritics.

    >>> from libconsortium import spelling
    >>> one, two = (
    ...     MatchFields(record=title, title="giai tich", title_written=spelling(title))
    ...     for title in ("Giải tích", "Giai tich")
    ... )
    >>> is_unaccented(one, two), is_unaccented(one, one)
    (True, False)
    """
    ours, theirs = left.creators_written, right.creators_written
    return _without_marks(left.title_written, right.title_written) or (
        bool(ours and theirs and ours != theirs)
        and _without_marks(" ".join(ours), " ".join(theirs))
    )


def _without_marks(left: str, right: str) -> bool:
    if left.isascii() is right.isascii():
        return False
    accented = right if left.isascii() else left
    return any(is_syllable(folded(word)) for word in accented.split() if not word.isascii())


def _agrees_beside_title(left: MatchFields, right: MatchFields) -> bool:
    if left.year is not None and right.year is not None and abs(left.year - right.year) <= 1:
        return True
    if left.publisher and right.publisher and same_publisher(left.publisher, right.publisher):
        return True
    if left.identifiers & right.identifiers:
        return True
    same = ("pages", "volume", "journal")
    if any(getattr(left, one) and getattr(left, one) == getattr(right, one) for one in same):
        return True
    ours, theirs = left.creators_written, right.creators_written
    return bool(ours and theirs and same_creators(ours, theirs))


def _years_apart(left: MatchFields, right: MatchFields) -> bool:
    """Say whether the years forbid a merge.

    Not if pages and publisher are the same: then it is another printing, or a slip of the pen. If
    one is said to be a reprint, it is enough that neither contradicts.
    """
    if left.year is None or right.year is None or abs(left.year - right.year) <= 1:
        return False
    if left.edition != right.edition and {left.edition, right.edition} != {"", "1"}:
        return True  # revised in one of them
    known = left.pages is not None and right.pages is not None
    is_reprint = bool(left.printing or right.printing)
    if left.pages != right.pages if known else not is_reprint:
        return True
    if not left.publisher or not right.publisher:
        return not is_reprint
    return not same_publisher(left.publisher, right.publisher)


def _are_yearly(left: MatchFields, right: MatchFields) -> bool:
    """Say whether two records are of two years of what comes out every year: a yearbook, a report.

    A year in the title outranks that of publication, which may be the next one.
    """
    if left.year is None or right.year is None or left.year == right.year:
        return False
    titles = left.title, right.title
    return all(map(_YEARLY.search, titles)) and not any(map(_A_YEAR.search, titles))


_YEARLY = re.compile(
    r"\b(?:nien giam|thuong nien|hang nam|year ?book|annual report|annuaire|jahrbuch)\b"
)
_A_YEAR = re.compile(r"\b(?:19|20)[0-9]{2}\b")


@lru_cache(maxsize=100_000)
def same_publisher(left: str, right: str) -> bool:
    """Say whether two publishers' names, neither empty, may be one's.

    >>> same_publisher("giao duc", "giao duc viet nam"), same_publisher("tre", "giao duc")
    (True, False)
    >>> same_publisher("kh kt", "khoa hoc va ki thuat"), same_publisher("c hale", "charles hale s")
    (True, True)
    """
    if left == right:
        return True
    few, many = sorted((left, right), key=len)
    if set(few.split()) <= set(many.split()) or likeness(few, many) >= _ALIKE:
        return True
    if same_name(" ".join(sorted(few.split())), " ".join(sorted(many.split()))):
        return True
    initials = "".join(word[0] for word in many.split() if word not in _LITTLE_WORDS)
    return few.replace(" ", "") == initials and len(initials) > 1


def identifiers_of(fields: MatchFields, scheme: str) -> frozenset[str]:
    """Return the values of one scheme; an ISBN without prefix and check digit, old and new alike.

    >>> old, new = "isbn:0878341013", "isbn:9780878341016"
    >>> identifiers_of(MatchFields(record="a", title="", identifiers=frozenset({old, new})), "isbn")
    frozenset({'087834101'})
    """
    if not fields.identifiers:
        return _NONE  # of most records
    start = f"{scheme}:"
    values = (one.removeprefix(start) for one in fields.identifiers if one.startswith(start))
    return frozenset(map(_isbn_body, values) if scheme == "isbn" else values)


def _isbn_body(isbn: str) -> str:
    return (isbn[3:] if len(isbn) == _ISBN_13 and isbn.startswith("978") else isbn)[:-1]
