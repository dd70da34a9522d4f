from collections.abc import Iterable
from datetime import date
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from libconsortium import (
    FACT_KINDS,
    Choice,
    CycleError,
    Directory,
    Fact,
    Federation,
    Library,
    Measure,
    MemberClass,
    Membership,
    Name,
    NameKind,
    Participation,
    Quantity,
    Subscription,
    UnknownIdError,
)
from tests.strategies import facts

DAY = date(2019, 12, 31)
ANY_FACT = st.one_of([facts(kind) for kind in FACT_KINDS.values()])


def belongs(
    member: str, federation: str, member_class: MemberClass = MemberClass.OFFICIAL
) -> Membership:
    return Membership(member=member, federation=federation, member_class=member_class)


def association() -> list[Fact]:
    """VUSTA ⊃ VLA ⊃ NALA; one library in NALA, in VLA itself and in the S&T consortium."""
    federations = [Federation(id=each) for each in ("vusta", "vla", "nala", "st")]
    memberships = [("vla", "vusta"), ("nala", "vla"), ("tqb", "nala"), ("tqb", "vla")]
    memberships += [("tqb", "st"), ("tlu", "nala")]
    libraries = [Library(id="tqb"), Library(id="tlu")]
    return [*federations, *libraries, *(belongs(*pair) for pair in memberships)]


def taken(*choices: Participation, memberships: Iterable[Membership] = ()) -> list[str]:
    people = Directory.of(
        [
            Federation(id="st"),
            Subscription(
                id="db", federation="st", valid_from=date(2019, 1, 1), valid_to=date(2019, 12, 31)
            ),
            *memberships,
            *choices,
        ]
    )
    return list(people.participants("db", on=DAY))


def chooses(member: str, choice: Choice = Choice.IN, package: str = "") -> Participation:
    return Participation(subscription="db", member=member, choice=choice, package=package)


@settings(max_examples=30)
@given(st.lists(ANY_FACT, max_size=8), st.randoms(use_true_random=False))
def test_the_order_in_which_facts_come_never_matters(
    given_facts: list[Fact], chance: Random
) -> None:
    shuffled = [*given_facts, *given_facts[:1]]
    chance.shuffle(shuffled)

    assert Directory.of(shuffled) == Directory.of(given_facts)


@settings(max_examples=30)
@given(st.lists(ANY_FACT, max_size=8))
def test_a_directory_holds_every_fact_once(given_facts: list[Fact]) -> None:
    held = list(Directory.of(given_facts).all())

    assert len(held) == len(set(held))
    assert set(held) == set(given_facts)


def test_a_library_is_listed_once_with_every_path_to_it() -> None:
    found = Directory.of(association()).members("vla", on=DAY, deep=True)

    assert {one.member: one.routes for one in found} == {
        "tlu": ("vla ⊃ nala ⊃ tlu",),
        "tqb": ("vla ⊃ nala ⊃ tqb", "vla ⊃ tqb"),
    }


def test_direct_members_are_libraries_and_federations() -> None:
    found = Directory.of(association()).members("vla", on=DAY)

    assert [one.member for one in found] == ["nala", "tqb"]


def test_a_library_belongs_to_several_federations_at_once() -> None:
    people = Directory.of(association())

    assert [one.member for one in people.members("st", on=DAY)] == ["tqb"]
    assert "tqb" in [one.member for one in people.members("nala", on=DAY)]


def test_a_membership_counts_on_its_days_only() -> None:
    held = Membership(
        member="a", federation="st", valid_from=date(2020, 1, 1), valid_to=date(2020, 12, 31)
    )
    people = Directory.of([Federation(id="st"), held])

    days = [date(2019, 12, 31), date(2020, 1, 1), date(2020, 12, 31), date(2021, 1, 1)]
    assert [len(people.members("st", on=day)) for day in days] == [0, 1, 1, 0]


def test_a_closed_library_is_no_member_any_more() -> None:
    people = Directory.of(
        [Federation(id="st"), Library(id="a", closed=date(2019, 12, 30)), belongs("a", "st")]
    )

    assert people.members("st", on=DAY) == ()
    assert len(people.members("st", on=date(2019, 12, 30))) == 1


def test_a_closed_federation_passes_nobody_on() -> None:
    people = Directory.of(
        [
            Federation(id="vla"),
            Federation(id="nala", closed=date(2019, 1, 1)),
            belongs("nala", "vla"),
            belongs("a", "nala"),
        ]
    )

    assert people.members("vla", on=DAY, deep=True) == ()


def test_a_cycle_is_refused_naming_its_path() -> None:
    people = Directory.of(
        [Federation(id="A"), Federation(id="B"), belongs("B", "A"), belongs("A", "B")]
    )

    with pytest.raises(CycleError, match="A ⊃ B ⊃ A"):
        people.members("A", on=DAY, deep=True)


def test_a_cycle_further_down_is_named_without_the_way_to_it() -> None:
    people = Directory.of(
        [
            *(Federation(id=each) for each in "ABC"),
            belongs("B", "A"),
            belongs("C", "B"),
            belongs("B", "C"),
        ]
    )

    with pytest.raises(CycleError, match=": B ⊃ C ⊃ B;"):
        people.members("A", on=DAY, deep=True)


