"""Makes the figures of a policy's drivers ready to divide by, and says how each came about."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from fractions import Fraction
from math import prod

import attrs

from libconsortium.core.directory.periods import figures_by_year
from libconsortium.core.errors import SettingsError, SplitError
from libconsortium.core.messages import Message
from libconsortium.core.sharing.bands import in_bands
from libconsortium.core.sharing.costs import Step, written
from libconsortium.core.sharing.drivers import DriverRule, Figures

ZERO = Fraction(0)


@attrs.frozen(kw_only=True)
class Prepared:
    """Figures that are ready, and the working of those that were not simply looked up.

    Args:
        figures: Figures by driver and member.
        workings: The steps behind a figure, by driver and member; none for a plain figure.
    """

    figures: Mapping[str, Figures]
    workings: Mapping[str, Mapping[str, Step]] = attrs.field(factory=dict)


def prepared(
    rules: Mapping[str, DriverRule],
    figures: Mapping[str, Figures],
    *,
    members: Collection[str] = (),
    months: Mapping[str, Collection[str]] | None = None,
) -> Prepared:
    """Make the drivers ready that a policy speaks of.

    Args:
        rules: The policy's drivers.
        figures: Figures by driver and member. A driver may stand for a year (``fte:2025``), a
            month (``usage:2025-03``) or a day (``fte:2025-10-01``). Where the plain name is there
            it stands for the years together.
        members: The members whose figures are wanted; all who have one if there are none. The
            rank is counted among all who have a figure.
        months: The months each member belonged to the consortium, ``YYYY-MM``, for usage that
            counts in them only; who is not there belonged all the time.

    Raises:
        SettingsError: Years are missing, or a figure lies in no band.

    >>> figures = {"fte:2024": {"a": Fraction(10)}, "fte:2025": {"a": Fraction(20)}}
    >>> ready = prepared({"fte": DriverRule(mean_of_years=2)}, figures)
    >>> ready.figures["fte"], ready.workings["fte"]["a"].formula
    ({'a': Fraction(15, 1)}, '(10 + 20)/2')
    """
    ready: dict[str, Figures] = dict(figures)
    workings: dict[str, dict[str, Step]] = {}
    for name, rule in rules.items():
        made = _Driver(name, rule, figures, members, months or {})
        if made.gather():
            made.finish()
            ready[name] = made.values
            if made.steps:
                workings[name] = made.steps
    return Prepared(figures=ready, workings=workings)


@attrs.define
class _Driver:
    """One driver while it is made ready."""

    name: str
    rule: DriverRule
    given: Mapping[str, Figures]
    members: Collection[str]
    months: Mapping[str, Collection[str]]
    values: dict[str, Fraction] = attrs.field(factory=dict)
    steps: dict[str, Step] = attrs.field(factory=dict)

    def gather(self) -> bool:
        """Take the measures; tell whether there are figures of any."""
        names = self.rule.measures(self.name)
        if self.name in self.given:
            self.values = dict(self.given[self.name])
            return True
        found = [self._over_years(measure) for measure in names]
        if all(one is None for one in found):
            return self.rule.if_missing is not None or bool(self.rule.surrogate)
        known = [one or {} for one in found]
        members = set(known[0]).intersection(*known)
        if len(names) == 1:
            self.values = known[0]
        else:
            self._together(names, {one: [of[one] for of in known] for one in sorted(members)})
        return True

    def finish(self) -> None:
        """Apply what changes single figures, in the order of the rule's documentation."""
        rule = self.rule
        self._stand_in()
        if not rule.rank:
            self._only_members()
        if rule.allowance:
            self._each(
                Message(
                    "{driver}, of which {free} are free",
                    driver=self.name,
                    free=_say(rule.allowance),
                ),
                lambda figure: max(figure - rule.allowance, ZERO),
                lambda figure: f"{written(figure)} - {written(min(rule.allowance, figure))}",
            )
        low, high = rule.at_least, rule.at_most
        if low is not None:
            self._each_changed(
                Message("{driver} counts for at least this", driver=self.name),
                lambda one: max(one, low),
            )
        if high is not None:
            self._each_changed(
                Message("{driver} counts for at most this", driver=self.name),
                lambda one: min(one, high),
            )
        if rule.rank:
            self._ranked()
            self._only_members()
        if rule.bands:
            self._banded()

    def _over_years(self, measure: str) -> dict[str, Fraction] | None:
        if measure in self.given:
            return dict(self.given[measure])
        asked = self.months if self.rule.months else {}
        by_year = figures_by_year(measure, self.given, asked, as_of=self.rule.as_of)
        if not by_year and measure == self.rule.measure:
            by_year = figures_by_year(self.name, self.given, asked, as_of=self.rule.as_of)
        if not by_year:
            return None
        rule = self.rule
        years = sorted(by_year)[-rule.span :]
        if rule.years:
            years = [year for year in rule.years if year in by_year]
        if len(years) < (rule.fewest_years or rule.span):
            raise SettingsError(
                "{driver!r} is a mean of {years} years, but there are figures for {found} only",
                driver=self.name,
                years=rule.span,
                found=len(years),
            )
        return self._of_years(measure, years, by_year)

    def _of_years(
        self, measure: str, years: Sequence[int], by_year: Mapping[int, Figures]
    ) -> dict[str, Fraction]:
        if self.rule.span == 1:
            return dict(by_year[years[0]])
        enough = self.rule.fewest_years or len(years)
        values = {}
        for member in sorted(set().union(*(by_year[year] for year in years))):
            has = {year: by_year[year][member] for year in years if member in by_year[year]}
            if len(has) >= enough:
                values[member] = self._combined(measure, member, has)
        return values

    def _combined(self, measure: str, member: str, has: Mapping[int, Fraction]) -> Fraction:
        said = ", ".join(str(year) for year in has)
        figures = list(has.values())
        if self.rule.lowest_of_years > 1:
            value = min(figures)
            what = Message("{driver}: the lowest of {years}", driver=measure, years=said)
            formula = f"min({', '.join(map(written, figures))})"
        else:
            value = sum(figures, ZERO) / len(figures)
            what = Message("{driver}: the mean of {years}", driver=measure, years=said)
            formula = f"({' + '.join(map(written, figures))})/{len(figures)}"
        self._note(member, what, value, formula)
        return value

    def _together(self, names: Sequence[str], figures: Mapping[str, Sequence[Fraction]]) -> None:
        rule, listed = self.rule, ", ".join(names)
        for member, parts in figures.items():
            shown = [written(part) for part in parts]
            if rule.least_of:
                value = min(parts)
                what = Message(
                    "{driver}: the least of {measures}", driver=self.name, measures=listed
                )
                formula = f"min({', '.join(shown)})"
            elif rule.sum_of:
                value = sum(parts, ZERO)
                what = Message("{driver}: the sum of {measures}", driver=self.name, measures=listed)
                formula = " + ".join(shown)
            else:
                value = prod(parts, start=Fraction(1))
                what = Message(
                    "{driver}: the product of {measures}", driver=self.name, measures=listed
                )
                formula = " * ".join(shown)
            self.values[member] = value
            self._note(member, what, value, formula)

    def _stand_in(self) -> None:
        """Fill in figures for members without: by the surrogate, then by the agreed figure."""
        if self.rule.surrogate:
            stand_ins = self._over_years(self.rule.surrogate) or {}
            for member in sorted(stand_ins.keys() - self.values.keys()):
                self.values[member] = stand_ins[member]
                what = Message(
                    "{driver}: {surrogate!r} stands in for it",
                    driver=self.name,
                    surrogate=self.rule.surrogate,
                )
                self._note(member, what, stand_ins[member], written(stand_ins[member]))
        missing = self.rule.if_missing
        if missing is not None:
            what = Message("{driver}: no figure, so the agreed one", driver=self.name)
            for member in sorted(set(self.members) - self.values.keys()):
                self.values[member] = missing
                self._note(member, what, missing, written(missing))

    def _only_members(self) -> None:
        if self.members:
            wanted = set(self.members)
            self.values = {one: figure for one, figure in self.values.items() if one in wanted}
            self.steps = {one: step for one, step in self.steps.items() if one in wanted}

    def _each(
        self,
        what: Message,
        change: Callable[[Fraction], Fraction],
        formula: Callable[[Fraction], str],
    ) -> None:
        for member, figure in self.values.items():
            self.values[member] = change(figure)
            self._note(member, what, change(figure), formula(figure))

    def _each_changed(self, what: Message, change: Callable[[Fraction], Fraction]) -> None:
        for member, figure in self.values.items():
            held = change(figure)
            if held != figure:
                self.values[member] = held
                self._note(member, what, held, written(held))

    def _ranked(self) -> None:
        in_order = sorted(self.values.values(), reverse=True)
        places: dict[Fraction, int] = {}
        for number, figure in enumerate(in_order, 1):
            places.setdefault(figure, number)
        for member, figure in self.values.items():
            place = Fraction(places[figure])
            what = Message(
                "{driver}: the place of {figure} among all", driver=self.name, figure=_say(figure)
            )
            self.values[member] = place
            self._note(member, what, place, written(place))

    def _banded(self) -> None:
        rule = self.rule
        for member, figure in self.values.items():
            try:
                made = in_bands(figure, rule.bands, step=rule.step, marginal=rule.marginal)
            except SettingsError as error:
                raise SplitError(
                    "the figure of {member!r} for {driver!r}: {reason}",
                    member=member,
                    driver=self.name,
                    reason=error.message,
                ) from error
            what = Message(
                "{driver}: by the band of {figure}", driver=self.name, figure=_say(figure)
            )
            self.values[member] = made.value
            self._note(member, what, made.value, made.formula)

    def _note(self, member: str, what: Message, value: Fraction, formula: str) -> None:
        """Keep a line of working; the line before it becomes one of its parts."""
        before = self.steps.get(member)
        parts = () if before is None else (before,)
        self.steps[member] = Step(what=what, value=value, formula=formula, parts=parts)


def _say(number: Fraction) -> str:
    return written(number).strip("()")
