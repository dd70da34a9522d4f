from __future__ import annotations

from fractions import Fraction

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from libconsortium import CatalogueError, Money, TitleRow
from libconsortium.core.titles.title_lists import TitleList, TitleUse
from libconsortium.core.titles.title_matching import number_keys, numbered_titles
from libconsortium.core.titles.title_overlap import title_measures, title_overlap
from libconsortium.core.titles.titles import Coverage

_A = TitleRow(title="Annals", print_identifier="0317-8471")
_A_ONLINE = TitleRow(title="Annals (online)", online_identifier="0317-8471", access_type="P")
_B = TitleRow(title="Bulletin", print_identifier="2434-561X")
_C = TitleRow(title="Cahiers", online_identifier="1050-124X", access_type="F")


def _list(name: str, *rows: TitleRow, members: tuple[str, ...] = (), cost: int = 0) -> TitleList:
    paid = Money(cost, "VND") if cost else None
    return TitleList(name=name, titles=rows, members=members, cost=paid)


def test_a_serial_of_several_rows_is_one_title() -> None:
    (one,) = title_overlap([_list("x", _A, _A, _B)]).lists

    assert one.titles == 2


def test_print_and_online_numbers_bring_a_title_together() -> None:
    found = title_overlap([_list("x", _A), _list("y", _A_ONLINE, _B)])

    assert (found.matrix["x", "y"], found.matrix["y", "x"], found.matrix["y", "y"]) == (1, 1, 2)
    assert [one.unique for one in found.lists] == [0, 1]
    assert (found.in_k, found.in_all) == ({1: 1, 2: 1}, 1)


def test_a_title_without_numbers_is_the_one_of_its_name() -> None:
    rows = [
        TitleRow(title="Tạp chí Toán học", print_identifier="0317-8471"),
        TitleRow(title="Tạp chí toán học"),
    ]

    assert numbered_titles([rows]) == [[0, 0]]


def test_names_without_their_diacritics_are_no_proof() -> None:
    rows = [TitleRow(title="Phạm Việt Hòa"), TitleRow(title="Phạm Viết Hoa")]

    assert numbered_titles([rows]) == [[0, 1]]
    numbered = attrs.evolve(rows[0], print_identifier="0317-8471")
    assert numbered_titles([[numbered], [rows[1]]]) == [[0], [1]]


@pytest.mark.parametrize("other", ["PHẠM VIỆT HOÀ.", "Phạm Việt Ho\u0300a"])
def test_a_name_is_the_same_wherever_its_tone_mark_stands(other: str) -> None:
    rows = [TitleRow(title="Phạm Việt Hòa"), TitleRow(title=other)]

    assert numbered_titles([rows]) == [[0, 0]]


def test_a_name_that_two_titles_bear_joins_neither() -> None:
    rows = [
        TitleRow(title="Mathematics", print_identifier="0317-8471"),
        TitleRow(title="Mathematics", print_identifier="2434-561X"),
        TitleRow(title="Mathematics"),
    ]

    assert numbered_titles([rows]) == [[0, 1, 2]]


def test_a_short_name_is_no_proof() -> None:
    assert numbered_titles([[TitleRow(title="Math"), TitleRow(title="Math")]]) == [[0, 1]]


def test_volumes_under_one_isbn_are_several_titles() -> None:
    rows = [TitleRow(title="T", print_identifier="9786041000001", volume=one) for one in "12"]

    assert numbered_titles([rows]) == [[0, 1]]


def test_old_and_new_isbn_are_one_number() -> None:
    assert number_keys("0878341013") == number_keys("978-0-87834-101-6")
    assert number_keys("979-10-90636-07-1") == {"isbn:979109063607"}
    assert number_keys("", "12", "X234567890", "9991234567890") == frozenset()


def test_what_several_members_pay_for_separately_is_paid_twice() -> None:
    found = title_overlap(
        [_list("x", _A, members=("a",)), _list("y", _A, members=("b",)), _list("z", _B)]
    )

    (twice,) = found.paid_twice
    assert (twice.title, twice.payments, twice.members) == ("Annals", 2, ("a", "b"))


def test_a_joint_subscription_is_one_payment() -> None:
    found = title_overlap([_list("x", _A, members=("a", "b"))])

    assert found.paid_twice == ()
    assert found.titles[0].members == ("a", "b")


def _covered(first: str, last: str = "") -> TitleRow:
    return attrs.evolve(_A, coverage=Coverage(first_date=first, last_date=last))


@pytest.mark.parametrize(
    ("one", "other", "payments"),
    [
        (_covered("1990", "2010"), _covered("2010"), 1),
        (_covered("1990-01-01", "2010-12-31"), _covered("2011-01-01"), 1),
        (_covered("1990", "2010"), _covered("2009"), 2),
        (_covered("1990", "2010"), _A, 2),
        (_covered("2005", "2005"), _covered("2000"), 2),
        (_covered("1990"), _covered("0000"), 2),
    ],
)
def test_lists_pay_for_the_same_only_where_they_cover_the_same_time(
    one: TitleRow, other: TitleRow, payments: int
) -> None:
    lists = [_list("x", one, members=("a",), cost=10), _list("y", other, members=("a",), cost=30)]
    found = title_overlap(lists)

    assert found.titles[0].payments == payments
    assert found.members[0].twice == payments - 1
    assert [cover.payments for cover in found.joint] == [payments - 1] * 2
    assert found.matrix["x", "y"] == 1


