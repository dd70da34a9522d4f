"""Reads the labelled sets of duplicates: records, and which of them are the same publication."""

from __future__ import annotations

import csv
import json
import os
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from hashlib import blake2b
from itertools import combinations
from pathlib import Path
from typing import Any

import attrs

from benchmarks.synthetic import records as invented_records
from libconsortium import (
    BibRecord,
    IdentifierScheme,
    MatchFields,
    MatchRule,
    RecordIdentifier,
    Registry,
    read_titles,
    year_in,
)

Pair = tuple[str, str]
_LATEST = 2030


@attrs.frozen(kw_only=True)
class LabelledSet:
    """Records with known duplicates.

    Args:
        name: Name of the set.
        records: Its records; their identifiers are unique.
        same: Pairs of identifiers, the lesser first, that are one publication.
        judged: The pairs that somebody judged; empty when all pairs count.
    """

    name: str
    records: tuple[BibRecord, ...]
    same: frozenset[Pair]
    judged: frozenset[Pair] = frozenset()


def folder() -> Path:
    """Return the folder of labelled sets; ``LIBCONSORTIUM_CORPORA`` says where it is."""
    beside = Path(__file__).resolve().parents[2] / "shared"
    return Path(os.environ.get("LIBCONSORTIUM_CORPORA") or beside) / "corpora" / "dedup"


def all_sets(place: Path) -> Iterator[LabelledSet]:
    """Read every set we know that stands in a folder."""
    readers = {
        "bibdedupe-cases": bibdedupe,
        "cdl-marcai": cdl_marcai,
        "cora": cora,
        "dblp-acm": dblp_acm,
        "swissbib": swissbib,
    }
    for name, read in readers.items():
        if (place / name).is_dir():
            yield read(place / name)
    for own in sorted(place.glob("*/records.csv")):
        yield of_tables(own.parent)


def pair(left: str, right: str) -> Pair:
    """Return two identifiers in their order."""
    return (left, right) if left < right else (right, left)


def _within(groups: Iterable[Iterable[str]]) -> frozenset[Pair]:
    return frozenset(pair(*two) for group in groups for two in combinations(group, 2))


# ---------------------------------------------------------------- halves and candidates


def halves(labelled: LabelledSet) -> tuple[LabelledSet, LabelledSet]:
    """Divide a set into a half to learn from and a half to report on.

    Which half a record is in is the last bit of the BLAKE2b hash (one byte) of the smallest
    identifier of its group; of judged pairs, of the smaller identifier. A group is never cut.
    """
    if labelled.judged:
        sides = [_side(left) for left, _ in sorted(labelled.judged)]
        judged = dict(zip(sorted(labelled.judged), sides, strict=True))
        return tuple(
            attrs.evolve(
                labelled,
                judged=frozenset(two for two, own in judged.items() if own == side),
                same=frozenset(two for two in labelled.same if judged[two] == side),
            )
            for side in (0, 1)
        )  # type: ignore[return-value] # there are two
    root = _roots(labelled.same)
    return tuple(
        attrs.evolve(
            labelled,
            records=tuple(
                one
                for one in labelled.records
                if _side(root.get(one.identifier, one.identifier)) == side
            ),
            same=frozenset(two for two in labelled.same if _side(root[two[0]]) == side),
        )
        for side in (0, 1)
    )  # type: ignore[return-value] # there are two


def _side(identifier: str) -> int:
    return blake2b(identifier.encode(), digest_size=1).digest()[0] & 1


def _roots(same: Iterable[Pair]) -> dict[str, str]:
    group: dict[str, set[str]] = {}
    for left, right in same:
        joined = group.get(left, {left}) | group.get(right, {right})
        group.update(dict.fromkeys(joined, joined))
    return {one: min(others) for one, others in group.items()}


def candidates(rule: MatchRule, fields: Mapping[str, MatchFields], cap: int = 100) -> set[Pair]:
    """Return the pairs that share a key of a rule, but for keys that too many share."""
    blocks: defaultdict[str, set[str]] = defaultdict(set)
    for name, one in fields.items():
        for key in rule.keys(one):
            blocks[key].add(name)
    return {
        pair(*two)
        for names in blocks.values()
        if len(names) <= cap
        for two in combinations(names, 2)
    }


def invented(count: int, *, seed: int, works: bool = False, members: int = 50) -> LabelledSet:
    """Return invented Vietnamese records; what is the same publication (or work) is known."""
    groups: defaultdict[int, list[str]] = defaultdict(list)
    records = []
    for one in invented_records(count, seed=seed, members=members):
        groups[one.work if works else one.publication].append(one.record.identifier)
        records.append(one.record)
    name = "invented-works" if works else "invented"
    return LabelledSet(name=name, records=tuple(records), same=_within(groups.values()))


