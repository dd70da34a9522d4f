"""Amounts in English words, and back."""

from __future__ import annotations

import re
from collections.abc import Mapping

from libconsortium import Money, SettingsError, minor_digits

_SMALL = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_SCALES |= {"quadrillion": 10**15, "quintillion": 10**18}
_VALUES = {word: value for value, word in enumerate(_SMALL)} | {
    word: value * 10 for value, word in enumerate(_TENS, start=2)
}
_CURRENCIES = {
    "VND": ("Vietnamese dong", "Vietnamese dong", "", ""),
    "USD": ("US dollar", "US dollars", "cent", "cents"),
    "EUR": ("euro", "euros", "cent", "cents"),
    "GBP": ("pound", "pounds", "penny", "pence"),
}
_HUNDRED = 100
_TWENTY = 20


def in_words(amount: Money, choices: Mapping[str, str]) -> str:
    """Write an amount in words, the first letter large.

    Args:
        amount: The amount; a negative one begins with "Minus".
        choices: ``{"and": ""}`` leaves the *and* before tens and ones out.

    Raises:
        SettingsError: There is no such choice.

    >>> in_words(Money(101_250_000, "VND"), {})
    'One hundred and one million two hundred and fifty thousand Vietnamese dong'
    >>> in_words(Money(1250, "USD"), {})
    'Twelve US dollars and fifty cents'
    """
    if set(choices) - {"and"}:
        raise SettingsError(
            "English numbers have no spelling {name!r}; there are: {known}",
            name=min(set(choices) - {"and"}),
            known="and",
        )
    digits = minor_digits(amount.currency)
    whole, rest = divmod(abs(amount.minor), 10**digits)
    one, many, small_one, small_many = _CURRENCIES.get(
        amount.currency, (amount.currency, amount.currency, "", "")
    )
    said = f"{number_in_words(whole, choices)} {one if whole == 1 else many}"
    if rest and small_many:
        said += f" and {number_in_words(rest, choices)} {small_one if rest == 1 else small_many}"
    elif rest:
        decimals = " ".join(_SMALL[int(digit)] for digit in f"{rest:0{digits}}".rstrip("0"))
        said = f"{number_in_words(whole, choices)} point {decimals} {many}"
    said = f"minus {said}" if amount.minor < 0 else said
    return said[0].upper() + said[1:]


def number_in_words(number: int, choices: Mapping[str, str] | None = None) -> str:
    """Write a whole number that is not negative in words.

    >>> number_in_words(1_000_000_005), number_in_words(21)
    ('one billion and five', 'twenty-one')
    """
    joint = (choices or {}).get("and", "and")
    if number == 0:
        return _SMALL[0]
    words = []
    for name, scale in reversed(_SCALES.items()):
        count, number = divmod(number, scale)
        if count:
            words += [number_in_words(count, choices), name]
    if number:
        hundreds, rest = divmod(number, _HUNDRED)
        words += [_SMALL[hundreds], "hundred"] if hundreds else []
        words += [joint] if rest and words else []
        words += [_below_hundred(rest)] if rest else []
    return " ".join(filter(None, words))


def from_words(said: str) -> int | None:
    """Read a whole number in words; the unit after it is left out.

    >>> from_words("One hundred and one million dong"), from_words("dues")
    (101000000, None)
    """
    total = group = 0
    has_number, is_sound, last = False, True, 10**21
    for word in re.findall(r"[a-z]+", said.lower()):
        if word in _VALUES:
            group += _VALUES[word]
        elif word == "hundred":
            is_sound &= 0 < group < 10  # noqa: PLR2004 - up to nine hundred
            group *= _HUNDRED
        elif word in _SCALES:
            scale = _SCALES[word]
            # Quintillions and more are counted in thousands and millions themselves.
            is_sound &= scale < last
            total, group, last = total + group * scale, 0, scale
        elif word != "and":
            break
        has_number |= word != "and"
    return total + group if has_number and is_sound else None


def _below_hundred(number: int) -> str:
    if number < _TWENTY:
        return _SMALL[number]
    tens, ones = divmod(number, 10)
    return _TENS[tens - 2] + (f"-{_SMALL[ones]}" if ones else "")
