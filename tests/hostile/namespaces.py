"""Servers whose elements lie in no namespace, in another, or behind prefixes."""

from __future__ import annotations

import re

from tests.hostile.faults import anywhere, everywhere, in_the_middle, mended
from tests.hostile.scenarios import scenario
from tests.oai_server import OAI

scenario(
    "36 no namespace", mended(anywhere, lambda body: body.replace(f' xmlns="{OAI}"'.encode(), b""))
)
scenario(
    "36 a namespace without its last stroke",
    mended(
        anywhere, lambda body: body.replace(OAI.encode() + b'"', OAI.rstrip("/").encode() + b'"', 1)
    ),
)


def _prefixed(body: bytes, *, declared: bool = True) -> bytes:
    text = body.decode().replace(f'xmlns="{OAI}"', f'xmlns:oai="{OAI}"' if declared else "")
    for name in (
        *("OAI-PMH", "responseDate", "request", "ListRecords", "ListIdentifiers", "GetRecord"),
        *(
            "record",
            "header",
            "metadata",
            "identifier",
            "datestamp",
            "setSpec",
            "resumptionToken",
            "error",
        ),
    ):
        text = re.sub(rf"<(/?){name}(?=[ >/])", rf"<\1oai:{name}", text)
    return text.encode()


scenario("36 oai: before every element", mended(anywhere, _prefixed))
scenario(
    "36 oai: before every element, and not declared",
    mended(anywhere, lambda body: _prefixed(body, declared=False)),
)
scenario(
    "36 prefixes that are not declared",
    mended(
        anywhere, lambda body: body.replace(b' xmlns:dc="http://purl.org/dc/elements/1.1/"', b"")
    ),
)
scenario("records lie in no namespace", everywhere(b"<record>", b"<record xmlns=''>"), repaired=98)
scenario("headers lie in no namespace", everywhere(b"<header>", b"<header xmlns=''>"), repaired=98)
scenario(
    "one page has no namespace",
    mended(in_the_middle, lambda body: body.replace(f' xmlns="{OAI}"'.encode(), b"")),
)
scenario(
    "every record declares the namespace again",
    everywhere(b"<record>", f"<record xmlns='{OAI}'>".encode()),
)
scenario(
    "the namespace begins with https",
    mended(anywhere, lambda body: body.replace(OAI.encode(), b"https" + OAI.encode()[4:], 1)),
)
