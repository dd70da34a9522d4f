"""How a server's answer is spoiled, and where: the parts the hostile servers are made of."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import attrs

from tests.oai_server import Reply

Asked = dict[str, str]
Fault = Callable[[Asked, int, Reply], Reply]
POISON = 37
HTML = b"<!DOCTYPE html><html><body>B\xe1\xba\xa3o tr\xc3\xac<br></body></html>"


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


def instead(where: Callable[[Asked], bool], *, times: int | None = None, **changes: Any) -> Fault:
    """Answer differently where it is meant, the first times or always."""

    def fault(asked: Asked, count: int, reply: Reply) -> Reply:
        is_meant = where(asked) and (times is None or count <= times)
        return attrs.evolve(reply, **changes) if is_meant else reply

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
    return asked.get("verb", "").startswith("List")


def everywhere(old: bytes, new: bytes) -> Fault:
    return mended(anywhere, lambda body: body.replace(old, new))
