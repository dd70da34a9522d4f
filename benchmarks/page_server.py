"""An OAI-PMH server of pages made beforehand: it is never what a client waits for.

python -m benchmarks.page_server FORMAT RECORDS PAGE_SIZE MILLISECONDS [ENDPOINTS [LONGEST]]

It prints its addresses on one line, and serves until its standard input is closed. A page is one
write of bytes that are ready; the time given passes before each, as it does on the way to a server
far away. Every endpoint has a host (a port) and identifiers of its own, so that no page is the same
as another; the first has LONGEST records, the others RECORDS. Who asks for the token "processor" is
told how many seconds of the processor the server took so far.
"""

from __future__ import annotations

import re
import socket
import sys
import threading
import time
from itertools import islice
from urllib.parse import unquote_plus

import attrs

from benchmarks.reading import sample_records
from libconsortium import RawRecord

_OAI = "http://www.openarchives.org/OAI/2.0/"
_TOKEN = re.compile(rb"resumptionToken=([^&\s]*)")
_NONE = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
_REQUEST_BYTES = 65536
_NAME = b"oai:bench:"

PROCESSOR = "processor"
"""The token of no page: it asks what the server itself took."""


@attrs.frozen
class Endpoint:
    """One host: its answers by token, its wait (ms), and how its identifiers begin.

    Args:
        answers: Whole answers, by the token that asks for each.
        wait: Milliseconds that pass before each.
        name: What its identifiers begin with, as long as what the records were made with.
    """

    answers: dict[str, bytes]
    wait: int
    name: bytes

    def answer(self, token: str) -> bytes:
        """Return the answer to a token, of the same length at every endpoint."""
        if token == PROCESSOR:
            return _answer(str(time.process_time()).encode())
        return self.answers.get(token, _NONE).replace(_NAME, self.name)


def main() -> None:
    """Make the pages, say where they are, serve them."""
    name, records, size, wait, *more = sys.argv[1:]
    endpoints, longest = (*map(int, more), *(1, int(records))[len(more) :])
    answers = _answers(name, int(records), int(size))
    longer = answers if longest == int(records) else _answers(name, longest, int(size))
    addresses = []
    for number in range(endpoints):
        listening = socket.create_server(("127.0.0.1", 0), backlog=64)
        endpoint = Endpoint(answers if number else longer, int(wait), b"oai:%05d:" % number)
        threading.Thread(target=_accept, args=(listening, endpoint), daemon=True).start()
        addresses.append(f"http://127.0.0.1:{listening.getsockname()[1]}/oai")
    print(*addresses, flush=True)
    sys.stdin.read()


def _answers(name: str, records: int, size: int) -> dict[str, bytes]:
    return {token: _answer(body) for token, body in pages(name, records, size).items()}


def pages(name: str, count: int, size: int) -> dict[str, bytes]:
    """Return the pages of a list of invented records, by the token that asks for each.

    Args:
        name: Format of the records.
        count: How many records.
        size: Records a page.
    """
    made: dict[str, bytes] = {}
    left = sample_records(name, count)
    start = 0
    while some := list(islice(left, size)):
        token = f"{name}////{start}" if start else ""
        end = start + len(some)
        onward = f"{name}////{end}" if end < count else ""
        made[token] = _page(some, f'cursor="{start}" completeListSize="{count}"', onward)
        start = end
    return made


def _page(records: list[RawRecord], told: str, token: str) -> bytes:
    inside = "".join(
        f"<record><header><identifier>{one.identifier}</identifier><datestamp>{one.datestamp}"
        f"</datestamp><setSpec>com_1</setSpec><setSpec>col_1_2</setSpec></header>"
        f"<metadata>{one.content.decode()}</metadata></record>"
        for one in records
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><OAI-PMH xmlns="{_OAI}"><responseDate>'
        f'2026-01-31T08:00:00Z</responseDate><request verb="ListRecords">http://a.example/oai'
        f"</request><ListRecords>{inside}<resumptionToken {told}>{token}</resumptionToken>"
        "</ListRecords></OAI-PMH>"
    ).encode()


def _answer(body: bytes) -> bytes:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/xml;charset=utf-8\r\nContent-Length: {len(body)}"
    return head.encode() + b"\r\n\r\n" + body


def _accept(listening: socket.socket, endpoint: Endpoint) -> None:
    while True:
        client, _ = listening.accept()
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threading.Thread(target=_serve, args=(client, endpoint), daemon=True).start()


def _serve(client: socket.socket, endpoint: Endpoint) -> None:
    left = b""
    with client:
        while True:
            while b"\r\n\r\n" not in left:
                piece = client.recv(_REQUEST_BYTES)
                if not piece:
                    return
                left += piece
            request, _, left = left.partition(b"\r\n\r\n")
            found = _TOKEN.search(request.partition(b"\r\n")[0])
            if endpoint.wait:
                time.sleep(endpoint.wait / 1000)
            token = unquote_plus(found.group(1).decode()) if found else ""
            try:
                client.sendall(endpoint.answer(token))
            except OSError:
                return


if __name__ == "__main__":
    main()
