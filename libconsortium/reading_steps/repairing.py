"""Repairs the texts of a record; every change is shown before and after."""

from __future__ import annotations

from collections.abc import Iterable
from operator import attrgetter

import attrs

from libconsortium.contributions import TextRepair
from libconsortium.core.catalogue.records import BibRecord
from libconsortium.core.catalogue.repairs import TEXT_FIELDS, loss_problem, repair_problem
from libconsortium.core.problems import Problem

_SEVERAL = tuple(
    field.name
    for field in attrs.fields(BibRecord)
    if field.name in TEXT_FIELDS and field.default == ()
)
_SINGLE = tuple(name for name in TEXT_FIELDS if name not in _SEVERAL)
_several_of, _single_of = attrgetter(*_SEVERAL), attrgetter(*_SINGLE)


def repaired(record: BibRecord, repairs: Iterable[TextRepair]) -> BibRecord:
    """Return a record with its texts repaired, and a problem for every change and every loss.

    Args:
        record: The record; it stays as it is, and so does what is stored.
        repairs: What to repair, in this order.

    >>> from libconsortium.core.catalogue.repairs import RepairedText
    >>> repair = TextRepair(
    ...     name="case",
    ...     repair=lambda text: RepairedText(text=text.lower()),
    ...     concerns=lambda text: not text.islower(),
    ...     stage=60,
    ... )
    >>> book = repaired(BibRecord(source="a", identifier="1", titles=("TÔ",)), [repair])
    >>> book.titles, [str(problem) for problem in book.problems]
    (('tô',), ["a: 1: titles: case: 'TÔ' is read as 'tô'"])
    """
    together = "\n".join(texts_of(record))
    for repair in repairs:
        if repair.concerns(together):
            record = _repaired(record, repair)
            together = "\n".join(texts_of(record))
    return record


def texts_of(record: BibRecord) -> tuple[str, ...]:
    """Return every text of a record.

    >>> texts_of(BibRecord(source="a", identifier="1", titles=("A",), edition="2"))
    ('A', '2')
    """
    found: list[str] = []
    for texts in _several_of(record):
        found += texts
    found += filter(None, _single_of(record))
    return tuple(found)


def _repaired(record: BibRecord, repair: TextRepair) -> BibRecord:
    changes: dict[str, tuple[str, ...] | str] = {}
    problems: list[Problem] = []
    for name in _SEVERAL:
        before = getattr(record, name)
        if before:
            after = tuple(_text(record, name, text, repair, problems) for text in before)
            if after != before:
                changes[name] = after
    for name in _SINGLE:
        before = getattr(record, name)
        if before and (one := _text(record, name, before, repair, problems)) != before:
            changes[name] = one
    if not problems:
        return record
    return attrs.evolve(record, **changes, problems=(*record.problems, *problems))  # type: ignore[arg-type] # each of its field's kind


def _text(
    record: BibRecord, field: str, text: str, repair: TextRepair, problems: list[Problem]
) -> str:
    if not repair.concerns(text):
        return text
    done = repair.repair(text)
    if done.text != text:
        problems.append(repair_problem(record, field, repair.name, text, done.text))
    if done.loss.template:
        problems.append(loss_problem(record, field, done.text, done.loss))
    return done.text
