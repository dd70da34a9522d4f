"""What a policy divides by: mixes of drivers and cost models, inside groups and between them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

import attrs

from libconsortium.core.errors import SettingsError
from libconsortium.core.sharing.policy_values import weight

Way = tuple[str | int, ...]
"""The way to something in a policy file: ``("mix", 0)``."""


@attrs.frozen(kw_only=True)
class MixTerm:
    """One part of a mixture.

    Args:
        weight: Its weight, above zero; the weights of a policy add up to 100 or to 1.
        by: A cost model (``equal``) or a driver of the policy, shared in proportion to it.
        parameters: What the cost model is given, by name.
    """

    weight: Fraction = attrs.field(converter=weight)
    by: str
    parameters: Mapping[str, object] = attrs.field(factory=dict)


def _shares(given: object) -> dict[str, Fraction]:
    if not isinstance(given, Mapping):
        raise SettingsError(
            "expected a table of groups with their parts, got {given!r}", given=given
        )
    read = {str(group): weight(part) for group, part in sorted(given.items())}
    whole = sum(read.values(), Fraction(0))
    if read and whole not in {1, 100}:
        raise SettingsError(
            "the shares of the groups add up to {whole}, not to 100", whole=_plain(whole)
        )
    return {group: part / whole for group, part in read.items()}


@attrs.frozen(kw_only=True)
class Inside:
    """How one group divides its part.

    Args:
        mix: The parts its members' shares are mixed from; the policy's own mix if empty.
        strata: The groups it is made of, if it is divided between groups once more.
    """

    mix: Sequence[MixTerm] = attrs.field(default=())
    strata: StrataRule | None = None

    @mix.validator
    def _weights_add_up(self, _: object, mix: Sequence[MixTerm]) -> None:
        if mix:
            whole_of(mix)


@attrs.frozen(kw_only=True)
class StrataRule:
    """Divides between groups first, then inside each of them.

    A member's stratum says which group it is in; ``scls/madison`` is the group ``madison`` inside
    the group ``scls``.

    Args:
        shares: What each group pays, in parts of the whole; they add up to 100 or 1.
        mix: A rule between groups instead: a group's figure is the sum of its members'.
        inside: How single groups divide their part; who is not there divides it by the policy's
            mix.

    Raises:
        SettingsError: It gives both shares and a mix, or neither, or the shares do not add up.

    >>> StrataRule(shares={"academic": 75, "public": 25}).shares["public"]
    Fraction(1, 4)
    """

    shares: Mapping[str, Fraction] = attrs.field(factory=dict, converter=_shares)
    mix: Sequence[MixTerm] = ()
    inside: Mapping[str, Inside] = attrs.field(factory=dict)

    def __attrs_post_init__(self) -> None:
        """Refuse groups without a rule between them, or with two."""
        if bool(self.shares) == bool(self.mix):
            raise SettingsError(
                "say how the groups share: either shares = {{ … }} or a mix", field="shares"
            )
        if self.mix:
            whole_of(self.mix)


def whole_of(mix: Sequence[MixTerm]) -> Fraction:
    """Return what the weights of a mix add up to: 1 or 100.

    Raises:
        SettingsError: They add up to something else.

    >>> whole_of([MixTerm(weight=100, by="equal")])
    Fraction(100, 1)
    """
    whole = sum((term.weight for term in mix), Fraction(0))
    if whole not in {1, 100}:
        raise SettingsError(
            "the weights of the mix add up to {whole}, not to 100",
            whole=_plain(whole),
            field="mix",
        )
    return whole


def _plain(number: Fraction) -> str:
    return str(number) if number.denominator == 1 else f"{float(number):g}"


def mixes_over(
    strata: StrataRule | None, mix: Sequence[MixTerm], way: Sequence[str]
) -> Iterator[Sequence[MixTerm]]:
    """Yield the mixes that decide over a member with these groups, from the outermost.

    Args:
        strata: The groups; ``None`` where there are none.
        mix: The mix that divides where no group has its own.
        way: The groups of the member, from the outermost.
    """
    if strata is None:
        yield mix
        return
    yield strata.mix
    inside = strata.inside.get(way[0] if way else "")
    if inside is None:
        yield mix
    elif inside.strata is None:
        yield inside.mix or mix
    else:
        yield from mixes_over(inside.strata, inside.mix or mix, way[1:])


def texts_in(value: object) -> Iterator[str]:
    """Yield every text in the parameters of a cost model: each may name a driver.

    >>> list(texts_in({"weights": {"fte": 80}, "by": "usage"}))
    ['weights', 'by', 'fte', 'usage']
    """
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from map(str, value)
        yield from texts_in(list(value.values()))
    elif isinstance(value, list):
        for one in value:
            yield from texts_in(one)


def numbered(steps: Way, mix: Sequence[MixTerm]) -> Iterator[tuple[Way, MixTerm]]:
    """Yield the terms of a mix, each with the way to it."""
    for number, term in enumerate(mix):
        yield (*steps, number), term


def terms_of(steps: Way, strata: StrataRule) -> Iterator[tuple[Way, MixTerm]]:
    """Yield the terms of all mixes of groups, each with the way to it."""
    yield from numbered((*steps, "mix"), strata.mix)
    for group, rule in strata.inside.items():
        here = (*steps, "inside", group)
        yield from numbered((*here, "mix"), rule.mix)
        if rule.strata is not None:
            yield from terms_of((*here, "strata"), rule.strata)
