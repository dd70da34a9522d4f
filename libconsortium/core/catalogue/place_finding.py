"""Finds the provinces that texts speak of: their names, and what tells them from other words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import attrs

from libconsortium.core.catalogue.places import (
    Doubt,
    FormerProvince,
    PlaceDoubt,
    PlaceRule,
    Places,
    PlaceTable,
    PlaceTag,
    ProvinceName,
)
from libconsortium.core.text import folded, has_diacritics, spelling


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
    capitals: tuple[bool, ...]
    former: FormerProvince | None = None
    now: ProvinceName | None = None


class PlaceFinder:
    """Finds the provinces that texts speak of.

    Args:
        table: The table of places.

    >>> from datetime import date
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
        self._hints = _phrases(table.hints)
        self._signs_behind = _phrases(table.signs_behind)
        self._not_after = _phrases(table.unless_after)
        self._smaller = _phrases(table.smaller)
        self._people = _phrases(table.people)
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
        meant = {name for tag in tags for name in (tag.before or tag.now,)}
        open_ = (one for one in doubts if one.why not in _SETTLED or meant.isdisjoint(one.meant))
        return Places(tags=tuple(tags), doubts=tuple(open_))

    def _in_text(self, field: str, text: str, year: int | None) -> Iterator[PlaceTag | PlaceDoubt]:
        is_place = field in self.table.place_fields
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
            doubt = self._doubt(
                known[0], words, at, sign=sign, place=is_place, bare=is_bare, flat=says_little
            )
            if doubt is None and len(known) > 1:
                doubt = Doubt.SEVERAL
            if doubt is None:
                hinted = sign or _ends_with(self._hints, words[:at])
                rule = PlaceRule.SIGN if hinted else PlaceRule.NAME
                rule = PlaceRule.FIELD if is_place else rule
                yield from self._tags(known, field, written, year, rule)
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
        place: bool,
        bare: bool,
        flat: bool,
    ) -> Doubt | bool | None:
        """Return why words may be no place; ``None`` if they are one, ``False`` if none."""
        row, end = known.row, at + len(known.words)
        if _begins_with(_phrases(row.unless_before), words[end:]):
            return False
        if sign:
            return None
        if _ends_with(self._smaller, words[:at]):
            return Doubt.SMALLER
        if place:
            return None
        if not flat and not _is_written_as(known.capitals, words[at:end]):
            return False
        if _ends_with(self._hints, words[:at]) and not (flat and row.is_common):
            return None
        if _ends_with(self._not_after | _phrases(row.unless_after), words[:at]):
            return False
        if row.only_with_sign and not known.is_also:
            return False
        return self._ambiguous(known, words[:at], bare=bare, flat=flat)

    def _ambiguous(
        self, known: _Known, before: Sequence[_Word], *, bare: bool, flat: bool
    ) -> Doubt | None:
        if self._is_somebodys(before):
            return Doubt.PERSON
        if bare and not known.is_bare:
            return Doubt.NO_DIACRITICS
        is_word = known.row.is_common or (known.row.is_word and flat)
        return Doubt.COMMON if is_word and not known.is_also else None

    def _is_somebodys(self, before: Sequence[_Word]) -> bool:
        if _ends_with(self._people, before):
            return True
        return (
            bool(before)
            and before[-1].spelled in self._surnames
            and before[-1].written[0].isupper()
        )

    def _tags(
        self, known: Sequence[_Known], field: str, written: str, year: int | None, rule: PlaceRule
    ) -> Iterator[PlaceTag | PlaceDoubt]:
        one = known[0]
        rule = PlaceRule.ALSO if one.is_also and rule is not PlaceRule.FIELD else rule
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
_SETTLED = frozenset({Doubt.COMMON, Doubt.PERSON, Doubt.NO_DIACRITICS})
"""Doubts that are none where another field of the record names the same province."""

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
                capitals=tuple(word.written[0].isupper() for word in _words(name)),
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


def _is_written_as(capitals: Sequence[bool], words: Sequence[_Word]) -> bool:
    """Return whether the words have capitals where the table has them."""
    pairs = zip(capitals, words, strict=True)
    return all(word.written[0].isupper() for is_capital, word in pairs if is_capital)


def _ends_with(phrases: frozenset[tuple[str, ...]], words: Sequence[_Word]) -> bool:
    last = tuple(word.spelled for word in words[-_FAR:])
    return any(last[-count:] in phrases for count in range(1, len(last) + 1))


def _begins_with(phrases: frozenset[tuple[str, ...]], words: Sequence[_Word]) -> bool:
    first = tuple(word.spelled for word in words[:_FAR])
    return any(first[:count] in phrases for count in range(1, len(first) + 1))
