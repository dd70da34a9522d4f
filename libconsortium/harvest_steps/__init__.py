"""The steps of a harvest: fetch sources into the store, with proof that all is there."""

from __future__ import annotations

from libconsortium.harvest_steps.comparing import compare_source
from libconsortium.harvest_steps.many import harvest_all
from libconsortium.harvest_steps.one import harvest_source
from libconsortium.harvest_steps.outcomes import (
    HarvestOutcome,
    HarvestProgress,
    HarvestWatch,
    Missing,
    missing_scope,
)
from libconsortium.harvest_steps.planning import plan_harvest
from libconsortium.harvest_steps.updating import compare_due, update_source

__all__ = [
    "HarvestOutcome",
    "HarvestProgress",
    "HarvestWatch",
    "Missing",
    "compare_due",
    "compare_source",
    "harvest_all",
    "harvest_source",
    "missing_scope",
    "plan_harvest",
    "update_source",
]
