"""Reads files of usage and title lists through the loaders that know their form."""

from __future__ import annotations

import json
import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, TypeVar

import attrs

from libconsortium.contributions import TitleListLoader, UsageLoader
from libconsortium.core.errors import ConsortiumError, FileRefusedError, ImportFileError
from libconsortium.core.messages import Message
from libconsortium.core.problems import Place, Problem, Severity
from libconsortium.core.titles.titles import TitleRow
from libconsortium.core.usage.checks import checked
from libconsortium.core.usage.rows import (
    Institution,
    UsageEvent,
    UsageItem,
    UsageReport,
    UsageRow,
    usage_fields,
)
from libconsortium.core.usage.totals import MemberOf, UsageTally
from libconsortium.registry import Registry

log = logging.getLogger(__name__)

L = TypeVar("L", UsageLoader, TitleListLoader)

_START_BYTES = 2**16
_IN_MEMORY_BYTES = 2**24
_TOLD_EACH = 50


@attrs.frozen(kw_only=True)
class FileRead:
    """What became of one file.

    Args:
        path: The file.
        report: Header of the report; ``None`` if the file was refused before it was read.
        rows: How many rows it gave.
        refused: Why it was refused as a whole; ``None`` if it was read.
    """

    path: Path
    report: UsageReport | None = None
    rows: int = 0
    refused: Problem | None = None


@attrs.define
class UsageRows:
    """The rows of many reports, on disk as soon as they are many; one JSON object a line.

    >>> rows = UsageRows()
    >>> len(list(rows.fields()))
    0
    """

    _file: SpooledTemporaryFile[bytes] = attrs.field(
        factory=lambda: SpooledTemporaryFile(_IN_MEMORY_BYTES),  # noqa: SIM115 - lives as long as this
        init=False,
        repr=False,
    )
    _last: tuple[UsageItem, str, str] | None = attrs.field(default=None, init=False, repr=False)
    _rest: str = attrs.field(default="", init=False, repr=False)

    def __del__(self) -> None:
        """Give the disk back."""
        self._file.close()

    def add(self, row: UsageRow, member: str) -> None:
        """Keep a row."""
        if (
            self._last is None
            or self._last[0] is not row.item
            or self._last[1:] != (row.metric, member)
        ):
            self._last = (row.item, row.metric, member)
            fields = usage_fields(row, member)
            del fields["month"], fields["count"]  # all that changes along a line
            self._rest = json.dumps(fields, ensure_ascii=False)[1:]
        told = f'{{"month": "{row.month}", "count": {row.count}, {self._rest}\n'
        self._file.write(told.encode())

    def mark(self) -> int:
        """Return where the next row will stand."""
        return self._file.tell()

    def undo(self, mark: int) -> None:
        """Forget the rows behind a mark."""
        self._file.seek(mark)
        self._file.truncate()

    def lines(self) -> Iterator[str]:
        """Yield the rows as JSON."""
        self._file.seek(0)
        for line in self._file:
            yield line.decode().rstrip("\n")

    def fields(self) -> Iterator[Mapping[str, object]]:
        """Yield the rows as plain values by the names of ``USAGE_FIELDS``."""
        for line in self.lines():
            yield json.loads(line)


@attrs.frozen(kw_only=True)
class UsageRead:
    """What several files of usage said.

    Args:
        files: What became of each file, in the order they were given.
        rows: Their rows.
        tally: Their sums.
        institutions: Whose usage they tell of.
        problems: What was wrong; a file that was refused is among them.
    """

    files: tuple[FileRead, ...]
    rows: UsageRows
    tally: UsageTally
    institutions: frozenset[Institution]
    problems: tuple[Problem, ...]


def read_usage(
    paths: Iterable[Path], registry: Registry, member_of: MemberOf | None = None
) -> UsageRead:
    r"""Read reports of usage; a file that cannot be used is refused, the others are read.

    Args:
        paths: The files.
        registry: Where the loaders are found.
        member_of: Gives the library of an institution; the report's own name for it if not given.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "pr.tsv"
    ...     _ = path.write_text(
    ...         "Report_ID\tPR\nRelease\t5.1\n\nPlatform\tMetric_Type\tJan-2025\n"
    ...         "P\tSearches_Platform\t3\n"
    ...     )
    ...     read = read_usage([path], Registry())
    >>> read.tally.totals()[0].count, [file.rows for file in read.files]
    (3, [1])
    """
    rows = UsageRows()
    tally = UsageTally(member_of=member_of or (lambda institution: institution.label))
    files: list[FileRead] = []
    institutions: set[Institution] = set()
    problems: list[Problem] = []
    for path in dict.fromkeys(paths):
        file, found, more = _read_file(path, registry, rows, tally)
        files.append(file)
        institutions |= found
        problems += more
    return UsageRead(
        files=tuple(files),
        rows=rows,
        tally=tally,
        institutions=frozenset(institutions),
        problems=(*problems, *tally.problems()),
    )


