"""Takes a split's working apart into columns of figures that formulas can begin from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction

import attrs

from libconsortium import Money, Share, Split, Step

_QUOTIENT = re.compile(r"^(\d+(?:\.\d+)?)/(\d+(?:\.\d+)?)$")


@attrs.frozen(kw_only=True)
class Term:
    """One part of the mixture as a column.

    Args:
        by: The driver or cost model.
        weight: Its part of the whole.
        figures: A figure per member; each pays in proportion to it. Empty if the cost model's
            working does not show such figures.
        parts: Each member's part of the whole by this term.
    """

    by: str
    weight: Fraction
    figures: Mapping[str, Fraction]
    parts: Mapping[str, Fraction]


def terms_of(split: Split) -> tuple[Term, ...]:
    """Return the terms of the mixture; none if the working is not a plain mixture."""
    steps = {member: _mixture(share) for member, share in split.shares.items()}
    counts = {len(parts) for parts in steps.values()}
    if len(counts) != 1:
        return ()
    return tuple(
        _term({member: parts[number] for member, parts in steps.items()})
        for number in range(counts.pop())
    )


def sponsor_by_policy(split: Split) -> Money:
    """Return what the sponsor pays before limits and rounding; the opening step says it."""
    for share in split.shares.values():
        given = dict(share.working.parts[0].what.values)["sponsor"]
        if isinstance(given, Money):
            return given
    return split.sponsor


def _mixture(share: Share) -> tuple[Step, ...]:
    mixed = share.working.parts[1]
    known = all({"by", "weight"} <= dict(part.what.values).keys() for part in mixed.parts)
    return mixed.parts if known else ()


def _term(steps: Mapping[str, Step]) -> Term:
    values = dict(next(iter(steps.values())).what.values)
    weight = values["weight"]
    return Term(
        by=str(values["by"]),
        weight=weight if isinstance(weight, Fraction) else Fraction(0),
        figures=_figures(steps),
        parts={member: step.part or Fraction(0) for member, step in steps.items()},
    )


def _figures(steps: Mapping[str, Step]) -> dict[str, Fraction]:
    found: dict[str, Fraction] = {}
    wholes: set[Fraction] = set()
    for member, step in steps.items():
        match = _QUOTIENT.match(step.parts[0].formula) if step.parts else None
        if match is None:
            return {}
        found[member] = Fraction(match[1])
        wholes.add(Fraction(match[2]))
    return found if wholes == {sum(found.values(), Fraction(0))} else {}
