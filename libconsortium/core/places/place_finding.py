"""Finds the provinces that texts speak of: their names, and what tells them from other words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from libconsortium.core.places.place_names import (
    KnownName,
    Phrases,
    Word,
    longest_name,
    names_by_first_word,
    phrases_of,
    words_of,
)
from libconsortium.core.places.places import (
    Doubt,
    PlaceDoubt,
    PlaceRule,
    Places,
    PlaceTable,
    PlaceTag,
)
from libconsortium.core.text import folded, has_diacritics, spelling

_SETTLED = frozenset({Doubt.COMMON, Doubt.PERSON, Doubt.NO_DIACRITICS})
"""Doubts that are none where another field of the record names the same province."""

_FAR = 4  # words before and behind a name that are looked at


class _Text:
    """A text, and what it tells of the names in it as a whole."""

    def __init__(self, text: str, *, is_place: bool) -> None:
        self.written = text
        self.words = words_of(text)
        self.is_place = is_place  # places and nothing else stand in its field
        self.is_bare = not has_diacritics(text)
        self.is_flat = text.isupper() or text.islower()  # its capitals tell nothing
        self.forms = [folded(one.spelled) if self.is_bare else one.spelled for one in self.words]


class _Name:
    """A name of the table that stands in a text."""

    def __init__(self, text: _Text, known: KnownName, at: int) -> None:
        self.text, self.known = text, known
        self.end = at + len(known.words)
        self.before, self.behind = text.words[:at], text.words[self.end :]
        self._words = text.words[at : self.end]

    @property
    def written(self) -> str:
        return self.text.written[self._words[0].first : self._words[-1].last]

    @property
    def has_its_capitals(self) -> bool:
        """Whether the words have capitals where the table has them."""
        pairs = zip(self.known.capitals, self._words, strict=True)
        return all(word.written[0].isupper() for is_capital, word in pairs if is_capital)


class PlaceFinder:
    """Finds the provinces that texts speak of.

    Args:
        table: The table of places.

    >>> from datetime import date
    >>> from libconsortium.core.places.places import FormerProvince, ProvinceName
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
        self._spelled = names_by_first_word(table, lambda word: word)
        self._folded = names_by_first_word(table, folded)
        self._signs = phrases_of(table.signs)
        self._hints = phrases_of(table.hints)
        self._signs_behind = phrases_of(table.signs_behind)
        self._not_after = phrases_of(table.unless_after)
        self._smaller = phrases_of(table.smaller)
        self._people = phrases_of(table.people)
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
        whole = _Text(text, is_place=field in self.table.place_fields)
        names = self._folded if whole.is_bare else self._spelled
        at = 0
        while at < len(whole.words):
            known = longest_name(names, whole.forms, at)
            if known is None:
                at += 1
                continue
            name = _Name(whole, known[0], at)
            if self._may_be_place(name):
                doubt = self._doubt(name) or (Doubt.SEVERAL if len(known) > 1 else None)
                if doubt is None:
                    yield from self._tags(name, field, year)
                else:
                    meant = tuple(dict.fromkeys(one.row.name for one in known))
                    yield PlaceDoubt(field=field, words=name.written, meant=meant, why=doubt)
            at = name.end

    def _may_be_place(self, name: _Name) -> bool:
        """Say whether a name may be a place's at all, surely or in doubt."""
        if _begins_with(name.known.unless_before, name.behind):
            return False
        if name.text.is_place or self._has_sign(name) or _ends_with(self._smaller, name.before):
            return True
        if not (name.text.is_flat or name.has_its_capitals):
            return False
        return self._is_hinted(name) or not self._is_something_else(name)

    def _doubt(self, name: _Name) -> Doubt | None:
        """Return why a name that may be a place's may be something else; ``None`` if it is one."""
        if self._has_sign(name):
            return None
        if _ends_with(self._smaller, name.before):
            return Doubt.SMALLER
        if name.text.is_place or self._is_hinted(name):
            return None
        return self._ambiguity(name)

    def _ambiguity(self, name: _Name) -> Doubt | None:
        known, text = name.known, name.text
        if self._is_somebodys(name.before):
            return Doubt.PERSON
        if text.is_bare and not known.is_bare:
            return Doubt.NO_DIACRITICS
        is_word = known.row.is_common or (known.row.is_word and text.is_flat)
        return Doubt.COMMON if is_word and not known.is_also else None

    def _rule(self, name: _Name) -> PlaceRule:
        """Return what made a place of a name."""
        if name.text.is_place:
            return PlaceRule.FIELD
        if name.known.is_also:
            return PlaceRule.ALSO
        is_hinted = self._has_sign(name) or _ends_with(self._hints, name.before)
        return PlaceRule.SIGN if is_hinted else PlaceRule.NAME

    def _has_sign(self, name: _Name) -> bool:
        return _ends_with(self._signs, name.before) or _begins_with(self._signs_behind, name.behind)

    def _is_hinted(self, name: _Name) -> bool:
        is_mere_word = name.text.is_flat and name.known.row.is_common
        return not is_mere_word and _ends_with(self._hints, name.before)

    def _is_something_else(self, name: _Name) -> bool:
        if name.known.row.only_with_sign and not name.known.is_also:
            return True
        return _ends_with(self._not_after | name.known.unless_after, name.before)

    def _is_somebodys(self, before: Sequence[Word]) -> bool:
        if _ends_with(self._people, before):
            return True
        return (
            bool(before)
            and before[-1].spelled in self._surnames
            and before[-1].written[0].isupper()
        )

    def _tags(self, name: _Name, field: str, year: int | None) -> Iterator[PlaceTag | PlaceDoubt]:
        one, written, rule = name.known, name.written, self._rule(name)
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


def _merged(table: PlaceTable) -> dict[str, tuple[str, ...]]:
    """Return the provinces of now that were several at the last change, with the names of those."""
    parts: dict[str, list[str]] = {}
    for one in table.former:
        if one.until is None:
            for name in one.now:
                parts.setdefault(name, []).append(one.name)
    return {name: tuple(several) for name, several in parts.items() if len(several) > 1}


def _ends_with(phrases: Phrases, words: Sequence[Word]) -> bool:
    last = tuple(word.spelled for word in words[-_FAR:])
    return any(last[-count:] in phrases for count in range(1, len(last) + 1))


def _begins_with(phrases: Phrases, words: Sequence[Word]) -> bool:
    first = tuple(word.spelled for word in words[:_FAR])
    return any(first[:count] in phrases for count in range(1, len(first) + 1))
