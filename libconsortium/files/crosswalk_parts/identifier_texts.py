"""Finds standard identifiers in texts that may hold anything: numbers, addresses, remarks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import unquote

from stdnum import isbn, issn

from libconsortium.core.catalogue.records import RecordIdentifier

_DOI = re.compile(r"\b10\.\d{4,9}/[^\s\"<>]+", re.IGNORECASE)
_HANDLE_URL = re.compile(r"(?:hdl:|/handle/|hdl\.handle\.net/)(\d[\d.]*/[^\s?#]+)", re.IGNORECASE)
_ISSN = re.compile(r"\b\d{4}-\d{3}[\dXx]\b")
_NAMED = re.compile(r"^\s*(?:urn:)?(isbn|issn)(?:-1[03])?\b[\s:.]*(.+)$", re.IGNORECASE)
_CALLED = re.compile(r"^\s*(?:urn:)?[ep]?-?is[bs]n(?:-l|-1[03])?\b[\s:.]*", re.IGNORECASE)
_SHAPED_ISBN = re.compile(r"^(?:97[89][- ]?)?(?:\d[- ]?){9}[\dXx]$")
_LINK = re.compile(r"^https?://\S+$", re.IGNORECASE)
_UNSET_PREFIX = "123456789/"  # DSpace's own until somebody sets one: the same in many repositories
_DOI_END = ".,;)]}"


def identifiers_in(text: str) -> Iterator[RecordIdentifier]:
    """Give the standard identifiers in an ``identifier`` text.

    What calls itself an identifier and is none comes as not valid, as written.

    >>> [one.value for one in identifiers_in("https://doi.org/10.1000/ABC")]
    ['10.1000/abc']
    >>> [one.value for one in identifiers_in("https://doi.org/10.1000/a%3Cb%3E?from=x")]
    ['10.1000/a<b>']
    >>> [(one.scheme, one.is_valid) for one in identifiers_in("ISBN 978-604-0-00000-1")]
    [('isbn', False)]
    """
    is_address = is_link(text)
    if not is_address:
        if named := _NAMED.match(text):
            yield standard_identifier(named.group(1).lower(), named.group(2).strip())
            return
        if _SHAPED_ISBN.match(text) and (found := standard_identifier("isbn", text)).is_valid:
            yield found
            return
    if "10." in text and (doi := _DOI.search(text)):
        written = doi.group()
        if is_address:  # what is asked for is no part of it, and its escapes are signs
            written = unquote(re.split(r"[?#]", written, maxsplit=1)[0])
        yield RecordIdentifier(scheme="doi", value=written.rstrip(_DOI_END).lower())
    elif text.lower().startswith("doi:"):
        yield RecordIdentifier(scheme="doi", value=text, is_valid=False)
    elif (handle := _HANDLE_URL.search(text)) and not handle.group(1).startswith(_UNSET_PREFIX):
        yield RecordIdentifier(scheme="handle", value=handle.group(1))
    elif not is_address:
        yield from serials_in(text)


def serials_in(text: str) -> Iterator[RecordIdentifier]:
    """Give the valid ISSN in a text, as journals are named in ``source``.

    >>> [one.value for one in serials_in("Journal of Examples; 1; ISSN: 0317-8471")]
    ['03178471']
    """
    for number in _ISSN.findall(text) if "-" in text else ():
        if (found := standard_identifier("issn", number)).is_valid:
            yield found


def is_link(text: str) -> bool:
    """Say whether a text is an address on the web.

    >>> is_link("https://tlu.example/handle/1/2"), is_link("Tập 2")
    (True, False)
    """
    return text[:4].lower() == "http" and _LINK.match(text) is not None


@lru_cache(maxsize=100_000)
def standard_identifier(scheme: str, text: str) -> RecordIdentifier:
    """Return an ISBN or ISSN in its normal form, or as written if it is not valid.

    Args:
        scheme: ``isbn`` or ``issn``.
        text: The number, with or without its own name before it and qualifiers like
            ``(bìa mềm) : 50.000đ`` behind it.

    >>> standard_identifier("isbn", "0-306-40615-2 (pbk.)").value
    '9780306406157'
    >>> standard_identifier("isbn", "ISBN-13: 978-0-306-40615-7 (tập 1)").value
    '9780306406157'
    >>> standard_identifier("isbn", "12").is_valid
    False
    """
    candidate = re.sub(r"\(.*?\)|[;,:].*$", "", _CALLED.sub("", text)).strip()
    module = isbn if scheme == "isbn" else issn
    if not module.is_valid(candidate):
        return RecordIdentifier(scheme=scheme, value=text, is_valid=False)
    normal = isbn.to_isbn13(candidate) if scheme == "isbn" else candidate
    return RecordIdentifier(scheme=scheme, value=str(module.compact(normal)))
