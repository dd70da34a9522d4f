"""Segments: files that hold the match fields of a source's records, written once, never changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import attrs

from libconsortium.core.catalogue.records import RawRecord


@attrs.frozen(kw_only=True)
class Segment:
    """One file of match fields, as the ledger names it; a file that no ledger names counts nothing.

    Args:
        name: Name of the file in the folder of the catalogue.
        source: The source whose records it has.
        batch: Newest batch among its rows; of a record's rows the one of the newest batch holds.
        rows: How many rows it has, tombstones included.
        size: Its size in bytes.
        sha256: SHA-256 of its bytes in hexadecimal.
        at: When it was written.
        made_by: What its records were read by (crosswalk, mapping, repairs, in their versions), as
            one short text; another text now means that they have to be read again. Empty if it
            has tombstones only.
        namespace: XML namespace of its records, by which their crosswalk was chosen.
        prefix: Metadata prefix or file format of its records.
        through: Up to this harvest run nothing of the source was missing once it was written; a
            run that was not over then does not count.
    """

    name: str
    source: str
    batch: int
    rows: int
    size: int
    sha256: str
    at: datetime
    made_by: str = ""
    namespace: str = ""
    prefix: str = ""
    through: int = 0


@attrs.frozen(kw_only=True)
class StoredRecord:
    """A record as it stands in the store, and where it came from.

    Args:
        record: The record.
        page_run: Number of the harvest run that brought it as it is now.
        page_number: Number of the page within that run.
        changed: Number of the harvest run that changed it last.
    """

    record: RawRecord
    page_run: int
    page_number: int
    changed: int


@attrs.frozen(kw_only=True)
class CatalogueRun:
    """One time that the union catalogue was brought up to date.

    Args:
        number: Its number in the store, from 1.
        at: When it was.
        state: Names what it left to go on from in the folder of the catalogue; empty if nothing.
    """

    number: int
    at: datetime
    state: str = ""


@attrs.frozen(kw_only=True)
class NamedRecord:
    """A record in the union catalogue.

    Args:
        record: Key of the record.
        cluster: Id of its cluster.
        since: Number of the run that gave the cluster its id.
    """

    record: str
    cluster: str
    since: int = 0


@attrs.frozen(kw_only=True)
class ClusterEnd:
    """An id that is no longer in use, and where its records went.

    Args:
        cluster: The id.
        successor: Id of the cluster that has most of its records now; empty if they are gone.
        run: Number of the run in which it ended; 0 before it is kept.
    """

    cluster: str
    successor: str = ""
    run: int = 0


@attrs.frozen(kw_only=True)
class CatalogueUpdate:
    """What one run makes of the union catalogue, besides the clusters themselves.

    Args:
        number: Number of the run: one above the last.
        at: When it is.
        state: Names what it leaves to go on from; see ``CatalogueRun``.
        origins: For ids newly given: the id that most of the cluster's records had before.
        ended: Ids that are no longer in use.
    """

    number: int
    at: datetime
    state: str = ""
    origins: Mapping[str, str] = attrs.field(factory=dict)
    ended: tuple[ClusterEnd, ...] = ()


@attrs.frozen(kw_only=True)
class ClusterChanges:
    """What became different in the union catalogue since a run.

    Args:
        run: The run up to which this holds; ask from here the next time.
        changed: Ids of the clusters that are new or different: their records, the content of one of
            them, a link or a holding.
        ended: Ids that are no longer in use, each with the id that has most of its records now
            (empty if they are gone).
    """

    run: int
    changed: tuple[str, ...] = ()
    ended: tuple[ClusterEnd, ...] = ()
