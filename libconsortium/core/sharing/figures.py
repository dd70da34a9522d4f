"""Takes the figures a policy needs out of the measures that the libraries have reported."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from fractions import Fraction

from libconsortium.core.directory.directory import Directory
from libconsortium.core.directory.measures import Measure
from libconsortium.core.directory.periods import last_day
from libconsortium.core.errors import SplitError
from libconsortium.core.sharing.drivers import DriverRule


def figures_of(
    directory: Directory, rules: Mapping[str, DriverRule], members: Collection[str], *, year: int
) -> dict[str, dict[str, Fraction]]:
    """Return the members' figures for a policy's drivers, year by year.

    Only the latest years are taken: as many as the driver asks for, none after the year of the
    bill. A member that has not reported one of them is simply not in that year's figures; the
    split then says who is missing.

    Args:
        directory: The facts.
        rules: The policy's drivers, by name.
        members: Ids of the libraries that share the bill.
        year: The year of the bill.

    Returns:
        Exact figures by ``measure:year`` and member.

    Raises:
        SplitError: A figure is only approximate; the message names library, measure and year.

    >>> from libconsortium.core.directory.quantities import Quantity
    >>> fte = Measure(library="a", name="fte", period="2024", value=Quantity.of(500))
    >>> figures_of(Directory.of([fte]), {"fte": DriverRule()}, ["a"], year=2025)
    {'fte:2024': {'a': Fraction(500, 1)}}
    """
    found: dict[str, dict[str, Fraction]] = {}
    for name, rule in rules.items():
        for wanted in (*rule.measures(name), *filter(None, [rule.surrogate])):
            reported = [
                measure
                for measure in directory.of_kind(Measure)
                if measure.name == wanted
                and measure.library in members
                and _counts(measure.period, rule, year)
            ]
            years = _years(rule, {measure.period[:4] for measure in reported})
            for measure in reported:
                if measure.period[:4] in years:
                    figures = found.setdefault(f"{measure.name}:{measure.period}", {})
                    figures[measure.library] = _exact(measure)
    return found


def _counts(period: str, rule: DriverRule, year: int) -> bool:
    end = last_day(period)
    return end is not None and end.year <= year and (rule.as_of is None or end <= rule.as_of)


def _years(rule: DriverRule, reported: Collection[str]) -> Collection[str]:
    """Return the years that are needed: one more than counts where a jump is looked for."""
    if rule.years:
        return {str(year) for year in rule.years}
    return sorted(reported)[-max(rule.span, 2 if rule.jump else 1) :]


def _exact(measure: Measure) -> Fraction:
    if not measure.value.is_exact:
        raise SplitError(
            "the figure {name!r} of {library!r} for {period} is only approximate ({value});"
            " ask for the exact one before it decides who pays what",
            name=measure.name,
            library=measure.library,
            period=measure.period,
            value=measure.value,
        )
    return measure.value.exact
