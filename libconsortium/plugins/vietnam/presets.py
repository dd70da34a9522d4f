"""Reads the data files of this plugin."""

from __future__ import annotations

from importlib.resources import files


def preset_text(name: str) -> str:
    """Return a preset's TOML text.

    >>> preset_text("demo").startswith("# An invented consortium")
    True
    """
    return _text("presets", f"{name}.toml")


def provinces_text() -> str:
    """Return the TOML text of the provinces before and after 1 July 2025.

    >>> "2025-07-01" in provinces_text()
    True
    """
    return _text("provinces.toml")


def places_text() -> str:
    """Return the TOML text of the table of places.

    >>> "Hải Dương" in places_text()
    True
    """
    return _text("places.toml")


def _text(*parts: str) -> str:
    return files("libconsortium.plugins.vietnam").joinpath(*parts).read_text(encoding="utf-8")
