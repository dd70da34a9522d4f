"""Where we may connect to: every address is checked where the socket is opened.

The check sits below redirects, retries and the connection pool, so nothing goes around it: a name
is resolved once, refused if *any* of its addresses is neither public nor allowed, and the socket
goes to an address that was checked.
"""

from __future__ import annotations

import http.client
import io
import ipaddress
import re
import socket
import time
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import Any, ClassVar
from weakref import WeakSet

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import NameResolutionError, NewConnectionError
from urllib3.response import HTTPResponse

from libconsortium.core.errors import (
    AddressRefusedError,
    DeadlineError,
    SettingsError,
    SourceUnreachableError,
)

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def networks_of(texts: Sequence[str]) -> tuple[Network, ...]:
    """Read networks in CIDR form.

    Raises:
        SettingsError: One is not a network.

    >>> networks_of(["10.0.0.0/8", "::1"])
    (IPv4Network('10.0.0.0/8'), IPv6Network('::1/128'))
    """
    networks = []
    for text in texts:
        try:
            networks.append(ipaddress.ip_network(text))
        except ValueError as error:
            raise SettingsError(
                "allowed_networks: {text!r} is not a network; write it like 10.0.0.0/8", text=text
            ) from error
    return tuple(networks)


def is_reachable(text: str, allowed: Sequence[Network] = ()) -> bool:
    """Say whether an address is public, or in a network that is allowed all the same.

    >>> is_reachable("8.8.8.8"), is_reachable("127.0.0.1"), is_reachable("::ffff:10.0.0.1")
    (True, False, False)
    >>> is_reachable("127.0.0.1", networks_of(["127.0.0.0/8"]))
    True
    """
    address = _unwrapped(ipaddress.ip_address(text.partition("%")[0]))
    if any(address in network for network in allowed):
        return True
    if isinstance(address, ipaddress.IPv6Address) and address.is_site_local:
        return False  # the private addresses of old, which count as public by mistake
    return address.is_global and not address.is_multicast and not address.is_reserved


def _unwrapped(address: Address) -> Address:
    """Return the IPv4 address inside an IPv6 one: mapped, 6to4, NAT64 or compatible."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    inner = address.ipv4_mapped or address.sixtofour
    if inner is None and address in _NAT64:
        inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return inner or address


_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def checked_socket(host: str, port: int, allowed: Sequence[Network]) -> list[tuple[Any, ...]]:
    """Resolve a name and return its addresses, all of them checked."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    for *_, where in found:
        if not is_reachable(str(where[0]), allowed):
            raise AddressRefusedError(
                "{host} is not a public address; if it is on your own network, add it to"
                " allowed_networks of the source, or give --allow-network",
                host=host if host == where[0] else f"{host} ({where[0]})",
            )
    return found


class _Guarded(HTTPConnection):
    """A connection that opens its socket only to checked addresses and answers in time."""

    allowed: Sequence[Network] = ()
    answer_seconds: float = 60.0
    deadline: float = float("inf")
    busy: ClassVar[WeakSet[socket.socket]] = WeakSet()

    def _new_conn(self) -> socket.socket:
        try:
            found = checked_socket(self._dns_host, self.port, self.allowed)
        except socket.gaierror as error:
            raise NameResolutionError(self.host, self, error) from error
        failure: OSError | None = None
        for family, kind, protocol, _, where in found:
            opened = socket.socket(family, kind, protocol)
            try:
                opened.settimeout(self.timeout if isinstance(self.timeout, float | int) else None)
                for option in self.socket_options or ():
                    opened.setsockopt(*option)
                opened.connect(where)
            except OSError as error:
                opened.close()
                failure = error
            else:
                return opened
        raise NewConnectionError(self, f"cannot connect: {failure}") from failure

    def getresponse(self) -> HTTPResponse:  # type: ignore[override] # urllib3 narrows it the same way
        """Wait for status and headers; a server that drips them byte by byte is cut off."""
        if self.sock is not None:
            self.busy.add(self.sock)
        patience = max(0.0, min(self.answer_seconds, self.deadline - time.monotonic()))
        end = time.monotonic() + patience
        self.response_class = partial(_InTime, end=end)  # type: ignore[assignment] # it is called only
        try:
            return super().getresponse()
        except TimeoutError as error:
            if time.monotonic() < end:
                raise
            if end >= self.deadline:
                raise DeadlineError(
                    "the time given for the harvest is over; the same command goes on"
                ) from error
            raise SourceUnreachableError(
                "{host} did not finish its answer within {seconds:g} seconds",
                host=self.host,
                seconds=round(patience, 1),
            ) from error


