"""Identifiers of publications."""

from __future__ import annotations

import re
from urllib.parse import unquote

_DOI = re.compile(
    r"(?:doi:?\s*|(?:https?://)?(?:dx\.)?doi\.org/)?(?P<doi>10\.[0-9]{4,9}(?:\.[0-9]+)*/\S+)",
    re.IGNORECASE,
)
_HANDLE = re.compile(
    r"(?:hdl:\s*|https?://hdl\.handle\.net/)?(?P<handle>[0-9]+(?:\.[0-9]+)*/\S+)", re.IGNORECASE
)


def isbn(text: str) -> str | None:
    """Return an ISBN as 13 digits, or ``None`` if the check digit is wrong.

    >>> isbn("0-306-40615-2"), isbn("ISBN 978-0-306-40615-8")
    ('9780306406157', None)
    """
    from stdnum import isbn as numbers
    from stdnum.exceptions import ValidationError

    bare = re.sub(r"^\s*(?:isbn(?:-1[03])?)?\s*:?", "", text, flags=re.IGNORECASE)
    try:
        return numbers.to_isbn13(numbers.validate(bare)).replace("-", "")
    except ValidationError:
        return None


def issn(text: str) -> str | None:
    """Return an ISSN with its hyphen, or ``None`` if the check digit is wrong.

    >>> issn("ISSN 03785955"), issn("0378-5956")
    ('0378-5955', None)
    """
    from stdnum import issn as numbers
    from stdnum.exceptions import ValidationError

    bare = re.sub(r"^\s*(?:e?issn(?:-l)?)?\s*:?", "", text, flags=re.IGNORECASE)
    try:
        return numbers.format(numbers.validate(bare))
    except ValidationError:
        return None


def doi(text: str) -> str | None:
    """Return a DOI in lower case without its resolver and its escapes, or ``None``.

    Source: DOI Handbook, 2.4 (DOI names are not case sensitive).

    >>> doi("https://doi.org/10.1000/ABC.1"), doi("11.1000/abc")
    ('10.1000/abc.1', None)
    """
    match = _DOI.fullmatch(text.strip())
    return unquote(match["doi"]).lower() if match else None


def handle(text: str) -> str | None:
    """Return a handle without its resolver, or ``None``.

    >>> handle("https://hdl.handle.net/20.500.12345/678"), handle("a/b")
    ('20.500.12345/678', None)
    """
    match = _HANDLE.fullmatch(text.strip())
    return match["handle"] if match else None
