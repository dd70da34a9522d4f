"""Why a server could not be reached: the innermost cause, in one word."""

from __future__ import annotations

import errno
import http.client
import socket
import ssl
from collections.abc import Iterator

import requests
import urllib3

from libconsortium.core.errors import AddressRefusedError, DeadlineError, HarvestDeferredError
from libconsortium.core.harvest.links import LinkCause

_NO_WAY = frozenset({errno.EHOSTUNREACH, errno.ENETUNREACH, errno.ENETDOWN, errno.EHOSTDOWN})
_CAUSES: tuple[tuple[tuple[type[BaseException], ...], LinkCause], ...] = (
    ((AddressRefusedError,), LinkCause.NOT_ALLOWED),
    ((HarvestDeferredError,), LinkCause.SERVER_ERROR),
    ((socket.gaierror, urllib3.exceptions.NameResolutionError), LinkCause.DNS),
    ((ssl.SSLError, urllib3.exceptions.SSLError), LinkCause.TLS),
    ((ConnectionRefusedError,), LinkCause.REFUSED),
    ((DeadlineError, TimeoutError, requests.Timeout), LinkCause.TIMEOUT),
    ((urllib3.exceptions.TimeoutError,), LinkCause.TIMEOUT),
    ((ConnectionError, http.client.HTTPException), LinkCause.BROKEN),
)


def cause_of(error: BaseException) -> LinkCause:
    """Return why a server could not be reached.

    Args:
        error: What ``GuardedSession.fetch`` raised.

    >>> cause_of(socket.gaierror()).value, cause_of(ValueError()).value
    ('no such name', 'no answer in time')
    """
    for one in _inwards(error):
        if isinstance(one, OSError) and one.errno in _NO_WAY:
            return LinkCause.UNREACHABLE
        for kinds, cause in _CAUSES:
            if isinstance(one, kinds):
                return cause
    return LinkCause.TIMEOUT


def certificate_error(error: BaseException) -> ssl.SSLCertVerificationError | None:
    """Return the refusal of a certificate behind an error; ``None`` if it is another failure.

    >>> certificate_error(ValueError()) is None
    True
    """
    found = (one for one in _inwards(error) if isinstance(one, ssl.SSLCertVerificationError))
    return next(found, None)


def failed_url(error: BaseException) -> str:
    """Return the address whose request failed, after redirects; empty if it is not known.

    Args:
        error: What ``GuardedSession.fetch`` raised.

    >>> failed_url(ValueError())
    ''
    """
    for one in _inwards(error):
        if isinstance(one, requests.RequestException) and one.request is not None:
            return str(one.request.url or "")
    return ""


def _inwards(error: BaseException) -> Iterator[BaseException]:
    """Yield the causes of an error, the innermost first."""
    chain = [error]
    seen = {id(error)}
    while (inner := chain[-1].__cause__ or chain[-1].__context__) is not None:
        if id(inner) in seen:
            break
        seen.add(id(inner))
        chain.append(inner)
    yield from reversed(chain)
