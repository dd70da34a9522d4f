"""Servers with a record that spoils its page, or with headers and metadata of odd forms."""

from __future__ import annotations

import re

import attrs

from tests.hostile.faults import POISON, anywhere, everywhere, has, is_list, mended, poisoned
from tests.hostile.scenarios import INCOMPLETE, QUARANTINE, repository, scenario
from tests.oai_server import Reply, dublin_core, error

scenario(
    "21 one record is HTTP 500 for its page",
    lambda _asked, _count, reply: (
        attrs.evolve(reply, status=500, body=b"oops") if has(reply, POISON) else reply
    ),
    ends=QUARANTINE,
    lost=(POISON,),
)
scenario(
    "21 one record is HTTP 500 for its page, all have one datestamp",
    lambda _asked, _count, reply: (
        attrs.evolve(reply, status=500, body=b"oops") if has(reply, POISON) else reply
    ),
    ends=QUARANTINE,
    lost=(POISON,),
    spread=False,
)
scenario(
    "21 one record is HTTP 500 wherever it is listed, with or without metadata",
    lambda _asked, _count, reply: (
        attrs.evolve(reply, status=500, body=b"oops")
        if f">oai:a.example:{POISON}</identifier>".encode() in reply.body
        else reply
    ),
    ends=INCOMPLETE,
    lost=(POISON,),
)
scenario(
    "21 one record is HTTP 500, and neither identifiers nor single records are given",
    lambda asked, _count, reply: (
        attrs.evolve(reply, status=500, body=b"oops")
        if has(reply, POISON) or asked["verb"] in {"ListIdentifiers", "GetRecord"}
        else reply
    ),
    ends=INCOMPLETE,
    lost=(POISON,),
)
scenario(
    "21 a page that takes the server down, connection reset",
    lambda _asked, _count, reply: attrs.evolve(reply, cut=0) if has(reply, POISON) else reply,
    ends=QUARANTINE,
    lost=(POISON,),
)
scenario(
    "37 metadata that is empty",
    poisoned(lambda old: re.sub(rb"<metadata>.*</metadata>", b"<metadata/>", old)),
)
scenario(
    "37 no metadata at all", poisoned(lambda old: re.sub(rb"<metadata>.*</metadata>", b"", old))
)
scenario(
    "37 deleted records with metadata",
    mended(
        lambda asked: is_list(asked) or asked["verb"] == "GetRecord",
        lambda body: re.sub(
            rb'(<header status="deleted">.*?</header>)',
            rb"\1<metadata>" + dublin_core(0).encode() + rb"</metadata>",
            body,
        ),
    ),
)
scenario(
    "21 a record that is not given in this format",
    lambda asked, _count, reply: (
        reply
        if not has(reply, POISON)
        else Reply(body=error("cannotDisseminateFormat"))
        if asked["verb"] == "GetRecord"
        else attrs.evolve(reply, status=500)
    ),
    ends=QUARANTINE,
    lost=(POISON,),
)
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
    "a record of five thousand sets",
    poisoned(
        lambda old: old.replace(
            b"<setSpec>all</setSpec>",
            b"".join(b"<setSpec>s%d</setSpec>" % number for number in range(5000)),
        )
    ),
)
scenario(
    "deleted is written Deleted, with a blank",
    mended(anywhere, lambda body: body.replace(b'status="deleted"', b'status="Deleted "')),
)
scenario(
    "identifiers and datestamps stand among blanks and line ends",
    mended(
        anywhere,
        lambda body: re.sub(
            rb"<(identifier|datestamp)>([^<]*)</", rb"<\1>\n      \2\n    </", body
        ),
    ),
)
scenario(
    "two lists in one answer",
    mended(
        is_list,
        lambda body: re.sub(
            rb"(</record>)(<record>.*?</record>)(<resumptionToken)",
            rb"\1</ListRecords><ListRecords>\2\3",
            body,
            count=1,
        ),
    ),
    announces=-1,
)
scenario(
    "an about container holds another record",
    mended(
        is_list,
        lambda body: body.replace(
            b"</metadata></record>",
            b'</metadata><about><x:p xmlns:x="urn:x"><record><header><identifier>no'
            b"</identifier></header></record></x:p></about></record>",
        ),
    ),
)
scenario(
    "metadata stands before the header",
    mended(
        lambda asked: asked["verb"] != "ListIdentifiers",
        lambda body: re.sub(rb"(<header>.*?</header>)(<metadata>.*?</metadata>)", rb"\2\1", body),
    ),
)
scenario(
    "an identifier with blank, #, %, + and letters of Vietnamese",
    lambda asked, _count, reply: (
        Reply(body=repository().body({**asked, "identifier": f"oai:a.example:{POISON}"}))
        if asked.get("identifier", "").startswith("oai:ấ #%+&")
        else poisoned(lambda old: old.replace(b"</dc:title>", b""))(asked, 1, reply)
        if is_list(asked)
        else reply
    ),
)
scenario(
    "a record asked for singly is not there, once",
    lambda asked, count, reply: (
        Reply(body=error("idDoesNotExist"))
        if asked["verb"] == "GetRecord" and count == 1
        else reply
    ),
    leaves_out=frozenset({7, 57}),
)
