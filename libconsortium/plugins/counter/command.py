"""The command ``fetch-usage``."""

from __future__ import annotations

import json
from pathlib import Path

import click

from libconsortium import HttpRules, open_session, secret
from libconsortium.plugins.counter.sushi import Patience, UsageAccount, fetch_report

SCHEMA = 1


@click.command("fetch-usage")
@click.argument("url")
@click.option("--report", required=True, help="Id of the report: TR_J1, DR, PR…")
@click.option("--begin", required=True, metavar="YYYY-MM", help="First month.")
@click.option("--end", required=True, metavar="YYYY-MM", help="Last month.")
@click.option("--customer-id", required=True, help="Whose usage; env:NAME and file:PATH work too.")
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
    help="Seconds to wait while the supplier makes the report.",
)
@click.option(
    "--into",
    required=True,
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="The file to write; 'libconsortium usage' reads it.",
)
@click.option("--json", "json_", is_flag=True, help="Answer for programs.")
def fetch_usage(  # noqa: PLR0913 - click hands every option over as an argument of its own
    *,
    url: str,
    report: str,
    begin: str,
    end: str,
    customer_id: str,
    requestor_id: str,
    api_key: str,
    platform: str,
    release: str,
    allow_network: tuple[str, ...],
    wait: float,
    into: Path,
    json_: bool,
) -> None:
    """Fetch one COUNTER report from a supplier's service (COUNTER API, formerly SUSHI).

    Requestor id and API key are read from the environment or a file, so that they stand in no
    command history; they are never logged or shown.

    Example: libconsortium fetch-usage https://supplier.example --report TR_J1 --begin 2026-01
    --end 2026-12 --customer-id C123 --api-key env:SUPPLIER_KEY --into tr_j1.json
    """
    account = UsageAccount(
        url=url,
        customer_id=_kept(customer_id),
        requestor_id=secret(requestor_id) if requestor_id else "",
        api_key=secret(api_key) if api_key else "",
        platform=platform,
        release=release,
    )
    with open_session(HttpRules(allowed_networks=allow_network)) as session:
        content = fetch_report(session, account, report, (begin, end), Patience(wait))
    into.write_bytes(content)
    if json_:
        click.echo(json.dumps({"schema": SCHEMA, "written": str(into), "bytes": len(content)}))
    else:
        click.echo(f"{into}: {len(content)} bytes", err=True)


def _kept(given: str) -> str:
    return secret(given) if given.startswith(("env:", "file:")) else given
