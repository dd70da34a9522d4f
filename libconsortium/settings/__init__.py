"""The settings of one consortium: ``consortium.toml`` as frozen records."""

from __future__ import annotations

from libconsortium.settings.reading import FILE_NAME, Settings, read_settings
from libconsortium.settings.tables import (
    AboutSettings,
    BillSettings,
    CatalogueSettings,
    SettingsFile,
    SettlementSettings,
    TitleListSettings,
)

__all__ = [
    "FILE_NAME",
    "AboutSettings",
    "BillSettings",
    "CatalogueSettings",
    "Settings",
    "SettingsFile",
    "SettlementSettings",
    "TitleListSettings",
    "read_settings",
]
