"""Why a server could not be reached: the innermost cause, in one word."""

from __future__ import annotations

import errno
import http.client
import socket
import ssl
import zlib
from collections.abc import Iterator

import requests
import urllib3

from libconsortium.core.errors import AddressRefusedError, DeadlineError, HarvestDeferredError
from libconsortium.core.harvest.links import LinkCause
from libconsortium.core.messages import Message
from libconsortium.http.bodies import CutBodyError

_NO_WAY = frozenset({errno.EHOSTUNREACH, errno.ENETUNREACH, errno.ENETDOWN, errno.EHOSTDOWN})
_LONGEST, _START = 300, 40  # letters of what somebody else says
_CAUSES: tuple[tuple[tuple[type[BaseException], ...], LinkCause], ...] = (
    ((AddressRefusedError,), LinkCause.NOT_ALLOWED),
    ((HarvestDeferredError, requests.TooManyRedirects), LinkCause.SERVER_ERROR),
    ((socket.gaierror, urllib3.exceptions.NameResolutionError), LinkCause.DNS),
    ((ssl.SSLError, urllib3.exceptions.SSLError), LinkCause.TLS),
    ((ConnectionRefusedError,), LinkCause.REFUSED),
    ((DeadlineError, TimeoutError, requests.Timeout), LinkCause.TIMEOUT),
    ((urllib3.exceptions.TimeoutError,), LinkCause.TIMEOUT),
    ((ConnectionError, http.client.HTTPException), LinkCause.BROKEN),
)

_PLAIN: tuple[tuple[tuple[type[BaseException], ...], Message], ...] = (
    (
        (socket.gaierror, urllib3.exceptions.NameResolutionError),
        Message("no server has this name, or this machine has no network; look at the spelling"),
    ),
    (
        (ConnectionRefusedError,),
        Message("connection refused: nothing answers at this address and port"),
    ),
    ((ConnectionResetError,), Message("the server broke the connection off")),
    ((TimeoutError,), Message("timed out: nothing came in time")),
    (
        (http.client.LineTooLong,),
        Message("a line of its HTTP header is longer than 64 KB"),
    ),
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


def broken_by(error: BaseException) -> Message:
    """Say in a few words what is wrong with an answer that cannot be read, or did not come.

    Args:
        error: The innermost cause.

    >>> str(broken_by(http.client.LineTooLong("header line")))
    'a line of its HTTP header is longer than 64 KB'
    """
    for kinds, plain in _PLAIN:
        if isinstance(error, kinds):
            return plain
    said = " ".join(str(error).split())[:_LONGEST]
    if isinstance(error, http.client.BadStatusLine) and "<" in said:
        start = said[:_START]
        return Message('the answer has no HTTP header; it begins with "{start}"', start=start)
    if isinstance(error, ValueError) and "base 16" in said:
        return Message("its HTTP header says that the body comes in chunks, and it does not")
    if isinstance(error, urllib3.exceptions.InvalidHeader):
        return Message("its HTTP header contradicts itself ({said})", said=said)
    if isinstance(error, zlib.error):
        return Message("the packed body is damaged ({said})", said=said)
    return Message("{said}", said=f"{type(error).__name__}: {said}")


def reason_of(error: BaseException) -> Message:
    """Return the innermost cause in a few words, without addresses that may hold a secret.

    >>> str(reason_of(CutBodyError(Message("the packed body ends too early"))))
    'the packed body ends too early'
    """
    while (inner := error.__cause__ or error.__context__) is not None:
        error = inner
    return error.reason if isinstance(error, CutBodyError) else broken_by(error)


def was_connected(error: BaseException) -> bool:
    """Say whether the server took the connection before it failed, as far as can be told.

    >>> was_connected(requests.ConnectTimeout()), was_connected(requests.ReadTimeout())
    (False, True)
    """
    unheard = (requests.ConnectTimeout, urllib3.exceptions.ConnectTimeoutError)
    return not any(isinstance(one, unheard) for one in _inwards(error))


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
