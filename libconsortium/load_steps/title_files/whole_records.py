"""Reads files of whole records (MARC and what else there is a crosswalk for)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import attrs

from libconsortium.contributions import Harvester
from libconsortium.core.catalogue.records import BibRecord, RawRecord
from libconsortium.core.catalogue.repairs import REPAIRED
from libconsortium.core.errors import HarvestError, ImportFileError
from libconsortium.core.harvest.pages import HarvestPage, HarvestRequest
from libconsortium.core.messages import Message
from libconsortium.core.problems import Place, Problem, ProblemsNoted, Severity
from libconsortium.load_steps.title_files.opening import plain_name
from libconsortium.load_steps.title_files.rows import id_repeated, without_id
from libconsortium.reading_steps import read_mapping, read_record, reading_rules
from libconsortium.registry import Registry

_CUT = "FILE_CUT"


def each_record(
    path: Path, registry: Registry, mapping_file: Path | None = None, *, problems: ProblemsNoted
) -> Iterator[BibRecord]:
    """Read a file of records, one after the other; a record's id is its own number (MARC 001).

    Of a file that breaks off, the whole records before the break are read; a problem tells of it.

    Args:
        path: The file.
        registry: Finds the harvester of files, and the crosswalks.
        mapping_file: A mapping table, see ``read_mapping``.
        problems: What is wrong with records is added to it as they are read.

    Raises:
        ImportFileError: It holds no records, or one has no number or that of another.
        SettingsError: The mapping table is wrong.
    """
    mapping = read_mapping(mapping_file, registry) if mapping_file else None
    rules = reading_rules(registry, mapping=mapping)
    numbers = _Numbers(path, registry)
    first: Problem | None = None
    is_empty = True
    for page in _pages(path, registry):
        wrong = [*page.problems, *(_refused(path, one.reason) for one in page.quarantined)]
        first = first or next(iter(wrong), None)
        problems += wrong
        numbers.check(page)
        for raw in page.records:
            own = numbers.own(raw)
            if not raw.is_deleted:
                found = read_record(raw, registry, rules)
                # That a safe repair did its work is of no interest here.
                problems += (one for one in found.problems if one.code != REPAIRED)
                is_empty = False
                yield _named(found, own)
    if is_empty:
        raise _without_records(path, first)


def _pages(path: Path, registry: Registry) -> Iterator[HarvestPage]:
    request = HarvestRequest(source=plain_name(path).stem, url=str(path))
    is_cut = False
    try:
        for page in registry.find(Harvester, "files").harvest(request):
            is_cut = is_cut or any(problem.code == _CUT for problem in page.problems)
            yield page
    except HarvestError:
        if not is_cut:  # else a problem of a page has told it
            raise


class _Numbers:
    """The records' own numbers: every record must have one that no other has."""

    def __init__(self, path: Path, registry: Registry) -> None:
        self.path, self.registry = path, registry
        self._rows: dict[str, int] = {}
        self._count = 0
        self._renamed: dict[str, str] = {}

    def check(self, page: HarvestPage) -> None:
        """Look through what the harvester of files found odd about the numbers of a page.

        Raises:
            ImportFileError: A record has no number, or says the same as another.
        """
        named = [record.identifier for record in page.records]
        for problem in page.problems:
            record, values = problem.where.record, dict(problem.what.values)
            if problem.code == "RECORD_WITHOUT_NUMBER":
                self._check_format(page.records[named.index(record)])
                raise without_id(self.path, record.rpartition("#")[2])
            if problem.code == "RECORD_TWICE":
                first = self._rows.get(record) or self._count + named.index(record) + 1
                raise id_repeated(self.path, values["row"], record, first)
            if problem.code == "NUMBER_TWICE":
                self._renamed[str(values["name"])] = record

    def _check_format(self, raw: RawRecord) -> None:
        """Refuse what has no number because it is no record at all."""
        found = read_record(raw, self.registry).problems
        if found and found[0].code == "UNREADABLE":
            raise _without_records(self.path, found[0])

    def own(self, raw: RawRecord) -> str:
        """Return a record's own number.

        Raises:
            ImportFileError: Another record has it.
        """
        self._count += 1
        number = self._renamed.get(raw.identifier) or _own_number(raw, self.registry)
        if number in self._rows:
            raise id_repeated(self.path, self._count, number, self._rows[number])
        self._rows[number] = self._rows[raw.identifier] = self._count
        return number


def _without_records(path: Path, problem: Problem | None) -> ImportFileError:
    if problem is None:
        return ImportFileError("{path}: there is no record in the file", path=path)
    return ImportFileError(
        "{path}: there is no record in the file: {what}", path=path, what=problem.what
    )


def _own_number(raw: RawRecord, registry: Registry) -> str:
    # The harvester puts the agency (003) before the number.
    if not raw.identifier.startswith("("):
        return raw.identifier
    crosswalk = registry.crosswalk_for(raw.namespace, raw.prefix)
    fields = crosswalk.fields(raw) if crosswalk.fields else ()
    own = (text.strip() for name, text in fields if name == "marc 001")
    return next(filter(None, own), raw.identifier)


def _named(record: BibRecord, number: str) -> BibRecord:
    return record if record.identifier == number else attrs.evolve(record, identifier=number)


def _refused(path: Path, reason: Message) -> Problem:
    return Problem(
        code="QUARANTINED",
        where=Place(source=str(path)),
        what=reason,
        severity=Severity.ERROR,
    )
