"""What is compared when two records may be the same publication, and what the comparison found."""

from __future__ import annotations

import attrs


@attrs.frozen(kw_only=True)
class MatchFields:
    """The fields of one record made comparable: folded for keys, the original text elsewhere.

    Args:
        record: Key of the record in the catalogue: ``source`` and identifier, joined by a tab.
        title: Main title folded (no diacritics, no case, no punctuation).
        title_written: Main title as written, in normal form C; tells ``Việt`` from ``Viết``.
        volume: Part or volume as Arabic digits, empty if none.
        creators: Folded names of the creators, each name's words sorted.
        year: Year of publication, or ``None``.
        edition: Edition as digits, empty if none.
        type: Kind of document, folded.
        identifiers: Valid standard identifiers as ``scheme:value``.
    """

    record: str
    title: str
    title_written: str = ""
    volume: str = ""
    creators: tuple[str, ...] = ()
    year: int | None = None
    edition: str = ""
    type: str = ""
    identifiers: frozenset[str] = frozenset()


@attrs.frozen(kw_only=True)
class Evidence:
    """Why two records are the same publication, or why they cannot be.

    Args:
        rule: Name of the match rule.
        score: From 0 (certainly different) to 1 (certainly the same).
        reasons: One short reason per field looked at: ``title equal``, ``year 2019 = 2019``.
        veto: The guard that forbids a merge whatever the score; empty if none does.
    """

    rule: str
    score: float
    reasons: tuple[str, ...] = ()
    veto: str = ""
