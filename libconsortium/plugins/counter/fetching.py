"""Fetches one report of many customers: each into its own file, one failure stops no other."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import attrs

from libconsortium import (
    ConsortiumError,
    GuardedSession,
    HarvestDeferredError,
    Message,
    secret,
    whole_file,
)
from libconsortium.plugins.counter.sushi import (
    Customer,
    Patience,
    UsageAccount,
    fetch_report,
    members,
)

_PLACES = ("env:", "file:")


@attrs.frozen(kw_only=True)
class Fetched:
    """What became of one customer's report.

    Args:
        label: What to call the customer: its id, or the place that its id is kept in.
        name: Its name, if the supplier gave one.
        path: The file.
        size: How many bytes were written; 0 if none.
        kept: The file was there already and is left as it is.
        failed: Why there is no file; ``None`` if there is one.
    """

    label: str
    name: str = ""
    path: Path
    size: int = 0
    kept: bool = False
    failed: ConsortiumError | None = None


def named(given: Iterable[str]) -> tuple[Customer, ...]:
    """Return customers by what was typed: ids, or places that ids are kept in.

    >>> named(["C1"])[0].customer_id
    'C1'
    """
    return tuple(
        Customer(
            customer_id=secret(one) if one.startswith(_PLACES) else one,
            notes=one.partition(":")[2] if one.startswith(_PLACES) else one,
        )
        for one in given
    )


def listed(session: GuardedSession, account: UsageAccount) -> tuple[Customer, ...]:
    """Return the customers that a service lists for a consortium, each called by its id."""
    return tuple(attrs.evolve(one, notes=one.customer_id) for one in members(session, account))


def file_name(customer: Customer, report: str, months: tuple[str, str]) -> str:
    """Return the name of a customer's file.

    >>> file_name(Customer(customer_id="1", notes="C/1"), "TR_J1", ("2025-01", "2025-12"))
    'C-1-TR_J1-2025-01-2025-12.json'
    """
    return f"{re.sub(r'[^A-Za-z0-9._-]+', '-', customer.notes)}-{report}-{'-'.join(months)}.json"


@attrs.frozen(kw_only=True)
class Batch:
    """One report of several customers of one supplier.

    Args:
        session: The session to ask through.
        account: How to get in; whose usage is asked for is changed for each customer.
        report: Id of the report.
        months: First and last month.
        folder: Where the files are written.
    """

    session: GuardedSession
    account: UsageAccount
    report: str
    months: tuple[str, str]
    folder: Path

    def path_of(self, customer: Customer) -> Path:
        """Return the file of a customer."""
        return self.folder / file_name(customer, self.report, self.months)

    def fetch(self, customer: Customer, patience: Patience) -> Fetched:
        """Fetch the report of one customer into its file."""
        path = self.path_of(customer)
        account = attrs.evolve(
            self.account,
            customer_id=customer.customer_id,
            requestor_id=customer.requestor_id or self.account.requestor_id,
        )
        try:
            content = fetch_report(self.session, account, self.report, self.months, patience)
        except ConsortiumError as error:
            return Fetched(label=customer.notes, name=customer.name, path=path, failed=error)
        with whole_file(path) as file:
            file.write(content)
        return Fetched(label=customer.notes, name=customer.name, path=path, size=len(content))


def fetch_each(
    batch: Batch,
    customers: Sequence[Customer],
    *,
    patience: Patience,
    again: bool = False,
    on_done: Callable[[Fetched], object] = lambda _: None,
) -> tuple[Fetched, ...]:
    """Fetch a report of every customer into a folder.

    All are asked for first, so that the supplier makes the slow ones at the same time; then those
    that were not ready are waited for, one after the other.

    Args:
        batch: What is fetched, and where it goes.
        customers: Whose usage.
        patience: How long to wait for one report that is being made.
        again: Fetch what is there already, too.
        on_done: Called with each outcome.
    """
    batch.folder.mkdir(parents=True, exist_ok=True)
    done: dict[str, Fetched] = {}
    waiting: list[Customer] = []

    def settle(customer: Customer, one: Fetched) -> None:
        done[customer.customer_id] = one
        on_done(one)

    for customer in customers:
        path = batch.path_of(customer)
        if path.exists() and not again:
            one = Fetched(label=customer.notes, name=customer.name, path=path, kept=True)
        else:
            one = batch.fetch(customer, Patience(0))
        if isinstance(one.failed, HarvestDeferredError) and patience.seconds:
            waiting.append(customer)
        else:
            settle(customer, one)
    for customer in waiting:
        settle(customer, batch.fetch(customer, patience))
    return tuple(done[customer.customer_id] for customer in customers)


def rows(
    found: Iterable[Fetched], said: Callable[[Message], str] = str
) -> Iterator[dict[str, object]]:
    """Yield the outcomes as a program reads them.

    Args:
        found: The outcomes.
        said: Says a sentence in the reader's language; English if not given.

    >>> next(rows([Fetched(label="C1", path=Path("a.json"), size=3)]))["bytes"]
    3
    """
    for one in found:
        yield {
            "customer": one.label,
            "name": one.name or None,
            "written": None if one.failed else str(one.path),
            "bytes": one.size,
            "there_already": one.kept,
            "error": said(one.failed.message) if one.failed else None,
        }
