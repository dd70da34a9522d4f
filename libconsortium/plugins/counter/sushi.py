"""Fetches COUNTER reports from suppliers' services (COUNTER API, formerly SUSHI), politely.

Ids and keys travel in the address, as the standard wants it; they are never logged or shown.
"""

from __future__ import annotations

import io
import json
import logging
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import attrs

from libconsortium import (
    Answer,
    FileRefusedError,
    GuardedSession,
    HarvestDeferredError,
    Message,
)
from libconsortium.plugins.counter.exceptions import (
    COME_BACK,
    CounterException,
    exceptions_in,
    without_secrets,
)
from libconsortium.plugins.counter.json_reports import outline_of
from libconsortium.plugins.counter.json_text import ITEMS

log = logging.getLogger(__name__)

_WIRE = "urllib3.connectionpool"
_ENDINGS = ("/reports", "/status", "/members", "/r51")
_SHOWN = {
    ("PR", "5"): "Data_Type|Access_Method",
    ("DR", "5"): "Data_Type|Access_Method",
    ("TR", "5"): "YOP|Access_Method|Access_Type|Data_Type|Section_Type",
    ("IR", "5"): "YOP|Access_Method|Access_Type|Data_Type",
    ("PR", "5.1"): "Access_Method",
    ("DR", "5.1"): "Access_Method",
    ("TR", "5.1"): "YOP|Access_Type|Access_Method",
    ("IR", "5.1"): "YOP|Access_Type|Access_Method",
}
"""What a report is asked to break usage down by; standard views have their own."""

_FIRST_WAIT_SECONDS = 30.0
_LONGEST_WAIT_SECONDS = 600.0
_FOUND, _NOT_ALLOWED, _NOT_THERE = 200, (401, 403), 404


@attrs.frozen(kw_only=True)
class UsageAccount:
    """One customer's access to one supplier's service.

    Args:
        url: Base address of the service; what the supplier writes behind it (``/r51``,
            ``/reports``) may stand or not.
        customer_id: Whose usage is asked for.
        requestor_id: Who asks; empty if the supplier does not want it.
        api_key: The key; empty if the supplier does not want it.
        platform: The platform, for services that serve several.
        release: ``5`` or ``5.1``.
    """

    url: str
    customer_id: str = attrs.field(repr=False)
    requestor_id: str = attrs.field(default="", repr=False)
    api_key: str = attrs.field(default="", repr=False)
    platform: str = ""
    release: str = "5.1"

    def address(self, path: str, parameters: Mapping[str, str] | None = None) -> str:
        """Return the whole address of a question.

        >>> account = UsageAccount(url="https://s.example/r51/", customer_id="C1")
        >>> account.address("reports/tr_j1", {"begin_date": "2025-01"})
        'https://s.example/r51/reports/tr_j1?customer_id=C1&begin_date=2025-01'
        """
        base = self.url.split("?")[0].rstrip("/")
        for ending in _ENDINGS:
            base = base.removesuffix(ending).rstrip("/")
        given = {
            "customer_id": self.customer_id,
            "requestor_id": self.requestor_id,
            "api_key": self.api_key,
            "platform": self.platform,
            **(parameters or {}),
        }
        release = "/r51" if self.release == "5.1" else ""
        query = urlencode({name: value for name, value in given.items() if value})
        return f"{base}{release}/{path}?{query}"


@attrs.frozen(kw_only=True)
class Customer:
    """One member of the consortium, as the supplier knows it.

    Args:
        customer_id: Its customer id.
        name: Its name.
        requestor_id: Who must ask for its usage; empty if it is the same as for the consortium.
        notes: What the supplier adds, for example that only the consortium's titles are counted.
    """

    customer_id: str
    name: str = ""
    requestor_id: str = attrs.field(default="", repr=False)
    notes: str = ""


@attrs.frozen
class Patience:
    """How long to wait for a report that the supplier has to make first.

    Args:
        seconds: Longest time in all; the wait doubles from half a minute to ten minutes.
        pause: Waits; for tests.
    """

    seconds: float = 900.0
    pause: Callable[[float], object] = time.sleep


def fetch_report(
    session: GuardedSession,
    account: UsageAccount,
    report: str,
    months: tuple[str, str],
    patience: Patience | None = None,
) -> bytes:
    """Fetch one report; what comes back can be read by the loader of COUNTER reports.

    Args:
        session: The session to ask through.
        account: Whose usage, and where.
        report: Id of the report: ``TR_J1``.
        months: First and last month, ``YYYY-MM``.
        patience: How long to wait while the report is being made.

    Raises:
        FileRefusedError: The supplier gives no report; says why, and what to do.
        HarvestDeferredError: The report is not ready in the time given, or the service asks to
            come back later.
        HarvestError: The service cannot be reached, or must not be.
    """
    parameters = {"begin_date": months[0], "end_date": months[1]}
    shown = _SHOWN.get((report, account.release), "")
    if shown:
        parameters["attributes_to_show"] = shown
    if report == "IR":
        parameters["include_parent_details"] = "True"
    address = account.address(f"reports/{report.lower()}", parameters)
    return _patiently(session, address, patience or Patience()).content