def _read_file(
    path: Path, registry: Registry, rows: UsageRows, tally: UsageTally
) -> tuple[FileRead, set[Institution], Sequence[Problem]]:
    """Read one file into rows and tally, whole or not at all; say whom it is about."""
    mark, report, count, told = rows.mark(), None, 0, _Told()
    found: set[Institution] = set()
    try:
        for event in usage_events(path, registry):
            if isinstance(event, Problem):
                told.add(event)
                continue
            tally.add(str(path), event)
            found.add(event.institution)
            if isinstance(event, UsageRow):
                rows.add(event, tally.member_of(event.institution))
                count += 1
            else:
                report = event
    except ImportFileError as error:
        rows.undo(mark)
        tally.drop(str(path))
        refused = _refused(path, error)
        file = FileRead(path=path, report=report, refused=refused)
        return file, set(), (refused, *told.problems())
    return FileRead(path=path, report=report, rows=count), found, told.problems()


def usage_events(path: Path, registry: Registry) -> Iterator[UsageEvent]:
    """Yield what one file of usage says, and what cannot be right in it.

    Args:
        path: The file.
        registry: Where the loaders are found.

    Raises:
        FileRefusedError: The file holds no usage that can be read.
        ImportFileError: The file cannot be read at all.

    >>> list(usage_events(Path("nowhere.json"), Registry()))
    Traceback (most recent call last):
    libconsortium.core.errors.ImportFileError: nowhere.json: the file cannot be read: No such ...
    """
    with _opened(path) as file:
        loader = _loader_for(file, registry.all(UsageLoader), _NO_USAGE)
        yield from checked(_guarded(loader, str(path), file))


def read_title_list(
    path: Path, registry: Registry
) -> tuple[tuple[TitleRow, ...], tuple[Problem, ...]]:
    r"""Read a list of titles; every title with something wrong is kept, with its problems.

    Args:
        path: The file.
        registry: Where the loaders are found.

    Raises:
        FileRefusedError: The file holds no list of titles.
        ImportFileError: The file cannot be read at all.

    >>> read_title_list(Path("nowhere.txt"), Registry())
    Traceback (most recent call last):
    libconsortium.core.errors.ImportFileError: nowhere.txt: the file cannot be read: No such ...
    """
    rows: list[TitleRow] = []
    problems: list[Problem] = []
    with _opened(path) as file:
        loader = _loader_for(file, registry.all(TitleListLoader), _NO_TITLES)
        for event in _guarded(loader, str(path), file):
            if isinstance(event, TitleRow):
                rows.append(event)
            else:
                problems.append(event)
    return tuple(rows), tuple(problems)


@attrs.define
class _Told:
    """The problems of one file; of each kind only the first are kept, and how many there were."""

    kept: list[Problem] = attrs.field(factory=list)
    counts: Counter[str] = attrs.field(factory=Counter)

    def add(self, problem: Problem) -> None:
        self.counts[problem.code] += 1
        if self.counts[problem.code] <= _TOLD_EACH:
            self.kept.append(problem)

    def problems(self) -> list[Problem]:
        last = {problem.code: problem for problem in self.kept}
        return self.kept + [
            attrs.evolve(
                last[code],
                where=Place(source=last[code].where.source),
                what=Message(
                    "{count} more problems of this kind: {code}",
                    count=count - _TOLD_EACH,
                    code=code,
                ),
            )
            for code, count in self.counts.items()
            if count > _TOLD_EACH
        ]


_NO_USAGE = FileRefusedError(
    "NOT_USAGE",
    Message("this is no report of usage that anything here can read"),
    Message("ask the supplier for a COUNTER report of release 5.1, as JSON, TSV or XLSX"),
)
_NO_TITLES = FileRefusedError(
    "NOT_A_TITLE_LIST",
    Message("this is no list of titles that anything here can read"),
    Message("ask the supplier for its KBART file (tab-separated, UTF-8)"),
)


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise ImportFileError(
            "{path}: the file cannot be read: {reason}", path=path, reason=error.strerror
        ) from error


def _loader_for(file: BinaryIO, loaders: Mapping[str, L], refusal: FileRefusedError) -> L:
    start = file.read(_START_BYTES)
    file.seek(0)
    if not start.strip():
        raise FileRefusedError(
            "EMPTY_FILE", Message("the file is empty"), Message("fetch it again")
        )
    for loader in loaders.values():
        if loader.recognises(start):
            return loader
    raise refusal


def _guarded(loader: L, source: str, file: BinaryIO) -> Iterator[Any]:  # Any: the loader's events
    """Yield what a loader yields; what it breaks on becomes a refusal that names it."""
    try:
        yield from loader.read(source, file)
    except ConsortiumError:
        raise
    except Exception as error:
        log.debug("%s: %s", loader.name, source, exc_info=error)
        raise FileRefusedError(
            "LOADER_FAILED",
            Message(
                "the loader {loader!r} failed on it: {kind}: {error}",
                loader=loader.name,
                kind=type(error).__name__,
                error=error,
            ),
            Message("report this together with the file"),
        ) from error


def _refused(path: Path, error: ImportFileError) -> Problem:
    told = Problem(
        code="FILE_UNREADABLE",
        where=Place(source=str(path)),
        what=error.message,
        severity=Severity.ERROR,
    )
    if isinstance(error, FileRefusedError):
        return attrs.evolve(told, code=error.code, what=error.what, advice=error.advice)
    return told
