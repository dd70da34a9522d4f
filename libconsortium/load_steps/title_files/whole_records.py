"""Reads files of whole records (MARC and what else there is a crosswalk for)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import attrs

from libconsortium.contributions import Harvester
from libconsortium.core.catalogue.records import BibRecord, HarvestPage, HarvestRequest, RawRecord
from libconsortium.core.catalogue.repairs import REPAIRED
from libconsortium.core.errors import ImportFileError
from libconsortium.core.messages import Message
from libconsortium.core.problems import Place, Problem, Severity
from libconsortium.reading_steps import read_mapping, read_record, reading_rules
from libconsortium.registry import Registry

_REPEATED = frozenset({"RECORD_TWICE", "NUMBER_TWICE"})
_NUMBERLESS = "RECORD_WITHOUT_NUMBER"


def read_record_file(
    path: Path, registry: Registry, mapping_file: Path | None = None
) -> tuple[tuple[BibRecord, ...], tuple[Problem, ...]]:
    """Read a file of records; a record's id is its own number (MARC 001).

    Args:
        path: The file.
        registry: Finds the harvester of files, and the crosswalks.
        mapping_file: A mapping table, see ``read_mapping``.

    Raises:
        ImportFileError: It holds no records, or one has no number or that of another.
        SettingsError: The mapping table is wrong.
    """
    mapping = read_mapping(mapping_file, registry) if mapping_file else None
    rules = reading_rules(registry, mapping=mapping)
    seen: dict[str, int] = {}
    records: list[BibRecord] = []
    problems: list[Problem] = []
    for page in _pages(path, registry):
        problems += page.problems
        problems += (_refused(path, one.reason) for one in page.quarantined)
        for raw in page.records:
            if raw.is_deleted:
                continue
            own = _own_number(raw, registry)
            _check(path, own, len(records) + 1, seen)
            found = read_record(raw, registry, rules)
            records.append(_named(found, own))
            # That a safe repair did its work is of no interest here.
            problems += (one for one in found.problems if one.code != REPAIRED)
    if not records:
        raise ImportFileError("{path}: there is no record in the file", path=path)
    return tuple(records), tuple(problems)


def _pages(path: Path, registry: Registry) -> Iterator[HarvestPage]:
    request = HarvestRequest(source=path.stem, url=str(path))
    for page in registry.find(Harvester, "files").harvest(request):
        for problem in page.problems:
            if problem.code in _REPEATED or problem.code == _NUMBERLESS:
                raise ImportFileError(
                    "{path}: {record}: {what}; give every record a number of its own",
                    path=path,
                    record=problem.where.record,
                    what=problem.what,
                )
        yield page


def _own_number(raw: RawRecord, registry: Registry) -> str:
    # The harvester puts the agency (003) before the number.
    if not raw.identifier.startswith("("):
        return raw.identifier
    crosswalk = registry.crosswalk_for(raw.namespace, raw.prefix)
    fields = crosswalk.fields(raw) if crosswalk.fields else ()
    own = (text.strip() for name, text in fields if name == "marc 001")
    return next(filter(None, own), raw.identifier)


def _check(path: Path, number: str, row: int, seen: dict[str, int]) -> None:
    if number in seen:
        raise ImportFileError(
            "{path}: row {row} repeats the id {id!r} of row {first}; give every row one of its own",
            path=path,
            row=row,
            id=number,
            first=seen[number],
        )
    seen[number] = row


def _named(record: BibRecord, number: str) -> BibRecord:
    return record if record.identifier == number else attrs.evolve(record, identifier=number)


def _refused(path: Path, reason: Message) -> Problem:
    return Problem(
        code="QUARANTINED",
        where=Place(source=str(path)),
        what=reason,
        severity=Severity.ERROR,
    )
