"""Servers whose answers have odd forms: headers, single records, error codes, packings."""

from __future__ import annotations

import gzip
import re

import attrs

from tests.hostile import (
    HTML,
    INCOMPLETE,
    POISON,
    Asked,
    Fault,
    anywhere,
    in_the_middle,
    instead,
    is_list,
    lists,
    mended,
    number_of,
    poisoned,
    record_in,
    remembering,
    repository,
    scenario,
)
from tests.oai_server import OAI, Reply, envelope, error

# ---------------------------------------------------------------- lists that are not given


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
    lost=tuple(range(100)),
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


@remembering("the answer to the question before, always")
def _late() -> Fault:
    answers: list[Reply] = []

    def fault(asked: Asked, _count: int, reply: Reply) -> Reply:
        if not is_list(asked):
            return reply
        answers.append(reply)
        return answers[-2] if len(answers) > 1 else reply

    return fault


@remembering("the size of the pages changes under way")
def _sizes() -> Fault:
    asked_for = [0]

    def fault(asked: Asked, _count: int, reply: Reply) -> Reply:
        if not lists(asked) or "resumptionToken" not in asked or "/" in asked["resumptionToken"]:
            return reply
        asked_for[0] += 1
        smaller = repository(page_size=3 + asked_for[0] % 5)
        return Reply(body=smaller.page(asked["verb"], number_of(asked)))

    return fault


# ---------------------------------------------------------------- headers and records


def everywhere(old: bytes, new: bytes) -> Fault:
    return mended(anywhere, lambda body: body.replace(old, new))


scenario(
    "a comment stands in every identifier",
    everywhere(b"oai:a.example:", b"oai:a.<!-- host -->example:"),
)
scenario(
    "a processing instruction stands in every identifier",
    everywhere(b"oai:a.example:", b"oai:a.<?php 1?>example:"),
)
scenario("a comment stands in every datestamp", everywhere(b">2026", b"><!-- UTC -->2026"))
scenario(
    "identifiers stand in CDATA",
    mended(
        anywhere,
        lambda body: re.sub(rb"<identifier>(.*?)</", rb"<identifier><![CDATA[\1]]></", body),
    ),
)
scenario("records lie in no namespace", everywhere(b"<record>", b"<record xmlns=''>"), repaired=98)
scenario("headers lie in no namespace", everywhere(b"<header>", b"<header xmlns=''>"), repaired=98)
scenario(
    "the token lies in no namespace",
    everywhere(b"<resumptionToken", b"<resumptionToken xmlns=''"),
    announces=-1,
)
scenario(
    "elements of one page are written in capitals",
    mended(
        in_the_middle,
        lambda body: body.replace(b"<record>", b"<Record>").replace(b"</record>", b"</Record>"),
    ),
    repaired=10,
)
scenario(
    "one page has no namespace",
    mended(in_the_middle, lambda body: body.replace(f' xmlns="{OAI}"'.encode(), b"")),
)
scenario(
    "every record declares the namespace again",
    everywhere(b"<record>", f"<record xmlns='{OAI}'>".encode()),
)
scenario(
    "metadata stand in CDATA",
    poisoned(
        lambda old: re.sub(
            rb"<metadata>(.*)</metadata>", rb"<metadata><![CDATA[\1]]></metadata>", old
        )
    ),
    repaired=1,
)
scenario(
    "metadata stand in the record as escaped text",
    poisoned(
        lambda old: re.sub(
            rb"(<metadata>)(.*)(</metadata>)",
            lambda found: found.group(1) + found.group(2).replace(b"<", b"&lt;") + found.group(3),
            old,
        )
    ),
    repaired=1,
)
scenario(
    "a record without datestamp",
    poisoned(lambda old: re.sub(rb"<datestamp>.*?</datestamp>", b"", old)),
)
scenario(
    "no record has a datestamp, and one page is lost",
    lambda asked, _count, reply: attrs.evolve(
        reply,
        body=HTML
        if in_the_middle(asked)
        else re.sub(rb"<datestamp>.*?</datestamp>", b"", reply.body),
    ),
)
scenario(
    "a record of five thousand sets",
    poisoned(
        lambda old: old.replace(
            b"<setSpec>all</setSpec>",
            b"".join(b"<setSpec>s%d</setSpec>" % number for number in range(5000)),
        )
    ),
)
scenario(
    "datestamps in milliseconds",
    mended(anywhere, lambda body: re.sub(rb"(<datestamp>[^<]*)Z<", rb"\1.123Z<", body)),
)
scenario(
    "datestamps without Z",
    mended(anywhere, lambda body: re.sub(rb"(<datestamp>[^<]*)Z<", rb"\1<", body)),
)
scenario(
    "one record comes twice, with two datestamps",
    mended(
        lambda asked: is_list(asked) and number_of(asked) == 40,
        lambda body: body.replace(
            b"</ListRecords>",
            record_in(repository().page("ListRecords", 30), POISON).replace(b"01-02T", b"01-09T")
            + b"</ListRecords>",
        ),
    ),
)
scenario(
    "datestamps in the far past and the far future, and a page is lost",
    instead(in_the_middle, body=HTML),
    stamps={7: "1970-01-01T00:00:00Z", 8: "2099-01-01T00:00:00Z", 45: "2099-01-01T00:00:00Z"},
)
scenario(
    "the elements around the records have other letters, and no number is told",
    mended(
        anywhere,
        lambda body: (
            body.replace(b"resumptionToken", b"resumptiontoken")
            .replace(b"ListRecords>", b"LISTRECORDS>")
            .replace(b"OAI-PMH", b"oai-pmh")
        ),
    ),
    announces=-1,
)
scenario(
    "UTF-16 that nothing tells of, behind empty lines",
    mended(
        anywhere,
        lambda body: ("\n\n" + body.decode().partition("?>")[2]).encode("utf-16-be"),
    ),
)

# ---------------------------------------------------------------- HTTP

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
