"""Reads the items of COUNTER reports in JSON into rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import attrs

from libconsortium import (
    Institution,
    Message,
    Place,
    Problem,
    Severity,
    UsageEvent,
    UsageItem,
    sorted_pairs,
)
from libconsortium.plugins.counter.counting import Counting
from libconsortium.plugins.counter.json_headers import institution_of, item_identifiers, text_in
from libconsortium.plugins.counter.standard import ATTRIBUTES, NAMED, NOT_KEPT, month_of

_STRUCTURE = frozenset(
    {
        *NAMED.values(), *ATTRIBUTES, *NOT_KEPT, "Platform", "Publisher", "Item_ID", "Item_Name",
        "Item_Parent", "Item_Component", "Items", "Components", "Performance",
        "Attribute_Performance", "Customer_ID", "Institution_Name",
    }
)  # fmt: skip


def item_events(
    told: object, counting: Counting, place: Place, parent: str = ""
) -> Iterator[UsageEvent]:
    """Yield the rows of one item, of the items inside it and of its components.

    Args:
        told: One element of ``Report_Items``.
        counting: The report's counting.
        place: Where the item stands.
        parent: Title of the journal or book it stands in.

    >>> from libconsortium import UsageReport
    >>> counting = Counting(source="x", header=UsageReport(report="PR", release="5.1"))
    >>> performance = {"Searches_Platform": {"2025-01": 3, "2025-02": 0}}
    >>> told = {"Platform": "P", "Attribute_Performance": [{"Performance": performance}]}
    >>> [(row.month, row.count) for row in item_events(told, counting, Place())]
    [('2025-01', 3)]
    """
    if not isinstance(told, dict):
        counting.bad += 1
        yield _without_figures(place)
        return
    is_read = False
    for inner in _objects(told.get("Items")):
        is_read = True
        yield from item_events(inner, counting, place, parent=_name(told))
    yield from _rows_of(told, told, counting, place, parent)
    is_read = is_read or _has_figures(told)
    for component in (*_objects(told.get("Item_Component")), *_objects(told.get("Components"))):
        whole = {name: value for name, value in told.items() if not name.endswith("Performance")}
        yield from _rows_of(component, whole, counting, place, parent)
        is_read = True
    if not is_read:
        counting.bad += 1
        yield _without_figures(place)


def _rows_of(
    told: Mapping[str, object],
    whole: Mapping[str, object],
    counting: Counting,
    place: Place,
    parent: str,
) -> Iterator[UsageEvent]:
    component = "" if told is whole else _component(told)
    for attributes, performance in _figures(told):
        described = {**whole, **attributes}
        institution = institution_of(described, counting.header.institution)
        item = _usage_item(described, parent or _parent(whole), component)
        yield from _performance(performance, institution, item, counting, place)


def _figures(told: Mapping[str, object]) -> Iterator[tuple[Mapping[str, object], object]]:
    """Yield what breaks usage down, with the usage broken down by it."""
    for part in _objects(told.get("Attribute_Performance")):
        yield part, part.get("Performance")
    if "Performance" in told:
        yield {name: told[name] for name in ATTRIBUTES if name in told}, told["Performance"]


def _has_figures(told: Mapping[str, object]) -> bool:
    return any(isinstance(performance, dict | list) for _, performance in _figures(told))


def _performance(
    performance: object,
    institution: Institution,
    item: UsageItem,
    counting: Counting,
    place: Place,
) -> Iterator[UsageEvent]:
    for written, month, count in _counts(performance):
        metric = ""
        for event in counting.metric(written, place):
            if isinstance(event, str):
                metric = event
            else:
                yield event
        found = month_of(month) if isinstance(month, str) else None
        if metric and found:
            yield from counting.row(
                item, place, institution=institution, metric=metric, month=found, written=count
            )
        elif metric:
            counting.bad += 1
            yield _no_month(place, month)


def _counts(performance: object) -> Iterator[tuple[object, object, object]]:
    """Yield metric, month and count; the month is what was written if it is none."""
    if isinstance(performance, dict):  # release 5.1
        for metric, months in performance.items():
            for month, count in months.items() if isinstance(months, dict) else [("", months)]:
                yield metric, month, count
    for part in _objects(performance):  # release 5
        month = _month_in(part.get("Period"))
        for instance in _objects(part.get("Instance")):
            yield instance.get("Metric_Type"), month, instance.get("Count")


def _month_in(period: object) -> object:
    if not isinstance(period, dict):
        return None
    begin, end = period.get("Begin_Date"), period.get("End_Date")
    return begin if month_of(begin) == month_of(end or begin) else f"{begin} to {end}"


def _usage_item(told: Mapping[str, object], parent: str, component: str) -> UsageItem:
    others = {
        name: text_in(value)
        for name, value in told.items()
        if name not in _STRUCTURE and isinstance(value, str | int)
    }
    return UsageItem(
        platform=text_in(told.get("Platform")),
        title=_name(told),
        publisher=text_in(told.get("Publisher")),
        identifiers=item_identifiers(told.get("Item_ID")),
        parent=parent,
        data_type=text_in(told.get("Data_Type")),
        section_type=text_in(told.get("Section_Type")),
        yop=text_in(told.get("YOP")),
        access_type=text_in(told.get("Access_Type")),
        access_method=text_in(told.get("Access_Method")),
        others=sorted_pairs(others),
        component=component,
    )


def _name(told: Mapping[str, object]) -> str:
    return next(
        (text_in(told[name]) for name in (*NAMED.values(), "Item_Name") if told.get(name)), ""
    )


def _parent(told: Mapping[str, object]) -> str:
    parent = told.get("Item_Parent")
    return next(
        (_name(one) for one in _objects([parent] if isinstance(parent, dict) else parent)), ""
    )


def _component(told: Mapping[str, object]) -> str:
    identifiers = item_identifiers(told.get("Item_ID"))
    return _name(told) or (identifiers[0][1] if identifiers else "?")


def _objects(told: object) -> Iterator[dict[str, object]]:
    for one in told if isinstance(told, list) else ():
        if isinstance(one, dict):
            yield one


def _without_figures(place: Place) -> Problem:
    return Problem(
        code="ITEM_WITHOUT_FIGURES",
        where=place,
        what=Message("this item holds no figures"),
        advice=Message("ask the supplier for the report again"),
        severity=Severity.ERROR,
    )


def _no_month(place: Place, written: object) -> Problem:
    return Problem(
        code="NOT_A_MONTH",
        where=attrs.evolve(place, field="Period"),
        what=Message("{written!r} is no month; the figure is not counted", written=written),
        advice=Message("ask the supplier for the report by month, not for totals"),
        severity=Severity.ERROR,
    )
