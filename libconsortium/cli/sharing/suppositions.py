"""What the options of what-if mean."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from fractions import Fraction
from pathlib import Path

import attrs
import click

from libconsortium import (
    Adopt,
    Drop,
    ExchangeChange,
    Join,
    Leave,
    Money,
    PriceChange,
    ProRata,
    Registry,
    SettingsError,
    SponsorChange,
    Supposition,
    exact,
    read_policy,
)
from libconsortium.cli.frame import N_, option
from libconsortium.cli.sharing.one_off import part_or_amount

HUNDRED = 100
part_of_year_option = option(
    "--by",
    type=click.Choice([one.value for one in ProRata]),
    default=ProRata.DAY.value,
    show_default=True,
    help=N_("How the part of a year is counted."),
)


@attrs.frozen(kw_only=True)
class Asked:
    """The options of what-if as they were given."""

    joins: Sequence[str] = ()
    leaves: Sequence[str] = ()
    on: datetime | None = None
    by: ProRata = attrs.field(default=ProRata.DAY, converter=ProRata)
    drops: Sequence[str] = ()
    price: str | None = None
    fx: str | None = None
    sponsor: str | None = None
    sponsor_points: str | None = None
    adopt: Path | None = None
    others_too: Sequence[str] = ()
    policy: Path | None = None
    members: Path | None = None
    total: str | None = None
    items: Sequence[str] = ()
    others: int | None = None
    sums: Sequence[str] = ()
    into: Path | None = None
    json_: bool = False

    def suppositions(self, registry: Registry) -> list[Supposition]:
        """Return what is supposed, in the order in which it is applied.

        Raises:
            SettingsError: An option cannot be read.
        """
        return list(self._each(registry))

    def _each(self, registry: Registry) -> Iterator[Supposition]:
        if self.adopt is not None:
            yield Adopt(policy=read_policy(self.adopt, registry))
        if self.sponsor is not None:
            yield SponsorChange(pays=part_or_amount(self.sponsor))
        if self.sponsor_points is not None:
            yield SponsorChange(points=points(self.sponsor_points))
        yield from (Drop(name=name) for name in self.drops)
        if self.price is not None:
            yield PriceChange(by=self.price)
        if self.fx is not None:
            yield ExchangeChange(by=self.fx)
        yield from (Leave(member=member) for member in self.leaves)
        yield from map(joiner, self.joins)


def joiner(text: str) -> Join:
    """Read ``dh-e:fte=6000,usage=9000,standalone=480000000 VND``.

    Raises:
        SettingsError: It is written in another form.

    >>> joiner("dh-e:fte=6000").figures
    {'fte': Fraction(6000, 1)}
    """
    member, _, said = text.partition(":")
    given = named_values(said.split(",")) if said else {}
    amounts = {
        name: Money.parse(given.pop(name)) for name in ("last_year", "standalone") if name in given
    }
    stratum = given.pop("stratum", None)
    figures = {name: exact(figure) for name, figure in given.items()}
    return Join(member=member, figures=figures, stratum=stratum, **amounts)


def named_values(texts: Sequence[str]) -> dict[str, str]:
    """Read texts like ``fte=6000``.

    Raises:
        SettingsError: One has no name or no value.

    >>> named_values(["fte=6000"])
    {'fte': '6000'}
    """
    found = {}
    for text in texts:
        name, sign, value = text.rpartition("=")
        if not (sign and name.strip() and value.strip()):
            raise SettingsError("expected NAME=VALUE, got {text!r}", text=text)
        found[name.strip()] = value.strip()
    return found


def points(text: str) -> Fraction:
    """Read percentage points: ``-10`` and ``-10%`` are the same.

    >>> points("-10") == points("-10%") == Fraction(-1, 10)
    True
    """
    return exact(text) if "%" in text else exact(text) / HUNDRED
