"""A cost to be shared, and what each member's exact part of it is before rounding."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import attrs

from libconsortium.core.messages import Message


@attrs.frozen(kw_only=True)
class CostGame:
    """An amount, the members who share it, and the figures a cost model may look at.

    Args:
        amount: Exact number of minor units to divide, not negative.
        members: Ids of the members, sorted; at least one.
        drivers: One figure per member for every named driver (``fte``, ``usage``), not negative.
        parameters: What the policy hands to the model, by name.
    """

    amount: Fraction
    members: tuple[str, ...]
    drivers: Mapping[str, Mapping[str, Fraction]] = attrs.field(factory=dict)
    parameters: Mapping[str, object] = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class Step:
    """One line of working behind a figure; a figure's steps form a tree.

    Args:
        what: The line in words, with its numbers.
        value: What the line comes to, in minor units.
        formula: The line as arithmetic on exact numbers: ``20% * 1/4``; empty for a heading.
        parts: The lines it is made of, in order.
    """

    what: Message
    value: Fraction
    formula: str = ""
    parts: tuple[Step, ...] = ()


@attrs.frozen(kw_only=True)
class ExactShare:
    """One member's exact part and how it came about.

    Args:
        value: Exact number of minor units.
        working: The steps that lead to it.
    """

    value: Fraction
    working: Step
