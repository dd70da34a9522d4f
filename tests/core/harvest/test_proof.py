from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import attrs

from libconsortium import (
    HarvestPage,
    ListEvidence,
    Message,
    Place,
    Problem,
    Quarantined,
    RawRecord,
)


def page(number: int, records: int = 2, **fields: Any) -> HarvestPage:
    stamp = fields.pop("datestamp", "2026-01-01T00:00:00Z")
    codes = fields.pop("codes", ())
    return HarvestPage(
        number=number,
        url="https://a.example/oai",
        body=b"",
        received=datetime(2026, 1, 31, tzinfo=UTC),
        response_date=f"2026-01-31T08:00:0{number}Z",
        records=tuple(
            RawRecord(source="a", identifier=f"{number}:{one}", datestamp=stamp)
            for one in range(records)
        ),
        problems=tuple(Problem(code=code, where=Place(), what=Message("x")) for code in codes),
        **fields,
    )


def after(*pages: HarvestPage) -> ListEvidence:
    evidence = ListEvidence()
    for one in pages:
        evidence = evidence.with_page(one)
    return evidence


def test_the_response_date_is_the_first_page_s() -> None:
    assert after(page(1, token="t"), page(2)).response_date == "2026-01-31T08:00:01Z"


def test_a_list_ends_with_the_page_that_has_no_token() -> None:
    assert not after(page(1, token="t")).is_ended
    assert after(page(1, token="t"), page(2)).is_ended


def test_doubles_count_once() -> None:
    evidence = after(page(1, token="t")).with_page(page(2, 3), doubles=2)

    assert evidence.received == 3


def test_the_last_word_about_the_total_counts() -> None:
    evidence = after(
        page(1, complete_list_size=9, token="t"), page(2, complete_list_size=4, token="u"), page(3)
    )

    assert evidence.announced == 4


def test_a_whole_list_leaves_no_doubt() -> None:
    evidence = after(
        page(1, complete_list_size=4, cursor=0, token="t"),
        page(2, complete_list_size=4, cursor=2),
    )

    assert evidence.doubt is None
    assert "4 records received, 4 announced" in str(evidence.proof)


def test_the_proof_of_an_empty_list_says_that_it_is_empty() -> None:
    assert "whole and empty" in str(ListEvidence(is_ended=True).proof)
    assert "whole and empty" in str(ListEvidence(is_ended=True, announced=0).proof)
    assert "whole and empty" not in str(ListEvidence(is_ended=True, announced=3).proof)


def test_without_a_total_the_proof_says_so() -> None:
    assert "no number announced" in str(after(page(1)).proof)


def test_fewer_than_announced_leaves_a_doubt() -> None:
    doubt = after(page(1, complete_list_size=3)).doubt

    assert str(doubt) == "the server announced 3 records and gave 2"


def test_more_than_announced_leaves_no_doubt() -> None:
    assert after(page(1, complete_list_size=1)).doubt is None


def test_a_cursor_that_skips_leaves_a_doubt() -> None:
    evidence = after(page(1, cursor=0, token="t"), page(2, cursor=3))

    assert "cursor skipped" in str(evidence.doubt)


def test_a_cursor_that_counts_from_the_page_s_end_leaves_no_doubt() -> None:
    assert after(page(1, cursor=2, token="t"), page(2, cursor=4)).doubt is None


def test_a_full_page_that_is_skipped_is_a_jump() -> None:
    skipped = after(page(1, cursor=0), page(2, cursor=4))
    hidden = after(page(1, cursor=0), page(2, 1, cursor=2), page(3, cursor=4))

    assert skipped.has_jump
    assert hidden.has_gap
    assert not hidden.has_jump


def test_a_page_without_cursor_leaves_no_doubt() -> None:
    evidence = after(page(1, cursor=0, token="t"), page(2, token="u"), page(3, cursor=9))

    assert evidence.doubt is None


def test_a_token_that_led_to_nothing_leaves_a_doubt() -> None:
    evidence = after(page(1, token="t"), page(2, 0, codes=("EMPTY_LAST_PAGE",)))

    assert "led to nothing" in str(evidence.doubt)


def test_a_token_that_led_to_nothing_after_all_that_was_announced_leaves_none() -> None:
    evidence = after(
        page(1, complete_list_size=2, token="t"), page(2, 0, codes=("EMPTY_LAST_PAGE",))
    )

    assert evidence.doubt is None


def test_a_refused_page_proves_nothing() -> None:
    before = after(page(1, token="t"))

    assert before.with_page(page(2, 0, codes=("PAGE_REFUSED",), token="t")) == before


def test_records_that_could_not_be_kept_are_counted() -> None:
    bad = Quarantined(source="a", identifier="#1", reason=Message("x"))
    evidence = after(page(1, complete_list_size=3, quarantined=(bad,)))

    assert (evidence.unkept, evidence.received, evidence.doubt) == (1, 3, None)
    assert evidence.again().received == 2


