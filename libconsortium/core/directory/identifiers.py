"""Identifiers of libraries and federations: dated, optional, never what a fact is keyed on."""

from __future__ import annotations

from datetime import date

import attrs


@attrs.frozen(kw_only=True)
class Identifier:
    """A value under which somebody else knows a library or federation.

    Args:
        owner: Id of the library or federation.
        scheme: Name of the identifier scheme in lower case: ``isil``, ``ror``, ``iso-3166-2``,
            ``vn-tax-code``, ``oai-base-url``.
        value: The value as registered.
        valid_from: First day, or ``None`` for ever before.
        valid_to: Last day, or ``None`` for ever after.
        source: Where this is written.

    >>> Identifier(owner="lib-a", scheme="isil", value="VN-HNI-0001").value
    'VN-HNI-0001'
    """

    owner: str
    scheme: str
    value: str
    valid_from: date | None = None
    valid_to: date | None = None
    source: str = ""
