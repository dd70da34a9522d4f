"""Checks many sites at once, one at a time for each host; what is known is never lost."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import datetime
from threading import Event, Lock
from urllib.parse import urlsplit

import attrs

from libconsortium.contributions import Harvester
from libconsortium.core.errors import DeadlineError, HarvestError, HarvestStoppedError
from libconsortium.core.harvest.certificates import certificate_problems
from libconsortium.core.harvest.endpoints import EndpointIdentity
from libconsortium.core.harvest.links import LinkCause, LinkCheck, LinkState, Site, judged
from libconsortium.core.messages import Message
from libconsortium.endpoint_steps.finding import Finding, find_endpoint
from libconsortium.endpoint_steps.software import software_of
from libconsortium.http import HttpRules, open_session
from libconsortium.http.failures import cause_of, failed_url
from libconsortium.http.handshakes import shake_hands
from libconsortium.http.session import GuardedSession

log = logging.getLogger(__name__)

_MOST_AT_ONCE = 200
_HTTPS = 443
_MAYBE_PLAIN = frozenset(
    {LinkCause.REFUSED, LinkCause.UNREACHABLE, LinkCause.TIMEOUT, LinkCause.BROKEN}
)


@attrs.frozen(kw_only=True)
class LinkWatch:
    """Who hears of the progress, and who may stop it.

    Args:
        clock: Gives the present time (UTC).
        on_check: Called after every site, from one thread at a time, with all that is known.
        stop: Set to end after the requests under way.
    """

    clock: Callable[[], datetime]
    on_check: Callable[[LinkCheck], None] = lambda _: None
    stop: Event = attrs.field(factory=Event)


def check_sites(
    sites: Sequence[Site],
    harvester: Harvester,
    rules: HttpRules,
    watch: LinkWatch,
    *,
    known: Mapping[str, LinkCheck] | None = None,
) -> tuple[LinkCheck, ...]:
    """Check sites, all hosts at once, with one request in flight for each host.

    An interruption (Ctrl-C) lets the requests under way end and returns what is known; the sites
    left are not checked. A site that fails in whatever way never stops another.

    Args:
        sites: The sites.
        harvester: Knows an endpoint when it sees one.
        rules: How we behave; ``seconds_left`` is the longest time for one site.
        watch: The clock, who hears of the progress, and who may stop it.
        known: What was found before, by address: these are not asked again.

    Returns:
        One check a site, in the order of the sites.

    >>> from datetime import UTC
    >>> site = Site(url="http://127.0.0.1:1/")
    >>> harvester = Harvester(name="none", harvest=lambda _: iter(()))
    >>> watch = LinkWatch(clock=lambda: datetime(2026, 1, 31, tzinfo=UTC))
    >>> check_sites([site], harvester, HttpRules(), watch)[0].cause.value
    'address not allowed'
    """
    checks = dict(known or {})
    lock = Lock()

    def check_host(of_host: Iterable[Site]) -> None:
        for site in of_host:
            if watch.stop.is_set():
                return
            try:
                check = check_site(site, harvester, rules, watch)
            except HarvestStoppedError:
                return
            with lock:
                checks[site.url] = check
                watch.on_check(check)

    hosts = _by_host(site for site in sites if site.url not in checks)
    with ThreadPoolExecutor(max(1, min(len(hosts), _MOST_AT_ONCE)), "links") as pool:
        _wait_for([pool.submit(check_host, of_host) for of_host in hosts.values()], watch.stop)
    return tuple(checks.get(site.url, LinkCheck(site=site)) for site in sites)


def _by_host(sites: Iterable[Site]) -> dict[str, list[Site]]:
    hosts: dict[str, list[Site]] = {}
    for site in sites:
        hosts.setdefault(urlsplit(site.url).netloc.rpartition("@")[2].lower(), []).append(site)
    return hosts


def _wait_for(checks: list[Future[None]], stop: Event) -> None:
    try:
        wait(checks)
    except KeyboardInterrupt:
        log.info("stopping after the present requests")
        stop.set()
        for check in checks:
            check.cancel()
        wait(checks)
    for check in checks:
        if not check.cancelled():
            check.result()


def check_site(site: Site, harvester: Harvester, rules: HttpRules, watch: LinkWatch) -> LinkCheck:
    """Check one site.

    Args:
        site: The site.
        harvester: Knows an endpoint when it sees one.
        rules: How we behave; ``seconds_left`` is the longest time.
        watch: The clock, and who may stop it.

    Raises:
        HarvestStoppedError: Somebody asked to stop.
    """
    start = time.monotonic()

    def pause(seconds: float) -> None:
        if watch.stop.wait(seconds):
            raise HarvestStoppedError("stopped")

    def identify(session: GuardedSession, url: str) -> EndpointIdentity:
        pause(0)
        assert harvester.identify is not None  # noqa: S101 - see below
        return harvester.identify(session, url)

    stoppable = attrs.evolve(harvester, identify=identify if harvester.identify else None)
    check = LinkCheck(site=site)
    try:
        with open_session(rules, pause) as session:
            finding = find_endpoint(session, site.url, stoppable)
        check = _judged(check, finding)
        if check.cause is LinkCause.TLS and finding.failure is not None:
            url = failed_url(finding.failure) or site.url
            check = _distrusted(check, url, rules, watch.clock())
        if site.is_guessed and check.cause in _MAYBE_PLAIN:
            check = _asked_plainly(check, stoppable, rules, pause)
    except HarvestStoppedError:
        raise
    except HarvestError as error:
        check = _dead(check, error)
    except Exception as error:  # noqa: BLE001 - one site never stops the others
        log.warning("%s: %s", site.url, error)
        said = Message("it cannot be looked at: {error}", error=f"{type(error).__name__}: {error}")
        check = attrs.evolve(check, state=LinkState.DEAD, cause=LinkCause.BROKEN, said=said)
    return attrs.evolve(check, checked=watch.clock(), seconds=time.monotonic() - start)


def _judged(check: LinkCheck, finding: Finding) -> LinkCheck:
    software = software_of(finding)
    identity, answer = finding.identity, finding.answer
    check = attrs.evolve(
        check,
        oai=identity.url if identity else "",
        software=f"{software.name} {software.version}".strip(),
    )
    if answer is None:
        if finding.failure is not None:
            return _dead(check, finding.failure)
        unread = finding.page_failure
        said = unread.message if unread else Message("it answers")
        return attrs.evolve(check, state=LinkState.OK, said=said)
    state, cause, said = judged(check.site.url, answer.url, answer.status)
    if state is LinkState.DEAD and identity is not None:
        state, cause = LinkState.OK, LinkCause.NONE
    if isinstance(finding.failure, DeadlineError):
        said = Message("{said}; there was no time left to look for OAI-PMH", said=said)
    return attrs.evolve(
        check,
        state=state,
        cause=cause,
        said=said,
        status=answer.status,
        moved_to=answer.url if state is LinkState.MOVED else "",
    )


def _distrusted(check: LinkCheck, url: str, rules: HttpRules, now: datetime) -> LinkCheck:
    """Say what is wrong with a certificate; a server without encryption is not there by https."""
    parts = urlsplit(url)
    facts = shake_hands(parts.hostname or "", parts.port or _HTTPS, rules).facts
    if facts.is_plain:
        return attrs.evolve(check, cause=LinkCause.REFUSED)
    problems = certificate_problems(facts, now)
    return attrs.evolve(check, said=problems[0].what) if problems else check


def _asked_plainly(
    check: LinkCheck, harvester: Harvester, rules: HttpRules, pause: Callable[[float], None]
) -> LinkCheck:
    """Ask by http a site whose list does not say how, and that does not answer by https."""
    url = check.site.url.replace("https://", "http://", 1)
    plain = LinkCheck(site=attrs.evolve(check.site, url=url))
    with open_session(rules, pause) as session:
        second = _judged(plain, find_endpoint(session, url, harvester))
    if second.state is LinkState.DEAD:
        return check
    if second.state is LinkState.OK:
        second = attrs.evolve(second, said=Message("it answers, without encryption only"))
    return attrs.evolve(second, site=check.site)


def _dead(check: LinkCheck, error: HarvestError) -> LinkCheck:
    cause = cause_of(error)
    said = error.message
    if isinstance(error, DeadlineError):
        said = Message("it gave no answer in the time given for one site")
    return attrs.evolve(check, state=LinkState.DEAD, cause=cause, said=said)
