"""The union catalogue: what the members hold together, and how much of it several hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping

import attrs

from libconsortium.core.catalogue.clusters import Cluster
from libconsortium.core.catalogue.holdings import Holding
from libconsortium.core.catalogue.matching import record_key
from libconsortium.core.catalogue.records import BibRecord
from libconsortium.core.problems import Problem
from libconsortium.core.text import has_diacritics


@attrs.frozen(kw_only=True)
class UnionCatalogue:
    """Every publication once, with who holds it.

    Args:
        members: Ids of the libraries, sorted; also those that hold nothing.
        clusters: One per publication, sorted by id.
        holdings: One per publication and library that holds it, sorted.
        problems: What was wrong with the records, and what was left uncompared.
    """

    members: tuple[str, ...]
    clusters: tuple[Cluster, ...]
    holdings: tuple[Holding, ...]
    problems: tuple[Problem, ...] = ()


@attrs.frozen(kw_only=True)
class Overlap:
    """How far the members' holdings coincide; all figures count titles, not copies.

    Args:
        matrix: Titles that both of two libraries hold, for every pair both ways round; a library
            with itself gives its titles.
        unique: Titles that no other library holds, by library.
        held_by_all: Titles that every library holds.
        held_by_k: Titles held by exactly so many libraries, for every number from 1 on.
    """

    matrix: Mapping[tuple[str, str], int]
    unique: Mapping[str, int]
    held_by_all: int
    held_by_k: Mapping[int, int]


@attrs.frozen(kw_only=True)
class Sourced:
    """A field of a union record and where it was taken from.

    Args:
        value: Text, texts or number, as its record has it.
        record: Key of the record it comes from.
    """

    value: object
    record: str


@attrs.frozen(kw_only=True)
class UnionRecord:
    """One publication described by the best field of each of its records.

    Args:
        cluster: Id of the cluster.
        fields: The fields that any record has, by name as in ``BibRecord``, with their source.
    """

    cluster: str
    fields: Mapping[str, Sourced]


def overlap_rows(overlap: Overlap) -> dict[str, list[dict[str, object]]]:
    """Return the tables of an overlap report as rows, by the name of the table.

    ``members``: titles of each library, how many only it holds, and their part in per cent;
    ``matrix``: one row a library, one column a library; ``held_by``: titles by number of libraries.

    >>> alone = Overlap(matrix={("A", "A"): 3}, unique={"A": 3}, held_by_all=3, held_by_k={1: 3})
    >>> overlap_rows(alone)["members"]
    [{'member': 'A', 'titles': 3, 'unique': 3, 'unique_percent': 100.0}]
    """
    members = sorted(overlap.unique)
    return {
        "members": [_member_row(overlap, member) for member in members],
        "matrix": [
            {"member": one, **{other: overlap.matrix[one, other] for other in members}}
            for one in members
        ],
        "held_by": [
            {"libraries": count, "titles": titles} for count, titles in overlap.held_by_k.items()
        ],
    }


def _member_row(overlap: Overlap, member: str) -> dict[str, object]:
    titles, unique = overlap.matrix[member, member], overlap.unique[member]
    percent = round(100 * unique / titles, 1) if titles else 0.0
    return {"member": member, "titles": titles, "unique": unique, "unique_percent": percent}


def union_record(cluster: str, records: Iterable[BibRecord]) -> UnionRecord:
    r"""Choose the best of every field from the records of a cluster.

    The best text has diacritics and is the longest; the best list names the most; the best year is
    the one most records give. Equal ones are decided by record key, so order never matters.

    Args:
        cluster: Id of the cluster.
        records: The records of the cluster; at least one.

    >>> plain = BibRecord(source="a", identifier="1", titles=("Truyen Kieu",), year=1967)
    >>> marked = BibRecord(source="b", identifier="7", titles=("Truyện Kiều",))
    >>> union = union_record("a\t1", [plain, marked])
    >>> union.fields["titles"].value, union.fields["year"].value
    (('Truyện Kiều',), 1967)
    """
    ordered = sorted(records, key=lambda one: record_key(one.source, one.identifier))
    years = Counter(one.year for one in ordered)
    fields = {}
    for name in _UNION_FIELDS:
        values = [
            Sourced(value=getattr(one, name), record=record_key(one.source, one.identifier))
            for one in ordered
        ]
        given = [one for one in values if one.value not in (None, "", ())]
        if given:
            fields[name] = max(given, key=_how_good(years))
    return UnionRecord(cluster=cluster, fields=fields)


def _how_good(years: Counter[int | None]) -> Callable[[Sourced], tuple[int, ...]]:
    def _goodness(field: Sourced) -> tuple[int, ...]:
        if isinstance(field.value, int):
            return (years[field.value],)
        texts = (
            [str(one) for one in field.value]
            if isinstance(field.value, tuple)
            else [str(field.value)]
        )
        return (any(map(has_diacritics, texts)), len(texts), sum(map(len, texts)))

    return _goodness


_UNION_FIELDS = (
    "titles", "creators", "contributors", "publishers", "year", "languages", "types", "subjects",
    "descriptions", "identifiers", "volume", "edition", "extent", "journal",
)  # fmt: skip
