"""Whether figures add up to a stated total, and what slip of the pen would explain it if not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations

import attrs

from libconsortium.core.directory.quantities import Qualifier
from libconsortium.core.messages import Message
from libconsortium.core.reconciliation.readings import Figure, Total, stated_of, value_of

_ABOUT = Fraction(1, 10)
_LEAST_FOR_PAIRS = 4  # parts; of fewer, any two are nearly all
_TEN = 10

Range = tuple[Fraction, Fraction]


@attrs.frozen(kw_only=True)
class Slip:
    """What most likely went wrong with a sum.

    Args:
        what: In words.
        explains: Whether it explains the difference so exactly that chance is unlikely.
        line: The part that was left out or counted twice; ``None`` if it is another slip.
    """

    what: Message
    explains: bool = False
    line: Figure | None = None


def round_step(number: Fraction) -> Fraction:
    """Return the place to which a number looks rounded: 100 for 700, 10 for 180.

    >>> round_step(Fraction(6000)), round_step(Fraction(98)), round_step(Fraction(5, 2))
    (Fraction(1000, 1), Fraction(1, 1), Fraction(1, 2))
    """
    if number == 0:
        return Fraction(1)
    step = Fraction(1, number.denominator)
    while number % (step * _TEN) == 0:
        step *= _TEN
    return step


def likely_range(figure: Figure) -> Range:
    """Return between which numbers a figure lies if it is written as people write.

    *Over 700* is less than 800, *nearly 6000* more than 5000, *about* is a tenth off.

    >>> from libconsortium.core.directory.quantities import Quantity
    >>> low, high = likely_range(Figure(quantity=Quantity.parse("over 700")))
    >>> int(low), int(high)
    (700, 800)
    """
    number, upper = figure.quantity.number, figure.quantity.upper
    match figure.quantity.qualifier:
        case Qualifier.EXACT:
            return number, number
        case Qualifier.OVER | Qualifier.AT_LEAST:
            return number, number + round_step(number)
        case Qualifier.UNDER | Qualifier.AT_MOST | Qualifier.NEARLY:
            return number - round_step(number), number
        case Qualifier.RANGE:
            return number, upper or number
        case _:  # about
            return number * (1 - _ABOUT), number * (1 + _ABOUT)


def adds_up(stated: Figure, parts: Sequence[Figure | Total]) -> bool:
    """Say whether parts can add up to a stated figure, as exact or rounded as all are written.

    A part that is a total may count as stated or as what its own parts add up to.

    >>> from libconsortium.core.directory.quantities import Quantity
    >>> two, three = (Figure(quantity=Quantity.of(number)) for number in (2, 3))
    >>> adds_up(Figure(quantity=Quantity.of(5)), [two, three]), adds_up(three, [two, two])
    (True, False)
    """
    return any(_fits(stated, parts, ranges) for ranges in _readings_of(parts))


def _readings_of(parts: Sequence[Figure | Total]) -> Iterator[list[Range]]:
    yield [likely_range(stated_of(part)) for part in parts]
    if any(isinstance(part, Total) for part in parts):
        yield [
            (value_of(part), value_of(part))
            if isinstance(part, Total)
            else likely_range(stated_of(part))
            for part in parts
        ]


def _fits(stated: Figure, parts: Sequence[Figure | Total], ranges: Sequence[Range]) -> bool:
    low = sum((one[0] for one in ranges), Fraction(0))
    high = sum((one[1] for one in ranges), Fraction(0))
    least, most = stated.quantity.bounds
    if stated.quantity.qualifier is Qualifier.ABOUT:
        least, most = likely_range(stated)
    margin = _margin(stated, [stated_of(part) for part in parts])
    return (least is None or high >= least - margin) and (most is None or low <= most + margin)


def _margin(stated: Figure, parts: Sequence[Figure]) -> Fraction:
    """Return how far a sum may be off because its figures are rounded."""
    finest = min((part.step for part in parts), default=stated.step)
    if stated.step > finest:
        return stated.step - finest  # as far as cutting digits off goes
    if stated.is_rounded and any(part.is_rounded for part in parts):
        return stated.step * len(parts) / 2
    return Fraction(0)


def slip_of(stated: Figure, parts: Sequence[Figure | Total]) -> Slip:
    """Return what most likely went wrong where parts do not add up to a stated figure.

    >>> from libconsortium.core.directory.quantities import Quantity
    >>> dues, ads = (Figure(quantity=Quantity.of(n), label=w) for n, w in ((7, "dues"), (3, "ads")))
    >>> str(slip_of(dues, [dues, ads]).what)
    'omitted line: the difference is exactly «ads»'
    """
    values = {value_of(part): stated_of(part) for part in reversed(parts)}
    computed = sum(map(value_of, parts), Fraction(0))
    gap = stated.number - computed
    if -gap in values:
        left_out = values[-gap]
        what = Message("omitted line: the difference is exactly {line}", line=left_out)
        return Slip(what=what, explains=True, line=left_out)
    if gap in values:
        twice = values[gap]
        what = Message("line counted twice: the difference is exactly {line}", line=twice)
        return Slip(what=what, explains=True, line=twice)
    return _pair_left_out(gap, parts) or _slip_of_digits(stated.number, computed)


def _pair_left_out(gap: Fraction, parts: Sequence[Figure | Total]) -> Slip | None:
    if len(parts) >= _LEAST_FOR_PAIRS:
        for one, other in combinations(parts, 2):
            if value_of(one) + value_of(other) == -gap:
                what = Message(
                    "omitted lines: the difference is exactly {one} and {other}",
                    one=stated_of(one),
                    other=stated_of(other),
                )
                return Slip(what=what, explains=True, line=stated_of(one))
    return None


def _slip_of_digits(stated: Fraction, computed: Fraction) -> Slip:
    small, large = sorted((stated, computed))
    if small and small * _TEN <= large and _is_power_of_ten(large / small):
        return Slip(what=Message("zeros too many or too few"), explains=True)
    written, right = str(stated), str(computed)
    if len(written) == len(right):
        wrong = [index for index in range(len(right)) if written[index] != right[index]]
        if len(wrong) == 1:
            return Slip(what=Message("typing slip: one digit differs"))
        if len(wrong) == 2 and sorted(written) == sorted(right):  # noqa: PLR2004 - a swap
            return Slip(what=Message("typing slip: two digits are swapped"))
    return Slip(what=Message("no single line explains the difference; check every line"))


def _is_power_of_ten(number: Fraction) -> bool:
    return number.denominator == 1 and str(number.numerator).rstrip("0") == "1"
