"""The repository of ``oai_server`` without a network and without waiting, for thousands of runs.

Answers go through the same session, its attempts, its reading of bodies and its pauses; only the
socket is a buffer, and no pause takes time.
"""

from __future__ import annotations

import io
import os
import tempfile
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import requests
import urllib3
from requests.adapters import HTTPAdapter

from libconsortium import GuardedSession, HttpRules
from tests.oai_server import Reply, Repository

_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it


class _Body(io.BytesIO):
    """What the standard library would read from a socket."""

    fp = length = None


class _Adapter(HTTPAdapter):
    def __init__(self, repository: Repository) -> None:
        self.repository = repository
        super().__init__()

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        query = urllib.parse.urlsplit(request.url or "").query
        reply: Reply = self.repository.reply(dict(urllib.parse.parse_qsl(str(query))))
        length = len(reply.body) if reply.length is None else reply.length
        raw = urllib3.HTTPResponse(
            body=_Body(reply.body[: reply.cut]),
            status=reply.status,
            headers={**dict(reply.headers), "Content-Length": str(length)},
            preload_content=False,
            request_method="GET",
            enforce_content_length=True,
        )
        return self.build_response(request, raw)


@contextmanager
def serving_at_once(repository: Repository) -> Iterator[str]:
    """Serve a repository in this process; give its base URL."""

    def opened(rules: HttpRules) -> GuardedSession:
        session = GuardedSession(rules, pause=lambda _: None)
        session.mount("http://", _Adapter(repository))
        return session

    with patch("libconsortium.plugins.oai_pmh.harvesting.open_session", opened):
        yield "http://127.0.0.1/oai"


@contextmanager
def fast_folder() -> Iterator[Path]:
    """Give a folder in memory, where a file is on the disk at once; any folder if there is none."""
    is_there = _MEMORY.is_dir() and os.access(_MEMORY, os.W_OK)
    with tempfile.TemporaryDirectory(dir=_MEMORY if is_there else None) as folder:
        yield Path(folder)
