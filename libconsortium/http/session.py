"""A requests session that goes only where it may, and a careful way to ask."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from functools import partial
from threading import Lock
from urllib.parse import urlencode, urljoin, urlsplit

import requests

from libconsortium.core.errors import (
    AddressRefusedError,
    DeadlineError,
    SettingsError,
    SourceUnreachableError,
)
from libconsortium.core.messages import Message
from libconsortium.http.addresses import GuardAdapter, networks_of
from libconsortium.http.answers import DamagedError, UnofferedError, answer_of, received
from libconsortium.http.bodies import CutBodyError
from libconsortium.http.failures import reason_of
from libconsortium.http.rules import Answer, HttpRules, shown, user_agent
from libconsortium.http.secrets import secret
from libconsortium.http.transfers import BREAKS, Ends
from libconsortium.http.waiting import TRANSIENT, Pace, asked_wait, backoff, deferred

log = logging.getLogger(__name__)

_MAX_REDIRECTS = 5
_SCHEMES = ("http", "https")
_TOO_FAST = frozenset({429, 503})
_MOST_DAMAGED = 3  # packed answers; after that none is asked for any more


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
        self._pace = Pace(rules.wait_seconds)
        self._turn = Lock()
        self._damaged = 0
        self.ends = Ends()
        self._deadline = float("inf")
        if rules.seconds_left is not None:
            self._deadline = time.monotonic() + rules.seconds_left
        self._secrets = {name: secret(kept) for name, kept in rules.headers}
        self._login = _login(rules.credentials) if rules.credentials else None
        networks = networks_of(rules.allowed_networks)
        for scheme in _SCHEMES:
            self.mount(
                f"{scheme}://",
                GuardAdapter(
                    allowed=networks, answer_seconds=rules.total_seconds, deadline=self._deadline
                ),
            )

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """Return where a redirect leads; from https to http is refused."""
        target = super().get_redirect_target(resp)
        if target is None:
            return None
        where = urljoin(resp.url, target)
        if urlsplit(where).scheme not in _SCHEMES:
            raise AddressRefusedError(
                "{url} leads to {target}, which is no address of the web",
                url=shown(resp.url),
                target=shown(where),
            )
        if urlsplit(resp.url).scheme == "https" and urlsplit(where).scheme != "https":
            raise AddressRefusedError(
                "{url} leads from https to {target}, which is not encrypted; ask the server's"
                " administrator to correct it",
                url=shown(resp.url),
                target=shown(where),
            )
        return where

    def fetch(
        self, url: str, params: Mapping[str, str] | None = None, *, as_form: bool = False
    ) -> Answer:
        """Ask for a page and return the whole answer, trying again where that can help.

        Args:
            url: Address without the parameters.
            params: Parameters; each is encoded exactly once.
            as_form: They are posted as a form instead of standing in the address.

        Raises:
            AddressRefusedError: The address, or one it leads to, must not be reached.
            DeadlineError: The time given is over.
            HarvestDeferredError: The server asks to come back later than we are ready to wait.
            PageRefusedError: The answer is too large.
            SourceUnreachableError: No complete answer came, after all attempts.
        """
        for attempt in range(1, self.rules.attempts + 1):
            self._keep_distance()
            wait = backoff(attempt, self.rules.backoff_seconds, self.rules.longest_wait_seconds)
            try:
                answer = self._answer(url, params, as_form=as_form)
            except (*BREAKS, UnofferedError) as error:
                if (damaged := self._damaged_answer(error, attempt)) is not None:
                    return damaged
                self._failed(url, error, attempt)
                met = reason_of(error)
            except requests.RequestException as error:
                raise SourceUnreachableError(
                    "{url} cannot be asked: {reason}", url=shown(url), reason=reason_of(error)
                ) from error
            else:
                left = self._deadline - time.monotonic()
                asked = asked_wait(answer, min(self.rules.longest_wait_seconds, left))
                if self._is_final(answer, attempt, asked):
                    return answer
                log.info("%s: attempt %d: HTTP %d", shown(url), attempt, answer.status)
                wait = asked if asked is not None else wait
                met = Message("HTTP status {status}", status=answer.status)
            self.pause(wait, met)
        raise AssertionError  # pragma: no cover - the last attempt returns or raises

    def _is_final(self, answer: Answer, attempt: int, asked: float | None) -> bool:
        """Say whether an answer is what there is to have, or asking again may bring a better one.

        Raises:
            HarvestDeferredError: The server asks to wait after the last attempt too.
        """
        if self._damaged <= _MOST_DAMAGED:
            self.headers["Accept-Encoding"] = "gzip"
        if answer.status not in TRANSIENT:
            self._pace.answered()
            return True
        if attempt == 1 and asked is not None and answer.status in _TOO_FAST:
            self._pace.refused(asked)
        if attempt < self.rules.attempts:
            return False
        if asked is not None:
            raise deferred(answer, asked)
        return True

    def _damaged_answer(self, error: Exception, attempt: int) -> Answer | None:
        """Return a damaged answer for who can tell where a document ends, or ``None``.

        A whole document is given when asking again brought the same; a part of one at the last.
        """
        self._check_time(error)
        if not (self.ends.closing and isinstance(error, DamagedError)):
            return None
        answer = error.answer
        is_whole = self.ends.is_whole(answer.content)
        if is_whole and (attempt > 1 or self.ends.is_used_to_damage):
            self.ends.is_used_to_damage = True
            return answer
        self.ends.reads_on = not answer.encoding
        is_last = attempt == self.rules.attempts
        return answer if is_last and answer.content else None

    def _failed(self, url: str, error: Exception, attempt: int) -> None:
        """Note that an attempt failed; raise if another one cannot help."""
        if "CERTIFICATE_VERIFY_FAILED" in str(error):
            raise SourceUnreachableError(
                "{url} has no certificate we can trust: {reason}",
                url=shown(url),
                reason=reason_of(error),
            ) from error
        log.info("%s: attempt %d failed: %s", shown(url), attempt, reason_of(error))
        is_packed = not isinstance(error, DamagedError) or bool(error.answer.encoding)
        if isinstance(error, CutBodyError | UnofferedError) and is_packed:
            self._damaged += 1  # as it is, it may be read
            self.headers["Accept-Encoding"] = "identity"
        if attempt < self.rules.attempts:
            return
        if isinstance(error, UnofferedError):
            raise error
        raise SourceUnreachableError(
            "{url} gave no complete answer in {attempts} attempts: {reason}",
            url=shown(url),
            attempts=attempt,
            reason=reason_of(error),
        ) from error

    def break_off(self) -> None:
        """End what other threads are asking for; nothing can be asked any more."""
        self._deadline = -float("inf")
        for adapter in self.adapters.values():
            if isinstance(adapter, GuardAdapter):
                adapter.break_off()

    def pause(self, seconds: float, met: Message | None = None) -> None:
        """Wait, unless the time given would be over.

        Args:
            seconds: How long.
            met: What the last attempt met, if that is why.

        Raises:
            DeadlineError: It would.
        """
        if time.monotonic() + seconds >= self._deadline:
            raise self._late(met)
        self._pause(seconds)

    def _check_time(self, cause: BaseException | None = None) -> None:
        if time.monotonic() >= self._deadline:
            raise self._late() from cause

    def _late(self, met: Message | None = None) -> DeadlineError:
        if met is not None:
            return DeadlineError(
                "the time given for the harvest is over; the same command goes on; the last"
                " attempt met: {reason}",
                reason=met,
            )
        return DeadlineError("the time given for the harvest is over; the same command goes on")

    def _keep_distance(self) -> None:
        with self._turn:
            self._check_time()
            left = self._last + self._pace.seconds - time.monotonic()
            if left > 0:
                self.pause(left)
            self._last = time.monotonic()

    def _answer(self, url: str, params: Mapping[str, str] | None, *, as_form: bool) -> Answer:
        end = min(time.monotonic() + self.rules.total_seconds, self._deadline)
        limit = min(self.rules.max_wire_bytes, self.rules.max_body_bytes)
        with self._response(url, params, end, as_form=as_form) as response:
            in_time = partial(self._check_end, response, end)
            body, broken = received(response, self.ends, limit, in_time)
        asked = f"?{urlencode(params)}" if as_form and params else ""
        return answer_of(response, body, broken, self.rules, asked)

    def _check_end(self, response: requests.Response, end: float) -> None:
        if time.monotonic() > end:
            self._check_time()
            raise SourceUnreachableError(
                "{host} did not finish its answer within {seconds:g} seconds",
                host=urlsplit(response.url).hostname,
                seconds=round(self.rules.total_seconds, 1),
            )

    def _response(
        self, url: str, params: Mapping[str, str] | None, end: float, *, as_form: bool
    ) -> requests.Response:
        """Ask, follow where a redirect leads, and return the answer whose body is still to come."""
        left = max(0.01, end - time.monotonic())
        timeout = (min(self.rules.connect_seconds, left), min(self.rules.read_seconds, left))
        response = self._got(url, url, params, timeout, as_form=as_form)
        for _ in range(_MAX_REDIRECTS):
            target = self.get_redirect_target(response)
            if target is None:
                return response
            response.close()
            # Some servers lose the question on the way to their new address.
            is_bare = not urlsplit(target).query
            response = self._got(
                url, target, params if is_bare or as_form else None, timeout, as_form=as_form
            )
        raise SourceUnreachableError(
            "{url} leads from one address to the next", url=shown(url)
        ) from requests.TooManyRedirects()

    def _got(
        self,
        asked: str,
        url: str,
        params: Mapping[str, str] | None,
        timeout: tuple[float, float],
        *,
        as_form: bool,
    ) -> requests.Response:
        is_at_home = urlsplit(asked)[:2] == urlsplit(url)[:2] or _is_made_safe(asked, url)
        return self.request(
            "POST" if as_form else "GET",
            url,
            params=None if as_form else params,
            data=params if as_form else None,
            timeout=timeout,
            stream=True,
            allow_redirects=False,
            headers=self._headers(is_at_home=is_at_home),
            auth=self._login if is_at_home else None,
        )

    def _headers(self, *, is_at_home: bool) -> dict[str, str]:
        """Return further headers: secrets for the source's own host only."""
        closing = {"Connection": "close"} if self.ends.reads_on else {}
        return {**closing, **(self._secrets if is_at_home else {})}


def _login(kept: str) -> tuple[str, str]:
    user, colon, password = secret(kept).partition(":")
    if not colon:
        raise SettingsError("{place} does not hold user:password", place=kept)
    return user, password


def _is_made_safe(asked: str, url: str) -> bool:
    """Say whether an address is the same host's, by https instead of http."""
    before, after = urlsplit(asked), urlsplit(url)
    is_same = before.hostname == after.hostname and before.port is None and after.port is None
    return is_same and (before.scheme, after.scheme) == ("http", "https")
