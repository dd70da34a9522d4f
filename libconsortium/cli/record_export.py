"""Writing records into files that other programs read."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from libconsortium import RECORD_FORMATS, BibRecord, RawRecord, StoreError, write_records
from libconsortium.cli.frame import N_, Terminal, as_json
from libconsortium.cli.records import record_store, selected


def export_records(
    terminal: Terminal,
    file: Path | None,
    into: Path | None,
    form: str | None,
    *,
    deleted: bool,
    json_: bool,
) -> None:
    """Write records as MARCXML, JSON Lines or CSV; as all three into a folder."""
    with record_store(terminal, file, None, None) as (store, registry, rules):
        if into is None:
            if json_:
                raise click.UsageError(terminal.said(N_("--json goes with --into")))
            pairs = selected(store, registry, rules=rules, deleted=deleted)
            write_records(pairs, form or "jsonl", sys.stdout)
            return
        written = {}
        for name, path in _targets(into, form).items():
            pairs = selected(store, registry, rules=rules, deleted=deleted)
            written[str(path)] = _written(pairs, name, path)
    if json_:
        as_json({"written": written})
        return
    for path_name, count in written.items():
        terminal.say(N_("wrote {count} records into {path}"), count=count, path=path_name)


def _targets(into: Path, form: str | None) -> dict[str, Path]:
    if form is not None:
        return {form: into}
    by_ending = {ending: name for name, ending in RECORD_FORMATS.items()}
    if into.suffix in by_ending and not into.is_dir():
        return {by_ending[into.suffix]: into}
    return {name: into / f"records{ending}" for name, ending in RECORD_FORMATS.items()}


def _written(pairs: Iterator[tuple[RawRecord, BibRecord]], form: str, path: Path) -> int:
    """Write a file, whole or not at all; return how many records it has."""
    unfinished = path.with_name(f"{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with unfinished.open("w", encoding="utf-8", newline="") as opened_file:
            count = write_records(pairs, form, opened_file)
        unfinished.replace(path)
    except OSError as error:
        raise StoreError(
            "cannot write {path}: {reason}", path=path, reason=error.strerror or str(error)
        ) from error
    finally:
        unfinished.unlink(missing_ok=True)
    return count