def test_a_list_that_stops_after_a_full_page_without_saying_so_is_doubted() -> None:
    open_end = after(page(1, token="t"), page(2, has_token_element=False))
    closed = after(page(1, token="t"), page(2, has_token_element=True))
    short = after(page(1, token="t"), page(2, 1, has_token_element=False))

    assert "without saying that it ends" in str(open_end.doubt)
    assert closed.doubt is None
    assert short.doubt is None


def test_a_page_that_breaks_off_ends_nothing() -> None:
    assert not after(page(1, is_cut=True)).is_ended


def test_the_form_of_datestamps_is_days_only_if_all_are() -> None:
    assert after(page(1, 0)).is_day_form is None
    assert after(page(1, datestamp="2026-01-01")).is_day_form is True
    assert after(page(1, datestamp="2026-01-01"), page(2)).is_day_form is False
    assert after(page(1), page(2, datestamp="2026-01-01")).is_day_form is False


def test_a_list_begun_again_keeps_its_response_date_and_what_was_announced() -> None:
    again = after(page(1, complete_list_size=9, cursor=0, token="t")).again()

    assert (again.response_date, again.received) == ("2026-01-31T08:00:01Z", 2)
    assert (again.announced, again.cursor) == (9, None)


def test_a_total_that_falls_under_way_leaves_a_doubt() -> None:
    fallen = after(
        page(1, complete_list_size=5, cursor=0, token="t"), page(2, complete_list_size=4, cursor=2)
    )
    grown = after(
        page(1, complete_list_size=3, cursor=0, token="t"), page(2, complete_list_size=4, cursor=2)
    )

    assert "fell while the list was given" in str(fallen.doubt)
    assert grown.doubt is None


def test_a_broken_record_that_comes_twice_counts_once() -> None:
    bad = Quarantined(source="a", identifier="x", reason=Message("x"))
    also_whole = Quarantined(source="a", identifier="1:0", reason=Message("x"))

    assert after(page(1, quarantined=(bad, bad, also_whole))).received == 3


def test_doubles_are_suspicious_unless_all_that_is_announced_came() -> None:
    first = page(1, complete_list_size=3, token="t")
    told = after(first).with_page(page(2, 2, complete_list_size=3), doubles=1)
    untold = after(page(1, token="t")).with_page(page(2, 2), doubles=1)

    assert told.suspicion is None
    assert str(untold.suspicion) == "1 records came twice"


def test_doubles_of_a_list_begun_again_are_none() -> None:
    again = after(page(1, token="t")).again().with_page(page(2), doubles=2)

    assert not again.is_unstable


def test_a_list_that_ends_with_a_round_first_page_is_suspicious() -> None:
    assert "a round number" in str(after(page(1, 10, complete_list_size=10)).suspicion)
    assert after(page(1, 9, complete_list_size=9)).suspicion is None
    assert after(page(1, 0)).suspicion is None


def test_a_list_without_a_total_is_suspicious_however_long() -> None:
    few = after(page(1, token="t"), page(2, 1))
    many = after(page(1, 4000, token="t"), page(2, 1001))

    assert "does not say how many" in str(few.suspicion)
    assert "does not say how many" in str(many.suspicion)
    assert "does not say how many" in str(after(page(1, 9)).suspicion)
    assert after(page(1, complete_list_size=4, token="t"), page(2)).suspicion is None


def test_a_page_that_names_another_base_url_makes_a_list_of_any_length_suspicious() -> None:
    first = page(1, 6000, token="t", complete_list_size=6003, base_url="http://a.example:80/oai/")
    same = page(2, 3, base_url="https://A.example/oai")
    other = page(2, 3, base_url="https://b.example/oai")
    unnamed = page(2, 3)

    assert after(first, same).suspicion is None
    assert after(first, unnamed).suspicion is None
    assert after(first, other, same).other_url == "https://b.example/oai"
    assert "a page of it is of https://b.example/oai" in str(after(first, other).suspicion)
    assert after(first).again().with_page(other).suspicion is not None


def test_a_record_is_later_only_if_others_are_not() -> None:
    begun = ListEvidence(response_date="2026-01-31T08:00:00Z", earliest="2026-01-30T00:00:00Z")
    always_now = attrs.evolve(begun, earliest="2026-01-31T08:00:00Z")

    assert begun.is_later("2026-01-31T08:00:00Z")
    assert not begun.is_later("2026-01-31T07:59:59Z")
    assert not begun.is_later("")
    assert not always_now.is_later("2026-01-31T08:00:01Z")
    assert not ListEvidence(earliest="2026-01-30").is_later("2026-01-31")


def test_the_end_of_a_list_is_the_middle_of_its_last_datestamps() -> None:
    stamps = ["2026-01-01", "2026-01-09", "2026-01-02", "2026-01-03", "2026-01-08", "2026-01-04"]
    records = tuple(RawRecord(source="a", identifier=stamp, datestamp=stamp) for stamp in stamps)
    first = after(attrs.evolve(page(1, 0, token="t"), records=records))

    assert first.end == "2026-01-04"
    assert first.with_page(page(2, 0)).end == "2026-01-04"


def test_a_full_last_page_is_abrupt() -> None:
    assert after(page(1, token="t"), page(2)).is_abrupt
    assert not after(page(1, token="t"), page(2, 1)).is_abrupt
