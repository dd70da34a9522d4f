"""How a plan is asked of the SQLite index: by the numbers of documents, which are in title order.

A page is put together rank by rank (or year by year), and each is read only as far as the page
needs it. Only the total and the counts go through all hits, and these touch nothing but the lists
of FTS5 and a narrow table of numbers.
"""

from __future__ import annotations

import json
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cached_property
from operator import itemgetter
from typing import Any

import attrs

from libconsortium import (
    SEARCH_FACETS,
    AnyOf,
    FoundDocument,
    SearchAnswer,
    SearchCondition,
    SearchOrder,
    SearchPlan,
    SearchStream,
    TokenRun,
)
from libconsortium.plugins.search.statements import PREFIX, is_everything

DATED = "dated"
"""Column of the number of a year, and of how documents are sorted by it."""

FACET_COLUMNS = tuple(f"in_{name.replace('-', '_')}" for name in SEARCH_FACETS)
"""Columns of the numbers of a document's values of each facet."""

_FEW = 1_000  # hits that are sorted at once, whatever the order
_JOINED = f"""
FROM {PREFIX}words CROSS JOIN {PREFIX}place p ON p.number = {PREFIX}words.rowid
CROSS JOIN {PREFIX}document d ON d.row = p.row
"""
_MATCH = f"WHERE {PREFIX}words MATCH ?"
_IN_ORDER = (
    f"SELECT d.by_title, d.row {_JOINED} {_MATCH} AND {PREFIX}words.rowid > ?"
    f" AND {PREFIX}words.rowid <= ? ORDER BY {PREFIX}words.rowid LIMIT ?"
)
_BEHIND = (
    f"SELECT d.by_title, d.row {_JOINED} {_MATCH} AND {PREFIX}words.rowid > ?"
    " AND d.by_title > ? ORDER BY d.by_title LIMIT ?"
)
_BEFORE = (
    f"SELECT p.number FROM {PREFIX}document d CROSS JOIN {PREFIX}place p ON p.row = d.row"  # noqa: S608 - our own names
    " WHERE d.by_title <= ? AND p.number <= ? ORDER BY d.by_title DESC LIMIT 1"
)


def dated_token(code: int) -> str:
    """Return the token of all documents of one year.

    >>> dated_token(7)
    'zqd7'
    """
    return f"zqd{code}"


@attrs.frozen
class _Stage:
    """A part of the results that comes before the next one.

    Args:
        rank: Their rank.
        prefix: Stands before the title in their key.
        expression: Finds them.
        after: Only what comes after this title.
    """

    rank: int
    prefix: str
    expression: str
    after: str = ""


