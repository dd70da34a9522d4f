"""What is said of certificates that are wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import attrs
import pytest

from libconsortium.core.harvest.certificates import (
    Certificate,
    TlsFacts,
    certificate_problems,
    top_of,
)

NOW = datetime(2026, 1, 31, tzinfo=UTC)
LEAF = Certificate(
    subject="lib.example.vn",
    issuer="Middle",
    starts=NOW - timedelta(days=1),
    ends=NOW + timedelta(days=90),
    names=("lib.example.vn",),
    issuer_urls=("http://ca.example/middle.cer",),
    key=b"lib",
    issuer_key=b"middle",
)
MIDDLE = attrs.evolve(
    LEAF, subject="Middle", issuer="Root", key=b"middle", issuer_key=b"root", issuer_urls=()
)


def said(**facts: Any) -> list[tuple[str, str]]:
    found = certificate_problems(TlsFacts(host="lib.example.vn", **facts), NOW)
    return [(problem.code, str(problem.what)) for problem in found]


def test_nothing_is_said_of_what_is_trusted() -> None:
    assert said(chain=(LEAF, MIDDLE)) == []
    assert said() == []


def test_a_certificate_that_ends_soon_is_named_with_its_day() -> None:
    soon = attrs.evolve(LEAF, ends=NOW + timedelta(days=3))

    assert said(chain=(soon,)) == [
        ("CERTIFICATE_ENDS_SOON", "the certificate is valid only until 2026-02-03")
    ]


@pytest.mark.parametrize("verdict", [2, 20, 21])
def test_a_chain_that_breaks_off_lacks_an_intermediate(verdict: int) -> None:
    ((code, what),) = said(verdict=verdict, chain=(LEAF,))

    assert code == "MISSING_INTERMEDIATE"
    assert "'Middle'" in what


def test_a_missing_intermediate_that_was_found_is_proved() -> None:
    ((code, what),) = said(verdict=20, chain=(LEAF,), mended_by=(MIDDLE,))

    assert code == "MISSING_INTERMEDIATE"
    assert what.endswith("with it the certificate is good")


@pytest.mark.parametrize(
    ("chain", "authority", "named"),
    [
        ((LEAF, MIDDLE), "", "'Root'"),
        ((LEAF,), "Their Root", "'Their Root'"),
        ((), "", "'?'"),
        ((attrs.evolve(LEAF, is_self_issued=True, issuer="lib"),), "", "'lib'"),
    ],
)
def test_an_authority_that_is_not_known_is_named(
    chain: tuple[Certificate, ...], authority: str, named: str
) -> None:
    ((code, what),) = said(verdict=20, chain=chain, authority=authority)

    assert code == "UNKNOWN_AUTHORITY"
    assert named in what


def test_an_authority_sent_along_is_not_known_for_that() -> None:
    assert said(verdict=19, chain=(LEAF, MIDDLE))[0][0] == "UNKNOWN_AUTHORITY"


def test_a_certificate_signed_by_itself_proves_nothing() -> None:
    assert said(verdict=18)[0][0] == "SELF_SIGNED"


def test_what_expired_is_named() -> None:
    past = NOW - timedelta(days=2)
    old, old_middle = attrs.evolve(LEAF, ends=past), attrs.evolve(MIDDLE, ends=past)

    assert said(verdict=10, chain=(old, MIDDLE))[0][1] == "the certificate expired on 2026-01-29"
    assert "'Middle' expired on 2026-01-29" in said(verdict=10, chain=(LEAF, old_middle))[0][1]
    assert said(verdict=10)[0][1] == "the certificate expired on ?"


def test_what_is_not_valid_yet_is_named_with_its_day() -> None:
    later = attrs.evolve(LEAF, starts=NOW + timedelta(days=2))

    assert said(verdict=9, chain=(later,)) == [
        ("CERTIFICATE_NOT_YET_VALID", "the certificate is valid only from 2026-02-02 on")
    ]


@pytest.mark.parametrize("verdict", [62, 64])
def test_a_certificate_for_another_name_says_for_which(verdict: int) -> None:
    assert said(verdict=verdict, chain=(LEAF,))[0][1].endswith("but for lib.example.vn")
    assert said(verdict=verdict)[0][1].endswith("but for ?")


def test_any_other_refusal_is_told_in_openssls_words() -> None:
    assert said(verdict=23, said="certificate revoked") == [
        ("CERTIFICATE_REFUSED", "the certificate is not trusted: certificate revoked")
    ]


def test_no_handshake_at_all_is_told_with_its_reason() -> None:
    assert said(failure="no shared cipher")[0] == (
        "TLS_FAILED",
        "no encrypted connection could be made: no shared cipher",
    )
    assert not TlsFacts(host="a", failure="x").is_trusted


def test_a_server_that_speaks_without_encryption_is_told_from_one_that_cannot() -> None:
    assert TlsFacts(host="a", failure="[SSL: WRONG_VERSION_NUMBER]").is_plain
    assert not TlsFacts(host="a", failure="no shared cipher").is_plain


def test_the_top_of_a_chain_is_found_in_any_company() -> None:
    stray = attrs.evolve(MIDDLE, key=b"stray")

    assert top_of((LEAF, stray, MIDDLE)) is MIDDLE
    assert top_of((LEAF, stray)) is LEAF
