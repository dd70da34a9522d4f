import re
import tomllib
from collections import Counter
from datetime import date
from importlib.resources import files

import pytest

from libconsortium import (
    FACT_KINDS,
    Directory,
    Fact,
    Identifier,
    Library,
    Membership,
    Money,
    Place,
    Preset,
    Registry,
    Succeeded,
    Succession,
    findings,
    from_row,
    standalone_quote,
    succeed,
    to_row,
)
from libconsortium.plugins.vietnam.mergers import suggested_mergers
from libconsortium.plugins.vietnam.provinces import province_merger

PRESETS = Registry().all(Preset)
BEFORE, DAY = date(2025, 6, 30), date(2025, 7, 1)
NORTH, DELTA = "lh-mien-nui-phia-bac", "lh-dong-bang-song-hong"
REGIONAL = {"vn-northern-mountain": 13, "vn-red-river-delta": 12, "vn-north-central": 6}
MARKS = {"S", "P", "V", "D", "M-high"}


def facts_of(name: str) -> list[Fact]:
    facts: list[Fact] = []
    for kind, rows in tomllib.loads(PRESETS[name].read()).items():
        for number, row in enumerate(rows, 1):
            fact = from_row(FACT_KINDS[kind], row, Place(source=name, line=number))
            assert not isinstance(fact, tuple), [str(problem) for problem in fact]
            facts.append(fact)
    return facts


def directory_of(*names: str) -> Directory:
    return Directory.of(fact for name in names for fact in facts_of(name))


def merged() -> Succeeded:
    """The two northern federations after the suggestion for their libraries was applied."""
    before = directory_of("vn-northern-mountain", "vn-red-river-delta")
    suggested = suggested_mergers(before.of_kind(Library))
    successions = [fact for fact in suggested if isinstance(fact, Succession)]
    return succeed(Directory.of([*before.all(), *suggested]), successions)


def regions(directory: Directory, federation: str, on: date) -> set[str]:
    return {directory.library(one.member).region for one in directory.members(federation, on=on)}


# ---------------------------------------------------------------- provinces


def test_63_provinces_became_34() -> None:
    merger = province_merger()

    assert (len(merger.before), len(merger.after)) == (63, 34)
    assert merger.day == DAY


def test_every_old_province_went_into_exactly_one_new_one() -> None:
    merger = province_merger()

    parts = [one for province in merger.after.values() for one in province.formed_from]
    assert sorted(parts) == sorted(merger.before)


def test_23_provinces_were_formed_from_several_and_11_went_on() -> None:
    sizes = Counter(len(province.formed_from) for province in province_merger().after.values())

    assert sizes[1] == 11
    assert sizes[2] + sizes[3] == 23


def test_a_new_province_bears_the_name_of_one_of_its_parts() -> None:
    merger = province_merger()

    for province in merger.after.values():
        assert province.id in province.formed_from
        assert province.name == merger.before[province.id].name
        assert province.iso_3166_2 == merger.before[province.id].iso_3166_2


def test_codes_are_used_once() -> None:
    merger = province_merger()

    assert len({province.iso_3166_2 for province in merger.before.values()}) == 63
    assert len({province.gso for province in merger.after.values()}) == 34
    assert sum(province.kind == "thành phố" for province in merger.after.values()) == 6


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Hòa Bình", "Phú Thọ"),
        ("Bắc Giang", "Bắc Ninh"),
        ("Hà Nội", "Hà Nội"),
        ("Kiên Giang", "An Giang"),
        ("Bà Rịa–Vũng Tàu", "Hồ Chí Minh"),
    ],
)
def test_an_old_province_is_found_in_its_new_one(old: str, new: str) -> None:
    successor = province_merger().successor(old)

    assert successor is not None
    assert successor.name == new


def test_an_unknown_province_has_no_successor() -> None:
    assert province_merger().successor("Atlantis") is None


# ---------------------------------------------------------------- presets


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_a_preset_loads_without_problems(name: str) -> None:
    assert facts_of(name)
    assert PRESETS[name].summary


@pytest.mark.parametrize("name", sorted(set(PRESETS) - {"vn-mergers-2025"}))
def test_a_presets_facts_fit_together(name: str) -> None:
    # The Northern Mountain federation's terms of 2015-2018 and 2018-2021 do share a year.
    touching = ["TERM_TOUCH"] if name == "vn-northern-mountain" else []

    assert [problem.code for problem in findings(directory_of(name))] == touching


def test_all_presets_fit_together() -> None:
    codes = {problem.code for problem in findings(directory_of(*PRESETS))}

    assert codes == {"TERM_TOUCH"}


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_a_preset_holds_no_persons_no_registered_codes_and_no_fees(name: str) -> None:
    text = PRESETS[name].read()

    assert "@" not in text
    assert not re.search(r"\b(ông|bà|Mr|Mrs|Ms|Dr|TS\.|ThS\.|PGS\.|GS\.)\s", text)
    assert not any(isinstance(fact, Identifier) for fact in facts_of(name))
    assert name == "demo" or not re.search("VND|USD|offers|quotes", text)


