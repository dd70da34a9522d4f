"""An OAI-PMH server of pages made beforehand: it is never what a client waits for.

python -m benchmarks.page_server FORMAT RECORDS PAGE_SIZE MILLISECONDS

It prints its address, and serves until its standard input is closed. A page is one write of bytes
that are ready; the time given passes before each, as it does on the way to a server far away.
"""

from __future__ import annotations

import re
import socket
import sys
import threading
import time
from itertools import islice
from urllib.parse import unquote_plus

from benchmarks.reading import sample_records
from libconsortium import RawRecord

_OAI = "http://www.openarchives.org/OAI/2.0/"
_TOKEN = re.compile(rb"resumptionToken=([^&\s]*)")
_NONE = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
_REQUEST_BYTES = 65536


def main() -> None:
    """Make the pages, say where they are, serve them."""
    name, records, size, wait = sys.argv[1:]
    answers = {token: _answer(body) for token, body in pages(name, int(records), int(size)).items()}
    listening = socket.create_server(("127.0.0.1", 0), backlog=64)
    print(f"http://127.0.0.1:{listening.getsockname()[1]}/oai", flush=True)
    threading.Thread(target=_accept, args=(listening, answers, int(wait)), daemon=True).start()
    sys.stdin.read()


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


def _accept(listening: socket.socket, answers: dict[str, bytes], wait: int) -> None:
    while True:
        client, _ = listening.accept()
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threading.Thread(target=_serve, args=(client, answers, wait), daemon=True).start()


def _serve(client: socket.socket, answers: dict[str, bytes], wait: int) -> None:
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
            if wait:
                time.sleep(wait / 1000)
            token = unquote_plus(found.group(1).decode()) if found else ""
            try:
                client.sendall(answers.get(token, _NONE))
            except OSError:
                return


if __name__ == "__main__":
    main()
