"""ISSN and ISBN in title lists: valid, well written, and of the right kind."""

from __future__ import annotations

import re

import attrs

from libconsortium import Message, PublicationType, Severity

_ISSN = re.compile(r"[0-9]{4}-?[0-9]{3}[0-9Xx]")
_ISBN = re.compile(r"(?:97[89][- ]?)?(?:[0-9][- ]?){9}[0-9Xx]")


@attrs.frozen(kw_only=True)
class Finding:
    """What is wrong with an identifier."""

    code: str
    what: Message
    advice: Message
    severity: Severity = Severity.WARNING


def kind_of_identifier(text: str) -> PublicationType | None:
    """Say from its form whether an identifier is that of a serial or of a monograph.

    >>> kind_of_identifier("1234-5679"), kind_of_identifier("978-0-306-40615-7")
    (<PublicationType.SERIAL: 'serial'>, <PublicationType.MONOGRAPH: 'monograph'>)
    """
    if _ISSN.fullmatch(text):
        return PublicationType.SERIAL
    return PublicationType.MONOGRAPH if _ISBN.fullmatch(text) else None


def identifier_finding(text: str) -> Finding | None:
    """Return what is wrong with an ISSN or ISBN, or ``None``.

    >>> identifier_finding("0378-5955"), identifier_finding("0378-5956").code
    (None, 'IDENTIFIER_INVALID')
    """
    from stdnum import isbn, issn

    kind = kind_of_identifier(text)
    if kind is None:
        return Finding(
            code="IDENTIFIER_UNKNOWN",
            what=Message("{text!r} is neither an ISSN nor an ISBN", text=text),
            advice=Message("put the supplier's own ids into title_id"),
            severity=Severity.ERROR,
        )
    name, checker = ("ISSN", issn) if kind is PublicationType.SERIAL else ("ISBN", isbn)
    if not checker.is_valid(text):
        return Finding(
            code="IDENTIFIER_INVALID",
            what=Message("{text} is no {name}: its check digit is wrong", text=text, name=name),
            advice=Message("look it up and correct it: link resolvers will not find the title"),
            severity=Severity.ERROR,
        )
    if kind is PublicationType.SERIAL and text != issn.format(text):
        return Finding(
            code="IDENTIFIER_FORM",
            what=Message("{text} is written {normal}", text=text, normal=issn.format(text)),
            advice=Message(""),
            severity=Severity.INFO,
        )
    return None
