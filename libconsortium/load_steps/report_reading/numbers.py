"""Numbers in running text: with their scales, units, ranges and how exact they are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache

import attrs

from libconsortium.core.directory.quantities import Qualifier, Quantity
from libconsortium.core.money import MINOR_DIGITS
from libconsortium.core.reconciliation.vocabulary import Vocabulary, any_of

MASK = "\x00"
"""Stands for every letter of a date, a document's number or whatever else is no figure."""

_NUMBER = re.compile(
    r"(?<![\w.,])\d{1,3}(?:[\u00a0\u202f ]\d{3}){2,}(?![\d.,]*\d)"
    r"|(?<![\w.,])\d{1,3}(?:[\u00a0\u202f]\d{3})+(?![\d.,]*\d)"
    r"|(?<!\w)(?<!\d[.,])\d+(?:[.,]\d+)*"
)
_OR_MORE = re.compile(r"\+(?!\s*\d)")  # «60+»
_BLANK = re.compile(r"[ \t\u00a0\u202f]*")
_GROUP = 3
_BEFORE = 40  # characters in which a qualifier or a currency may stand before its number


@attrs.frozen(kw_only=True)
class Number:
    """A number found in a text.

    Args:
        start: Where it begins, its currency or qualifier before it included.
        end: Where it ends, its unit included.
        quantity: What it says.
        unit: Currency, ``%`` or unit; empty if unknown.
        family: What may be added up with it; empty if unknown.
        step: Distance to the next number that would be written with as many digits.
        is_rounded: Whether its digits look rounded.
        digits: Where the digits begin.
        bare_end: Where digits and scales end.
        scale: What the last scale multiplies by.
    """

    start: int
    end: int
    quantity: Quantity
    unit: str
    family: str
    step: Fraction
    is_rounded: bool
    digits: int
    bare_end: int
    scale: Fraction = Fraction(1)

    @property
    def is_money(self) -> bool:
        """Whether it is an amount of money."""
        return self.unit in MINOR_DIGITS


@attrs.frozen
class _Bare:
    number: Fraction
    step: Fraction
    end: int
    scale: Fraction
    currency: str = ""


@attrs.frozen
class _Patterns:
    scale: re.Pattern[str]
    half: re.Pattern[str]
    percent: re.Pattern[str]
    currency: re.Pattern[str]
    currency_before: re.Pattern[str]
    before: re.Pattern[str]
    after: re.Pattern[str]
    between: re.Pattern[str]
    unit: re.Pattern[str]


@lru_cache(maxsize=8)
def _patterns(key: tuple[tuple[str, ...], ...], reach: int) -> _Patterns:
    scale, half, percent, currency, before, after, between, unit = key
    skipped = rf"(?:[^\W\d_][\w'’&-]*\s+){{0,{reach}}}?" if reach else ""
    return _Patterns(
        scale=re.compile(rf"\s*(?P<word>{any_of(scale)})"),
        half=re.compile(rf"\s*{any_of(half)}"),
        percent=re.compile(rf"\s*{any_of(percent)}"),
        currency=re.compile(rf"\s*(?P<word>{any_of(currency)})"),
        currency_before=re.compile(rf"(?P<word>{any_of(currency)})\s*$"),
        before=re.compile(rf"(?P<word>{any_of(before)})\s*$"),
        after=re.compile(rf"\s*(?P<word>{any_of(after)})"),
        between=re.compile(rf"\s*{any_of(between)}\s*"),
        unit=re.compile(rf"[ \t\u00a0]*{skipped}(?P<word>{any_of(unit)})"),
    )


def patterns_of(words: Vocabulary) -> _Patterns:
    """Return the compiled patterns of a vocabulary."""
    listed = (
        words.scales,
        words.half,
        words.percent,
        words.currencies,
        words.before,
        words.after,
        words.between,
        words.units,
    )
    return _patterns(tuple(tuple(one) for one in listed), words.reach)


def numbers_in(text: str, words: Vocabulary) -> Iterator[Number]:
    """Yield the numbers of a text, in their order.

    Args:
        text: A text as ``levelled`` gives it, dates and the like masked.
        words: The language.
    """
    place = 0
    while found := _NUMBER.search(text, place):
        number = _number_at(text, found, words)
        place = found.end() if number is None else number.end
        if number is not None:
            yield number


def _number_at(text: str, found: re.Match[str], words: Vocabulary) -> Number | None:
    bare = _bare(text, found, words)
    if bare is None:
        return None
    low, high = _range(text, bare, words)
    last = high or low
    quantity_end = last.end
    more = _OR_MORE.match(text, quantity_end)
    counted_from = more.end() if more else quantity_end
    start, end, unit, family = _unit(text, found.start(), counted_from, last, words)
    qualifier, start, end, is_round = _qualifier(text, start, quantity_end, end, words)
    if high is not None:
        quantity = Quantity(number=low.number, qualifier=Qualifier.RANGE, upper=high.number)
    else:
        quantity = Quantity(number=low.number, qualifier=qualifier)
    return Number(
        start=start,
        end=end,
        quantity=quantity,
        unit=unit,
        family=family,
        step=Fraction(1) if is_round else last.step,
        is_rounded=unit == "%" or (last.scale > 1 and last.step < last.scale),
        digits=found.start(),
        bare_end=quantity_end,
        scale=last.scale,
    )


