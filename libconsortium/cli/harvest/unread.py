"""What reading leaves unread: fields that nothing maps, texts in old encodings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from libconsortium import (
    EncodingReport,
    RawRecord,
    ReadingRules,
    Registry,
    guess_encodings,
    read_record,
    unmapped_fields,
)
from libconsortium.cli.frame import N_, Terminal, as_json, as_table

_NO_RULES = ReadingRules()


def show_unmapped(
    terminal: Terminal,
    records: Iterable[RawRecord],
    registry: Registry,
    rules: Mapping[str, ReadingRules],
    *,
    json_: bool,
) -> None:
    """Print the fields that nothing maps, with how many records have each, and an example.

    Args:
        terminal: The global options.
        records: Stored live records.
        registry: Finds their crosswalks.
        rules: How each source is read.
        json_: Answer for programs.
    """
    pairs = ((raw, rules.get(raw.source, _NO_RULES)) for raw in records)
    found = unmapped_fields(pairs, registry)
    rows = [(one.source, one.field, one.records, one.example) for one in found]
    if json_:
        names = ("source", "field", "records", "example")
        as_json({"unmapped": [dict(zip(names, row, strict=True)) for row in rows]})
        return
    if not rows:
        terminal.say(N_("every field is mapped"))
        return
    headings = (N_("source"), N_("field"), N_("records"), N_("example"))
    as_table([terminal.said(text) for text in headings], rows)
    terminal.say(N_("to map one, name it in a mapping table and the table in consortium.toml"))


def show_encodings(
    terminal: Terminal,
    records: Iterable[RawRecord],
    registry: Registry,
    rules: Mapping[str, ReadingRules],
    *,
    json_: bool,
) -> None:
    """Print how well the texts of each source fit each old encoding.

    Args:
        terminal: The global options.
        records: Stored live records.
        registry: Finds crosswalks and repairs.
        rules: How each source is read; its mapping table counts, its repairs do not.
        json_: Answer for programs.
    """
    unrepaired = {source: ReadingRules(mapping=usual.mapping) for source, usual in rules.items()}
    read = (read_record(raw, registry, unrepaired.get(raw.source)) for raw in records)
    reports = guess_encodings(read, registry)
    if json_:
        as_json({"encodings": list(map(_encoding_row, reports))})
        return
    headings = (N_("source"), N_("encoding"), N_("words that fit"), N_("words that do not"))
    as_table(
        [terminal.said(text) for text in headings],
        [(one.source, one.repair, one.evidence.fits, one.evidence.misfits) for one in reports],
    )
    _say_likely(terminal, [one for one in reports if one.is_likely])


def _encoding_row(one: EncodingReport) -> dict[str, object]:
    return {
        "source": one.source,
        "repair": one.repair,
        "fits": one.evidence.fits,
        "misfits": one.evidence.misfits,
        "likely": one.is_likely,
    }


def _say_likely(terminal: Terminal, likely: Sequence[EncodingReport]) -> None:
    for one in likely:
        terminal.say(
            N_('{source} is likely in {encoding}; in its table: repairs = ["safe", "{encoding}"]'),
            source=one.source,
            encoding=one.repair,
        )
    if not likely:
        terminal.say(N_("no source is likely in an old encoding"))
