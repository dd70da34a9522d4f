"""Writing records into files that other programs read."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from itertools import chain
from pathlib import Path

import attrs
import click

from libconsortium import (
    RECORD_FORMATS,
    Audience,
    BibRecord,
    OutRecord,
    Problem,
    RawRecord,
    Severity,
    SharingPolicy,
    UnknownNameError,
    shared,
    union_out,
    whole_file,
    write_records,
)
from libconsortium.cli.frame import N_, Terminal, as_json, problem_row
from libconsortium.cli.harvest.records import record_store, selected

_DONE, _LEFT_OUT = 0, 1


@attrs.frozen(kw_only=True)
class Wanted:
    """Which records are to be written.

    Args:
        file: Those of this file instead of the consortium's store.
        union: Those of the union catalogue.
        member: Id of the library whose records they are; ``None`` for all.
        deleted: Tombstones too.
        audience: Whose eyes they are for.
        repairs: With ``file``: names of further repairs of texts.
    """

    file: Path | None = None
    union: bool = False
    member: str | None = None
    deleted: bool = False
    audience: Audience = Audience.OTHERS
    repairs: tuple[str, ...] = ()


_Records = Callable[[], Iterator[OutRecord]]


def export_records(
    terminal: Terminal, wanted: Wanted, into: Path | None, form: str | None, *, json_: bool
) -> int:
    """Write records in one format; in all of them into a folder.

    Returns:
        1 if a format could not hold something, else 0.
    """
    written: dict[str, int] = {}
    problems: list[Problem] = []
    with _source(terminal, wanted) as records:
        if into is None:
            if json_:
                raise click.UsageError(terminal.said(N_("--json goes with --into")))
            _, told = write_records(records(), form or "jsonl", sys.stdout.buffer)
            terminal.say_problems(told)
            return _code(told)
        for name, path in _targets(into, form).items():
            count, found = _written(records(), name, path)
            written[str(path)] = count
            problems += found
    if json_:
        as_json({"written": written, "problems": [problem_row(one) for one in problems]})
    else:
        terminal.say_problems(problems)
        for path_name, count in written.items():
            terminal.say(N_("wrote {count} records into {path}"), count=count, path=path_name)
    return _code(problems)


def _source(terminal: Terminal, wanted: Wanted) -> AbstractContextManager[_Records]:
    return _union(terminal, wanted) if wanted.union else _stored(terminal, wanted)


@contextmanager
def _union(terminal: Terminal, wanted: Wanted) -> Iterator[_Records]:
    with terminal.consortium() as consortium:
        yield lambda: map(union_out, consortium.catalogue.union_records(audience=wanted.audience))


@contextmanager
def _stored(terminal: Terminal, wanted: Wanted) -> Iterator[_Records]:
    sources: tuple[str | None, ...] = (None,)
    if wanted.member is not None:
        sources = _sources_of(terminal, wanted.member)
    policies, today = _policies(terminal, wanted)
    opened = record_store(terminal, wanted.file, None, None, wanted.repairs)
    with opened as (store, registry, rules):

        def records() -> Iterator[OutRecord]:
            some = (
                selected(store, registry, source, rules=rules, deleted=wanted.deleted)
                for source in sources
            )
            return _shared(terminal, chain.from_iterable(some), policies, today)

        yield records


def _shared(
    terminal: Terminal,
    records: Iterable[tuple[RawRecord, BibRecord]],
    policies: Mapping[str, SharingPolicy],
    today: date,
) -> Iterator[OutRecord]:
    """Give what may be seen of records; say in the end how many may not be seen at all."""
    withheld: Counter[str] = Counter()
    for stored, record in records:
        seen = shared(record, policies.get(stored.source, SharingPolicy()), on=today)
        if seen is None:
            withheld[stored.source] += 1
            continue
        # The bytes as they came say all; they go along only if all may be seen.
        came = stored if seen is record else attrs.evolve(stored, content=b"")
        yield OutRecord(stored=came, record=seen)
    for name, count in withheld.items():
        terminal.say(
            N_(
                "{count} records of {source} are left out: they are not shared with others"
                " (--office writes them)"
            ),
            count=count,
            source=name,
        )


def _policies(terminal: Terminal, wanted: Wanted) -> tuple[Mapping[str, SharingPolicy], date]:
    """Return what may be seen of each source; everything of a file that belongs to nobody."""
    if wanted.file is not None:
        return {}, date.min
    with terminal.consortium() as consortium:
        return consortium.settings.sharing_policies(wanted.audience), consortium.clock().date()


def _sources_of(terminal: Terminal, member: str) -> tuple[str, ...]:
    with terminal.consortium() as consortium:
        members = consortium.settings.members_of_sources()
    found = tuple(source for source, owner in members.items() if owner == member)
    if not found:
        raise UnknownNameError(
            "no source of consortium.toml belongs to {member!r}; there are: {known}",
            member=member,
            known=", ".join(sorted(set(members.values()))) or "-",
        )
    return found


def _targets(into: Path, form: str | None) -> dict[str, Path]:
    if form is not None:
        return {form: into}
    by_ending = {ending: name for name, ending in RECORD_FORMATS.items()}
    if into.suffix.lower() in by_ending and not into.is_dir():
        return {by_ending[into.suffix.lower()]: into}
    if into.suffix[1:].isalpha() and not into.is_dir():
        raise UnknownNameError(
            "{path}: no format of records has the ending {ending!r}; there are {known}; or say"
            " --format, or name a folder",
            path=into,
            ending=into.suffix,
            known=", ".join(sorted(by_ending)),
        )
    return {name: into / f"records{ending}" for name, ending in RECORD_FORMATS.items()}


def _written(
    records: Iterator[OutRecord], form: str, path: Path
) -> tuple[int, tuple[Problem, ...]]:
    """Write a file; return how many records it has, and what was wrong."""
    with whole_file(path) as file:
        return write_records(records, form, file)


def _code(problems: list[Problem] | tuple[Problem, ...]) -> int:
    lost = any(one.severity is not Severity.INFO for one in problems)
    return _LEFT_OUT if lost else _DONE
