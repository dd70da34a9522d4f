"""How fast the search indexes are filled and asked, and that they find the same.

python -m benchmarks.search [--documents N] [--copies K] [--postgresql ADDRESS] [--only NAME]

The same tokens go into every index, and the same plans are asked of each; total, order and counts
must agree. The floor of the filling is making the documents: it is the same for all. ``--copies``
takes each of N publications K times, under other ids: a large index without waiting for all the
documents to be made. ``LIBCONSORTIUM_BENCH_POSTGRESQL`` names the database too.
"""

from __future__ import annotations

import argparse
import os
import pickle
import random
from collections.abc import Iterable, Iterator
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory, TemporaryFile
from time import perf_counter, process_time
from typing import IO

import attrs

from benchmarks.synthetic import records
from libconsortium import (
    MissingExtraError,
    Registry,
    SearchDocument,
    SearchIndex,
    SearchOrder,
    SearchPlan,
    open_search_index,
    parse_query,
    plan_of,
    search_document,
    union_record,
)

PURPOSE = "search: filling and asking SQLite, tantivy and PostgreSQL with the same answers"

_ASKED = 40  # queries of a kind
_POSTGRESQL = "LIBCONSORTIUM_BENCH_POSTGRESQL"


def main(arguments: Iterable[str] | None = None) -> None:
    """Print seconds, sizes and waiting times of each index."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.search", description=__doc__)
    parser.add_argument("--documents", type=int, default=20_000, help="how many publications")
    parser.add_argument("--copies", type=int, default=1, help="of each, under other ids")
    parser.add_argument(
        "--postgresql", default=os.environ.get(_POSTGRESQL, ""), help="address of an empty database"
    )
    parser.add_argument("--only", default="", help="sqlite, tantivy or postgresql")
    wanted = parser.parse_args(None if arguments is None else list(arguments))
    kinds = _plans(wanted.documents)
    asked = _Asked()
    with TemporaryDirectory() as folder, TemporaryFile() as made:
        start = process_time()
        for document in _documents(wanted.documents):
            pickle.dump(document, made)
        spent = process_time() - start
        print(f"{wanted.documents:,} documents, made in {spent:.1f} processor s, taken"
              f" {wanted.copies} times; load {os.getloadavg()[0]:.1f}")  # fmt: skip
        addresses = [f"sqlite:///{folder}/search.db", f"tantivy:///{folder}/index"]
        addresses += [wanted.postgresql] if wanted.postgresql else []
        for address in (one for one in addresses if one.startswith(wanted.only)):
            try:
                index = open_search_index(address, Registry())
            except MissingExtraError as error:
                print(error)
                continue
            start, spent = perf_counter(), _spent()
            index.update(_kept(made, wanted.documents, wanted.copies), (), rules="bench")
            name = address.partition(":")[0]
            print(f"\n{name}: filled in {perf_counter() - start:.1f} s,"
                  f" {_spent() - spent:.1f} processor s")  # fmt: skip
            for kind, plans in kinds.items():
                asked.ask(index, kind, plans)
            index.close()
            if ":///" in address:
                print(f"  {_bytes(Path(address.partition(':///')[2])) / 1e6:.0f} MB")
        if not wanted.postgresql:
            print("\npostgresql: left out; name an empty database with --postgresql ADDRESS")


def _spent() -> float:
    times = os.times()
    return times.user + times.system


def _kept(made: IO[bytes], count: int, copies: int) -> Iterator[SearchDocument]:
    made.seek(0)
    for _ in range(count):
        document = pickle.load(made)  # noqa: S301 - written above
        yield document
        for copy in range(1, copies):
            more = f" {copy:03}"
            yield attrs.evolve(
                document,
                id=document.id + more,
                by_title=document.by_title + more,
                by_year=document.by_year + more,
            )


def _bytes(path: Path) -> int:
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files if file.is_file())


def _documents(count: int) -> Iterator[SearchDocument]:
    for number, one in zip(range(count), records(count), strict=False):
        yield search_document(union_record(f"{number:08}", [one.record]), fingerprint="1")


def _plans(count: int) -> dict[str, list[SearchPlan]]:
    chance = random.Random(7)
    titles = [
        one.record.title.split() for _, one in zip(range(2_000), records(count), strict=False)
    ]
    titles = [words for words in titles if len(words) > 2]

    def plans(text: Iterable[str], **more: object) -> list[SearchPlan]:
        made = [plan_of(parse_query(one)) for one in text]
        return [attrs.evolve(one, **more) for one in made]  # type: ignore[arg-type]

    two = [" ".join(chance.sample(chance.choice(titles), 2)) for _ in range(_ASKED)]
    phrases = [f'"{" ".join(chance.choice(titles)[:3])}"' for _ in range(_ASKED)]
    broad = [chance.choice(("giáo trình", "giao trinh", "kinh tế")) for _ in range(_ASKED)]
    return {
        "two words": plans(two),
        "a phrase": plans(phrases),
        "broad, best first": plans(broad),
        "broad, with counts": plans(broad, counted=("member", "year", "type")),
        "broad, newest first": plans(broad, order=SearchOrder.YEAR, ranks=()),
        "everything by title": plans([""] * _ASKED, order=SearchOrder.TITLE),
    }


@attrs.frozen
class _Asked:
    """What was answered so far, and how long the first index took."""

    answers: dict[str, list[object]] = attrs.field(factory=dict)
    waits: dict[str, float] = attrs.field(factory=dict)

    def ask(self, index: SearchIndex, kind: str, plans: list[SearchPlan]) -> None:
        """Ask all plans of one kind and print how long they took, and if the answers differ."""
        waits, spent, answers = [], [], list[object]()
        for plan in plans:
            start, processor = perf_counter(), process_time()
            answer = index.answer(plan)
            waits.append(1_000 * (perf_counter() - start))
            spent.append(1_000 * (process_time() - processor))
            answers.append((answer.total, [one.key for one in answer.found], dict(answer.facets)))
        same = "" if self.answers.setdefault(kind, answers) == answers else "  NOT THE SAME ANSWERS"
        slow, busy = (quantiles(found, n=20)[-1] for found in (waits, spent))
        part = slow / self.waits.setdefault(kind, slow)
        print(f"  {kind:<22} ms, median and 95 %:{median(waits):8.1f}{slow:8.1f}   of processor:"
              f"{median(spent):8.1f}{busy:8.1f}   {part:5.0%} of SQLite{same}")  # fmt: skip


if __name__ == "__main__":
    main()
