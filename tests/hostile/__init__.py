"""Servers that cause pain on purpose, one scenario a pain; the truth of each is known.

`faults` and `scenarios` say how one is made; every other module adds its own to `SCENARIOS`. A
name that begins with a number tells the pain, numbered as in the collection of users' reports from
which they were taken.
"""

from __future__ import annotations

from tests.hostile import (
    attacks,
    dates,
    early_ends,
    encodings,
    lists,
    markup,
    namespaces,
    records,
    refusals,
    silent_losses,
    tokens,
    transfers,
)
from tests.hostile.scenarios import SCENARIOS, Scenario

__all__ = [
    "SCENARIOS",
    "Scenario",
    "attacks",
    "dates",
    "early_ends",
    "encodings",
    "lists",
    "markup",
    "namespaces",
    "records",
    "refusals",
    "silent_losses",
    "tokens",
    "transfers",
]
