"""Servers that refuse, or answer with an error, a status or a form of their own."""

from __future__ import annotations

import attrs

from tests.hostile.faults import Asked, anywhere, in_the_middle, instead, is_list, number_of
from tests.hostile.scenarios import ALL, INCOMPLETE, repository, scenario
from tests.oai_server import Reply, envelope, error


def first(asked: Asked) -> bool:
    return is_list(asked) and "resumptionToken" not in asked


scenario(
    "ListRecords is a verb the server does not know; identifiers and single records come",
    instead(is_list, body=error("badVerb")),
)
scenario("an error of the server's own, once", instead(first, times=1, body=error("internalError")))
scenario(
    "an error without a code, once",
    instead(first, times=1, body=envelope("<error>no connection to the database</error>")),
)
scenario(
    "an error of the server's own for one page, always",
    instead(in_the_middle, body=error("internalError")),
)
scenario(
    "an error of the server's own for everything",
    instead(anywhere, body=error("internalError")),
    ends=INCOMPLETE,
    lost=ALL,
)
scenario(
    "an error as JSON with status 200",
    instead(
        in_the_middle,
        body=b'{"error": "busy"}',
        headers=(("Content-Type", "application/json"),),
    ),
)
scenario("a cache answers with status 203", instead(anywhere, status=203))
scenario("a page with status 206", instead(in_the_middle, status=206))
scenario(
    "half a page with status 206, once",
    lambda asked, count, reply: (
        attrs.evolve(reply, status=206, body=reply.body[:900])
        if in_the_middle(asked) and count == 1
        else reply
    ),
)
scenario(
    "a status that only proxies know, once", instead(in_the_middle, times=1, status=522, body=b"")
)
scenario(
    "bare headers stand in the list of records",
    lambda asked, _count, reply: (
        Reply(
            body=repository()
            .page("ListIdentifiers", number_of(asked))
            .replace(b"ListIdentifiers", b"ListRecords")
        )
        if in_the_middle(asked)
        else reply
    ),
)
