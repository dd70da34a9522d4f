"""The union record: one publication described by the best field of each of its records.

Which value of a field is best is decided by preferences, tried one after the other until one
value is left. Nothing is lost: every other value stays beside the chosen one, with the records
that give it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from itertools import permutations

import attrs

from libconsortium.core.catalogue.matching import record_key
from libconsortium.core.catalogue.records import BibRecord, RecordIdentifier
from libconsortium.core.catalogue.tcvn3 import legible
from libconsortium.core.text import has_diacritics, spelling


class Preference(StrEnum):
    """Why a value was taken rather than another."""

    ALONE = "the only value given"
    """No record gives another one."""
    SOUND = "not damaged"
    """It is legible, and the others are not."""
    DIACRITICS = "has diacritics"
    """It is written with diacritics, and the others without."""
    MIXED_CASE = "not all in capitals"
    """It is written as people write, and the others in capitals throughout."""
    PRIORITY = "from the member that goes first"
    """The settings name its member before the others'."""
    AGREEMENT = "given by most records"
    """More records give it than any other value."""
    COMPLETENESS = "names the most"
    """It is a list with more in it."""
    LENGTH = "the longest"
    """It is the longest text that is not two others in one."""
    FULLEST = "from the fullest record"
    """Its record has the most fields filled."""
    KEY = "from the first record"
    """Nothing else told them apart; the smallest record key decides."""
    GATHERED = "all values of all records"
    """The field takes every value that any record gives."""


@attrs.frozen(kw_only=True)
class Alternative:
    """Another value of a field, which was not taken.

    Args:
        value: Text, texts, identifiers or number, as its records have it.
        records: Keys of the records that give it, sorted.
    """

    value: object
    records: tuple[str, ...]


@attrs.frozen(kw_only=True)
class Sourced:
    """A field of a union record, where it was taken from, and why.

    Args:
        value: Text, texts, identifiers or number, as its record has it.
        record: Key of the record it comes from; of a gathered field, of its first value.
        member: Id of the member that has this record.
        why: What told it from the other values last.
        records: Keys of every record that gives exactly this value, sorted; of a gathered field,
            of every record that gives any of it.
        others: The other values; of a gathered field, those left out as not valid.
        origins: Of a gathered field, for each value in its order the keys of the records that
            give it; empty for a field that was chosen.
    """

    value: object
    record: str
    member: str = ""
    why: Preference = Preference.ALONE
    records: tuple[str, ...] = ()
    others: tuple[Alternative, ...] = ()
    origins: tuple[tuple[str, ...], ...] = ()


