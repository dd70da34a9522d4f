"""Servers whose transfers are cut, packed wrongly, put off, or end where nothing says they do."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import attrs

from tests.hostile.faults import (
    HTML,
    Asked,
    Fault,
    anywhere,
    in_the_middle,
    instead,
    is_list,
    mended,
)
from tests.hostile.scenarios import ALL, DEFERRED, INCOMPLETE, scenario
from tests.oai_server import Reply

scenario("27 503 once, without Retry-After", instead(in_the_middle, times=1, status=503, body=b""))
scenario(
    "27 429 once, with Retry-After in seconds",
    instead(in_the_middle, times=1, status=429, body=b"", headers=(("Retry-After", "1"),)),
)
scenario(
    "27 503 once, with Retry-After as a date",
    lambda asked, count, reply: (
        Reply(
            body=b"",
            status=503,
            headers=(("Retry-After", format_datetime(datetime.now(UTC) + timedelta(seconds=1))),),
        )
        if in_the_middle(asked) and count == 1
        else reply
    ),
)
scenario(
    "27 Retry-After of a day",
    instead(in_the_middle, status=503, body=b"", headers=(("Retry-After", "86400"),)),
    ends=DEFERRED,
    lost=ALL,
)
scenario(
    "27 Retry-After of a day, as a date",
    lambda asked, _count, reply: (
        Reply(
            body=b"",
            status=429,
            headers=(("Retry-After", format_datetime(datetime.now(UTC) + timedelta(days=1))),),
        )
        if in_the_middle(asked)
        else reply
    ),
    ends=DEFERRED,
    lost=ALL,
)
scenario("28 the connection is reset once", instead(in_the_middle, times=1, cut=0))
scenario("28 the body is cut once", instead(in_the_middle, times=1, cut=300))
scenario("28 an empty body with status 200, once", instead(in_the_middle, times=1, body=b""))
scenario(
    "31 gzip that no header announces",
    mended(anywhere, gzip.compress),
)
scenario(
    "31 gzip that breaks once",
    lambda asked, count, reply: (
        attrs.evolve(
            reply,
            body=gzip.compress(reply.body)[:-200],
            headers=(("Content-Encoding", "gzip"),),
        )
        if in_the_middle(asked) and count == 1
        else reply
    ),
)
scenario(
    "packed as br, which nobody offered, once",
    instead(in_the_middle, times=1, body=b"\x8b\x02\x80", headers=(("Content-Encoding", "br"),)),
)
scenario(
    "plain, and said to be packed as br", instead(anywhere, headers=(("Content-Encoding", "br"),))
)
scenario(
    "the packing is said to be utf-8", instead(anywhere, headers=(("Content-Encoding", "utf-8"),))
)
scenario(
    "a program writes behind the packed page",
    lambda _asked, _count, reply: attrs.evolve(
        reply,
        body=gzip.compress(reply.body) + b"<!-- 12 ms -->",
        headers=(("Content-Encoding", "gzip"),),
    ),
)
scenario("a redirect to the same page, once", instead(in_the_middle, times=1, status=302, body=b""))
scenario("status 304 for a page nobody kept, once", instead(in_the_middle, times=1, status=304))


def _packed(how: Callable[[bytes], bytes], name: str) -> Fault:
    return lambda _asked, _count, reply: attrs.evolve(
        reply, body=how(reply.body), headers=(("Content-Encoding", name),)
    )


def _raw_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(body) + packer.flush()


scenario("packed with deflate", _packed(zlib.compress, "deflate"))
scenario(
    "31 packed with deflate, and no header says so",
    lambda _asked, _count, reply: attrs.evolve(reply, body=zlib.compress(reply.body)),
    repaired=100,
)
scenario("packed with deflate, without its head", _packed(_raw_deflate, "deflate"))
scenario("packed twice", _packed(lambda body: gzip.compress(gzip.compress(body)), "gzip"))
scenario(
    "a page is not ready yet: 202, once", instead(in_the_middle, times=1, status=202, body=b"")
)
scenario("a page without content: 204, always", instead(in_the_middle, status=204, body=b""))
scenario(
    "a firewall forbids one page: 403, once", instead(in_the_middle, times=1, status=403, body=HTML)
)
scenario("a firewall forbids one page: 403, always", instead(in_the_middle, status=403, body=HTML))
scenario(
    "every answer comes with status 500",
    lambda _asked, _count, reply: attrs.evolve(reply, status=500),
    ends=INCOMPLETE,
    lost=ALL,
)
GZIP = (("Content-Encoding", "gzip"),)


def _announced_short(asked: Asked, _count: int, reply: Reply) -> Reply:
    """Count characters where bytes are meant."""
    return attrs.evolve(reply, length=len(reply.body.decode()) - 40 * is_list(asked))


def _announced_long(_asked: Asked, _count: int, reply: Reply) -> Reply:
    return attrs.evolve(reply, length=len(reply.body) + 500)


def _packed_badly(_asked: Asked, _count: int, reply: Reply) -> Reply:
    packed = gzip.compress(reply.body)
    return attrs.evolve(reply, body=packed[:-8] + b"\0\0\0\0" + packed[-4:], headers=GZIP)


def _packed_without_end(_asked: Asked, _count: int, reply: Reply) -> Reply:
    return attrs.evolve(reply, body=gzip.compress(reply.body)[:-8], headers=GZIP)


def _packed_in_half(asked: Asked, _count: int, reply: Reply) -> Reply:
    packed = gzip.compress(reply.body)
    is_meant = in_the_middle(asked)
    return attrs.evolve(reply, body=packed[: len(packed) // 2], headers=GZIP) if is_meant else reply


def _all_packed_in_half(_asked: Asked, _count: int, reply: Reply) -> Reply:
    packed = gzip.compress(reply.body)
    return attrs.evolve(reply, body=packed[: len(packed) // 2], headers=GZIP)


scenario("28 a length that is always too small", _announced_short)
scenario("28 a length that is always too great", _announced_long)
scenario("28 a length that says nothing comes", lambda *all_: attrs.evolve(all_[2], length=0))
scenario(
    "28 chunks of which the last never comes",
    lambda *all_: attrs.evolve(all_[2], is_unended=True),
    repaired=100,
)
scenario("31 gzip whose checksum is always wrong", _packed_badly, repaired=100)
scenario("31 gzip that always lacks its last bytes", _packed_without_end, repaired=100)
scenario("31 gzip that is always cut for one page", _packed_in_half)
scenario(
    "31 gzip that is always cut, whatever is asked",
    _all_packed_in_half,
    ends=INCOMPLETE,
    lost=ALL,
)
scenario(
    "31 gzip that is damaged once",
    lambda asked, count, reply: (
        _packed_badly(asked, count, reply) if anywhere(asked) and count == 1 else reply
    ),
)
scenario(
    "whole pages that come with status 404",
    lambda *all_: attrs.evolve(all_[2], status=404),
)
