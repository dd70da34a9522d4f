"""Certificates: each fault is named as what it is, and no fault is ever passed over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from libconsortium import (
    Harvester,
    HttpRules,
    LinkWatch,
    Registry,
    Site,
    SourceUnreachableError,
    check_sites,
    open_session,
)
from libconsortium.endpoint_steps import Examination, examine_site, save_authorities
from libconsortium.http.certificates import read_certificate
from libconsortium.http.handshakes import shake_hands
from tests.certificates import TODAY, Signed, context_of, signed
from tests.oai_server import Reply
from tests.site_server import Library, moved, open_library, page

LOCAL = ("127.0.0.0/8",)


@pytest.fixture
def root() -> Signed:
    return signed("Root of the Tests", is_authority=True)


@pytest.fixture
def rules(root: Signed, tmp_path: Path) -> HttpRules:
    file = tmp_path / "root.pem"
    file.write_bytes(root.pem)
    return HttpRules(allowed_networks=LOCAL, ca_file=str(file), attempts=1)


@pytest.fixture
def shop() -> Iterator[tuple[str, dict[str, Reply]]]:
    """Yield the address of a server of certificates, and what it has to give."""
    library = Library(pages={})
    with open_library(library) as url:
        yield url, library.pages  # type: ignore[misc] # a dict, as it was made


def examined(library: Library, rules: HttpRules, tmp_path: Path, *chain: Signed) -> Examination:
    with open_library(library, context_of(tmp_path, *chain)) as url:
        return examine_site(url, Registry(), rules, now=TODAY)


def codes(found: Examination) -> list[str]:
    return [problem.code for problem in found.problems]


@pytest.mark.slow
def test_a_sound_chain_is_trusted(root: Signed, rules: HttpRules, tmp_path: Path) -> None:
    middle = signed("Middle", root, is_authority=True)
    leaf = signed("lib", middle)

    found = examined(Library(oai="/oai/request"), rules, tmp_path, leaf, middle)

    assert found.facts is not None
    assert found.handshake is not None
    assert found.handshake.facts.is_trusted
    assert [one.subject for one in found.handshake.facts.chain] == ["lib", "Middle"]
    assert not {"MISSING_INTERMEDIATE", "CERTIFICATE_ENDS_SOON"} & set(codes(found))


def test_a_missing_intermediate_is_named_and_proved(
    root: Signed, rules: HttpRules, tmp_path: Path, shop: tuple[str, dict[str, Reply]]
) -> None:
    url, pages = shop
    middle = signed("Middle of the Tests", root, is_authority=True)
    pages["/middle.cer"] = Reply(body=middle.der)
    leaf = signed("lib", middle, issuer_url=f"{url}middle.cer")

    found = examined(Library(oai="/oai/request"), rules, tmp_path, leaf)

    assert found.facts is None
    assert codes(found) == ["MISSING_INTERMEDIATE"]
    assert "'Middle of the Tests'; with it the certificate is good" in str(found.problems[0])
    assert "fullchain.pem" in str(found.letter[1])


def test_a_redirect_to_a_server_that_is_not_trusted_names_the_certificate_there(
    root: Signed, rules: HttpRules, tmp_path: Path
) -> None:
    middle = signed("Middle", root, is_authority=True)
    leaf = signed("lib", middle, issuer_url="http://127.0.0.1:9/middle.cer")
    with (
        open_library(Library(oai="/oai"), context_of(tmp_path, leaf)) as secure,
        open_library(Library(pages={"/": moved(secure)})) as url,
    ):
        found = examine_site(url, Registry(), rules, now=TODAY)
        watch = LinkWatch(clock=lambda: TODAY)
        harvester = Registry().find(Harvester, "oai-pmh")
        (check,) = check_sites([Site(url=url)], harvester, rules, watch)

    assert codes(found) == ["MISSING_INTERMEDIATE"]
    assert "an intermediate certificate is missing" in str(check.said)


def test_a_link_to_a_server_that_is_not_trusted_names_the_certificate_there(
    rules: HttpRules, tmp_path: Path
) -> None:
    with open_library(Library(oai="/oai"), context_of(tmp_path, signed("lib"))) as secure:
        link = page("Thư viện", f'<a href="{secure}oai">OAI</a>')
        with open_library(Library(pages={"/": link})) as url:
            found = examine_site(url, Registry(), rules, now=TODAY)

    assert codes(found) == ["SELF_SIGNED"]
    assert any(one.distrusted.startswith(f"{secure}oai") for one in found.finding.tried)


def test_nothing_is_asked_of_a_server_that_is_not_trusted(
    root: Signed, rules: HttpRules, tmp_path: Path
) -> None:
    library = Library(oai="/oai/request")

    examined(library, rules, tmp_path, signed("lib", signed("Middle", root, is_authority=True)))

    assert library.asked == []


def test_the_file_written_for_a_missing_intermediate_makes_the_source_harvestable(
    root: Signed, rules: HttpRules, tmp_path: Path, shop: tuple[str, dict[str, Reply]]
) -> None:
    url, pages = shop
    middle = signed("Middle", root, is_authority=True)
    pages["/middle.pem"] = Reply(body=middle.pem)
    context = context_of(tmp_path, signed("lib", middle, issuer_url=f"{url}middle.pem"))
    file = tmp_path / "mended.pem"
    with open_library(Library(oai="/oai"), context) as site:
        port = int(site.rpartition(":")[2].rstrip("/"))
        handshake = shake_hands("127.0.0.1", port, rules)
        with open_session(rules) as session, pytest.raises(SourceUnreachableError):
            session.fetch(site)
        save_authorities(file, handshake, rules)
        mended = HttpRules(allowed_networks=LOCAL, ca_file=str(file), attempts=1)
        with open_session(mended) as session:
            assert session.fetch(f"{site}oai?verb=Identify").status == 200


def test_two_missing_intermediates_are_both_found(
    root: Signed, rules: HttpRules, tmp_path: Path, shop: tuple[str, dict[str, Reply]]
) -> None:
    url, pages = shop
    upper = signed("Upper", root, is_authority=True)
    lower = signed("Lower", upper, is_authority=True, issuer_url=f"{url}upper")
    pages |= {"/upper": Reply(body=upper.der), "/lower": Reply(body=lower.der)}
    leaf = signed("lib", lower, issuer_url=f"{url}lower")

    found = examined(Library(), rules, tmp_path, leaf)

    assert found.handshake is not None
    assert [one.subject for one in found.handshake.facts.mended_by] == ["Lower", "Upper"]


def test_a_missing_intermediate_that_cannot_be_fetched_is_named_all_the_same(
    root: Signed, rules: HttpRules, tmp_path: Path, shop: tuple[str, dict[str, Reply]]
) -> None:
    middle = signed("Middle", root, is_authority=True)
    leaf = signed("lib", middle, issuer_url=f"{shop[0]}gone.cer")

    found = examined(Library(), rules, tmp_path, leaf)

    assert codes(found) == ["MISSING_INTERMEDIATE"]
    assert found.handshake is not None
    assert found.handshake.mended == ""


def test_an_authority_of_their_own_is_not_trusted_because_it_can_be_fetched(
    rules: HttpRules, tmp_path: Path, shop: tuple[str, dict[str, Reply]]
) -> None:
    url, pages = shop
    theirs = signed("Authority of a University", is_authority=True)
    pages["/root.cer"] = Reply(body=theirs.der)
    leaf = signed("lib", theirs, issuer_url=f"{url}root.cer")

    found = examined(Library(), rules, tmp_path, leaf)

    assert codes(found) == ["UNKNOWN_AUTHORITY"]
    assert "'Authority of a University'" in str(found.problems[0])
    assert found.handshake is not None
    assert found.handshake.mended == ""


def test_an_intermediate_of_an_unknown_authority_is_not_accepted(
    rules: HttpRules, tmp_path: Path, shop: tuple[str, dict[str, Reply]]
) -> None:
    url, pages = shop
    theirs = signed("Unknown Root", is_authority=True)
    middle = signed("Their Middle", theirs, is_authority=True)
    pages["/middle.cer"] = Reply(body=middle.der)
    leaf = signed("lib", middle, issuer_url=f"{url}middle.cer")

    found = examined(Library(), rules, tmp_path, leaf)

    assert found.handshake is not None
    assert found.handshake.facts.mended_by == ()
    assert not found.handshake.facts.is_trusted


@pytest.mark.slow
def test_each_fault_has_its_own_sentence(root: Signed, rules: HttpRules, tmp_path: Path) -> None:
    old, new = TODAY - timedelta(days=9), TODAY + timedelta(days=9)
    middle = signed("Middle", root, is_authority=True)
    expired = signed("Old Middle", root, is_authority=True, ends=old)
    theirs = signed("Their Root", is_authority=True)
    cases = {
        "CERTIFICATE_EXPIRED": (signed("lib", middle, ends=old), middle),
        "CERTIFICATE_NOT_YET_VALID": (signed("lib", middle, starts=new), middle),
        "CERTIFICATE_FOR_ANOTHER_NAME": (signed("lib", middle, host="other.example.vn"), middle),
        "SELF_SIGNED": (signed("lib"),),
        "UNKNOWN_AUTHORITY": (signed("lib", theirs), theirs),
        "CERTIFICATE_ENDS_SOON": (signed("lib", middle, ends=new), middle),
    }

    found = {code: examined(Library(), rules, tmp_path, *chain) for code, chain in cases.items()}

    assert {code: code in codes(one) for code, one in found.items()} == dict.fromkeys(cases, True)
    of_old_middle = examined(Library(), rules, tmp_path, signed("lib", expired), expired)
    assert f"'Old Middle' expired on {old:%Y-%m-%d}" in str(of_old_middle.problems[0])
    another = found["CERTIFICATE_FOR_ANOTHER_NAME"].problems[0]
    assert "not for 127.0.0.1 but for other.example.vn" in str(another)


def test_a_server_without_tls_on_its_secure_port_is_told_so(
    rules: HttpRules, tmp_path: Path
) -> None:
    with open_library(Library()) as url:
        found = examine_site(url.replace("http:", "https:"), Registry(), rules, now=TODAY)

    assert codes(found) == ["TLS_FAILED"]


def test_what_is_no_certificate_is_told_so() -> None:
    whole = signed("lib", host="lib.example.vn").der
    broken = [whole[:size] for size in range(0, len(whole) - 1, 7)]
    broken += [bytes([0x30]) * 40, b"\x30\x84\xff\xff\xff\xff", b"<html>"]

    for one in broken:
        with pytest.raises(ValueError, match="not a certificate"):
            read_certificate(one)


def test_what_a_certificate_says_cannot_command_a_terminal() -> None:
    read = read_certificate(signed("lib\x1b[2J", host="a.example").der)

    assert read.subject == "lib�[2J"


def test_a_certificate_is_read() -> None:
    root = signed("Gốc", is_authority=True)
    leaf = signed("lib", root, host="lib.example.vn", issuer_url="http://a.example/ca.cer")

    read = read_certificate(leaf.der)

    assert (read.subject, read.issuer, read.names) == ("lib", "Gốc", ("lib.example.vn",))
    assert read.issuer_urls == ("http://a.example/ca.cer",)
    assert (read.starts, read.ends) == (
        leaf.certificate.not_valid_before_utc,
        leaf.certificate.not_valid_after_utc,
    )
    assert not read.is_self_issued
    assert read_certificate(root.der).is_self_issued
