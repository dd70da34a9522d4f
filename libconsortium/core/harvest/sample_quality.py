"""How good the records of a sample are: what they have, what they lack, what is wrong in them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence

import attrs

from libconsortium.core.catalogue.records import BibRecord, RawRecord
from libconsortium.core.messages import Message
from libconsortium.core.problems import Place, Problem, Severity

_UNREADABLE = frozenset({"UNREADABLE", "CROSSWALK_FAILED", "NO_METADATA"})
_HTML = re.compile(r"</?(?:p|br|b|i|em|strong|span|div|sup|sub|a|font)\b[^>]*>", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{2,6}|#x[0-9a-f]{2,5}|[a-z]{2,8});", re.IGNORECASE)
_MOST_EXAMPLES = 3
_LOW, _FEW = 0.5, 0.9

FIELDS: tuple[tuple[str, Callable[[BibRecord], bool]], ...] = (
    ("title", lambda one: bool(one.title)),
    ("author", lambda one: bool(one.creators)),
    ("year", lambda one: one.year is not None),
    ("identifier", lambda one: any(number.is_valid for number in one.identifiers)),
    ("link", lambda one: bool(one.links)),
    ("type", lambda one: bool(one.types)),
    ("language", lambda one: bool(one.languages)),
)
"""The fields that a union catalogue lives on, and how to see that a record has one."""


@attrs.frozen(kw_only=True)
class SampleQuality:
    """What a sample of records shows.

    Args:
        prefix: The metadata prefix of the sample.
        records: How many records were looked at, tombstones included.
        deleted: Tombstones among them.
        unreadable: Live records without metadata, or with metadata that cannot be read.
        present: In how many readable records each field of ``FIELDS`` is there.
        values: Number of values in all readable records.
        wrong: How often each kind of damage was seen, and up to three examples.
        legacy: The repair that reads the old encoding its texts seem to be in; empty if none.
    """

    prefix: str
    records: int
    deleted: int = 0
    unreadable: int = 0
    present: tuple[tuple[str, int], ...] = ()
    values: int = 0
    wrong: tuple[tuple[str, int, tuple[str, ...]], ...] = ()
    legacy: str = ""

    @property
    def live(self) -> int:
        """Live records in the sample."""
        return self.records - self.deleted

    @property
    def readable(self) -> int:
        """Live records that could be read."""
        return self.live - self.unreadable

    @property
    def readable_share(self) -> float:
        """Share of the live records that could be read; 0 if there are none."""
        return self.readable / self.live if self.live else 0.0

    @property
    def values_per_record(self) -> float:
        """Values in a readable record on average; 0 if there are none."""
        return self.values / self.readable if self.readable else 0.0


def sample_quality(
    prefix: str, raw: Sequence[RawRecord], read: Sequence[BibRecord], legacy: str = ""
) -> SampleQuality:
    """Judge a sample.

    Args:
        prefix: The metadata prefix it was asked for under.
        raw: The records as they came.
        read: The live ones as read, their texts not repaired; the problems may be those of a
            repair.
        legacy: The repair that reads the old encoding its texts seem to be in; empty if none.

    >>> record = BibRecord(source="a", identifier="1", titles=("Cây <i>lúa</i>",), year=2020)
    >>> quality = sample_quality("oai_dc", [RawRecord(source="a", identifier="1")], [record])
    >>> quality.wrong
    (('HTML_IN_TEXT', 1, ('Cây <i>lúa</i>',)),)
    """
    readable = [one for one in read if not _is_unreadable(one)]
    found: dict[str, list[str]] = {}
    for record in read:
        for code, example in _damage(record):
            found.setdefault(code, []).append(example)
    return SampleQuality(
        prefix=prefix,
        records=len(raw),
        deleted=sum(one.is_deleted for one in raw),
        unreadable=len(read) - len(readable),
        present=tuple((name, sum(map(is_there, readable))) for name, is_there in FIELDS),
        values=sum(len(_texts(one)) for one in readable),
        wrong=tuple(
            (code, len(examples), tuple(dict.fromkeys(examples))[:_MOST_EXAMPLES])
            for code, examples in sorted(found.items())
        ),
        legacy=legacy,
    )


def _is_unreadable(record: BibRecord) -> bool:
    return any(problem.code in _UNREADABLE for problem in record.problems)


def _texts(record: BibRecord) -> list[str]:
    several = (
        *(record.titles, record.creators, record.contributors, record.publishers, record.dates),
        *(record.languages, record.types, record.subjects, record.coverage),
        *(record.descriptions, record.links),
        *(record.call_numbers, record.series, tuple(one.value for one in record.identifiers)),
    )
    single = (record.volume, record.edition, record.extent, record.journal)
    return [text for texts in several for text in texts] + [text for text in single if text]


def _damage(record: BibRecord) -> list[tuple[str, str]]:
    """Return what is wrong in a record, each kind once, with what shows it."""
    found = {problem.code: str(problem.what) for problem in record.problems}
    texts = _texts(record)
    for code, mark in (("HTML_IN_TEXT", _HTML), ("ENTITIES_IN_TEXT", _ENTITY)):
        example = next((text for text in texts if mark.search(text)), None)
        if example is not None:
            found[code] = example
    if record.dates and record.year is None:
        found["DATE_UNREADABLE"] = record.dates[0]
    return [(code, _short(example)) for code, example in found.items()]


def _short(text: str, most: int = 80) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def quality_problems(quality: SampleQuality, where: str) -> tuple[Problem, ...]:
    """Say what a sample warns of.

    Args:
        quality: What the sample shows.
        where: The endpoint's address.

    >>> quality_problems(SampleQuality(prefix="oai_dc", records=0), "https://a.example/oai")[0].code
    'NO_RECORDS'
    """
    if not quality.records:
        return (_problem(where, "NO_RECORDS", _EMPTY, _EMPTY_ADVICE, Severity.ERROR),)
    problems = []
    if quality.unreadable:
        what = Message(
            "{count} of {live} live records in the sample have no metadata or cannot be read",
            count=quality.unreadable,
            live=quality.live,
        )
        problems.append(_problem(where, "RECORDS_UNREADABLE", what, _MEND))
    if quality.legacy:
        what = Message("the texts seem to be in the old encoding {name}", name=quality.legacy)
        problems.append(_problem(where, "LEGACY_ENCODING", what, _CONVERT))
    problems += [_lacking(where, name, count, quality) for name, count in _scarce(quality)]
    for code, count, examples in quality.wrong:
        if code in _SAID:
            what = Message(
                "{kind}: {count} of {live} records, like {example!r}",
                kind=_SAID[code],
                count=count,
                live=quality.live,
                example=examples[0],
            )
            problems.append(_problem(where, code, what, _REPAIRED.get(code, _MEND)))
    return tuple(problems)


_EMPTY = Message("it gives no records")
_EMPTY_ADVICE = Message("ask the administrator whether the index for OAI-PMH is filled")
_MEND = Message("ask the administrator to mend them; they are harvested all the same, and named")
_SAID = {
    "HTML_IN_TEXT": Message("HTML in the text"),
    "ENTITIES_IN_TEXT": Message("letters written as entities"),
    "DATE_UNREADABLE": Message("dates that hold no year"),
    "BAD_YEAR": Message("years that cannot be"),
    "BAD_IDENTIFIER": Message("numbers that are not valid"),
    "TEXT_REPAIRED": Message("damaged text that can be repaired"),
    "LOSS_SUSPECTED": Message("text whose letters were lost"),
}
_REPAIR = Message("the repairs of a source mend it when records are read; the bytes stay")
_CONVERT = Message("name the repair under repairs of the source, and look at some records first")
_REPAIRED = {"ENTITIES_IN_TEXT": _REPAIR, "TEXT_REPAIRED": _REPAIR}
_FIELD_WORDS = {
    "title": Message("title"),
    "author": Message("author"),
    "year": Message("year"),
    "identifier": Message("standard number"),
    "link": Message("link"),
    "type": Message("type"),
    "language": Message("language"),
}


def field_word(name: str) -> Message:
    """Return a field of ``FIELDS`` as people say it.

    >>> str(field_word("identifier"))
    'standard number'
    """
    return _FIELD_WORDS[name]


def _scarce(quality: SampleQuality) -> list[tuple[str, int]]:
    enough = {"title": _FEW, "author": _LOW, "year": _LOW}
    counts = Counter(dict(quality.present))
    return [
        (name, counts[name])
        for name, share in enough.items()
        if quality.readable and counts[name] < share * quality.readable
    ]


def _lacking(where: str, name: str, count: int, quality: SampleQuality) -> Problem:
    what = Message(
        "only {count} of {readable} records have a usable field: {field}",
        count=count,
        readable=quality.readable,
        field=_FIELD_WORDS[name],
    )
    advice = Message("try another format, or map the field with a mapping table")
    return _problem(where, f"FEW_{name.upper()}S", what, advice)


def _problem(
    where: str,
    code: str,
    what: Message,
    advice: Message,
    severity: Severity = Severity.WARNING,
) -> Problem:
    return Problem(
        code=code, where=Place(source=where), what=what, advice=advice, severity=severity
    )
