"""Everything in open formats: facts as CSV that can be loaded again, the rest as JSON lines."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import attrs

from libconsortium import (
    FACT_KINDS,
    Cluster,
    Directory,
    Holding,
    RawRecord,
    Store,
    StoredSplit,
    StoreError,
    to_row,
    whole_text,
    write_csv,
)


def export_all(store: Store, folder: Path) -> tuple[Path, ...]:
    """Write everything a store has into a folder; see ``Store.export_all``."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return (
            *_facts(store.directory(), folder),
            _lines(folder / "records.jsonl", map(_record, store.records(deleted=True))),
            _lines(folder / "clusters.jsonl", map(_cluster, store.clusters())),
            _lines(folder / "holdings.jsonl", map(_holding, store.holdings())),
            _lines(folder / "splits.jsonl", map(_split, store.splits())),
        )
    except OSError as error:
        raise StoreError(
            "{folder}: the export cannot be written: {reason}",
            folder=folder,
            reason=error.strerror or error,
        ) from error


def _facts(directory: Directory, folder: Path) -> Iterator[Path]:
    for kind in FACT_KINDS.values():
        path = folder / f"{kind.name}.csv"
        with whole_text(path) as file:
            write_csv(file, kind.fields, map(to_row, directory.facts[kind.name]))
        yield path


def _lines(path: Path, documents: Iterable[dict[str, object]]) -> Path:
    with whole_text(path) as file:
        for document in documents:
            file.write(json.dumps(document, ensure_ascii=False) + "\n")
    return path


def _record(record: RawRecord) -> dict[str, object]:
    document = attrs.asdict(record) | {"content_hash": record.content_hash}
    try:
        document["content"] = record.content.decode("utf-8")
    except UnicodeDecodeError:
        del document["content"]
        document["content_base64"] = base64.b64encode(record.content).decode("ascii")
    return document


def _cluster(cluster: Cluster) -> dict[str, object]:
    return attrs.asdict(cluster)


def _holding(holding: Holding) -> dict[str, object]:
    return attrs.asdict(holding)


def _split(split: StoredSplit) -> dict[str, object]:
    return {
        **attrs.asdict(split),
        "at": split.at.isoformat(),
        "document": json.loads(split.document),
    }
