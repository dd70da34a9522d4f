from datetime import date

import pytest

from libconsortium import (
    Directory,
    Fact,
    Federation,
    Library,
    MemberClass,
    Membership,
    Succeeded,
    Succession,
    SuccessionKind,
    succeed,
)

BEFORE, DAY = date(2025, 6, 30), date(2025, 7, 1)
NEW = Library(id="new", opened=DAY)


def merged(*facts: Fact, into: str = "new") -> Succeeded:
    libraries = [Library(id=each) for each in ("a", "b", "c")]
    federations = [Federation(id=each) for each in ("north", "delta", "vla")]
    return succeed(
        Directory.of([*libraries, NEW, *federations, *facts]),
        [Succession(predecessor=each, successor=into, on=DAY) for each in ("a", "b")],
    )


def held(after: Succeeded, member: str = "new", on: date = DAY) -> set[str]:
    return {
        federation
        for federation in after.directory.federations
        for one in after.directory.members(federation, on=on)
        if one.member == member
    }


def codes(after: Succeeded) -> list[str]:
    return [problem.code for problem in after.findings]


def belongs(
    member: str, federation: str, member_class: MemberClass = MemberClass.OFFICIAL
) -> Membership:
    return Membership(member=member, federation=federation, member_class=member_class)


def test_predecessors_close_on_the_day_before() -> None:
    after = merged()

    assert after.directory.library("a").closed == BEFORE
    assert after.directory.library("c").closed is None


def test_an_earlier_closing_stays() -> None:
    earlier = Library(id="d", closed=date(2020, 1, 1))
    after = succeed(
        Directory.of([earlier, NEW]), [Succession(predecessor="d", successor="new", on=DAY)]
    )

    assert after.directory.library("d").closed == date(2020, 1, 1)


def test_the_days_before_keep_the_old_picture() -> None:
    after = merged(belongs("a", "north"), belongs("b", "north"), belongs("c", "north"))

    members = [one.member for one in after.directory.members("north", on=BEFORE)]
    assert members == ["a", "b", "c"]


def test_a_successor_inherits_what_all_its_predecessors_have() -> None:
    after = merged(belongs("a", "north"), belongs("b", "north"), belongs("c", "north"))

    assert [one.member for one in after.directory.members("north", on=DAY)] == ["c", "new"]
    assert codes(after) == []


def test_a_successor_inherits_everything_one_predecessor_alone_has() -> None:
    after = merged(belongs("a", "north"), belongs("a", "vla"), belongs("b", "vla"))

    assert held(after) == {"north", "vla"}
    assert codes(after) == []


def test_inheriting_from_two_federations_is_left_to_be_decided() -> None:
    after = merged(
        belongs("a", "north"), belongs("b", "delta"), belongs("a", "vla"), belongs("b", "vla")
    )

    assert held(after) == {"vla"}
    assert codes(after) == ["CROSS_FEDERATION_SUCCESSOR"]
    assert "delta, north" in str(after.findings[0])
    assert "begins on 2025-07-01" in str(after.findings[0])


def test_a_decision_is_kept_and_ends_the_question() -> None:
    decision = Membership(member="new", federation="north", valid_from=DAY)

    after = merged(belongs("a", "north"), belongs("b", "delta"), decision)

    assert held(after) == {"north"}
    assert codes(after) == []


def test_applying_successions_again_changes_nothing_and_still_asks() -> None:
    once = merged(belongs("a", "north"), belongs("b", "delta"), belongs("c", "north"))

    twice = succeed(once.directory, once.directory.of_kind(Succession))

    assert twice == once


def test_different_classes_are_left_to_be_decided() -> None:
    after = merged(belongs("a", "vla"), belongs("b", "vla", MemberClass.OBSERVER))

    assert held(after) == set()
    assert codes(after) == ["SUCCESSOR_CLASS"]


def test_a_decision_on_the_class_ends_the_question() -> None:
    decision = Membership(
        member="new", federation="vla", member_class=MemberClass.OBSERVER, valid_from=DAY
    )

    after = merged(belongs("a", "vla"), belongs("b", "vla", MemberClass.OBSERVER), decision)

    assert codes(after) == []


def test_all_classes_of_a_membership_are_inherited() -> None:
    classes = [MemberClass.OFFICIAL, MemberClass.LEAD]
    after = merged(
        *(belongs(member, "vla", each) for member in ("a", "b") for each in classes),
    )

    (one,) = after.directory.members("vla", on=DAY)
    assert {path[-1].member_class for path in one.paths} == set(classes)


