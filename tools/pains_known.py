"""The pains of harvesting by number, and the tests beside the hostile servers that show them."""

from __future__ import annotations

from collections.abc import Mapping

Pain = tuple[int, str, tuple[tuple[str, str], ...]]

_UPDATES = "tests/harvest_steps/test_hostile_updates.py::"
_UPDATING = "tests/harvest_steps/test_updating.py::"
_SOURCE = "tests/harvest_steps/test_harvest_source.py::"
_PAGES = "tests/plugins/oai_pmh/test_harvesting.py::"
_HTTP = "tests/http/test_session.py::"
_ADDRESS = "tests/cli/harvest/test_harvest_address.py::"
_REAL = "tests/harvest_steps/test_real_servers.py::"
_CRASHES = "tests/harvest_steps/test_crashes.py::"
_RANDOM = "tests/harvest_steps/test_random_faults.py::"
_STORE = "tests/plugins/sql_store/test_harvest.py::"
_MANY = "tests/harvest_steps/test_many.py::"
_QUEUE = "plugins-contrib/libconsortium-queue/tests/test_workers.py::"
_REPAIRS = "tests/core/harvest/test_repairs.py::"
_SECRETS = "tests/http/test_secrets.py::"
_PROOF = "tests/core/harvest/test_proof.py::"

