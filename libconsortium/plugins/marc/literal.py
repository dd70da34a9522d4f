"""Keeps texts as they are in records that have no ISBD punctuation.

Most MARC records end their subfields with the signs of ISBD, which lead to what follows and are
left out. A record whose leader says that there are none (position 18: ``c`` or ``n``) is taken at
its word: a full stop at the end belongs to the text.
"""

from __future__ import annotations

from typing import Any

import attrs

from libconsortium import BibRecord
from libconsortium.plugins.marc.records import MarcField, MarcRecord

_FORM = 18
_WITHOUT_PUNCTUATION = ("c", "n")
_END = "\uffff"  # no character: behind it nothing is taken for punctuation
_NUMBERS = frozenset({"020", "022", "024", "041", "043", "336", "852", "856", "952"})
_TEXTS = frozenset("abcdfghnptvxyz")


def literal(record: MarcRecord) -> MarcRecord:
    r"""Mark the end of the texts of a record that has no ISBD punctuation.

    Source: MARC 21, leader position 18, descriptive cataloging form.

    >>> field = MarcField("245", "00", (("a", "Sóng."),))
    >>> record = MarcRecord(leader="00000nam a2200000 c 4500", fields=(field,))
    >>> literal(record).fields[0].first("a")
    'Sóng.\uffff'
    """
    if record.leader[_FORM : _FORM + 1] not in _WITHOUT_PUNCTUATION:
        return record
    return attrs.evolve(record, fields=tuple(map(_marked, record.fields)))


def _marked(field: MarcField) -> MarcField:
    if field.tag in _NUMBERS or field.tag < "100":
        return field
    codes = _TEXTS - {"x"} if field.tag in {"773", "786"} else _TEXTS
    return field._replace(
        subfields=tuple(
            (code, text + _END if code in codes else text) for code, text in field.subfields
        )
    )


def unmarked(record: BibRecord) -> BibRecord:
    r"""Take the marks away again.

    >>> unmarked(BibRecord(source="a", identifier="1", titles=("Sóng.\uffff",))).title
    'Sóng.'
    """
    found: dict[str, Any] = {}
    for field in attrs.fields(BibRecord):
        value = getattr(record, field.name)
        if isinstance(value, str) and _END in value:
            found[field.name] = value.replace(_END, "")
        elif isinstance(value, tuple) and any(isinstance(one, str) for one in value):
            found[field.name] = tuple(one.replace(_END, "") for one in value)
    return attrs.evolve(record, **found) if found else record
