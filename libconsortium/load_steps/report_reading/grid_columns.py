"""What the columns of a table in a report hold: labels, units, or figures, and of what."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

import attrs

from libconsortium.core.directory.quantities import Quantity
from libconsortium.core.reconciliation.periods import Period
from libconsortium.core.reconciliation.vocabulary import Vocabulary, levelled
from libconsortium.load_steps.report_reading.marks import masked
from libconsortium.load_steps.report_reading.numbers import Number, numbers_in, patterns_of
from libconsortium.load_steps.report_reading.wording import (
    cleared,
    pattern,
    strength_of,
)

YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
"""A year in a heading or a name."""

LEAST_COLUMNS = 2
"""With fewer cells a row is a title, with fewer columns there is nothing to add up."""

_ROMAN = re.compile(r"[ivx]+\.?|[a-zđ][.)]?")
_UNIT_PLACES = tuple(
    # «Sách (bản)», «Số tiền, đồng», «đồng»
    re.compile(one)
    for one in (r"\(([^)]*)\)\s*$", r"[:,]\s*([^:,]*)$", r"^\s*(\S+(?:\s+\S+)?)\s*$")
)

Cells = tuple[object, ...]
Rows = Sequence[tuple[int, Cells]]


@attrs.frozen(kw_only=True)
class Column:
    """A column of figures.

    Args:
        place: Its number from 0.
        heading: Its heading.
        unit: What its heading says it counts; empty if nothing.
        family: What may be added up with it; empty if unknown.
        scale: What its heading multiplies by («triệu đồng»).
        period: The year of its heading.
        is_summed: Whether its figures may be added up.
        is_total: Whether its heading calls it the total of the others.
    """

    place: int
    heading: str
    unit: str = ""
    family: str = ""
    scale: Fraction = Fraction(1)
    period: Period | None = None
    is_summed: bool = True
    is_total: bool = False


def headed(rows: Rows, words: Vocabulary) -> tuple[tuple[str, ...], Rows]:
    """Return the headings of a table, and the rows below them."""
    for index, (_, cells) in enumerate(rows[:3]):
        filled = [cell for cell in cells if str(cell).strip()]
        if len(filled) < LEAST_COLUMNS:
            continue  # a title over the table
        is_heading = all(
            number_in(cell, words) is None or YEAR.fullmatch(str(cell).strip()) for cell in filled
        )
        if is_heading:
            return tuple(str(cell).strip() for cell in cells), rows[index + 1 :]
        return (), rows[index:]
    return (), rows


def _heading(headings: Sequence[str], place: int) -> str:
    return headings[place] if place < len(headings) else ""


def label_column(headings: Sequence[str], body: Rows, words: Vocabulary) -> int | None:
    """Return the first column that mostly names what its row is about; ``None`` if none does."""
    width = max((len(cells) for _, cells in body), default=0)

    def texts(place: int) -> int:
        cells = [cells[place] for _, cells in body if place < len(cells)]
        return sum(_is_name(str(cell), words) and not _is_ordinal(str(cell)) for cell in cells)

    counts = [
        0 if _names(_heading(headings, place), words, "ordinal", "unit_column") else texts(place)
        for place in range(width)
    ]
    most = max(counts, default=0)
    return next((place for place in range(width) if counts[place] * 2 > most > 0), None)


def _is_name(cell: str, words: Vocabulary) -> bool:
    text = cell.strip()
    return bool(text) and (number_in(text, words) is None or YEAR.fullmatch(text) is not None)


def _is_ordinal(cell: str) -> bool:
    return _ROMAN.fullmatch(cell.strip().lower()) is not None


def _names(heading: str, words: Vocabulary, *roles: str) -> bool:
    said = levelled(heading).strip(" .:*")
    return any(pattern(words.roles.get(role, ())).fullmatch(said) for role in roles)


def unit_column(headings: Sequence[str], words: Vocabulary) -> int | None:
    """Return the column that names units; ``None`` if none does."""
    return next(
        (place for place, text in enumerate(headings) if _names(text, words, "unit_column")), None
    )


def is_figures(
    place: int, headings: Sequence[str], body: Rows, label: int | None, words: Vocabulary
) -> bool:
    """Say whether a column holds figures, not running numbers or units."""
    heading = _heading(headings, place)
    if _names(heading, words, "ordinal", "unit_column"):
        return False
    cells = [cells[place] for _, cells in body if place < len(cells) and str(cells[place]).strip()]
    numbers = [number for cell in cells if (number := number_in(cell, words)) is not None]
    values = [number.quantity.number for number in numbers]
    counts = [Fraction(one) for one in range(1, len(values) + 1)]
    if not heading and label is not None and place < label and values == counts:
        return False
    return bool(numbers)


def column_of(place: int, headings: Sequence[str], words: Vocabulary) -> Column:
    """Return what the heading of a column says about its figures."""
    heading = _heading(headings, place)
    said = levelled(heading)
    year = YEAR.search(said)
    no_sum = pattern(words.roles.get("no_sum", ()))
    bare = YEAR.sub(" ", said).strip(" .:()-")
    unit, family, scale = unit_said(said, words)
    is_year = year is not None and no_sum.fullmatch(bare) is not None
    return Column(
        place=place,
        heading=heading,
        unit=unit,
        family=family,
        scale=scale,
        period=Period.of_years(int(year[0])) if year else None,
        is_summed=is_year or no_sum.search(bare) is None,
        is_total=strength_of(cleared(bare, words), words) != "",
    )


def unit_said(said: str, words: Vocabulary) -> tuple[str, str, Fraction]:
    """Return the unit, its family and the scale that a heading or label names in its words."""
    patterns = patterns_of(words)
    scale = Fraction(1)
    named = next((found[1] for one in _UNIT_PLACES if (found := one.search(said))), "")
    place = 0
    while word := patterns.scale.match(named, place):
        scale *= words.scales[" ".join(word["word"].split())]
        place = word.end()
    currency = patterns.currency.match(named, place)
    if currency:
        code = words.currencies[" ".join(currency["word"].split())]
        return code, code, scale
    if patterns.percent.match(named):
        return "%", "%", Fraction(1)
    counted = patterns.unit.match(named)
    if counted:
        unit = words.units[" ".join(counted["word"].split())]
        return unit, words.families[unit], Fraction(1)
    return "", "", Fraction(1)


def number_in(cell: object, words: Vocabulary) -> Number | None:
    """Read a cell that is nothing but one figure, perhaps with its unit."""
    if isinstance(cell, bool):
        return None
    if isinstance(cell, int | float):
        return _as_number(Fraction(str(cell))) if cell >= 0 else None
    text = levelled(str(cell)).strip()
    bare = masked(text, words)[0]
    found = list(numbers_in(bare, words))
    if len(found) != 1 or found[0].end - found[0].start < len(text) - 1:
        return None
    return found[0]


def _as_number(value: Fraction) -> Number:
    return Number(
        start=0,
        end=0,
        quantity=Quantity(number=value),
        unit="",
        family="",
        step=Fraction(1, value.denominator),
        is_rounded=False,
        digits=0,
        bare_end=0,
    )
