"""Problems in the database: the sentences are kept as template and values, for any language."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import Connection, Row, bindparam, delete, insert, select

from libconsortium import Message, Place, Problem, Severity
from libconsortium.plugins.sql_store.schema import PROBLEM

_MOMENT = "moment"


def add_problems(connection: Connection, scope: str, problems: Iterable[Problem]) -> int:
    """Keep problems under a scope; return how many."""
    rows = [
        {
            "scope": scope,
            "code": problem.code,
            "severity": problem.severity.value,
            "source": problem.where.source,
            "record": problem.where.record,
            "field": problem.where.field,
            "line": problem.where.line,
            "column": problem.where.column,
            "what": message_to_json(problem.what),
            "advice": message_to_json(problem.advice),
        }
        for problem in problems
    ]
    if rows:
        connection.execute(insert(PROBLEM), rows)
    return len(rows)


def read_problems(
    connection: Connection, scope: str | None, code: str | None = None
) -> tuple[Problem, ...]:
    """Return the problems of a scope, or of all, in the order they were kept; see ``Store``."""
    query = select(PROBLEM).order_by(PROBLEM.c.number)
    if scope is not None:
        query = query.where(PROBLEM.c.scope == scope)
    if code is not None:
        query = query.where(PROBLEM.c.code == code)
    return tuple(map(_problem_of, connection.execute(query)))


def clear_problems(connection: Connection, scope: str) -> int:
    """Forget the problems of a scope; return how many."""
    return connection.execute(_CLEAR, {"of_scope": scope}).rowcount


_CLEAR = delete(PROBLEM).where(PROBLEM.c.scope == bindparam("of_scope"))


def message_to_json(message: Message) -> str:
    """Write a message as JSON text; moments stay moments, other values become texts.

    >>> message_to_json(Message("year {year}", year=2019))
    '{"template": "year {year}", "values": {"year": 2019}}'
    """
    return json.dumps(_plain(message), ensure_ascii=False)


def message_from_json(text: str) -> Message:
    """Read a message back.

    >>> str(message_from_json(message_to_json(Message("year {year!r}", year="2019"))))
    "year '2019'"
    """
    return _message(json.loads(text))


def _plain(value: object) -> object:
    if isinstance(value, Message):
        values = {name: _plain(inner) for name, inner in value.values}
        return {"template": value.template, "values": values}
    if isinstance(value, date):
        return {_MOMENT: value.isoformat()}
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def _message(read: dict[str, object]) -> Message:
    values = read["values"]
    found = values if isinstance(values, dict) else {}
    inner = {name: _value(value) for name, value in found.items()}
    return Message(str(read["template"]), **inner)


def _value(value: object) -> object:
    if not isinstance(value, dict):
        return value
    if _MOMENT in value:  # a template may say how it is to be written
        text = str(value[_MOMENT])
        return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
    return _message(value)


def _problem_of(row: Row[tuple[object, ...]]) -> Problem:
    return Problem(
        code=row.code,
        severity=Severity(row.severity),
        where=Place(
            source=row.source,
            record=row.record,
            field=row.field,
            line=row.line,
            column=row.column,
        ),
        what=message_from_json(row.what),
        advice=message_from_json(row.advice),
    )
