"""One MARC record, whatever it was wrapped in."""

from __future__ import annotations

from typing import NamedTuple

import attrs

from libconsortium import Problem


class MarcField(NamedTuple):
    """One variable field; a plain tuple, because a catalogue has millions of them.

    ``tag`` has three characters, ``indicators`` two, ``subfields`` are codes and texts in order.
    """

    tag: str
    indicators: str
    subfields: tuple[tuple[str, str], ...]

    def texts(self, codes: str) -> list[str]:
        """Return the texts of the subfields with these codes, in the order of the field.

        >>> MarcField("245", "10", (("a", "Giải tích :"), ("c", "X"))).texts("ab")
        ['Giải tích :']
        """
        return [text for code, text in self.subfields if code in codes]

    def first(self, code: str) -> str:
        """Return the first text of a subfield; empty if there is none.

        >>> MarcField("245", "10", (("a", "Giải tích"),)).first("b")
        ''
        """
        return next((text for own, text in self.subfields if own == code), "")


@attrs.frozen(kw_only=True)
class MarcRecord:
    """One MARC record.

    Args:
        leader: Its leader; empty if it has none.
        control: Control fields by tag, the first of each.
        fields: Variable fields; an 880 stands under the tag of the field it repeats in another
            script, after all others.
        problems: What was wrong with its wrapping.
        called: What its wrapping calls the format; empty if it does not.
    """

    leader: str = ""
    control: dict[str, str] = attrs.field(factory=dict)
    fields: tuple[MarcField, ...] = ()
    problems: tuple[Problem, ...] = ()
    called: str = ""

    def under(self) -> dict[str, list[MarcField]]:
        """Return the fields by tag.

        >>> MarcRecord(fields=(MarcField("020", "  ", ()),)).under().keys()
        dict_keys(['020'])
        """
        found: dict[str, list[MarcField]] = {}
        for field in self.fields:
            found.setdefault(field.tag, []).append(field)
        return found


def linked_last(fields: list[MarcField]) -> tuple[MarcField, ...]:
    """Put every 880 under the tag that its subfield 6 names, behind the other fields.

    >>> [field.tag for field in linked_last([MarcField("880", "  ", (("6", "245-01/$1"),))])]
    ['245']
    """
    if "880" not in [field.tag for field in fields]:
        return tuple(fields)
    own = [field for field in fields if field.tag != "880"]
    linked = [
        field._replace(tag=tag if len(tag := field.first("6")[:3]) == _TAG else "880")
        for field in fields
        if field.tag == "880"
    ]
    return (*own, *linked)


_TAG = 3


def without_isbd(text: str) -> str:
    """Return a text without the ISBD sign that leads to what follows.

    >>> without_isbd("284 tr. ;"), without_isbd("Tái bản lần thứ 2. /")
    ('284 tr.', 'Tái bản lần thứ 2.')
    """
    bare = text.rstrip()
    return bare[:-1].rstrip() if bare.endswith(("/", ":", ";", "=", ",", "+")) else bare