@pytest.mark.parametrize(
    ("ends", "inherited"),
    [
        ((None, date(2025, 12, 31)), None),
        ((date(2025, 12, 31), date(2026, 12, 31)), date(2026, 12, 31)),
    ],
)
def test_an_inherited_membership_ends_with_the_longest(
    ends: tuple[date | None, date | None], inherited: date | None
) -> None:
    after = merged(
        *(
            Membership(member=member, federation="vla", valid_to=end)
            for member, end in zip("ab", ends, strict=True)
        )
    )

    (new,) = [one for one in after.directory.of_kind(Membership) if one.member == "new"]
    assert new.valid_to == inherited


def test_a_membership_that_was_over_is_not_inherited_and_not_prolonged() -> None:
    over = Membership(member="a", federation="north", valid_to=date(2020, 1, 1))

    after = merged(over)

    assert held(after) == set()
    assert over in after.directory.of_kind(Membership)


def test_a_membership_that_would_begin_later_is_left_as_it_is() -> None:
    later = Membership(member="a", federation="north", valid_from=date(2026, 1, 1))

    assert later in merged(later).directory.of_kind(Membership)


def test_an_older_library_that_takes_in_others_keeps_its_own_memberships() -> None:
    after = merged(belongs("a", "vla"), belongs("b", "vla"), belongs("c", "vla"), into="c")

    assert held(after, "c") == {"vla"}
    assert codes(after) == []
    assert len([one for one in after.directory.of_kind(Membership) if one.member == "c"]) == 1


def test_an_older_library_that_takes_in_members_of_another_federation_is_asked_about() -> None:
    after = merged(belongs("a", "north"), belongs("b", "north"), belongs("c", "delta"), into="c")

    assert held(after, "c") == {"delta"}
    assert codes(after) == ["CROSS_FEDERATION_SUCCESSOR"]


def test_both_parts_of_a_split_inherit() -> None:
    start = Directory.of(
        [
            *(Library(id=each) for each in ("a", "x", "y")),
            Federation(id="vla"),
            belongs("a", "vla"),
        ]
    )
    parts = [
        Succession(predecessor="a", successor=each, kind=SuccessionKind.SPLIT, on=DAY)
        for each in ("x", "y")
    ]

    after = succeed(start, parts)

    assert [one.member for one in after.directory.members("vla", on=DAY)] == ["x", "y"]


def test_a_renamed_library_goes_on_under_its_new_id() -> None:
    start = Directory.of([Library(id="a"), NEW, Federation(id="vla"), belongs("a", "vla")])
    renamed = Succession(predecessor="a", successor="new", kind=SuccessionKind.RENAME, on=DAY)

    after = succeed(start, [renamed])

    assert [one.member for one in after.directory.members("vla", on=BEFORE)] == ["a"]
    assert [one.member for one in after.directory.members("vla", on=DAY)] == ["new"]


def test_a_closed_library_leaves_nobody_behind() -> None:
    start = Directory.of([Library(id="a"), Federation(id="vla"), belongs("a", "vla")])

    after = succeed(start, [Succession(predecessor="a", kind=SuccessionKind.CLOSE, on=DAY)])

    assert after.directory.members("vla", on=DAY) == ()
    assert after.findings == ()


@pytest.mark.parametrize(
    ("succession", "code"),
    [
        (Succession(predecessor="a", successor="nobody", on=DAY), "SUCCESSION_UNKNOWN"),
        (Succession(predecessor="nobody", successor="new", on=DAY), "SUCCESSION_UNKNOWN"),
        (Succession(predecessor="a", successor="new"), "SUCCESSION_NO_DAY"),
        (Succession(predecessor="a", on=DAY), "SUCCESSION_KIND"),
        (Succession(predecessor="a", successor="a", on=DAY), "SUCCESSION_KIND"),
        (
            Succession(predecessor="a", successor="new", kind=SuccessionKind.CLOSE, on=DAY),
            "SUCCESSION_KIND",
        ),
    ],
)
def test_a_succession_that_cannot_be_applied_is_left_out_and_found(
    succession: Succession, code: str
) -> None:
    start = Directory.of([Library(id="a"), NEW])

    after = succeed(start, [succession])

    assert codes(after) == [code]
    assert after.directory == start