class _InTime(http.client.HTTPResponse):
    """A response whose status and headers have to come within a time, however many pieces."""

    def __init__(self, sock: socket.socket, *args: Any, end: float, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self._reader = _Reader(sock, end)
        self.fp.close()
        self.fp = _Head(self._reader)

    def _read_status(self) -> tuple[str, int, str]:
        """Read the status, after what the server says of one that is still to come."""
        while True:
            version, status, reason = super()._read_status()  # type: ignore[misc] # it is there
            if status not in _EARLY:
                return version, status, reason
            while self.fp.readline().strip():
                pass

    def begin(self) -> None:
        """Read status and headers; the body has limits of its own."""
        super().begin()
        if isinstance(self.fp, _Head):
            self.fp.is_read = True
        self._reader.take_your_time()


class _Head(io.BufferedReader):
    """Reads the head of an answer, and leaves out lines that would spoil the rest of it.

    Such are lines that are no headers, as a program's warnings are; and of more headers than the
    standard library takes all that do not matter here, as cookies are.
    """

    is_read = False
    _lines = 0
    _is_kept = False

    def readline(self, size: int | None = -1, /) -> bytes:
        """Read the next line that is needed."""
        while True:
            line = super().readline(size)
            self._lines += 1
            if self.is_read or self._lines > _MOST_LINES:
                return line
            if not line.startswith((b" ", b"\t")):  # else it goes on with the one before
                self._is_kept = self._is_needed(line)
            if self._is_kept or not line.strip():
                return line

    def _is_needed(self, line: bytes) -> bool:
        if not line.strip() or line.startswith(b"HTTP/") or self._lines == 1:
            return True
        found = _HEADER.match(line)
        if found is None:
            return False
        return self._lines < _MANY_LINES or found.group(1).strip().lower() in _NEEDFUL


_HEADER = re.compile(rb"([!-9;-~]+[ \t]*):")  # more than letters, but ASCII
_MANY_LINES = 80  # the standard library takes up to 100 headers
_MOST_LINES = 2000
_EARLY = frozenset({102, 103})  # the standard library knows of 100
_NEEDFUL = frozenset(
    {
        *(b"content-type", b"content-length", b"content-encoding", b"transfer-encoding"),
        *(b"connection", b"location", b"retry-after"),
    }
)


class _Reader(io.RawIOBase):
    """Reads from a socket until a moment, of the monotonic clock."""

    def __init__(self, sock: socket.socket, end: float) -> None:
        self._sock, self.end = sock, end
        self._file = sock.makefile("rb", buffering=0)
        self._seconds = sock.gettimeout()

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: Any) -> int | None:  # noqa: ANN401 - whatever takes bytes
        """Read what has come."""
        left = self.end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._sock.settimeout(left if self._seconds is None else min(left, self._seconds))
        return self._file.readinto(buffer)

    def take_your_time(self) -> None:
        """Read as long as the socket may wait each time."""
        self.end = float("inf")
        self._sock.settimeout(self._seconds)

    def wait_at_most(self, seconds: float) -> None:
        """Wait so long for the next bytes, and no longer."""
        self._seconds = seconds

    def close(self) -> None:
        """Give the socket back."""
        self._file.close()
        super().close()


class GuardAdapter(HTTPAdapter):
    """Connects through guarded connections only.

    Args:
        allowed: Networks that are not public and may be reached all the same.
        answer_seconds: Longest time until status and headers are there.
        deadline: Moment (of the monotonic clock) after which nothing is waited for.
    """

    def __init__(
        self, *, allowed: Sequence[Network], answer_seconds: float, deadline: float = float("inf")
    ) -> None:
        """Prepare the pools; nothing is opened yet."""
        self._busy: WeakSet[socket.socket] = WeakSet()
        self._limits = {
            "busy": self._busy,
            "allowed": tuple(allowed),
            "answer_seconds": answer_seconds,
            "deadline": deadline,
        }
        super().__init__(max_retries=0)

    def break_off(self) -> None:
        """Shut every socket, so that nobody waits for an answer any longer."""
        for opened in list(self._busy):
            with suppress(OSError):  # it has ended by itself
                opened.shutdown(socket.SHUT_RDWR)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Let the pools open guarded connections."""
        super().init_poolmanager(*args, **kwargs)
        plain = type("GuardedHttp", (_Guarded,), self._limits)
        secure = type("GuardedHttps", (_Guarded, HTTPSConnection), self._limits)
        self.poolmanager.pool_classes_by_scheme = {
            "http": type("Pool", (HTTPConnectionPool,), {"ConnectionCls": plain}),
            "https": type("SecurePool", (HTTPSConnectionPool,), {"ConnectionCls": secure}),
        }
