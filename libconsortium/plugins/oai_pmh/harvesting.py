"""Harvests one list page by page; every page is evidence, and no end is believed without it."""

from __future__ import annotations

import logging
from collections.abc import Generator, Iterator
from contextlib import closing

from sickle import oaiexceptions

from libconsortium import (
    HarvestError,
    HarvestPage,
    HarvestRequest,
    HttpRules,
    PageRefusedError,
    SourceDescription,
    SourceUnreachableError,
    open_session,
)
from libconsortium.plugins.oai_pmh.ahead import Ahead
from libconsortium.plugins.oai_pmh.beside import READING
from libconsortium.plugins.oai_pmh.client import StrictSickle
from libconsortium.plugins.oai_pmh.laps import Laps
from libconsortium.plugins.oai_pmh.origin import Origin
from libconsortium.plugins.oai_pmh.pages import of_page, page_of, refused_page

log = logging.getLogger(__name__)

_SERVER_ERROR = 500
_MOST_GUESSES = 8


def harvest(request: HarvestRequest) -> Iterator[HarvestPage]:
    """Yield the pages of a list, or the records asked for by identifier, one page each.

    A refused page is yielded too, as evidence: without records, with its problem, and with the
    token it was asked for.

    Raises:
        TokenRefusedError: The server no longer knows its token, or the list goes in a circle.
        PageRefusedError: A page is not a sound one, after several attempts.
        HarvestDeferredError: The server asks to come back later.
        SourceUnreachableError: The server does not answer.
        AddressRefusedError: The address must not be reached.
        DeadlineError: The time given is over.
        RequestRefusedError: The server cannot be asked like this.
        HarvestError: The server refuses the request.
    """
    with open_session(rules_of(request)) as session, READING.of_list():
        sickle = StrictSickle(request.url, session)
        if request.identifiers:
            yield from _single_records(sickle, request)
        else:
            yield from _list(sickle, request)


def rules_of(request: HarvestRequest) -> HttpRules:
    """Return the rules of the session for a request.

    >>> rules_of(HarvestRequest(source="a", url="https://a.example/oai")).read_seconds
    60.0
    """
    return HttpRules(
        allowed_networks=request.allowed_networks,
        contact=request.contact,
        ca_file=request.ca_file,
        read_seconds=request.timeout_seconds,
        total_seconds=(5 if request.attempts > 1 else 2) * request.timeout_seconds,
        max_wire_bytes=request.max_page_bytes,
        max_body_bytes=request.max_page_bytes,
        backoff_seconds=request.retry_seconds,
        longest_wait_seconds=request.longest_wait_seconds,
        wait_seconds=request.wait_seconds,
        attempts=request.attempts + 1,
        seconds_left=request.seconds_left,
        credentials=request.credentials,
        headers=request.headers,
    )


def describe(request: HarvestRequest) -> SourceDescription:
    """Ask an endpoint about itself: ``Identify`` and ``ListMetadataFormats``.

    Raises:
        HarvestError: It does not answer, or not with OAI-PMH.
    """
    with open_session(rules_of(request)) as session:
        sickle = StrictSickle(request.url, session)
        try:
            said = dict(sickle.Identify())
            formats = [dict(one) for one in sickle.ListMetadataFormats()]
        except _SICKLE_ERRORS as error:
            raise HarvestError(
                "{url} refuses to describe itself: {reason}", url=request.url, reason=str(error)
            ) from error
    first = {name: (values[0] or "").strip() for name, values in said.items()}
    return SourceDescription(
        name=first.get("repositoryName", ""),
        url=first.get("baseURL", ""),
        protocol=first.get("protocolVersion", ""),
        granularity=first.get("granularity", ""),
        deleted_records=first.get("deletedRecord", ""),
        earliest=first.get("earliestDatestamp", ""),
        formats=tuple(
            (one.get("metadataPrefix", [""])[0] or "", one.get("metadataNamespace", [""])[0] or "")
            for one in formats
        ),
    )


_SICKLE_ERRORS = (
    oaiexceptions.BadArgument,
    oaiexceptions.BadResumptionToken,
    oaiexceptions.BadVerb,
    oaiexceptions.CannotDisseminateFormat,
    oaiexceptions.IdDoesNotExist,
    oaiexceptions.NoMetadataFormat,
    oaiexceptions.NoRecordsMatch,
    oaiexceptions.NoSetHierarchy,
    oaiexceptions.OAIError,
)


def _list(sickle: StrictSickle, request: HarvestRequest) -> Iterator[HarvestPage]:
    if request.first_page_only:
        yield from _pages(sickle, request)
        return
    guesses = min(max(request.guessed_pages, 0), _MOST_GUESSES)
    with closing(Ahead(sickle, guesses=guesses)) as ahead:
        yield from _pages(ahead, request)


def _pages(ahead: StrictSickle | Ahead, request: HarvestRequest) -> Iterator[HarvestPage]:
    laps, origin = Laps(), Origin()
    token, number = request.token, request.page_number
    while True:
        page = yield from _sound_page(ahead, request, _arguments(request, token), number, origin)
        yield page
        if page.is_cut:
            raise PageRefusedError(
                "page {number} breaks off after {count} records",
                number=number,
                count=len(page.records),
            )
        if request.first_page_only or not page.token:
            return
        laps.check(page)
        token, number = page.token, number + 1
        del page  # it need not be held while the next one is waited for


def _single_records(sickle: StrictSickle, request: HarvestRequest) -> Iterator[HarvestPage]:
    for number, identifier in enumerate(request.identifiers, start=request.page_number):
        arguments = {
            "verb": "GetRecord",
            "metadataPrefix": request.prefix,
            "identifier": identifier,
        }
        yield (yield from _sound_page(sickle, request, arguments, number, Origin()))


def _arguments(request: HarvestRequest, token: str) -> dict[str, str]:
    verb = "ListIdentifiers" if request.headers_only else "ListRecords"
    if token:
        return {"verb": verb, "resumptionToken": token}
    asked = {
        "verb": verb,
        "metadataPrefix": request.prefix,
        "set": request.set_spec,
        "from": request.since,
        "until": request.until,
    }
    return {name: value for name, value in asked.items() if value}


def _sound_page(
    sickle: StrictSickle | Ahead,
    request: HarvestRequest,
    arguments: dict[str, str],
    number: int,
    origin: Origin,
) -> Generator[HarvestPage, None, HarvestPage]:
    """Fetch a page until it is sound; yield the evidence if it never is; return the page."""
    attempt = 1
    while True:
        response = sickle.harvest(**arguments)
        # What comes with an error status was asked for several times already, or is not passing.
        tries = request.attempts if response.is_good else min(request.attempts, 2)
        if response.answer.status >= _SERVER_ERROR or response.answer.damage:
            tries = 1
        try:
            page = page_of(response, request, number, may_be_cut=attempt >= tries)
            origin.check(page)
        except PageRefusedError as error:
            log.info("%s: page %d refused: %s", request.source, number, error)
            if attempt >= tries:
                yield refused_page(response, request, number, error)
                if response.answer.damage:
                    raise SourceUnreachableError(
                        "{url} gave no complete answer in {attempts} attempts: {reason}",
                        url=response.answer.url.partition("?")[0],
                        attempts=request.attempts + 1,
                        reason=response.answer.damage,
                    ) from error
                told = of_page(response, number, error)
                raise PageRefusedError(told.template, **dict(told.values)) from error
        else:
            return page
        if response.stops_short:  # a length that is too small would cut it off again
            sickle.session.ends.reads_on = True
        sickle.session.pause(request.retry_seconds * attempt)
        attempt += 1
