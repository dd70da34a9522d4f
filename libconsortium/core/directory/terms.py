"""Terms of office of a federation's board, and who held which office."""

from __future__ import annotations

from datetime import date

import attrs


@attrs.frozen(kw_only=True)
class Term:
    """The years for which a federation's board is elected.

    Args:
        federation: Id of the federation.
        label: The term as people write it: ``2020-2022``.
        first_year: First calendar year, 0 if not known.
        last_year: Last calendar year, 0 if not known.
        source: Where this is written.

    >>> Term(federation="delta", label="2020-2022", first_year=2020, last_year=2022).label
    '2020-2022'
    """

    federation: str
    label: str
    first_year: int = 0
    last_year: int = 0
    source: str = ""


@attrs.frozen(kw_only=True)
class Office:
    """An office of a federation, held by one of its members (a library, not a person).

    Args:
        federation: Id of the federation.
        office: The office: ``chair``, ``vice-chair``.
        holder: Id of the library or body that holds it.
        term: Label of the term it belongs to; empty if the office goes with the post.
        valid_from: First day, or ``None`` for the whole term.
        valid_to: Last day, or ``None`` for the whole term.
        source: Where this is written.

    >>> Office(federation="delta", office="chair", holder="lib-a", term="2020-2022").holder
    'lib-a'
    """

    federation: str
    office: str
    holder: str
    term: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    source: str = ""
