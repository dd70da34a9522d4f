"""Usage reports of the COUNTER Code of Practice, releases 5 and 5.1, and the service for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, BinaryIO

from libconsortium import (
    CUSTOMER_SCHEME,
    Command,
    IdentifierScheme,
    UsageEvent,
    UsageLoader,
    hookimpl,
)

if TYPE_CHECKING:
    import click


@hookimpl
def consortium_usage_loaders() -> Iterable[UsageLoader]:
    """Yield the loader of COUNTER reports."""
    yield UsageLoader(
        name="counter",
        summary="COUNTER reports, releases 5 and 5.1, as JSON, TSV, CSV or XLSX",
        recognises=_recognises,
        read=_read,
    )


@hookimpl
def consortium_identifier_schemes() -> Iterable[IdentifierScheme]:
    """Yield the scheme of suppliers' customer numbers."""
    yield IdentifierScheme(
        name=CUSTOMER_SCHEME,
        summary="Number or name under which a supplier's usage reports know a member",
        normalise=_customer_number,
    )


@hookimpl
def consortium_commands() -> Iterable[Command]:
    """Yield the command that fetches reports."""
    yield Command(
        name="fetch-usage",
        summary="Fetch COUNTER reports from a supplier's service (COUNTER API, SUSHI)",
        load=_fetch_usage,
    )


def _fetch_usage() -> click.Command:
    from libconsortium.plugins.counter.command import fetch_usage

    return fetch_usage


def _recognises(start: bytes) -> bool:
    from libconsortium.plugins.counter.reading import recognises

    return recognises(start)


def _read(source: str, file: BinaryIO) -> Iterator[UsageEvent]:
    from libconsortium.plugins.counter.reading import read

    return read(source, file)


def _customer_number(text: str) -> str | None:
    return text.strip() or None
