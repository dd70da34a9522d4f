"""What COUNTER services say instead of a report, or beside it, in plain words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

import attrs

from libconsortium import FileRefusedError, Message, Place, Problem, Severity

_ASK_SUPPLIER = Message("ask the supplier's support, with the message, the report and the months")
_LATER = Message("ask again later")
_CHECK_ACCESS = Message(
    "check customer id, requestor id and API key in the supplier's administration pages"
)
_CHECK_QUESTION = Message("check the dates, the report and its filters")
_NONE_NEEDED = Message("")

SENTENCES: Mapping[int, tuple[Message, Message]] = {
    1000: (Message("the supplier's service is not available"), _LATER),
    1010: (Message("the supplier's service is too busy"), _LATER),
    1011: (
        Message("the report is not ready yet: the supplier has put the request into its queue"),
        Message("ask for the same report again in a few hours"),
    ),
    1020: (
        Message("the supplier has received too many requests from us"),
        Message("wait until tomorrow, then ask more slowly"),
    ),
    1030: (Message("the request lacks something, often an id"), _CHECK_ACCESS),
    2000: (Message("the supplier does not know the requestor"), _CHECK_ACCESS),
    2010: (
        Message("the requestor may not see the usage of this customer"),
        Message(
            "ask the member to allow the consortium to fetch its usage, and check the customer id"
        ),
    ),
    2011: (Message("the supplier gives no report on all its customers"), _CHECK_QUESTION),
    2020: (Message("the supplier does not accept the API key"), _CHECK_ACCESS),
    3000: (
        Message("the supplier does not offer this report"),
        Message("see which reports it offers; a database supplier has DR, not TR"),
    ),
    3010: (
        Message("the supplier does not offer this report in this release"),
        Message("ask for it in the other release (5 or 5.1)"),
    ),
    3020: (Message("the dates asked for make no sense"), _CHECK_QUESTION),
    3030: (Message("there was no usage in these months"), _NONE_NEEDED),
    3031: (
        Message("usage of some of the months is not ready yet"),
        Message("ask for these months again next month"),
    ),
    3032: (
        Message("the supplier no longer keeps usage of some of the months"),
        Message("look for the reports that were saved at that time"),
    ),
    3040: (
        Message("some of the usage asked for is missing in the report"),
        Message("ask again for the missing months, or for fewer months at once"),
    ),
    3050: (Message("the supplier passed over a part of the question"), _NONE_NEEDED),
    3060: (
        Message("the supplier passed over a filter, so the report may hold more than asked for"),
        _CHECK_QUESTION,
    ),
    3061: (Message("the filters do not fit together"), _CHECK_QUESTION),
    3062: (
        Message("the supplier does not break usage down as asked"),
        _NONE_NEEDED,
    ),
    3063: (Message("the supplier does not count parts of items"), _NONE_NEEDED),
    3070: (Message("a filter that the supplier requires is missing"), _CHECK_QUESTION),
}
"""What each standard exception means, and what to do (Code of Practice 5.1, table D.1)."""

NO_USAGE = 3030
COME_BACK = frozenset({1000, 1010, 1011, 1020})
_INCOMPLETE = frozenset({3031, 3032, 3040})
_HARMLESS = frozenset({NO_USAGE, *_INCOMPLETE, 3050, 3060, 3061, 3062, 3063, 3070})
_LAST_OWN_CODE = 999
_TEXT_FORM = re.compile(r"(?P<code>[0-9]+)\s*:\s*(?P<message>[^;(]*)(?:\((?P<data>[^)]*)\))?")
_SECRET = re.compile(r"((?:customer|requestor)_id=|api_?key=)[^&\s\"']*", re.IGNORECASE)
_INSIDE = (
    "Report_Header", "Exception", "Exceptions", "exception", "exceptions", "error", "errors",
    "response", "failedReason",
)  # fmt: skip


@attrs.frozen(kw_only=True)
class CounterException:
    """One message of a COUNTER service.

    Args:
        code: Its number; below 1000 the supplier's own, 0 for a remark.
        message: Its words.
        data: What it adds.
        severity: What it says of its weight (release 5 only); often wrong.
    """

    code: int
    message: str = ""
    data: str = ""
    severity: str = ""

    @property
    def is_harmless(self) -> bool:
        """Whether a report that comes with it can be used."""
        return self.code <= _LAST_OWN_CODE or self.code in _HARMLESS

    @property
    def is_incomplete(self) -> bool:
        """Whether it says that months are missing."""
        return self.code in _INCOMPLETE

    @property
    def said(self) -> Message:
        """What it means, with its own words behind."""
        own = without_secrets(": ".join(part for part in (self.message, self.data) if part))
        if self.code in SENTENCES:
            return Message(
                "{meaning} ({code} {own})",
                meaning=SENTENCES[self.code][0],
                code=self.code,
                own=own,
            )
        return Message("the supplier says: {own} (code {code})", own=own or "-", code=self.code)

    @property
    def advice(self) -> Message:
        """What to do."""
        if self.code in SENTENCES:
            return SENTENCES[self.code][1]
        return _NONE_NEEDED if self.is_harmless else _ASK_SUPPLIER

    def problem(self, where: Place) -> Problem:
        """Return it as a problem of a report that can be used all the same."""
        severity = Severity.WARNING if self.is_incomplete or not self.is_harmless else Severity.INFO
        return Problem(
            code=f"COUNTER_{self.code}",
            where=where,
            what=self.said,
            advice=self.advice,
            severity=severity,
        )

    def refusal(self) -> FileRefusedError:
        """Return it as the reason why there is no report."""
        return FileRefusedError(f"COUNTER_{self.code}", self.said, self.advice)


def without_secrets(text: str) -> str:
    """Return a text with the ids and keys taken out that stand in addresses.

    >>> without_secrets("404 for /reports/tr?customer_id=C1&api_key=k%2F1&platform=p")
    '404 for /reports/tr?customer_id=…&api_key=…&platform=p'
    """
    return _SECRET.sub(r"\1…", text)


def exceptions_in(document: object) -> tuple[CounterException, ...]:
    """Find the exceptions in an answer, in whatever shape a service gives them.

    Met so far: bare, in a list, in the header, in ``Exception`` or ``Exceptions`` at the top,
    inside another program's envelope, as JSON inside a text, with the keys ``number`` and
    ``message``, and with the code as text.

    >>> exceptions_in([{"Code": "3030", "Message": "No Usage"}])[0].code
    3030
    >>> exceptions_in({"Report_Header": {"Exceptions": []}})
    ()
    """
    return tuple(dict.fromkeys(_found(document)))


def exceptions_in_text(text: str) -> tuple[CounterException, ...]:
    """Find the exceptions in the header of a table.

    >>> exceptions_in_text("3031: Usage Not Ready for Requested Dates (only to 2024-08-31)")[0].data
    'only to 2024-08-31'
    """
    return tuple(
        CounterException(
            code=int(found["code"]),
            message=found["message"].strip(),
            data=(found["data"] or "").strip(),
        )
        for found in _TEXT_FORM.finditer(text)
    )


def _found(document: object) -> Iterator[CounterException]:
    if isinstance(document, str):
        yield from _found(_inner(document))
    elif isinstance(document, list):
        for one in document:
            yield from _found(one)
    elif isinstance(document, dict):
        code = document.get("Code", document.get("number", document.get("code")))
        if str(code).strip().isdecimal():
            yield CounterException(
                code=int(str(code)),
                message=_text(document, "Message", "message"),
                data=_text(document, "Data", "data"),
                severity=_text(document, "Severity", "severity"),
            )
        for name in _INSIDE:
            if isinstance(inside := document.get(name), dict | list | str):
                yield from _found(inside)


def _inner(text: str) -> object:
    try:
        return json.loads(text) if text.lstrip()[:1] in {"{", "["} else None
    except ValueError:
        return None


def _text(document: Mapping[str, object], *names: str) -> str:
    found = next((document[name] for name in names if document.get(name) is not None), "")
    return str(found).strip()