@pytest.mark.parametrize("name", sorted(set(PRESETS) - {"demo"}))
def test_every_membership_carries_its_evidence_and_source(name: str) -> None:
    for fact in facts_of(name):
        if isinstance(fact, Membership):
            assert set(fact.evidence.split("+")) <= MARKS
            assert fact.evidence
            assert fact.source


@pytest.mark.parametrize("name", sorted(set(PRESETS) - {"demo", "vn-mergers-2025"}))
def test_a_preset_explains_itself_at_its_head(name: str) -> None:
    assert PRESETS[name].read().startswith("# ")


@pytest.mark.parametrize(("name", "number"), REGIONAL.items())
def test_a_regional_federation_has_its_number_of_libraries(name: str, number: int) -> None:
    directory = directory_of(name)

    (federation,) = directory.federations
    assert len(directory.members(federation, on=date(2023, 7, 7))) == number


def test_the_association_has_63_provincial_units() -> None:
    directory = directory_of("vn-vla")

    found = directory.members("vusta", on=date(2019, 12, 31), deep=True)
    assert len(found) == 63
    assert found[0].routes[0].startswith("vusta ⊃ vla ⊃ tv-")


def test_the_libraries_of_the_association_serve_the_63_provinces() -> None:
    served = {library.region for library in directory_of("vn-vla").of_kind(Library)}

    assert served == {province.name for province in province_merger().before.values()}


def test_a_library_is_the_same_in_every_preset() -> None:
    directory = directory_of(*PRESETS)

    assert len(directory.of_kind(Library)) == len(directory.libraries)


def test_the_agency_bears_the_name_of_its_day() -> None:
    directory = directory_of("vn-agencies")

    names = [directory.name_of("cuc-thong-tin", on=date(year, 12, 31)) for year in (2024, 2025)]
    assert names == ["Cục Thông tin khoa học và công nghệ quốc gia", "Cục Thông tin, Thống kê"]


def test_the_sponsor_and_the_lead_body_of_the_consortium_do_not_pay_as_members() -> None:
    directory = directory_of("vn-st-consortium")

    assert directory.payers("lh-nguon-tin", on=date(2024, 8, 17)) == ()
    assert len(directory.members("lh-nguon-tin", on=date(2024, 8, 17))) == 2


def test_the_invented_consortium_has_the_figures_of_the_worked_example() -> None:
    directory = directory_of("demo")
    (subscription,) = directory.subscriptions.values()
    takers = list(directory.participants(subscription.id, on=date(2025, 1, 1)))

    def figures(name: str) -> list[int]:
        found = [directory.measure(library, name, "2024") for library in takers]
        return [int(measure.value.exact) for measure in found if measure]

    assert figures("fte") == [40_000, 20_000, 8_000, 2_000]
    assert figures("usage") == [50_000, 30_000, 15_000, 5_000]
    quote = standalone_quote(directory, takers[-1], subscription.resource, on=date(2025, 1, 1))
    assert quote is not None
    assert quote.amount == Money(150_000_000, "VND")


def test_everything_in_the_example_is_marked_as_invented() -> None:
    for fact in directory_of("demo").all():
        assert getattr(fact, "source", "invented").startswith("invented")
        if isinstance(fact, Library):
            assert "(hư cấu)" in fact.name


def test_every_data_file_is_given_as_a_preset() -> None:
    folder = files("libconsortium.plugins.vietnam").joinpath("presets")
    names = {file.name.removesuffix(".toml") for file in folder.iterdir()}

    assert names | {"vn-mergers-2025"} == set(PRESETS)


# ---------------------------------------------------------------- the merger of libraries


def test_25_libraries_of_the_two_northern_federations_become_15() -> None:
    after = merged().directory

    assert len([one for one in after.of_kind(Library) if one.is_open(BEFORE)]) == 25
    assert len([one for one in after.of_kind(Library) if one.is_open(DAY)]) == 15


def test_the_day_before_the_merger_there_are_still_13_and_12_members() -> None:
    after = merged().directory

    assert len(after.members(NORTH, on=BEFORE)) == 13
    assert len(after.members(DELTA, on=BEFORE)) == 12


def test_exactly_phu_tho_and_bac_ninh_inherit_from_both_and_nothing_is_chosen() -> None:
    after = merged()

    asked = {problem.where.record for problem in after.findings}
    assert {problem.code for problem in after.findings} == {"CROSS_FEDERATION_SUCCESSOR"}
    assert asked == {"tv-phu-tho-2025", "tv-bac-ninh-2025"}


def test_the_other_successors_stay_in_the_federation_of_their_predecessors() -> None:
    after = merged().directory

    north, delta = regions(after, NORTH, DAY), regions(after, DELTA, DAY)
    assert (len(north), len(delta)) == (8, 5)
    assert north.isdisjoint(delta)
    assert not {"Phú Thọ", "Bắc Ninh"} & (north | delta)


def test_no_merger_is_suggested_for_what_is_no_provincial_library() -> None:
    library = Library(id="x", region="Hà Giang")

    assert suggested_mergers([library]) == ()


def test_the_suggestion_says_that_it_is_not_confirmed() -> None:
    facts = facts_of("vn-mergers-2025")

    assert Counter(type(fact) for fact in facts) == {Library: 23, Succession: 52}
    assert all("not confirmed" in to_row(fact)["source"] for fact in facts)