PAINS: Mapping[str, tuple[Pain, ...]] = {
    "Silent loss": (
        (
            1,
            "A page is cut by a parser that “recovers”; the token at its end is lost with it",
            (
                (
                    "tests/plugins/oai_pmh/test_repairs.py::test_a_page_cut_anywhere_is_never_taken_for_whole",
                    "never believed",
                ),
                (_PAGES + "test_a_text_of_eleven_megabytes_is_read", "read whole"),
            ),
        ),
        (2, "A web page (maintenance, login, firewall) with status 200 ends the list", ()),
        (
            3,
            "`badResumptionToken` in mid-list is taken for the end",
            ((_PAGES + "test_an_expired_token_is_not_the_end_of_the_list", "begun again"),),
        ),
        (
            4,
            "Millions announced, a third received, and nobody is told",
            (
                (_PROOF + "test_fewer_than_announced_leaves_a_doubt", "doubted"),
                (_SOURCE + "test_a_doubt_that_cannot_be_settled_is_incomplete", "incomplete"),
            ),
        ),
        (
            5,
            "`completeListSize` lies both ways",
            (
                (_SOURCE + "test_a_total_that_is_too_high_is_proven_wrong", "proven wrong"),
                (_PROOF + "test_a_total_that_falls_under_way_leaves_a_doubt", "doubted"),
            ),
        ),
        (
            6,
            "A client that counts by the cursor stops early",
            ((_REAL + "test_django_oai_pmh_is_harvested_whole_with_a_proof", "complete"),),
        ),
        (7, "`ListRecords` leaves out what `ListIdentifiers` names", ()),
        (
            8,
            "“Success; 0 harvested, 231 failed”",
            (
                (_ADDRESS + "test_4_a_server_that_gives_web_pages_only", "exit status 4"),
                (_SOURCE + "test_a_list_that_is_empty_all_at_once_is_not_believed", "incomplete"),
            ),
        ),
        (
            9,
            "The index lags, and the watermark moves past a change",
            (
                (
                    _SOURCE
                    + "test_a_complete_harvest_moves_the_watermark_to_just_before_its_first_page",
                    "`responseDate` of page 1, minus a granule, minus `lag_seconds`",
                ),
                (
                    "tests/harvest_steps/test_harvest_source.py::test_a_change_that_later_lists_leave_out_is_fetched",
                    "by a compare",
                ),
            ),
        ),
        (
            10,
            "No tombstones: records vanish, identifiers are used again",
            (
                (_UPDATES + "test_10_a_record_dropped_without_a_tombstone_is_found", "tombstone"),
                (
                    _UPDATING
                    + "test_a_server_that_keeps_no_tombstones_is_compared_in_every_harvest",
                    "by itself",
                ),
                (
                    _UPDATING
                    + "test_every_server_is_compared_when_the_last_comparison_is_long_ago",
                    "every 30 days",
                ),
                (
                    _UPDATES + "test_10_many_records_gone_at_once_are_not_believed_until_confirmed",
                    "guarded",
                ),
                (
                    _UPDATES + "test_10_an_identifier_comes_to_life_again_after_its_deletion",
                    "live again",
                ),
            ),
        ),
        (
            11,
            "A record leaves its set; a set is deleted",
            (
                (
                    _UPDATES + "test_11_a_record_that_left_its_set_is_no_deletion_but_a_move",
                    "tombstone with the cause “set move”",
                ),
                (_SOURCE + "test_a_list_that_is_empty_all_at_once_is_not_believed", "incomplete"),
            ),
        ),
    ),
    "Tokens and lists": (
        (
            12,
            "A token expires; the harvest begins at zero",
            (
                (_SOURCE + "test_an_incomplete_harvest_goes_on_where_it_was_cut_off", "goes on"),
                (
                    _CRASHES + "test_a_harvest_killed_again_and_again_goes_on_and_ends_whole",
                    "whole",
                ),
            ),
        ),
        (13, "Tokens good for one use, and an empty body in between", ()),
        (
            14,
            "The same page for ever",
            (
                (_PAGES + "test_a_list_that_repeats_its_page_and_token_is_stopped", "stopped"),
                (
                    _UPDATES + "test_14_a_list_that_makes_up_new_tokens_for_old_records_ends",
                    "stopped",
                ),
                (
                    _SOURCE + "test_a_list_in_a_circle_is_divided_where_its_records_lie",
                    "complete",
                ),
            ),
        ),
        (15, "One token too many, then `noRecordsMatch` or nothing", ()),
        (
            16,
            "A token with `+`, blank, `=`, `&`, `%` is encoded twice or never",
            (
                (
                    "tests/http/test_session.py::test_a_parameter_is_encoded_exactly_once",
                    "exactly once",
                ),
            ),
        ),
        (17, "A token forgets from, until and set", ()),
        (
            18,
            "Unstable paging: doubles, and gaps",
            ((_UPDATES + "test_18_an_identifier_with_two_contents_keeps_the_newer", "the newer"),),
        ),
        (19, "The server ignores from and until", ()),
        (
            20,
            "Deep paging gets slower until it fails (408, 504)",
            (
                (_SOURCE + "test_an_incomplete_harvest_goes_on_where_it_was_cut_off", "goes on"),
                (_RANDOM + "test_stored_and_reported_missing_is_always_everything", "never silent"),
            ),
        ),
        (
            21,
            "One broken record is an error for its page",
            (
                (_REAL + "test_what_django_oai_pmh_loses_of_a_window_is_said", "told precisely"),
                (
                    _SOURCE + "test_without_single_records_a_poisoned_one_costs_one",
                    "told precisely",
                ),
            ),
        ),
    ),
    "Dates": (
        (
            22,
            "Dates in a form the server refuses",
            (
                (
                    _UPDATES + "test_22_a_form_of_dates_that_is_refused_is_written_otherwise",
                    "whole",
                ),
                (
                    _UPDATES + "test_22_dates_that_are_refused_in_every_form_cost_a_whole_list",
                    "whole",
                ),
            ),
        ),
        (
            23,
            "An empty window is answered with an error",
            ((_UPDATES + "test_23_an_empty_window_answered_with_an_error_is_empty", "complete"),),
        ),
        (
            24,
            "Datestamps are always now, or never change",
            (
                (_UPDATES + "test_24_a_datestamp_that_is_always_now_changes_nothing", "unchanged"),
                (_UPDATES + "test_a_compare_fetches_what_the_store_has_not", "by a compare"),
                (
                    _ADDRESS
                    + "test_24_a_change_that_keeps_its_datestamp_is_found_by_asking_for_everything",
                    "by `--whole`",
                ),
            ),
        ),
        (25, "`earliestDatestamp` is wrong", ()),
        (
            26,
            "The date of the last harvest is not kept",
            ((_SOURCE + "test_the_next_harvest_asks_for_what_is_new_since", "only what is new"),),
        ),
    ),
    "Transport": (
        (
            27,
            "429 and 503, `Retry-After` of a day, or as a date",
            (
                (_HTTP + "test_retry_after_in_seconds_is_waited_for", "waited"),
                (_HTTP + "test_retry_after_as_a_date_is_waited_for", "waited"),
                (_UPDATES + "test_27_a_deferred_harvest_goes_on_where_it_was", "goes on"),
            ),
        ),
        (
            28,
            "Connection reset, body cut",
            ((_HTTP + "test_a_cut_chunked_body_is_fetched_again", "fetched again"),),
        ),
        (
            29,
            "Redirects: http to https, lost questions, circles",
            (
                (
                    "tests/http/test_secrets.py::test_a_redirect_that_loses_the_question_gets_it_again",
                    "followed",
                ),
                (_HTTP + "test_a_redirect_from_https_to_http_is_refused", "refused"),
                (_HTTP + "test_redirects_in_a_circle_end", "refused"),
            ),
        ),
        (
            30,
            "Broken chains of certificates; verification off for everybody",
            (
                (_HTTP + "test_a_certificate_nobody_vouches_for_is_refused", "refused"),
                (_HTTP + "test_a_certificate_of_the_given_authority_is_trusted", "trusted"),
            ),
        ),
        (
            31,
            "gzip that no header announces, or that breaks",
            ((_HTTP + "test_a_gzip_bomb_is_refused", "refused"),),
        ),
        (
            32,
            "No timeout: a client hangs for ever",
            (
                (_UPDATES + "test_32_an_answer_that_drips_ends_with_the_deadline", "incomplete"),
                (_HTTP + "test_a_silent_server_is_given_up", "given up"),
            ),
        ),
    ),
    "XML": (
        (
            33,
            "Control characters, bad UTF-8, bare `&`",
            ((_REPAIRS + "test_before_and_after_are_told", "told"),),
        ),
        (34, "PHP notices, documents glued together", ()),
        (35, "The charset is not what is said", ()),
        (36, "A prefix for every element, or no namespace", ()),
        (
            37,
            "A live record without metadata stops the client",
            ((_ADDRESS + "test_records_without_metadata_count_and_are_problems", "a problem"),),
        ),
        (
            38,
            "Writing XML anew breaks namespaces",
            (
                (_PAGES + "test_a_page_keeps_the_bytes_as_received", "byte for byte"),
                (_STORE + "test_a_page_comes_back_byte_by_byte", "byte for byte"),
            ),
        ),
        (
            39,
            "XXE and bombs",
            ((_PAGES + "test_no_file_is_read_for_an_external_entity", "no file is read"),),
        ),
    ),
    "Operation": (
        (
            40,
            "Whole lists held in memory",
            ((_STORE + "test_records_can_be_read_while_pages_come_in", "page by page"),),
        ),
        (
            41,
            "One bad source blocks the others",
            (
                (_SOURCE + "test_one_dead_source_does_not_block_the_others", "the others complete"),
                (
                    _QUEUE + "test_bad_sources_hold_up_nobody_not_even_at_their_own_host",
                    "the others complete",
                ),
            ),
        ),
        (
            42,
            "Names that are too long for the file system",
            (
                (
                    _MANY + "test_a_name_of_four_thousand_letters_is_no_file_name",
                    "complete",
                ),
            ),
        ),
        (
            43,
            "One request for every record",
            (
                (
                    _REAL + "test_django_oai_pmh_is_harvested_whole_with_a_proof",
                    "one request a page",
                ),
            ),
        ),
    ),
}
"""Number, pain, and the tests with their outcome, by group; scenarios are found by their number."""
