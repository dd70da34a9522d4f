"""Tokens seen early: the next one in a page that is not read yet, and the ones after it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.sax.saxutils import unescape

from libconsortium.plugins.oai_pmh.envelope import has_doctype

_END = re.compile(rb"</(?:[\w.-]+:)?OAI-PMH\s*>\s*\Z")
_ITEM_END = re.compile(rb"</(?:[\w.-]+:)?(?:record|header)\s*>")
_TOKEN = re.compile(
    rb"<(?:[\w.-]+:)?resumptionToken(?:\s([^<>]*))?>([^<]*)</(?:[\w.-]+:)?resumptionToken\s*>"
)
_SIZE = re.compile(rb"""completeListSize\s*=\s*["'](\d{1,18})["']""")
_TAIL_BYTES = 4096
_STRANGE = re.compile("&(?!amp;|lt;|gt;|quot;|apos;)")
_BASIC = {"&quot;": '"', "&apos;": "'"}
_DIGITS = re.compile(r"\d{1,15}")


def early_token(content: bytes) -> tuple[str, int | None]:
    r"""Find the token of the next page and the list's size in the end of a page, unread.

    It serves to ask early, never to believe: what comes counts only if the page, read strictly,
    gives the same token. A page that may be broken gives none.

    Returns:
        The token, empty if there is none that is clear at once, and ``completeListSize``.

    >>> early_token(b'<OAI-PMH><resumptionToken cursor="0" completeListSize="9">a&amp;b'
    ...     b"</resumptionToken></ListRecords></OAI-PMH>\n")
    ('a&b', 9)
    """
    tail = content[-_TAIL_BYTES:]
    if not _END.search(tail) or has_doctype(content):
        return "", None
    start = max((found.end() for found in _ITEM_END.finditer(tail)), default=0)
    found = list(_TOKEN.finditer(tail, start))
    if len(found) != 1:
        return "", None
    told = _SIZE.search(found[0].group(1) or b"")
    try:
        text = found[0].group(2).decode("utf-8").strip()
    except UnicodeDecodeError:
        return "", None
    if _STRANGE.search(text):
        return "", None
    return unescape(text, _BASIC), int(told.group(1)) if told else None


def coming_tokens(before: str, token: str, size: int | None) -> Iterator[str]:
    """Guess the tokens after two that followed each other: one number in them grows evenly.

    Args:
        before: The token before.
        token: The token.
        size: How many records the list has; no token leads beyond. ``None`` if nobody says.

    >>> list(coming_tokens("oai_dc////100", "oai_dc////200", 500))
    ['oai_dc////300', 'oai_dc////400']
    >>> list(coming_tokens("xK7f", "Zu2p", 500))
    []
    """
    first, second = _DIGITS.findall(before), _DIGITS.findall(token)
    if _DIGITS.split(before) != _DIGITS.split(token):
        return
    grown = [
        place for place, (one, two) in enumerate(zip(first, second, strict=True)) if one != two
    ]
    if len(grown) != 1 or second[grown[0]].startswith("0"):
        return
    step = int(second[grown[0]]) - int(first[grown[0]])
    if step <= 0:
        return
    start, end = list(_DIGITS.finditer(token))[grown[0]].span()
    number = int(second[grown[0]]) + step
    while size is None or number < size:
        yield f"{token[:start]}{number}{token[end:]}"
        number += step
