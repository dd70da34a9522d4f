"""The provinces and cities before and after 1 July 2025: which became which."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache

import attrs

from libconsortium.plugins.vietnam.presets import provinces_text


@attrs.frozen(kw_only=True)
class Province:
    """A province or a city under the central government.

    Args:
        id: Our own id, the name without diacritics.
        name: Its name.
        kind: ``tỉnh`` or ``thành phố``.
        iso_3166_2: ISO code of the unit that bore the name before the merger.
        gso: Code of the General Statistics Office; empty for the units before the merger.
        formed_from: Ids of the units it was formed from; empty for the units before the merger.
    """

    id: str
    name: str
    kind: str
    iso_3166_2: str
    gso: str = ""
    formed_from: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class ProvinceMerger:
    """The merger of provinces.

    Args:
        day: First day of the new provinces.
        before: The 63 units before it, by id.
        after: The 34 units after it, by id.
    """

    day: date
    before: dict[str, Province]
    after: dict[str, Province]

    def successor(self, name: str) -> Province | None:
        """Return what a unit of before belongs to now, by its name, or ``None`` if unknown.

        >>> province_merger().successor("Bắc Giang").name
        'Bắc Ninh'
        """
        for province in self.after.values():
            if any(self.before[one].name == name for one in province.formed_from):
                return province
        return None


@cache
def province_merger() -> ProvinceMerger:
    """Return the merger of 1 July 2025.

    Source: National Assembly resolution 202/2025/QH15.

    >>> merger = province_merger()
    >>> len(merger.before), len(merger.after)
    (63, 34)
    """
    data = tomllib.loads(provinces_text())
    return ProvinceMerger(
        day=data["date"],
        before={one["id"]: Province(**one) for one in data["before"]},
        after={
            one["id"]: Province(**{**one, "formed_from": tuple(one["formed_from"])})
            for one in data["after"]
        },
    )
