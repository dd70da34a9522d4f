"""Counts what reading brought to light: problems, and fields that nothing maps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import attrs

from libconsortium.core.catalogue.records import BibRecord, RawRecord
from libconsortium.core.errors import ConsortiumError
from libconsortium.reading_steps.reading import fields_of, read_record
from libconsortium.reading_steps.rules import ReadingRules
from libconsortium.registry import Registry

_EXAMPLE_LETTERS = 60


@attrs.frozen(kw_only=True)
class ReadingTally:
    """What reading brought to light.

    Args:
        records: Records read.
        unmapped: Fields that no rule maps, with the number of records that have them.
        problems: Codes of problems, with how often each was found.
    """

    records: int = 0
    unmapped: dict[str, int] = attrs.field(factory=dict)
    problems: dict[str, int] = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class UnmappedField:
    """A field of a source that nothing maps.

    Args:
        source: The source's name.
        field: The field's name, as a mapping table gives it in ``from``.
        records: How many records have it.
        example: What it says in the first of them, shortened.
    """

    source: str
    field: str
    records: int
    example: str = ""


def tally(records: Iterable[BibRecord]) -> ReadingTally:
    """Count what reading brought to light.

    >>> tally([BibRecord(source="a", identifier="1", unmapped=("dc:audience",))]).unmapped
    {'dc:audience': 1}
    """
    count, unmapped, problems = 0, Counter[str](), Counter[str]()
    for record in records:
        count += 1
        unmapped.update(record.unmapped)
        problems.update(problem.code for problem in record.problems)
    return ReadingTally(records=count, unmapped=dict(unmapped), problems=dict(problems))


def unmapped_fields(
    records: Iterable[tuple[RawRecord, ReadingRules]], registry: Registry
) -> tuple[UnmappedField, ...]:
    """Count the fields that nothing maps, with an example of each, the most frequent first.

    Args:
        records: Stored records, each with how it is read.
        registry: Finds their crosswalks.

    >>> unmapped_fields([], Registry(installed=()))
    ()
    """
    counts = Counter[tuple[str, str]]()
    examples: dict[tuple[str, str], str] = {}
    for raw, rules in records:
        for name in read_record(raw, registry, ReadingRules(mapping=rules.mapping)).unmapped:
            key = (raw.source, name)
            counts[key] += 1
            if key not in examples:
                examples[key] = _example(raw, name, registry)
    ordered = sorted(counts.items(), key=lambda item: (item[0][0], -item[1], item[0][1]))
    return tuple(
        UnmappedField(source=source, field=name, records=count, example=examples[source, name])
        for (source, name), count in ordered
    )


def _example(raw: RawRecord, name: str, registry: Registry) -> str:
    try:
        texts = (text for field, text in fields_of(raw, registry) if field == name)
        example = next(filter(None, texts), "")
    except ConsortiumError:
        return ""
    if len(example) <= _EXAMPLE_LETTERS:
        return example
    return f"{example[: _EXAMPLE_LETTERS - 1]}…"
