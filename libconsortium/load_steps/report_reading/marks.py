"""Periods, dates and other numbers that are no figures: found, kept apart and masked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

import attrs

from libconsortium.core.reconciliation.periods import Period
from libconsortium.core.reconciliation.vocabulary import Vocabulary
from libconsortium.load_steps.report_reading.numbers import MASK

_MONTHS = {
    name: number
    for number, name in enumerate(
        [
            "january",
            "february",
            "march",
            "april",
            "may",
            "june",
            "july",
            "august",
            "september",
            "october",
            "november",
            "december",
        ],
        start=1,
    )
}
_YEARS = range(1900, 2101)
_MONTHS_OF_YEAR = range(1, 13)
_SMALLEST = 12  # months in a year


@attrs.frozen
class Spoken:
    """A period somewhere in a text.

    Args:
        start: Where it begins.
        end: Where it ends.
        period: The period.
    """

    start: int
    end: int
    period: Period


def masked(text: str, words: Vocabulary) -> tuple[str, tuple[Spoken, ...]]:
    """Return a text with everything masked that only looks like figures, and its periods.

    Args:
        text: A text as ``levelled`` gives it.
        words: The language.
    """
    periods: list[Spoken] = []
    for purpose in ("skip", "date", "months", "years", "year"):
        for found in _found(text, words, purpose):
            period = _period(purpose, found.groupdict())
            if period is not None and purpose != "date":
                periods.append(Spoken(found.start(), found.end(), period))
            if period is not None or purpose in {"skip", "date"}:
                text = _hidden(text, found.start(), found.end())
    return text, tuple(sorted(periods, key=lambda one: one.start))


def all_found(text: str, words: Vocabulary, purpose: str) -> Iterator[re.Match[str]]:
    """Yield what the patterns of one purpose find, in the order of the patterns."""
    for pattern in _compiled(words.patterns.get(purpose, ())):
        yield from pattern.finditer(text)


def span_of(groups: Mapping[str, str | None]) -> Period | None:
    """Return the years that a pattern found as ``first`` and ``last``; ``None`` if reversed."""
    first, last = int(groups["first"] or 0), int(groups["last"] or 0)
    return Period.of_years(first, last) if first <= last else None


def _found(text: str, words: Vocabulary, purpose: str) -> Iterator[re.Match[str]]:
    hidden = text
    for pattern in _compiled(words.patterns.get(purpose, ())):
        for found in pattern.finditer(hidden):
            yield found
            hidden = _hidden(hidden, found.start(), found.end())


@lru_cache(maxsize=64)
def _compiled(patterns: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for pattern in patterns)


def _hidden(text: str, start: int, end: int) -> str:
    return text[:start] + MASK * (end - start) + text[end:]


def _period(purpose: str, groups: Mapping[str, str | None]) -> Period | None:
    if purpose == "years":
        return span_of(groups)
    if purpose == "year":
        year = int(groups["year"] or 0)
        return Period.of_years(year) if year in _YEARS else None
    if purpose == "months":
        last = _month(groups, "2") or _month(groups, "")
        first = _month(groups, "") or last
        return Period(first, last) if first and last and first <= last else None
    return None


def _month(groups: Mapping[str, str | None], which: str) -> int | None:
    year = groups.get(f"year{which}") or groups.get("year2")
    written = groups.get(f"month{which}")
    month = int(written) if written else _MONTHS.get(groups.get(f"name{which}") or "", 0)
    if not year or month not in _MONTHS_OF_YEAR:
        return None
    return int(year) * _SMALLEST + month - 1
