"""What an OAI-PMH endpoint says and shows when somebody looks at it closely."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

import attrs

from libconsortium.core.harvest.pages import HarvestPage
from libconsortium.core.harvest.sources import SourceDescription
from libconsortium.core.messages import Message
from libconsortium.core.problems import Problem

ChooseFormats = Callable[[Sequence[tuple[str, str]]], Sequence[tuple[str, str]]]
"""Chooses from the formats of an endpoint, prefix and namespace each, those that matter."""


@attrs.frozen(kw_only=True)
class EndpointIdentity:
    """How an endpoint introduces itself.

    Args:
        url: The address that answered, after redirects.
        said: Its answer to ``Identify``; formats are not in it.
        admin_emails: Whom it names as its administrators.
        compressions: Compressions that it says it supports.
        toolkit: Software that it names in its description, with its version; empty if none.
        response_date: ``responseDate`` as written.
        received: When the answer was complete, by our clock (UTC).
        seconds: How long the answer took.
        is_packed: The answer came compressed.
        is_repaired: The answer was not sound XML of OAI-PMH, and was repaired to be read.
        headers: Headers of the answer.
    """

    url: str
    said: SourceDescription
    received: datetime
    admin_emails: tuple[str, ...] = ()
    compressions: tuple[str, ...] = ()
    toolkit: str = ""
    response_date: str = ""
    seconds: float = 0.0
    is_packed: bool = False
    is_repaired: bool = False
    headers: tuple[tuple[str, str], ...] = ()


@attrs.frozen(kw_only=True)
class AskedPage:
    """A page of records, and how it came.

    Args:
        page: The page.
        seconds: How long it took.
        expires: ``expirationDate`` of its token, as written; empty if it says none.
    """

    page: HarvestPage
    seconds: float
    expires: str = ""


@attrs.frozen(kw_only=True)
class FormatSample:
    """The first records of one format.

    Args:
        prefix: The metadata prefix.
        namespace: Its namespace, as the endpoint says.
        pages: The first pages, at most two.
        failure: Why there are no more; ``None`` if nothing failed.
    """

    prefix: str
    namespace: str = ""
    pages: tuple[AskedPage, ...] = ()
    failure: Message | None = None


@attrs.frozen(kw_only=True)
class EndpointFacts:
    """Everything that looking closely at an endpoint brought.

    Args:
        identity: How it introduces itself.
        formats: Metadata prefix and namespace of every format.
        sets: Its sets: ``setSpec`` and name.
        has_more_sets: There are more sets than were asked for.
        samples: The first records in the formats that matter, the most promising first.
        empty_window: OAI code or HTTP status with which it answers a window in which nothing can
            have changed; ``records`` if it gives records all the same; empty if it was not asked.
        failures: Questions that it did not answer, and why.
    """

    identity: EndpointIdentity
    formats: tuple[tuple[str, str], ...] = ()
    sets: tuple[tuple[str, str], ...] = ()
    has_more_sets: bool = False
    samples: tuple[FormatSample, ...] = ()
    empty_window: str = ""
    failures: tuple[Problem, ...] = ()
