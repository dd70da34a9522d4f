"""One answer: received within its limits, unpacked, and told apart if it is damaged."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO

import requests

from libconsortium.core.errors import PageRefusedError
from libconsortium.core.messages import Message
from libconsortium.http.bodies import CutBodyError, content_of, is_plain, packing_of
from libconsortium.http.failures import reason_of
from libconsortium.http.rules import Answer, HttpRules, shown
from libconsortium.http.transfers import BREAKS, Ends

_OFFERED = frozenset({"", "identity", "gzip", "x-gzip", "deflate"})


class UnofferedError(PageRefusedError):
    """An answer packed in a way that was not offered; asking for it unpacked may help."""


class DamagedError(CutBodyError):
    """A transfer broke; what came of it may still be a whole document.

    Args:
        answer: The answer as far as it came.
    """

    def __init__(self, answer: Answer) -> None:
        """Keep what there is."""
        super().__init__(answer.damage or Message(""), answer.content)
        self.answer = answer


def received(
    response: requests.Response, ends: Ends, limit: int, check: Callable[[], object]
) -> tuple[bytes, Exception | None]:
    """Receive a body; return it, and what broke the transfer off, if anything did.

    Args:
        response: The response; its body is still to come.
        ends: Where bodies of this source end.
        limit: The most bytes that are taken.
        check: Called after every piece; raises if there is no more time.

    Raises:
        PageRefusedError: There are more bytes.
    """
    body = BytesIO()
    try:
        for piece in ends.pieces(response):
            body.write(piece)
            if body.tell() > limit:
                body.truncate(0)  # the error would hold it while others are asked for
                raise PageRefusedError(
                    "{url} sent more than {limit} bytes; ask for smaller pages or raise the limit",
                    url=shown(response.url),
                    limit=limit,
                )
            check()
    except BREAKS as error:
        if not body.tell():
            raise
        return body.getvalue(), error
    return body.getvalue(), None  # it is not copied


def answer_of(
    response: requests.Response, body: bytes, broken: Exception | None, rules: HttpRules, asked: str
) -> Answer:
    """Return the answer that a response and its body are.

    Args:
        response: The response.
        body: Its body as it came.
        broken: What broke the transfer off; ``None`` if it came whole.
        rules: Limits for what it unpacks to.
        asked: What is shown behind its address: the question, if it was posted.

    Raises:
        DamagedError: It broke off, or what is packed in it does.
        PageRefusedError: What it unpacks to is too large.
        UnofferedError: It is packed in a way that was not offered.
    """
    encoding = response.headers.get("Content-Encoding", "").strip().lower()
    packing = packing_of(body, encoding)
    content, cut = content_of(
        body, packing, max_bytes=rules.max_body_bytes, max_ratio=rules.max_ratio
    )
    broken = broken or cut
    if encoding not in _OFFERED and not (packing or is_plain(body)):
        raise UnofferedError(
            "{url} answered packed as {encoding!r}, which we had not offered",
            url=shown(response.url),
            encoding=encoding,
        )
    answer = Answer(
        url=shown(f"{response.url}{asked}"),
        status=response.status_code,
        headers=tuple((name, value) for name, value in response.headers.items()),
        body=body,
        encoding=packing,
        is_unannounced=bool(packing) and not encoding,
        content=content,
        received=datetime.now(UTC),
        damage=reason_of(broken) if broken else None,
    )
    if broken is not None:
        raise DamagedError(answer) from broken
    return answer
