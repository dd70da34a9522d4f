"""More scenarios of servers that cause pain: transfers that end where nothing says they do."""

from __future__ import annotations

import gzip

import attrs

from tests.hostile import INCOMPLETE, Asked, anywhere, in_the_middle, is_list, scenario
from tests.oai_server import Reply

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
    lost=tuple(range(100)),
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
