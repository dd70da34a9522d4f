"""The one way out: a guarded HTTP session for every plugin that fetches something.

Addresses that are not public are refused, TLS is always verified, every wait has an end, every
size has a cap, and the bytes are kept as they came.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from urllib.parse import urljoin, urlsplit, urlunsplit

import attrs
import requests
import urllib3

from libconsortium.core.errors import (
    AddressRefusedError,
    HarvestDeferredError,
    PageRefusedError,
    SourceUnreachableError,
)
from libconsortium.http.addresses import GuardAdapter, networks_of
from libconsortium.http.bodies import GZIP_START, CutBodyError, unpacked
from libconsortium.http.waiting import backoff, retry_after

log = logging.getLogger(__name__)

_MAX_REDIRECTS = 5
_PIECE_BYTES = 2**16
_TRANSIENT = frozenset({408, 425, 429, 500, 502, 503, 504})
_FAILURES = (requests.ConnectionError, requests.Timeout, urllib3.exceptions.HTTPError, CutBodyError)


@attrs.frozen(kw_only=True)
class HttpRules:
    """How we behave towards a server, and what we put up with.

    Args:
        allowed_networks: Networks (CIDR) that are not public and may be reached all the same.
        contact: Mail address or page told to servers, so that they can reach the operator.
        ca_file: File of the certificate authorities to trust; empty for the usual ones.
        connect_seconds: Longest wait for a connection.
        read_seconds: Longest silence of the server.
        total_seconds: Longest time for one answer, from its request to its last byte.
        max_wire_bytes: Largest body accepted as it comes.
        max_body_bytes: Largest body accepted when unpacked.
        max_ratio: Largest expansion of a packed body above one mebibyte.
        attempts: How often one request is tried.
        backoff_seconds: The wait after the first failure; doubles, with jitter.
        longest_wait_seconds: The longest ``Retry-After`` that is waited for; above it the source
            is left for later.
        wait_seconds: Pause between two requests.
    """

    allowed_networks: tuple[str, ...] = ()
    contact: str = ""
    ca_file: str = ""
    connect_seconds: float = 10.0
    read_seconds: float = 60.0
    total_seconds: float = 300.0
    max_wire_bytes: int = 64 * 2**20
    max_body_bytes: int = 256 * 2**20
    max_ratio: int = 200
    attempts: int = 4
    backoff_seconds: float = 1.0
    longest_wait_seconds: float = 120.0
    wait_seconds: float = 0.0


@attrs.frozen(kw_only=True)
class Answer:
    """One answer of a server, complete.

    Args:
        url: The address that answered, after redirects, without user name and password.
        status: HTTP status.
        headers: Headers as received, in order.
        body: The body as it came on the wire.
        encoding: ``gzip`` if the body is packed, else empty.
        is_unannounced: The body is packed though no header says so.
        content: The body unpacked.
        received: When the last byte came (UTC).
    """

    url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    encoding: str
    is_unannounced: bool
    content: bytes
    received: datetime


class GuardedSession(requests.Session):
    """A requests session that goes only where it may; ``fetch`` is the careful way to ask.

    Args:
        rules: Limits and manners.
        pause: Waits a number of seconds; may raise to end the wait.
    """

    def __init__(self, rules: HttpRules, pause: Callable[[float], object] = time.sleep) -> None:
        """Prepare the session; nothing is sent yet."""
        super().__init__()
        self.rules = rules
        self.trust_env = False
        self.max_redirects = _MAX_REDIRECTS
        if rules.ca_file:
            self.verify = rules.ca_file
        self.headers.update({"User-Agent": user_agent(rules), "Accept-Encoding": "gzip"})
        if rules.contact:
            self.headers["From"] = rules.contact
        self._pause = pause
        self._last = -float("inf")
        networks = networks_of(rules.allowed_networks)
        for scheme in ("http://", "https://"):
            self.mount(scheme, GuardAdapter(allowed=networks, answer_seconds=rules.total_seconds))

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """Return where a redirect leads; from https to http is refused."""
        target = super().get_redirect_target(resp)
        if target is None:
            return None
        where = urljoin(resp.url, target)
        if urlsplit(resp.url).scheme == "https" and urlsplit(where).scheme != "https":
            raise AddressRefusedError(
                "{url} leads from https to {target}, which is not encrypted; ask the server's"
                " administrator to correct it",
                url=shown(resp.url),
                target=shown(where),
            )
        return where

    def fetch(self, url: str, params: Mapping[str, str] | None = None) -> Answer:
        """Ask for a page and return the whole answer, trying again where that can help.

        Args:
            url: Address without the parameters.
            params: Parameters; each is encoded exactly once.

        Raises:
            AddressRefusedError: The address, or one it leads to, must not be reached.
            HarvestDeferredError: The server asks to come back later than we are ready to wait.
            PageRefusedError: The answer is too large.
            SourceUnreachableError: No complete answer came, after all attempts.
        """
        for attempt in range(1, self.rules.attempts + 1):
            self._keep_distance()
            wait = backoff(attempt, self.rules.backoff_seconds, self.rules.longest_wait_seconds)
            try:
                answer = self._answer(url, params)
            except _FAILURES as error:
                if "CERTIFICATE_VERIFY_FAILED" in str(error):
                    raise SourceUnreachableError(
                        "{url} has no certificate we can trust: {reason}",
                        url=shown(url),
                        reason=_reason(error),
                    ) from error
                log.info("%s: attempt %d failed: %s", shown(url), attempt, _reason(error))
                if attempt == self.rules.attempts:
                    raise SourceUnreachableError(
                        "{url} gave no complete answer in {attempts} attempts: {reason}",
                        url=shown(url),
                        attempts=attempt,
                        reason=_reason(error),
                    ) from error
            except requests.RequestException as error:
                raise SourceUnreachableError(
                    "{url} cannot be asked: {reason}", url=shown(url), reason=_reason(error)
                ) from error
            else:
                asked = self._asked_wait(answer)
                if answer.status not in _TRANSIENT or attempt == self.rules.attempts:
                    return answer
                log.info("%s: attempt %d: HTTP %d", shown(url), attempt, answer.status)
                wait = asked if asked is not None else wait
            self._pause(wait)
        raise AssertionError  # pragma: no cover - the last attempt returns or raises

    def _keep_distance(self) -> None:
        left = self._last + self.rules.wait_seconds - time.monotonic()
        if left > 0:
            self._pause(left)
        self._last = time.monotonic()

    def _answer(self, url: str, params: Mapping[str, str] | None) -> Answer:
        end = time.monotonic() + self.rules.total_seconds
        timeout = (self.rules.connect_seconds, self.rules.read_seconds)
        response = self.get(url, params=params, timeout=timeout, stream=True, allow_redirects=False)
        for _ in range(_MAX_REDIRECTS):
            target = self.get_redirect_target(response)
            if target is None:
                break
            response.close()
            response = self.get(target, timeout=timeout, stream=True, allow_redirects=False)
        else:
            raise SourceUnreachableError("{url} leads from one address to the next", url=shown(url))
        with response:
            body = self._body(response, end)
        encoding = response.headers.get("Content-Encoding", "").strip().lower()
        is_packed = body.startswith(GZIP_START)
        content = body
        if is_packed:
            content = unpacked(
                body, max_bytes=self.rules.max_body_bytes, max_ratio=self.rules.max_ratio
            )
        elif encoding not in {"", "identity", "gzip", "x-gzip"}:
            raise PageRefusedError(
                "{url} answered packed as {encoding!r}, which we had not offered",
                url=shown(url),
                encoding=encoding,
            )
        return Answer(
            url=shown(response.url),
            status=response.status_code,
            headers=tuple((name, value) for name, value in response.headers.items()),
            body=body,
            encoding="gzip" if is_packed else "",
            is_unannounced=is_packed and not encoding,
            content=content,
            received=datetime.now(UTC),
        )

    def _body(self, response: requests.Response, end: float) -> bytes:
        limit = min(self.rules.max_wire_bytes, self.rules.max_body_bytes)
        body = bytearray()
        while piece := response.raw.read1(_PIECE_BYTES, decode_content=False):
            body += piece
            if len(body) > limit:
                raise PageRefusedError(
                    "{url} sent more than {limit} bytes; ask for smaller pages or raise the limit",
                    url=shown(response.url),
                    limit=limit,
                )
            if time.monotonic() > end:
                raise SourceUnreachableError(
                    "{host} did not finish its answer within {seconds:g} seconds",
                    host=urlsplit(response.url).hostname,
                    seconds=self.rules.total_seconds,
                )
        return bytes(body)

    def _asked_wait(self, answer: Answer) -> float | None:
        """Return the seconds the server asks us to wait, or ``None``."""
        if answer.status not in _TRANSIENT:
            return None
        now = datetime.now(UTC)
        wait = retry_after(_header(answer, "retry-after"), now)
        if wait is not None and wait > timedelta(seconds=self.rules.longest_wait_seconds):
            raise HarvestDeferredError(
                "{url} answered {status} and asks to come back at {until:%Y-%m-%d %H:%M} UTC"
                " or later",
                url=answer.url,
                status=f"{answer.status} {_phrase(answer.status)}".strip(),
                until=now + wait,
            )
        return wait.total_seconds() if wait is not None else None


def open_session(
    rules: HttpRules, pause: Callable[[float], object] | None = None
) -> GuardedSession:
    """Open a session that keeps the rules; close it, or use it in a ``with``.

    Args:
        rules: Limits and manners.
        pause: Waits a number of seconds and may raise to end the wait; sleeps if not given.

    Raises:
        SettingsError: A network in the rules is not one.

    >>> with open_session(HttpRules()) as session:
    ...     session.fetch("http://127.0.0.1/oai")
    Traceback (most recent call last):
    libconsortium.core.errors.AddressRefusedError: 127.0.0.1 is 127.0.0.1, which is not a public ...
    """
    return GuardedSession(rules, pause or time.sleep)


def user_agent(rules: HttpRules) -> str:
    """Return what we tell servers about ourselves: name, version, and whom to write to.

    >>> user_agent(HttpRules(contact="mailto:lib@example.org"))
    'libconsortium/0.1.0 (mailto:lib@example.org)'
    """
    from libconsortium import __version__

    return f"libconsortium/{__version__}" + (f" ({rules.contact})" if rules.contact else "")


def shown(url: str) -> str:
    """Return an address as it may be shown and stored: without user name and password.

    >>> shown("https://me:secret@example.org/oai?verb=Identify")
    'https://example.org/oai?verb=Identify'
    """
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def _header(answer: Answer, wanted: str) -> str:
    return next((value for name, value in answer.headers if name.lower() == wanted), "")


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def _reason(error: BaseException) -> str:
    """Return the innermost cause in a few words, without addresses that may hold a secret."""
    while (inner := error.__cause__ or error.__context__) is not None:
        error = inner
    return f"{type(error).__name__}: {error}" if not isinstance(error, CutBodyError) else str(error)