def members(session: GuardedSession, account: UsageAccount) -> tuple[Customer, ...]:
    """Return the members of a consortium that share their usage with it.

    A member that is not among them has chosen not to share: it has no figure, not zero.

    Raises:
        FileRefusedError: The supplier gives no list; says why, and what to do.
        HarvestError: The service cannot be reached, or must not be.
    """
    return tuple(
        Customer(
            customer_id=_text(one, "Customer_ID"),
            name=_text(one, "Institution_Name", "Name"),
            requestor_id=_text(one, "Requestor_ID"),
            notes=_text(one, "Notes"),
        )
        for one in _list(session, account, "members")
        if _text(one, "Customer_ID")
    )


def reports(session: GuardedSession, account: UsageAccount) -> tuple[str, ...]:
    """Return the ids of the reports that a service offers.

    Raises:
        FileRefusedError: The supplier gives no list; says why, and what to do.
        HarvestError: The service cannot be reached, or must not be.
    """
    return tuple(
        filter(None, (_text(one, "Report_ID") for one in _list(session, account, "reports")))
    )


def _list(session: GuardedSession, account: UsageAccount, path: str) -> list[dict[str, object]]:
    answer = _patiently(session, account.address(path), Patience(seconds=0))
    told = json.loads(answer.content)
    return [one for one in (told if isinstance(told, list) else [told]) if isinstance(one, dict)]


def _patiently(session: GuardedSession, address: str, patience: Patience) -> Answer:
    """Ask, and ask again as long as the answer is that the report is being made."""
    end = time.monotonic() + patience.seconds
    wait = _FIRST_WAIT_SECONDS
    while True:
        answer = _asked(session, address)
        found = _exception_in(answer)
        if found is None:
            return answer
        if found.code not in COME_BACK:
            raise found.refusal()
        wait = max(wait, _retry_after(answer))
        if time.monotonic() + wait > end:
            raise HarvestDeferredError(
                "{url}: {said}; ask again from {until:%Y-%m-%d %H:%M} UTC on",
                url=answer.url.partition("?")[0],
                said=found.said,
                until=datetime.now(UTC) + timedelta(seconds=wait),
            )
        log.info("%s: %s; waiting %d s", answer.url.partition("?")[0], found.said, wait)
        patience.pause(wait)
        wait = min(2 * wait, _LONGEST_WAIT_SECONDS)


def _asked(session: GuardedSession, address: str) -> Answer:
    """Ask with the question inside the address: no redirect carries it to somebody else."""
    wire = logging.getLogger(_WIRE)
    wire.addFilter(_without_secrets)
    try:
        return session.fetch(address)
    finally:
        wire.removeFilter(_without_secrets)


def _without_secrets(record: logging.LogRecord) -> bool:
    if isinstance(record.args, tuple):
        record.args = tuple(
            without_secrets(each) if isinstance(each, str) else each for each in record.args
        )
    return True


def _exception_in(answer: Answer) -> CounterException | None:
    """Return the exception that stands instead of a report; ``None`` if there is a report.

    Raises:
        FileRefusedError: The answer is nothing that a COUNTER service would say.
    """
    try:
        told = outline_of(io.BytesIO(answer.content), "utf-8-sig")
    except (FileRefusedError, ValueError) as error:
        raise _no_service(answer) from error
    if answer.status == _FOUND and told.get(ITEMS) is not None:
        return None
    found = exceptions_in(told.get("", told))
    first = next((one for one in found if not one.is_harmless), None)
    if first is None and answer.status != _FOUND:
        if not found:
            raise _no_service(answer)
        first = found[0]
    return first


def _no_service(answer: Answer) -> FileRefusedError:
    if answer.status in _NOT_ALLOWED:
        return FileRefusedError(
            "NOT_ALLOWED",
            Message("the service does not let us in (HTTP {status})", status=answer.status),
            Message("check customer id, requestor id and API key"),
        )
    if answer.status == _NOT_THERE:
        return FileRefusedError(
            "NO_SERVICE",
            Message("there is no COUNTER service at this address (HTTP 404)"),
            Message("check the address and the release: services of 5.1 have /r51 in theirs"),
        )
    return FileRefusedError(
        "NO_SERVICE",
        Message(
            "the answer is not that of a COUNTER service (HTTP {status}, begins with {start!r})",
            status=answer.status,
            start=without_secrets(answer.content[:40].decode("utf-8", "replace")),
        ),
        Message("open the address in a browser; a page for people is not the service's address"),
    )


def _retry_after(answer: Answer) -> float:
    """Return the seconds after which the service wants to be asked again; 0 if it does not say."""
    told = next((value for name, value in answer.headers if name.lower() == "retry-after"), "")
    return float(told) if told.strip().isdecimal() else 0.0


def _text(told: Mapping[str, object], *names: str) -> str:
    found = next((told[name] for name in names if told.get(name) not in (None, "")), "")
    return str(found).strip()
