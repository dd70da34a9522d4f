"""Secrets: looked up where they are kept when they are needed, and told to nobody else."""

from __future__ import annotations

import os
from pathlib import Path

from libconsortium.core.errors import SettingsError

_LARGEST_BYTES = 2**16


def secret(kept: str) -> str:
    """Return a secret from where it is kept.

    Args:
        kept: ``env:NAME`` for an environment variable, ``file:PATH`` for a file.

    Raises:
        SettingsError: There is nothing there; the message names the place, never the value.

    >>> import os
    >>> os.environ["LIBRARY_KEY"] = "a:b"
    >>> secret("env:LIBRARY_KEY")
    'a:b'
    """
    kind, _, where = kept.partition(":")
    if kind == "env" and where:
        found = os.environ.get(where, "")
        if not found:
            raise SettingsError("the environment variable {name} is not set", name=where)
        return _clean(found, kept)
    if kind == "file" and where:
        try:
            with Path(where).open("rb") as file:
                return _clean(file.read(_LARGEST_BYTES).decode("utf-8"), kept)
        except (OSError, ValueError) as error:
            raise SettingsError("the secret in {path} cannot be read", path=where) from error
    # The value itself is not repeated: it may be the secret, written here by mistake.
    raise SettingsError("a secret is not written here; say where it is: env:NAME or file:PATH")


def _clean(found: str, kept: str) -> str:
    text = found.strip()
    if not text or not text.isprintable():
        raise SettingsError("{place} holds no secret of one line", place=kept)
    return text
