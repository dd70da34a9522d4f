"""Reads the words of this plugin."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from libconsortium import Vocabulary


@cache
def vocabulary() -> Vocabulary:
    """Return the words by which English reports are read.

    >>> vocabulary().scales["million"]
    Fraction(1000000, 1)
    """
    text = files("libconsortium.plugins.english").joinpath("words.toml").read_text("utf-8")
    return Vocabulary.of(tomllib.loads(text))
