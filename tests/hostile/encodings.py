"""Servers that say one encoding of letters and write another."""

from __future__ import annotations

import attrs

from tests.hostile.faults import Fault, anywhere, mended
from tests.hostile.scenarios import scenario


def _typed(value: str) -> Fault:
    return lambda _asked, _count, reply: attrs.evolve(
        reply, headers=(("Content-Type", f"text/xml; charset={value}"),)
    )


scenario("35 the header says ISO-8859-1, the body is UTF-8", _typed("ISO-8859-1"))
scenario(
    "35 the declaration says ISO-8859-1, the body is UTF-8",
    mended(anywhere, lambda body: body.replace(b'"UTF-8"', b'"ISO-8859-1"')),
)
scenario(
    "35 the declaration says UTF-8, the body is what the header says",
    lambda asked, count, reply: attrs.evolve(
        _typed("windows-1258")(asked, count, reply),
        body=reply.body.decode()
        .replace("Địa chí tỉnh Mẫu, tập", "Ð\u00e2y l\u00e0, t\u00e2p")
        .encode("cp1252", "replace"),
    ),
)
scenario(
    "35 UTF-16 with a mark",
    mended(anywhere, lambda body: body.decode().replace("UTF-8", "UTF-16").encode("utf-16")),
)
scenario(
    "35 UTF-16 without a mark, declared as UTF-8",
    mended(anywhere, lambda body: body.decode().encode("utf-16-le")),
)
scenario("35 a byte order mark before UTF-8", mended(anywhere, lambda body: b"\xef\xbb\xbf" + body))
scenario(
    "UTF-16 that nothing tells of, behind empty lines",
    mended(
        anywhere,
        lambda body: ("\n\n" + body.decode().partition("?>")[2]).encode("utf-16-be"),
    ),
)
scenario(
    "an encoding that nobody knows",
    mended(anywhere, lambda body: body.replace(b'"UTF-8"', b'"utf8mb4"')),
)
