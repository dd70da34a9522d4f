"""The command ``fetch-usage``."""

from __future__ import annotations

import gettext
import json
from pathlib import Path

import click

from libconsortium import ConsortiumError, HttpRules, Message, open_session, secret, whole_file
from libconsortium.plugins.counter.fetching import Batch, Fetched, fetch_each, listed, named, rows
from libconsortium.plugins.counter.sushi import Patience, UsageAccount, fetch_report

SCHEMA = 1


@click.command("fetch-usage", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("url")
@click.option("--report", required=True, help="Id of the report: TR_J1, DR, PR…")
@click.option("--begin", required=True, metavar="YYYY-MM", help="First month.")
@click.option("--end", required=True, metavar="YYYY-MM", help="Last month.")
@click.option(
    "--customer-id",
    required=True,
    multiple=True,
    help="Whose usage; env:NAME and file:PATH work too. May be given again.",
)
@click.option(
    "--all-members",
    is_flag=True,
    help="Of every member that the service lists for the customer: a consortium's own id.",
)
@click.option("--requestor-id", default="", metavar="PLACE", help="env:NAME or file:PATH.")
@click.option("--api-key", default="", metavar="PLACE", help="env:NAME or file:PATH.")
@click.option("--platform", default="", help="For services that serve several platforms.")
@click.option("--release", type=click.Choice(["5", "5.1"]), default="5.1", show_default=True)
@click.option(
    "--allow-network", multiple=True, metavar="CIDR", help="A network that is not public."
)
@click.option(
    "--wait",
    type=float,
    default=900.0,
    show_default=True,
    help="Seconds to wait while the supplier makes a report.",
)
@click.option(
    "--into",
    required=True,
    type=click.Path(writable=True, path_type=Path),
    help="The file to write, or for several customers the folder; 'libconsortium usage' reads it.",
)
@click.option("--again", is_flag=True, help="Fetch the files that are there already, too.")
@click.option("--json", "json_", is_flag=True, help="Answer for programs.")
def fetch_usage(  # noqa: PLR0913 - click hands every option over as an argument of its own
    *,
    url: str,
    report: str,
    begin: str,
    end: str,
    customer_id: tuple[str, ...],
    all_members: bool,
    requestor_id: str,
    api_key: str,
    platform: str,
    release: str,
    allow_network: tuple[str, ...],
    wait: float,
    into: Path,
    again: bool,
    json_: bool,
) -> int:
    """Fetch a COUNTER report from a supplier's service (COUNTER API, formerly SUSHI).

    For one customer into a file; for several, or all members of a consortium, each into a file of
    its own in a folder. What one customer is refused stops no other; the exit code is then 1. Type
    the command again later: what is there already is not fetched a second time.

    Requestor id and API key are read from the environment or a file, so that they stand in no
    command history; they are never logged or shown.

    Example: libconsortium fetch-usage https://supplier.example --report TR_J1 --begin 2026-01
    --end 2026-12 --customer-id C123 --api-key env:SUPPLIER_KEY --into tr_j1.json

    Example: libconsortium fetch-usage https://supplier.example --report TR_J1 --begin 2026-01
    --end 2026-12 --customer-id CONSORTIUM --all-members --api-key env:SUPPLIER_KEY --into reports
    """
    first, *others = customers = named(customer_id)
    account = UsageAccount(
        url=url,
        customer_id=first.customer_id,
        requestor_id=secret(requestor_id) if requestor_id else "",
        api_key=secret(api_key) if api_key else "",
        platform=platform,
        release=release,
    )
    months = (begin, end)
    with open_session(HttpRules(allowed_networks=allow_network)) as session:
        if not others and not all_members and not into.is_dir():
            content = fetch_report(session, account, report, months, Patience(wait))
            _write(into, content, json_=json_)
            return 0
        if into.is_file():
            raise ConsortiumError(
                "{into} is a file; name a folder for the reports of several customers", into=into
            )
        batch = Batch(session=session, account=account, report=report, months=months, folder=into)
        whose = listed(session, account) if all_members else customers
        found = fetch_each(batch, whose, patience=Patience(wait), again=again, on_done=_say)
    if json_:
        click.echo(json.dumps({"schema": SCHEMA, "fetched": list(rows(found, _said))}))
    return 1 if any(one.failed for one in found) else 0


def _write(path: Path, content: bytes, *, json_: bool) -> None:
    with whole_file(path) as file:
        file.write(content)
    if json_:
        click.echo(json.dumps({"schema": SCHEMA, "written": str(path), "bytes": len(content)}))
    else:
        _say(Fetched(label="", path=path, size=len(content)))


def _say(one: Fetched) -> None:
    who = f"{one.label} ({one.name})" if one.name else one.label
    if one.failed:
        outcome = one.failed.message
    elif one.kept:
        outcome = Message("{path}: there already", path=one.path)
    else:
        outcome = Message("{path}: {size} bytes", path=one.path, size=one.size)
    click.echo(": ".join(filter(None, (who, _said(outcome)))), err=True)


def _said(message: Message) -> str:
    return message.translated(gettext.gettext)  # the command line has chosen the language
