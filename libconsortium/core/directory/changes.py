"""What would change between two directories, and what the log keeps of changes made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

import attrs

from libconsortium.core.directory.directory import Directory
from libconsortium.core.directory.facts import FACT_KINDS, Fact, key_of, to_row


class ChangeKind(StrEnum):
    """What happens to a fact."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"
    UNCHANGED = "unchanged"


@attrs.frozen(kw_only=True)
class Change:
    """What happens to one fact.

    Args:
        kind: Name of the kind of fact.
        key: The fact's key.
        what: What happens.
        before: The fact as it was; ``None`` if it is added.
        after: The fact as it will be; ``None`` if it is removed.
    """

    kind: str
    key: tuple[str, ...]
    what: ChangeKind
    before: Fact | None = None
    after: Fact | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns that differ; empty unless the fact is changed."""
        if self.before is None or self.after is None:
            return ()
        old, new = to_row(self.before), to_row(self.after)
        return tuple(name for name in new if old[name] != new[name])


@attrs.frozen(kw_only=True)
class Load:
    """One set of changes to the facts, as the log keeps it.

    Args:
        number: Number of the load, from 1, in the order of loading.
        at: When it was loaded.
        what: What it was, in the words of who loaded it.
        sources: The files it came from; empty if none.
        changes: How many facts it added, changed or removed.
        undoes: Number of the load that this one took back, or ``None``.
        undone_by: Number of the load that took this one back, or ``None``.
    """

    number: int
    at: datetime
    what: str
    sources: tuple[str, ...] = ()
    changes: int = 0
    undoes: int | None = None
    undone_by: int | None = None


def changes(before: Directory, after: Directory, *, removing: bool = False) -> tuple[Change, ...]:
    """Compare two directories fact by fact, by their keys.

    Args:
        before: What is known now.
        after: What comes in.
        removing: What does not come in is to be removed; otherwise it stays and is not listed.

    Returns:
        One change a fact, kind by kind, sorted by key.

    >>> from libconsortium.core.buying.resources import Resource
    >>> old, new = Directory.of([]), Directory.of([Resource(id="db-1")])
    >>> [(change.kind, change.what.value) for change in changes(old, new)]
    [('resources', 'added')]
    """
    found: list[Change] = []
    for kind in FACT_KINDS:
        old = {key_of(fact): fact for fact in before.facts[kind]}
        new = {key_of(fact): fact for fact in after.facts[kind]}
        keys = sorted(old.keys() | new.keys() if removing else new.keys())
        found += [_change(kind, key, old.get(key), new.get(key)) for key in keys]
    return tuple(found)


def counted(listed: Iterable[Change]) -> dict[ChangeKind, int]:
    """Count changes by what happens; every sort has an entry.

    >>> counted([])[ChangeKind.ADDED]
    0
    """
    counts = Counter(change.what for change in listed)
    return {what: counts[what] for what in ChangeKind}


def _change(kind: str, key: tuple[str, ...], old: Fact | None, new: Fact | None) -> Change:
    if old is None:
        what = ChangeKind.ADDED
    elif new is None:
        what = ChangeKind.REMOVED
    else:
        what = ChangeKind.UNCHANGED if old == new else ChangeKind.CHANGED
    return Change(kind=kind, key=key, what=what, before=old, after=new)
