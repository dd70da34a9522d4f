"""Keeps the union catalogue up to date: reads and joins only what changed.

::

    store ─record_changes─▶ segments (Parquet, never changed, named by a ledger in the store)
    segments + what the last run left ─delta─▶ records touched ─join─▶ clusters changed ─▶ store
"""

from __future__ import annotations

from libconsortium.catalogue_steps.update.folder import CatalogueFolder
from libconsortium.catalogue_steps.update.gathering import Gathered, gather
from libconsortium.catalogue_steps.update.updating import (
    CatalogueOutcome,
    Joining,
    KeptPair,
    kept_pairs,
    update_catalogue,
)

__all__ = [
    "CatalogueFolder",
    "CatalogueOutcome",
    "Gathered",
    "Joining",
    "KeptPair",
    "gather",
    "kept_pairs",
    "update_catalogue",
]
