"""The writings of a table of places, by their words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

import attrs

from libconsortium.core.places.places import FormerProvince, PlaceTable, ProvinceName
from libconsortium.core.text import folded, spelling

Phrases = frozenset[tuple[str, ...]]
"""Words that stand side by side, each as spelled, with and without diacritics."""


@attrs.frozen
class Word:
    """A word of a text.

    Args:
        written: The word as it stands there.
        spelled: The word as names are compared by; see ``spelling``.
        first: Where it begins in the text.
        last: Where it ends, the next character's place.
    """

    written: str
    spelled: str
    first: int
    last: int


@attrs.frozen(kw_only=True)
class KnownName:
    """One writing of a name, and what it may mean.

    Args:
        words: Its words, as they are looked for.
        row: The row of the table.
        is_also: It is no name of the row but another writing.
        is_bare: It is written without diacritics.
        capitals: Which of its words begin with a capital in the table.
        unless_before: It is no place where these words follow.
        unless_after: It is no place where these words stand before it.
        former: The province of before that it names; ``None`` if it names one of now.
        now: The province of now that has the same name as ``former``, if there is one.
    """

    words: tuple[str, ...]
    row: ProvinceName
    is_also: bool
    is_bare: bool
    capitals: tuple[bool, ...]
    unless_before: Phrases
    unless_after: Phrases
    former: FormerProvince | None = None
    now: ProvinceName | None = None


ByFirstWord = Mapping[str, tuple[tuple[KnownName, ...], ...]]
_WORD = re.compile(r"(?:[^\W_][\u0300-\u036f]*)+")  # a letter and its marks


def words_of(text: str) -> list[Word]:
    """Return the words of a text in their order.

    >>> [(one.written, one.first) for one in words_of("tỉnh Cao Lan")]
    [('tỉnh', 0), ('Cao', 5), ('Lan', 9)]
    """
    return [
        Word(found[0], spelling(found[0]), *found.span())
        for found in _WORD.finditer(text)
        if spelling(found[0])
    ]


def names_by_first_word(table: PlaceTable, form: Callable[[str], str]) -> ByFirstWord:
    """Return every writing by its first word, the longest first; one writing may mean several.

    Args:
        table: The table of places.
        form: Makes of a word as spelled the word that is looked for.

    >>> from datetime import date
    >>> table = PlaceTable(changed=date(2025, 7, 1), provinces=(ProvinceName(name="Hà Nội"),))
    >>> [several[0].words for several in names_by_first_word(table, folded)["ha"]]
    [('ha', 'noi')]
    """
    found: dict[tuple[str, ...], dict[str, KnownName]] = {}
    for row in (*table.former, *table.provinces):
        for number, name in enumerate((row.name, *row.also)):
            spelled = spelling(name)
            words = tuple(form(spelled).split())
            meant = found.setdefault(words, {})
            former = row if isinstance(row, FormerProvince) else None
            known = KnownName(
                words=words,
                row=row,
                is_also=number > 0,
                is_bare=spelled.isascii(),
                capitals=tuple(word.written[0].isupper() for word in words_of(name)),
                unless_before=phrases_of(row.unless_before),
                unless_after=phrases_of(row.unless_after),
                former=former,
            )
            if former is None and row.name in meant:  # it had this name before as well
                known = attrs.evolve(meant[row.name], now=row)
            meant[row.name] = known
    by_first: dict[str, list[tuple[KnownName, ...]]] = {}
    for words in sorted(found, key=lambda words: (-len(words), words)):
        by_first.setdefault(words[0], []).append(tuple(found[words].values()))
    return {first: tuple(several) for first, several in by_first.items()}


def longest_name(names: ByFirstWord, words: Sequence[str], at: int) -> tuple[KnownName, ...] | None:
    """Return what the longest name that begins with a word may mean; ``None`` if none does.

    Args:
        names: The names.
        words: The words of a text, in the form of the names.
        at: Number of the word, from 0.

    >>> longest_name({}, ["ha", "noi"], 0) is None
    True
    """
    for known in names.get(words[at], ()):
        if known[0].words == tuple(words[at : at + len(known[0].words)]):
            return known
    return None


def phrases_of(texts: Iterable[str]) -> Phrases:
    """Return texts as phrases.

    >>> sorted(phrases_of(["Cao Lan"]))
    [('cao', 'lan')]
    """
    return frozenset(
        tuple(form.split()) for text in texts for form in (spelling(text), folded(spelling(text)))
    )
