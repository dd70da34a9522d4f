from __future__ import annotations

from libconsortium import AllOf, AnyOf, SearchOrder, SearchStream, TokenRun, parse_query, plan_of


def test_nothing_asked_for_is_everything() -> None:
    plan = plan_of(parse_query(""))

    assert plan.wanted == AllOf((TokenRun(SearchStream.FACET, ("zqall",)),))
    assert plan.ranks == ()


def test_only_an_exclusion_is_everything_else() -> None:
    plan = plan_of(parse_query("-kieu"))

    assert plan.wanted == AllOf((TokenRun(SearchStream.FACET, ("zqall",)),))
    assert plan.unwanted == (TokenRun(SearchStream.EVERYTHING, ("kieu",)),)


def test_words_without_diacritics_know_no_better_spelling() -> None:
    assert len(plan_of(parse_query("kieu")).ranks) == 2


def test_words_with_diacritics_rank_what_is_spelled_so_first() -> None:
    streams = [
        one.stream for one in plan_of(parse_query("kiều")).ranks if isinstance(one, TokenRun)
    ]

    assert streams == [SearchStream.WHOLE, SearchStream.WHOLE]
    assert len(plan_of(parse_query("kiều")).ranks) == 5


def test_a_query_without_words_in_any_field_has_no_ranks() -> None:
    assert plan_of(parse_query("author:du isbn:1")).ranks == ()


def test_other_orders_have_no_ranks() -> None:
    assert plan_of(parse_query("kiều"), order=SearchOrder.TITLE).ranks == ()


def test_values_of_one_facet_are_alternatives() -> None:
    plan = plan_of(parse_query(""), narrowed={"member": ["a", "b"], "type": ["book"]})

    assert isinstance(plan.wanted, AllOf)
    assert [type(part) for part in plan.wanted.parts] == [AnyOf, TokenRun]


def test_a_place_is_one_of_now_or_of_before() -> None:
    (part,) = plan_of(parse_query("place:huế")).wanted.parts  # type: ignore[union-attr] # words of one kind

    assert isinstance(part, AnyOf)
    assert len(part.parts) == 2


def test_kinds_and_languages_mean_what_the_index_has() -> None:
    assert plan_of(parse_query("loại:sách")) == plan_of(parse_query("type:book"))
    assert plan_of(parse_query("language:vie")) == plan_of(parse_query("language:vi"))
    assert plan_of(parse_query(""), narrowed={"type": ["Sách", "book"]}) == plan_of(
        parse_query(""), narrowed={"type": ["book"]}
    )
