"""Finds the OAI-PMH endpoint of a library's site, politely, and says where it looked."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from urllib.parse import urljoin, urlsplit

import attrs

from libconsortium.contributions import Harvester
from libconsortium.core.errors import (
    AddressRefusedError,
    DeadlineError,
    HarvestDeferredError,
    HarvestError,
    HarvestStoppedError,
    PageRefusedError,
    SettingsError,
    SourceUnreachableError,
)
from libconsortium.core.harvest.endpoints import EndpointIdentity
from libconsortium.core.harvest.known_paths import Candidate, candidates
from libconsortium.core.harvest.links import LinkCause
from libconsortium.core.harvest.site_pages import SitePage, read_site_page
from libconsortium.core.harvest.sources import without_secret
from libconsortium.core.messages import Message
from libconsortium.http.failures import cause_of, failed_url, was_connected
from libconsortium.http.rules import Answer
from libconsortium.http.session import GuardedSession

log = logging.getLogger(__name__)

_NO_PAGE = SitePage()
_MOST_MOVES = 2
_MAY_SPEAK = frozenset({LinkCause.BROKEN, LinkCause.TIMEOUT})
_MOST_SILENT = 2
_MOST_OF_SISTER = 8
_SETTINGS_OF_DSPACE = "assets/config.json"
_NO_SETTINGS = (
    *(PageRefusedError, SourceUnreachableError),
    *(AttributeError, KeyError, TypeError, ValueError),
)


@attrs.frozen(kw_only=True)
class Tried:
    """One address where an endpoint might have been.

    Args:
        url: The address.
        why: Why it was tried.
        outcome: What was there.
        distrusted: The address whose certificate was not trusted, after redirects; empty if that
            was not the reason.
    """

    url: str
    why: Message
    outcome: Message
    distrusted: str = ""


@attrs.frozen(kw_only=True)
class Finding:
    """What looking for an endpoint brought.

    Args:
        url: The address of the site.
        answer: The answer of its page; ``None`` if none came.
        page: What the page says.
        identity: How the endpoint introduced itself; ``None`` if none was found.
        candidate: Where it was found, and why it was looked for there.
        tried: The addresses tried before, in order.
        failure: Why the search ended before its end; ``None`` if it did not.
        page_failure: Why the site's page could not be read; ``None`` if it could.
    """

    url: str
    answer: Answer | None = None
    page: SitePage = _NO_PAGE
    identity: EndpointIdentity | None = None
    candidate: Candidate | None = None
    tried: tuple[Tried, ...] = ()
    failure: HarvestError | None = None
    page_failure: HarvestError | None = None


def site_address(text: str) -> str:
    """Return the address of a site as it is asked; one without a scheme is asked by https.

    However it is written, one site has one address: the host in small letters, no usual port, and
    no fragment.

    Raises:
        SettingsError: It is not the address of a site, or holds a password.

    >>> site_address(" lib.example.vn ")
    'https://lib.example.vn/'
    """
    given = text.strip()
    shown = without_secret(given)
    full = given if "://" in given else f"https://{given}"
    try:
        parts = urlsplit(full)
        is_web = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_web = False
    if not is_web or any(char.isspace() for char in full):
        raise SettingsError(
            "{text!r} is not the address of a site; write it like https://lib.example.vn/",
            text=shown,
        )
    if parts.username or parts.password:
        raise SettingsError(
            "the address of {host} holds a user name or password; keep them in a file or an"
            " environment variable, and name that with --credentials",
            host=parts.hostname,
        )
    host = parts.netloc.lower().removesuffix(":443" if parts.scheme == "https" else ":80")
    return parts._replace(netloc=host, path=parts.path or "/", fragment="").geturl()


def find_endpoint(
    session: GuardedSession,
    url: str,
    harvester: Harvester,
    on_try: Callable[[str], None] = lambda _: None,
) -> Finding:
    """Look for the endpoint of a site: the address itself, links in its page, known paths.

    If it is nowhere on the site, up to three other servers of the institution that the page links
    to are looked at, where they are named like a digital library, a catalogue or a journal.

    Only a sound answer of OAI-PMH counts; a page that says it does not exist, with whatever
    status, does not. The search ends at the first endpoint, and when the server stops answering.

    Args:
        session: The session to ask with.
        url: The site's address, or that of the endpoint itself.
        harvester: Knows an endpoint when it sees one.
        on_try: Hears of every address before it is tried.

    Raises:
        AddressRefusedError: The address must not be reached.
        HarvestStoppedError: Somebody asked to stop.
    """
    search = _Search(session, harvester, Finding(url=url), on_try)
    try:
        search.run()
    except (AddressRefusedError, HarvestStoppedError):
        raise
    except HarvestError as error:
        log.info("%s: %s", url, error)
        search.found = attrs.evolve(search.found, failure=error)
    return search.found


class _Search:
    """One search: what is known so far."""

    def __init__(
        self,
        session: GuardedSession,
        harvester: Harvester,
        found: Finding,
        on_try: Callable[[str], None],
    ) -> None:
        self.session, self.found, self.on_try = session, found, on_try
        self.identify = harvester.identify
        self.silent = 0

    def run(self) -> None:
        """Open the page and try the candidates until one is an endpoint."""
        try:
            self.open_page()
        except SourceUnreachableError as error:
            # An endpoint that is asked nothing may break off: it is asked once more, as one.
            may_speak = cause_of(error) in _MAY_SPEAK and was_connected(error)
            if not may_speak or not self.is_found(candidates(self.found.url)[0]):
                raise
            return
        for candidate in self.candidates():
            if self.is_found(candidate):
                return

    def open_page(self) -> None:
        """Fetch the site's page, and follow it where it sends its reader."""
        url = self.found.url
        for _ in range(_MOST_MOVES + 1):
            try:
                answer = self.session.fetch(url)
            except (PageRefusedError, AddressRefusedError) as error:
                # Too large a page, or one that leads out of https, may still have an endpoint.
                if isinstance(error, AddressRefusedError) and not _is_about_target(error):
                    raise
                self.found = attrs.evolve(self.found, page_failure=error)
                return
            page = read_site_page(answer.content.decode("utf-8", "replace"), answer.url)
            self.found = attrs.evolve(self.found, answer=answer, page=page)
            if not page.moves_to or page.moves_to == url:
                return
            url = page.moves_to

    def candidates(self) -> Iterator[Candidate]:
        """Yield where to look, the likeliest first."""
        page, answer = self.found.page, self.found.answer
        start = answer.url if answer else self.found.url
        yield from candidates(self.found.url, page)[: 1 + len(page.oai_links)]
        if page.software == "DSpace 7":
            yield from self._of_dspace(start)
        yield from candidates(start, page)
        yield from candidates(self.found.url, page)
        for root in page.related:
            yield from self._of_sister(root)

    def _of_sister(self, root: str) -> Iterator[Candidate]:
        """Yield the likeliest places on another server that the page links to."""
        try:
            answer = self.session.fetch(root)
        except (AddressRefusedError, PageRefusedError, SourceUnreachableError) as error:
            log.info("%s: %s", root, error)
            return
        page = read_site_page(answer.content.decode("utf-8", "replace"), answer.url)
        if page.software == "DSpace 7":
            yield from self._of_dspace(answer.url)
        why = Message("another server of the institution, which its page links to")
        for candidate in candidates(answer.url, page)[1 : 1 + _MOST_OF_SISTER]:
            yield attrs.evolve(candidate, why=why)

    def _of_dspace(self, url: str) -> Iterator[Candidate]:
        """Yield where DSpace 7's page says that its server is, which may be another host."""
        try:
            answer = self.session.fetch(urljoin(url, _SETTINGS_OF_DSPACE))
            rest = json.loads(answer.content)["rest"]
            base = rest.get("baseUrl") or _base_of(rest)
        except _NO_SETTINGS as error:
            log.info("%s: no settings of DSpace: %s", url, error)
            return
        yield Candidate(
            url=f"{str(base).rstrip('/')}/oai/request",
            software="DSpace 7",
            why=Message("the settings of the site's DSpace"),
        )

    def is_found(self, candidate: Candidate) -> bool:
        """Ask one candidate; say whether an endpoint is there."""
        if any(one.url == candidate.url for one in self.found.tried) or self.identify is None:
            return False
        self.on_try(candidate.url)
        try:
            identity = self.identify(self.session, candidate.url)
        except (DeadlineError, HarvestDeferredError, HarvestStoppedError):
            raise
        except SourceUnreachableError as error:
            self._tried(candidate, error)
            self.silent += 1
            if self.silent >= _MOST_SILENT and urlsplit(candidate.url)[1] == self._host():
                raise
            return False
        except HarvestError as error:
            self._tried(candidate, error)
            self.silent = 0
            return False
        self.found = attrs.evolve(self.found, identity=identity, candidate=candidate)
        return True

    def _host(self) -> str:
        return urlsplit(self.found.answer.url if self.found.answer else self.found.url)[1]

    def _tried(self, candidate: Candidate, error: HarvestError) -> None:
        distrusted = failed_url(error) if cause_of(error) is LinkCause.TLS else ""
        one = Tried(
            url=candidate.url, why=candidate.why, outcome=error.message, distrusted=distrusted
        )
        self.found = attrs.evolve(self.found, tried=(*self.found.tried, one))


def _is_about_target(error: AddressRefusedError) -> bool:
    return any(name == "target" for name, _ in error.message.values)


def _base_of(rest: dict[str, object]) -> str:
    scheme = "https" if rest.get("ssl", True) else "http"
    port = rest.get("port")
    is_usual = port in {None, "", 80, 443, "80", "443"}
    name = str(rest.get("nameSpace", "/server")).strip("/")
    return f"{scheme}://{rest['host']}{'' if is_usual else f':{port}'}/{name}"
