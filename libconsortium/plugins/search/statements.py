"""A plan as SQL; how a database says that a document has some tokens is given to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import attrs

from libconsortium import SearchCondition, SearchOrder, SearchPlan, SearchQuery, plan_of

PREFIX = "lc_search_"
"""Every table's name begins so: other programs may live in the same database."""


@attrs.frozen
class Sql:
    """A piece of SQL and the values of its places, in their order."""

    text: str
    values: tuple[object, ...] = ()


Match = Callable[[SearchCondition], Sql]
"""Says in SQL that the document ``d`` fulfils a condition."""


@attrs.frozen(kw_only=True)
class Statements:
    """The statements of one plan.

    Args:
        total: Gives how many documents fit.
        stages: Each gives rank, key and body of documents that come before those of the next one,
            at most one more than the page has.
        facets: Gives facet and value, with a tab between, and number of documents; ``None`` if
            none is counted.
    """

    total: Sql
    stages: tuple[Sql, ...]
    facets: Sql | None


def is_everything(plan: SearchPlan) -> bool:
    """Say whether a plan asks for all documents there are.

    >>> is_everything(plan_of(SearchQuery()))
    True
    """
    has_bounds = (plan.first_year, plan.last_year) != (None, None)
    return _wants_everything(plan) and not plan.unwanted and not has_bounds


def statements(plan: SearchPlan, match: Match, mark: str) -> Statements:
    """Write the statements of a plan.

    Args:
        plan: What is asked for.
        match: Says in SQL that a document fulfils a condition.
        mark: What stands for a value: ``?`` or ``%s``.

    >>> from libconsortium import parse_query, plan_of
    >>> plan = plan_of(parse_query("year:2019 kieu"))
    >>> statements(plan, lambda one: Sql("fits(d)"), "?").total.text
    'SELECT count(*) FROM lc_search_document d WHERE fits(d) AND d.year >= ? AND d.year <= ?'
    """
    fits = _where(plan, match, mark)
    document = f"{PREFIX}document"
    total = Sql(f"SELECT count(*) FROM {document} d WHERE {fits.text}", fits.values)  # noqa: S608 - our own pieces
    if is_everything(plan):
        total = Sql(f"SELECT documents FROM {PREFIX}rules")  # noqa: S608 - our own name
    return Statements(
        total=total,
        stages=tuple(_stages(plan, fits, match, mark)),
        facets=_facets(fits) if plan.counted else None,
    )


def _where(plan: SearchPlan, match: Match, mark: str) -> Sql:
    parts = [] if _wants_everything(plan) else [match(plan.wanted)]
    for one in plan.unwanted:
        unwanted = match(one)
        parts.append(Sql(f"NOT ({unwanted.text})", unwanted.values))
    if plan.first_year is not None:
        parts.append(Sql(f"d.year >= {mark}", (plan.first_year,)))
    if plan.last_year is not None:
        parts.append(Sql(f"d.year <= {mark}", (plan.last_year,)))
    return Sql(
        " AND ".join(part.text for part in parts) or "1 = 1",
        tuple(value for part in parts for value in part.values),
    )


def _wants_everything(plan: SearchPlan) -> bool:
    return plan.wanted == plan_of(SearchQuery()).wanted


def _stages(plan: SearchPlan, fits: Sql, match: Match, mark: str) -> Iterator[Sql]:
    """Write one statement for each rank: the index finds its documents, and only these are read.

    One statement for all would ask of every hit which rank it has, reading all its words.
    """
    key = "d.by_year" if plan.order == SearchOrder.YEAR else "d.by_title"
    if _wants_everything(plan) and not plan.ranks:
        yield _along(plan, fits, key, mark)
        return
    first, after = plan.after or (0, "")
    ranks = [match(one) for one in plan.ranks]
    for place in range(first, len(ranks) + 1):
        parts = [fits, *ranks[place : place + 1]]
        if better := ranks[:place]:
            parts.append(_not_among(better))
        if place == first and plan.after is not None:
            parts.append(Sql(f"{key} > {mark}", (after,)))
        yield _stage(place, key, parts, Sql(mark, (plan.limit + 1,)))


def _not_among(better: list[Sql]) -> Sql:
    return Sql(
        f"NOT EXISTS (SELECT FROM (SELECT d.number FROM {PREFIX}document d"  # noqa: S608 - our own pieces
        f" WHERE {' OR '.join(one.text for one in better)}) o WHERE o.number = d.number)",
        tuple(value for one in better for value in one.values),
    )


def _stage(place: int, key: str, parts: list[Sql], most: Sql) -> Sql:
    # Without OFFSET the database may read along the titles, hoping to meet enough hits soon.
    text = (
        f"SELECT {place}, g.sorted, b.body FROM (SELECT f.sorted, f.number FROM"  # noqa: S608 - our own pieces
        f" (SELECT {key} AS sorted, d.number FROM {PREFIX}document d"
        f" WHERE {' AND '.join(part.text for part in parts)} OFFSET 0) f"
        f" ORDER BY f.sorted LIMIT {most.text}) g"
        f" JOIN {PREFIX}document b ON b.number = g.number ORDER BY g.sorted"
    )
    return Sql(text, tuple(value for part in (*parts, most) for value in part.values))


def _along(plan: SearchPlan, fits: Sql, key: str, mark: str) -> Sql:
    """Read along the key's own index and stop when the page is full."""
    later = f" AND {key} > {mark}" if plan.after else ""
    text = (
        f"SELECT 0, {key}, d.body FROM {PREFIX}document d WHERE {fits.text}{later}"  # noqa: S608 - our own pieces
        f" ORDER BY {key} LIMIT {mark}"
    )
    values = (*fits.values, *(plan.after[1:] if plan.after else ()), plan.limit + 1)
    return Sql(text, values)


def _facets(fits: Sql) -> Sql:
    return Sql(
        f"SELECT v, count(*) FROM {PREFIX}document d, unnest(d.facets) v"  # noqa: S608 - our own pieces
        f" WHERE {fits.text} GROUP BY v",
        fits.values,
    )
