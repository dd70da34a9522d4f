"""What a member lets others see of its records: everything, part of it, or nothing.

One rule holds for whatever leaves the house (search, overlap, exports of records, union records):
it is made of what ``policy_towards`` others leaves of each record. The office's own view is asked
for by name and is for nobody else.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from hashlib import blake2b

import attrs

from libconsortium.core.catalogue.records import BibRecord
from libconsortium.core.errors import SettingsError


class Audience(StrEnum):
    """Whose eyes something is made for."""

    OTHERS = "others"
    """Other members, other catalogues, the public: they see what each member shares."""
    OFFICE = "office"
    """The consortium's office, which works with all records; not to be passed on."""


class SharingLevel(StrEnum):
    """How much of a record others may see; each level allows what the next one does, and more."""

    FULL = "full"
    """Description, abstracts, shelf marks, and links to the documents."""
    ABSTRACT = "abstract"
    """Description, abstracts and shelf marks; no links."""
    METADATA = "metadata"
    """Description and shelf marks; neither abstracts nor links."""
    HOLDINGS = "holdings"
    """Only that the member holds it, and under which shelf marks."""
    NONE = "none"
    """Nothing; inside the member's own walls only."""


_HELD_ONLY = ("call_numbers",)
_CLEARED: Mapping[SharingLevel, tuple[str, ...]] = {
    SharingLevel.FULL: (),
    SharingLevel.ABSTRACT: ("links",),
    SharingLevel.METADATA: ("links", "descriptions"),
}
_FIELDS = tuple(
    field.name for field in attrs.fields(BibRecord) if field.name not in {"source", "identifier"}
)
_TOLD_OF = ("unmapped", "problems")  # they may quote what is withheld
_TOO = {"subjects": ("coverage",)}  # the same headings stand in both


def _known_fields(_: object, __: object, names: tuple[str, ...]) -> None:
    for name in names:
        if name not in _FIELDS:
            raise SettingsError(
                "no field is called {name!r}; there are: {known}",
                name=name,
                known=", ".join(_FIELDS),
            )


@attrs.frozen(kw_only=True)
class SharingPolicy:
    """What a member lets others see of its records.

    Args:
        level: How much of every record.
        withheld: Names of further fields that are never shown, as in ``BibRecord``.
        embargo_until: Nothing is shown before this day; ``None`` for no such day.
        embargo_years: Nothing is shown of a publication for so many years after its own, nor of
            one that gives no year; 0 for no embargo.

    Raises:
        SettingsError: A field that is withheld does not exist, or the years are below 0.

    >>> SharingPolicy(level=SharingLevel.METADATA, withheld=("subjects",)).level.value
    'metadata'
    """

    level: SharingLevel = SharingLevel.FULL
    withheld: tuple[str, ...] = attrs.field(default=(), validator=_known_fields)
    embargo_until: date | None = None
    embargo_years: int = 0

    @property
    def may_hide(self) -> bool:
        """Whether there may be records of which nothing is shown, not even that they are there."""
        has_embargo = self.embargo_until is not None or self.embargo_years > 0
        return has_embargo or self.level == SharingLevel.NONE

    def shows_nothing(self, on: date) -> bool:
        """Say whether others see no record at all on a day.

        >>> SharingPolicy(embargo_until=date(2026, 3, 2)).shows_nothing(date(2026, 3, 1))
        True
        """
        is_waiting = self.embargo_until is not None and on < self.embargo_until
        return is_waiting or self.level == SharingLevel.NONE

    def __attrs_post_init__(self) -> None:
        """Refuse an embargo that ends before it begins."""
        if self.embargo_years < 0:
            raise SettingsError(
                "an embargo lasts 0 years or more, not {years}", years=self.embargo_years
            )


def shown_id(cluster: str, policies: Mapping[str, SharingPolicy]) -> str:
    r"""Return the id that others may see of a cluster.

    A cluster is called by the key of one of its records. If that record's source may hide
    records, others are given a name that tells nothing.

    Args:
        cluster: Id of the cluster.
        policies: What is shared, by source.

    >>> shown_id("tlu\t1", {"tlu": SharingPolicy()})
    'tlu\t1'
    >>> shown_id("tlu\t1", {"tlu": SharingPolicy(embargo_years=2)})
    'union-22674b17001b9aaf2232'
    """
    source = cluster.partition("\t")[0]
    if not policies.get(source, FULLY_SHARED).may_hide:
        return cluster
    coded = cluster.encode("utf-8", "surrogatepass")
    return f"union-{blake2b(coded, digest_size=10).hexdigest()}"


FULLY_SHARED = SharingPolicy()
"""Everything may be seen: what holds for a member that says nothing else."""


def policy_towards(
    audience: Audience, source: str, member: str, sharing: Mapping[str, SharingPolicy]
) -> SharingPolicy:
    """Return what an audience may see of the records of a source.

    Args:
        audience: Whose eyes it is for.
        source: Name of the source.
        member: Id of the library that it belongs to.
        sharing: What is shared, by source or by library; the source's own goes first. Everything
            is shared if neither says anything.

    >>> closed = {"tlu": SharingPolicy(level=SharingLevel.NONE)}
    >>> policy_towards(Audience.OTHERS, "tlu-theses", "tlu", closed).level.value
    'none'
    >>> policy_towards(Audience.OFFICE, "tlu-theses", "tlu", closed).level.value
    'full'
    """
    if audience is Audience.OFFICE:
        return FULLY_SHARED
    return sharing.get(source, sharing.get(member, FULLY_SHARED))


def shared(record: BibRecord, policy: SharingPolicy, *, on: date) -> BibRecord | None:
    """Return what others may see of a record on a day; ``None`` if nothing.

    Args:
        record: The record.
        policy: What its member allows.
        on: The day, for embargoes.

    >>> thesis = BibRecord(source="tlu", identifier="1", titles=("Đê biển",), year=2025,
    ...                    links=("https://tlu.example/1.pdf",))
    >>> shared(thesis, SharingPolicy(level=SharingLevel.METADATA), on=date(2026, 3, 1)).links
    ()
    >>> shared(thesis, SharingPolicy(embargo_years=2), on=date(2026, 3, 1)) is None
    True
    """
    if policy.shows_nothing(on) or _is_under_embargo(record, policy, on):
        return None
    if policy.level == SharingLevel.FULL and not policy.withheld:
        return record
    if policy.level == SharingLevel.HOLDINGS:
        held = {name: getattr(record, name) for name in _HELD_ONLY if name not in policy.withheld}
        return BibRecord(source=record.source, identifier=record.identifier, **held)
    too = [name for withheld in policy.withheld for name in _TOO.get(withheld, ())]
    cleared = (*_CLEARED[policy.level], *policy.withheld, *too, *_TOLD_OF)
    return attrs.evolve(record, **{name: _EMPTY[name] for name in cleared})


def _is_under_embargo(record: BibRecord, policy: SharingPolicy, on: date) -> bool:
    if not policy.embargo_years:
        return False
    return record.year is None or on.year < record.year + policy.embargo_years


_EMPTY = {name: getattr(BibRecord(source="", identifier=""), name) for name in _FIELDS}
