"""A figure as somebody wrote it down: exact, or a bound, or only about right."""

from __future__ import annotations

import re
from enum import StrEnum
from fractions import Fraction
from typing import Any, Final
from unicodedata import normalize

import attrs

from libconsortium.core.errors import QuantityError


class Qualifier(StrEnum):
    """What a figure says about the number meant; the value is how it is printed."""

    EXACT = ""
    OVER = ">"
    AT_LEAST = ">="
    UNDER = "<"
    AT_MOST = "<="
    NEARLY = "<~"
    ABOUT = "~"
    RANGE = "-"


_WORDS: Final = {
    Qualifier.EXACT: "đúng, exactly, =",
    Qualifier.OVER: "hơn, trên, over, more than, above, >",
    Qualifier.AT_LEAST: "ít nhất, tối thiểu, at least, >=, ≥",
    Qualifier.UNDER: "dưới, under, less than, fewer than, below, <",
    Qualifier.AT_MOST: "tối đa, không quá, at most, up to, <=, ≤",
    Qualifier.NEARLY: "gần, nearly, almost, <~",
    Qualifier.ABOUT: "khoảng, chừng, xấp xỉ, about, around, approximately, ~, ≈",
}
_MEANING: Final = {word: meant for meant, words in _WORDS.items() for word in words.split(", ")}
_LED: Final = re.compile(
    "(?P<word>{})?\\s*(?P<figure>[0-9].*)".format(
        "|".join(re.escape(word) for word in sorted(_MEANING, key=len, reverse=True))
    )
)
_RANGE: Final = re.compile(
    r"(?:(?:từ|from)\s+)?(?P<low>[0-9][0-9.,_]*)\s*(?:-|–|đến|to)\s*(?P<high>[0-9][0-9.,_]*)"
)
_PLAIN: Final = re.compile(r"[0-9]+(?:_[0-9]+)*(?:[.,](?P<decimals>[0-9]+))?")
_GROUPED: Final = re.compile(
    r"[1-9][0-9]{0,2}(?:(?P<mark>[.,])[0-9]{3})(?:(?P=mark)[0-9]{3})*(?:(?!(?P=mark))[.,](?P<decimals>[0-9]+))?"
)
_GROUP = 3


def _not_negative(_: object, __: object, value: Any) -> None:  # noqa: ANN401 - Fraction or None
    if value is not None and (value < 0 or _decimals(value) is None):
        raise QuantityError(
            "{value} is no figure: write a decimal number that is not negative", value=value
        )


