"""The SET steps stay within the few words that every engine reads alike."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlglot
from sqlglot import exp

from libconsortium.catalogue_steps import sql
from libconsortium.catalogue_steps.update import delta_sql

_ALLOWED = (
    # the frame of a query
    exp.Select, exp.From, exp.Join, exp.Where, exp.Group, exp.Having, exp.Order, exp.Ordered,
    exp.Union, exp.Distinct, exp.Subquery,
    # names and values
    exp.Table, exp.TableAlias, exp.Column, exp.Identifier, exp.Alias, exp.Literal, exp.Star,
    # comparing
    exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.Is, exp.Null, exp.And, exp.Paren,
    # counting
    exp.Count, exp.Min, exp.Max, exp.Coalesce,
    # sums and differences of whole numbers, of 32 or 64 bits
    exp.Sum, exp.Sub, exp.Cast, exp.DataType,
)  # fmt: skip
_PLACES = {
    "cap": 100,
    "crowd": 1_000,
    "labels": "labels_0",
    "threshold": "9.1e-01",
    "low": 0,
    "high": 9,
}


def _texts() -> Iterator[tuple[str, str]]:
    named = [(f"delta {name}", value) for name, value in vars(delta_sql).items()]
    for name, value in (*vars(sql).items(), *named):
        if name.startswith(("_", "delta _")) or name == "ONLY_FOR_PAIRS":
            continue
        if isinstance(value, tuple):
            whose = f"{name} " if name.startswith("delta") else ""
            yield from ((f"{whose}{step}", text) for step, text in value)
        elif isinstance(value, str):
            # What a MAP step reads is a query in brackets with a name behind it.
            is_source = value.strip().startswith("(")
            yield name, f"select * from {value}" if is_source else value  # noqa: S608 - ours


_TEXTS = dict(_texts())


def _strangers(text: str) -> set[str]:
    """Name what a text uses beyond the subset."""
    tree = sqlglot.parse_one(text.format(**_PLACES), read="duckdb")
    found = {type(node).__name__ for node in tree.walk() if not isinstance(node, _ALLOWED)}
    for join in tree.find_all(exp.Join):
        on = join.args.get("on")
        found |= {"join without a condition"} if on is None else set()
        found |= {"join on an inequality" for _ in (on.find_all(*_UNEQUAL) if on else ())}
        found |= {join.side} - {"", "LEFT"}
    kinds = {node.to.sql() for node in tree.find_all(exp.Cast)}
    found |= {"Cast"} if kinds - {"INT", "BIGINT"} else set()
    if any(literal.is_string and literal.this for literal in tree.find_all(exp.Literal)):
        found.add("a text compared")
    return found


_UNEQUAL = (exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.Or, exp.Not)


@pytest.mark.parametrize("name", sorted(_TEXTS))
def test_a_step_stays_in_the_subset(name: str) -> None:
    assert _strangers(_TEXTS[name]) == set()


def test_there_are_steps() -> None:
    assert {"pairs", "nearest", "CLUSTERS", "MATRIX", "TO_COMPARE", "NEXT_LABELS"} <= set(_TEXTS)


@pytest.mark.parametrize(
    ("text", "stranger"),
    [
        ("select lower(title) from t", "Lower"),
        ("select trim(title) from t", "Trim"),
        ("select hash(title) as h from t", "Anonymous"),
        ("select md5(title) from t", "MD5"),
        ("select regexp_replace(title, 'a', 'b') from t", "RegexpReplace"),
        ("select title || 'x' from t", "DPipe"),
        ("select least(a, b) from t", "Least"),
        ("select cast(a as double) as a from t", "Cast"),
        ("select a / b as c from t", "Div"),
        ("select row_number() over (order by a) from t", "Window"),
        ("select a / b from t", "Div"),
        ("select cast(a as text) from t", "Cast"),
        ("select a from t limit 1", "Limit"),
        ("select a.x from t as a join u as b on a.x < b.x", "join on an inequality"),
        ("select a.x from t as a cross join u as b", "join without a condition"),
        ("select a.x from t as a full join u as b on a.x = b.x", "FULL"),
        ("select a from t where title = 'x'", "a text compared"),
        ("select a from t where title like 'x%'", "Like"),
        ("with q as (select a from t) select a from q", "With"),
    ],
)
def test_what_engines_read_differently_is_found(text: str, stranger: str) -> None:
    assert stranger in _strangers(text)


@pytest.mark.parametrize("name", sorted(_TEXTS))
@pytest.mark.parametrize("engine", ["spark", "clickhouse", "postgres", "trino"])
def test_a_step_can_be_said_to_other_engines(name: str, engine: str) -> None:
    text = _TEXTS[name].format(**_PLACES)

    (said,) = sqlglot.transpile(
        text, read="duckdb", write=engine, unsupported_level=sqlglot.ErrorLevel.RAISE
    )

    assert isinstance(sqlglot.parse_one(said, read=engine), exp.Query)
