"""Servers that cause pain on purpose, one scenario a pain; the truth of each is known.

A scenario is a repository with its fault and the ending that is expected. Pains are numbered as
in the collection of users' reports from which they were taken.
"""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import attrs

from tests.oai_server import OAI, Reply, Repository, dublin_core, envelope, error

Asked = dict[str, str]
Fault = Callable[[Asked, int, Reply], Reply]

WHOLE, QUARANTINE, INCOMPLETE, DEFERRED = (
    "COMPLETE",
    "COMPLETE_WITH_QUARANTINE",
    "INCOMPLETE",
    "DEFERRED",
)
POISON = 37
HTML = b"<!DOCTYPE html><html><body>B\xe1\xba\xa3o tr\xc3\xac<br></body></html>"


@attrs.frozen(kw_only=True)
class Scenario:
    """One hostile server.

    Args:
        make: Makes the repository, anew for every test.
        ends: How the harvest has to end.
        lost: Numbers of the records that cannot be had from it by anybody.
        repaired: How many records have to be told as repaired, at least.
    """

    make: Callable[[], Repository]
    ends: str = WHOLE
    lost: frozenset[int] = frozenset()
    repaired: int = 0


def _bomb() -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join(packer.compress(b" " * 2**20) for _ in range(300)) + packer.flush()


BOMB = _bomb()


SCENARIOS: dict[str, Scenario] = {}


def repository(fault: Fault | None = None, **changes: object) -> Repository:
    """Return a repository of 100 records, some of them deleted, an hour apart, ten a page."""
    about: dict[str, object] = {
        "size": 100,
        "page_size": 10,
        "deleted": frozenset({5, 55}),
        "spread": True,
        "honours_dates": True,
    }
    made = Repository(**{**about, **changes})  # type: ignore[arg-type] # fields of a repository
    if fault is not None:
        made.fault = fault
    return made


def scenario(
    name: str,
    fault: Fault | None = None,
    *,
    ends: str = WHOLE,
    lost: tuple[int, ...] = (),
    repaired: int = 0,
    **changes: object,
) -> None:
    """Add a scenario whose fault keeps no memory of its own."""
    SCENARIOS[name] = Scenario(
        make=lambda: repository(fault, **changes),
        ends=ends,
        lost=frozenset(lost),
        repaired=repaired,
    )


def remembering(
    name: str, ends: str = WHOLE, lost: tuple[int, ...] = (), **changes: object
) -> Callable[[Callable[[], Fault]], None]:
    """Add a scenario whose fault is made anew for every test."""

    def add(make: Callable[[], Fault]) -> None:
        SCENARIOS[name] = Scenario(
            make=lambda: repository(make(), **changes), ends=ends, lost=frozenset(lost)
        )

    return add


# ---------------------------------------------------------------- where a fault strikes


def number_of(asked: Asked) -> int:
    """Return the first record's number of a page asked for by token; 0 without one."""
    found = re.match(r"t\+& (\d+)", asked.get("resumptionToken", ""))
    return int(found.group(1)) if found else 0


def has(reply: Reply, number: int) -> bool:
    """Say whether a reply holds the metadata of a record."""
    return f">oai:a.example:{number}</identifier>".encode() in reply.body and (
        f"tập {number}<".encode() in reply.body
    )


def is_list(asked: Asked) -> bool:
    return asked["verb"] == "ListRecords"


def in_the_middle(asked: Asked) -> bool:
    return is_list(asked) and number_of(asked) == 40


def instead(
    where: Callable[[Asked], bool], *, times: int | None = None, **changes: object
) -> Fault:
    """Answer differently where it is meant, the first times or always."""

    def fault(asked: Asked, count: int, reply: Reply) -> Reply:
        is_meant = where(asked) and (times is None or count <= times)
        return attrs.evolve(reply, **changes) if is_meant else reply  # type: ignore[arg-type]

    return fault


def mended(where: Callable[[Asked], bool], change: Callable[[bytes], bytes]) -> Fault:
    """Change the body where it is meant."""
    return lambda asked, _count, reply: (
        attrs.evolve(reply, body=change(reply.body)) if where(asked) else reply
    )


