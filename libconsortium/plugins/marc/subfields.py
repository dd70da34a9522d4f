"""What of a record's subfields is read, and what is left."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from libconsortium.plugins.marc.records import MarcField, without_isbd

Under = Mapping[str, list[MarcField]]
"""The fields of a record by tag."""


def single(under: Under, tag: str, codes: str) -> str:
    """Return the first field of a tag that says anything, without the signs around it.

    >>> single({"250": [MarcField("250", "  ", (("a", "2nd ed. /"),))]}, "250", "ab")
    '2nd ed.'
    """
    for field in under.get(tag, ()):
        if texts := field.texts(codes):
            return without_isbd(" ".join(texts))
    return ""


class ReadSubfields:
    """The subfields that a crosswalk reads, or knows to say nothing of the document.

    Args:
        called: What the format is called where fields are named: ``marc``.
        read: Codes of the subfields that are read, by tag.
        technical: Codes of those that link and steer. In a library's own fields (9XX) they may be
            any subfield: Koha's 952$8 is a collection.

    >>> read = ReadSubfields("marc", {"245": "ab"}, technical="6")
    >>> title = MarcField("245", "  ", (("6", "880-01"), ("a", "Giải tích"), ("x", "1")))
    >>> read.all_but_these({"245": [title]})
    ('marc 245$x',)
    """

    def __init__(self, called: str, read: Mapping[str, str], *, technical: str) -> None:
        """Order the codes by tag."""
        self._called, self._technical = called, technical
        self._known = {
            tag: codes if _is_local(tag) else codes + technical for tag, codes in read.items()
        }

    def all_but_these(self, under: Under) -> tuple[str, ...]:
        """Return the names of the subfields of a record that are not among them, each once."""
        left: dict[tuple[str, str], None] = {}
        for tag, several in under.items():
            known = self._known.get(tag, "" if _is_local(tag) else self._technical)
            for field in several:
                for code, _ in field.subfields:
                    if code not in known:
                        left[tag, code] = None
        return tuple([_name(self._called, tag, code) for tag, code in left]) if left else ()


def _is_local(tag: str) -> bool:
    return tag[:1] == "9"


@lru_cache(maxsize=10_000)
def _name(called: str, tag: str, code: str) -> str:
    return f"{called} {tag}${code}"
