"""Identifiers of libraries and the places they serve."""

from __future__ import annotations

import re
from urllib.parse import urlsplit, urlunsplit

_ISIL = re.compile(r"(?P<prefix>[A-Za-z]{1,4})-(?P<unit>[A-Za-z0-9:/-]{1,11})")
_ROR = re.compile(r"(?:https?://)?(?:www\.)?(?:ror\.org/)?(?P<id>0[a-hj-km-np-tv-z0-9]{6}[0-9]{2})")
_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"
_SUBDIVISION = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}")
_TOP_PORT = 65535


def isil(text: str) -> str | None:
    """Return an ISIL with its prefix in capitals, or ``None`` if it cannot be one.

    Only the form is checked: whether it is registered is known to the national agencies alone,
    and no list of Vietnamese codes is public. (python-stdnum rejects ``VN-`` for that reason.)

    Source: ISO 15511:2011, 4.2 (prefix, hyphen, at most eleven of letters, digits, ``:/-``).

    >>> isil("vn-HNI-0001"), isil("VN_1")
    ('VN-HNI-0001', None)
    """
    match = _ISIL.fullmatch(text.strip())
    return f"{match['prefix'].upper()}-{match['unit']}" if match else None


def ror(text: str) -> str | None:
    """Return a ROR id as its full address, or ``None`` if the check digits are wrong.

    Source: ROR documentation, "ROR identifier pattern" (Crockford base 32, ISO/IEC 7064
    MOD 97-10).

    >>> ror("05dxps055"), ror("05dxps056")
    ('https://ror.org/05dxps055', None)
    """
    match = _ROR.fullmatch(text.strip().lower())
    if match is None:
        return None
    number = 0
    for char in match["id"][:7]:
        number = number * len(_CROCKFORD) + _CROCKFORD.index(char)
    is_right = 98 - number * 100 % 97 == int(match["id"][7:])
    return f"https://ror.org/{match['id']}" if is_right else None


def iso_3166_2(text: str) -> str | None:
    """Return a subdivision code in capitals, or ``None`` if it has another form.

    >>> iso_3166_2("vn-hn"), iso_3166_2("Hà Nội")
    ('VN-HN', None)
    """
    code = text.strip().upper()
    return code if _SUBDIVISION.fullmatch(code) else None


def vn_tax_code(text: str) -> str | None:
    """Return a Vietnamese tax code as ten digits (and ``-`` and three), or ``None``.

    >>> vn_tax_code("0100000010"), vn_tax_code("0100000011")
    ('0100000010', None)
    """
    from stdnum.exceptions import ValidationError
    from stdnum.vn import mst

    try:
        return mst.format(mst.validate(text))
    except ValidationError:
        return None


def oai_base_url(text: str) -> str | None:
    """Return a base URL with its host in lower case, or ``None`` if it is not one.

    It has no query or fragment: the requests of OAI-PMH put their own there.

    >>> oai_base_url("HTTPS://Example.org/oai/request"), oai_base_url("example.org/oai?verb=x")
    ('https://example.org/oai/request', None)
    """
    try:
        parts = urlsplit(text.strip())
        is_sound = bool(parts.hostname) and 0 <= (parts.port or 0) <= _TOP_PORT
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or parts.query or parts.fragment or parts.username:
        return None
    if not is_sound or any(char.isspace() for char in text.strip()):
        return None
    return urlunsplit((parts.scheme, parts.netloc.lower(), parts.path, "", ""))
