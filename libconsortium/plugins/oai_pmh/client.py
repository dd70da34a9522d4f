"""Sickle with another engine: the same calls, classes and exceptions, read strictly.

Change one import and what worked with sickle works here, over the guarded session: pages are
parsed once and never repaired in silence, errors count at the top level only, and a list that
repeats its token ends with an error.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import Any, cast

from lxml import etree
from sickle import Sickle, oaiexceptions
from sickle.iterator import VERBS_ELEMENTS, OAIItemIterator
from sickle.models import ResumptionToken
from sickle.response import OAIResponse

from libconsortium import Answer, GuardedSession, PageRefusedError, Repair, TokenRefusedError
from libconsortium.plugins.oai_pmh.beside import READING
from libconsortium.plugins.oai_pmh.envelope import (
    NAMESPACE,
    Envelope,
    is_mislabelled,
    opened,
    token_of,
)
from libconsortium.plugins.oai_pmh.plain import PlainPage
from libconsortium.plugins.oai_pmh.repairs import in_utf8

_CLOSING = re.compile(rb"</[\w.:-]*OAI-PMH\s*>")
_OPENING = b"OAI-PMH"
_START_BYTES = 2048
_GOOD = range(200, 300)  # a cache may answer 203, a careless program any of them
_SERVER_ERROR = 500
_WANTS_LOGIN, _REFUSES = frozenset({401, 407}), frozenset({403, 451})
_NO_GET, _TOO_LONG = frozenset({405}), frozenset({413, 414, 431})
_EXCEPTIONS = {
    "badArgument": oaiexceptions.BadArgument,
    "badResumptionToken": oaiexceptions.BadResumptionToken,
    "badVerb": oaiexceptions.BadVerb,
    "cannotDisseminateFormat": oaiexceptions.CannotDisseminateFormat,
    "idDoesNotExist": oaiexceptions.IdDoesNotExist,
    "noMetadataFormats": oaiexceptions.NoMetadataFormat,
    "noRecordsMatch": oaiexceptions.NoRecordsMatch,
    "noSetHierarchy": oaiexceptions.NoSetHierarchy,
}


class StrictResponse(OAIResponse):  # type: ignore[misc] # sickle has no types
    """One response, parsed once.

    Args:
        answer: What the server sent.
        params: The OAI arguments that were asked with.
    """

    def __init__(self, answer: Answer, params: dict[str, str]) -> None:
        """Keep the answer; it is parsed when it is first looked at."""
        self.answer = answer
        self.params = params
        self.repairs: tuple[Repair, ...] = ()

    @property
    def raw(self) -> str:
        """The response as text."""
        return self.answer.content.decode("utf-8", errors="replace")

    @property
    def is_good(self) -> bool:
        """Whether the status says that the answer is what was asked for."""
        return self.answer.status in _GOOD

    @property
    def stops_short(self) -> bool:
        """Whether it ends where its length says, but before the document does."""
        content = self.answer.content
        is_begun = not content or _OPENING in content[:_START_BYTES]
        return self.is_good and is_begun and not _CLOSING.search(content)

    @cached_property
    def plain(self) -> PlainPage | None:
        """The records of the response if it is a plain page of them; ``None`` if it is not."""
        if not self.is_good:
            return None
        return READING.plain_page(self.answer.content)

    @cached_property
    def envelope(self) -> Envelope:
        """The outside of the response.

        Raises:
            PageRefusedError: It is not a sound OAI-PMH response.
        """
        try:
            envelope = opened(self._as_it_is())
        except PageRefusedError as error:
            if not self.is_good:
                raise self._refused_status() from error
            raise
        if not (self.is_good or envelope.errors or self._is_given_all_the_same(envelope)):
            raise self._refused_status()
        return envelope

    def _is_given_all_the_same(self, envelope: Envelope) -> bool:
        """Say whether the answer holds what was asked for, and only its status denies that.

        Some programs answer "not found" with the whole page, because another part of the site has
        not found it. What has an error of the server's own for a status may be half done.
        """
        status = self.answer.status
        is_denied = status in _WANTS_LOGIN | _REFUSES or status >= _SERVER_ERROR
        body = envelope.body
        verb = self.params.get("verb", "")
        return not is_denied and body is not None and str(body.tag).endswith(f"}}{verb}")

    def _as_it_is(self) -> bytes:
        """Return the content, in UTF-8 if it says that it is something else and is UTF-8."""
        content = self.answer.content
        if is_mislabelled(content):
            mended = in_utf8(content)
            self.repairs = mended.repairs
            return mended.content
        return content

    @property
    def xml(self) -> etree._Element:
        """The document's root element."""
        return self.envelope.root

    def raise_error(self) -> None:
        """Raise the OAI error of the response as sickle's exception, if it has one."""
        for code, text in self.envelope.errors:
            raise _EXCEPTIONS.get(code, oaiexceptions.OAIError)(text or code)

    def _refused_status(self) -> PageRefusedError:
        if self.answer.status in _WANTS_LOGIN:
            return PageRefusedError(
                "the server answered with HTTP status {status}: it wants user name and password,"
                " or others than it was given",
                status=self.answer.status,
            )
        if self.answer.status in _REFUSES:
            return PageRefusedError(
                "the server answered with HTTP status {status}: it refuses us; ask its"
                " administrator to admit this machine",
                status=self.answer.status,
            )
        return PageRefusedError(
            "the server answered with HTTP status {status}", status=self.answer.status
        )


