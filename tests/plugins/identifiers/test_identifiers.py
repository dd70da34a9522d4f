import pytest

from libconsortium import Directory, Identifier, IdentifierScheme, Registry, identifier_problems

SCHEMES = Registry().all(IdentifierScheme)


@pytest.mark.parametrize(
    ("scheme", "value", "normal"),
    [
        ("isil", "VN-HNI-0001", "VN-HNI-0001"),
        ("isil", "vn-hni-0001", "VN-hni-0001"),
        ("isil", "OCLC-ABC", "OCLC-ABC"),
        ("isil", "VN_1", None),
        ("isil", "VN-", None),
        ("isil", "VN-123456789012", None),
        ("ror", "https://ror.org/05dxps055", "https://ror.org/05dxps055"),
        ("ror", "ror.org/05DXPS055", "https://ror.org/05dxps055"),
        ("ror", "05dxps056", None),
        ("ror", "05dxps05", None),
        ("iso-3166-2", "vn-hn", "VN-HN"),
        ("iso-3166-2", "VN-01", "VN-01"),
        ("iso-3166-2", "VN01", None),
        ("vn-tax-code", "0100000010", "0100000010"),
        ("vn-tax-code", "0100000010-001", "0100000010-001"),
        ("vn-tax-code", "0100000011", None),
        ("oai-base-url", "HTTPS://Example.ORG/oai/Request", "https://example.org/oai/Request"),
        ("oai-base-url", "https://example.org:8443/oai", "https://example.org:8443/oai"),
        ("oai-base-url", "https://example.org/oai?verb=Identify", None),
        ("oai-base-url", "https://example.org/oai#top", None),
        ("oai-base-url", "https://name@example.org/oai", None),
        ("oai-base-url", "https://example.org:99999/oai", None),
        ("oai-base-url", "https://[::1/oai", None),
        ("oai-base-url", "https://exam ple.org/oai", None),
        ("oai-base-url", "ftp://example.org/oai", None),
        ("oai-base-url", "https:///oai", None),
        ("oai-base-url", "example.org/oai", None),
        ("rid", " R-2024-17 ", "R-2024-17"),
        ("rid", "", None),
        ("rid", "two words", None),
        ("rid", "x" * 65, None),
        ("orcid", "0000-0002-1825-0097", "0000-0002-1825-0097"),
        ("orcid", "https://orcid.org/0000000218250097", "0000-0002-1825-0097"),
        ("orcid", "0000-0002-1694-233X", "0000-0002-1694-233X"),
        ("orcid", "0000-0002-1825-0098", None),
        ("orcid", "0000-0002-1825", None),
        ("isbn", "0-306-40615-2", "9780306406157"),
        ("isbn", "ISBN-13: 978-0-306-40615-7", "9780306406157"),
        ("isbn", "978-0-306-40615-8", None),
        ("isbn", "", None),
        ("issn", "03785955", "0378-5955"),
        ("issn", "eISSN 0378-5955", "0378-5955"),
        ("issn", "0378-5956", None),
        ("doi", "https://doi.org/10.1000/ABC.1", "10.1000/abc.1"),
        ("doi", "doi: 10.1000/abc", "10.1000/abc"),
        ("doi", "10.1000", None),
        ("doi", "10.1000/a b", None),
        ("handle", "https://hdl.handle.net/20.500.12345/678", "20.500.12345/678"),
        ("handle", "hdl:123456789/1", "123456789/1"),
        ("handle", "abc/1", None),
    ],
)
def test_a_value_is_given_in_one_form_or_not_at_all(
    scheme: str, value: str, normal: str | None
) -> None:
    assert SCHEMES[scheme].normalise(value) == normal


@pytest.mark.parametrize("scheme", sorted(SCHEMES))
@pytest.mark.parametrize("text", ["", " ", "-", "x", "0", "Thư viện", "\u0665" * 10, "9" * 500])
def test_a_scheme_never_fails_on_any_text(scheme: str, text: str) -> None:
    SCHEMES[scheme].normalise(text)


@pytest.mark.parametrize("scheme", ["rid", "orcid"])
@pytest.mark.parametrize("value", ["001099000001", "001 099 000 001", "012345678", "012.345.678"])
def test_a_number_like_a_national_identity_is_refused_and_not_merely_invalid(
    scheme: str, value: str
) -> None:
    identifier = Identifier(owner="a", scheme=scheme, value=value)

    (problem,) = identifier_problems(Directory.of([identifier]), SCHEMES.values())

    assert problem.code == "IDENTIFIER_REFUSED"
    assert str(problem).endswith("looks like a national ID number; do not store")
    assert SCHEMES[scheme].normalise(value) is None


@pytest.mark.parametrize("value", ["R-2024-17", "00109900000A", "0010990000012"])
def test_another_researcher_id_is_not_refused(value: str) -> None:
    refuses = SCHEMES["rid"].refuses

    assert refuses is not None
    assert refuses(value) is None


@pytest.mark.parametrize("scheme", sorted(SCHEMES))
def test_every_scheme_says_what_it_is(scheme: str) -> None:
    assert SCHEMES[scheme].summary
