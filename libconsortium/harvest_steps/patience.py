"""When it is enough: how long a server that fails is asked on."""

from __future__ import annotations

import logging
from contextlib import closing
from typing import Any, cast

import attrs

from libconsortium.core.errors import HarvestError, SourceUnreachableError
from libconsortium.core.harvest.pages import HarvestRequest
from libconsortium.core.messages import Message
from libconsortium.harvest_steps.running import ENDS_ALL, Running, is_refused

log = logging.getLogger(__name__)

_MOST_FAILURES = 40  # lists that failed in a row
_MOST_IN_VAIN = 8  # while no part of a list came whole
_MOST_AT_FIRST = 3  # of a server of which nothing sound came at all
_LOOK_AFTER = frozenset({4, 16})  # failures in a row
_MOST_UNREACHABLE = 3
_MOST_LISTS = 2000


class Patience:
    """Counts the lists that failed in a row, and says when nothing more is to be asked.

    Args:
        running: The run.
        request: What its list was asked for: the beginning of the list is looked at again.
        has_begun: The beginning of the list came; one that never came says nothing of the server.
    """

    def __init__(self, running: Running, request: HarvestRequest, *, has_begun: bool) -> None:
        """Begin with a server that has not failed."""
        self.running, self.request, self.has_begun = running, request, has_begun
        self.last: HarvestError | None = None
        self.is_dead = False
        self._failures = self._unreachable = self._lists = 0
        self._have_come = False

    def asked(self) -> None:
        """Note that the list of one more window is asked for."""
        self._lists += 1

    def failed(self, error: HarvestError) -> None:
        """Note that a list failed; from time to time look whether the server gives anything.

        Args:
            error: How it failed.
        """
        self.last = error
        self._failures += 1
        if self._failures in _LOOK_AFTER and self.running.received and self.has_begun:
            self.is_dead = not self._is_alive()
        is_silent = isinstance(error, SourceUnreachableError)
        self._unreachable = self._unreachable + 1 if is_silent else 0

    def succeeded(self) -> None:
        """Note that a list came, or that something else is asked for from now on."""
        self._failures = self._unreachable = 0
        self._have_come = True

    @property
    def is_over(self) -> bool:
        """Whether nothing more is to be asked."""
        is_mute = self.is_mute and self._failures >= _MOST_AT_FIRST
        return (
            is_mute
            or self.is_dead
            or self._failures >= (_MOST_FAILURES if self._have_come else _MOST_IN_VAIN)
            or self._unreachable >= _MOST_UNREACHABLE
            or self._lists >= _MOST_LISTS
        )

    @property
    def is_mute(self) -> bool:
        """Whether nothing sound came at all."""
        return not self.running.sound_pages

    def why(self, last: Message) -> Message:
        """Say why nothing more is asked for, if the server gives nothing at all.

        Args:
            last: Why the last list failed.
        """
        if self.is_mute:
            return Message("the server gives nothing that can be read: {reason}", reason=last)
        if self.is_dead:
            return Message("the server no longer gives what it gave before: {reason}", reason=last)
        return last

    def _is_alive(self) -> bool:
        """Say whether the server still gives what it gave before: the beginning of the list."""
        try:
            first = attrs.evolve(self.request, first_page_only=True)
            with closing(cast("Any", self.running.pages(first))) as pages:
                for page in pages:
                    self.running.keep(page)
                    if not is_refused(page):
                        return True
        except ENDS_ALL:
            raise
        except HarvestError as error:
            self.last = error
        return False
