"""Which provinces a record speaks of (địa chí), by their names of now and of before.

Provinces merge, records stay as they were written: one that says «Hải Dương» is found under Hải
Dương and under Hải Phòng, to which it belongs today. Every tag says which words of which field
gave it. What may also be an ordinary word, a person or one of several provinces is reported, not
guessed.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

import attrs

from libconsortium.core.errors import SettingsError
from libconsortium.core.messages import Message


@attrs.frozen(kw_only=True)
class ProvinceName:
    """A province of now, as the table of places has it.

    Args:
        name: Its name.
        also: Other writings of it.
        is_common: Also an ordinary word or a person's name; counts only after a sign.
        is_word: Also an ordinary word; where capitals tell nothing it counts only after a sign.
        only_with_sign: Nearly always something else; passed over without a sign.
        unless_before: Words behind it that make it something else.
        unless_after: Words before it that make it something else.
    """

    name: str
    also: tuple[str, ...] = ()
    is_common: bool = False
    is_word: bool = False
    only_with_sign: bool = False
    unless_before: tuple[str, ...] = ()
    unless_after: tuple[str, ...] = ()


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
        place_fields: Those among them that hold names of places: a name there needs no sign.
        signs: Words before a name that make it a place.
        hints: Words before a name that make it a place if it is written as a name.
        signs_behind: Words behind a name that make it a place (``province``).
        unless_after: Words before a name that make it something else.
        smaller: Words for smaller places; behind one, a name is that of a district or a village.
        people: Words before somebody's name.
        surnames: Family names; behind one, a name may be somebody's.

    Raises:
        SettingsError: A former province belongs to one that the table does not have.
    """

    changed: date
    provinces: tuple[ProvinceName, ...]
    former: tuple[FormerProvince, ...] = ()
    fields: tuple[str, ...] = ("titles", "subjects", "coverage", "descriptions")
    place_fields: tuple[str, ...] = ("coverage",)
    signs: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    signs_behind: tuple[str, ...] = ()
    unless_after: tuple[str, ...] = ()
    smaller: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
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
    FIELD = "the name in a field of places"
    """The name in a field that holds places, like ``dc:coverage``."""
    ALSO = "another writing of the name"
    """One of the other writings in the table."""


class Doubt(StrEnum):
    """Why words were not taken for a place, or not for one alone."""

    COMMON = "also an ordinary word or a person's name, and no sign stands before it"
    PERSON = "a person's name or title stands before it"
    SMALLER = "the name of a district, a ward or a village"
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
