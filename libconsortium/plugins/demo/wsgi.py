"""One server process: a library's repository on 127.0.0.1, until standard input closes."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterable
from itertools import count
from socketserver import ThreadingMixIn
from typing import Any, Protocol
from urllib.parse import parse_qsl
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

Respond = Callable[[str, list[tuple[str, str]]], object]
Application = Callable[[dict[str, Any], Respond], Iterable[bytes]]  # Any: WSGI's environment

_XML = ("Content-Type", "text/xml; charset=utf-8")
_SLOW_SECONDS = 0.04
_BUSY_EVERY, _CUT_EVERY = 4, 6


class Repository(Protocol):
    """Answers the arguments of a request with a document."""

    def answer(self, asked: dict[str, str]) -> bytes:
        """Answer one request."""


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _QuietHandler(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:
        return


def application_of(repository: Repository) -> Application:
    """Return a web application that answers with a repository."""

    def answer(environment: dict[str, Any], respond: Respond) -> Iterable[bytes]:
        body = repository.answer(dict(parse_qsl(environment["QUERY_STRING"])))
        respond("200 OK", [_XML, ("Content-Length", str(len(body)))])
        return [body]

    return answer


def troubled(application: Application) -> Application:
    """Return the same application, slow, busy every fourth time and cut off every sixth."""
    requests = count(1)

    def answer(environment: dict[str, Any], respond: Respond) -> Iterable[bytes]:
        number = next(requests)
        time.sleep(_SLOW_SECONDS)
        if number % _BUSY_EVERY == 0:
            respond("503 Service Unavailable", [("Retry-After", "1"), ("Content-Length", "0")])
            return []
        body = b"".join(application(environment, respond))
        return [body[: len(body) // 2]] if number % _CUT_EVERY == 0 else [body]

    return answer


def serve(library: str, port: int = 0) -> None:
    """Serve a library until standard input closes; say the address on standard output first.

    Args:
        library: Id of the library.
        port: The port to listen at if it is free; any other if it is not, or if it is 0.
    """
    with _listening(port) as server:
        url = f"http://127.0.0.1:{server.server_port}/oai"
        server.set_app(_application(library, url))
        threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True).start()
        sys.stdout.write(f"{url}\n")
        sys.stdout.flush()
        sys.stdin.read()  # the end of the process that started this one closes it
        server.shutdown()


def _listening(port: int) -> WSGIServer:
    try:
        return make_server("127.0.0.1", port, _not_yet, _Server, _QuietHandler)
    except OSError:
        return make_server("127.0.0.1", 0, _not_yet, _Server, _QuietHandler)


def _application(library: str, url: str) -> Application:
    from libconsortium.plugins.demo.eth_server import EthServer
    from libconsortium.plugins.demo.msu_server import MsuServer

    if library == "dh-b":
        return application_of(MsuServer(library, url))
    application = application_of(EthServer(library, url))
    return troubled(application) if library == "dh-c" else application


def _not_yet(_: dict[str, Any], respond: Respond) -> Iterable[bytes]:
    respond("503 Service Unavailable", [("Retry-After", "1"), ("Content-Length", "0")])
    return []


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]))
