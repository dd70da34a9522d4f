"""Which library follows which: mergers, splits, renamings and closings, each with its day."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

import attrs


class SuccessionKind(StrEnum):
    """How one library follows another."""

    MERGE = "merge"
    SPLIT = "split"
    RENAME = "rename"
    CLOSE = "close"


@attrs.frozen(kw_only=True)
class Succession:
    """One library ends, or goes on as another.

    Args:
        predecessor: Id of the library before.
        successor: Id of the library after; empty if it closes without one.
        kind: How it follows.
        on: First day of the new state, or ``None`` while the day is open.
        source: Where this is decided.

    >>> Succession(predecessor="lib-a", successor="lib-ab", on=date(2025, 7, 1)).kind.value
    'merge'
    """

    predecessor: str
    successor: str = ""
    kind: SuccessionKind = SuccessionKind.MERGE
    on: date | None = None
    source: str = ""
