"""Servers whose lists all end too early, of records and of identifiers, and that tell no total."""

from __future__ import annotations

import random
import re
from datetime import datetime, timedelta
from typing import Any

import attrs

from tests.hostile.faults import Asked, Fault, lists, number_of
from tests.hostile.scenarios import scenario
from tests.oai_server import Reply, error

_SIZE = 100
_BEGIN = datetime.fromisoformat("2025-11-01T00:00:00")
_ITEM = re.compile(rb"<record>.*?</record>|(?<!<record>)<header.*?</header>")


def cut_after(count: int, *habits: Fault) -> Fault:
    """End every list after so many records, in the middle of a page or at the end of one.

    Args:
        count: How many.
        habits: What else the server does wrong.
    """

    def cut(asked: Asked, times: int, reply: Reply) -> Reply:
        for habit in habits:
            reply = habit(asked, times, reply)
        first = number_of(asked)
        items = list(_ITEM.finditer(reply.body))
        if not lists(asked) or not items or first + len(items) < count:
            return reply
        end = items[max(count - first, 0) - 1].end()
        return attrs.evolve(reply, body=b"%b</%b></OAI-PMH>" % (reply.body[:end], _verb(asked)))

    return cut


def _verb(asked: Asked) -> bytes:
    return asked["verb"].encode()


def _has_dates(asked: Asked) -> bool:
    return bool({"from", "until"} & asked.keys()) or "/" in asked.get("resumptionToken", "")


def _no_identifiers(asked: Asked, _times: int, reply: Reply) -> Reply:
    return Reply(body=error("badVerb")) if asked["verb"] == "ListIdentifiers" else reply


def _both_dates(asked: Asked, _times: int, reply: Reply) -> Reply:
    is_half = "until" in asked and "from" not in asked
    return Reply(body=error("badArgument")) if is_half else reply


def _stamps(hours: list[int]) -> dict[int, str]:
    return {
        number: f"{_BEGIN + timedelta(hours=5 * hour):%Y-%m-%dT%H:%M:%SZ}"
        for number, hour in enumerate(hours)
    }


def _mixed() -> list[int]:
    hours = list(range(_SIZE))
    random.Random(7).shuffle(hours)  # noqa: S311 - the same order every time
    return hours


_UP = list(range(_SIZE))
ORDERS = {
    "the oldest first": _stamps(_UP),
    "the newest first": _stamps(_UP[::-1]),
    "by identifier": _stamps(_mixed()),
    # As most repositories have it: by identifier, so nearly by date, and some were changed later.
    "the oldest first but for changes": _stamps([one if one % 9 else 200 + one for one in _UP]),
}
"""Datestamps in the order in which records are listed; what of them is told is by date alone."""

_DAYS: dict[str, Any] = {"granularity": "YYYY-MM-DD"}
_HABITS: dict[str, tuple[tuple[Fault, ...], dict[str, Any]]] = {
    "": ((), {}),
    ", datestamps are days": ((), _DAYS),
    ", identifiers are refused": ((_no_identifiers,), {}),
    ", until is refused without from": ((_both_dates,), {}),
    ", both ends are left out": ((), {"leaves_out_ends": ("from", "until")}),
    ", identifiers and until without from are refused, from is left out": (
        (_no_identifiers, _both_dates),
        {"leaves_out_ends": ("from",)},
    ),
}

for _count in (57, 50, 10, 7):
    for _order, _stamped in ORDERS.items():
        for _habit, (_faults, _changes) in _HABITS.items():
            _short = {number: stamp[:10] for number, stamp in _stamped.items()}
            scenario(
                f"5 every list ends after {_count} records, {_order}{_habit}",
                cut_after(_count, *_faults),
                announces=-1,
                stamps=_short if _changes is _DAYS else _stamped,
                **_changes,
            )

scenario(
    "5 every list ends after 57 records, and all behind them are deleted",
    cut_after(57),
    announces=-1,
    deleted=frozenset(range(57, _SIZE)),
)
scenario(
    "5 lists without dates end after 57 records, and no others do",
    lambda asked, times, reply: (
        cut_after(57)(asked, times, reply)
        if asked["verb"] == "ListRecords" and not _has_dates(asked)
        else reply
    ),
    announces=-1,
)
