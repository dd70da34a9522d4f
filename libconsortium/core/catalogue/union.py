"""The union catalogue: what the members hold together, and how much of it several hold."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from libconsortium.core.catalogue.clusters import Cluster
from libconsortium.core.catalogue.holdings import Holding
from libconsortium.core.problems import Problem


@attrs.frozen(kw_only=True)
class UnionCatalogue:
    """Every publication once, with who holds it.

    Args:
        members: Ids of the libraries, sorted; also those that hold nothing.
        clusters: One per publication, sorted by id.
        holdings: One per publication and library that holds it, sorted.
        problems: What was wrong with the records, and what was left uncompared.
        withheld: Ids of the libraries some or all of whose titles are left out, because they do
            not share them with others; sorted.
    """

    members: tuple[str, ...]
    clusters: tuple[Cluster, ...]
    holdings: tuple[Holding, ...]
    problems: tuple[Problem, ...] = ()
    withheld: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Overlap:
    """How far the members' holdings coincide; all figures count titles, not copies.

    Args:
        matrix: Titles that both of two libraries hold, for every pair both ways round; a library
            with itself gives its titles.
        unique: Titles that no other library holds, by library.
        held_by_all: Titles that every library holds.
        held_by_k: Titles held by exactly so many libraries, for every number from 1 on.
        withheld: Ids of the libraries some or all of whose titles are not counted, because they
            do not share them with others; one that shares nothing is in no table.
    """

    matrix: Mapping[tuple[str, str], int]
    unique: Mapping[str, int]
    held_by_all: int
    held_by_k: Mapping[int, int]
    withheld: tuple[str, ...] = ()


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
