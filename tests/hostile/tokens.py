"""Servers whose tokens expire, come back, look odd, or stand where none is looked for."""

from __future__ import annotations

import re
from collections.abc import Callable

import attrs

from tests.hostile.faults import (
    HTML,
    Asked,
    Fault,
    everywhere,
    in_the_middle,
    is_list,
    lists,
    mended,
    number_of,
)
from tests.hostile.scenarios import remembering, repository, scenario
from tests.oai_server import Reply, error


@remembering("12 tokens expire after six pages")
def _expiring() -> Fault:
    uses = [0]

    def fault(asked: Asked, _count: int, reply: Reply) -> Reply:
        if "resumptionToken" not in asked:
            uses[0] = 0
            return reply
        uses[0] += 1
        return Reply(body=error("badResumptionToken")) if uses[0] > 6 else reply

    return fault


@remembering("13 single-use tokens, and one empty body in between")
def _single_use() -> Fault:
    used: set[str] = set()
    hiccups = [1]

    def fault(asked: Asked, _count: int, reply: Reply) -> Reply:
        token = asked.get("resumptionToken", "")
        if not token:
            used.clear()
            return reply
        if token in used:
            return Reply(body=error("badResumptionToken"))
        used.add(token)
        if number_of(asked) == 40 and hiccups[0]:
            hiccups[0] -= 1
            return Reply(body=b"")
        return reply

    return fault


def _same_page(asked: Asked, _count: int, reply: Reply) -> Reply:
    if not is_list(asked) or number_of(asked) < 30:
        return reply
    return Reply(body=repository().page("ListRecords", 20))


scenario("14 the same token again and again", _same_page)


@remembering("14 two tokens alternate for ever, in every list")
def _alternating() -> Fault:
    def fault(asked: Asked, _count: int, reply: Reply) -> Reply:
        if not lists(asked) or number_of(asked) < 40:
            return reply
        return Reply(body=repository().page(asked["verb"], 20 if number_of(asked) == 40 else 30))

    return fault


@remembering("14 the same page with a new token each time")
def _new_tokens() -> Fault:
    made = [0]

    def fault(asked: Asked, _count: int, reply: Reply) -> Reply:
        if not is_list(asked) or number_of(asked) < 30:
            return reply
        made[0] += 1
        body = repository().page("ListRecords", 30)
        return Reply(body=body.replace(b"t+&amp; 40", b"t+&amp; %d" % (40 + made[0])))

    return fault


@remembering("16 a token with + = & % and a blank")
def _odd_token() -> Fault:
    def fault(asked: Asked, _count: int, reply: Reply) -> Reply:
        token = asked.get("resumptionToken", "")
        if token and not token.endswith("a+b=c&d%20 e%"):
            return Reply(body=error("badResumptionToken"))
        if token:
            verb, start = asked["verb"], int(re.findall(r"\d+", token)[0])
            since, _, until = token.split("|")[1].partition("/") if "|" in token else ("", "", "")
            reply = Reply(body=repository().page(verb, start, since, until))
        return attrs.evolve(
            reply,
            body=re.sub(
                rb">t\+&amp; (\d+)(?: ([^<]*))?<",
                lambda found: (
                    b">%b|%b|a+b=c&amp;d%%20 e%%<" % (found.group(1), found.group(2) or b"")
                ),
                reply.body,
            ),
        )

    return fault


@remembering("17 the token forgets the dates")
def _forgetful() -> Fault:
    def fault(asked: Asked, count: int, reply: Reply) -> Reply:
        if in_the_middle(asked):
            return Reply(body=HTML)
        if "resumptionToken" in asked and "/" in asked["resumptionToken"]:
            return Reply(body=repository().page(asked["verb"], number_of(asked)))
        return reply

    return fault


scenario(
    "the token lies in no namespace",
    everywhere(b"<resumptionToken", b"<resumptionToken xmlns=''"),
    announces=-1,
)
TOKEN = re.compile(rb"<resumptionToken([^>]*)>([^<]*)</resumptionToken>")


def token(template: bytes) -> Callable[[bytes], bytes]:
    """Write the token element otherwise; ``%b`` stands for its attributes and its text."""
    return lambda body: TOKEN.sub(lambda found: template % found.groups(), body)


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
