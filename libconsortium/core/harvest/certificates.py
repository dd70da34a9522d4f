"""What a server's certificates say, and what is wrong with them, each its own sentence."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import attrs

from libconsortium.core.messages import Message
from libconsortium.core.problems import Place, Problem, Severity

TRUSTED = 0
_EXPIRED, _NOT_YET = 10, 9
_SELF_SIGNED, _OWN_ROOT = 18, 19
_NO_ISSUER = frozenset({2, 20, 21})
_WRONG_NAME = frozenset({62, 64})
_SOON = timedelta(days=21)


@attrs.frozen(kw_only=True)
class Certificate:
    """One certificate as a server sent it.

    Args:
        subject: Whom it is for, in short: common name, or organisation.
        issuer: Who signed it, likewise.
        names: Host names and addresses it is good for.
        starts: From when on it is valid (UTC).
        ends: Until when it is valid (UTC).
        is_self_issued: It was signed by its own subject.
        issuer_urls: Where it says that its issuer's certificate can be fetched.
        key: Tells the subject from others of the same short name.
        issuer_key: Likewise for the issuer.
    """

    subject: str
    issuer: str
    starts: datetime
    ends: datetime
    names: tuple[str, ...] = ()
    is_self_issued: bool = False
    issuer_urls: tuple[str, ...] = ()
    key: bytes = b""
    issuer_key: bytes = b""


@attrs.frozen(kw_only=True)
class TlsFacts:
    """How a server proves who it is.

    Args:
        host: Its name, as in the address.
        verdict: Verification result in OpenSSL's numbers; 0 if the chain is trusted.
        said: What the verification says in its own words; empty if trusted.
        chain: The certificates as the server sent them, its own first.
        protocol: Version of the protocol agreed on, like ``TLSv1.3``.
        mended_by: Certificates that the server ought to send and does not: fetched from where its
            own certificates say, and with them the chain leads to a trusted authority.
        authority: The authority at the end of the chain, fetched likewise, that is not known here.
        failure: Why there was no handshake at all; empty if there was one.
    """

    host: str
    verdict: int = TRUSTED
    said: str = ""
    chain: tuple[Certificate, ...] = ()
    protocol: str = ""
    mended_by: tuple[Certificate, ...] = ()
    authority: str = ""
    failure: str = ""

    @property
    def is_plain(self) -> bool:
        """Whether the server speaks on this port, and without encryption."""
        return "WRONG_VERSION_NUMBER" in self.failure or "HTTP_REQUEST" in self.failure

    @property
    def is_trusted(self) -> bool:
        """Whether the server proved who it is."""
        return self.verdict == TRUSTED and not self.failure


def certificate_problems(facts: TlsFacts, now: datetime) -> tuple[Problem, ...]:
    """Say what is wrong with a server's certificates.

    Args:
        facts: What the server showed.
        now: The present time (UTC).

    Source: verification results of OpenSSL, ``X509_STORE_CTX_get_error(3)``.

    >>> from datetime import UTC
    >>> day = datetime(2026, 1, 1, tzinfo=UTC)
    >>> leaf = Certificate(subject="a.example", issuer="R3", starts=day, ends=day)
    >>> missing = TlsFacts(host="a.example", verdict=20, chain=(leaf,), mended_by=(leaf,))
    >>> [problem.code for problem in certificate_problems(missing, day)]
    ['MISSING_INTERMEDIATE']
    """
    return tuple(_problems(facts, now))


def _problems(facts: TlsFacts, now: datetime) -> Iterator[Problem]:
    if facts.failure:
        yield _problem(
            facts,
            "TLS_FAILED",
            Message("no encrypted connection could be made: {reason}", reason=facts.failure),
            Message(
                "ask the administrator to switch on TLS 1.2 or 1.3; nothing is asked unencrypted"
            ),
        )
    elif facts.verdict != TRUSTED:
        yield _distrust(facts, now)
    elif facts.chain and facts.chain[0].ends - now < _SOON:
        yield _problem(
            facts,
            "CERTIFICATE_ENDS_SOON",
            Message("the certificate is valid only until {day:%Y-%m-%d}", day=facts.chain[0].ends),
            Message("remind the administrator; harvests stop on that day"),
            Severity.WARNING,
        )


def _distrust(facts: TlsFacts, now: datetime) -> Problem:
    if facts.mended_by or (facts.verdict in _NO_ISSUER and _lacks_issuer(facts)):
        return _missing(facts)
    if facts.verdict == _EXPIRED:
        return _expired(facts, now)
    if facts.verdict == _NOT_YET:
        starts = max((one.starts for one in facts.chain), default=now)
        what = Message("the certificate is valid only from {day:%Y-%m-%d} on", day=starts)
        advice = Message("check this machine's clock; if it is right, ask the administrator")
        return _problem(facts, "CERTIFICATE_NOT_YET_VALID", what, advice)
    if facts.verdict in _WRONG_NAME:
        return _wrong_name(facts)
    return _unknown(facts)


def _unknown(facts: TlsFacts) -> Problem:
    if facts.verdict == _SELF_SIGNED:
        what = Message("the server signed its certificate itself, so it proves nothing")
        return _problem(facts, "SELF_SIGNED", what, _OWN_ADVICE)
    if facts.verdict == _OWN_ROOT or facts.verdict in _NO_ISSUER:
        what = Message(
            "the certificate leads to the authority {issuer!r}, which is not known here",
            issuer=facts.authority or (top_of(facts.chain).issuer if facts.chain else "?"),
        )
        return _problem(facts, "UNKNOWN_AUTHORITY", what, _OWN_ADVICE)
    what = Message("the certificate is not trusted: {reason}", reason=facts.said)
    return _problem(facts, "CERTIFICATE_REFUSED", what, _OWN_ADVICE)


_OWN_ADVICE = Message(
    "ask the administrator for a certificate of a public authority; if the institution has an"
    " authority of its own, get its certificate by a way you trust and name the file as ca_file"
    " of the source; verification is never switched off"
)


def _lacks_issuer(facts: TlsFacts) -> bool:
    """Say whether the chain as sent ends with a certificate that names where its issuer's is."""
    if not facts.chain or facts.authority:
        return False
    last = top_of(facts.chain)
    return bool(last.issuer_urls) and not last.is_self_issued


