"""Which provinces a record speaks of (địa chí), by their names of now and of before.

Provinces merge, records stay as they were written: one that says «Hải Dương» is found under Hải
Dương and under Hải Phòng, to which it belongs today. Every tag says which words of which field
gave it. What may also be an ordinary word, a person or one of several provinces is reported, not
guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum

import attrs

from libconsortium.core.errors import SettingsError
from libconsortium.core.messages import Message
from libconsortium.core.text import folded, has_diacritics, spelling


@attrs.frozen(kw_only=True)
class ProvinceName:
    """A province of now, as the table of places has it.

    Args:
        name: Its name.
        also: Other writings of it.
        is_common: Also an ordinary word or a person's name; counts only after a sign.
        only_with_sign: Nearly always something else; passed over without a sign.
        unless_before: Words behind it that make it something else.
    """

    name: str
    also: tuple[str, ...] = ()
    is_common: bool = False
    only_with_sign: bool = False
    unless_before: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class FormerProvince(ProvinceName):
    """A province that is no more, or is larger now.

    Args:
        now: Names of the provinces it belongs to today; several if it was divided.
        until: Its last year; ``None`` for the year of the table's ``changed``.
    """

    now: tuple[str, ...] = ()
    until: int | None = None


@attrs.frozen(kw_only=True)
class PlaceTable:
    """The names of provinces, and what tells them from other words; an operator's own table.

    Args:
        changed: First day of the provinces of now.
        provinces: The provinces of now.
        former: Those of before.
        fields: Fields of a record that say what it is about, as in ``BibRecord``.
        signs: Words before a name that make it a place.
        signs_behind: Words behind a name that make it a place (``province``).
        unless_after: Words before a name that make it something else.
        surnames: Family names; behind one, a name may be somebody's.

    Raises:
        SettingsError: A former province belongs to one that the table does not have.
    """

    changed: date
    provinces: tuple[ProvinceName, ...]
    former: tuple[FormerProvince, ...] = ()
    fields: tuple[str, ...] = ("titles", "subjects", "descriptions")
    signs: tuple[str, ...] = ()
    signs_behind: tuple[str, ...] = ()
    unless_after: tuple[str, ...] = ()
    surnames: tuple[str, ...] = ()

    def __attrs_post_init__(self) -> None:
        """Refuse a province that belongs to none."""
        known = {one.name for one in self.provinces}
        for number, one in enumerate(self.former):
            for name in one.now:
                if name not in known:
                    said = Message("no province of now is called {name!r}", name=name)
                    raise SettingsError(
                        "{first}", first=said, faults=((("former", number, "now"), said),)
                    )


class PlaceRule(StrEnum):
    """What made words a place."""

    NAME = "the name"
    """The name of a province, written as a name."""
    SIGN = "the name after a sign"
    """The name behind a word like «tỉnh»."""
    ALSO = "another writing of the name"
    """One of the other writings in the table."""


class Doubt(StrEnum):
    """Why words were not taken for a place, or not for one alone."""

    COMMON = "also an ordinary word or a person's name, and no sign stands before it"
    PERSON = "a family name stands before it"
    NO_DIACRITICS = "written without diacritics, and no sign stands before it"
    SEVERAL = "the name of several provinces"
    DIVIDED = "belongs to several provinces today"
    SAME_NAME = "the name of one province before and of a larger one now"


@attrs.frozen(kw_only=True)
class PlaceTag:
    """A province that a record speaks of, and which words say so.

    Args:
        now: The province of now; empty if it belongs to several.
        before: The province of before; empty if the words mean the one of now, or cannot say.
        field: The field, as in ``BibRecord``.
        words: The words as written.
        rule: What made them a place.
    """

    now: str
    before: str
    field: str
    words: str
    rule: PlaceRule


@attrs.frozen(kw_only=True)
class PlaceDoubt:
    """Words that may mean a province, to be looked at by somebody.

    Args:
        field: The field, as in ``BibRecord``.
        words: The words as written.
        meant: Names of the provinces they may mean.
        why: Why it was not decided.
    """

    field: str
    words: str
    meant: tuple[str, ...]
    why: Doubt


@attrs.frozen(kw_only=True)
class Places:
    """The provinces of one record.

    Args:
        tags: What it speaks of, one a place and words, in the order of the fields.
        doubts: What was left undecided.
    """

    tags: tuple[PlaceTag, ...] = ()
    doubts: tuple[PlaceDoubt, ...] = ()

    def facets(self) -> dict[str, tuple[str, ...]]:
        """Return the provinces of now (``place``) and of before (``place-before``), each once.

        >>> tag = PlaceTag(now="Hải Phòng", before="Hải Dương", field="titles",
        ...                words="Hải Dương", rule=PlaceRule.NAME)
        >>> Places(tags=(tag, tag)).facets()
        {'place': ('Hải Phòng',), 'place-before': ('Hải Dương',)}
        """
        now = dict.fromkeys(tag.now for tag in self.tags if tag.now)
        before = dict.fromkeys(tag.before for tag in self.tags if tag.before)
        found = {"place": tuple(now), "place-before": tuple(before)}
        return {name: values for name, values in found.items() if values}


@attrs.frozen
class _Word:
    """A word of a text: as written, as spelled."""

    written: str
    spelled: str
    first: int
    last: int


@attrs.frozen(kw_only=True)
class _Known:
    """One writing of a name, and what it may mean."""

    words: tuple[str, ...]
    row: ProvinceName
    is_also: bool
    is_bare: bool
    former: FormerProvince | None = None
    now: ProvinceName | None = None


class PlaceFinder:
    """Finds the provinces that texts speak of.

    Args:
        table: The table of places.

    >>> table = PlaceTable(
    ...     changed=date(2025, 7, 1),
    ...     provinces=(ProvinceName(name="Hải Phòng"),),
    ...     former=(FormerProvince(name="Hải Dương", now=("Hải Phòng",)),),
    ...     signs=("tỉnh",),
    ... )
    >>> found = PlaceFinder(table).places({"titles": ["Địa chí tỉnh Hải Dương"]}, year=2004)
    >>> found.facets()
    {'place': ('Hải Phòng',), 'place-before': ('Hải Dương',)}
    >>> found.tags[0].words, found.tags[0].rule.value
    ('Hải Dương', 'the name after a sign')
    """

    def __init__(self, table: PlaceTable) -> None:
        """Order the table's writings by their words."""
        self.table = table
        self._spelled = _by_first_word(table, lambda word: word)
        self._folded = _by_first_word(table, folded)
        self._signs = _phrases(table.signs)
        self._signs_behind = _phrases(table.signs_behind)
        self._not_after = _phrases(table.unless_after)
        self._surnames = frozenset(map(spelling, table.surnames))
        self._merged = _merged(table)

    def places(self, texts: Mapping[str, Iterable[str]], *, year: int | None = None) -> Places:
        """Return the provinces that a record speaks of.

        Args:
            texts: The texts of each field.
            year: Year of publication, to tell a province of now from one of before that had the
                same name; ``None`` if not known.
        """
        tags: dict[PlaceTag, None] = {}
        doubts: dict[PlaceDoubt, None] = {}
        for field in self.table.fields:
            for text in texts.get(field, ()):
                for found in self._in_text(field, text, year):
                    if isinstance(found, PlaceTag):
                        tags[found] = None
                    else:
                        doubts[found] = None
        return Places(tags=tuple(tags), doubts=tuple(doubts))

    def _in_text(self, field: str, text: str, year: int | None) -> Iterator[PlaceTag | PlaceDoubt]:
        words = _words(text)
        is_bare = not has_diacritics(text)
        names = self._folded if is_bare else self._spelled
        forms = [folded(word.spelled) if is_bare else word.spelled for word in words]
        says_little = text.isupper() or text.islower()  # its capitals tell nothing
        at = 0
        while at < len(words):
            known = _longest(names, forms, at)
            if known is None:
                at += 1
                continue
            end = at + len(known[0].words)
            written = text[words[at].first : words[end - 1].last]
            sign = _ends_with(self._signs, words[:at]) or _begins_with(
                self._signs_behind, words[end:]
            )
            doubt = self._doubt(known[0], words, at, sign=sign, bare=is_bare, flat=says_little)
            if doubt is None and len(known) > 1:
                doubt = Doubt.SEVERAL
            if doubt is None:
                yield from self._tags(known, field, written, year, sign=sign)
            elif isinstance(doubt, Doubt):
                meant = tuple(dict.fromkeys(one.row.name for one in known))
                yield PlaceDoubt(field=field, words=written, meant=meant, why=doubt)
            at = end

    def _doubt(  # noqa: PLR0911, PLR0913 - one reason after the other
        self,
        known: _Known,
        words: Sequence[_Word],
        at: int,
        *,
        sign: bool,
        bare: bool,
        flat: bool,
    ) -> Doubt | bool | None:
        """Return why words may be no place; ``None`` if they are one, ``False`` if none."""
        row, end = known.row, at + len(known.words)
        if _begins_with(_phrases(row.unless_before), words[end:]):
            return False
        if sign:
            return None
        if not flat and not all(word.written[0].isupper() for word in words[at:end]):
            return False
        if _ends_with(self._not_after, words[:at]) or (row.only_with_sign and not known.is_also):
            return False
        if at and words[at - 1].spelled in self._surnames and words[at - 1].written[0].isupper():
            return Doubt.PERSON
        if bare and not known.is_bare:
            return Doubt.NO_DIACRITICS
        return Doubt.COMMON if row.is_common and not known.is_also else None

    def _tags(
        self, known: Sequence[_Known], field: str, written: str, year: int | None, *, sign: bool
    ) -> Iterator[PlaceTag | PlaceDoubt]:
        one = known[0]
        rule = PlaceRule.ALSO if one.is_also else PlaceRule.SIGN if sign else PlaceRule.NAME
        if one.former is None:
            yield PlaceTag(now=one.row.name, before="", field=field, words=written, rule=rule)
            return
        before, now = one.former.name, one.former.now
        if one.now is not None and one.now.name in self._merged and not self._is_before(year):
            now, before = (one.now.name,), ""
            yield PlaceDoubt(
                field=field,
                words=written,
                meant=self._merged[one.now.name],
                why=Doubt.SAME_NAME,
            )
        if len(now) > 1:
            yield PlaceDoubt(field=field, words=written, meant=now, why=Doubt.DIVIDED)
        yield PlaceTag(
            now=now[0] if len(now) == 1 else "",
            before=before,
            field=field,
            words=written,
            rule=rule,
        )

    def _is_before(self, year: int | None) -> bool:
        return year is not None and year < self.table.changed.year


