"""An OAI-PMH server on 127.0.0.1 whose truth is known and whose faults are made on purpose."""

from __future__ import annotations

import threading
import urllib.parse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import attrs

from libconsortium import HarvestSource

OAI = "http://www.openarchives.org/OAI/2.0/"
NOW = "2026-01-31T08:00:00Z"


@attrs.frozen(kw_only=True)
class Reply:
    """One answer; ``cut`` closes the connection after so many bytes of the body.

    ``length`` is what its header says of the body's length if that is not the truth; with
    ``is_unended`` the body comes in chunks, of which the last never comes.
    """

    body: bytes
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    cut: int | None = None
    length: int | None = None
    is_unended: bool = False


@attrs.define(kw_only=True)
class Repository:
    """A repository of invented records, and how it answers.

    Args:
        size: How many records it has.
        deleted: Numbers of the deleted ones.
        page_size: Records a page.
        announces: What it says the list has; the truth if ``None``, nothing if below 0.
        leaves_out: Numbers that ``ListRecords`` leaves out.
        stamps: Datestamps of single records that are not like the others.
        spread: Datestamps are an hour apart, from that of the repository on.
        honours_dates: ``from`` and ``until`` count.
        leaves_out_ends: The records of ``from``, ``until``, or both, are not given.
        granularity: What ``Identify`` says of the datestamps.
        fault: Gives another reply than the right one: from the request's arguments, how often
            these were asked for, and the right reply.
    """

    size: int = 10
    deleted: frozenset[int] = frozenset()
    page_size: int = 4
    announces: int | None = None
    datestamp: str = "2026-01-01T00:00:00Z"
    fault: Callable[[dict[str, str], int, Reply], Reply] = lambda _asked, _count, reply: reply
    asked: list[dict[str, str]] = attrs.field(factory=list)
    leaves_out: frozenset[int] = frozenset()
    stamps: dict[int, str] = attrs.field(factory=dict)
    spread: bool = False
    honours_dates: bool = False
    granularity: str = "YYYY-MM-DDThh:mm:ssZ"
    leaves_out_ends: tuple[str, ...] = ()

    @property
    def truth(self) -> frozenset[str]:
        return frozenset(f"oai:a.example:{number}" for number in range(self.size))

    def reply(self, asked: dict[str, str]) -> Reply:
        self.asked.append(asked)
        return self.fault(asked, self.asked.count(asked), Reply(body=self.body(asked)))

    def body(self, asked: dict[str, str]) -> bytes:
        verb = asked.get("verb", "")
        if verb == "Identify":
            said = IDENTITY.replace("YYYY-MM-DDThh:mm:ssZ", self.granularity)
            return envelope(f"<Identify>{said}</Identify>")
        if verb == "ListMetadataFormats":
            return envelope(f"<{verb}>{FORMAT}</{verb}>")
        if verb == "GetRecord":
            number = int(asked["identifier"].rpartition(":")[2])
            if number not in range(self.size):
                return error("idDoesNotExist")
            return envelope(f"<{verb}>{self.record(number)}</{verb}>")
        if "resumptionToken" not in asked:
            return self.page(verb, 0, asked.get("from", ""), asked.get("until", ""))
        start, _, dates = asked["resumptionToken"].removeprefix("t+& ").partition(" ")
        since, _, until = dates.partition("/")
        is_token = start.isdigit() and int(start) > 0
        return self.page(verb, int(start), since, until) if is_token else _BAD_TOKEN

    def numbers(self, since: str = "", until: str = "") -> list[int]:
        """Return the numbers of the records between two datestamps."""
        if not self.honours_dates:
            return list(range(self.size))
        ends = ((since, "from"), (until, "until"))
        left_out = tuple(end for end, name in ends if end and name in self.leaves_out_ends)
        return [
            number
            for number in range(self.size)
            if since <= self.stamp(number) <= (until or "9") + "~"
            and not self.stamp(number).startswith(left_out)
        ]

    def page(self, verb: str, start: int, since: str = "", until: str = "") -> bytes:
        numbers = self.numbers(since, until)
        if not numbers and self.honours_dates:
            return error("noRecordsMatch")
        end = min(start + self.page_size, len(numbers))
        one = self.record if verb == "ListRecords" else self.header
        left_out = self.leaves_out if verb == "ListRecords" else frozenset()
        items = "".join(one(number) for number in numbers[start:end] if number not in left_out)
        dates = f" {since}/{until}" if self.honours_dates and since + until else ""
        return envelope(f"<{verb}>{items}{self.token(start, end, len(numbers), dates)}</{verb}>")

    def token(self, start: int, end: int, whole: int, dates: str) -> str:
        if end >= whole and not start:
            return ""
        size = whole if self.announces is None else self.announces
        told = f' cursor="{start}" completeListSize="{size}"' if size >= 0 else ""
        text = f"t+&amp; {end}{dates}" if end < whole else ""
        return f"<resumptionToken{told}>{text}</resumptionToken>"

    def stamp(self, number: int) -> str:
        if number in self.stamps or not self.spread:
            return self.stamps.get(number, self.datestamp)
        moment = datetime.fromisoformat(self.datestamp) + timedelta(hours=number)
        return f"{moment:%Y-%m-%d}" if len(self.datestamp) == 10 else f"{moment:%Y-%m-%dT%H:%M:%SZ}"

    def header(self, number: int) -> str:
        status = ' status="deleted"' if number in self.deleted else ""
        stamp = self.stamp(number)
        return (
            f"<header{status}><identifier>oai:a.example:{number}</identifier>"
            f"<datestamp>{stamp}</datestamp><setSpec>all</setSpec></header>"
        )

    def record(self, number: int) -> str:
        metadata = "" if number in self.deleted else f"<metadata>{dublin_core(number)}</metadata>"
        return f"<record>{self.header(number)}{metadata}</record>"


