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
from libconsortium.load_steps.report_reading.grid_columns import (
    LEAST_COLUMNS,
    YEAR,
    Column,
    Rows,
    column_of,
    headed,
    is_figures,
    label_column,
    number_in,
    unit_column,
    unit_said,
)
from libconsortium.load_steps.report_reading.numbers import Number
from libconsortium.load_steps.report_reading.passages import Context
from libconsortium.load_steps.report_reading.prose import Node
from libconsortium.load_steps.report_reading.wording import (
    cleared,
    flow_of,
    pattern,
    subject_of,
    topics_of,
)


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
    headings, body = headed(rows, words)
    label = label_column(headings, body, words)
    columns = [
        column_of(place, headings, words)
        for place in range(max((len(cells) for _, cells in body), default=0))
        if place != label and is_figures(place, headings, body, label, words)
    ]
    units = unit_column(headings, words)
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
            number = number_in(cells[column.place], words) if column.place < len(cells) else None
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
    year = YEAR.search(name)
    is_all = year is not None and not re.search(r"\d", YEAR.sub("", name, count=1))
    return Period.of_years(int(year[0])) if year and is_all else None


def _figure(number: Number, column: Column, name: str, words: Vocabulary) -> Figure:
    said = levelled(name)
    unit, family, _ = unit_said(said, words) if not column.unit else ("", "", Fraction(1))
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
    if len(ends) != 1 or len(others) < LEAST_COLUMNS:
        return []
    return [
        Total(
            stated=row[ends[0].place],
            parts=tuple(row[column.place] for column in others if column.place in row),
        )
        for row in by_row.values()
        if ends[0].place in row and sum(column.place in row for column in others) > 1
    ]
