"""How we behave towards servers, and what one answer of theirs is."""

from __future__ import annotations

from datetime import datetime

import attrs

from libconsortium.core.harvest.sources import without_secret
from libconsortium.core.messages import Message


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
        seconds_left: After so many seconds everything ends; ``None`` for no limit.
        credentials: Where user name and password are kept: ``env:NAME`` or ``file:PATH``; they
            go to the first address's host only.
        headers: Names of further headers and where the value of each is kept, likewise.
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
    seconds_left: float | None = None
    credentials: str = ""
    headers: tuple[tuple[str, str], ...] = ()


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
        damage: What was wrong with the transfer each time it was tried, in a few words; ``None``
            if it was sound. Only who can tell by the content where it ends is given such an answer.
    """

    url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    encoding: str
    is_unannounced: bool
    content: bytes
    received: datetime
    damage: Message | None = None


def user_agent(rules: HttpRules) -> str:
    """Return what we tell servers about ourselves: name, version, and whom to write to.

    >>> user_agent(HttpRules(contact="mailto:lib@example.org"))
    'libconsortium/0.1.0 (mailto:lib@example.org)'
    """
    from libconsortium import __version__

    return f"libconsortium/{__version__}" + (f" ({rules.contact})" if rules.contact else "")


shown = without_secret
