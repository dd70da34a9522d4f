"""From files to facts: every file read, every row either a fact or a problem with its place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from pathlib import Path

import attrs

from libconsortium.core.directory.facts import FACT_KINDS, Fact, FactKind, from_row, key_of
from libconsortium.core.errors import ImportFileError
from libconsortium.core.messages import Message
from libconsortium.core.problems import Place, Problem, Severity
from libconsortium.files.tables import ENDINGS, FileLimits, Row, Table, read_tables

_NOT_READ = frozenset({".xls", ".xlsm", ".xlsb", ".numbers", ".txt", ".json", ".jsonl", ".yaml"})
_LIKE = 0.65  # a sheet called "notes" does not mean "terms"
_OWN_FILES = frozenset({"records.jsonl", "clusters.jsonl", "holdings.jsonl", "splits.jsonl"})

Facts = tuple[Fact, ...]
Problems = tuple[Problem, ...]


def read_files(
    paths: Iterable[Path], *, limits: FileLimits | None = None
) -> tuple[Facts, Problems]:
    r"""Read facts from files and folders of files; what is wrong never hides what is right.

    A CSV file is named after its kind of fact (``libraries.csv``), a workbook has one sheet a kind
    and a TOML file one array of tables a kind. Of a folder, the files with these endings are read
    that stand in it directly.

    Args:
        paths: Files and folders.
        limits: How much of a file is read.

    Returns:
        The facts in the order of the files, each key once; and everything that was wrong.

    Raises:
        MissingExtraError: A workbook needs a package that is not installed.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     _ = Path(folder, "libraries.csv").write_text("id,name,fte\ntlu,TLU,\nhus,HUS,5\n")
    ...     facts, problems = read_files([Path(folder)])
    >>> [fact.id for fact in facts]
    ['tlu']
    >>> [str(problem).partition("csv")[2] for problem in problems]
    [":3:3: fte: no column 'fte' in libraries; ...; rows not read because of it: 1"]
    """
    gathered = _Gathered()
    for path, is_asked_for in _files_in(paths, gathered.problems):
        try:
            tables, problems = read_tables(path, limits)
        except ImportFileError as error:
            gathered.problems.append(_unreadable(path, error))
            continue
        if is_asked_for and not (tables or problems):
            gathered.problems.append(_empty(path))
        known = [(table, kind) for table in tables if (kind := _kind_of(table)) is not None]
        if known or is_asked_for or path.suffix.lower() != ".toml":
            gathered.problems += problems
            gathered.problems += [
                _no_kind(table, is_asked_for=is_asked_for and not known)
                for table in tables
                if _kind_of(table) is None
            ]
        for table, kind in known:
            gathered.read(table, kind)
    return tuple(fact for fact, _ in gathered.facts.values()), tuple(gathered.problems)


@attrs.define
class _Gathered:
    """What was read so far."""

    facts: dict[tuple[str, tuple[str, ...]], tuple[Fact, Place]] = attrs.field(factory=dict)
    problems: list[Problem] = attrs.field(factory=list)

    def read(self, table: Table, kind: FactKind) -> None:
        """Read a table's rows; a column that no fact has is told once, not once a row."""
        unknown: dict[str, list[Problem]] = defaultdict(list)
        for row in table.rows:
            read = from_row(kind, row.values, row.place())
            if not isinstance(read, tuple):
                self._keep(kind, read, row)
                continue
            for problem in read:
                placed = attrs.evolve(problem, where=row.place(problem.where.field))
                if problem.code == "FACT_COLUMN":
                    unknown[problem.where.field].append(placed)
                else:
                    self.problems.append(placed)
        self.problems += [_once(problems) for problems in unknown.values()]

    def _keep(self, kind: FactKind, fact: Fact, row: Row) -> None:
        known = self.facts.setdefault((kind.name, key_of(fact)), (fact, row.place()))
        if known[1] != row.place():
            self.problems.append(_again(kind, fact, row, *known))


def _files_in(paths: Iterable[Path], problems: list[Problem]) -> Iterator[tuple[Path, bool]]:
    """Give every file to read, and whether it was asked for by its own name."""
    for path in paths:
        if not path.is_dir():
            yield path, True
            continue
        for inside in sorted(path.iterdir()):
            if inside.name.startswith((".", "~$")) or not inside.is_file():
                continue  # hidden, or the mark of a workbook that is open in Excel
            if inside.suffix.lower() in ENDINGS:
                yield inside, False
            elif inside.suffix.lower() in _NOT_READ and inside.name not in _OWN_FILES:
                problems.append(_left_out(inside))


def _kind_of(table: Table) -> FactKind | None:
    return FACT_KINDS.get("_".join(table.name.casefold().replace("-", " ").split()))


def _once(problems: list[Problem]) -> Problem:
    return attrs.evolve(
        problems[0],
        what=Message(
            "{what}; rows not read because of it: {count}",
            what=problems[0].what,
            count=len(problems),
        ),
    )


def _again(kind: FactKind, fact: Fact, row: Row, first: Fact, place: Place) -> Problem:
    if fact == first:
        return Problem(
            code="FACT_TWICE",
            where=row.place(record=" ".join(key_of(fact))),
            what=Message("the same stands in {place} already", place=str(place)),
            severity=Severity.INFO,
        )
    return Problem(
        code="FACT_CONTRADICTED",
        where=row.place(record=" ".join(key_of(fact))),
        what=Message(
            "{place} says something else of the same {key}; this row is not read",
            place=str(place),
            key=", ".join(kind.key),
        ),
        advice=Message("leave one of the two rows"),
        severity=Severity.ERROR,
    )


def _no_kind(table: Table, *, is_asked_for: bool) -> Problem:
    near = get_close_matches(table.name.casefold(), FACT_KINDS, n=1, cutoff=_LIKE)
    if near:
        return Problem(
            code="NO_KIND",
            where=Place(source=table.source),
            what=Message(
                "no kind of fact is called {name!r}; did you mean {near!r}?",
                name=table.name,
                near=near[0],
            ),
            severity=Severity.ERROR,
        )
    return Problem(
        code="NO_KIND",
        where=Place(source=table.source),
        what=Message("no kind of fact is called {name!r}; it is not read", name=table.name),
        advice=Message("there are: {known}", known=", ".join(FACT_KINDS)),
        severity=Severity.ERROR if is_asked_for else Severity.WARNING,
    )


def _unreadable(path: Path, error: ImportFileError) -> Problem:
    return Problem(
        code="FILE_UNREADABLE",
        where=Place(source=str(path)),
        what=error.message,
        severity=Severity.ERROR,
    )


def _empty(path: Path) -> Problem:
    return Problem(
        code="FILE_EMPTY",
        where=Place(source=str(path)),
        what=Message("there is nothing in this file"),
    )


def _left_out(path: Path) -> Problem:
    return Problem(
        code="FILE_NOT_READ",
        where=Place(source=str(path)),
        what=Message("files of this kind are not read"),
        advice=Message("save it as one of {endings}", endings=" ".join(ENDINGS)),
    )
