"""The union record: one publication described by the best field of each of its records.

Nothing is lost: every other value stays beside the chosen one, with the records that give it.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

import attrs

from libconsortium.core.catalogue.records import RecordIdentifier


class Preference(StrEnum):
    """Why a value was taken rather than another."""

    ALONE = "the only value given"
    """No record gives another one."""
    SOUND = "not damaged"
    """It is legible, and the others are not."""
    DIACRITICS = "has diacritics"
    """It is written with diacritics, and the others without."""
    MIXED_CASE = "not all in capitals"
    """It is written as people write, and the others in capitals throughout."""
    PRIORITY = "from the member that goes first"
    """The settings name its member before the others'."""
    AGREEMENT = "given by most records"
    """More records give it than any other value."""
    COMPLETENESS = "names the most"
    """It is a list with more in it."""
    LENGTH = "the longest"
    """It is the longest text that is not two others in one."""
    FULLEST = "from the fullest record"
    """Its record has the most fields filled."""
    KEY = "from the first record"
    """Nothing else told them apart; the smallest record key decides."""
    GATHERED = "all values of all records"
    """The field takes every value that any record gives."""


@attrs.frozen(kw_only=True)
class Alternative:
    """Another value of a field, which was not taken.

    Args:
        value: Text, texts, identifiers or number, as its records have it.
        records: Keys of the records that give it, sorted.
    """

    value: object
    records: tuple[str, ...]


@attrs.frozen(kw_only=True)
class Sourced:
    """A field of a union record, where it was taken from, and why.

    Args:
        value: Text, texts, identifiers or number, as its record has it.
        record: Key of the record it comes from; of a gathered field, of its first value.
        member: Id of the member that has this record.
        why: What told it from the other values last.
        records: Keys of every record that gives exactly this value, sorted; of a gathered field,
            of every record that gives any of it.
        others: The other values; of a gathered field, those left out as not valid.
        origins: Of a gathered field, for each value in its order the keys of the records that
            give it; empty for a field that was chosen.
    """

    value: object
    record: str
    member: str = ""
    why: Preference = Preference.ALONE
    records: tuple[str, ...] = ()
    others: tuple[Alternative, ...] = ()
    origins: tuple[tuple[str, ...], ...] = ()


@attrs.frozen(kw_only=True)
class HeldBy:
    """What one member has of a publication, as far as it lets others see.

    Args:
        member: Id of the library.
        records: Keys of its records of the publication, sorted.
        call_numbers: Its shelf marks as given, each once.
        links: Addresses of the document or its page, each once.
        item_types: Kinds of item as given, each once.
    """

    member: str
    records: tuple[str, ...]
    call_numbers: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    item_types: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class UnionRecord:
    """One publication described by the best field of each of its records.

    Args:
        cluster: Id of the cluster.
        fields: The fields that any record has, by name as in ``BibRecord``, with their source;
            empty if no member lets its description be seen.
        held_by: Who holds it, sorted by member.
    """

    cluster: str
    fields: Mapping[str, Sourced]
    held_by: tuple[HeldBy, ...] = ()

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a field as texts, whatever it holds; empty if no record has it.

        >>> from libconsortium import BibRecord, union_record
        >>> book = BibRecord(source="a", identifier="1", titles=("Sóng",), year=1967)
        >>> union = union_record("c", [book])
        >>> union.texts("titles"), union.texts("year"), union.texts("edition")
        (('Sóng',), ('1967',), ())
        """
        found = self.fields.get(name)
        return texts_of(found.value) if found else ()

    @property
    def title(self) -> str:
        """The main title; empty if no record gives one."""
        return next(iter(self.texts("titles")), "")

    @property
    def year(self) -> int | None:
        """Year of publication, or ``None``."""
        found = self.fields.get("year")
        return found.value if found and isinstance(found.value, int) else None

    @property
    def identifiers(self) -> tuple[RecordIdentifier, ...]:
        """The valid identifiers of all records."""
        found = self.fields.get("identifiers")
        return found.value if found and isinstance(found.value, tuple) else ()


# ---------------------------------------------------------------- choosing

# ---------------------------------------------------------------- gathering


# ---------------------------------------------------------------- small things


def texts_of(value: object) -> tuple[str, ...]:
    """Return the texts of a field, whatever its kind.

    >>> texts_of(1967), texts_of((RecordIdentifier(scheme="isbn", value="9786041000001"),))
    (('1967',), ('9786041000001',))
    """
    if isinstance(value, tuple):
        return tuple(one.value if isinstance(one, RecordIdentifier) else str(one) for one in value)
    return (str(value),)


UNION_FIELDS = (
    "titles", "creators", "contributors", "publishers", "year", "languages", "types", "subjects",
    "coverage", "descriptions", "identifiers", "volume", "edition", "extent", "journal", "series",
)  # fmt: skip
"""The fields of a union record, by name as in ``BibRecord``, in the order of a description."""
