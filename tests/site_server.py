"""A library's site on 127.0.0.1: pages at paths, an OAI-PMH endpoint at one, and TLS if wanted."""

from __future__ import annotations

import gzip
import ssl
import threading
import urllib.parse
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import attrs

from tests.oai_server import Reply, Repository


@attrs.define(kw_only=True)
class Library:
    """A site, and how it answers.

    Args:
        pages: What is at each path.
        oai: The path of its endpoint; ``None`` if it has none.
        repository: What the endpoint holds.
        is_soft: A path at which nothing is answers with status 200 and a page that says so.
        packs: OAI-PMH answers are packed.
        asked: The paths asked for, in order.
    """

    pages: Mapping[str, Reply] = attrs.field(factory=dict)
    oai: str | None = None
    repository: Repository = attrs.field(factory=Repository)
    is_soft: bool = False
    packs: bool = False
    asked: list[str] = attrs.field(factory=list)

    def reply(self, path: str, query: str) -> Reply:
        self.asked.append(path)
        if path == self.oai:
            reply = self.repository.reply(dict(urllib.parse.parse_qsl(query)))
            if self.packs:
                headers = (*reply.headers, ("Content-Encoding", "gzip"))
                return attrs.evolve(reply, body=gzip.compress(reply.body), headers=headers)
            return reply
        if path in self.pages:
            return self.pages[path]
        return page("Không tìm thấy trang", status=200 if self.is_soft else 404)


def page(title: str, *parts: str, status: int = 200, head: str = "") -> Reply:
    """Return a page in HTML."""
    body = f"<!DOCTYPE html><html><head><title>{title}</title>{head}</head><body>{''.join(parts)}"
    return Reply(body=f"{body}</body></html>".encode(), status=status)


def moved(where: str, status: int = 301) -> Reply:
    """Return a redirect."""
    return Reply(body=b"", status=status, headers=(("Location", where),))


@contextmanager
def open_library(library: Library, context: ssl.SSLContext | None = None) -> Iterator[str]:
    """Serve a site; give its address, which ends with a slash."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = 2**16  # headers and body in one packet: no waiting for each other

        def do_GET(self) -> None:
            parts = urllib.parse.urlsplit(self.path)
            reply = library.reply(parts.path, parts.query)
            self.send_response(reply.status)
            for name, value in reply.headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body[: reply.cut])
            self.close_connection = reply.cut is not None

        def log_message(self, *_: object) -> None:
            return

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            return  # a client that does not trust us hangs up

    server = Server(("127.0.0.1", 0), Handler)
    if context is not None:
        server.socket = context.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    scheme = "http" if context is None else "https"
    try:
        yield f"{scheme}://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