@cache
def _scheme(name: str) -> IdentifierScheme:
    return Registry().find(IdentifierScheme, name)


def _identifiers(scheme: str, values: Iterable[str]) -> tuple[RecordIdentifier, ...]:
    normal = (_scheme(scheme).normalise(value) for value in values)
    return tuple(RecordIdentifier(scheme=scheme, value=value) for value in normal if value)


# ---------------------------------------------------------------- CDL: real MARC, judged pairs


def cdl_marcai(place: Path) -> LabelledSet:
    """Read the validation pairs of the California Digital Library (CC0)."""
    with zipfile.ZipFile(place / "val.json.zip") as file, file.open(file.namelist()[0]) as lines:
        records = {one.identifier: one for one in map(_from_marc, map(json.loads, lines))}
    with (place / "val_labels.csv").open(encoding="utf-8") as rows:
        labels = {pair(row["id1"], row["id2"]): row["label"] for row in csv.DictReader(rows)}
    return LabelledSet(
        name="cdl-marcai",
        records=tuple(records.values()),
        same=frozenset(two for two, label in labels.items() if label == "1"),
        judged=frozenset(labels),
    )


def _from_marc(marc: dict[str, Any]) -> BibRecord:  # Any: parsed JSON
    fields: dict[str, list[Any]] = {}
    for field in marc["fields"]:
        for tag, value in field.items():
            fields.setdefault(tag, []).append(value)

    def text(tag: str, codes: str) -> str:
        return next(iter(texts(tag, codes)), "")

    def texts(tag: str, codes: str) -> list[str]:
        found = []
        for field in fields.get(tag, ()):
            subfields = (pair for part in field["subfields"] for pair in part.items())
            parts = [value for code, value in subfields if code in codes]
            found += [" ".join(parts)] if parts else []
        return found

    title = " : ".join(filter(None, (text("245", code).strip(" :/=") for code in "ab")))
    number = fields["001"][0]
    part = text("245", "p").strip(" :/=")  # as our crosswalk reads it
    title = f"{title.rstrip('. ')}. {part}" if part and title else title or part
    year = year_in(fields["008"][0][7:11], latest=_LATEST)
    return BibRecord(
        source="cdl",
        identifier=number,
        titles=(title,),
        creators=tuple(name for tag in ("100", "110", "700", "710") for name in texts(tag, "ab")),
        publishers=tuple(texts("260", "b") or texts("264", "b")),
        year=year or year_in(text("260", "c"), latest=_LATEST),
        # Files say no language as often as they say one: half of these records do without.
        languages=tuple(
            code for code in [fields["008"][0][35:38]] if code.isalpha() and _side(code + number)
        ),
        volume=text("245", "n"),
        edition=text("250", "a"),
        extent=text("300", "a"),
    )


# ---------------------------------------------------------------- articles


def cora(place: Path) -> LabelledSet:
    """Read Cora: citations of computer science papers, dirty."""
    with (place / "cora.csv").open(encoding="utf-8") as rows:
        records = tuple(
            BibRecord(
                source="cora",
                identifier=row["Entity Id"],
                titles=(row["title"].strip(" .,'\""),),
                creators=tuple(_names(row["author"], r",|;|&|\band\b")),
                publishers=(row["publisher"],),
                year=year_in(row["year"], latest=_LATEST),
                volume=row["volume"],
                journal=row["venue"],
            )
            for row in csv.DictReader(rows, delimiter="|")
        )
    with (place / "cora_gt.csv").open(encoding="utf-8") as lines:
        same = frozenset(pair(*line.strip().split("|")) for line in lines if line.strip())
    return LabelledSet(name="cora", records=records, same=same)


def _names(text: str, between: str) -> Iterator[str]:
    return (part.strip() for part in re.split(between, text) if part.strip(" ."))


def dblp_acm(place: Path) -> LabelledSet:
    """Read DBLP-ACM: the same articles in two databases."""
    records = []
    for source in ("dblp", "acm"):
        with (place / f"{source}.csv").open(encoding="utf-8") as rows:
            records += [
                BibRecord(
                    source=source,
                    identifier=f"{source}{row['id']}",
                    titles=(row["title"],),
                    creators=tuple(_names(row["authors"], ",")),
                    year=year_in(row["year"], latest=_LATEST),
                    journal=row["venue"],
                )
                for row in csv.DictReader(rows, delimiter="%")
            ]
    with (place / "gt.csv").open(encoding="utf-8") as rows:
        pairs = csv.DictReader(rows, delimiter="%")
        same = frozenset(pair(f"dblp{row['D1']}", f"acm{row['D2']}") for row in pairs)
    return LabelledSet(name="dblp-acm", records=tuple(records), same=same)


