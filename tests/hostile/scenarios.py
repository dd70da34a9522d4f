"""What a scenario is: a repository of 100 records, its fault, and the ending that is expected."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import attrs

from tests.hostile.faults import Fault
from tests.oai_server import Repository

WHOLE = "COMPLETE"
QUARANTINE = "COMPLETE_WITH_QUARANTINE"
INCOMPLETE = "INCOMPLETE"
DEFERRED = "DEFERRED"
ALL = tuple(range(100))


@attrs.frozen(kw_only=True)
class Scenario:
    """One hostile server.

    Args:
        make: Makes the repository, anew for every test.
        ends: How the harvest has to end.
        lost: Numbers of the records that cannot be had from it by anybody.
        repaired: How many records have to be told as repaired, at least.
    """

    make: Callable[[], Repository]
    ends: str = WHOLE
    lost: frozenset[int] = frozenset()
    repaired: int = 0


SCENARIOS: dict[str, Scenario] = {}


def repository(fault: Fault | None = None, **changes: Any) -> Repository:
    """Return a repository of 100 records, some of them deleted, an hour apart, ten a page."""
    about: dict[str, Any] = {
        "size": 100,
        "page_size": 10,
        "deleted": frozenset({5, 55}),
        "spread": True,
        "honours_dates": True,
    }
    made = Repository(**{**about, **changes})
    if fault is not None:
        made.fault = fault
    return made


def scenario(
    name: str,
    fault: Fault | None = None,
    *,
    ends: str = WHOLE,
    lost: tuple[int, ...] = (),
    repaired: int = 0,
    **changes: Any,
) -> None:
    """Add a scenario whose fault keeps no memory of its own."""
    SCENARIOS[name] = Scenario(
        make=lambda: repository(fault, **changes),
        ends=ends,
        lost=frozenset(lost),
        repaired=repaired,
    )


def remembering(
    name: str, ends: str = WHOLE, lost: tuple[int, ...] = (), **changes: Any
) -> Callable[[Callable[[], Fault]], None]:
    """Add a scenario whose fault is made anew for every test."""

    def add(make: Callable[[], Fault]) -> None:
        SCENARIOS[name] = Scenario(
            make=lambda: repository(make(), **changes), ends=ends, lost=frozenset(lost)
        )

    return add
