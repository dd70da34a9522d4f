"""The rules: keys that bring candidates together, and points that weigh what they have in common.

Points are in natural logarithms of odds, so they add up and ``1 / (1 + e**-sum)`` is the score.
They were set by hand with the figures of ``benchmarks/match.py`` in view.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import exp

from libconsortium import COMMON_WORDS, Evidence, MatchFields
from libconsortium.plugins.matching.guards import identifiers_of, numbers_in, veto
from libconsortium.plugins.matching.likeness import likeness, marks_apart, same_creators

Points = tuple[float, str]

_START = -3.5  # two candidates are different before anything is known
_PREFIX_LETTERS = 24
_SHORT_PREFIX_LETTERS = 14
_LONGEST_WORDS = 3
_WORDS_ENOUGH = 3  # a shorter title alone is no key
_NAMES_A_RECORD = 6  # an article of two hundred authors is found by its first ones too
_SAME_PAGES = 2
_OTHER_PAGES = 0.1
_NEARLY_EQUAL = 0.93
_ALIKE = 0.8
_HALF = 0.5
_SHARED = (("doi", 6.0), ("isbn", 5.0), ("handle", 6.0))


# ---------------------------------------------------------------- keys


def identifier_keys(fields: MatchFields) -> tuple[str, ...]:
    """Return one key per identifier that names a publication; an ISSN with the title's start.

    >>> identifier_keys(MatchFields(record="a", title="x", identifiers=frozenset({"doi:10.1/x"})))
    ('doi:10.1/x',)
    """
    own = (f"{scheme}:{value}" for scheme, _ in _SHARED for value in identifiers_of(fields, scheme))
    serial = (f"issn:{value}:{_prefix(fields.title)}" for value in identifiers_of(fields, "issn"))
    return tuple(sorted({*own, *serial}))


def title_keys(fields: MatchFields) -> tuple[str, ...]:
    """Return keys of the title's start or longest words with year or a creator.

    >>> title_keys(MatchFields(record="a", title="giai tich", creators=("an tran",), year=2019))
    ('title-name giaitich an', 'title-year giaitich 2019')
    """
    return tuple(sorted(set(_title_keys(fields))))


def _title_keys(fields: MatchFields) -> Iterator[str]:
    title = fields.main_title or fields.title
    if not title:
        return
    words = title.split()
    start, short = _prefix(title), _prefix(title)[:_SHORT_PREFIX_LETTERS]
    if len(words) >= _WORDS_ENOUGH or not (fields.year and fields.creators):
        yield f"title {''.join(words)}"
    if fields.year is not None:
        yield f"title-year {start} {fields.year}"
    if len(words) > _LONGEST_WORDS:
        longest = sorted(sorted(set(words)), key=len, reverse=True)[:_LONGEST_WORDS]
        yield f"words-year {' '.join(sorted(longest))} {fields.year or ''}"
    for name in fields.creators[:_NAMES_A_RECORD]:
        yield f"title-name {short} {_telling_word(name)}"


def all_keys(fields: MatchFields) -> tuple[str, ...]:
    """Return the keys of both other rules.

    >>> all_keys(MatchFields(record="a", title="giai tich", year=2019))
    ('title giaitich', 'title-year giaitich 2019')
    """
    return (*identifier_keys(fields), *title_keys(fields))


def _prefix(title: str) -> str:
    return title.replace(" ", "")[:_PREFIX_LETTERS]


def _telling_word(name: str) -> str:
    words = name.split()
    return max((word for word in words if word not in COMMON_WORDS), key=len, default=name)


# ---------------------------------------------------------------- comparison


def by_identifiers(left: MatchFields, right: MatchFields) -> Evidence:
    """Compare by identifiers alone; the titles must still be alike.

    >>> one, two = (MatchFields(record=letter, title="giai tich",
    ...                         identifiers=frozenset({"doi:10.1/x"})) for letter in "ab")
    >>> by_identifiers(one, two).reasons
    ('doi 10.1/x shared', 'title equal')
    """
    shared = list(_identifier_points(left, right))
    alike = list(_title_points(left, right)) if shared else []
    return _evidence("identifiers", left, right, [*shared, *alike])


def by_title(left: MatchFields, right: MatchFields) -> Evidence:
    """Compare everything but identifiers.

    >>> one, two = (MatchFields(record=letter, title="giai tich", year=2019) for letter in "ab")
    >>> by_title(one, two).reasons
    ('title equal', 'year 2019 = 2019')
    """
    return _evidence("title-author-year", left, right, list(_description_points(left, right)))


def by_everything(left: MatchFields, right: MatchFields) -> Evidence:
    """Compare identifiers and description together.

    >>> one, two = (MatchFields(record=letter, title="giai tich", year=2019) for letter in "ab")
    >>> by_everything(one, two).score
    0.818
    """
    points = [*_identifier_points(left, right), *_description_points(left, right)]
    return _evidence("bibliographic", left, right, points)


def _evidence(rule: str, left: MatchFields, right: MatchFields, points: list[Points]) -> Evidence:
    total = _START + sum(value for value, _ in points)
    return Evidence(
        rule=rule,
        score=round(1 / (1 + exp(-total)), 3),
        reasons=tuple(reason for _, reason in points),
        veto=veto(left, right),
    )


def _identifier_points(left: MatchFields, right: MatchFields) -> Iterator[Points]:
    for scheme, value in _SHARED:
        shared = identifiers_of(left, scheme) & identifiers_of(right, scheme)
        if shared:
            yield value, f"{scheme} {min(shared)} shared"


def _description_points(left: MatchFields, right: MatchFields) -> Iterator[Points]:
    for compared in _COMPARED:
        yield from compared(left, right)


def _title_points(left: MatchFields, right: MatchFields) -> Iterator[Points]:
    if not left.title or not right.title:
        return
    alike = likeness(left.title, right.title)
    if left.title == right.title:
        yield 3.5, "title equal"
    elif alike >= _NEARLY_EQUAL:
        yield 2.5, f"title {alike:.2f} alike"
    elif _main_equal(left, right):
        yield 1.5, "main title equal"
    elif alike >= _ALIKE:
        yield 0.5, f"title {alike:.2f} alike"
    else:
        yield -5.0, f"title only {alike:.2f} alike"
    both, one = marks_apart(left.title_written, right.title_written)
    if both or one:
        yield -6.0 * both - 2.0 * one, "title spelled with other diacritics"
    if numbers_in(left.title) != numbers_in(right.title):
        yield -1.5, "numbers in title of one only"


def _main_equal(left: MatchFields, right: MatchFields) -> bool:
    few, many = sorted((left.title, right.title), key=len)
    mains = {left.main_title, right.main_title}
    return len(mains) == 1 or (few in mains and many.startswith(f"{few} "))


def _creator_points(left: MatchFields, right: MatchFields) -> Iterator[Points]:
    if not left.creators_written or not right.creators_written:
        return
    part = same_creators(left.creators_written, right.creators_written)
    if part == 1:
        yield 2.5, "creators equal"
    elif part >= _HALF:
        yield 1.5, f"creators {part:.2f} shared"
    elif part:
        yield 0.5, f"creators {part:.2f} shared"
    else:
        yield -3.0, "no creator shared"


def _year_points(left: MatchFields, right: MatchFields) -> Iterator[Points]:
    if left.year is None or right.year is None:
        yield -0.5, "year missing"
    elif left.year == right.year:
        yield 1.5, f"year {left.year} = {right.year}"
    else:
        yield -1.5, f"year {left.year} and {right.year}"


def _imprint_points(left: MatchFields, right: MatchFields) -> Iterator[Points]:
    if left.publisher and right.publisher:
        few, many = sorted((left.publisher, right.publisher), key=len)
        if set(few.split()) <= set(many.split()) or likeness(few, many) >= _ALIKE:
            yield 1.0, "publisher equal"
        else:
            yield -1.0, "publisher differs"
    if left.pages is not None and right.pages is not None:
        apart = abs(left.pages - right.pages)
        if apart <= _SAME_PAGES:
            yield 1.0, f"pages {left.pages} and {right.pages}"
        elif apart > _OTHER_PAGES * max(left.pages, right.pages):
            yield -2.0, f"pages {left.pages} and {right.pages}"


def _part_points(left: MatchFields, right: MatchFields) -> Iterator[Points]:
    if left.volume != right.volume:
        yield -2.0, "volume of one only"
    elif left.volume:
        yield 1.0, f"volume {left.volume} = {right.volume}"
    if {left.edition, right.edition} - {"", "1"} and left.edition != right.edition:
        yield -1.0, "edition of one only"
    elif left.edition and right.edition:
        yield 0.5, f"edition {left.edition} = {right.edition}"
    if left.journal and right.journal and likeness(left.journal, right.journal) >= _ALIKE:
        yield 0.5, "journal equal"


_COMPARED: tuple[Callable[[MatchFields, MatchFields], Iterator[Points]], ...] = (
    _title_points,
    _creator_points,
    _year_points,
    _imprint_points,
    _part_points,
)
