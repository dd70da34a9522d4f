"""Reads the words of this plugin."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from libconsortium import Vocabulary


@cache
def vocabulary() -> Vocabulary:
    """Return the words by which Vietnamese reports are read.

    >>> vocabulary().scales["ngàn"]
    Fraction(1000, 1)
    """
    text = files("libconsortium.plugins.vietnam").joinpath("words.toml").read_text("utf-8")
    return Vocabulary.of(tomllib.loads(text))
