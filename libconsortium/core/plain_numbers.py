"""Numbers as people write them, with grouped digits or a decimal comma, written plainly."""

from __future__ import annotations

import re

_BLANKS = re.compile(r"[ \u00a0\u202f_'’]")
_SHAPE = re.compile(r"[+-]?\d+(?:[.,]\d+)*")
_SIGNS = {"₫": "VND", "đ": "VND", "vnđ": "VND", "$": "USD", "€": "EUR", "£": "GBP"}
_AMOUNT = re.compile(
    r"(?P<before>[^\W\d_]{1,4}|[₫$€£])?\s*(?P<number>[+-]?\d[\d.,_ \u00a0\u202f'’]*?)"
    r"\s*(?P<after>[^\W\d_]{1,4}|[₫$€£])?"
)
_GROUP = 3


def plain_number(text: str) -> str | None:
    """Return a number without grouped digits, a point before its decimals.

    Args:
        text: ``1.234.567``, ``1,234.5``, ``1 000``, ``100,5``.

    Returns:
        The same number as a program writes it, or ``None`` if it is no number or may be two:
        ``1,000`` is one to some and a thousand to others.

    >>> plain_number("1.234.567"), plain_number("1.234,5"), plain_number("100,5")
    ('1234567', '1234.5', '100.5')
    >>> plain_number("1,000"), plain_number("many")
    (None, None)
    """
    bare = _BLANKS.sub("", text)
    if not _SHAPE.fullmatch(bare):
        return None
    groups, marks = re.split(r"[.,]", bare), re.findall(r"[.,]", bare)
    if not marks or marks == ["."]:
        return bare
    if len(marks) == 1:
        return None if _may_be_thousands(*groups) else ".".join(groups)
    thousands, decimals = (groups, []) if marks[-1] == marks[0] else (groups[:-1], groups[-1:])
    if len(set(marks[: len(thousands) - 1])) > 1 or not _are_thousands(thousands):
        return None
    return ".".join(["".join(thousands), *decimals])


def _may_be_thousands(first: str, second: str) -> bool:
    return len(second) == _GROUP and first.lstrip("+-") != "0" and _are_thousands([first, second])


def _are_thousands(groups: list[str]) -> bool:
    first, *others = groups
    return len(first.lstrip("+-")) <= _GROUP and all(len(one) == _GROUP for one in others)


def plain_amount(text: str, *, whole: bool = False) -> str | None:
    """Return an amount of money as it is to be written: a plain number, then the currency's code.

    Args:
        text: ``3.564.912.281 VND``, ``VND 1,000,000``, ``1000000 đ``.
        whole: The currency has no decimals, so that a single group of three is thousands.

    Returns:
        ``3564912281 VND``; ``None`` if it is no amount, may be two, or names no currency.

    >>> plain_amount("3.564.912.281 VND"), plain_amount("€ 1.000,50"), plain_amount("5 dollars")
    ('3564912281 VND', '1000.50 EUR', None)
    """
    said = _AMOUNT.fullmatch(text.strip())
    if said is None or bool(said["before"]) == bool(said["after"]):
        return None
    written = said["before"] or said["after"]
    code = _SIGNS.get(written.casefold(), written.upper())
    number = plain_number(said["number"])
    groups = re.split(r"[.,]", _BLANKS.sub("", said["number"]))
    if whole and len(groups) > 1 and _are_thousands(groups):
        number = "".join(groups)
    return f"{number} {code}" if number and len(code) == len("VND") else None
