"""Says which figures of a policy's drivers are missing or jump, before anybody divides by them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from fractions import Fraction

from libconsortium.core.directory.periods import figures_by_year
from libconsortium.core.messages import Message
from libconsortium.core.problems import Place, Problem, Severity
from libconsortium.core.sharing.costs import written
from libconsortium.core.sharing.drivers import DriverRule, Figures
from libconsortium.core.sharing.policies import Policy
from libconsortium.core.sharing.preparing import prepared


def figure_problems(
    policy: Policy,
    figures: Mapping[str, Figures],
    members: Collection[str],
    *,
    strata: Mapping[str, str] | None = None,
    months: Mapping[str, Collection[str]] | None = None,
) -> tuple[Problem, ...]:
    """Return what is odd about the figures a policy divides by; empty if nothing is.

    Codes: ``FIGURE_MISSING`` (a member has none), ``FIGURE_JUMP`` (it is far from last year's, by
    the factor the driver names).

    Args:
        policy: The policy.
        figures: Figures by driver, or driver and period, and member.
        members: The members who share the bill.
        strata: The stratum of each member.
        months: The months each member belonged.

    Raises:
        SettingsError: Years are missing for a mean.

    >>> from libconsortium.core.sharing.policies import MixTerm
    >>> policy = Policy(name="x", mix=[MixTerm(weight=1, by="fte")],
    ...                 drivers={"fte": DriverRule(jump=2)})
    >>> figures = {"fte:2024": {"a": Fraction(10)}, "fte:2025": {"a": Fraction(30)}}
    >>> [str(problem.what) for problem in figure_problems(policy, figures, ["a"])]
    ["the figure for 'fte' goes from 10 in 2024 to 30 in 2025"]
    """
    wanted = {member: policy.drivers_of((strata or {}).get(member, "")) for member in members}
    used = {
        name: rule
        for name, rule in policy.drivers.items()
        if any(name in names for names in wanted.values())
    }
    ready = prepared(used, figures, members=members, months=months)
    found: list[Problem] = []
    for name, rule in used.items():
        has = ready.figures.get(name, {})
        asked = [member for member in sorted(members) if name in wanted[member]]
        found += [_missing(name, rule, figures, one) for one in asked if one not in has]
        found += _jumps(name, rule, figures, asked)
    return tuple(found)


def _missing(name: str, rule: DriverRule, figures: Mapping[str, Figures], member: str) -> Problem:
    lacking = [
        key
        for measure in rule.measures(name)
        for key in sorted(figures)
        if key.rpartition(":")[0] == measure and member not in figures[key]
    ]
    return Problem(
        code="FIGURE_MISSING",
        where=Place(record=member, field=name),
        what=Message(
            "no figure for {driver!r}{lacking}",
            driver=name,
            lacking=f" ({', '.join(lacking)})" if lacking else "",
        ),
        advice=Message("ask for it, name a surrogate, or take the member out of the split"),
        severity=Severity.ERROR,
    )


def _jumps(
    name: str, rule: DriverRule, figures: Mapping[str, Figures], members: Collection[str]
) -> Iterator[Problem]:
    if rule.jump is None:
        return
    for measure in rule.measures(name):
        by_year = figures_by_year(measure, figures, {}, as_of=rule.as_of)
        years = sorted(by_year)[-2:]
        if len(years) < 2:  # noqa: PLR2004 - this year's figure and last year's
            continue
        before, now = (by_year[year] for year in years)
        for member in sorted(set(members) & before.keys() & now.keys()):
            if _far(before[member], now[member], rule.jump):
                yield Problem(
                    code="FIGURE_JUMP",
                    where=Place(record=member, field=name),
                    what=Message(
                        "the figure for {driver!r} goes from {before} in {one} to {now} in {other}",
                        driver=measure,
                        before=written(before[member]),
                        one=str(years[0]),
                        now=written(now[member]),
                        other=str(years[1]),
                    ),
                    advice=Message("ask the library whether both figures count the same"),
                )


def _far(before: Fraction, now: Fraction, factor: Fraction) -> bool:
    return max(before, now) > factor * min(before, now)
