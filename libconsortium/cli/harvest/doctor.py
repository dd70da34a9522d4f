"""The doctor for somebody else's server: finds its endpoint and says how it will harvest."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from libconsortium import (
    AddressRefusedError,
    Examination,
    HttpRules,
    SettingsError,
    examine_site,
    save_authorities,
    site_address,
)
from libconsortium.cli.frame import (
    FILE,
    FILE_HERE,
    N_,
    Terminal,
    as_json,
    command,
    current,
    json_option,
    option,
)
from libconsortium.cli.harvest.examination_texts import examination_row, tell
from libconsortium.cli.harvest.networks import checked_networks, network_option

HEALTHY, NOTHING, AILING = 0, 1, 3


@command(
    help=N_(
        "Find a site's OAI-PMH endpoint, look at it closely, and say what to do.\n\n"
        "Give the address of the library's site; the address of the endpoint itself works too. The"
        " doctor looks at the address, the links of its page and the paths that DSpace, Koha, OJS,"
        " VuFind, EPrints and others use; then at certificates, formats, sets, deletions, clock,"
        " the first two pages of the list and a sample of records. It ends with the format to"
        " choose, the lines for consortium.toml, and a letter to the server's administrator.\n\n"
        "Certificates are always verified: if one is not trusted the doctor says exactly why, and"
        " asks nothing of that server.\n\n"
        "Exit status: 0 it can be harvested, 3 it can be harvested in part or with errors, 1 it"
        " cannot, 2 the command is written wrong."
    ),
    examples=(
        "libconsortium harvest doctor https://lib.example.vn/",
        "libconsortium harvest doctor https://lib.example.vn/ --sample 200 --json",
        "libconsortium harvest doctor http://10.20.0.5/ --allow-network 10.20.0.0/16",
        "libconsortium harvest doctor https://lib.example.vn/ --save-ca lib-example-vn.pem",
        "libconsortium --lang vi harvest doctor https://lib.example.vn/",
    ),
)
@click.argument("url")
@network_option
@option(
    "--sample",
    type=click.IntRange(min=0, max=200),
    default=50,
    show_default=True,
    help=N_("How many records to judge; 0 asks for none."),
)
@option(
    "--ca-file",
    type=FILE_HERE,
    metavar="FILE",
    help=N_("The certificate authorities to trust, instead of the usual ones."),
)
@option(
    "--save-ca",
    type=FILE,
    metavar="FILE",
    help=N_(
        "If the server leaves out an intermediate certificate, write a file with it, to name as"
        " ca_file of the source."
    ),
)
@option(
    "--credentials",
    default="",
    metavar="WHERE",
    help=N_("Where user:password is kept, as env:NAME or file:PATH."),
)
@option("--contact", default="", metavar="MAIL", help=N_("Mail address told to the server."))
@option(
    "--deadline",
    type=click.FloatRange(min=0, min_open=True),
    default=180.0,
    show_default=True,
    metavar="SECONDS",
    help=N_("End after so many seconds, with what is known by then."),
)
@json_option
@current
def harvest_doctor(
    terminal: Terminal,
    *,
    url: str,
    networks: tuple[str, ...],
    sample: int,
    ca_file: Path | None,
    save_ca: Path | None,
    credentials: str,
    contact: str,
    deadline: float,
    json_: bool,
) -> int:
    """Examine a site and tell what was found."""
    try:
        address = site_address(url)
    except SettingsError as error:
        raise click.UsageError(terminal.said(error.message)) from error
    rules = HttpRules(
        allowed_networks=checked_networks(terminal, networks),
        ca_file=str(ca_file or ""),
        contact=contact,
        credentials=credentials,
        connect_seconds=10.0,
        read_seconds=30.0,
        total_seconds=60.0,
        attempts=2,
        backoff_seconds=0.3,
        longest_wait_seconds=10.0,
        seconds_left=deadline,
    )
    found = _examined(terminal, address, rules, sample, has_scheme="://" in url)
    saved = _saved(found, save_ca, rules)
    if save_ca is not None and saved is None:
        terminal.say(
            N_("{path} is not written: no certificate is missing that was found"), path=save_ca
        )
    if json_:
        as_json(examination_row(found, rules, saved))
    else:
        tell(terminal, found, rules, saved)
    return exit_code(found)


def exit_code(found: Examination) -> int:
    """Return whether the site can be harvested, as an exit code."""
    if not found.is_harvestable:
        return NOTHING if found.facts is None or found.qualities else HEALTHY
    return AILING if found.has_errors else HEALTHY


def _examined(
    terminal: Terminal, address: str, rules: HttpRules, sample: int, *, has_scheme: bool
) -> Examination:
    """Examine a site; one that was given without a scheme is asked by http if https is shut."""
    registry, now = terminal.registry(), datetime.now(UTC)
    terminal.say(N_("looking at {url} …"), url=address)
    trying = _Trying()
    found = examine_site(address, registry, rules, sample=sample, now=now, on_try=trying.show)
    trying.end()
    if has_scheme or not found.is_shut:
        return found
    plain = address.replace("https://", "http://", 1)
    terminal.say(N_("nothing answers by https; looking at {url} …"), url=plain)
    try:
        second = examine_site(plain, registry, rules, sample=sample, now=now, on_try=trying.show)
        trying.end()
    except AddressRefusedError:
        return found
    return found if second.is_shut else second


class _Trying:
    """Shows on a terminal which address is tried; elsewhere it says nothing."""

    def __init__(self) -> None:
        self.is_shown = sys.stderr.isatty()

    def show(self, url: str) -> None:
        """Show one address in place of the last."""
        if self.is_shown:
            click.echo(f"\r\x1b[K  {url[:110]}", err=True, nl=False)

    def end(self) -> None:
        """Take the last one away."""
        if self.is_shown:
            click.echo("\r\x1b[K", err=True, nl=False)


def _saved(found: Examination, path: Path | None, rules: HttpRules) -> Path | None:
    if path is None or found.handshake is None or not found.handshake.mended:
        return None
    save_authorities(path, found.handshake, rules)
    return path
