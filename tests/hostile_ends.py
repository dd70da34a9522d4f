"""More scenarios of servers that cause pain: lists that end too early, too late, or not at all."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

import attrs

from tests.hostile import (
    INCOMPLETE,
    POISON,
    QUARANTINE,
    SCENARIOS,
    Asked,
    Fault,
    Scenario,
    anywhere,
    has,
    instead,
    is_list,
    lists,
    mended,
    number_of,
    repository,
    scenario,
)
from tests.oai_server import Reply, Repository, error

ALL = tuple(range(100))
_END = re.compile(rb"(<resumptionToken[^>]*)></resumptionToken>")


def _with_changes(
    change: Callable[[Repository], None], at: int = 30, **changes: object
) -> Callable[[], Repository]:
    """Change a repository once while its list is given."""

    def make() -> Repository:
        made = repository(None, **changes)
        left = [change]

        def fault(asked: Asked, _count: int, reply: Reply) -> Reply:
            if is_list(asked) and number_of(asked) == at and left:
                left.pop()(made)
                return Reply(body=made.body(asked))
            return reply

        made.fault = fault
        return made

    return make


@attrs.define(kw_only=True)
class _InAnyOrder(Repository):
    """A repository that sorts its records anew for every page."""

    dice: random.Random = attrs.field(factory=lambda: random.Random(7))  # noqa: S311 - a test

    def numbers(self, since: str = "", until: str = "") -> list[int]:
        held = Repository.numbers(self, since, until)
        return self.dice.sample(held, len(held))


@attrs.define(kw_only=True)
class _AtMost(Repository):
    """A repository that gives so many records at once, and never a token."""

    def token(self, start: int, end: int, whole: int, dates: str) -> str:
        return ""


def _extra_token_refused(told: Reply) -> Fault:
    """Give a token on every last page, and refuse it."""

    def fault(asked: Asked, _count: int, reply: Reply) -> Reply:
        if asked.get("resumptionToken") == "end":
            return told
        body = _END.sub(rb"\1>end</resumptionToken>", reply.body)
        if b"<resumptionToken" not in body:
            body = re.sub(rb"(</List\w+>)", rb"<resumptionToken>end</resumptionToken>\1", body)
        return attrs.evolve(reply, body=body)

    return fault


def _first_page_only(asked: Asked, _count: int, reply: Reply) -> Reply:
    """Count only the first page, unless a first date is given."""
    if not lists(asked) or asked.get("from") or "resumptionToken" in asked:
        return reply
    token = b'<resumptionToken cursor="0" completeListSize="10"></resumptionToken>'
    return attrs.evolve(
        reply, body=re.sub(rb"<resumptionToken.*?</resumptionToken>", token, reply.body)
    )


def _nothing_after_two_pages(asked: Asked, _count: int, reply: Reply) -> Reply:
    is_third = lists(asked) and number_of(asked) == 20
    return Reply(body=error("noRecordsMatch")) if is_third else reply


for _status in (401, 403, 404, 410):
    scenario(
        f"2 everything is answered with status {_status}",
        instead(anywhere, status=_status, body=b""),
        ends=INCOMPLETE,
        lost=ALL,
    )
scenario(
    "5 the list ends after its first page, and its total says that too",
    _first_page_only,
)
scenario(
    "5 an empty token in mid-list, and no total is told",
    mended(
        lambda asked: is_list(asked) and number_of(asked) == 20,
        lambda body: re.sub(rb">[^<]*</resumptionToken>", b"></resumptionToken>", body),
    ),
    announces=-1,
)
SCENARIOS["5 ten records at most, and never a token"] = Scenario(
    make=lambda: _AtMost(
        size=47, page_size=10, deleted=frozenset({5}), spread=True, honours_dates=True
    )
)
for _told, _how in (("no total", -1), ("a total", None)):
    scenario(
        f"15 an extra token that is refused, with {_told}",
        _extra_token_refused(Reply(body=error("badResumptionToken"))),
        announces=_how,
        size=60,
    )
scenario(
    "15 an extra token that is answered with status 500",
    _extra_token_refused(Reply(body=b"", status=500)),
    size=60,
)
scenario(
    "15 nothing after two pages of any list, and no total", _nothing_after_two_pages, announces=-1
)
for _told, _how in (("no total", -1), ("a total", None)):
    SCENARIOS[f"18 another order for every page, with {_told}"] = Scenario(
        make=lambda how=_how: _InAnyOrder(  # type: ignore[misc] # bound here
            size=47, page_size=10, announces=how, spread=True, honours_dates=True
        )
    )
SCENARIOS["18 a changed record moves to the end, and no total is told"] = Scenario(
    make=_with_changes(lambda made: made.stamps.update({3: "2026-01-31T07:00:00Z"}), announces=-1)
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
