"""Checks a directory's identifiers with the schemes that plugins know."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Protocol

from libconsortium.core.directory.directory import Directory
from libconsortium.core.directory.identifiers import Identifier
from libconsortium.core.messages import Message
from libconsortium.core.problems import Place, Problem, Severity


class Scheme(Protocol):
    """What is asked of an identifier scheme; the contribution ``IdentifierScheme`` has it."""

    @property
    def name(self) -> str:
        """Name of the scheme."""

    @property
    def normalise(self) -> Callable[[str], str | None]:
        """Gives the normal form of a value, or ``None`` if it is not valid."""

    @property
    def refuses(self) -> Callable[[str], Message | None] | None:
        """Gives the reason why a value must not be stored, or ``None``."""


def identifier_problems(directory: Directory, schemes: Iterable[Scheme]) -> tuple[Problem, ...]:
    """Return what is wrong with the identifiers of a directory.

    Codes: ``IDENTIFIER_SCHEME`` (nobody knows the scheme), ``IDENTIFIER_REFUSED`` (the value
    must not be stored; it is not repeated), ``IDENTIFIER_INVALID``, ``IDENTIFIER_FORM`` (valid,
    but not written in the normal form).

    >>> found = Directory.of([Identifier(owner="lib-a", scheme="isli", value="VN-1")])
    >>> [problem.code for problem in identifier_problems(found, [])]
    ['IDENTIFIER_SCHEME']
    """
    known = {scheme.name: scheme for scheme in schemes}
    return tuple(
        problem
        for identifier in directory.of_kind(Identifier)
        for problem in _problems(identifier, known)
    )


def _problems(identifier: Identifier, known: Mapping[str, Scheme]) -> Iterator[Problem]:
    where = Place(source="identifiers", record=f"{identifier.owner} {identifier.scheme}")
    scheme = known.get(identifier.scheme)
    if scheme is None:
        yield Problem(
            code="IDENTIFIER_SCHEME",
            where=where,
            what=Message("no identifier scheme called {name!r}", name=identifier.scheme),
            advice=_suggestion(identifier.scheme, known),
        )
        return
    reason = scheme.refuses(identifier.value) if scheme.refuses else None
    normal = scheme.normalise(identifier.value)
    if reason is not None:
        yield Problem(code="IDENTIFIER_REFUSED", where=where, what=reason, severity=Severity.ERROR)
    elif normal is None:
        yield Problem(
            code="IDENTIFIER_INVALID",
            where=where,
            what=Message("{value!r} is not valid", value=identifier.value),
            severity=Severity.ERROR,
        )
    elif normal != identifier.value:
        yield Problem(
            code="IDENTIFIER_FORM",
            where=where,
            what=Message("{value!r} is written {normal!r}", value=identifier.value, normal=normal),
            severity=Severity.INFO,
        )


def _suggestion(name: str, known: Mapping[str, Scheme]) -> Message:
    near = get_close_matches(name, known, n=1)
    return Message("did you mean {near!r}?", near=near[0]) if near else Message("")
