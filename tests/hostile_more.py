"""More servers that cause pain: quirks seen in the field that no list of pains has numbers for."""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Callable

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
    remembering,
    repository,
    scenario,
)
from tests.oai_server import OAI, Reply, envelope, error

TOKEN = re.compile(rb"<resumptionToken([^>]*)>([^<]*)</resumptionToken>")


def token(template: bytes) -> Callable[[bytes], bytes]:
    """Write the token element otherwise; ``%b`` stands for its attributes and its text."""
    return lambda body: TOKEN.sub(lambda found: template % found.groups(), body)


# ---------------------------------------------------------------- where the token stands

scenario(
    "the token stands among blank lines",
    mended(lists, token(b"<resumptionToken%b>\n    %b\n  </resumptionToken>")),
    announces=-1,
)
scenario(
    "the token stands in CDATA",
    mended(
        lists,
        lambda body: TOKEN.sub(
            lambda found: (
                b"<resumptionToken%b><![CDATA[%b]]></resumptionToken>"
                % (found.group(1), found.group(2).replace(b"&amp;", b"&"))
            ),
            body,
        ),
    ),
    announces=-1,
)
scenario(
    "a comment stands before the token",
    mended(lists, token(b"<resumptionToken%b><!-- next -->%b</resumptionToken>")),
    announces=-1,
)
scenario(
    "the token stands behind the list",
    mended(
        lists,
        lambda body: re.sub(rb"(<resumptionToken.*</resumptionToken>)(</List\w+>)", rb"\2\1", body),
    ),
    announces=-1,
)
scenario(
    "the token stands before the records",
    mended(
        lists,
        lambda body: re.sub(
            rb"(<List\w+>)(.*)(<resumptionToken.*</resumptionToken>)", rb"\1\3\2", body
        ),
    ),
    announces=-1,
)
scenario(
    "an empty token stands before the real one",
    mended(lists, token(b"<resumptionToken/><resumptionToken%b>%b</resumptionToken>")),
    announces=-1,
)
scenario(
    "the token expired long ago",
    mended(
        lists,
        token(b'<resumptionToken expirationDate="2001-01-01T00:00:00Z"%b>%b</resumptionToken>'),
    ),
)
scenario(
    "a token of nine thousand characters is too long for the server's own address line",
    lambda asked, _count, reply: (
        Reply(body=b"", status=414)
        if len(asked.get("resumptionToken", "")) > 8000
        else attrs.evolve(
            reply, body=reply.body.replace(b"t+&amp; 40<", b"t+&amp; 40" + b"x" * 9000 + b"<")
        )
    ),
)

# ---------------------------------------------------------------- numbers


def _told(cursor: bytes, size: bytes) -> Fault:
    told = b'cursor="%b" completeListSize="%b"' % (cursor, size)
    return mended(lists, lambda body: re.sub(rb'cursor="\d+" completeListSize="\d+"', told, body))


scenario("the total is no number", _told(b"?", b"unknown"))
scenario("the total is written with points", _told(b"0", b"1.000"))
scenario("the total is below nothing", _told(b"-1", b"-1"))
scenario("the total is zero", _told(b"0", b"0"))
scenario(
    "the total is what is left",
    mended(
        lists,
        lambda body: re.sub(
            rb'cursor="(\d+)" completeListSize="(\d+)"',
            lambda found: b'completeListSize="%d"' % (int(found.group(2)) - int(found.group(1))),
            body,
        ),
    ),
)


# ---------------------------------------------------------------- lists that change under way


@remembering("a record is removed for good while the list is given, so that one is skipped")
def _removed_under_way() -> Fault:
    made = repository()
    gone = {3}

    def fault(asked: Asked, _count: int, reply: Reply) -> Reply:
        if not lists(asked) or "/" in asked.get("resumptionToken", "") or "until" in asked:
            return reply
        start = number_of(asked)
        numbers = [number for number in range(100) if start < 50 or number not in gone]
        if not is_list(asked):
            numbers = [number for number in range(100) if number not in gone]
        if start < 50 and is_list(asked):
            return reply
        one = made.record if is_list(asked) else made.header
        end = min(start + 10, len(numbers))
        items = "".join(one(number) for number in numbers[start:end])
        last = made.token(start, end, len(numbers), "")
        return Reply(body=envelope(f"<{asked['verb']}>{items}{last}</{asked['verb']}>"))

    return fault