class Asking:
    """One plan, asked of one moment of the file.

    Args:
        connection: The open file, in a transaction.
        plan: The plan.
    """

    def __init__(self, connection: Any, plan: SearchPlan) -> None:  # noqa: ANN401 - of either SQLite module
        """Keep what is asked."""
        self._connection = connection
        self._plan = plan

    def answer(self) -> SearchAnswer:
        """Return what fits the plan."""
        fits = self._fits()
        if fits is None:
            return SearchAnswer(total=0, found=(), facets={name: {} for name in self._plan.counted})
        facets = self._counts(fits)
        total = self._total(fits)
        return SearchAnswer(total=total, found=tuple(self._page(fits, total)), facets=facets)

    def _rows(self, text: str, *values: object) -> list[Any]:
        return list(self._connection.execute(text, values))

    # ------------------------------------------------------------ all hits

    def _fits(self) -> str | None:
        """Return the expression that finds all hits; nothing if there can be none."""
        plan = self._plan
        expression = _expression(plan.wanted)
        if plan.first_year is not None or plan.last_year is not None:
            first = -1 if plan.first_year is None else plan.first_year
            last = plan.last_year
            codes = [
                code
                for code, _, year in self._dated
                if year is not None and first <= year and (last is None or year <= last)
            ]
            if not codes:
                return None
            expression = f"({expression}) AND ({' OR '.join(map(_of_year, codes))})"
        return _without(expression, [_expression(one) for one in plan.unwanted])

    @cached_property
    def _dated(self) -> list[tuple[int, str, int | None]]:
        """Number, sorting and year of every year there is."""
        found = []
        for code, value in self._rows(
            f"SELECT code, value FROM {PREFIX}value WHERE facet = ?",  # noqa: S608 - our own names
            DATED,
        ):
            prefix, _, year = value.rpartition("\t")
            found.append((code, prefix, int(year) if year else None))
        return found

    def _total(self, fits: str) -> int:
        if is_everything(self._plan):
            ((total,),) = self._rows(f"SELECT count(*) FROM {PREFIX}place")  # noqa: S608 - our own name
            return int(total)
        ((total,),) = self._rows(f"SELECT count(*) FROM {PREFIX}words {_MATCH}", fits)  # noqa: S608 - our own names
        return int(total)

    def _counts(self, fits: str) -> dict[str, Mapping[str, int]]:
        """Count the values of facets: sets of values first, each by its number."""
        columns = dict(zip(SEARCH_FACETS, FACET_COLUMNS, strict=True))
        names = [name for name in self._plan.counted if name in columns]
        counts: dict[str, Mapping[str, int]] = {name: {} for name in self._plan.counted}
        if not names:
            return counts
        found = self._rows(
            f"SELECT {', '.join(f'p.{columns[name]}' for name in names)} FROM {PREFIX}words"  # noqa: S608 - our own names
            f" CROSS JOIN {PREFIX}place p ON p.number = {PREFIX}words.rowid {_MATCH}",
            fits,
        )
        for at, name in enumerate(names):
            counts[name] = self._values(columns[name], Counter(map(itemgetter(at), found)))
        return counts

    def _values(self, column: str, sets: Mapping[int, int]) -> Mapping[str, int]:
        counts = Counter[str]()
        for code, value in self._rows(
            f"SELECT code, value FROM {PREFIX}value WHERE facet = ?",  # noqa: S608 - our own names
            column,
        ):
            if code in sets:
                for one in json.loads(value):
                    counts[one] += sets[code]
        return dict(counts)

    # ------------------------------------------------------------ one page

    def _page(self, fits: str, total: int) -> Iterator[FoundDocument]:
        """Yield one result more than a page has."""
        left = self._plan.limit + 1
        if self._plan.after is None:
            left = min(left, total)
        (in_order,) = self._rows(f"SELECT in_order FROM {PREFIX}rules")[0]  # noqa: S608 - our own name
        (highest,) = self._rows(f"SELECT max(number) FROM {PREFIX}place")[0]  # noqa: S608 - our own name
        for stage in self._stages(fits, total):
            if not left:
                return
            found = self._read(stage, in_order, left)
            if highest is not None and highest > in_order:
                found += self._rows(_BEHIND, stage.expression, in_order, stage.after, left)
                found.sort()
            for title, row in found[:left]:
                left -= 1
                yield FoundDocument(
                    rank=stage.rank, key=f"{stage.prefix}{title}", body=self._body(row)
                )

    def _read(self, stage: _Stage, in_order: int, most: int) -> list[tuple[str, int]]:
        before = self._rows(_BEFORE, stage.after, in_order) if stage.after else []
        first = before[0][0] if before else 0
        return self._rows(_IN_ORDER, stage.expression, first, in_order, most)

    def _stages(self, fits: str, total: int) -> Iterator[_Stage]:
        if self._plan.order == SearchOrder.YEAR:
            return self._years(fits, total)
        return self._ranks(fits)

    def _ranks(self, fits: str) -> Iterator[_Stage]:
        first, after = self._plan.after or (0, "")
        ranks = [_expression(one) for one in self._plan.ranks]
        for place in range(first, len(ranks) + 1):
            better = ranks[:place]
            here = f"({fits}) AND {ranks[place]}" if place < len(ranks) else fits
            yield _Stage(place, "", _without(here, better), after if place == first else "")

    def _years(self, fits: str, total: int) -> Iterator[_Stage]:
        _, after = self._plan.after or (0, "")
        years: dict[str, list[int]] = {}
        wanted = self._years_of(fits) if total <= _FEW else None
        for code, prefix, _ in self._dated:
            if wanted is None or code in wanted:
                years.setdefault(prefix, []).append(code)
        for prefix in sorted(years):
            # Every key of a year that is before the last one's, and not its own, is before it.
            if prefix < after and not after.startswith(prefix):
                continue
            here = f"({fits}) AND ({' OR '.join(map(_of_year, years[prefix]))})"
            rest = after.removeprefix(prefix) if after.startswith(prefix) else ""
            yield _Stage(0, prefix, here, rest)

    def _years_of(self, fits: str) -> set[int]:
        found = self._rows(
            f"SELECT DISTINCT p.{DATED} FROM {PREFIX}words"  # noqa: S608 - our own names
            f" CROSS JOIN {PREFIX}place p ON p.number = {PREFIX}words.rowid {_MATCH}",
            fits,
        )
        return {code for (code,) in found}

    def _body(self, row: int) -> str:
        ((body,),) = self._rows(f"SELECT body FROM {PREFIX}content WHERE row = ?", row)  # noqa: S608 - our own name
        return zlib.decompress(body).decode()


def _of_year(code: int) -> str:
    return f'{SearchStream.FACET.value} : "{dated_token(code)}"'


def _without(expression: str, unwanted: list[str]) -> str:
    if not unwanted:
        return expression
    return f"({expression}) NOT ({' OR '.join(unwanted)})"


def _expression(condition: SearchCondition) -> str:
    # Tokens are letters and digits of ASCII: nothing in them can mean anything to FTS5.
    if isinstance(condition, TokenRun):
        return f'{condition.stream.value} : "{" ".join(condition.tokens)}"'
    joined = " OR " if isinstance(condition, AnyOf) else " AND "
    return "(" + joined.join(map(_expression, condition.parts)) + ")"