class StrictIterator(OAIItemIterator):  # type: ignore[misc] # sickle has no types
    """Iterates over the items of a list, page by page, as sickle's iterator does."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Fetch the first page."""
        self._seen: set[str] = set()
        self.resumption_token: ResumptionToken | None = None
        super().__init__(*args, **kwargs)

    def _next_response(self) -> None:
        params = self.params
        if self.resumption_token:
            params = {"verb": self.verb, "resumptionToken": self.resumption_token.token}
        self.oai_response = self.sickle.harvest(**params)
        self.oai_response.raise_error()
        body = self.oai_response.envelope.body
        if body is None:
            raise PageRefusedError("the answer has no {verb} element", verb=self.verb)
        token = token_of(body)
        if token.text and token.text in self._seen:
            raise TokenRefusedError(
                "the server gives the resumption token {token!r} again", token=token.text
            )
        self._seen.add(token.text)
        self.resumption_token = ResumptionToken(
            token=token.text,
            cursor=token.cursor,
            complete_list_size=token.complete_list_size,
        )
        self._items = body.iterfind(f"{{{NAMESPACE}}}{VERBS_ELEMENTS[self.verb]}")


class StrictSickle(Sickle):  # type: ignore[misc] # sickle has no types
    """A ``sickle.Sickle`` that goes out through a guarded session and reads strictly.

    Args:
        endpoint: Base URL of the endpoint.
        session: The session to ask with.
        iterator: As in sickle.
        class_mapping: As in sickle.

    >>> from libconsortium import HttpRules, open_session
    >>> StrictSickle("https://tlu.example/oai", open_session(HttpRules())).endpoint
    'https://tlu.example/oai'
    """

    def __init__(
        self,
        endpoint: str,
        session: GuardedSession,
        *,
        iterator: type = StrictIterator,
        class_mapping: dict[str, type] | None = None,
    ) -> None:
        """Prepare the client; nothing is asked yet."""
        super().__init__(endpoint, iterator=iterator, class_mapping=class_mapping)
        self.session = session
        session.ends.closing = _CLOSING
        self._posts, self._may_post = False, True

    def harvest(self, **kwargs: str) -> StrictResponse:
        """Ask the endpoint and return its response, whatever it is.

        What a server does not take as an address, it has to take as a form.

        Args:
            kwargs: OAI arguments; each is encoded exactly once.
        """
        answer = self.session.fetch(self.endpoint, kwargs, as_form=self._posts)
        if answer.status in _TOO_LONG | _NO_GET and self._may_post and not self._posts:
            posted = self.session.fetch(self.endpoint, kwargs, as_form=True)
            self._may_post = posted.status in _GOOD
            if self._may_post:
                self._posts = answer.status in _NO_GET
                return StrictResponse(posted, kwargs)
        return StrictResponse(answer, kwargs)

    def Identify(self) -> Any:  # noqa: N802, ANN401 - sickle's name; its model has no types
        """Ask the endpoint about itself; see ``sickle.models.Identify``."""
        response = self.harvest(verb="Identify")
        response.raise_error()
        body = response.envelope.body
        if body is None or not str(body.tag).endswith("}Identify"):
            raise PageRefusedError("the answer has no {verb} element", verb="Identify")
        from sickle.models import Identify

        return Identify(cast("OAIResponse", response))
