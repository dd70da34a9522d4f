"""From usage to the figures that decide who pays."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from libconsortium import DriverRule
from libconsortium.core.directory.directory import Directory
from libconsortium.core.directory.federations import Federation, Membership
from libconsortium.core.directory.identifiers import Identifier
from libconsortium.core.directory.members import Library, Name
from libconsortium.core.errors import SplitError
from libconsortium.core.problems import Problem
from libconsortium.core.sharing.figures import figures_of
from libconsortium.core.usage.gaps import UsageScope
from libconsortium.core.usage.institutions import (
    institution_finder,
    rollup_findings,
    unknown_institutions,
)
from libconsortium.core.usage.membership import (
    counting_months,
    membership_months,
    usage_measures,
)
from libconsortium.core.usage.rows import Institution, months_between
from libconsortium.core.usage.sums import Covered, UsageSum

YEAR = months_between("2025-01", "2025-12")
REQUESTS = "Unique_Item_Requests"


def used(
    member: str = "lib-a",
    month: str = "2025-05",
    count: int = 10,
    *,
    report: str = "TR_J1",
    metric: str = REQUESTS,
) -> UsageSum:
    return UsageSum(
        member=member, platform="P", report=report, metric=metric, month=month, release="5.1",
        count=count,
    )  # fmt: skip


def told(
    member: str = "lib-a", months: tuple[str, ...] = YEAR, *, provider: str = "S",
    report: str = "TR_J1",
) -> Covered:  # fmt: skip
    return Covered(member=member, provider=provider, report=report, months=months)


def scope(*members: str, months: tuple[str, ...] = YEAR, not_sharing: str = "") -> UsageScope:
    return UsageScope(
        within={member: frozenset(months) for member in members},
        not_sharing=frozenset(not_sharing.split()),
    )


def codes(problems: tuple[Problem, ...]) -> list[str]:
    return [problem.code for problem in problems]


# ---------------------------------------------------------------- months of membership


def test_a_library_that_joins_in_may_belongs_from_may_on() -> None:
    joined = Membership(member="lib-a", federation="st", valid_from=date(2025, 5, 1))
    facts = Directory.of([Federation(id="st"), joined])

    months = membership_months(facts, "st", "2025-01", "2025-12")

    assert sorted(months["lib-a"]) == list(months_between("2025-05", "2025-12"))


def test_a_month_counts_when_it_was_a_member_on_any_day_of_it() -> None:
    short = Membership(
        member="lib-a", federation="st", valid_from=date(2025, 5, 10), valid_to=date(2025, 5, 20)
    )
    facts = Directory.of([Federation(id="st"), short])

    assert membership_months(facts, "st", "2025-01", "2025-12") == {"lib-a": frozenset({"2025-05"})}


def test_members_of_federations_inside_belong_too() -> None:
    facts = Directory.of(
        [
            Federation(id="st"),
            Federation(id="delta"),
            Membership(member="delta", federation="st", valid_to=date(2025, 2, 28)),
            Membership(member="lib-a", federation="delta"),
        ]
    )

    months = membership_months(facts, "st", "2025-01", "2025-12")

    assert sorted(months["lib-a"]) == ["2025-01", "2025-02"]


# ---------------------------------------------------------------- measures


def test_only_months_of_membership_count() -> None:
    sums = [used(month="2025-04", count=90), used(month="2025-05", count=10)]
    member = scope("lib-a", months=months_between("2025-05", "2025-12"))

    measures, problems = usage_measures(sums, [told()], member)

    assert [(one.period, one.value.exact) for one in measures] == [("2025", Fraction(10))]
    assert codes(problems) == ["OUTSIDE_MEMBERSHIP"]
    assert "90 in 2025-04" in str(problems[0])


def test_without_memberships_every_month_counts() -> None:
    measures, problems = usage_measures([used(month="2024-12"), used()], [told()], UsageScope())

    assert [one.period for one in measures] == ["2024", "2025"]
    assert problems == ()


def test_a_year_told_of_without_usage_is_zero() -> None:
    covered = [told("lib-a"), told("lib-b")]

    measures, problems = usage_measures([used("lib-a")], covered, scope("lib-a", "lib-b"))

    assert {one.library: one.value.exact for one in measures} == {"lib-a": 10, "lib-b": 0}
    assert problems == ()


def test_missing_months_are_named_and_the_figure_is_only_a_lower_bound() -> None:
    months = tuple(month for month in YEAR if month not in {"2025-03", "2025-07"})

    measures, problems = usage_measures([used()], [told(months=months)], scope("lib-a"))

    assert str(measures[0].value) == ">= 10"
    assert codes(problems) == ["MONTHS_MISSING"]
    assert "2025-03, 2025-07" in str(problems[0])


def test_a_lower_bound_never_decides_who_pays() -> None:
    measures, _ = usage_measures([used()], [told(months=YEAR[:6])], scope("lib-a"))

    with pytest.raises(SplitError, match="only approximate"):
        figures_of(
            Directory.of(measures), {f"counter.{REQUESTS}": DriverRule()}, ["lib-a"], year=2025
        )


def test_measures_become_a_mean_of_years_in_the_policys_driver() -> None:
    sums = [used(month="2024-05", count=10), used(month="2025-05", count=20)]
    measures, _ = usage_measures(sums, [], UsageScope())
    rule = DriverRule(measure=f"counter.{REQUESTS}", mean_of_years=2)

    figures = figures_of(Directory.of(measures), {"usage": rule}, ["lib-a"], year=2025)

    assert figures == {
        f"counter.{REQUESTS}:2024": {"lib-a": Fraction(10)},
        f"counter.{REQUESTS}:2025": {"lib-a": Fraction(20)},
    }


def test_a_month_that_one_supplier_told_others_is_missed_though_another_told_it() -> None:
    covered = [
        told("lib-a", provider="S"),
        told("lib-a", YEAR[:11], provider="T"),
        told("lib-b", provider="S"),
        told("lib-b", provider="T"),
    ]

    _, problems = usage_measures([used()], covered, scope("lib-a", "lib-b"))

    assert codes(problems) == ["MONTHS_MISSING"]
    assert "by T for 2025-12" in str(problems[0])


def test_a_supplier_that_changes_its_name_leaves_no_gap() -> None:
    covered = [told(months=YEAR[:6], provider="S"), told(months=YEAR[6:], provider="S Ltd")]

    _, problems = usage_measures([used()], covered, scope("lib-a"))

    assert problems == ()


def test_a_member_that_no_report_tells_of_gets_no_figure() -> None:
    measures, problems = usage_measures([used()], [told()], scope("lib-a", "lib-b"))

    assert [one.library for one in measures] == ["lib-a"]
    assert [(problem.code, problem.where.record) for problem in problems] == [
        ("NO_USAGE_REPORT", "lib-b")
    ]


def test_a_member_in_other_years_only_is_not_missed() -> None:
    within = {"lib-a": frozenset(YEAR), "lib-b": frozenset({"2024-01"})}

    _, problems = usage_measures([used()], [told()], UsageScope(within=within))

    assert problems == ()


def test_a_member_that_does_not_share_gets_no_figure_though_it_is_there() -> None:
    measures, problems = usage_measures(
        [used("lib-a"), used("lib-b")],
        [told("lib-a"), told("lib-b")],
        scope("lib-a", "lib-b", not_sharing="lib-b"),
    )

    assert [one.library for one in measures] == ["lib-a"]
    assert [(problem.code, problem.where.record) for problem in problems] == [
        ("NOT_SHARING", "lib-b")
    ]


def test_usage_of_institutions_that_are_no_members_is_left_out() -> None:
    measures, problems = usage_measures([used("other")], [told("other")], scope("lib-a"))

    assert measures == ()
    assert codes(problems) == ["NO_USAGE_REPORT"]


def test_a_metric_in_several_reports_makes_no_measure_until_one_is_chosen() -> None:
    sums = [used(report="TR"), used(report="TR_J1"), used(report="TR", metric="No_License")]

    measures, problems = usage_measures(sums, [], UsageScope())
    chosen, none = usage_measures(sums, [], UsageScope(report="TR_J1"))

    assert [one.name for one in measures] == ["counter.No_License"]
    assert [(problem.code, problem.where.field) for problem in problems] == [
        ("SEVERAL_REPORTS", REQUESTS)
    ]
    assert ([one.name for one in chosen], none) == ([f"counter.{REQUESTS}"], ())


# ---------------------------------------------------------------- institutions


def finder(*facts: object):  # type: ignore[no-untyped-def] # noqa: ANN201 - a function
    return institution_finder(Directory.of(facts))  # type: ignore[arg-type] # facts of any kind


def number(owner: str, value: str, scheme: str = "counter-customer-id") -> Identifier:
    return Identifier(owner=owner, scheme=scheme, value=value)


def test_a_customer_number_decides_before_the_name() -> None:
    find = finder(Library(id="lib-b", name="Uni A"), number("lib-a", "C-1"))

    assert find(Institution(name="Uni A", identifiers=(("customer_id", "C1"),))) == "lib-a"
    assert [find(Institution(name="uni a")) for _ in range(2)] == ["lib-b"] * 2


def test_a_suppliers_prefix_may_stand_before_the_number() -> None:
    find = finder(number("lib-a", "C1"), number("lib-b", "00hx57361", "ror"))

    assert find(Institution(identifiers=(("proprietary", "pubsite:C1"),))) == "lib-a"
    assert find(Institution(identifiers=(("ror", "https://ror.org/00hx57361"),))) == "lib-b"


def test_what_two_libraries_have_finds_neither() -> None:
    find = finder(number("lib-a", "1"), number("lib-b", "1"), Name(owner="a", name="U"),
                  Name(owner="b", name="U"))  # fmt: skip

    assert find(Institution(name="U", identifiers=(("customer_id", "1"),))) == "U"


def test_a_federations_own_name_finds_it() -> None:
    assert finder(Federation(id="st", name="Liên hợp"))(Institution(name="Liên Hợp")) == "st"


def test_institutions_that_nobody_knows_are_told_with_their_numbers() -> None:
    facts = Directory.of([Library(id="lib-a", name="Uni A")])
    asked = [Institution(name="Uni A"), Institution(name="Uni B", identifiers=(("isni", "1"),))]

    problems = unknown_institutions(asked, institution_finder(facts), facts)

    assert [(problem.code, problem.where.record) for problem in problems] == [
        ("UNKNOWN_INSTITUTION", "Uni B")
    ]
    assert "isni 1" in str(problems[0])


# ---------------------------------------------------------------- the consortium's own reports


def test_a_consortiums_report_is_never_taken_for_its_members_sum() -> None:
    sums = [used("st", count=25), used("lib-a"), used("lib-b")]

    (problem,) = rollup_findings(sums, {"st"})
    measures, _ = usage_measures(sums, [], scope("lib-a", "lib-b"))

    assert "says 25, its members' reports together 20" in str(problem)
    assert [one.library for one in measures] == ["lib-a", "lib-b"]


def test_a_consortiums_report_that_agrees_is_no_finding() -> None:
    assert rollup_findings([used("st", count=20), used("lib-a"), used("lib-b")], {"st"}) == ()


def test_only_months_that_both_tell_of_are_compared() -> None:
    sums = [used("st", "2025-05"), used("st", "2025-06"), used("lib-a", "2025-05")]

    assert rollup_findings(sums, {"st"}) == ()
    assert rollup_findings([used("st", "2025-06")], {"st"}) == ()


# ---------------------------------------------------------------- months


def test_every_month_may_be_a_measure_of_its_own() -> None:
    measures, _ = usage_measures([used()], [told()], scope("lib-a"), by_month=True)

    found = {one.period: one.value.exact for one in measures}
    assert found == {**dict.fromkeys(YEAR, Fraction(0)), "2025-05": Fraction(10)}


def test_a_month_that_is_missing_is_no_zero() -> None:
    measures, problems = usage_measures(
        [used()], [told(months=YEAR[:11])], scope("lib-a"), by_month=True
    )

    assert codes(problems) == ["MONTHS_MISSING"]
    last = next(one for one in measures if one.period == "2025-12")
    assert str(last.value) == ">= 0"


MAY = Directory.of(
    [
        Federation(id="st"),
        Membership(member="lib-a", federation="st", valid_from=date(2025, 5, 1)),
        Membership(member="lib-b", federation="st", valid_from=date(2026, 1, 1)),
    ]
)
MONTHLY = [f"counter.{REQUESTS}:{month}" for month in YEAR]


def test_months_count_from_the_day_of_joining() -> None:
    found = counting_months(MAY, "st", ["lib-a", "lib-b", "lib-c"], [*MONTHLY, "fte:2025"])

    assert found == {"lib-a": frozenset(YEAR[4:]), "lib-b": frozenset()}


@pytest.mark.parametrize(("federation", "figures"), [("st", ["fte:2025"]), ("none", MONTHLY)])
def test_without_monthly_figures_or_a_federation_nothing_is_said(
    federation: str, figures: list[str]
) -> None:
    assert counting_months(MAY, federation, ["lib-a"], figures) == {}
