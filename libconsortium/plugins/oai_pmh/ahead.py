"""Asks for the next pages while the present one is read, and believes none of them early.

What was asked for early is handed out only to who asks the same, with the token that the page
before gave when it was read strictly. Everything else that came is dropped.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from threading import Event, Thread

from libconsortium import GuardedSession, PageRefusedError
from libconsortium.plugins.oai_pmh.client import StrictResponse, StrictSickle
from libconsortium.plugins.oai_pmh.tokens import coming_tokens, early_token

_OK = 200
_END_SECONDS = 5.0


class Ahead:
    """Asks an endpoint, one list at a time, with the next request under way.

    Args:
        sickle: The client.
        guesses: How many further pages are asked for by tokens that are only guessed; 0 keeps to
            one request at a time.
    """

    def __init__(self, sickle: StrictSickle, *, guesses: int = 0) -> None:
        """Prepare; nothing is asked yet."""
        self._sickle, self._guesses = sickle, guesses
        self._flights: dict[str, _Flight] = {}

    @property
    def session(self) -> GuardedSession:
        """The session it asks with."""
        return self._sickle.session

    def harvest(self, **arguments: str) -> StrictResponse:
        """Ask for a page, or hand out what came for the same question; ask for the next ones.

        Raises:
            HarvestError: What went wrong with this very page.
        """
        token = arguments.get("resumptionToken", "")
        flight = self._flights.pop(token, None) if token else None
        if flight is not None and flight.arguments == arguments:
            response = flight.arrived()
            self._go_on(response, arguments)
            flight.join()  # it is parsed there
        else:
            self._wait()  # one request at a time; what comes may still be asked for
            response = self._sickle.harvest(**arguments)
            self._go_on(response, arguments)
        return response

    def close(self) -> None:
        """End what is under way."""
        if any(flight.is_alive() for flight in self._flights.values()):
            self.session.break_off()
        for flight in self._flights.values():
            flight.join(_END_SECONDS)
        self._flights.clear()

    def _go_on(self, response: StrictResponse, arguments: dict[str, str]) -> None:
        """Ask for what the page seems to lead to."""
        asked = arguments.get("resumptionToken", "")
        token, size = "", None
        if response.answer.status == _OK:
            token, size = early_token(response.answer.content)
        wanted = list(self._wanted(asked, token, size)) if token != asked else []
        if token:
            for other in self._flights.keys() - wanted:
                self._flights.pop(other).wait()
        for one in wanted:
            if one not in self._flights:
                self._flights[one] = _Flight(
                    self._sickle, {"verb": arguments["verb"], "resumptionToken": one}
                )

    def _wanted(self, asked: str, token: str, size: int | None) -> Iterator[str]:
        if token:
            yield token
            if asked and self._guesses:
                yield from islice(coming_tokens(asked, token, size), self._guesses)

    def _wait(self) -> None:
        for flight in self._flights.values():
            flight.wait()


class _Flight(Thread):
    """One request under way; what comes is parsed as well."""

    def __init__(self, sickle: StrictSickle, arguments: dict[str, str]) -> None:
        super().__init__(name="harvest ahead", daemon=True)
        self.arguments = arguments
        self._sickle = sickle
        self._has_come = Event()
        self._response: StrictResponse | None = None
        self._error: BaseException | None = None
        self.start()

    def run(self) -> None:
        """Ask, and parse the answer while who wants it does something else."""
        try:
            self._response = self._sickle.harvest(**self.arguments)
        except BaseException as error:  # noqa: BLE001 - it belongs to who asks for this page
            self._error = error
        finally:
            self._has_come.set()
        with suppress(PageRefusedError):  # who looks at the page will hear of it
            _ = self._response and (self._response.plain or self._response.envelope)

    def wait(self) -> None:
        """Wait until no request is under way."""
        self._has_come.wait()

    def arrived(self) -> StrictResponse:
        """Return the response, or raise what went wrong, once it is known."""
        self.wait()
        if self._response is None:
            assert self._error is not None  # noqa: S101 - one of both
            raise self._error
        return self._response
