"""Who holds what: one member's copies of one publication."""

from __future__ import annotations

import attrs


@attrs.frozen(kw_only=True)
class Holding:
    """One member holds one publication.

    Args:
        cluster: Id of the publication's cluster.
        member: Id of the library that holds it.
        records: Keys of the member's records in the cluster, sorted; several when the member
            keeps a record a copy.
        call_numbers: Shelf marks as given.
        links: Addresses of the member's copy.
    """

    cluster: str
    member: str
    records: tuple[str, ...]
    call_numbers: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
