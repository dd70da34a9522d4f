"""What a member writes on its payment, so that the payment finds its statement again.

A reference holds only capital letters, digits and hyphens: banks drop everything else. Its last
two digits check the rest, so that a slip of the pen is found.
"""

from __future__ import annotations

import re
import unicodedata

from libconsortium.core.office.approvals import Phase

_LETTER_OF = {Phase.ESTIMATE: "E", Phase.NOTICE: "N", Phase.SETTLEMENT: "S"}
_MODULUS = 97


def reference_of(subscription: str, year: int, member: str, phase: Phase) -> str:
    """Return the reference of a member's statement.

    Args:
        subscription: Id of the subscription.
        year: The year.
        member: Id of the member.
        phase: The phase of the statement.

    Source: the check digits are those of ISO/IEC 7064, MOD 97-10.

    >>> reference_of("journals", 2027, "dh-a", Phase.NOTICE)
    'JOURNALS-N2027-DHA-73'
    """
    parts = (_plain(subscription), f"{_LETTER_OF[phase]}{year}", _plain(member))
    said = "-".join(part for part in parts if part)
    return f"{said}-{_check_digits(said):02}"


def _plain(text: str) -> str:
    capitals = unicodedata.normalize("NFKD", text).upper().replace("Đ", "D")
    return re.sub(r"[^A-Z0-9]", "", capitals)


def _check_digits(said: str) -> int:
    return _MODULUS + 1 - _number(_plain(said) + "00") % _MODULUS


def _number(plain: str) -> int:
    """Read letters as two digits each: A is 10, Z is 35."""
    return int("".join(str(int(letter, 36)) for letter in plain))
