"""Writes the file with which a server is trusted that leaves out an intermediate certificate."""

from __future__ import annotations

from pathlib import Path

from libconsortium.core.errors import ImportFileError
from libconsortium.http import HttpRules
from libconsortium.http.handshakes import Handshake, authorities_with


def save_authorities(path: Path, handshake: Handshake, rules: HttpRules) -> None:
    """Write the authorities trusted so far and the certificates that the server leaves out.

    Args:
        path: The file; an existing one is replaced.
        handshake: What the server showed, with what it ought to have shown.
        rules: Those of the session, with the authorities trusted so far.

    Raises:
        ImportFileError: The file cannot be written.

    >>> from libconsortium.core.harvest.certificates import TlsFacts
    >>> nowhere = Path("/nowhere/at/all.pem")
    >>> save_authorities(nowhere, Handshake(facts=TlsFacts(host="a.example")), HttpRules())
    Traceback (most recent call last):
    libconsortium.core.errors.ImportFileError: /nowhere/at/all.pem cannot be written: ...
    """
    try:
        path.write_text(authorities_with(handshake.mended, rules.ca_file), "utf-8")
    except OSError as error:
        raise ImportFileError(
            "{path} cannot be written: {reason}", path=path, reason=error.strerror or str(error)
        ) from error
