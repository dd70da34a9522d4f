"""Amounts in Vietnamese words, as vouchers want them, and back."""

from __future__ import annotations

import re
from collections.abc import Mapping

from libconsortium import Money, SettingsError, levelled, minor_digits

_BILLION = 10**9
_THOUSAND = 1000
_DIGITS = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"]
_SPELLINGS: Mapping[str, tuple[str, ...]] = {
    "zero-ten": ("lẻ", "linh"),
    "thousand": ("nghìn", "ngàn"),
    "billion": ("tỷ", "tỉ"),
    "four": ("tư", "bốn"),
    "ending": ("", "chẵn"),
}
"""What can be chosen, the usual word first; ``ending`` stands after an amount."""

_CURRENCIES = {"VND": ("đồng", ""), "USD": ("đô la Mỹ", "xu"), "EUR": ("euro", "xu")}

_VALUES = {levelled(word): value for value, word in enumerate(_DIGITS)} | {
    levelled(word): value
    for word, value in {"mốt": 1, "tư": 4, "lăm": 5, "nhăm": 5, "bẩy": 7}.items()
}
_SCALES = {"nghìn": _THOUSAND, "ngàn": _THOUSAND, "triệu": 10**6}
_LARGE = {"tỷ", "tỉ"}
_ZERO_TEN = {"lẻ", "linh"}


def in_words(amount: Money, choices: Mapping[str, str]) -> str:
    """Write an amount in words, the first letter large.

    Args:
        amount: The amount; a negative one begins with «Âm».
        choices: Other spellings than the usual ones: ``{"zero-ten": "linh", "thousand": "ngàn",
            "billion": "tỉ", "four": "bốn", "ending": "chẵn"}``.

    Raises:
        SettingsError: There is no such choice.

    >>> in_words(Money(101_250_000, "VND"), {})
    'Một trăm lẻ một triệu hai trăm năm mươi nghìn đồng'
    >>> in_words(Money(10_500, "VND"), {"thousand": "ngàn", "ending": "chẵn"})
    'Mười ngàn năm trăm đồng chẵn'
    """
    _check(choices)
    digits = minor_digits(amount.currency)
    whole, rest = divmod(abs(amount.minor), 10**digits)
    name, small = _CURRENCIES.get(amount.currency, (amount.currency, ""))
    said = f"{number_in_words(whole, choices)} {name}"
    if rest and small:
        said += f" {number_in_words(rest, choices)} {small}"
    elif rest:
        decimals = " ".join(_DIGITS[int(digit)] for digit in f"{rest:0{digits}}".rstrip("0"))
        said = f"{number_in_words(whole, choices)} phẩy {decimals} {name}"
    said = f"âm {said}" if amount.minor < 0 else said
    ending = choices.get("ending", "")
    return f"{said[0].upper()}{said[1:]} {ending}".strip()


def number_in_words(number: int, choices: Mapping[str, str] | None = None) -> str:
    """Write a whole number that is not negative in words.

    >>> number_in_words(1_001), number_in_words(21), number_in_words(10_015)
    ('một nghìn không trăm lẻ một', 'hai mươi mốt', 'mười nghìn không trăm mười lăm')
    """
    choices = choices or {}
    if number == 0:
        return _DIGITS[0]
    large, rest = divmod(number, _BILLION)
    words = []
    if large:
        billion = choices.get("billion", "tỷ")
        words += [number_in_words(large, choices), billion]
    groups = (
        (rest // 10**6, "triệu"),
        (rest // _THOUSAND % _THOUSAND, choices.get("thousand", "nghìn")),
        (rest % _THOUSAND, ""),
    )
    for group, scale in groups:
        if group:
            words += [_group(group, choices, is_first=not words), scale]
    return " ".join(filter(None, words))


def from_words(said: str) -> int | None:
    """Read a whole number in words; the unit and «chẵn» after it are left out.

    Args:
        said: The words, in any usual spelling.

    Returns:
        The number, or ``None`` if the words are none.

    >>> from_words("Một trăm linh một triệu hai trăm năm mươi ngàn đồng chẵn")
    101250000
    >>> from_words("hội phí") is None
    True
    """
    number = _Number()
    has_number = False
    for word in re.findall(r"[^\W\d_]+", levelled(said)):
        if number.take(word):
            has_number = True
        elif has_number:
            break
        else:
            return None
    return number.value() if has_number and number.is_sound else None


class _Number:
    """A number that is being read word by word."""

    def __init__(self) -> None:
        self.large = self.middle = self.group = 0
        self.digit: int | None = None
        self.scale = _BILLION
        self.is_sound = True

    def take(self, word: str) -> bool:
        if word in _VALUES:
            self.is_sound &= self.digit is None
            self.digit = _VALUES[word]
        elif word == "mười":
            self.is_sound &= self.digit is None
            self.group += 10
        elif word in {"mươi", "trăm"}:
            self.is_sound &= self.digit is not None
            self.group += (self.digit or 0) * (10 if word == "mươi" else 100)
            self.digit = None
        elif word in _SCALES:
            self._close(_SCALES[word])
        elif word in _LARGE:
            self.large = (self.large + self.middle + self._end()) * _BILLION
            self.middle, self.scale = 0, _BILLION
        elif word == "rưỡi":
            self.middle += min(self.scale, _BILLION) // 2
        else:
            return word in _ZERO_TEN
        return True

    def value(self) -> int:
        return self.large + self.middle + self._end()

    def _close(self, scale: int) -> None:
        self.is_sound &= scale < self.scale
        self.middle += self._end() * scale
        self.scale = scale

    def _end(self) -> int:
        group = self.group + (self.digit or 0)
        self.group, self.digit = 0, None
        return group


def _check(choices: Mapping[str, str]) -> None:
    for name, word in choices.items():
        if word not in _SPELLINGS.get(name, ()):
            raise SettingsError(
                "Vietnamese numbers have no spelling {name} = {word!r}; there are: {known}",
                name=name,
                word=word,
                known="; ".join(f"{one} = {', '.join(words)}" for one, words in _SPELLINGS.items()),
            )


def _group(number: int, choices: Mapping[str, str], *, is_first: bool) -> str:
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    words = []
    if hundreds or not is_first:
        words += [_DIGITS[hundreds], "trăm"]
    if tens:
        words += ["mười"] if tens == 1 else [_DIGITS[tens], "mươi"]
    elif ones and words:
        words.append(choices.get("zero-ten", "lẻ"))
    if ones:
        words.append(_ones(ones, tens, choices))
    return " ".join(words)


def _ones(ones: int, tens: int, choices: Mapping[str, str]) -> str:
    if ones == 5 and tens:  # noqa: PLR2004 - năm is also «year»; after tens it is lăm
        return "lăm"
    if tens > 1 and ones == 1:
        return "mốt"
    if tens > 1 and ones == 4:  # noqa: PLR2004 - bốn becomes tư
        return choices.get("four", "tư")
    return _DIGITS[ones]
