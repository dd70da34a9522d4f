"""How fast the search indexes are filled and asked, and that they find the same.

python -m benchmarks.search [--documents N] [--postgresql ADDRESS]

The same tokens go into every index, and the same plans are asked of each; total, order and counts
must agree. The floor of the filling is making the documents: it is the same for all.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterable, Iterator
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from time import perf_counter

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


def main(arguments: Iterable[str] | None = None) -> None:
    """Print seconds, sizes and waiting times of each index."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.search", description=__doc__)
    parser.add_argument("--documents", type=int, default=20_000, help="how many publications")
    parser.add_argument("--postgresql", default="", help="address of an empty database")
    wanted = parser.parse_args(None if arguments is None else list(arguments))
    start = perf_counter()
    count = sum(1 for _ in _documents(wanted.documents))
    print(f"{count:,} documents made in {perf_counter() - start:.1f} s (the floor of filling)")
    kinds = _plans(wanted.documents)
    seen: dict[str, list[object]] = {}
    with TemporaryDirectory() as folder:
        addresses = [f"sqlite:///{folder}/search.db", f"tantivy:///{folder}/index"]
        for address in [*addresses, *([wanted.postgresql] if wanted.postgresql else [])]:
            try:
                index = open_search_index(address, Registry())
            except MissingExtraError as error:
                print(error)
                continue
            start = perf_counter()
            index.update(_documents(wanted.documents), (), rules="bench")
            filled = perf_counter() - start
            name = address.partition(":")[0]
            print(f"\n{name}: filled in {filled:.1f} s")
            for kind, plans in kinds.items():
                _ask(index, kind, plans, seen)
            index.close()
            if ":///" in address:
                print(f"  {_bytes(Path(address.partition(':///')[2])) / 1e6:.0f} MB")


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
    titles = [words for words in titles if len(words) > 2]  # noqa: PLR2004 - two words are asked for

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
        "everything by title": plans([""] * _ASKED, order=SearchOrder.TITLE),
    }


def _ask(
    index: SearchIndex, kind: str, plans: list[SearchPlan], seen: dict[str, list[object]]
) -> None:
    waits, answers = [], list[object]()
    for plan in plans:
        start = perf_counter()
        answer = index.answer(plan)
        waits.append(1_000 * (perf_counter() - start))
        answers.append((answer.total, [one.key for one in answer.found], dict(answer.facets)))
    same = "" if seen.setdefault(kind, answers) == answers else "  NOT THE SAME ANSWERS"
    worst = quantiles(waits, n=20)[-1]
    print(f"  {kind:<22} median {median(waits):8.1f} ms   95 % {worst:8.1f} ms{same}")


if __name__ == "__main__":
    main()
