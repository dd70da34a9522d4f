"""Gathers from the facts that are kept what the split of a bill depends on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from libconsortium.core.buying.purchases import standalone_quote
from libconsortium.core.directory.directory import Directory
from libconsortium.core.directory.strata import strata_of, taken
from libconsortium.core.errors import SplitError, UnknownNameError
from libconsortium.core.money import Money
from libconsortium.core.sharing.figures import figures_of
from libconsortium.core.sharing.policies import Policy
from libconsortium.core.sharing.splits import Bill, SplitRequest
from libconsortium.core.usage.membership import counting_months
from libconsortium.split_steps.dividing import split_request


def gathered_request(  # noqa: PLR0913 - what a split depends on is much
    directory: Directory,
    bill: Bill,
    policy: Policy,
    *,
    on: date,
    federation: str = "",
    last_year: Mapping[str, Money] | None = None,
    also: Iterable[Policy] = (),
) -> SplitRequest:
    """Return everything that the split of a bill depends on.

    Args:
        directory: The facts.
        bill: What has to be paid.
        policy: How it is divided.
        on: The day on which who takes part does.
        federation: Whose members they are; empty if it does not matter.
        last_year: What members paid last year.
        also: Other policies whose figures are needed, for comparing.

    Raises:
        SplitError: Nobody takes part, or a figure is missing or only approximate.
        UnknownNameError: No such subscription is loaded.
    """
    if bill.subscription not in directory.subscriptions:
        raise UnknownNameError(
            "no subscription {subscription!r} is loaded; enter it in 'subscriptions', and who"
            " takes part in 'participations', then run 'libconsortium load'",
            subscription=bill.subscription,
        )
    takers = directory.participants(bill.subscription, on=on)
    members = tuple(takers)
    if not members:
        raise SplitError(
            "nobody takes part in {subscription!r} on {day}; enter the libraries in"
            " 'participations', then run 'libconsortium load'",
            subscription=bill.subscription,
            day=on,
        )
    figures = taken(takers)
    for each in (*also, policy):
        figures |= figures_of(directory, each.figures, members, year=bill.year)
    return split_request(
        bill,
        members,
        figures,
        policy,
        last_year=last_year,
        standalone=_standalone(directory, bill.subscription, members, on),
        strata=strata_of(directory, members, federation, on=on),
        months=counting_months(directory, federation, members, figures),
    )


def _standalone(
    directory: Directory, subscription: str, members: Iterable[str], on: date
) -> dict[str, Money]:
    """Return what the members would pay alone, as far as anybody asked."""
    resource = directory.subscriptions[subscription].resource
    quotes = {member: standalone_quote(directory, member, resource, on=on) for member in members}
    return {member: quote.amount for member, quote in quotes.items() if quote}