@attrs.frozen(kw_only=True)
class HeldBy:
    """What one member has of a publication, as far as it lets others see.

    Args:
        member: Id of the library.
        records: Keys of its records of the publication, sorted.
        call_numbers: Its shelf marks as given, each once.
        links: Addresses of the document or its page, each once.
        item_types: Kinds of item as given, each once.
    """

    member: str
    records: tuple[str, ...]
    call_numbers: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    item_types: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class UnionRecord:
    """One publication described by the best field of each of its records.

    Args:
        cluster: Id of the cluster.
        fields: The fields that any record has, by name as in ``BibRecord``, with their source;
            empty if no member lets its description be seen.
        held_by: Who holds it, sorted by member.
    """

    cluster: str
    fields: Mapping[str, Sourced]
    held_by: tuple[HeldBy, ...] = ()

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a field as texts, whatever it holds; empty if no record has it.

        >>> book = BibRecord(source="a", identifier="1", titles=("Sóng",), year=1967)
        >>> union = union_record("c", [book])
        >>> union.texts("titles"), union.texts("year"), union.texts("edition")
        (('Sóng',), ('1967',), ())
        """
        found = self.fields.get(name)
        return _texts(found.value) if found else ()

    @property
    def title(self) -> str:
        """The main title; empty if no record gives one."""
        return next(iter(self.texts("titles")), "")

    @property
    def year(self) -> int | None:
        """Year of publication, or ``None``."""
        found = self.fields.get("year")
        return found.value if found and isinstance(found.value, int) else None

    @property
    def identifiers(self) -> tuple[RecordIdentifier, ...]:
        """The valid identifiers of all records."""
        found = self.fields.get("identifiers")
        return found.value if found and isinstance(found.value, tuple) else ()


def union_record(
    cluster: str,
    records: Iterable[BibRecord],
    *,
    members: Mapping[str, str] | None = None,
    priority: Sequence[str] = (),
) -> UnionRecord:
    r"""Choose the best of every field from the records of a cluster.

    Of titles, names and other texts the best is legible, has diacritics, is not all in capitals,
    comes from the member that goes first, names the most, is the longest without being two others
    in one. Of facts (year, volume, edition, pages, language, kind) it is the one that most records
    give. Identifiers, subjects, coverage and series are gathered from all records; identifiers
    that are not valid are kept aside. Equal ones are decided by record key, so the order of the
    records never matters.

    Args:
        cluster: Id of the cluster.
        records: The records of the cluster, with nothing in them that must not be shown.
        members: The library that each source belongs to; if not given, each is its own.
        priority: Ids of members whose values go before others', the first one first.

    >>> plain = BibRecord(source="a", identifier="1", titles=("Truyen Kieu",), year=1967)
    >>> marked = BibRecord(source="b", identifier="7", titles=("Truyện Kiều",))
    >>> union = union_record("a\t1", [plain, marked])
    >>> title = union.fields["titles"]
    >>> title.value, title.record, title.why.value
    (('Truyện Kiều',), 'b\t7', 'has diacritics')
    >>> union.fields["year"].value, [one.member for one in union.held_by]
    (1967, ['a', 'b'])
    """
    ordered = sorted(records, key=_key)
    whose = {one.source: (members or {}).get(one.source, one.source) for one in ordered}
    places = {member: -place for place, member in enumerate(priority)}
    goes = {source: places.get(member, -len(places)) for source, member in whose.items()}
    first = sorted(ordered, key=lambda one: (-goes[one.source], _key(one)))
    fields = {}
    for name in UNION_FIELDS:
        given = [one for one in first if getattr(one, name) not in _NOTHING]
        found = _gathered(name, given) if name in _GATHERED else _chosen(name, given, goes)
        if found is not None:
            fields[name] = attrs.evolve(found, member=whose[found.record.partition("\t")[0]])
    return UnionRecord(cluster=cluster, fields=fields, held_by=_held_by(ordered, whose))


def _held_by(records: Sequence[BibRecord], whose: Mapping[str, str]) -> tuple[HeldBy, ...]:
    by_member: defaultdict[str, list[BibRecord]] = defaultdict(list)
    for one in records:
        by_member[whose[one.source]].append(one)
    return tuple(
        HeldBy(
            member=member,
            records=_keys(held),
            call_numbers=_each_once(one.call_numbers for one in held),
            links=_each_once(one.links for one in held),
            item_types=_each_once(one.types for one in held),
        )
        for member, held in sorted(by_member.items())
    )


# ---------------------------------------------------------------- choosing

Score = Callable[[object], int]
ByValue = Mapping[object, Sequence[BibRecord]]


def _chosen(name: str, given: Sequence[BibRecord], goes: Mapping[str, int]) -> Sourced | None:
    if not given:
        return None
    by_value: dict[object, list[BibRecord]] = {}
    for one in given:
        by_value.setdefault(getattr(one, name), []).append(one)
    value, why = _best(name, by_value, goes)
    return Sourced(
        value=value,
        record=_key(by_value[value][0]),
        why=why,
        records=_keys(by_value[value]),
        others=tuple(
            Alternative(value=other, records=_keys(records))
            for other, records in sorted(by_value.items(), key=lambda item: _keys(item[1]))
            if other != value
        ),
    )


def _best(name: str, by_value: ByValue, goes: Mapping[str, int]) -> tuple[object, Preference]:
    left, why = list(by_value), Preference.ALONE
    if len(left) == 1:
        return left[0], why
    for why, score in _scores(name, by_value, goes):
        best = max(map(score, left))
        left = [value for value in left if score(value) == best]
        if len(left) == 1:
            return left[0], why
    return min(left, key=lambda value: _keys(by_value[value])), Preference.KEY


def _scores(
    name: str, by_value: ByValue, goes: Mapping[str, int]
) -> Iterator[tuple[Preference, Score]]:
    merges = _merges(by_value)
    scores: dict[Preference, Score] = {
        Preference.SOUND: lambda value: all(map(_is_sound, _texts(value))),
        Preference.DIACRITICS: lambda value: any(map(has_diacritics, _texts(value))),
        Preference.MIXED_CASE: lambda value: not " ".join(_texts(value)).isupper(),
        Preference.PRIORITY: lambda value: max(goes[one.source] for one in by_value[value]),
        Preference.AGREEMENT: lambda value: len(by_value[value]),
        Preference.COMPLETENESS: lambda value: len(_texts(value)),
        Preference.LENGTH: lambda value: 0 if value in merges else sum(map(len, _texts(value))),
        Preference.FULLEST: lambda value: max(map(_filled, by_value[value])),
    }
    order = FACT_PREFERENCES if name in _FACTS else TEXT_PREFERENCES
    return ((preference, scores[preference]) for preference in order)


def _merges(values: Iterable[object]) -> frozenset[object]:
    """Return the values whose text is two other values one after the other."""
    said = {value: f" {spelling(' '.join(_texts(value)))} " for value in values}
    if len(said) <= len("ab"):
        return frozenset()
    return frozenset(
        whole
        for whole, text in said.items()
        if any(
            said[one] != said[other]
            and said[one].rstrip() in text
            and said[other] in text.replace(said[one].rstrip(), " |", 1)
            for one, other in permutations(said, 2)
            if whole not in {one, other} and said[one].strip() and said[other].strip()
        )
    )


def _is_sound(text: str) -> bool:
    return _LOST not in text and legible(text) == text


def _filled(record: BibRecord) -> int:
    return sum(getattr(record, name) not in _NOTHING for name in UNION_FIELDS)


# ---------------------------------------------------------------- gathering


def _gathered(name: str, given: Sequence[BibRecord]) -> Sourced | None:
    found: dict[object, tuple[object, list[BibRecord]]] = {}
    aside: dict[object, list[BibRecord]] = {}
    for record in given:
        for value in getattr(record, name):
            if isinstance(value, RecordIdentifier) and not value.is_valid:
                aside.setdefault(value, []).append(record)
            else:
                found.setdefault(_same(value), (value, []))[1].append(record)
    others = tuple(Alternative(value=one, records=_keys(held)) for one, held in aside.items())
    if not found:
        return _set_aside(others)
    origins = tuple(_keys(records) for _, records in found.values())
    return Sourced(
        value=tuple(value for value, _ in found.values()),
        record=origins[0][0],
        why=Preference.ALONE if len(given) == 1 else Preference.GATHERED,
        records=tuple(sorted({key for keys in origins for key in keys})),
        others=others,
        origins=origins,
    )


def _set_aside(others: tuple[Alternative, ...]) -> Sourced | None:
    """Keep what is not valid although nothing valid stands beside it."""
    if not others:
        return None
    keys = tuple(sorted({key for one in others for key in one.records}))
    return Sourced(value=(), record=keys[0], why=Preference.SOUND, records=keys, others=others)


def _same(value: object) -> object:
    return spelling(value) if isinstance(value, str) else value


# ---------------------------------------------------------------- small things


def _key(record: BibRecord) -> str:
    return record_key(record.source, record.identifier)


def _keys(records: Iterable[BibRecord]) -> tuple[str, ...]:
    return tuple(sorted(set(map(_key, records))))


def _texts(value: object) -> tuple[str, ...]:
    if isinstance(value, tuple):
        return tuple(one.value if isinstance(one, RecordIdentifier) else str(one) for one in value)
    return (str(value),)


def _each_once(texts: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for several in texts for text in several))


UNION_FIELDS = (
    "titles", "creators", "contributors", "publishers", "year", "languages", "types", "subjects",
    "coverage", "descriptions", "identifiers", "volume", "edition", "extent", "journal", "series",
)  # fmt: skip
"""The fields of a union record, by name as in ``BibRecord``, in the order of a description."""

TEXT_PREFERENCES = (
    Preference.SOUND, Preference.DIACRITICS, Preference.MIXED_CASE, Preference.PRIORITY,
    Preference.COMPLETENESS, Preference.LENGTH, Preference.AGREEMENT, Preference.FULLEST,
)  # fmt: skip
"""What decides between texts (titles, names, publishers, abstracts), the strongest first."""

FACT_PREFERENCES = (
    Preference.SOUND, Preference.DIACRITICS, Preference.PRIORITY, Preference.AGREEMENT,
    Preference.COMPLETENESS, Preference.LENGTH, Preference.FULLEST,
)  # fmt: skip
"""What decides between facts (year, volume, edition, pages, language, kind), likewise."""

_FACTS = frozenset({"year", "languages", "types", "volume", "edition", "extent"})
_GATHERED = frozenset({"identifiers", "subjects", "coverage", "series"})
_NOTHING = (None, "", ())
_LOST = "\N{REPLACEMENT CHARACTER}"