def bibdedupe(place: Path) -> LabelledSet:
    """Read the cases of bib-dedupe: 25 pairs of articles, each a trap."""
    cases = json.loads((place / "test_cases.json").read_text("utf-8"))["cases"]
    records, judged, same = [], [], []
    for number, case in enumerate(cases):
        names = [f"{number:02}{side}" for side in "ab"]
        for name, side in zip(names, ("record_a", "record_b"), strict=True):
            records.append(_from_bibtex(case[side], name))
        judged.append(pair(*names))
        same += [pair(*names)] if case["expected_duplicate"] else []
    return LabelledSet(
        name="bibdedupe",
        records=tuple(records),
        same=frozenset(same),
        judged=frozenset(judged),
    )


def _from_bibtex(fields: dict[str, str | None], name: str) -> BibRecord:
    def text(*names: str) -> str:
        return next(filter(None, (fields.get(one) for one in names)), "")

    return BibRecord(
        source="bibdedupe",
        identifier=name,
        titles=(text("title"),),
        creators=tuple(_names(text("author"), r";|\band\b")),
        year=year_in(text("year"), latest=_LATEST),
        volume=text("volume"),
        extent=text("pages"),
        journal=text("journal", "booktitle"),
        types=("article",),
        identifiers=_identifiers("doi", filter(None, [text("doi")])),
    )


# ---------------------------------------------------------------- your own


def of_tables(place: Path) -> LabelledSet:
    """Read a labelled set of anybody's: ``records.csv`` as ``libconsortium cluster`` reads it.

    Beside it stands ``pairs.csv`` with the columns ``left`` and ``right``: the pairs that are the
    same. With a column ``label`` (1 or 0) the other pairs are not judged.
    """
    records, _ = read_titles(place / "records.csv", Registry())
    with (place / "pairs.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    same = frozenset(
        pair(row["left"], row["right"]) for row in rows if row.get("label", "1") != "0"
    )
    is_judged = bool(rows) and "label" in rows[0]
    judged = frozenset(pair(row["left"], row["right"]) for row in rows if is_judged)
    return LabelledSet(name=place.name, records=records, same=same, judged=judged)


# ---------------------------------------------------------------- swissbib


def swissbib(place: Path) -> LabelledSet:
    """Read the swissbib gold standard: a deliberate worst case, one opera in 272 records."""
    slaves, unique, masters = (
        [
            json.loads(line)
            for line in (place / f"{name}.json").read_text("utf-8").split("\n")
            if line
        ]
        for name in ("slave", "unique", "master")
    )
    groups: dict[str, list[str]] = {}
    group_of = {local: one["docid"] for one in masters for local in one["035liste"]}
    for one in slaves:
        masters_of = (group_of[local] for local in one["035liste"] if local in group_of)
        groups.setdefault(next(masters_of, one["docid"]), []).append(one["docid"])
    return LabelledSet(
        name="swissbib",
        records=tuple(map(_from_swissbib, (*slaves, *unique))),
        same=_within(groups.values()),
    )


def _from_swissbib(one: dict[str, Any]) -> BibRecord:  # Any: parsed JSON
    people = [name for tag in ("100", "700") for name in one["person"].get(tag, ())]
    return BibRecord(
        source="swissbib",
        identifier=one["docid"],
        titles=(" : ".join(one["ttlfull"].get("245", ())),),
        # «AustenJane»: surname and forename without a blank between.
        creators=tuple(re.sub(r"(?<=[a-zà-ÿ])(?=[A-Z])", " ", name) for name in people),
        publishers=tuple(one["pubinit"]),
        year=year_in(one["exactDate"][:4], latest=_LATEST),
        types=(_swissbib_kind("".join(one["format"])),),
        volume=" ".join(one["part"][:1]),
        edition=one["edition"] if isinstance(one["edition"], str) else " ".join(one["edition"]),
        extent=" ".join(one["pages"]),
        identifiers=(*_identifiers("isbn", one["isbn"]), *_identifiers("doi", one["doi"])),
    )


def _swissbib_kind(code: str) -> str:
    kinds = {"BK": "", "MU": "sound", "VM": "video", "CR": "serial", "MP": "map", "CL": ""}
    return kinds.get(code[:2], "")
