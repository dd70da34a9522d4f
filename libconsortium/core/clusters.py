"""A cluster: the records of several members that describe one publication, and why."""

from __future__ import annotations

import attrs

from libconsortium.core.matching import Evidence


@attrs.frozen(kw_only=True)
class Link:
    """Two records that were compared, and what was found.

    Args:
        left: Key of the record that sorts first.
        right: Key of the other record.
        evidence: What the comparison found.
    """

    left: str
    right: str
    evidence: Evidence


@attrs.frozen(kw_only=True)
class Cluster:
    """Records that describe one publication; the records themselves are untouched.

    Args:
        id: Stable id; the smallest record key of the cluster when it was made.
        records: Keys of its records, sorted.
        links: Why they were joined; empty for a single record.
    """

    id: str
    records: tuple[str, ...]
    links: tuple[Link, ...] = ()