def poisoned(change: Callable[[bytes], bytes]) -> Fault:
    """Change one record wherever it is given."""

    def fault(_asked: Asked, _count: int, reply: Reply) -> Reply:
        if not has(reply, POISON):
            return reply
        old = record_in(reply.body, POISON)
        return attrs.evolve(reply, body=reply.body.replace(old, change(old)))

    return fault


def record_in(body: bytes, number: int) -> bytes:
    end = body.index(f"tập {number}<".encode())
    start = body.rindex(b"<record>", 0, end)
    return body[start : body.index(b"</record>", end) + 9]


def anywhere(_asked: Asked) -> bool:
    return True


def lists(asked: Asked) -> bool:
    return asked["verb"].startswith("List")


# ---------------------------------------------------------------- silent loss

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
scenario(
    "2 nothing but web pages", instead(anywhere, body=HTML), ends=INCOMPLETE, lost=tuple(range(100))
)
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

# ---------------------------------------------------------------- tokens and lists


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

# ---------------------------------------------------------------- dates

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

# ---------------------------------------------------------------- transport

scenario("27 503 once, without Retry-After", instead(in_the_middle, times=1, status=503, body=b""))
scenario(
    "27 429 once, with Retry-After in seconds",
    instead(in_the_middle, times=1, status=429, body=b"", headers=(("Retry-After", "1"),)),
)
scenario(
    "27 503 once, with Retry-After as a date",
    lambda asked, count, reply: (
        Reply(
            body=b"",
            status=503,
            headers=(("Retry-After", format_datetime(datetime.now(UTC) + timedelta(seconds=1))),),
        )
        if in_the_middle(asked) and count == 1
        else reply
    ),
)
scenario(
    "27 Retry-After of a day",
    instead(in_the_middle, status=503, body=b"", headers=(("Retry-After", "86400"),)),
    ends=DEFERRED,
    lost=tuple(range(100)),
)
scenario(
    "27 Retry-After of a day, as a date",
    lambda asked, _count, reply: (
        Reply(
            body=b"",
            status=429,
            headers=(("Retry-After", format_datetime(datetime.now(UTC) + timedelta(days=1))),),
        )
        if in_the_middle(asked)
        else reply
    ),
    ends=DEFERRED,
    lost=tuple(range(100)),
)
scenario("28 the connection is reset once", instead(in_the_middle, times=1, cut=0))
scenario("28 the body is cut once", instead(in_the_middle, times=1, cut=300))
scenario("28 an empty body with status 200, once", instead(in_the_middle, times=1, body=b""))
scenario(
    "31 gzip that no header announces",
    mended(anywhere, gzip.compress),
)
scenario(
    "31 gzip that breaks once",
    lambda asked, count, reply: (
        attrs.evolve(
            reply,
            body=gzip.compress(reply.body)[:-200],
            headers=(("Content-Encoding", "gzip"),),
        )
        if in_the_middle(asked) and count == 1
        else reply
    ),
)
scenario(
    "31 a gzip bomb for one page",
    lambda asked, _count, reply: (
        attrs.evolve(reply, body=BOMB, headers=(("Content-Encoding", "gzip"),))
        if in_the_middle(asked)
        else reply
    ),
)

# ---------------------------------------------------------------- XML

