"""Every error this library raises, in one shallow tree.

::

    ConsortiumError                 anything below; catch this one
    ├── SettingsError               a configuration or policy file is wrong
    ├── CurrencyMismatchError       money of two currencies met
    ├── QuantityError               a figure cannot be read, or is not exact where it must be
    ├── SplitError                  a bill cannot be divided as asked
    │   └── InfeasibleError         the limits leave no way to pay the bill
    ├── ClosedYearError             a closed year would be changed
    ├── CycleError                  a federation would contain itself
    ├── UnknownIdError              nothing in the directory has this id
    ├── UnbalancedEntryError        a ledger entry does not add up to zero
    ├── HarvestError                a source cannot be harvested
    │   ├── AddressRefusedError     an address is not public, and not allowed
    │   ├── DeadlineError           the time given for a harvest is over
    │   ├── HarvestDeferredError    the source asks to come back later
    │   ├── HarvestStoppedError     somebody asked the harvest to stop
    │   ├── PageRefusedError        an answer is not a sound page
    │   ├── RequestRefusedError     a source cannot be asked like this: prefix, set or dates
    │   ├── SourceUnreachableError  a source does not answer
    │   └── TokenRefusedError       a source no longer knows its own resumption token
    ├── CrosswalkError              a record's format cannot be read
    ├── CatalogueError              the union catalogue cannot be built or asked
    ├── StoreError                  the store cannot be opened, read or written
    ├── ImportFileError             a file handed in cannot be read at all
    │   └── FileRefusedError        a report or list is refused, and what to ask its maker for
    └── PluginError                 a plugin is broken
        ├── UnknownNameError        no plugin gives what was asked for
        ├── DuplicateNameError      two plugins give the same name
        ├── WrongContributionError  a hook yielded something that is not its record
        └── MissingExtraError       a package of an extra is not installed

The first argument of every error is an English template, the rest its values (see ``Message``):
the command line says it in the reader's language.
"""

from __future__ import annotations

from datetime import datetime

from libconsortium.core.messages import Message


class ConsortiumError(Exception):
    """Something the program or the office has to put right; the message says what to do.

    >>> str(ConsortiumError("no library {id!r}", id="tlu"))
    "no library 'tlu'"
    """

    def __init__(self, template: str, /, **values: object) -> None:
        """Keep the message as template and values."""
        self.message = Message(template, **values)
        super().__init__(template)

    def __str__(self) -> str:
        """Return the message in English."""
        return str(self.message)

    def __reduce__(self) -> tuple[object, ...]:
        """Let the error travel between processes."""
        return (_rebuilt, (type(self), self.message))


def _rebuilt(kind: type[ConsortiumError], message: Message) -> ConsortiumError:
    return kind(message.template, **dict(message.values))


class SettingsError(ConsortiumError):
    """A configuration or policy file is wrong; the message names file, line and field."""


class CurrencyMismatchError(ConsortiumError):
    """Two currencies met where one was expected."""


class QuantityError(ConsortiumError):
    """A figure cannot be read, or is approximate where an exact one is needed."""


class SplitError(ConsortiumError):
    """A bill cannot be divided as asked."""


class InfeasibleError(SplitError):
    """The limits leave no way to pay the bill; the message says what is short and what would do.

    >>> InfeasibleError("too little").remedies
    ()
    """

    @property
    def remedies(self) -> tuple[object, ...]:
        """The smallest changes that work, each a ``Remedy``."""
        found = dict(self.message.values).get("remedies", ())
        return found if isinstance(found, tuple) else ()


class ClosedYearError(ConsortiumError):
    """A closed year would be changed; enter a dated adjustment instead."""


class CycleError(ConsortiumError):
    """A federation would contain itself; the message names the path."""


class UnknownIdError(ConsortiumError):
    """Nothing in the directory has this id; the message suggests the nearest one."""


class UnbalancedEntryError(ConsortiumError):
    """A ledger entry does not add up to zero."""


class HarvestError(ConsortiumError):
    """A source cannot be harvested."""


class AddressRefusedError(HarvestError):
    """An address is not public and not allowed; nothing was sent to it."""


class DeadlineError(HarvestError):
    """The time given for a harvest is over; what was fetched is kept."""


class HarvestDeferredError(HarvestError):
    """The source asks to come back later than we are ready to wait.

    The value ``until`` of the message is the time from which it will answer again.

    >>> from datetime import UTC, datetime
    >>> error = HarvestDeferredError("come at {until}", until=datetime(2026, 1, 1, tzinfo=UTC))
    >>> error.until.year
    2026
    """

    @property
    def until(self) -> datetime:
        """The time from which the source will answer again (UTC)."""
        until = dict(self.message.values)["until"]
        assert isinstance(until, datetime)  # noqa: S101 - a programmer's mistake, not data
        return until


class HarvestStoppedError(HarvestError):
    """Somebody asked the harvest to stop; what was fetched is kept."""


class PageRefusedError(HarvestError):
    """An answer is not a sound page; the message says why."""


class RequestRefusedError(HarvestError):
    """A source cannot be asked like this: it does not know the prefix, the set or the dates.

    >>> RequestRefusedError("no ({code})", code="badArgument").code
    'badArgument'
    """

    @property
    def code(self) -> str:
        """The error's code in OAI-PMH; empty if the source gave none."""
        return str(dict(self.message.values).get("code", ""))


class SourceUnreachableError(HarvestError):
    """A source does not answer, after all attempts."""


class TokenRefusedError(HarvestError):
    """A source no longer knows its own resumption token, or gives the same one again and again."""


class CrosswalkError(ConsortiumError):
    """A record's format cannot be read."""


class CatalogueError(ConsortiumError):
    """The union catalogue cannot be built or asked."""


class StoreError(ConsortiumError):
    """The store cannot be opened, read or written."""


class ImportFileError(ConsortiumError):
    """A file handed in cannot be read at all; single bad rows are problems, not errors."""


class FileRefusedError(ImportFileError):
    """A report or list is refused as a whole; says why, and what to ask its maker for.

    Args:
        code: A stable short name in capitals, to count and filter by.
        what: Why it is refused.
        advice: What to do, or what to ask the supplier for.

    >>> print(FileRefusedError("OLD", Message("it is release 4"), Message("ask for release 5")))
    it is release 4; ask for release 5
    """

    def __init__(self, code: str, what: Message, advice: Message) -> None:
        """Keep the parts as they are."""
        super().__init__("{what}; {advice}", what=what, advice=advice)
        self.code, self.what, self.advice = code, what, advice

    def __reduce__(self) -> tuple[object, ...]:
        """Let the error travel between processes."""
        return (type(self), (self.code, self.what, self.advice))


class PluginError(ConsortiumError):
    """A plugin is broken."""


class UnknownNameError(PluginError):
    """No plugin gives what was asked for; the message suggests the nearest name."""


class DuplicateNameError(PluginError):
    """Two plugins give the same name; the message names both."""


class WrongContributionError(PluginError):
    """A hook yielded something that is not its record; the message names the plugin."""


class MissingExtraError(PluginError):
    """A package of an optional extra is not installed; the message names what to install."""
