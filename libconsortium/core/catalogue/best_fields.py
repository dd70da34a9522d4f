"""The best of every field of the records of one publication.

It is chosen by preferences, tried one after the other until one value is left.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import permutations

import attrs

from libconsortium.core.catalogue.matching import record_key
from libconsortium.core.catalogue.records import BibRecord, RecordIdentifier
from libconsortium.core.catalogue.tcvn3 import legible
from libconsortium.core.catalogue.union_records import (
    UNION_FIELDS,
    Alternative,
    HeldBy,
    Preference,
    Sourced,
    UnionRecord,
    texts_of,
)
from libconsortium.core.text import has_diacritics, spelling


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
        Preference.SOUND: lambda value: all(map(_is_sound, texts_of(value))),
        Preference.DIACRITICS: lambda value: any(map(has_diacritics, texts_of(value))),
        Preference.MIXED_CASE: lambda value: not " ".join(texts_of(value)).isupper(),
        Preference.PRIORITY: lambda value: max(goes[one.source] for one in by_value[value]),
        Preference.AGREEMENT: lambda value: len(by_value[value]),
        Preference.COMPLETENESS: lambda value: len(texts_of(value)),
        Preference.LENGTH: lambda value: 0 if value in merges else sum(map(len, texts_of(value))),
        Preference.FULLEST: lambda value: max(map(_filled, by_value[value])),
    }
    order = FACT_PREFERENCES if name in _FACTS else TEXT_PREFERENCES
    return ((preference, scores[preference]) for preference in order)


def _merges(values: Iterable[object]) -> frozenset[object]:
    """Return the values whose text is two other values one after the other."""
    said = {value: f" {spelling(' '.join(texts_of(value)))} " for value in values}
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


def _key(record: BibRecord) -> str:
    return record_key(record.source, record.identifier)


def _keys(records: Iterable[BibRecord]) -> tuple[str, ...]:
    return tuple(sorted(set(map(_key, records))))


def _each_once(texts: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for several in texts for text in several))


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