# ---------------------------------------------------------------- the table's writings

_ByFirst = Mapping[str, tuple[tuple[_Known, ...], ...]]
_FAR = 4  # words behind a name that are looked at
_WORD = re.compile(r"(?:[^\W_][\u0300-\u036f]*)+")  # a letter and its marks


def _by_first_word(table: PlaceTable, form: Callable[[str], str]) -> _ByFirst:
    """Return every writing by its first word, the longest first; one writing may mean several."""
    found: dict[tuple[str, ...], dict[str, _Known]] = {}
    for row in (*table.former, *table.provinces):
        for number, name in enumerate((row.name, *row.also)):
            spelled = spelling(name)
            words = tuple(form(spelled).split())
            meant = found.setdefault(words, {})
            former = row if isinstance(row, FormerProvince) else None
            known = _Known(
                words=words,
                row=row,
                is_also=number > 0,
                is_bare=spelled.isascii(),
                former=former,
            )
            if former is None and row.name in meant:  # it had this name before as well
                known = attrs.evolve(meant[row.name], now=row)
            meant[row.name] = known
    by_first: dict[str, list[tuple[_Known, ...]]] = {}
    for words in sorted(found, key=lambda words: (-len(words), words)):
        by_first.setdefault(words[0], []).append(tuple(found[words].values()))
    return {first: tuple(several) for first, several in by_first.items()}


