"""What a run leaves behind for the next one: four files of numbers, and what they were made by."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import attrs

from libconsortium.catalogue_steps.maps import COMPARED, KEYS, NUMBER, schema, table
from libconsortium.catalogue_steps.update.folder import CatalogueFolder
from libconsortium.catalogue_steps.update.rows import parquet_writer, read_columns
from libconsortium.core.catalogue.clusters import Decision

if TYPE_CHECKING:
    import pyarrow as pa

RECORDS = (("nr", NUMBER), ("key", "string"), ("batch", "int64"), ("digest", "int64"))
Decided = tuple[str, str, str]
_ABOUT = b"libconsortium"
_FORMAT = 2
_KINDS = (("records", RECORDS), ("keys", KEYS), ("compared", COMPARED), ("unsure", COMPARED))


@attrs.frozen(kw_only=True)
class CatalogueState:
    """What the last run knew of every record.

    Args:
        records: Rows ``nr, key, batch, digest`` of its records in the order of the keys: the batch
            of the row that held, and the digest of the match fields.
        keys: Rows ``key, nr``: the keys of the match rule.
        compared: The pairs that the rule joins, with why, decided otherwise or not.
        unsure: The pairs that it does not join, and that a cataloguer might.
        joined_by: What decided which records belong together, as one short text.
        members: The library that each source belonged to.
        decisions: What cataloguers had decided: two keys, the lesser first, and the verdict.
    """

    records: pa.Table
    keys: pa.Table
    compared: pa.Table
    unsure: pa.Table
    joined_by: str = ""
    members: Mapping[str, str] = attrs.field(factory=dict)
    decisions: frozenset[Decided] = frozenset()


def no_state() -> CatalogueState:
    """Return what is known before the first run.

    >>> no_state().records.num_rows
    0
    """
    return CatalogueState(
        records=table(RECORDS, ()),
        keys=table(KEYS, ()),
        compared=table(COMPARED, ()),
        unsure=table(COMPARED, ()),
    )


def read_state(folder: CatalogueFolder, names: str, joined_by: str) -> CatalogueState:
    """Read what the last run left; nothing, if its files are gone or made by something else.

    Args:
        folder: Where the files are.
        names: Their names, as ``write_state`` gave them; empty for none.
        joined_by: What decides now which records belong together.

    Raises:
        CatalogueError: A file is damaged.
    """
    files = names.split()
    if len(files) != len(_KINDS) or not all((folder.path / name).is_file() for name in files):
        return no_state()
    records, keys, compared, unsure = (
        read_columns(folder, name, [column for column, _ in columns])
        for name, (_, columns) in zip(files, _KINDS, strict=True)
    )
    about = json.loads((records.schema.metadata or {}).get(_ABOUT, b"{}"))
    if (about.get("format"), about.get("joined_by")) != (_FORMAT, joined_by):
        return no_state()
    return CatalogueState(
        records=records,
        keys=keys,
        compared=compared,
        unsure=unsure,
        joined_by=joined_by,
        members=about["members"],
        decisions=frozenset((left, right, verdict) for left, right, verdict in about["decisions"]),
    )


def write_state(folder: CatalogueFolder, state: CatalogueState) -> str:
    """Write what the next run goes on from; return the names of the files in one text."""
    about = {
        "format": _FORMAT,
        "joined_by": state.joined_by,
        "members": dict(state.members),
        "decisions": sorted(state.decisions),
    }
    described = {_ABOUT: json.dumps(about, ensure_ascii=False).encode()}
    first = state.records.cast(schema(RECORDS)).replace_schema_metadata(described)
    tables = {"records": first} | {
        name: getattr(state, name).cast(schema(columns)) for name, columns in _KINDS[1:]
    }
    return " ".join(
        folder.write(kind, parquet_writer([rows])).name for kind, rows in tables.items()
    )


def decided(decisions: Iterable[Decision]) -> frozenset[Decided]:
    r"""Return what decisions say, whoever made them.

    >>> from libconsortium import Verdict
    >>> [found] = decided([Decision(left="b 2", right="a 1", verdict=Verdict.SAME)])
    >>> found[1:]
    ('b\t2', 'same')
    """
    return frozenset(
        (min(one.left, one.right), max(one.left, one.right), one.verdict.value) for one in decisions
    )
