"""Electronic resources that a consortium buys."""

from __future__ import annotations

import attrs


@attrs.frozen(kw_only=True)
class Resource:
    """Something to subscribe to.

    Args:
        id: The office's own id.
        name: Name to print.
        kind: What it is: ``database``, ``journals``, ``e-books``; empty if not stated.
        vendor: Who sells it.
        source: Where this is written.

    >>> Resource(id="db-1", name="Example Database", kind="database").id
    'db-1'
    """

    id: str
    name: str = ""
    kind: str = ""
    vendor: str = ""
    source: str = ""