def _merged(table: PlaceTable) -> dict[str, tuple[str, ...]]:
    """Return the provinces of now that were several at the last change, with the names of those."""
    parts: dict[str, list[str]] = {}
    for one in table.former:
        if one.until is None:
            for name in one.now:
                parts.setdefault(name, []).append(one.name)
    return {name: tuple(several) for name, several in parts.items() if len(several) > 1}


def _phrases(texts: Iterable[str]) -> frozenset[tuple[str, ...]]:
    return frozenset(
        tuple(form.split()) for text in texts for form in (spelling(text), folded(spelling(text)))
    )


# ---------------------------------------------------------------- a text's words


def _words(text: str) -> list[_Word]:
    return [
        _Word(found[0], spelling(found[0]), *found.span())
        for found in _WORD.finditer(text)
        if spelling(found[0])
    ]


def _longest(names: _ByFirst, forms: Sequence[str], at: int) -> tuple[_Known, ...] | None:
    for known in names.get(forms[at], ()):
        if known[0].words == tuple(forms[at : at + len(known[0].words)]):
            return known
    return None


def _ends_with(phrases: frozenset[tuple[str, ...]], words: Sequence[_Word]) -> bool:
    last = tuple(word.spelled for word in words[-_FAR:])
    return any(last[-count:] in phrases for count in range(1, len(last) + 1))


def _begins_with(phrases: frozenset[tuple[str, ...]], words: Sequence[_Word]) -> bool:
    first = tuple(word.spelled for word in words[:_FAR])
    return any(first[:count] in phrases for count in range(1, len(first) + 1))
