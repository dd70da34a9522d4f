"""The MAP steps of the union catalogue: pure Python over the rows of a table, Arrow in and out.

A rule's keys become 64-bit numbers here, with BLAKE2b, because the hash functions of engines
differ. PyArrow is imported when a step runs. A step can travel to another process if its rule can:
if what the rule calls are functions of a module.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import blake2b
from itertools import islice
from struct import unpack
from typing import TYPE_CHECKING, Any

import attrs

from libconsortium.contributions import MatchRule
from libconsortium.core.catalogue.matching import Evidence, MatchFields, unpacked
from libconsortium.core.catalogue.reasons import by_diacritics
from libconsortium.core.errors import CatalogueError, MissingExtraError

if TYPE_CHECKING:
    import pyarrow as pa

_ROWS_A_BATCH = 20_000
_REMEMBERED = 50_000  # records whose fields stay read while pairs are compared


def arrow() -> Any:  # noqa: ANN401 - the module pyarrow, which has no types
    """Import PyArrow.

    Raises:
        MissingExtraError: It is not installed.

    >>> arrow().__name__
    'pyarrow'
    """
    try:
        import pyarrow as pa
    except ImportError as error:
        raise MissingExtraError(
            "the union catalogue needs the package {package}; pip install 'libconsortium[{extra}]'",
            package="pyarrow",
            extra="catalogue",
        ) from error
    return pa


def table(columns: Iterable[tuple[str, str]], rows: Iterable[tuple[object, ...]]) -> pa.Table:
    """Make an Arrow table of named and typed columns out of rows.

    Args:
        columns: Name and Arrow type of each column.
        rows: One value per column.

    >>> table([("nr", "int64")], [(1,), (2,)]).num_rows
    2
    """
    pyarrow, shape = arrow(), schema(columns)
    values = list(zip(*rows, strict=True)) or [()] * len(shape)
    arrays = [pyarrow.array(one, kind) for one, kind in zip(values, shape.types, strict=True)]
    return pyarrow.Table.from_arrays(arrays, schema=shape)


def reader(
    columns: Iterable[tuple[str, str]], rows: Iterable[tuple[object, ...]]
) -> pa.RecordBatchReader:
    """Return Arrow batches made out of rows as they are asked for, so that never all are held.

    Args:
        columns: Name and Arrow type of each column.
        rows: One value per column.

    >>> reader([("nr", "int64")], ((number,) for number in range(3))).read_all().num_rows
    3
    """
    columns, waiting = tuple(columns), iter(rows)
    batches = iter(lambda: list(islice(waiting, _ROWS_A_BATCH)), [])
    return arrow().RecordBatchReader.from_batches(
        schema(columns), (batch for held in batches for batch in table(columns, held).to_batches())
    )


def schema(columns: Iterable[tuple[str, str]]) -> pa.Schema:
    """Make an Arrow schema out of names and types.

    >>> schema(KEYS).names
    ['key', 'nr']
    """
    pyarrow = arrow()
    return pyarrow.schema([(name, pyarrow.type_for_alias(kind)) for name, kind in columns])


# Records are numbered from 0; half the bytes, and joins are the quicker for it.
NUMBER = "int32"
NUMBERED = (("nr", NUMBER), ("member", "string"), ("fields", "string"))
KEYS = (("key", "int64"), ("nr", NUMBER))
COMPARED = (
    ("l", NUMBER),
    ("r", NUMBER),
    ("score", "float64"),
    ("reasons", "string"),
    ("rule", "string"),
)
CONFLICTS = (("l", NUMBER), ("r", NUMBER), ("marks", NUMBER))


def key_number(key: str) -> int:
    """Return the 64-bit number that stands for a key in the tables.

    >>> key_number("isbn:9786041234567") == key_number("isbn:9786041234567") != key_number("x")
    True
    """
    return _numbers([_digest(key)])[0]


def _digest(key: str) -> bytes:
    own = _NO_KEY.copy()  # half as dear as making a new one
    own.update(key.encode())
    return own.digest()


def _numbers(digests: Sequence[bytes]) -> tuple[int, ...]:
    return unpack(f">{len(digests)}q", b"".join(digests))


_NO_KEY = blake2b(digest_size=8)


def keys_step(rule: MatchRule) -> Callable[[pa.RecordBatch], pa.Table]:
    """Return the step that turns rows ``nr, fields`` into rows ``key, nr``.

    >>> rule = MatchRule(name="t", keys=lambda one: (one.title,), compare=lambda *_: None)
    >>> batch = table([("nr", "int64"), ("fields", "string")], []).to_batches()
    >>> batch
    []
    >>> callable(keys_step(rule))
    True
    """
    return _Keys(rule)


def compare_step(rule: MatchRule, threshold: float) -> Callable[[pa.RecordBatch], pa.Table]:
    """Return the step that turns rows ``l, r, l_fields, r_fields`` into rows of ``compared``.

    Only what matters later is kept: pairs from the threshold on that no guard forbids.

    >>> rule = MatchRule(name="t", keys=lambda one: (one.title,), compare=lambda *_: None)
    >>> callable(compare_step(rule, 0.9))
    True
    """
    return _Compared(rule, threshold)


def conflict_step(rule: MatchRule, clash: float) -> Callable[[pa.RecordBatch], pa.Table]:
    """Return the step that turns rows ``l, r, l_fields, r_fields`` into rows of ``conflicts``.

    Two records conflict if a guard forbids their merge, if diacritics tell them apart (then
    ``marks`` is 1) or if hardly anything speaks for a merge.

    >>> rule = MatchRule(name="t", keys=lambda one: (one.title,), compare=lambda *_: None)
    >>> callable(conflict_step(rule, 0.01))
    True
    """
    return _Conflicts(rule, clash)


class _Fields:
    """The fields of the records last read, by number; texts are taken out only where needed."""

    def __init__(self) -> None:
        self._read: dict[int, MatchFields] = {}

    def of(self, number: int, texts: pa.StringArray, row: int) -> MatchFields:
        found = self._read.get(number)
        if found is None:
            if len(self._read) >= _REMEMBERED:
                self._read.clear()
            found = self._read[number] = unpacked(texts[row].as_py())
        return found

    def __reduce__(self) -> tuple[type[_Fields], tuple[()]]:
        """Travel to another process without what was read."""
        return _Fields, ()


@attrs.frozen
class _Keys:
    _rule: MatchRule

    def __call__(self, batch: pa.RecordBatch) -> pa.Table:
        pyarrow = arrow()
        keys: list[bytes] = []
        owners: list[int] = []
        numbers, texts = (batch.column(name).to_pylist() for name in ("nr", "fields"))
        for number, text in zip(numbers, texts, strict=True):
            own = sorted(set(map(_digest, keys_of(self._rule, unpacked(text)))))
            keys += own
            owners += [number] * len(own)
        shape = schema(KEYS)
        columns = _numbers(keys), owners
        arrays = [pyarrow.array(one, kind) for one, kind in zip(columns, shape.types, strict=True)]
        return pyarrow.Table.from_arrays(arrays, schema=shape)


@attrs.frozen
class _Compared:
    _rule: MatchRule
    _threshold: float
    _read: _Fields = attrs.field(factory=_Fields, init=False)

    def __call__(self, batch: pa.RecordBatch) -> pa.Table:
        return table(
            COMPARED,
            (
                (left, right, found.score, json.dumps(found.reasons), found.rule)
                for left, right, found in _evidence(self._rule, batch, self._read, self._threshold)
                if not found.veto and found.score >= self._threshold
            ),
        )


@attrs.frozen
class _Conflicts:
    _rule: MatchRule
    _clash: float
    _read: _Fields = attrs.field(factory=_Fields, init=False)

    def __call__(self, batch: pa.RecordBatch) -> pa.Table:
        return table(
            CONFLICTS,
            (
                (left, right, int(marks))
                for left, right, found in _evidence(self._rule, batch, self._read)
                if (marks := by_diacritics((found.veto, *found.reasons)))
                or found.veto
                or found.score < self._clash
            ),
        )


def _evidence(
    rule: MatchRule, batch: pa.RecordBatch, read: _Fields, threshold: float = 0.0
) -> Iterator[tuple[int, int, Evidence]]:
    """Yield what a rule finds in the pairs of a batch that may reach a threshold."""
    left_texts, right_texts = batch.column("l_fields"), batch.column("r_fields")
    numbers, pairs = [], []
    both = zip(batch.column("l").to_pylist(), batch.column("r").to_pylist(), strict=True)
    for row, (left, right) in enumerate(both):
        pair = read.of(left, left_texts, row), read.of(right, right_texts, row)
        if may_reach(rule, *pair, threshold):
            numbers.append((left, right))
            pairs.append(pair)
    for (left, right), found in zip(numbers, evidence_of_many(rule, pairs), strict=True):
        yield left, right, found


def keys_of(rule: MatchRule, fields: MatchFields) -> tuple[str, ...]:
    """Return a rule's keys for a record.

    Raises:
        CatalogueError: The rule failed; the message names it and the record.

    >>> rule = MatchRule(name="by-title", keys=lambda one: (one.title,), compare=lambda *_: None)
    >>> keys_of(rule, MatchFields(record="a", title="truien kieu"))
    ('truien kieu',)
    """
    try:
        return rule.keys(fields)
    except Exception as error:
        raise _failed(rule, error, fields.record) from error


def may_reach(rule: MatchRule, left: MatchFields, right: MatchFields, threshold: float) -> bool:
    """Say whether two records have to be compared to know if they reach a threshold.

    Raises:
        CatalogueError: The rule failed; the message names it and the records.

    >>> rule = MatchRule(name="t", keys=lambda one: (one.title,), compare=lambda *_: None)
    >>> one = MatchFields(record="a", title="")
    >>> may_reach(rule, one, one, 0.9)
    True
    """
    if rule.may_reach is None or not threshold:
        return True
    try:
        return rule.may_reach(left, right, threshold)
    except Exception as error:
        raise _failed(rule, error, f"{left.record}, {right.record}") from error


def evidence_of(rule: MatchRule, left: MatchFields, right: MatchFields) -> Evidence:
    """Return what a rule finds in two records.

    Raises:
        CatalogueError: The rule failed; the message names it and the records.

    >>> same = Evidence(rule="t", score=1.0)
    >>> rule = MatchRule(name="t", keys=lambda one: (one.title,), compare=lambda *_: same)
    >>> one = MatchFields(record="a", title="")
    >>> evidence_of(rule, one, MatchFields(record="b", title="")).score
    1.0
    """
    try:
        found = rule.compare(left, right)
        if not 0 <= found.score <= 1:
            raise _failed(rule, ValueError(found.score), f"{left.record}, {right.record}")
    except CatalogueError:
        raise
    except Exception as error:
        raise _failed(rule, error, f"{left.record}, {right.record}") from error
    return found


def evidence_of_many(
    rule: MatchRule, pairs: Iterable[tuple[MatchFields, MatchFields]]
) -> Iterator[Evidence]:
    """Yield what a rule finds in each of some pairs; all at once if it can.

    Raises:
        CatalogueError: The rule failed; the message names it and the first pair.

    >>> same = Evidence(rule="t", score=1.0)
    >>> rule = MatchRule(name="t", keys=lambda one: (one.title,), compare=lambda *_: same)
    >>> one = MatchFields(record="a", title="")
    >>> [found.score for found in evidence_of_many(rule, [(one, one)])]
    [1.0]
    """
    if rule.compare_many is None:
        for left, right in pairs:
            yield evidence_of(rule, left, right)
        return
    every = list(pairs)
    try:
        found = list(rule.compare_many(every)) if every else []
        if len(found) != len(every):
            raise ValueError(len(found))
    except (CatalogueError, MissingExtraError):
        raise
    except Exception as error:
        raise _failed(rule, error, " ".join(one.record for one in every[0])) from error
    yield from found


def _failed(rule: MatchRule, error: Exception, where: str) -> CatalogueError:
    return CatalogueError(
        "the match rule {rule!r} failed on {where}: {kind}: {error}",
        rule=rule.name,
        where=where.replace("\t", " "),
        kind=type(error).__name__,
        error=error,
    )