def _range(text: str, low: _Bare, words: Vocabulary) -> tuple[_Bare, _Bare | None]:
    """Return a number, and the upper end of its range if it begins one («5 to 7 million»)."""
    between = patterns_of(words).between.match(text, low.end)
    after = between and _NUMBER.match(text, between.end())
    high = _bare(text, after, words) if after else None
    if high is None:
        return low, None
    scaled = low.number * high.scale if low.scale == 1 else low.number
    return (attrs.evolve(low, number=scaled), high) if high.number > scaled else (low, None)


def _bare(text: str, found: re.Match[str], words: Vocabulary) -> _Bare | None:
    """Read digits and the scales after them, and smaller ones after that (``2 triệu 5 trăm``)."""
    first = _chunk(text, found, words)
    while first is not None and first.scale > 1:
        half = patterns_of(words).half.match(text, first.end)
        if half:
            return attrs.evolve(first, number=first.number + first.scale / 2, end=half.end())
        blank = _BLANK.match(text, first.end)
        more = _NUMBER.match(text, blank.end() if blank else first.end)
        chunk = _chunk(text, more, words) if more else None
        if chunk is None or chunk.number >= first.scale:
            break
        if chunk.scale == 1 and not patterns_of(words).currency.match(text, chunk.end):
            break
        first = attrs.evolve(
            chunk, number=first.number + chunk.number, currency=first.currency or chunk.currency
        )
    return first


def _chunk(text: str, found: re.Match[str], words: Vocabulary) -> _Bare | None:
    scale, end, currency = Fraction(1), found.end(), ""
    while word := patterns_of(words).scale.match(text, end):
        named = " ".join(word["word"].split())
        scale *= words.scales[named]
        end = word.end()
        # «trđ»: the currency is within the word for the scale.
        currency = next(
            (code for sign, code in words.currencies.items() if named.endswith(sign)), currency
        )
    is_percent = patterns_of(words).percent.match(text, end) is not None
    read = number_of(found[0], words.decimal, is_divisible=scale > 1 or is_percent)
    if read is None:
        return None
    number, decimals = read
    return _Bare(number * scale, scale / 10**decimals, end, scale, currency)


def number_of(written: str, decimal: str, *, is_divisible: bool) -> tuple[Fraction, int] | None:
    """Read digits with marks, and say how many decimals they have.

    One mark before exactly three digits groups them, unless it is the language's decimal mark
    and what is counted can be divided (``1,234 tỷ``). Every other mark that stands once is a
    decimal mark, whichever it is.

    >>> number_of("10.000.000", ",", is_divisible=False), number_of("0,2", ",", is_divisible=False)
    ((Fraction(10000000, 1), 0), (Fraction(1, 5), 1))
    """
    digits = re.sub(r"[ \u00a0\u202f]", "", written)
    marks = [mark for mark in digits if mark in ".,"]
    if not marks:
        return Fraction(int(digits)), 0
    *groups, last = re.split(r"[.,]", digits)
    has_groups = len(groups[0]) <= _GROUP and all(len(group) == _GROUP for group in groups[1:])
    if len(set(marks)) == 1:
        is_group = len(last) == _GROUP and has_groups and groups[0] != "0"
        if len(marks) == 1 and is_divisible and marks[0] == decimal:
            is_group = False
        if is_group:
            return Fraction(int("".join([*groups, last]))), 0
        if len(marks) > 1:
            return None
    elif not has_groups or len(set(marks[:-1])) > 1 or marks[-1] in marks[:-1]:
        return None
    return Fraction(int("".join([*groups, last])), 10 ** len(last)), len(last)


def _unit(
    text: str, start: int, end: int, bare: _Bare, words: Vocabulary
) -> tuple[int, int, str, str]:
    patterns = patterns_of(words)
    percent = patterns.percent.match(text, end)
    if percent:
        return start, percent.end(), "%", "%"
    currency = patterns.currency.match(text, end)
    if currency:
        code = words.currencies[" ".join(currency["word"].split())]
        return start, currency.end(), code, code
    led = patterns.currency_before.search(text, max(0, start - _BEFORE), start)
    if led:
        code = words.currencies[" ".join(led["word"].split())]
        return led.start(), end, code, code
    if bare.currency:
        return start, end, bare.currency, bare.currency
    counted = patterns.unit.match(text, end)
    if counted:
        unit = words.units[" ".join(counted["word"].split())]
        return start, counted.end(), unit, words.families[unit]
    return start, end, "", ""


def _qualifier(
    text: str, start: int, bare_end: int, end: int, words: Vocabulary
) -> tuple[Qualifier, int, int, bool]:
    patterns = patterns_of(words)
    before = patterns.before.search(text, max(0, start - _BEFORE), start)
    if before:
        word = " ".join(before["word"].split())
        return words.before[word], before.start(), end, False
    more = _OR_MORE.match(text, bare_end)
    if more:
        return Qualifier.AT_LEAST, start, max(end, more.end()), False
    for place in (bare_end, end):
        after = patterns.after.match(text, place)
        if after:
            qualifier = words.after[" ".join(after["word"].split())]
            return qualifier, start, max(end, after.end()), qualifier is Qualifier.EXACT
    return Qualifier.EXACT, start, end, False
