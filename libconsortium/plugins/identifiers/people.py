"""Identifiers of researchers; opaque, and never a national identity number."""

from __future__ import annotations

import re

from libconsortium import Message

_NATIONAL_IDENTITY = re.compile(r"[0-9]{9}|[0-9]{12}")
_ORCID = re.compile(r"(?:https?://)?(?:www\.)?(?:orcid\.org/)?(?P<digits>[0-9]{15}[0-9X])")
_LONGEST_RID = 64


def national_identity(text: str) -> Message | None:
    """Return why a value must not be stored, or ``None``.

    Vietnamese identity cards have numbers of 12 digits, the older ones 9. They are personal
    data that no catalogue needs, so they are refused wherever a person's identifier may stand.

    >>> str(national_identity("001 099 000 001"))
    'looks like a national ID number; do not store'
    >>> national_identity("R-2024-17") is None
    True
    """
    bare = re.sub(r"[\s.\-]", "", text)
    if _NATIONAL_IDENTITY.fullmatch(bare):
        return Message("looks like a national ID number; do not store")
    return None


def rid(text: str) -> str | None:
    """Return a researcher id as it is, or ``None`` if it is empty, long, broken or refused.

    No description of these ids is public, so nothing else is checked.

    >>> rid(" R-2024-17 "), rid("001099000001")
    ('R-2024-17', None)
    """
    value = text.strip()
    if not value or len(value) > _LONGEST_RID or any(char.isspace() for char in value):
        return None
    return None if national_identity(value) else value


def orcid(text: str) -> str | None:
    """Return an ORCID iD in groups of four, or ``None`` if the check digit is wrong.

    Source: ISO 27729 (ISNI), ISO/IEC 7064 MOD 11-2.

    >>> orcid("https://orcid.org/0000-0002-1825-0097"), orcid("0000-0002-1825-0098")
    ('0000-0002-1825-0097', None)
    """
    match = _ORCID.fullmatch(text.strip().replace("-", ""))
    if match is None:
        return None
    total = 0
    for digit in match["digits"][:-1]:
        total = (total + int(digit)) * 2
    check = (12 - total % 11) % 11
    if match["digits"][-1] != ("X" if check == 10 else str(check)):  # noqa: PLR2004 - X is ten
        return None
    return "-".join(re.findall("....", match["digits"]))
