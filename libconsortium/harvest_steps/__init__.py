"""The steps of a harvest: fetch sources into the store, then read what is stored."""

from __future__ import annotations

from libconsortium.harvest_steps.many import harvest_all
from libconsortium.harvest_steps.one import harvest_source
from libconsortium.harvest_steps.outcomes import HarvestOutcome, HarvestProgress, HarvestWatch
from libconsortium.harvest_steps.reading import ReadingTally, read_record, read_records, tally

__all__ = [
    "HarvestOutcome",
    "HarvestProgress",
    "HarvestWatch",
    "ReadingTally",
    "harvest_all",
    "harvest_source",
    "read_record",
    "read_records",
    "tally",
]
