"""Figures in tables: one column after the other, with the row's and the column's own words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

import attrs

from libconsortium.core.directory.quantities import Quantity
from libconsortium.core.problems import Place
from libconsortium.core.reconciliation.periods import Period
from libconsortium.core.reconciliation.readings import Figure, Role, Total
from libconsortium.core.reconciliation.vocabulary import Vocabulary, levelled
from libconsortium.load_steps.report_reading.blocks import level_of
from libconsortium.load_steps.report_reading.marks import masked
from libconsortium.load_steps.report_reading.numbers import Number, numbers_in, patterns_of
from libconsortium.load_steps.report_reading.passages import Context
from libconsortium.load_steps.report_reading.prose import Node
from libconsortium.load_steps.report_reading.wording import (
    cleared,
    flow_of,
    pattern,
    strength_of,
    subject_of,
    topics_of,
)

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_ROMAN = re.compile(r"[ivx]+\.?|[a-zđ][.)]?")
_UNIT_PLACES = tuple(
    # «Sách (bản)», «Số tiền, đồng», «đồng»
    re.compile(one)
    for one in (r"\(([^)]*)\)\s*$", r"[:,]\s*([^:,]*)$", r"^\s*(\S+(?:\s+\S+)?)\s*$")
)
_LEAST_COLUMNS = 2

Cells = tuple[object, ...]
Rows = Sequence[tuple[int, Cells]]


@attrs.frozen(kw_only=True)
class Column:
    """A column of figures.

    Args:
        place: Its number from 0.
        heading: Its heading.
        unit: What its heading says it counts; empty if nothing.
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


def grid_nodes(
    rows: Rows, words: Vocabulary, context: Context, *, block: int, sentences: int
) -> tuple[list[Node], list[Total]]:
    """Return the figures of a table, column by column, and the totals of its rows.

    Args:
        rows: Line number and cells of each row; the first may hold the headings.
        words: The language.
        context: What the text before the table says for it.
        block: The number of the table among the blocks.
        sentences: How many sentences stand before it.
    """
    headings, body = _headed(rows, words)
    label = _label_column(headings, body, words)
    columns = [
        _column(place, headings, words)
        for place in range(max((len(cells) for _, cells in body), default=0))
        if place != label and _is_figures(place, headings, body, label, words)
    ]
    units = _unit_column(headings, words)
    nodes: list[Node] = []
    by_row: dict[int, dict[int, Figure]] = {}
    for column, index, figure in _figures(columns, body, (label, units), words, context):
        by_row.setdefault(index, {})[column.place] = figure
        cells = body[index][1]
        level, bare = level_of(_text_at(cells, label), str(cells[label - 1]) if label else "")
        nodes.append(
            Node(
                figure=figure,
                block=block + index,
                sentence=sentences + index,
                section=context.section,
                level=level,
                strength="total" if _is_total(bare, words) else "",
                opens=_opens(bare, index, body, label, words),
                to_end=True,
                is_row=True,
                stream=f"table {block} column {column.place}" if column.is_summed else "%",
            )
        )
    return nodes, list(_row_totals(columns, by_row))


def _figures(
    columns: Iterable[Column],
    body: Rows,
    places: tuple[int | None, int | None],
    words: Vocabulary,
    context: Context,
) -> Iterator[tuple[Column, int, Figure]]:
    """Yield the figures column by column, with the number of the row; places: of label and unit."""
    label, units = places
    for column in columns:
        for index, (line, cells) in enumerate(body):
            number = _cell(cells[column.place], words) if column.place < len(cells) else None
            if number is None:
                continue
            name, unit = _text_at(cells, label), _text_at(cells, units)
            figure = _figure(number, column, f"{name} ({unit})" if unit else name, words)
            year = _year_of(name)
            yield (
                column,
                index,
                attrs.evolve(
                    figure,
                    where=Place(source=context.source, line=line),
                    period=column.period or year or context.period,
                    has_own_period=figure.has_own_period or year is not None,
                    flow=figure.flow or context.flow,
                    event=context.event,
                ),
            )


def _text_at(cells: Sequence[object], place: int | None) -> str:
    return str(cells[place]) if place is not None and place < len(cells) else ""


def _year_of(name: str) -> Period | None:
    """Return the year of a row that is named after one."""
    year = _YEAR.search(name)
    is_all = year is not None and not re.search(r"\d", _YEAR.sub("", name, count=1))
    return Period.of_years(int(year[0])) if year and is_all else None


def _headed(rows: Rows, words: Vocabulary) -> tuple[tuple[str, ...], Rows]:
    for index, (_, cells) in enumerate(rows[:3]):
        filled = [cell for cell in cells if str(cell).strip()]
        if len(filled) < _LEAST_COLUMNS:
            continue  # a title over the table
        is_heading = all(
            _cell(cell, words) is None or _YEAR.fullmatch(str(cell).strip()) for cell in filled
        )
        if is_heading:
            return tuple(str(cell).strip() for cell in cells), rows[index + 1 :]
        return (), rows[index:]
    return (), rows


def _heading(headings: Sequence[str], place: int) -> str:
    return headings[place] if place < len(headings) else ""