def top_of(chain: tuple[Certificate, ...]) -> Certificate:
    """Return the certificate that a chain as sent leads to from its first one.

    >>> from datetime import UTC
    >>> day = datetime(2026, 1, 1, tzinfo=UTC)
    >>> one = Certificate(subject="a", issuer="b", starts=day, ends=day, issuer_key=b"b")
    >>> two = Certificate(subject="b", issuer="c", starts=day, ends=day, key=b"b")
    >>> top_of((one, two)).subject
    'b'
    """
    last = chain[0]
    for one in chain[1:]:
        if one.key == last.issuer_key and not last.is_self_issued:
            last = one
    return last


def _missing(facts: TlsFacts) -> Problem:
    issuer = facts.mended_by[0].subject if facts.mended_by else top_of(facts.chain).issuer
    if facts.mended_by:
        what = Message(
            "the server does not send the intermediate certificate {issuer!r}; with it the"
            " certificate is good",
            issuer=issuer,
        )
    else:
        what = Message(
            "the server does not send the certificate of the issuer of its own, {issuer!r}: an"
            " intermediate certificate is missing",
            issuer=issuer,
        )
    advice = _SAVE if facts.mended_by else _ONLY_ASK
    return _problem(facts, "MISSING_INTERMEDIATE", what, advice)


_SAVE = Message(
    "ask the administrator to install the whole chain (fullchain.pem); until then '--save-ca FILE'"
    " writes a file to name as ca_file of the source; browsers hide this fault, and verification is"
    " never switched off"
)
_ONLY_ASK = Message(
    "ask the administrator to install the whole chain (fullchain.pem); browsers hide this fault,"
    " and verification is never switched off"
)


def _expired(facts: TlsFacts, now: datetime) -> Problem:
    past = [one for one in facts.chain if one.ends < now]
    which = past[0] if past else None
    if which is not None and which is not facts.chain[0]:
        what = Message(
            "the intermediate certificate {name!r} expired on {day:%Y-%m-%d}",
            name=which.subject,
            day=which.ends,
        )
    else:
        what = Message(
            "the certificate expired on {day}", day=f"{which.ends:%Y-%m-%d}" if which else "?"
        )
    advice = Message("ask the administrator to renew it, by a job that does so by itself")
    return _problem(facts, "CERTIFICATE_EXPIRED", what, advice)


def _wrong_name(facts: TlsFacts) -> Problem:
    names = ", ".join(facts.chain[0].names[:5]) if facts.chain else ""
    what = Message(
        "the certificate is not for {host} but for {names}", host=facts.host, names=names or "?"
    )
    advice = Message(
        "use the address with the name in the certificate, or ask the administrator to add this"
        " name to it"
    )
    return _problem(facts, "CERTIFICATE_FOR_ANOTHER_NAME", what, advice)


def _problem(
    facts: TlsFacts,
    code: str,
    what: Message,
    advice: Message,
    severity: Severity = Severity.ERROR,
) -> Problem:
    return Problem(
        code=code, where=Place(source=facts.host), what=what, advice=advice, severity=severity
    )
