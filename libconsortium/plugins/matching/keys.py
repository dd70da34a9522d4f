"""The keys that bring candidates together."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from libconsortium import COMMON_WORDS, MatchFields
from libconsortium.plugins.matching.guards import identifiers_of
from libconsortium.plugins.matching.title_additions import without_kind
from libconsortium.plugins.matching.title_numbers import in_digits

_PREFIX_LETTERS = 24
_SHORT_PREFIX_LETTERS = 14
_LONGEST_WORDS = 3
_WORDS_WITHOUT_YEAR = 4
_LONG_WORDS = 2
_LONGEST_SYLLABLE = 7  # letters; of Vietnamese
_NAMES_WITH_A_WORD = 2
_WORDS_ENOUGH = 3  # a shorter title alone is no key
_FEW_LETTERS = 6
_WHOLE_NAMES = 2
_NAMES_A_RECORD = 6  # an article of two hundred authors is found by its first ones too
_LEADING = "the a an der die das ein eine le la les l un une el los las il lo"
_ARTICLES = frozenset(_LEADING.split())
_NAMING = ("doi", "isbn", "handle")  # schemes that name one publication


def identifier_keys(fields: MatchFields) -> tuple[str, ...]:
    """Return one key per identifier that names a publication; an ISSN with the title's start.

    >>> identifier_keys(MatchFields(record="a", title="x", identifiers=frozenset({"doi:10.1/x"})))
    ('doi:10.1/x',)
    """
    if not fields.identifiers:
        return ()
    own = (f"{scheme}:{value}" for scheme in _NAMING for value in identifiers_of(fields, scheme))
    serial = (f"issn:{value}:{_prefix(fields.title)}" for value in identifiers_of(fields, "issn"))
    return tuple(sorted({*own, *serial}))


def title_keys(fields: MatchFields) -> tuple[str, ...]:
    """Return keys of the title's start or longest words with year or a creator.

    >>> title_keys(MatchFields(record="a", title="giai tich", creators=("an tran",), year=2019))
    ('name giaiti an tran', 'title-name giaitich an', 'title-year giaitich 2019')
    """
    return tuple(sorted(set(_title_keys(fields))))


def _title_keys(fields: MatchFields) -> Iterator[str]:
    title = without_article(fields.main_title or fields.title)
    if not title:
        return
    whole = without_article(fields.title)
    start = _prefix(title)
    if title.count(" ") + 1 >= _WORDS_ENOUGH or not (fields.year and fields.creators):
        yield f"title {title.replace(' ', '')}"
    if fields.year is not None:
        yield f"title-year {start} {fields.year}"
        if whole != title:  # who marks no subtitle gives it so
            yield f"title-year {_prefix(whole)} {fields.year}"
    yield from _words_keys(fields, sorted(sorted(set(whole.split())), key=len, reverse=True))
    yield from _name_keys(fields, start)


def _words_keys(fields: MatchFields, longest: list[str]) -> Iterator[str]:
    """Yield keys of the longest words, wherever they stand."""
    if len(longest) > _LONGEST_WORDS:
        yield f"words-year {' '.join(sorted(longest[:_LONGEST_WORDS]))} {fields.year or ''}"
    if len(longest) > _WORDS_WITHOUT_YEAR:
        yield f"words {' '.join(sorted(longest[:_WORDS_WITHOUT_YEAR]))}"
    for name in fields.creators[:_NAMES_WITH_A_WORD]:
        # Finds titles with something before them, and those of a record without a year.
        telling = _telling_word(name)
        for word in longest[:_LONG_WORDS]:
            if len(word) > _LONGEST_SYLLABLE:  # «nghiêm» stands in a thousand titles
                yield f"word-name {word} {telling}"


def _name_keys(fields: MatchFields, start: str) -> Iterator[str]:
    short = start[:_SHORT_PREFIX_LETTERS]
    for name in fields.creators[:_NAMES_A_RECORD]:
        yield f"title-name {short} {_telling_word(name)}"
    for name in fields.creators[:_WHOLE_NAMES]:
        # Finds what is written otherwise after its first letters.
        yield f"name {start[:_FEW_LETTERS]} {name}"
        if fields.year is not None and fields.pages is not None:
            # Finds titles that begin otherwise.
            yield f"imprint {fields.pages} {fields.year} {_telling_word(name)}"


def all_keys(fields: MatchFields) -> tuple[str, ...]:
    """Return the keys of both other rules.

    >>> all_keys(MatchFields(record="a", title="giai tich", year=2019))
    ('title giaitich', 'title-year giaitich 2019')
    """
    return (*identifier_keys(fields), *title_keys(fields))


def work_keys(fields: MatchFields) -> tuple[str, ...]:
    """Return keys of the title with a creator, and those of publications: one of them is one work.

    >>> work_keys(MatchFields(record="a", title="giai tich", creators=("an tran",), year=2019))[2:]
    ('title-name giaitich an', 'title-year giaitich 2019', 'words-name giai tich an')
    """
    return tuple(sorted({*all_keys(fields), *_work_keys(fields)}))


def _work_keys(fields: MatchFields) -> Iterator[str]:
    title = without_kind(fields.main_title or fields.title)
    if not title:
        return
    short = _prefix(title)[:_SHORT_PREFIX_LETTERS]
    tellings = [_telling_word(name) for name in fields.creators[:_NAMES_A_RECORD]]
    yield from (f"title-name {short} {telling}" for telling in tellings)
    longest = sorted(sorted(set(title.split())), key=len, reverse=True)[:_LONG_WORDS]
    if len(longest) == _LONG_WORDS:
        # Finds titles that begin otherwise.
        yield from (f"words-name {' '.join(sorted(longest))} {telling}" for telling in tellings)
    yield f"title {in_digits(title).replace(' ', '')}"


def without_article(title: str) -> str:
    """Return a folded title without the article that it begins with.

    >>> without_article("the land is mine"), without_article("the")
    ('land is mine', 'the')
    """
    first, _, rest = title.partition(" ")
    return rest if rest and first in _ARTICLES else title


def _prefix(title: str) -> str:
    return title.replace(" ", "")[:_PREFIX_LETTERS]


@lru_cache(maxsize=50_000)  # several keys a name, and authors come back
def _telling_word(name: str) -> str:
    words = [word for word in name.split() if word not in COMMON_WORDS]
    return max(words, key=len, default=name)
