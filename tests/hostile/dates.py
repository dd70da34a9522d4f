"""Servers that give odd datestamps, or understand the dates they are asked for otherwise."""

from __future__ import annotations

import re

import attrs

from tests.hostile.faults import (
    HTML,
    POISON,
    Asked,
    Fault,
    anywhere,
    has,
    in_the_middle,
    instead,
    is_list,
    mended,
    number_of,
    poisoned,
    record_in,
)
from tests.hostile.scenarios import INCOMPLETE, QUARANTINE, repository, scenario
from tests.oai_server import Reply, error

scenario("22 datestamps in days", datestamp="2026-01-01")
scenario(
    "25 earliestDatestamp is later than the records",
    mended(
        lambda asked: asked["verb"] == "Identify",
        lambda body: body.replace(b"2020-01-01", b"2026-06-01"),
    ),
)
scenario(
    "25 responseDate with microseconds and offset",
    mended(
        anywhere,
        lambda body: body.replace(b"2026-01-31T08:00:00Z", b"2026-01-31T08:00:00.123456+07:00"),
    ),
)


def _both_dates(then: Fault) -> Fault:
    """Refuse ``until`` without ``from``, as django-oai-pmh does."""

    def fault(asked: Asked, count: int, reply: Reply) -> Reply:
        if "until" in asked and "from" not in asked:
            return Reply(body=error("badArgument"))
        return then(asked, count, reply)

    return fault


scenario(
    "22 until without from is refused, and the list has to be asked for in parts",
    _both_dates(
        lambda asked, count, reply: (
            Reply(body=error("badResumptionToken"))
            if number_of(asked) >= 40 and "/" not in asked["resumptionToken"]
            else poisoned(lambda old: old.replace(b"</dc:title>", b""))(asked, count, reply)
        )
    ),
    ends=QUARANTINE,
    lost=(POISON,),
)
scenario(
    "22 until without from is refused, and identifiers are not listed",
    _both_dates(
        lambda asked, _count, reply: (
            Reply(body=b"", status=500)
            if asked["verb"] == "ListIdentifiers" or has(reply, POISON)
            else reply
        )
    ),
    ends=INCOMPLETE,
    lost=(POISON,),
)


def _fractions(asked: Asked, _count: int, reply: Reply) -> Reply:
    """Keep fractions of seconds inside, and compare the dates that are asked for with them."""
    if number_of(asked) >= 40 and "/" not in asked["resumptionToken"]:
        return Reply(body=error("badResumptionToken"))
    if asked["verb"] == "ListIdentifiers":
        return Reply(body=b"", status=500)
    if is_list(asked) and "until" in asked and "resumptionToken" not in asked:
        held = repository().numbers(asked.get("from", ""), asked["until"])
        last = [number for number in held if repository().stamp(number) == asked["until"]]
        for number in last:  # it is half a second later than what is asked for
            gone = repository().record(number).encode()
            reply = attrs.evolve(reply, body=reply.body.replace(gone, b""))
    return reply


scenario("22 fractions of seconds that no window of whole seconds holds", _fractions, announces=-1)
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


# ---------------------------------------------------------------- both ends of a window

for _ends in (("from",), ("until",), ("from", "until")):
    for _form, _stamp in (("days", "2026-01-01"), ("seconds", "2026-01-01T00:00:00Z")):
        scenario(
            f"22 {' and '.join(_ends)} leave out their own {_form}, there are no identifiers,"
            " and one record is poison",
            lambda asked, _count, reply: (
                Reply(body=b"", status=500)
                if asked["verb"] in {"ListIdentifiers", "GetRecord"} or has(reply, POISON)
                else reply
            ),
            ends=INCOMPLETE,
            lost=(POISON,) if _form == "seconds" else tuple(range(24, 48)),
            datestamp=_stamp,
            leaves_out_ends=_ends,
            announces=-1,
        )
