"""A plan as SQL; the databases differ only in how they say that a document has some tokens."""

from __future__ import annotations

from collections.abc import Callable

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
        page: Gives rank, key and body of the documents of the page, one more than it has.
        facets: Gives facet, value and number of documents; ``None`` if none is counted.
    """

    total: Sql
    page: Sql
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
    return Statements(
        total=Sql(f"SELECT count(*) FROM {document} d WHERE {fits.text}", fits.values),  # noqa: S608 - our own pieces
        page=_page(plan, fits, match, mark),
        facets=_facets(plan, fits, mark) if plan.counted else None,
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


def _page(plan: SearchPlan, fits: Sql, match: Match, mark: str) -> Sql:
    key = "d.by_year" if plan.order == SearchOrder.YEAR else "d.by_title"
    if _wants_everything(plan) and not plan.ranks:
        return _along(plan, fits, key, mark)
    ranks = [match(one) for one in plan.ranks]
    cases = "".join(f" WHEN {rank.text} THEN {place}" for place, rank in enumerate(ranks))
    rank = f"CASE{cases} ELSE {len(ranks)} END" if ranks else "0"
    values = [value for one in ranks for value in one.values] + list(fits.values)
    later = ""
    if plan.after is not None:
        later = f" WHERE (f.place, f.sorted) > ({mark}, {mark})"
        values += plan.after
    text = (
        f"SELECT g.place, g.sorted, b.body FROM (SELECT f.place, f.sorted, f.number FROM"  # noqa: S608 - our own pieces
        f" (SELECT {rank} AS place, {key} AS sorted, d.number AS number"
        f" FROM {PREFIX}document d WHERE {fits.text}) f{later}"
        f" ORDER BY f.place, f.sorted LIMIT {mark}) g"
        f" JOIN {PREFIX}document b ON b.number = g.number ORDER BY g.place, g.sorted"
    )
    return Sql(text, (*values, plan.limit + 1))


def _along(plan: SearchPlan, fits: Sql, key: str, mark: str) -> Sql:
    """Read along the key's own index and stop when the page is full."""
    later = f" AND {key} > {mark}" if plan.after else ""
    text = (
        f"SELECT 0, {key}, d.body FROM {PREFIX}document d WHERE {fits.text}{later}"  # noqa: S608 - our own pieces
        f" ORDER BY {key} LIMIT {mark}"
    )
    values = (*fits.values, *(plan.after[1:] if plan.after else ()), plan.limit + 1)
    return Sql(text, values)


def _facets(plan: SearchPlan, fits: Sql, mark: str) -> Sql:
    names = ", ".join(mark for _ in plan.counted)
    text = (
        f"SELECT v.facet, v.value, count(*) FROM {PREFIX}facet v WHERE v.facet IN ({names})"  # noqa: S608 - our own pieces
        f" AND v.document IN (SELECT d.number FROM {PREFIX}document d WHERE {fits.text})"
        f" GROUP BY v.facet, v.value"
    )
    return Sql(text, (*plan.counted, *fits.values))
