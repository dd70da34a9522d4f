from __future__ import annotations

from datetime import date
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from libconsortium import BibRecord, SettingsError, SharingLevel, SharingPolicy, shared

_DAY = date(2026, 3, 1)
_THESIS = BibRecord(
    source="tlu",
    identifier="1",
    titles=("Đê biển",),
    year=2025,
    descriptions=("Tóm tắt",),
    links=("https://tlu.example.org/1.pdf",),
    call_numbers=("LV 1",),
    subjects=("Thủy lợi",),
    unmapped=("dc:rights",),
)


def _seen(**policy: Any) -> BibRecord:
    found = shared(_THESIS, SharingPolicy(**policy), on=_DAY)
    assert found is not None
    return found


def test_full_shares_the_record_as_it_is() -> None:
    assert _seen() is _THESIS


@pytest.mark.parametrize(
    ("level", "gone"),
    [
        (SharingLevel.ABSTRACT, {"links"}),
        (SharingLevel.METADATA, {"links", "descriptions"}),
    ],
)
def test_a_level_takes_fields_away(level: SharingLevel, gone: set[str]) -> None:
    seen = attrs.asdict(_seen(level=level), recurse=False)
    whole = attrs.asdict(_THESIS, recurse=False)

    assert {name for name in seen if seen[name] != whole[name]} == gone | {"unmapped"}
    assert not any(seen[name] for name in gone)


def test_holdings_share_shelf_marks_and_no_description() -> None:
    seen = _seen(level=SharingLevel.HOLDINGS)

    assert seen == BibRecord(source="tlu", identifier="1", call_numbers=("LV 1",))


def test_a_withheld_shelf_mark_is_not_shown_with_the_holdings() -> None:
    assert not _seen(level=SharingLevel.HOLDINGS, withheld=("call_numbers",)).call_numbers


def test_nothing_is_nothing() -> None:
    assert shared(_THESIS, SharingPolicy(level=SharingLevel.NONE), on=_DAY) is None


def test_a_withheld_field_is_never_shown() -> None:
    assert _seen(withheld=("subjects", "year")).subjects == ()
    assert _seen(withheld=("year",)).year is None


def test_an_embargo_ends_on_its_day() -> None:
    policy = SharingPolicy(embargo_until=_DAY)

    assert shared(_THESIS, policy, on=date(2026, 2, 28)) is None
    assert shared(_THESIS, policy, on=_DAY) == _THESIS


def test_an_embargo_in_years_counts_from_publication() -> None:
    policy = SharingPolicy(embargo_years=2)

    assert shared(_THESIS, policy, on=date(2026, 12, 31)) is None
    assert shared(_THESIS, policy, on=date(2027, 1, 1)) is not None
    assert shared(attrs.evolve(_THESIS, year=None), policy, on=date(2099, 1, 1)) is None


def test_a_field_that_does_not_exist_cannot_be_withheld() -> None:
    with pytest.raises(SettingsError, match="abstract"):
        SharingPolicy(withheld=("abstract",))


def test_an_embargo_cannot_be_negative() -> None:
    with pytest.raises(SettingsError, match="-1"):
        SharingPolicy(embargo_years=-1)


_FIELDS = tuple(field.name for field in attrs.fields(BibRecord))[2:]


@given(level=st.sampled_from(SharingLevel), withheld=st.lists(st.sampled_from(_FIELDS)).map(tuple))
def test_sharing_only_takes_away(level: SharingLevel, withheld: tuple[str, ...]) -> None:
    seen = shared(_THESIS, SharingPolicy(level=level, withheld=withheld), on=_DAY)

    if seen is not None:
        for name in _FIELDS:
            assert getattr(seen, name) in {getattr(_THESIS, name), (), "", None}
            assert not (name in withheld and getattr(seen, name))