@attrs.frozen(kw_only=True)
class Quantity:
    """A figure, and how exact it is.

    Args:
        number: The number written; the lower end of a range. A decimal number, not negative.
        qualifier: Exact, a bound, nearly, about, or a range.
        upper: Upper end of a range; ``None`` for everything else.

    Raises:
        QuantityError: The number is negative or no decimal number, or the range has no upper end
            above its lower one.

    >>> str(Quantity.parse("gần 6000")), str(Quantity.parse("100-150"))
    ('<~ 6000', '100-150')
    """

    number: Fraction = attrs.field(converter=Fraction, validator=_not_negative)
    qualifier: Qualifier = Qualifier.EXACT
    upper: Fraction | None = attrs.field(default=None, validator=_not_negative)

    def __attrs_post_init__(self) -> None:
        """Refuse half a range."""
        is_range = self.qualifier is Qualifier.RANGE
        if is_range != (self.upper is not None) or (
            self.upper is not None and self.upper <= self.number
        ):
            raise QuantityError(
                "a range goes from a lower to a higher figure, got {low} and {high}",
                low=self.number,
                high=self.upper,
            )

    @classmethod
    def of(cls, number: int | Fraction) -> Quantity:
        """Return an exact figure.

        >>> Quantity.of(700).exact
        Fraction(700, 1)
        """
        return cls(number=Fraction(number))

    @classmethod
    def parse(cls, text: str) -> Quantity:
        """Read a figure as written in Vietnamese, English or with signs.

        A point or comma is read only where it can mean one thing: ``1234.5``, ``0,2``,
        ``1.234,5`` and ``10.000.000`` are read; ``40.000`` (forty, or forty thousand) is refused.

        Args:
            text: ``700``, ``hơn 700``, ``gần 6000``, ``khoảng 50``, ``100-150``, ``>= 5``,
                ``over 700``, ``60+``.

        Raises:
            QuantityError: The text is not a figure, or can be read in two ways.

        >>> Quantity.parse("1.234,5").exact, Quantity.parse("hơn 700").is_exact
        (Fraction(2469, 2), False)
        """
        said = " ".join(normalize("NFC", text).casefold().split())
        between = _RANGE.fullmatch(said)
        if between:
            low, high = _figure(between["low"]), _figure(between["high"])
            return cls(number=low, qualifier=Qualifier.RANGE, upper=high)
        led = _LED.fullmatch(said)
        if led is None:
            raise QuantityError(
                "cannot read {text!r} as a figure; write a number like 700 or > 700", text=text
            )
        meant, figure = _MEANING.get(led["word"] or "", Qualifier.EXACT), led["figure"]
        if figure.endswith("+") and not led["word"]:
            meant, figure = Qualifier.AT_LEAST, figure[:-1].rstrip()
        return cls(number=_figure(figure.removesuffix(" chẵn")), qualifier=meant)

    @property
    def is_exact(self) -> bool:
        """Whether the number is meant as it stands."""
        return self.qualifier is Qualifier.EXACT

    @property
    def exact(self) -> Fraction:
        """The number, if it is exact.

        Raises:
            QuantityError: It is not.
        """
        if not self.is_exact:
            raise QuantityError(
                "{figure} is not exact; enter the exact figure or leave it out", figure=str(self)
            )
        return self.number

    @property
    def bounds(self) -> tuple[Fraction | None, Fraction | None]:
        """What is certain: the number lies between these; ``None`` is no bound.

        >>> Quantity.parse("nearly 6000").bounds
        (None, Fraction(6000, 1))
        """
        match self.qualifier:
            case Qualifier.EXACT:
                return self.number, self.number
            case Qualifier.RANGE:
                return self.number, self.upper
            case Qualifier.OVER | Qualifier.AT_LEAST:
                return self.number, None
            case Qualifier.UNDER | Qualifier.AT_MOST | Qualifier.NEARLY:
                return None, self.number
            case _:  # about
                return None, None

    def __str__(self) -> str:
        """Return the figure with its qualifier, as ``Quantity.parse`` reads it."""
        if self.upper is not None:
            return f"{figure_text(self.number)}-{figure_text(self.upper)}"
        return f"{self.qualifier} {figure_text(self.number)}".lstrip()


def decimal_text(number: Fraction) -> str:
    """Return a number as a plain decimal text, or as ``1/3`` if it has no end as a decimal.

    >>> decimal_text(Fraction(5, 2)), decimal_text(Fraction(1, 3)), decimal_text(Fraction(700))
    ('2.5', '1/3', '700')
    """
    digits = _decimals(number)
    if not digits:
        return str(number)
    whole, rest = divmod(abs(number) * 10**digits, 10**digits)
    return f"{'-' if number < 0 else ''}{whole}.{int(rest):0{digits}}"


def figure_text(number: Fraction) -> str:
    """Return a number as a plain decimal text that ``Quantity.parse`` reads in one way only.

    Three decimals after 1 to 999 look like grouped thousands; one more makes them plain.

    >>> figure_text(Fraction(25, 8)), figure_text(Fraction(5, 2))
    ('3.1250', '2.5')
    """
    text = decimal_text(number)
    return f"{text}0" if _decimals(number) == _GROUP and _GROUPED.fullmatch(text) else text


def _figure(text: str) -> Fraction:
    plain, grouped = _PLAIN.fullmatch(text), _GROUPED.fullmatch(text)
    if plain and grouped:
        raise QuantityError(
            "{text!r} can be read in two ways; write 40000 or 40.0, not 40.000",
            text=text,
        )
    read = plain or grouped
    if read is None:
        raise QuantityError(
            "cannot read {text!r} as a figure; write a number like 700 or > 700", text=text
        )
    decimals = read["decimals"] or ""
    whole = text.removesuffix(decimals) if decimals else text
    return Fraction(int(re.sub(r"[^0-9]", "", whole) + decimals), 10 ** len(decimals))


def _decimals(number: Fraction) -> int | None:
    """Return how many decimals a number has, or ``None`` if it never ends."""
    rest, digits = number.denominator, 0
    while rest > 1:
        if rest % 10 == 0:
            rest //= 10
        elif rest % 5 == 0:
            rest //= 5
        elif rest % 2 == 0:
            rest //= 2
        else:
            return None
        digits += 1
    return digits
