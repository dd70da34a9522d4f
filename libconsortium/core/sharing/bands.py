"""Bands of a figure, each with what it gives: a fee, a weight or points."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

import attrs

from libconsortium.core.errors import SettingsError
from libconsortium.core.messages import Message
from libconsortium.core.sharing.costs import written
from libconsortium.core.sharing.policy_values import not_negative, not_negative_or_none

Steps = tuple[str | int, ...]
ZERO = Fraction(0)


@attrs.frozen(kw_only=True)
class Band:
    """One band: from a figure, up to another, and what it gives.

    Args:
        at_least: The smallest figure in it.
        at_most: The largest figure in it, as published tables write it (``49999``); then the next
            band begins one ``step`` later. Give this, ``below``, or neither: without, the band
            ends where the next begins, and the last has no end.
        below: The first figure above it that is no longer in it (``50000``).
        gives: What being in the band gives, in the unit of whatever uses it.
        each: What each unit of the figure gives besides.
    """

    at_least: Fraction = attrs.field(default=ZERO, converter=not_negative)
    at_most: Fraction | None = attrs.field(default=None, converter=not_negative_or_none)
    below: Fraction | None = attrs.field(default=None, converter=not_negative_or_none)
    gives: Fraction = attrs.field(default=ZERO, converter=not_negative)
    each: Fraction = attrs.field(default=ZERO, converter=not_negative)

    def ends(self, step: Fraction) -> Fraction | None:
        """Return where the next band has to begin; ``None`` if the band does not say.

        >>> Band(at_most=49_999).ends(Fraction(1)), Band().ends(Fraction(1))
        (Fraction(50000, 1), None)
        """
        return self.below if self.at_most is None else self.at_most + step


@attrs.frozen(kw_only=True)
class Banded:
    """What bands make of one figure.

    Args:
        value: What the figure gives.
        formula: The same as arithmetic.
    """

    value: Fraction
    formula: str


def band_faults(bands: Sequence[Band], step: Fraction) -> Iterator[tuple[Steps, Message]]:
    """Yield what is wrong with bands: gaps, overlaps, bands that hold nothing.

    Args:
        bands: The bands in the order they are written in.
        step: Between two figures of this distance there is no other: 1 for whole numbers.

    Yields:
        The way from the bands to the fault, and what is wrong.

    >>> table = [Band(at_most=400), Band(at_least=500)]
    >>> [str(what) for _, what in band_faults(table, Fraction(1))]
    ['no band from 401 to below 500; begin this band at 401, or end the one before it at 499']
    """
    for number, band in enumerate(bands):
        end = band.ends(step)
        if band.at_most is not None and band.below is not None:
            yield (number, "below"), Message("give at_most or below, not both")
        elif end is not None and end <= band.at_least:
            yield (number,), Message("nothing lies in this band: it ends before it begins")
    for number, (one, after) in enumerate(pairwise(bands), 1):
        end, begin = one.ends(step), after.at_least
        if begin <= one.at_least:
            what = Message(
                "this band begins at {begin}, not above the one before it ({before}); order the"
                " bands by at_least",
                begin=begin,
                before=one.at_least,
            )
            yield (number, "at_least"), what
        elif end is not None and end < begin:
            what = Message(
                "no band from {end} to below {begin}; begin this band at {end}, or end the one"
                " before it at {last}",
                end=end,
                begin=begin,
                last=begin if one.at_most is None else begin - step,
            )
            yield (number, "at_least"), what
        elif end is not None and end > begin:
            what = Message(
                "this band begins at {begin}, inside the one before it, which ends below {end};"
                " begin this band at {end}",
                end=end,
                begin=begin,
            )
            yield (number, "at_least"), what


def in_bands(
    figure: Fraction, bands: Sequence[Band], *, step: Fraction, marginal: bool = False
) -> Banded:
    """Return what bands give for a figure.

    Slab bands look at the one band a figure lies in: what it ``gives``, and ``each`` for every
    unit of the whole figure; at a border the result may jump. Marginal bands add up: every band
    that is reached ``gives`` once, and ``each`` counts for the units inside it.

    Args:
        figure: The figure, not negative.
        bands: Bands without gap or overlap, ascending.
        step: The distance of two neighbouring figures.
        marginal: Add up the bands that are reached.

    Raises:
        SettingsError: The figure lies in no band.

    >>> bands = [Band(at_most=10, each=2), Band(at_least=11, each=1)]
    >>> in_bands(Fraction(12), bands, step=Fraction(1)).value
    Fraction(12, 1)
    >>> in_bands(Fraction(12), bands, step=Fraction(1), marginal=True).formula
    '2 * 10 + 1 * 2'
    """
    last = bands[-1].ends(step)
    if figure < bands[0].at_least or (last is not None and figure >= last):
        raise SettingsError(
            "{figure} lies in no band; the bands go from {first} to {last}",
            figure=figure,
            first=bands[0].at_least,
            last=Message("anything above") if last is None else Message("below {last}", last=last),
        )
    reached = [band for band in bands if band.at_least <= figure]
    pieces = list(_pieces(figure, reached, step)) if marginal else [(reached[-1], figure)]
    value = sum((band.gives + band.each * units for band, units in pieces), ZERO)
    terms: list[str] = []
    for band, units in pieces:
        terms += [written(band.gives)] if band.gives or not band.each else []
        terms += [f"{written(band.each)} * {written(units)}"] if band.each else []
    return Banded(value=value, formula=" + ".join(terms))


def _pieces(
    figure: Fraction, reached: Sequence[Band], step: Fraction
) -> Iterator[tuple[Band, Fraction]]:
    """Yield each band that is reached with the units of the figure inside it.

    Where a table counts 1 to 10 and 11 to 20, the eleventh unit is the first of the second band.
    """
    counted = max(reached[0].at_least - step, ZERO) if reached[0].at_most else reached[0].at_least
    for band, after in zip(reached, [*reached[1:], None], strict=True):
        end = figure
        if after is not None:
            end = after.at_least if band.at_most is None else band.at_most
        yield band, end - counted
        counted = end


def refuse_faults(bands: Sequence[Band], step: Fraction) -> None:
    """Refuse bands with faults, all of them at once.

    Raises:
        SettingsError: There is a gap or an overlap; its value ``faults`` lists the places.
    """
    faults = tuple((("bands", *steps), what) for steps, what in band_faults(bands, step))
    if faults:
        raise SettingsError("{first}", first=faults[0][1], faults=faults)
