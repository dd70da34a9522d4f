"""Identifiers of libraries, people and publications."""

from __future__ import annotations

from collections.abc import Iterable

from libconsortium import IdentifierScheme, hookimpl


@hookimpl
def consortium_identifier_schemes() -> Iterable[IdentifierScheme]:
    """Yield the schemes we know; each accepts the usual ways of writing and gives one form."""
    from libconsortium.plugins.identifiers import organisations, people, publications

    yield IdentifierScheme(
        name="isil",
        summary="International Standard Identifier for Libraries (ISO 15511, TCVN 11645)",
        normalise=organisations.isil,
    )
    yield IdentifierScheme(
        name="ror",
        summary="Research Organization Registry id, check digits verified",
        normalise=organisations.ror,
    )
    yield IdentifierScheme(
        name="iso-3166-2",
        summary="Code of a province or city (ISO 3166-2)",
        normalise=organisations.iso_3166_2,
    )
    yield IdentifierScheme(
        name="vn-tax-code",
        summary="Vietnamese tax code (mã số thuế), check digit verified",
        normalise=organisations.vn_tax_code,
    )
    yield IdentifierScheme(
        name="oai-base-url",
        summary="Base URL of an OAI-PMH endpoint",
        normalise=organisations.oai_base_url,
    )
    yield IdentifierScheme(
        name="rid",
        summary="Vietnamese researcher id, opaque; numbers like a national identity are refused",
        normalise=people.rid,
        refuses=people.national_identity,
    )
    yield IdentifierScheme(
        name="orcid",
        summary="ORCID iD, check digit verified; numbers like a national identity are refused",
        normalise=people.orcid,
        refuses=people.national_identity,
    )
    yield IdentifierScheme(
        name="isbn",
        summary="International Standard Book Number, given with 13 digits",
        normalise=publications.isbn,
    )
    yield IdentifierScheme(
        name="issn",
        summary="International Standard Serial Number",
        normalise=publications.issn,
    )
    yield IdentifierScheme(
        name="doi", summary="Digital Object Identifier", normalise=publications.doi
    )
    yield IdentifierScheme(
        name="handle", summary="Handle, as DSpace gives them", normalise=publications.handle
    )
