"""Servers that would read our files, or fill our memory: entities, depth, bombs."""

from __future__ import annotations

import functools
import zlib

import attrs

from tests.hostile.faults import POISON, has, in_the_middle, mended, poisoned
from tests.hostile.scenarios import QUARANTINE, scenario


@functools.cache
def bomb() -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join(packer.compress(b" " * 2**20) for _ in range(300)) + packer.flush()


scenario(
    "31 a gzip bomb for one page",
    lambda asked, _count, reply: (
        attrs.evolve(reply, body=bomb(), headers=(("Content-Encoding", "gzip"),))
        if in_the_middle(asked)
        else reply
    ),
)
XXE = b'<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
scenario(
    "39 XXE on one page",
    mended(
        in_the_middle,
        lambda body: body.replace(b"?><OAI", b"?>" + XXE + b"<OAI").replace(b"tm", b"&x;"),
    ),
)
scenario(
    "39 an external entity on every page with one record",
    lambda _asked, _count, reply: (
        attrs.evolve(reply, body=reply.body.replace(b"?><OAI", b"?>" + XXE + b"<OAI"))
        if has(reply, POISON)
        else reply
    ),
    ends=QUARANTINE,
    lost=(POISON,),
)
ENTITIES = (
    b'<!DOCTYPE l [<!ENTITY a "lol">'
    + b"".join(
        b'<!ENTITY a%d "%s">' % (n, b"&a%s;" % (b"%d" % (n - 1) if n > 1 else b"") * 10)
        for n in range(1, 9)
    )
    + b"]>"
)
scenario(
    "39 an entity bomb on one page",
    mended(
        in_the_middle,
        lambda body: body.replace(b"?><OAI", b"?>" + ENTITIES + b"<OAI").replace(
            b"M\xe1\xba\xabu", b"&a8;"
        ),
    ),
)
scenario(
    "39 a thousand elements deep",
    poisoned(
        lambda old: old.replace(b"<dc:title>", b"<a>" * 1000 + b"</a>" * 1000 + b"<dc:title>")
    ),
)
scenario(
    "39 five thousand elements deep",
    poisoned(
        lambda old: old.replace(b"<dc:title>", b"<a>" * 5000 + b"</a>" * 5000 + b"<dc:title>")
    ),
    ends=QUARANTINE,
    lost=(POISON,),
)
