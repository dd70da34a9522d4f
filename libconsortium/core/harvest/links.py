"""A list of sites and what became of each: alive, moved, dead, and whether it has OAI-PMH."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from urllib.parse import urlsplit

import attrs

from libconsortium.core.messages import Message

_NOT_FOUND = frozenset({404, 410})
_REFUSES = frozenset({401, 403, 405, 406, 429})
_SERVER_ERROR = 500
_NOTHING = Message("")


class LinkState(StrEnum):
    """What became of a site."""

    OK = "ok"
    MOVED = "moved"
    DEAD = "dead"
    UNCHECKED = "not checked"


class LinkCause(StrEnum):
    """Why a site counts as dead, or cannot be looked at."""

    NONE = ""
    DNS = "no such name"
    REFUSED = "connection refused"
    UNREACHABLE = "no way there"
    TIMEOUT = "no answer in time"
    BROKEN = "connection breaks"
    TLS = "certificate not trusted"
    NOT_FOUND = "page not found"
    SERVER_ERROR = "server error"
    NOT_ALLOWED = "address not allowed"


@attrs.frozen(kw_only=True)
class Site:
    """One line of a list of sites.

    Args:
        url: Its address, as it is asked.
        name: What the list calls it; empty if it has no name.
        line: Number of its line in the list.
        is_guessed: The list does not say whether it is asked by https; it is, and by http if
            nothing answers.
    """

    url: str
    name: str = ""
    line: int = 0
    is_guessed: bool = False


@attrs.frozen(kw_only=True)
class LinkCheck:
    """What was found at one site.

    Args:
        site: The site.
        state: What became of it.
        cause: Why it is dead; empty otherwise.
        said: What was found, in a sentence.
        status: HTTP status of its page; 0 if there was no answer.
        moved_to: Where it leads; empty if nowhere else.
        oai: The address of its OAI-PMH endpoint; empty if none was found.
        software: The software of the endpoint or page, with its version; empty if unknown.
        seconds: How long looking took.
        checked: When it was looked at (UTC); ``None`` if it was not.
        since: Since when it has been in this state (UTC), as far as this list knows.
    """

    site: Site
    state: LinkState = LinkState.UNCHECKED
    cause: LinkCause = LinkCause.NONE
    said: Message = _NOTHING
    status: int = 0
    moved_to: str = ""
    oai: str = ""
    software: str = ""
    seconds: float = 0.0
    checked: datetime | None = None
    since: datetime | None = None

    def after(self, before: LinkCheck | None) -> LinkCheck:
        """Return the check with ``since`` as the last list knew it, if nothing has changed.

        >>> from datetime import UTC
        >>> day = datetime(2026, 1, 1, tzinfo=UTC)
        >>> first = LinkCheck(site=Site(url="https://a.example/"), checked=day, since=day)
        >>> second = LinkCheck(site=first.site, checked=datetime(2026, 1, 8, tzinfo=UTC))
        >>> second.after(first).since.day
        1
        """
        if before is None or before.state is not self.state or before.since is None:
            return attrs.evolve(self, since=self.checked)
        return attrs.evolve(self, since=before.since)


def judged(asked: str, answered: str, status: int) -> tuple[LinkState, LinkCause, Message]:
    """Judge a site by the answer its page gave.

    A site that only leads to another path of itself is where it was; another host or another
    scheme is a move. One that refuses programs is alive.

    Args:
        asked: The address asked.
        answered: The address that answered, after redirects.
        status: HTTP status.

    >>> state, _, said = judged("http://a.example/", "https://a.example/", 200)
    >>> str(state), str(said)
    ('moved', 'it is at https://a.example/ now; correct the list')
    """
    if status in _NOT_FOUND:
        said = Message("HTTP {status}: there is no such page", status=status)
        return LinkState.DEAD, LinkCause.NOT_FOUND, said
    if status >= _SERVER_ERROR:
        said = Message("HTTP {status}: the server cannot answer", status=status)
        return LinkState.DEAD, LinkCause.SERVER_ERROR, said
    if _place(asked) != _place(answered):
        said = Message("it is at {url} now; correct the list", url=answered)
        return LinkState.MOVED, LinkCause.NONE, said
    if status in _REFUSES:
        said = Message("it is there, and refuses programs (HTTP {status})", status=status)
        return LinkState.OK, LinkCause.NONE, said
    return LinkState.OK, LinkCause.NONE, Message("it answers")


def _place(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc.rpartition("@")[2].lower()


def link_counts(checks: Iterable[LinkCheck]) -> dict[str, int]:
    """Count sites by state, and those that have OAI-PMH.

    >>> link_counts([LinkCheck(site=Site(url="https://a.example/"), oai="https://a.example/oai")])
    {'ok': 0, 'moved': 0, 'dead': 0, 'not checked': 1, 'has OAI': 1}
    """
    counts = dict.fromkeys((state.value for state in LinkState), 0)
    counts["has OAI"] = 0
    for check in checks:
        counts[check.state.value] += 1
        counts["has OAI"] += bool(check.oai)
    return counts
