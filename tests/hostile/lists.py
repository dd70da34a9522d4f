"""Servers whose lists end too early or too late, count wrongly, or change under way."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

import attrs

from tests.hostile.faults import (
    Asked,
    Fault,
    in_the_middle,
    instead,
    is_list,
    lists,
    mended,
    number_of,
    record_in,
)
from tests.hostile.scenarios import SCENARIOS, Scenario, remembering, repository, scenario
from tests.oai_server import Reply, Repository, envelope, error


def _extra_token(then: bytes) -> Fault:
    def fault(asked: Asked, _count: int, reply: Reply) -> Reply:
        if asked.get("resumptionToken") == "end":
            return Reply(body=then)
        return attrs.evolve(
            reply,
            body=re.sub(
                rb"(<resumptionToken[^>]*)></resumptionToken>",
                rb"\1>end</resumptionToken>",
                reply.body,
            ),
        )

    return fault


scenario("15 an extra token, then noRecordsMatch", _extra_token(error("noRecordsMatch")))
scenario(
    "15 an extra token, then an empty page",
    _extra_token(envelope("<ListRecords><resumptionToken/></ListRecords>")),
)
scenario(
    "15 an extra token, then noRecordsMatch, and no total",
    _extra_token(error("noRecordsMatch")),
    announces=-1,
)


@remembering("18 unstable paging gives doubles and gaps")
def _unstable() -> Fault:
    def fault(asked: Asked, _count: int, reply: Reply) -> Reply:
        if is_list(asked) and number_of(asked) == 40:
            body = reply.body.replace(
                record_in(reply.body, 41), record_in(repository().page("ListRecords", 30), 31)
            )
            return attrs.evolve(reply, body=body)
        return reply

    return fault


scenario(
    "19 the server ignores from and until, and one page is poisoned",
    instead(in_the_middle, status=500, body=b""),
    honours_dates=False,
)
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


def _counted(cursor: bytes, size: bytes) -> Fault:
    told = b'cursor="%b" completeListSize="%b"' % (cursor, size)
    return mended(lists, lambda body: re.sub(rb'cursor="\d+" completeListSize="\d+"', told, body))


scenario("the total is no number", _counted(b"?", b"unknown"))
scenario("the total is written with points", _counted(b"0", b"1.000"))
scenario("the total is below nothing", _counted(b"-1", b"-1"))
scenario("the total is zero", _counted(b"0", b"0"))
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
