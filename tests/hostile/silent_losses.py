"""Servers that lose records without a word: pages cut, web pages, tokens lost, wrong totals."""

from __future__ import annotations

import re
from collections.abc import Callable

import attrs

from tests.hostile.faults import (
    HTML,
    Asked,
    anywhere,
    has,
    in_the_middle,
    instead,
    is_list,
    lists,
    mended,
    number_of,
    poisoned,
)
from tests.hostile.scenarios import (
    ALL,
    INCOMPLETE,
    SCENARIOS,
    Scenario,
    repository,
    scenario,
)
from tests.oai_server import Reply, Repository, error

scenario("no fault at all")
scenario(
    "1 a page cut in the middle, always",
    lambda asked, _count, reply: (
        attrs.evolve(reply, body=reply.body[: len(reply.body) // 2])
        if in_the_middle(asked)
        else reply
    ),
)
scenario(
    "1 a page cut in the middle, once",
    lambda asked, count, reply: (
        attrs.evolve(reply, body=reply.body[: len(reply.body) // 2])
        if in_the_middle(asked) and count == 1
        else reply
    ),
)
scenario(
    "1 a text of eleven megabytes",
    poisoned(lambda old: old.replace("Địa".encode(), b"x" * 11_000_000)),
)
scenario("2 a web page with status 200, once", instead(in_the_middle, times=1, body=HTML))
scenario("2 a web page with status 200, always for one page", instead(in_the_middle, body=HTML))
scenario("2 nothing but web pages", instead(anywhere, body=HTML), ends=INCOMPLETE, lost=ALL)
scenario(
    "3 badResumptionToken in mid-list, always",
    instead(lambda asked: number_of(asked) == 40, body=error("badResumptionToken")),
)
scenario(
    "3 badResumptionToken for every token",
    instead(lambda asked: "resumptionToken" in asked, body=error("badResumptionToken")),
)
scenario(
    "4 the token is lost in mid-list, in every list",
    mended(
        lambda asked: lists(asked) and number_of(asked) >= 20,
        lambda body: re.sub(rb">[^<]*</resumptionToken>", b"></resumptionToken>", body),
    ),
)
scenario(
    "4 the token element is lost in mid-list, and no total is told",
    mended(
        lambda asked: is_list(asked) and number_of(asked) == 20,
        lambda body: re.sub(rb"<resumptionToken.*?</resumptionToken>", b"", body),
    ),
    announces=-1,
)
scenario("5 the total is too low", announces=60)
scenario("5 the total is too high", announces=160)
scenario("5 the total is too high and all have one datestamp", announces=160, spread=False, size=98)
scenario(
    "6 the cursor begins at the page size",
    mended(
        lists,
        lambda body: re.sub(
            rb'cursor="(\d+)"', lambda found: b'cursor="%d"' % (int(found.group(1)) + 10), body
        ),
    ),
)
scenario("7 ListRecords leaves deleted records out", leaves_out=frozenset({5, 55}))
scenario("7 ListRecords leaves live records out", leaves_out=frozenset({7, 57}))
scenario(
    "10 deletedRecord is no",
    mended(
        lambda asked: asked["verb"] == "Identify", lambda body: body.replace(b"persistent", b"no")
    ),
    deleted=frozenset(),
)


for _status in (401, 403, 404, 410):
    scenario(
        f"2 everything is answered with status {_status}",
        instead(anywhere, status=_status, body=b""),
        ends=INCOMPLETE,
        lost=ALL,
    )

# ---------------------------------------------------------------- another repository's answer


def _of_another(base_url: bytes) -> Callable[[bytes], bytes]:
    """Name another repository, whose records are all the page has, as many as it should have."""

    def changed(body: bytes) -> bytes:
        body = re.sub(rb"(<request[^>]*>)[^<]*", rb"\g<1>" + base_url, body)
        return body.replace(b"oai:a.example:", b"oai:another.example:")

    return changed


_misled = _of_another(b"https://another.example/oai")

scenario(
    "a page of another repository with as many records, once",
    lambda asked, count, reply: (
        attrs.evolve(reply, body=_misled(reply.body))
        if in_the_middle(asked) and count == 1
        else reply
    ),
)
scenario(
    "a page of another repository with as many records, always",
    mended(in_the_middle, _misled),
)
scenario(
    "two machines answer by turns under names of their own",
    lambda _asked, count, reply: attrs.evolve(
        reply,
        body=re.sub(
            rb"(<request[^>]*>)[^<]*", rb"\g<1>http://node%d.example/oai" % (count % 2), reply.body
        ),
    ),
)


# ---------------------------------------------------------------- identifiers that are not all


class _Stale(Repository):
    """A repository whose lists of identifiers were made when it had 70 records."""

    def page(self, verb: str, start: int, since: str = "", until: str = "") -> bytes:
        if verb == "ListIdentifiers":
            return repository(size=70).page(verb, start, since, until)
        return super().page(verb, start, since, until)


SCENARIOS["1 the list breaks off, and its identifiers are fewer than it told of"] = Scenario(
    make=lambda: _Stale(
        size=100,
        page_size=10,
        spread=True,
        honours_dates=True,
        fault=instead(in_the_middle, status=500, body=b""),
    )
)


def _ends_where_the_other_breaks_off(asked: Asked, _count: int, reply: Reply) -> Reply:
    if is_list(asked) and number_of(asked) == 50:
        return Reply(body=b"", status=500)
    if not is_list(asked) and lists(asked) and number_of(asked) == 40:
        body = re.sub(rb">[^<]*</resumptionToken>", b"></resumptionToken>", reply.body)
        return attrs.evolve(reply, body=body)
    return reply


scenario(
    "1 the list breaks off where that of its identifiers ends, and no total is told",
    _ends_where_the_other_breaks_off,
    announces=-1,
)


def _poisons_the_beginning(asked: Asked, _count: int, reply: Reply) -> Reply:
    if asked["verb"] == "ListIdentifiers":
        return Reply(body=error("badVerb"))
    return Reply(body=b"", status=500) if any(has(reply, one) for one in (3, 27)) else reply


scenario(
    "21 a broken record on the first page, another behind it, and no identifiers",
    _poisons_the_beginning,
    ends=INCOMPLETE,
    lost=(3, 27),
    deleted=frozenset({55}),
)


def _ends_early_and_gives_no_identifiers(asked: Asked, _count: int, reply: Reply) -> Reply:
    if asked["verb"] == "ListIdentifiers":
        return Reply(body=error("badVerb"))
    if not in_the_middle(asked):
        return reply
    body = re.sub(rb">[^<]*</resumptionToken>", b"></resumptionToken>", reply.body)
    return attrs.evolve(reply, body=body)


scenario(
    "5 an empty token after a full page, no total is told, and there are no identifiers",
    _ends_early_and_gives_no_identifiers,
    announces=-1,
)
