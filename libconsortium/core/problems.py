"""What is wrong with data: collected beside the data, counted, never fatal."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Protocol, Self

import attrs

from libconsortium.core.messages import Message


class Severity(StrEnum):
    """How much a problem matters to the person who reads the list."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


_NO_ADVICE = Message("")


@attrs.frozen(kw_only=True)
class Place:
    """Where in the data something stands; every part may be empty when it does not apply.

    Args:
        source: A file's path, a source's name or a member's id.
        record: The record's identifier (OAI identifier, library id), empty if none.
        field: The field's name, empty if the whole record is meant.
        line: Line number from 1, or 0 if there is none.
        column: Column number from 1, or 0 if there is none.

    >>> str(Place(source="members.csv", line=3, field="fte"))
    'members.csv:3: fte'
    """

    source: str = ""
    record: str = ""
    field: str = ""
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        """Return ``source:line:column: record: field`` without the empty parts."""
        numbers = [str(number) for number in (self.line, self.column) if number]
        return ": ".join(
            part for part in (":".join([self.source, *numbers]), self.record, self.field) if part
        )


@attrs.frozen(kw_only=True)
class Problem:
    """One thing wrong with one piece of data, and what somebody can do about it.

    Args:
        code: A stable short name in capitals (``YEAR_JUMP``) to count and filter by.
        where: The place in the data.
        what: What is wrong, with the value.
        advice: What to do; empty text when the sentence says it all.
        severity: ``error`` when a figure or record could not be used.

    >>> problem = Problem(
    ...     code="BAD_YEAR",
    ...     where=Place(source="tlu", record="oai:x:1", field="date"),
    ...     what=Message("year {year} lies in the future", year=3025),
    ... )
    >>> str(problem)
    'tlu: oai:x:1: date: year 3025 lies in the future'
    """

    code: str
    where: Place
    what: Message
    advice: Message = _NO_ADVICE
    severity: Severity = Severity.WARNING

    def __str__(self) -> str:
        """Return place, fact and advice in English."""
        sentence = f"{self.where}: {self.what}"
        return f"{sentence}; {self.advice}" if self.advice.template else sentence


class ProblemsNoted(Protocol):
    """Whatever problems can be added to: a list, or what keeps very many of them elsewhere."""

    def __iadd__(self, more: Iterable[Problem], /) -> Self:
        """Add problems."""
