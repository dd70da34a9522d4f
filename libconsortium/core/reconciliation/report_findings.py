"""One thing that does not fit together in the figures of reports."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import attrs

from libconsortium.core.messages import Message
from libconsortium.core.problems import Place, Severity
from libconsortium.core.reconciliation.readings import Figure

_DECIMALS = 2
_NO_CAUSE = Message("")


@attrs.frozen(kw_only=True)
class Finding:
    """What was found, with the figures it rests on.

    Args:
        code: A stable short name in capitals: ``SUM_MISMATCH``.
        severity: ``error`` if a figure must be wrong, ``warning`` if it will be misread, ``info``
            if somebody should look.
        where: Document and line.
        what: What does not fit.
        cause: What most likely went wrong, or what to do; empty if not known.
        stated: The number as stated; ``None`` if there is none.
        computed: What it should be by the other figures; ``None`` if that is not known.
        unit: The unit of both; empty if they have none.
        figures: The figures it rests on.

    >>> Finding(
    ...     code="SUM_MISMATCH",
    ...     where=Place(source="report.txt", line=3),
    ...     what=Message("does not add up"),
    ...     stated=Fraction(5),
    ...     computed=Fraction(7),
    ... ).difference
    Fraction(-2, 1)
    """

    code: str
    where: Place
    what: Message
    severity: Severity = Severity.WARNING
    cause: Message = _NO_CAUSE
    stated: Fraction | None = None
    computed: Fraction | None = None
    unit: str = ""
    figures: tuple[Figure, ...] = ()

    @property
    def difference(self) -> Fraction | None:
        """Stated less computed; ``None`` where one is missing."""
        if self.stated is None or self.computed is None:
            return None
        return self.stated - self.computed


def shown(number: Fraction) -> int | Decimal:
    """Return a number to stand in a sentence, with two decimals at most.

    It stays a number, so that it can be written as the readers of a language expect it.

    >>> shown(Fraction(111_250_000)), str(shown(Fraction(63_000_000, 62)))
    (111250000, '1016129.03')
    """
    if number.denominator == 1:
        return number.numerator
    return Decimal(round(number * 10**_DECIMALS)).scaleb(-_DECIMALS)