def test_two_memberships_that_never_hold_together_are_no_cycle() -> None:
    people = Directory.of(
        [
            Federation(id="A"),
            Federation(id="B"),
            Membership(member="B", federation="A", valid_to=date(2018, 12, 31)),
            Membership(member="A", federation="B", valid_from=date(2019, 1, 1)),
        ]
    )

    assert people.members("A", on=DAY, deep=True) == ()


def test_only_official_members_pay() -> None:
    people = Directory.of(
        [
            Federation(id="st"),
            belongs("a", "st"),
            belongs("b", "st"),
            belongs("c", "st", MemberClass.OBSERVER),
            belongs("most", "st", MemberClass.SPONSOR),
        ]
    )

    assert people.payers("st", on=DAY) == ("a", "b")
    assert len(people.members("st", on=DAY)) == 4


def test_a_host_that_is_an_official_member_too_pays() -> None:
    people = Directory.of(
        [Federation(id="st"), belongs("a", "st", MemberClass.LEAD), belongs("a", "st")]
    )

    assert people.payers("st", on=DAY) == ("a",)


def test_an_unknown_federation_suggests_the_nearest() -> None:
    people = Directory.of([Federation(id="delta")])

    with pytest.raises(UnknownIdError, match="'dleta'; did you mean 'delta'"):
        people.members("dleta", on=DAY)


def test_an_unknown_library_without_a_near_one_is_named() -> None:
    with pytest.raises(UnknownIdError, match="nothing of this kind has the id 'x'"):
        Directory.of([]).library("x")


def test_a_library_is_found_by_its_id() -> None:
    library = Library(id="a", name="A")

    assert Directory.of([library]).library("a") == library


def test_a_measure_is_found_by_library_name_and_period() -> None:
    measure = Measure(library="a", name="fte", period="2024", value=Quantity.of(5))
    people = Directory.of([measure])

    assert people.measure("a", "fte", "2024") == measure
    assert people.measure("a", "fte", "2023") is None


@pytest.mark.parametrize(
    ("day", "said"),
    [(date(2025, 2, 28), "Cục cũ"), (date(2025, 3, 1), "Cục mới"), (date(2030, 1, 1), "Cục mới")],
)
def test_a_name_is_the_one_of_its_day(day: date, said: str) -> None:
    people = Directory.of(
        [
            Federation(id="cuc", name="Cục"),
            Name(owner="cuc", name="Cục cũ", valid_to=date(2025, 2, 28)),
            Name(owner="cuc", name="Cục mới", valid_from=date(2025, 3, 1)),
        ]
    )

    assert people.name_of("cuc", on=day) == said


def test_of_two_names_the_one_that_began_last_is_given() -> None:
    people = Directory.of(
        [Name(owner="a", name="cũ"), Name(owner="a", name="mới", valid_from=date(2019, 1, 1))]
    )

    assert people.name_of("a", on=DAY) == "mới"


def test_an_official_name_comes_before_a_short_one() -> None:
    people = Directory.of(
        [
            Name(owner="vla", name="VLA", language="en", kind=NameKind.SHORT),
            Name(owner="vla", name="Vietnam Library Association", language="en"),
        ]
    )

    assert people.name_of("vla", on=DAY, language="en") == "Vietnam Library Association"


def test_without_a_name_in_the_language_the_records_own_is_given() -> None:
    people = Directory.of([Library(id="a", name="Thư viện A"), Library(id="b")])

    assert people.name_of("a", on=DAY, language="en") == "Thư viện A"
    assert people.name_of("b", on=DAY) == "b"
    assert people.name_of("c", on=DAY) == "c"


def test_who_chooses_to_take_part_does() -> None:
    assert taken(chooses("a"), chooses("b", Choice.OUT)) == ["a"]


def test_out_wins_over_in() -> None:
    later = Participation(
        subscription="db", member="a", choice=Choice.OUT, valid_from=date(2019, 6, 1)
    )

    assert taken(chooses("a"), later) == []


def test_nobody_takes_part_outside_the_subscriptions_days() -> None:
    people = Directory.of([Subscription(id="db", valid_to=date(2019, 12, 30)), chooses("a")])

    assert people.participants("db", on=DAY) == {}


def test_a_closed_library_takes_no_part() -> None:
    people = Directory.of(
        [Subscription(id="db"), Library(id="a", closed=date(2019, 1, 1)), chooses("a")]
    )

    assert people.participants("db", on=DAY) == {}


def test_a_federations_choice_stands_for_its_official_members() -> None:
    memberships = [belongs("a", "st"), belongs("b", "st", MemberClass.OBSERVER)]

    assert taken(chooses("st"), memberships=memberships) == ["a"]


def test_a_librarys_own_choice_wins_over_that_of_its_federation() -> None:
    memberships = [belongs("a", "st"), belongs("b", "st")]

    assert taken(chooses("st"), chooses("a", Choice.OUT), memberships=memberships) == ["b"]
    assert taken(chooses("st", Choice.OUT), chooses("a"), memberships=memberships) == ["a"]


def test_packages_are_chosen_one_by_one() -> None:
    people = Directory.of(
        [
            Subscription(id="db"),
            chooses("a", package="physics"),
            chooses("a", package="law"),
            chooses("b", package="law"),
            chooses("b", Choice.OUT, package="law"),
            chooses("c"),
        ]
    )

    assert people.participants("db", on=DAY) == {
        "a": frozenset({"physics", "law"}),
        "c": frozenset(),
    }


def test_out_of_the_whole_is_out_of_every_package() -> None:
    assert taken(chooses("a", package="law"), chooses("a", Choice.OUT)) == []