scenario(
    "33 control characters",
    poisoned(lambda old: old.replace(b"ch\xc3\xad", b"ch\x0b\x01i")),
    repaired=1,
)
scenario("33 NUL bytes", poisoned(lambda old: old.replace(b"ch\xc3\xad", b"ch\x00i")), repaired=1)
scenario(
    "33 bad UTF-8", poisoned(lambda old: old.replace(b"ch\xc3\xad", b"ch\xc3\x28\xff")), repaired=1
)
scenario(
    "33 half a surrogate pair",
    poisoned(lambda old: old.replace(b"ch\xc3\xad", b"\xed\xa0\xb5 &#xD835;")),
    repaired=1,
)
scenario(
    "33 a bare ampersand", poisoned(lambda old: old.replace(b"ch\xc3\xad", b"A & B &T")), repaired=1
)
scenario(
    "33 characters named as in HTML",
    poisoned(lambda old: old.replace(b"ch\xc3\xad", b"&eacute;&nbsp;")),
    repaired=1,
)
scenario(
    "33 an attribute twice",
    poisoned(lambda old: old.replace(b"<dc:title>", b'<dc:title a="1" a="2">')),
    ends=QUARANTINE,
    lost=(POISON,),
)
scenario(
    "33 an element that is not closed",
    poisoned(lambda old: old.replace(b"</dc:title>", b"")),
    ends=QUARANTINE,
    lost=(POISON,),
)
scenario(
    "33 an element that is not closed, in lists only",
    lambda asked, count, reply: (
        poisoned(lambda old: old.replace(b"</dc:title>", b""))(asked, count, reply)
        if is_list(asked)
        else reply
    ),
)
NOTICE = b"<br />\n<b>Notice</b>: Undefined index: a in <b>/srv/oai.php</b> on line <b>3</b><br>\n"
scenario("34 a PHP notice before the document", mended(anywhere, lambda body: NOTICE + body))
scenario("34 a PHP notice after the document", mended(anywhere, lambda body: body + NOTICE))
scenario(
    "34 a PHP notice between two records",
    mended(is_list, lambda body: body.replace(b"</record>", b"</record>" + NOTICE, 1)),
)
scenario("34 blank lines before the document", mended(anywhere, lambda body: b"\n\n  " + body))
scenario("34 two documents glued together", mended(is_list, lambda body: error("badVerb") + body))
scenario(
    "34 two documents glued together, the list first",
    mended(is_list, lambda body: body + error("badVerb")),
)


def _typed(value: str) -> Fault:
    return lambda _asked, _count, reply: attrs.evolve(
        reply, headers=(("Content-Type", f"text/xml; charset={value}"),)
    )


scenario("35 the header says ISO-8859-1, the body is UTF-8", _typed("ISO-8859-1"))
scenario(
    "35 the declaration says ISO-8859-1, the body is UTF-8",
    mended(anywhere, lambda body: body.replace(b'"UTF-8"', b'"ISO-8859-1"')),
)
scenario(
    "35 the declaration says UTF-8, the body is what the header says",
    lambda asked, count, reply: attrs.evolve(
        _typed("windows-1258")(asked, count, reply),
        body=reply.body.decode()
        .replace("Địa chí tỉnh Mẫu, tập", "Ð\u00e2y l\u00e0, t\u00e2p")
        .encode("cp1252", "replace"),
    ),
)
scenario(
    "35 UTF-16 with a mark",
    mended(anywhere, lambda body: body.decode().replace("UTF-8", "UTF-16").encode("utf-16")),
)
scenario(
    "35 UTF-16 without a mark, declared as UTF-8",
    mended(anywhere, lambda body: body.decode().encode("utf-16-le")),
)
scenario("35 a byte order mark before UTF-8", mended(anywhere, lambda body: b"\xef\xbb\xbf" + body))
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
XXE = b'<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
scenario(
    "39 XXE on one page",
    mended(
        in_the_middle,
        lambda body: body.replace(b"?><OAI", b"?>" + XXE + b"<OAI").replace(b"tm", b"&x;"),
    ),
)
scenario(
    "39 an external entity on every page with one record",
    lambda _asked, _count, reply: (
        attrs.evolve(reply, body=reply.body.replace(b"?><OAI", b"?>" + XXE + b"<OAI"))
        if has(reply, POISON)
        else reply
    ),
    ends=QUARANTINE,
    lost=(POISON,),
)
ENTITIES = (
    b'<!DOCTYPE l [<!ENTITY a "lol">'
    + b"".join(
        b'<!ENTITY a%d "%s">' % (n, b"&a%s;" % (b"%d" % (n - 1) if n > 1 else b"") * 10)
        for n in range(1, 9)
    )
    + b"]>"
)
scenario(
    "39 an entity bomb on one page",
    mended(
        in_the_middle,
        lambda body: body.replace(b"?><OAI", b"?>" + ENTITIES + b"<OAI").replace(
            b"M\xe1\xba\xabu", b"&a8;"
        ),
    ),
)
scenario(
    "39 a thousand elements deep",
    poisoned(
        lambda old: old.replace(b"<dc:title>", b"<a>" * 1000 + b"</a>" * 1000 + b"<dc:title>")
    ),
)
scenario(
    "39 five thousand elements deep",
    poisoned(
        lambda old: old.replace(b"<dc:title>", b"<a>" * 5000 + b"</a>" * 5000 + b"<dc:title>")
    ),
    ends=QUARANTINE,
    lost=(POISON,),
)
