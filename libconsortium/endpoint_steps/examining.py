"""Examines a site: finds its endpoint, looks closely, judges, and advises."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from urllib.parse import urlsplit

import attrs

from libconsortium.contributions import Crosswalk, Harvester
from libconsortium.core.catalogue.records import BibRecord, RawRecord
from libconsortium.core.errors import (
    AddressRefusedError,
    ConsortiumError,
    DeadlineError,
    HarvestError,
    SourceUnreachableError,
)
from libconsortium.core.harvest.admin_letters import admin_letter
from libconsortium.core.harvest.certificates import certificate_problems
from libconsortium.core.harvest.endpoints import EndpointFacts, EndpointIdentity, FormatSample
from libconsortium.core.harvest.format_choice import FormatChoice, choose_format, ranked_formats
from libconsortium.core.harvest.identity_findings import identity_problems
from libconsortium.core.harvest.links import LinkCause
from libconsortium.core.harvest.list_findings import list_problems
from libconsortium.core.harvest.sample_quality import (
    SampleQuality,
    quality_problems,
    sample_quality,
)
from libconsortium.core.messages import Message
from libconsortium.core.problems import Place, Problem, Severity
from libconsortium.endpoint_steps.finding import Finding, find_endpoint
from libconsortium.endpoint_steps.software import Software, dspace_version, software_of
from libconsortium.http import HttpRules, open_session
from libconsortium.http.failures import cause_of, failed_url
from libconsortium.http.handshakes import Handshake, shake_hands
from libconsortium.http.session import GuardedSession
from libconsortium.reading_steps import guess_encodings, read_record, reading_rules, repaired
from libconsortium.registry import Registry

_HTTPS = 443
_MOST_RECORDS = 200
_UNKNOWN = Software()
_NO_CHOICE = FormatChoice(prefix="", reason=Message(""))


@attrs.frozen(kw_only=True)
class Examination:
    """What the doctor found at a site.

    Args:
        url: The address that was given.
        finding: Where the endpoint is, and where it was looked for.
        handshake: How the server proved who it is; ``None`` without https.
        facts: What the endpoint says and shows; ``None`` if none was found.
        software: The software it runs on.
        qualities: What the samples of its formats show, the most promising format first.
        ranked: The formats that are read here, the most promising first.
        choice: The format to harvest.
        problems: Everything remarkable, the worst first.
        letter: What to ask the administrator, paragraph by paragraph; empty if nothing.
    """

    url: str
    finding: Finding
    handshake: Handshake | None = None
    facts: EndpointFacts | None = None
    software: Software = _UNKNOWN
    qualities: tuple[SampleQuality, ...] = ()
    ranked: tuple[tuple[str, str], ...] = ()
    choice: FormatChoice = _NO_CHOICE
    problems: tuple[Problem, ...] = ()
    letter: tuple[Message, ...] = ()

    @property
    def is_harvestable(self) -> bool:
        """Whether there is an endpoint with records in a format that is read here."""
        has_records = (one.records and (one.readable or not one.live) for one in self.qualities)
        return bool(self.choice.prefix) and any(has_records)

    @property
    def has_errors(self) -> bool:
        """Whether something was found that loses records or stops a harvest."""
        return any(problem.severity is Severity.ERROR for problem in self.problems)

    @property
    def is_shut(self) -> bool:
        """Whether nothing answered encrypted, for another reason than an untrusted certificate."""
        finding = self.finding
        is_silent = finding.answer is None and finding.identity is None
        is_plain = self.handshake is None or self.handshake.facts.is_plain
        return is_silent and finding.failure is not None and is_plain


def examine_site(  # noqa: PLR0913 - what is looked at, and how far
    url: str,
    registry: Registry,
    rules: HttpRules,
    *,
    sample: int = 50,
    now: datetime,
    on_try: Callable[[str], None] = lambda _: None,
) -> Examination:
    """Find the endpoint of a site, look at it closely, and say what there is to say.

    Args:
        url: The site's address, or that of the endpoint itself.
        registry: Gives the harvester and the crosswalks.
        rules: How we behave on the way.
        sample: How many records are judged, at most two pages of them; 0 for none.
        now: The present time (UTC).
        on_try: Hears of every address before it is tried.

    Raises:
        AddressRefusedError: The address must not be reached.

    >>> from datetime import UTC
    >>> now = datetime(2026, 1, 31, tzinfo=UTC)
    >>> examine_site("http://127.0.0.1/", Registry(), HttpRules(), now=now)
    Traceback (most recent call last):
    libconsortium.core.errors.AddressRefusedError: 127.0.0.1 is not a public address; ...
    """
    harvester = registry.find(Harvester, "oai-pmh")
    with open_session(rules) as session:
        finding = find_endpoint(session, url, harvester, on_try)
        handshake = _handshake(finding, rules)
        examination = Examination(url=url, finding=finding, handshake=handshake)
        if finding.identity is not None and harvester.examine is not None:
            look = _Look(session, harvester, registry, sample)
            examination = look.examined(examination, finding.identity)
    problems = tuple(sorted(_problems(examination, now), key=_worst_first))
    return attrs.evolve(
        examination, problems=problems, letter=admin_letter(_shown(examination), problems)
    )


def _worst_first(problem: Problem) -> int:
    return -list(Severity).index(problem.severity)


def _shown(examination: Examination) -> str:
    identity = examination.finding.identity
    return identity.url if identity else examination.url


def _handshake(finding: Finding, rules: HttpRules) -> Handshake | None:
    where = _to_prove(finding)
    parts = urlsplit(where)
    if parts.scheme != "https":
        return None
    try:
        return shake_hands(parts.hostname or "", parts.port or _HTTPS, rules)
    except (AddressRefusedError, OSError):
        return None


def _to_prove(finding: Finding) -> str:
    """Return the address whose server has to prove who it is; empty if none was reached."""
    if finding.identity is not None:
        return finding.identity.url
    if _is_about_tls(finding.failure) and finding.failure is not None:
        return failed_url(finding.failure) or finding.url
    if distrusted := next((one.distrusted for one in finding.tried if one.distrusted), ""):
        return distrusted
    return finding.answer.url if finding.answer is not None else ""


def _is_about_tls(error: HarvestError | None) -> bool:
    return error is not None and cause_of(error) in {LinkCause.TLS, LinkCause.BROKEN}


class _Look:
    """Looks at one endpoint closely."""

    def __init__(
        self, session: GuardedSession, harvester: Harvester, registry: Registry, sample: int
    ) -> None:
        self.session, self.registry = session, registry
        self.sample = min(sample, _MOST_RECORDS)
        self.harvester = harvester

    def examined(self, examination: Examination, identity: EndpointIdentity) -> Examination:
        """Return the examination with what the endpoint says and shows."""
        assert self.harvester.examine is not None  # noqa: S101 - looked at before
        version = dspace_version(self.session, identity.url)
        first = software_of(examination.finding, version=version)
        readable = self._readable()
        choose = partial(_chosen, readable=readable, software=first.name, sample=self.sample)
        facts = self.harvester.examine(self.session, identity, choose)
        software = software_of(examination.finding, facts.formats, version)
        qualities = tuple(self._quality(one) for one in facts.samples)
        ranked = ranked_formats(facts.formats, readable, first.name)
        return attrs.evolve(
            examination,
            facts=facts,
            software=software,
            qualities=qualities,
            ranked=ranked,
            choice=choose_format(ranked, qualities),
        )

    def _readable(self) -> frozenset[str]:
        crosswalks = self.registry.all(Crosswalk).values()
        return frozenset(name for crosswalk in crosswalks for name in crosswalk.namespaces if name)

    def _quality(self, sample: FormatSample) -> SampleQuality:
        raw = [record for asked in sample.pages for record in asked.page.records][: self.sample]
        live = [record for record in raw if not record.is_deleted]
        read = [self._read(record) for record in live]
        guessed = [one for one in guess_encodings(read, self.registry) if one.is_likely]
        return sample_quality(sample.prefix, raw, read, guessed[0].repair if guessed else "")

    def _read(self, raw: RawRecord) -> BibRecord:
        """Read a record without repairs; its problems tell what a repair would do."""
        try:
            record = read_record(raw, self.registry)
            mended = repaired(record, reading_rules(self.registry).repairs)
        except ConsortiumError as error:
            problem = Problem(
                code="UNREADABLE",
                where=Place(source=raw.source, record=raw.identifier),
                what=error.message,
            )
            return BibRecord(source=raw.source, identifier=raw.identifier, problems=(problem,))
        return attrs.evolve(record, problems=mended.problems)


def _chosen(
    formats: Sequence[tuple[str, str]], *, readable: frozenset[str], software: str, sample: int
) -> tuple[tuple[str, str], ...]:
    """Choose the two richest formats and Dublin Core, with which they are compared."""
    if not sample:
        return ()
    ranked = ranked_formats(formats, readable, software)
    plain = [one for one in ranked[2:] if one[0] == "oai_dc"]
    return (*ranked[:2], *plain) or tuple(formats[:1])


def _problems(examination: Examination, now: datetime) -> Iterator[Problem]:
    finding, facts = examination.finding, examination.facts
    if examination.handshake is not None:
        yield from certificate_problems(examination.handshake.facts, now)
    if facts is None:
        yield from _nothing(examination)
        return
    yield from identity_problems(facts.identity)
    yield from list_problems(facts)
    best = next(
        (one for one in examination.qualities if one.prefix == examination.choice.prefix), None
    )
    for quality in examination.qualities:
        if quality is best or not quality.records:
            yield from quality_problems(quality, facts.identity.url)
    asked, found = urlsplit(finding.url), urlsplit(facts.identity.url)
    if asked.hostname != found.hostname:
        yield Problem(
            code="ENDPOINT_ELSEWHERE",
            where=Place(source=finding.url),
            what=Message("the endpoint is on another server: {url}", url=facts.identity.url),
            advice=Message("make sure that it is the library's own"),
            severity=Severity.INFO,
        )


def _nothing(examination: Examination) -> Iterator[Problem]:
    finding = examination.finding
    handshake = examination.handshake
    if isinstance(finding.failure, DeadlineError):
        yield Problem(
            code="SEARCH_ENDED",
            where=Place(source=finding.url),
            what=Message("it answers so slowly that the time given was over"),
            advice=Message("give it more time (--deadline), or the address of its endpoint itself"),
            severity=Severity.ERROR,
        )
    elif finding.failure is not None and (handshake is None or handshake.facts.is_trusted):
        is_away = isinstance(finding.failure, SourceUnreachableError)
        yield Problem(
            code="UNREACHABLE" if is_away else "SEARCH_ENDED",
            where=Place(source=finding.url),
            what=finding.failure.message,
            advice=Message("try again later; if it stays so, ask the library for its address"),
            severity=Severity.ERROR,
        )
    elif handshake is None or handshake.facts.is_trusted:
        yield Problem(
            code="NO_ENDPOINT",
            where=Place(source=finding.url),
            what=Message(
                "no OAI-PMH endpoint was found at {count} addresses", count=len(finding.tried)
            ),
            advice=Message("ask the administrator for the base URL, and give that instead"),
            severity=Severity.ERROR,
        )