@remembering("records come in another order for every page")
def _shuffled() -> Fault:
    made = repository()

    def fault(asked: Asked, _count: int, reply: Reply) -> Reply:
        start = number_of(asked)
        if not is_list(asked) or start not in (30, 60):
            return reply
        numbers = [(start + 7 * step) % 100 for step in range(10)]
        items = "".join(made.record(number) for number in numbers)
        return Reply(
            body=envelope(
                f"<ListRecords>{items}{made.token(start, start + 10, 100, '')}</ListRecords>"
            )
        )

    return fault


scenario(
    "a page in the middle has no records, and a token",
    mended(
        lambda asked: is_list(asked) and asked.get("resumptionToken") == "t+& 40",
        lambda body: re.sub(
            rb"<record>.*</record>", b"", body.replace(b"t+&amp; 50", b"t+&amp; 040")
        ),
    ),
    announces=-1,
)
scenario(
    "a page in the middle says that nothing matches, once",
    instead(in_the_middle, times=1, body=error("noRecordsMatch")),
)
scenario(
    "a page in the middle says that nothing matches, always, and no total is told",
    instead(in_the_middle, body=error("noRecordsMatch")),
    announces=-1,
)


@remembering("a cache gives the first page for every token, once each")
def _cached() -> Fault:
    def fault(asked: Asked, count: int, reply: Reply) -> Reply:
        if number_of(asked) and count == 1:
            return Reply(body=repository().page(asked["verb"], 0))
        return reply

    return fault


# ---------------------------------------------------------------- records

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
    "datestamps that are no dates",
    mended(
        anywhere,
        lambda body: re.sub(rb"<datestamp>[^<]*<", b"<datestamp>0000-00-00T00:00:00Z<", body),
    ),
    spread=False,
    honours_dates=False,
)
scenario(
    "datestamps that are no dates, and a page is lost",
    lambda asked, count, reply: (
        Reply(body=b"", status=500)
        if in_the_middle(asked)
        else attrs.evolve(
            reply, body=re.sub(rb"<datestamp>[^<]*<", b"<datestamp>soon<", reply.body)
        )
    ),
    spread=False,
    honours_dates=False,
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

# ---------------------------------------------------------------- the document

scenario(
    "the namespace begins with https",
    mended(anywhere, lambda body: body.replace(OAI.encode(), b"https" + OAI.encode()[4:], 1)),
)
scenario(
    "XML 1.1 with characters that only XML 1.1 has",
    mended(
        anywhere,
        lambda body: body.replace(b'version="1.0"', b'version="1.1"').replace(
            b"ch\xc3\xad", b"ch&#1;i"
        ),
    ),
)
scenario(
    "an encoding that nobody knows",
    mended(anywhere, lambda body: body.replace(b'"UTF-8"', b'"utf8mb4"')),
)
scenario(
    "the responseDate is missing",
    mended(anywhere, lambda body: re.sub(rb"<responseDate>.*?</responseDate>", b"", body)),
)
scenario(
    "NUL bytes behind the document",
    mended(anywhere, lambda body: body + b"\0" * 100_000),
)
scenario(
    "an error stands beside the list",
    mended(
        in_the_middle,
        lambda body: body.replace(
            b"<ListRecords>", b'<error code="badArgument">x</error><ListRecords>'
        ),
    ),
)

scenario(
    "34 every record begins with an XML declaration",
    mended(
        anywhere,
        lambda body: body.replace(b"<metadata>", b'<metadata><?xml version="1.0"?>\n'),
    ),
    repaired=98,
)
scenario(
    "34 a proxy writes its script behind every list",
    mended(
        lists,
        lambda body: body.replace(b"</OAI-PMH>", b"<script>if (a<b && c) {}</script></OAI-PMH>"),
    ),
    repaired=100,
)
scenario(
    "33 a bare < before a digit and the end of CDATA in a text",
    poisoned(lambda old: old.replace(b"</dc:title>", b" p < 0.05 a[b[0]]> c</dc:title>")),
    repaired=1,
)

# ---------------------------------------------------------------- transport


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
    lost=tuple(range(100)),
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
