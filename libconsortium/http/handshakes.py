"""Looks at how a server proves who it is; nothing is ever asked of a server that does not."""

from __future__ import annotations

import logging
import socket
import ssl
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import attrs
from requests.utils import DEFAULT_CA_BUNDLE_PATH

from libconsortium.core.errors import ConsortiumError
from libconsortium.core.harvest.certificates import Certificate, TlsFacts, top_of
from libconsortium.http.addresses import checked_socket, networks_of
from libconsortium.http.certificates import read_certificate
from libconsortium.http.rules import HttpRules
from libconsortium.http.session import GuardedSession

log = logging.getLogger(__name__)

_PEM_START = b"-----BEGIN CERTIFICATE-----"
_MOST_MISSING = 3
_MOST_BYTES = 2**16


@attrs.frozen(kw_only=True)
class Handshake:
    """What a server showed when it was asked to prove who it is.

    Args:
        facts: What was found.
        mended: The certificates of ``facts.mended_by``, in PEM form.
    """

    facts: TlsFacts
    mended: str = ""


def shake_hands(host: str, port: int, rules: HttpRules) -> Handshake:
    """Let a server prove who it is, and if it cannot, look why.

    The second look accepts any certificate in order to read it: nothing is asked and nothing
    believed on that connection. If certificates are missing from the chain they are fetched from
    where the server's own certificate says, and count only if with them, and with verification, the
    chain leads to an authority that was trusted before.

    Args:
        host: The server's name.
        port: Its port.
        rules: Networks allowed, authorities trusted, longest waits.

    Raises:
        AddressRefusedError: The address must not be reached.
        OSError: The server cannot be reached at all.

    >>> shake_hands("127.0.0.1", 443, HttpRules())
    Traceback (most recent call last):
    libconsortium.core.errors.AddressRefusedError: 127.0.0.1 is not a public address; ...
    """
    where = _Server(host, port, rules)
    try:
        protocol, chain = where.shown(_strict(rules.ca_file))
    except ssl.SSLCertVerificationError as error:
        refused = TlsFacts(host=host, verdict=error.verify_code, said=error.verify_message)
        return _looked_at(where, refused)
    except (ssl.SSLError, ConnectionResetError, TimeoutError) as error:
        return Handshake(facts=TlsFacts(host=host, failure=_reason(error)))
    return Handshake(facts=TlsFacts(host=host, chain=_read(chain), protocol=protocol))


@attrs.frozen
class _Server:
    host: str
    port: int
    rules: HttpRules

    def shown(self, context: ssl.SSLContext) -> tuple[str, tuple[bytes, ...]]:
        """Shake hands, and return the protocol and the certificates sent."""
        with (
            _connected(self) as plain,
            context.wrap_socket(plain, server_hostname=self.host) as secure,
        ):
            return secure.version() or "", _chain_of(secure)


def _connected(where: _Server) -> socket.socket:
    networks = networks_of(where.rules.allowed_networks)
    failure: OSError | None = None
    for family, kind, protocol, _, address in checked_socket(where.host, where.port, networks):
        opened = socket.socket(family, kind, protocol)
        opened.settimeout(where.rules.connect_seconds)
        try:
            opened.connect(address)
        except OSError as error:
            opened.close()
            failure = error
        else:
            return opened
    raise failure or OSError(where.host)


def _strict(ca_file: str, more: str = "") -> ssl.SSLContext:
    """Return how connections are verified: by the same authorities as everywhere."""
    context = ssl.create_default_context(cafile=ca_file or DEFAULT_CA_BUNDLE_PATH)
    # An intermediate alone proves nothing: the chain has to reach an authority.
    context.verify_flags &= ~ssl.VERIFY_X509_PARTIAL_CHAIN
    if more:
        context.load_verify_locations(cadata=more)
    return context


def _blind() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE  # to read what is wrong; nothing is sent or believed
    return context


def _chain_of(secure: ssl.SSLSocket) -> tuple[bytes, ...]:
    """Return the certificates as sent; only the first where Python cannot tell the others."""
    if hasattr(secure, "get_unverified_chain"):  # Python 3.13 and later
        return tuple(secure.get_unverified_chain())
    sent: list[Any] = (
        getattr(getattr(secure, "_sslobj", None), "get_unverified_chain", list)() or []
    )
    if sent:
        return tuple(ssl.PEM_cert_to_DER_cert(one.public_bytes()) for one in sent)
    first = secure.getpeercert(binary_form=True)
    return (first,) if first else ()


def _read(chain: Sequence[bytes]) -> tuple[Certificate, ...]:
    try:
        return tuple(read_certificate(one) for one in chain)
    except ValueError:
        return ()


def _looked_at(where: _Server, refused: TlsFacts) -> Handshake:
    try:
        protocol, chain = where.shown(_blind())
    except OSError as error:
        log.info("%s: no second look: %s", where.host, error)
        return Handshake(facts=refused)
    facts = attrs.evolve(refused, chain=_read(chain), protocol=protocol)
    missing, authority = _missing(where, facts)
    return Handshake(
        facts=attrs.evolve(facts, mended_by=_read(missing), authority=authority),
        mended="".join(ssl.DER_cert_to_PEM_cert(one) for one in missing),
    )


def _missing(where: _Server, facts: TlsFacts) -> tuple[tuple[bytes, ...], str]:
    """Return the certificates with which the chain is trusted, or the unknown authority."""
    found: list[bytes] = []
    last = top_of(facts.chain) if facts.chain else None
    while last and len(found) < _MOST_MISSING and last.issuer_urls and not last.is_self_issued:
        try:
            der = _as_der(_fetched(last.issuer_urls[0], where.rules))
            last = read_certificate(der)
        except (ConsortiumError, OSError, ValueError) as error:
            log.info("%s: no issuer's certificate: %s", where.host, error)
            break
        if last.is_self_issued:
            return (), last.subject  # only people can decide to trust an authority
        found.append(der)
        if _is_trusted_with(where, found):
            return tuple(found), ""
    return (), ""


def _is_trusted_with(where: _Server, found: Sequence[bytes]) -> bool:
    more = "".join(ssl.DER_cert_to_PEM_cert(one) for one in found)
    try:
        where.shown(_strict(where.rules.ca_file, more))
    except OSError:
        return False
    return True


def _as_der(content: bytes) -> bytes:
    start = content.find(_PEM_START)
    return ssl.PEM_cert_to_DER_cert(content[start:].decode("ascii")) if start >= 0 else content


def _fetched(url: str, rules: HttpRules) -> bytes:
    narrow = HttpRules(
        allowed_networks=rules.allowed_networks,
        connect_seconds=rules.connect_seconds,
        read_seconds=rules.read_seconds,
        total_seconds=rules.total_seconds,
        max_wire_bytes=_MOST_BYTES,
        attempts=1,
        seconds_left=rules.seconds_left,
    )
    with GuardedSession(narrow) as session:
        return session.fetch(url).content


def _reason(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"


def authorities_with(mended: str, ca_file: str = "") -> str:
    """Return the text of a file of authorities: those trusted so far, and missing intermediates.

    Args:
        mended: The missing certificates, in PEM form, as found by ``shake_hands``.
        ca_file: File of the authorities trusted so far; empty for the usual ones.

    >>> authorities_with("-----BEGIN")[-10:]
    '-----BEGIN'
    """
    known = Path(ca_file or DEFAULT_CA_BUNDLE_PATH).read_text("utf-8")
    return f"{known.rstrip()}\n{mended}"