IDENTITY = (
    "<repositoryName>Kho số A</repositoryName><baseURL>http://a.example/oai</baseURL>"
    "<protocolVersion>2.0</protocolVersion><adminEmail>oai@a.example</adminEmail>"
    "<earliestDatestamp>2020-01-01</earliestDatestamp><deletedRecord>persistent</deletedRecord>"
    "<granularity>YYYY-MM-DDThh:mm:ssZ</granularity>"
)
FORMAT = (
    "<metadataFormat><metadataPrefix>oai_dc</metadataPrefix><schema>http://s.example/</schema>"
    "<metadataNamespace>http://www.openarchives.org/OAI/2.0/oai_dc/</metadataNamespace>"
    "</metadataFormat>"
)


def envelope(inside: str) -> bytes:
    """Return an OAI-PMH response around an element or an error."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><OAI-PMH xmlns="{OAI}">'
        f"<responseDate>{NOW}</responseDate><request>http://a.example/oai</request>"
        f"{inside}</OAI-PMH>"
    ).encode()


def error(code: str) -> bytes:
    """Return an OAI-PMH error response."""
    return envelope(f'<error code="{code}">because</error>')


_BAD_TOKEN = error("badResumptionToken")


def dublin_core(number: int) -> str:
    """Return the metadata of an invented record."""
    return (
        '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>Địa chí tỉnh Mẫu, tập {number}</dc:title></oai_dc:dc>"
    )


@contextmanager
def serving(repository: Repository) -> Iterator[str]:
    """Serve a repository; give its base URL."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            query = urllib.parse.urlsplit(self.path).query
            reply = repository.reply(dict(urllib.parse.parse_qsl(query)))
            self.send_response(reply.status)
            for name, value in reply.headers:
                self.send_header(name, value)
            if reply.is_unended:
                self.send_header("Transfer-Encoding", "chunked")
                self.end_headers()
                self.wfile.write(b"%x\r\n%b\r\n" % (len(reply.body), reply.body))
                self.close_connection = True
                return
            length = len(reply.body) if reply.length is None else reply.length
            self.send_header("Content-Length", str(length))
            self.end_headers()
            self.wfile.write(reply.body[: reply.cut])
            self.close_connection = reply.cut is not None or length > len(reply.body)

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/oai"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def source_at(url: str, name: str = "a") -> HarvestSource:
    """Return a source for an address on this machine, with short waits."""
    return HarvestSource(
        name=name,
        member=name,
        url=url,
        allowed_networks=("127.0.0.1/32",),
        retry_seconds=0.01,
        timeout_seconds=5,
    )
