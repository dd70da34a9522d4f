"""Looks closely at an endpoint: what it says of itself, and how its list begins."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta

from lxml import etree

from libconsortium import (
    AskedPage,
    ConsortiumError,
    EndpointFacts,
    EndpointIdentity,
    FormatSample,
    GuardedSession,
    HarvestError,
    HarvestRequest,
    Message,
    PageRefusedError,
    Place,
    Problem,
    Severity,
    SourceDescription,
    without_secret,
)
from libconsortium.plugins.oai_pmh.client import StrictResponse
from libconsortium.plugins.oai_pmh.envelope import Envelope, token_of
from libconsortium.plugins.oai_pmh.pages import open_answer, page_of

_MOST_SET_PAGES = 20
_MOST_SAMPLES = 3
_RECORDS = "records"
_LONGEST_TEXT = 500


def identify(session: GuardedSession, url: str) -> EndpointIdentity:
    """Ask an endpoint to introduce itself.

    Args:
        session: The session to ask with.
        url: Where an endpoint is, or may be.

    Raises:
        HarvestError: It does not answer, or not with OAI-PMH.
    """
    start = time.monotonic()
    response = _asked(session, url, {"verb": "Identify"})
    seconds = time.monotonic() - start
    envelope, saved = open_answer(response)
    body = _element(envelope, "Identify")
    if body is None:
        raise PageRefusedError(
            "the server speaks OAI-PMH and does not introduce itself ({said})",
            said=_errors(envelope),
        )
    answer = response.answer
    return EndpointIdentity(
        url=without_secret(answer.url).partition("?")[0],
        said=SourceDescription(
            name=_text(body, "repositoryName"),
            url=_text(body, "baseURL"),
            protocol=_text(body, "protocolVersion"),
            granularity=_text(body, "granularity"),
            deleted_records=_text(body, "deletedRecord"),
            earliest=_text(body, "earliestDatestamp"),
        ),
        admin_emails=tuple(_texts(body, "adminEmail")),
        compressions=tuple(_texts(body, "compression")),
        toolkit=_toolkit(body),
        response_date=envelope.response_date,
        received=answer.received,
        seconds=seconds,
        is_packed=bool(answer.encoding),
        is_repaired=saved is not None or envelope.is_without_namespace,
        headers=answer.headers,
    )


def examine(
    session: GuardedSession,
    identity: EndpointIdentity,
    choose: Callable[[Sequence[tuple[str, str]]], Sequence[tuple[str, str]]],
) -> EndpointFacts:
    """Ask an endpoint for formats, sets, and the first records of the formats that matter.

    A question that is not answered becomes a problem, and the others are asked all the same.

    Args:
        session: The session to ask with.
        identity: How the endpoint introduced itself.
        choose: Gives the formats to sample from those there are, the most promising first.
    """
    failures: list[Problem] = []
    ask = _Asking(session, identity, failures)
    formats = ask.formats()
    sets, has_more = ask.sets()
    samples = tuple(
        ask.sample(prefix, namespace, pages=1 if number else 2)
        for number, (prefix, namespace) in enumerate(choose(formats)[:_MOST_SAMPLES])
    )
    prefix = samples[0].prefix if samples else "oai_dc"
    return EndpointFacts(
        identity=identity,
        formats=formats,
        sets=sets,
        has_more_sets=has_more,
        samples=samples,
        empty_window=ask.empty_window(prefix),
        failures=tuple(failures),
    )


class _Asking:
    """Asks one endpoint several questions; remembers which failed."""

    def __init__(
        self, session: GuardedSession, identity: EndpointIdentity, failures: list[Problem]
    ) -> None:
        self.session, self.identity, self.failures = session, identity, failures

    def formats(self) -> tuple[tuple[str, str], ...]:
        """Return prefix and namespace of every format."""
        try:
            body = self._body({"verb": "ListMetadataFormats"})
            named = (
                (_text(one, "metadataPrefix"), _text(one, "metadataNamespace"))
                for one in body.iterfind("{*}metadataFormat")
            )
            found = tuple((prefix, namespace) for prefix, namespace in named if prefix)
            if not found:
                raise PageRefusedError("the answer names no format")
        except HarvestError as error:
            self._failed("FORMATS_FAILED", "ListMetadataFormats", error, Severity.ERROR)
            return ()
        return found

    def sets(self) -> tuple[tuple[tuple[str, str], ...], bool]:
        """Return the sets, page by page, and whether there are more than were asked for."""
        found: list[tuple[str, str]] = []
        arguments = {"verb": "ListSets"}
        for _ in range(_MOST_SET_PAGES):
            try:
                body = self._body(arguments)
            except HarvestError as error:
                if "noSetHierarchy" not in str(error):
                    self._failed("SETS_FAILED", "ListSets", error)
                return tuple(found), bool(found)
            found += [
                (_text(one, "setSpec"), _text(one, "setName")) for one in body.iterfind("{*}set")
            ]
            token = token_of(body).text
            if not token or token == arguments.get("resumptionToken"):
                return tuple(found), False
            arguments = {"verb": "ListSets", "resumptionToken": token}
        return tuple(found), True

    def sample(self, prefix: str, namespace: str, *, pages: int) -> FormatSample:
        """Return the first pages of a format."""
        found: list[AskedPage] = []
        failure = None
        try:
            for asked in self._pages(prefix, pages):
                found.append(asked)  # noqa: PERF402 - what came before a failure is kept
        except ConsortiumError as error:
            failure = error.message
        return FormatSample(prefix=prefix, namespace=namespace, pages=tuple(found), failure=failure)

    def _pages(self, prefix: str, most: int) -> Iterator[AskedPage]:
        request = HarvestRequest(
            source=self.identity.said.name or self.identity.url,
            url=self.identity.url,
            prefix=prefix,
        )
        arguments = {"verb": "ListRecords", "metadataPrefix": prefix}
        for number in range(1, most + 1):
            start = time.monotonic()
            response = _asked(self.session, self.identity.url, arguments)
            seconds = time.monotonic() - start
            page = page_of(response, request, number, may_be_cut=True)
            yield AskedPage(page=page, seconds=seconds, expires=_expires(response))
            if not page.token or page.is_cut:
                return
            arguments = {"verb": "ListRecords", "resumptionToken": page.token}

    def empty_window(self, prefix: str) -> str:
        """Return how it answers when nothing can have changed: tomorrow."""
        tomorrow = f"{self.identity.received + timedelta(days=2):%Y-%m-%d}"
        arguments = {"verb": "ListIdentifiers", "metadataPrefix": prefix, "from": tomorrow}
        try:
            envelope, _ = open_answer(_asked(self.session, self.identity.url, arguments))
        except PageRefusedError as error:
            return str(error)
        except HarvestError as error:
            self._failed("EMPTY_WINDOW_UNKNOWN", "ListIdentifiers", error)
            return ""
        if envelope.errors:
            return envelope.errors[0][0]
        body = _element(envelope, arguments["verb"])
        has_headers = body is not None and body.find("{*}header") is not None
        return _RECORDS if has_headers else ""

    def _body(self, arguments: dict[str, str]) -> etree._Element:
        envelope, _ = open_answer(_asked(self.session, self.identity.url, arguments))
        body = _element(envelope, arguments["verb"])
        if body is None:
            said = _errors(envelope) or "-"
            raise PageRefusedError(
                "the server refuses {verb} ({said})", verb=arguments["verb"], said=said
            )
        return body

    def _failed(
        self, code: str, verb: str, error: HarvestError, severity: Severity = Severity.WARNING
    ) -> None:
        problem = Problem(
            code=code,
            where=Place(source=self.identity.url),
            what=Message("{verb} fails: {reason}", verb=verb, reason=error.message),
            advice=Message("ask the administrator to look at the server's log"),
            severity=severity,
        )
        self.failures.append(problem)


def _asked(session: GuardedSession, url: str, arguments: dict[str, str]) -> StrictResponse:
    return StrictResponse(session.fetch(url, arguments), arguments)


def _element(envelope: Envelope, verb: str) -> etree._Element | None:
    """Return the element of a verb, in whatever namespace the server put it."""
    return envelope.root.find(f"{{*}}{verb}")


def _errors(envelope: Envelope) -> str:
    return "; ".join(f"{code}: {text}".rstrip(": ") for code, text in envelope.errors)


def _texts(body: etree._Element, name: str) -> Iterator[str]:
    for one in body.iterfind(f"{{*}}{name}"):
        text = " ".join("".join(map(str, one.itertext())).split())[:_LONGEST_TEXT]
        if text:
            yield text


def _text(body: etree._Element, name: str) -> str:
    return next(_texts(body, name), "")


def _toolkit(body: etree._Element) -> str:
    """Return the software that the description names: in a toolkit element, or in a comment."""
    for one in body.iterfind("{*}description//{*}toolkit"):
        said = (one.findtext("{*}title") or "", one.findtext("{*}version") or "")
        return " ".join(" ".join(said).split())[:_LONGEST_TEXT]
    texts = [str(text) for text in body.itertext() if "eprints" in str(text).lower()]
    texts += [str(one.text) for one in body.iter(etree.Comment)]
    namespaces = " ".join(str(one.tag) for one in body.iterfind("{*}description/*"))
    if "XOAI" in namespaces or "lyncode" in namespaces:
        return "DSpace XOAI"
    return next((" ".join(text.split())[:_LONGEST_TEXT] for text in texts), "")


def _expires(response: StrictResponse) -> str:
    try:
        body = response.envelope.body
    except PageRefusedError:
        return ""
    element = None if body is None else body.find("{*}resumptionToken")
    return "" if element is None else element.get("expirationDate", "")