def test_a_title_paid_for_twice_at_one_time_and_again_later_is_paid_for_twice() -> None:
    rows = (_covered("1990", "2000"), _covered("1995", "2010"), _covered("2010"))
    found = title_overlap([_list(name, row) for name, row in zip("xyz", rows, strict=True)])

    assert found.titles[0].payments == 2


def test_what_is_free_is_never_paid_for() -> None:
    found = title_overlap([_list("x", _C, cost=10), _list("y", _C, _A, cost=10)])

    assert found.paid_twice == ()
    assert [(one.free, one.per_title) for one in found.lists] == [(1, None), (1, Fraction(10))]


def test_cost_per_title_and_per_use_are_exact() -> None:
    uses = [
        TitleUse(member="a", numbers=("0317-8471",), count=2),
        TitleUse(member="a", numbers=("2434561X", ""), count=1),
        TitleUse(member="z", numbers=("0317-8471",), count=99),
        TitleUse(member="a", numbers=("9999-9999",), count=99),
    ]

    (one,) = title_overlap([_list("x", _A, _B, members=("a",), cost=10)], uses=uses).lists

    assert (one.uses, one.per_title, one.per_use) == (3, Fraction(5), Fraction(10, 3))


def test_nobody_used_it_has_no_cost_per_use() -> None:
    (one,) = title_overlap([_list("x", _A, cost=10)], uses=[]).lists

    assert (one.uses, one.per_use) == (0, None)


def test_a_member_s_own_doubles_and_what_only_it_has_are_counted() -> None:
    found = title_overlap(
        [
            _list("x", _A, _B, members=("a",)),
            _list("y", _A, _C, members=("a",)),
            _list("z", _C, members=("b",)),
        ]
    )

    a, b = found.members
    assert (a.lists, a.titles, a.twice, a.alone) == (("x", "y"), 3, 1, 2)
    assert (b.titles, b.twice, b.alone) == (1, 0, 0)


def test_titles_that_stand_in_the_catalogues_are_counted() -> None:
    held = {"a": ["03178471", "2434-561X"], "b": ["0317-8471", "x"]}

    found = title_overlap([_list("x", _A, _B, members=("a", "b"))], held=held)

    assert found.lists[0].held == 1
    assert [one.held for one in found.members] == [2, 1]
    assert title_overlap([_list("x", _A)], held={}).lists[0].held == 0


def test_a_joint_list_makes_payments_needless() -> None:
    found = title_overlap(
        [
            _list("all", _A, _B, _C),
            _list("x", _A, members=("a",), cost=100),
            _list("y", _A, _B, members=("b",), cost=300),
        ]
    )

    cover = found.joint[0]
    assert (cover.paid_elsewhere, cover.of_several, cover.payments, cover.new) == (2, 1, 3, 1)
    assert cover.worth == Money(100 + 150 + 150, "VND")
    assert found.joint[1].worth == Money(150, "VND")


def test_measures_divide_a_bill_by_titles_and_uses() -> None:
    uses = [TitleUse(member="a", numbers=("0317-8471",), count=2)]
    found = title_overlap(
        [_list("x", _A, _B, members=("a", "b")), _list("y", _A, members=("a",))], uses=uses
    )

    made = {(one.library, one.name): str(one.value) for one in title_measures(found, period="2026")}

    assert made == {
        ("a", "titles.x"): "1", ("a", "uses.x"): "2", ("b", "titles.x"): "2",
        ("b", "uses.x"): "0", ("a", "titles.y"): "0", ("a", "uses.y"): "2",
    }  # fmt: skip


def test_no_lists_have_nothing_in_common() -> None:
    found = title_overlap([])

    assert (found.in_all, found.titles, found.members) == (0, (), ())


def test_two_lists_of_one_name_are_refused() -> None:
    with pytest.raises(CatalogueError, match="'x'"):
        title_overlap([_list("x"), _list("x")])


def test_costs_in_several_currencies_are_refused() -> None:
    dollars = TitleList(name="y", titles=(), cost=Money(1, "USD"))

    with pytest.raises(CatalogueError, match="USD, VND"):
        title_overlap([_list("x", cost=1), dollars])


_rows = st.lists(st.sampled_from([_A, _A_ONLINE, _B, _C]), max_size=5).map(tuple)


@given(st.lists(_rows, min_size=1, max_size=4))
def test_every_title_is_counted_once(lists: list[tuple[TitleRow, ...]]) -> None:
    found = title_overlap([_list(str(place), *rows) for place, rows in enumerate(lists)])

    assert sum(found.in_k.values()) == len(found.titles)
    assert sum(count * many for count, many in found.in_k.items()) == sum(
        one.titles for one in found.lists
    )
    assert all(found.matrix[a, b] == found.matrix[b, a] for a, b in found.matrix)