def _label_column(headings: Sequence[str], body: Rows, words: Vocabulary) -> int | None:
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
    return bool(text) and (_cell(text, words) is None or _YEAR.fullmatch(text) is not None)


def _is_ordinal(cell: str) -> bool:
    return _ROMAN.fullmatch(cell.strip().lower()) is not None


def _names(heading: str, words: Vocabulary, *roles: str) -> bool:
    said = levelled(heading).strip(" .:*")
    return any(pattern(words.roles.get(role, ())).fullmatch(said) for role in roles)


def _unit_column(headings: Sequence[str], words: Vocabulary) -> int | None:
    return next(
        (place for place, text in enumerate(headings) if _names(text, words, "unit_column")), None
    )


def _is_figures(
    place: int, headings: Sequence[str], body: Rows, label: int | None, words: Vocabulary
) -> bool:
    heading = _heading(headings, place)
    if _names(heading, words, "ordinal", "unit_column"):
        return False
    cells = [cells[place] for _, cells in body if place < len(cells) and str(cells[place]).strip()]
    numbers = [number for cell in cells if (number := _cell(cell, words)) is not None]
    values = [number.quantity.number for number in numbers]
    counts = [Fraction(one) for one in range(1, len(values) + 1)]
    if not heading and label is not None and place < label and values == counts:
        return False
    return bool(numbers)


def _column(place: int, headings: Sequence[str], words: Vocabulary) -> Column:
    heading = _heading(headings, place)
    said = levelled(heading)
    year = _YEAR.search(said)
    no_sum = pattern(words.roles.get("no_sum", ()))
    bare = _YEAR.sub(" ", said).strip(" .:()-")
    unit, family, scale = _unit_said(said, words)
    is_year = (
        year is not None and pattern(words.roles.get("no_sum", ())).fullmatch(bare) is not None
    )
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


def _unit_said(said: str, words: Vocabulary) -> tuple[str, str, Fraction]:
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
    return "", "", scale if currency else Fraction(1)


def _cell(cell: object, words: Vocabulary) -> Number | None:
    """Read a cell that is nothing but one figure, perhaps with its unit."""
    if isinstance(cell, bool):
        return None
    if isinstance(cell, int | float):
        return _number(Fraction(str(cell))) if cell >= 0 else None
    text = levelled(str(cell)).strip()
    bare = masked(text, words)[0]
    found = list(numbers_in(bare, words))
    if len(found) != 1 or found[0].end - found[0].start < len(text) - 1:
        return None
    return found[0]


def _number(value: Fraction) -> Number:
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


def _figure(number: Number, column: Column, name: str, words: Vocabulary) -> Figure:
    said = levelled(name)
    unit, family, _ = _unit_said(said, words) if not column.unit else ("", "", Fraction(1))
    quantity = number.quantity
    if column.scale != 1 and not number.unit:
        quantity = attrs.evolve(
            quantity,
            number=quantity.number * column.scale,
            upper=quantity.upper * column.scale if quantity.upper else None,
        )
    label = name if column.period or not column.heading else f"{name} · {column.heading}"
    is_expected = pattern(words.roles.get("expected", ())).search(levelled(column.heading))
    return Figure(
        quantity=quantity,
        unit=number.unit or column.unit or unit,
        family=number.family or column.family or family,
        label=label.strip(" ·"),
        subject=subject_of(label, words),
        written=_written(number, quantity),
        role=Role.EXPECTED if is_expected else Role.LINE,
        topics=topics_of(cleared(said, words), words),
        flow=flow_of(cleared(said, words), words)[0],
        has_own_period=column.period is not None,
        step=number.step * column.scale if not number.unit else number.step,
        is_rounded=number.is_rounded,
        is_cell=True,
    )


def _written(number: Number, quantity: Quantity) -> str:
    unit = f" {number.unit}" if number.unit else ""
    return f"{quantity}{unit}"


def _is_total(name: str, words: Vocabulary) -> bool:
    said = cleared(levelled(name), words).strip(" .:*-–()")
    listed = (*words.roles.get("total", ()), *words.roles.get("sum", ()))
    return pattern(listed).match(said) is not None


def _opens(name: str, index: int, body: Rows, label: int | None, words: Vocabulary) -> str:
    said = levelled(name)
    some = pattern(words.roles.get("some", ()))
    whole = pattern(words.roles.get("whole", ()))
    following = ""
    if label is not None and index + 1 < len(body) and label < len(body[index + 1][1]):
        following = levelled(str(body[index + 1][1][label]))
    if some.search(said) or some.match(following.lstrip(" -+•(")):
        return "some"
    if whole.search(said) or whole.match(following.lstrip(" -+•(")):
        return "whole"
    return ""


def _row_totals(columns: Sequence[Column], by_row: dict[int, dict[int, Figure]]) -> list[Total]:
    """Return the totals of rows, where one column is called the total of the others."""
    ends = [column for column in columns if column.is_total]
    others = [column for column in columns if not column.is_total and column.is_summed]
    if len(ends) != 1 or len(others) < _LEAST_COLUMNS:
        return []
    return [
        Total(
            stated=row[ends[0].place],
            parts=tuple(row[column.place] for column in others if column.place in row),
        )
        for row in by_row.values()
        if ends[0].place in row and sum(column.place in row for column in others) > 1
    ]
