"""A server on 127.0.0.1 that sends exactly the bytes a test gives it, however wrong they are."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Script = Callable[[socket.socket, bytes], None]


@contextmanager
def raw_server(*scripts: Script) -> Iterator[str]:
    """Serve one script a connection, the last one for all that follow; give the address."""
    left = list(scripts)
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.05)
    over = threading.Event()

    def answer(opened: socket.socket) -> None:
        with opened:
            request = opened.recv(65536)
            script = left.pop(0) if len(left) > 1 else left[0]
            try:
                script(opened, request)
            except OSError:
                return

    def serve() -> None:
        while not over.is_set():
            try:
                opened, _ = listener.accept()
            except TimeoutError:
                continue
            threading.Thread(target=answer, args=(opened,), daemon=True).start()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/oai"
    finally:
        over.set()
        thread.join()
        listener.close()


def says(payload: bytes) -> Script:
    """Send bytes and close."""
    return lambda opened, _: opened.sendall(payload)


def drips(start: bytes, *, seconds: float = 30.0, every: float = 0.02) -> Script:
    """Send a start and then one byte after the other."""

    def script(opened: socket.socket, _: bytes) -> None:
        opened.sendall(start)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            opened.sendall(b"x")
            time.sleep(every)

    return script


def answer_of(
    body: bytes, *, status: str = "200 OK", headers: str = "", length: int | None = None
) -> bytes:
    """Return the bytes of an HTTP answer."""
    told = len(body) if length is None else length
    head = f"HTTP/1.1 {status}\r\nContent-Length: {told}\r\nConnection: close\r\n{headers}\r\n"
    return head.encode() + body
