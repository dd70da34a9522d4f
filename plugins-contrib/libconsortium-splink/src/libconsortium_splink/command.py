"""The command ``splink-train``."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import click

from libconsortium import Message, Registry, match_fields, read_titles
from libconsortium_splink.model import MODEL_VARIABLE, trained


class Terminal(Protocol):
    """What of the global options the command needs."""

    def registry(self) -> Registry:
        """Return what the plugins give."""

    def said(self, text: str | Message, **values: object) -> str:
        """Return a text in the reader's language."""


@click.command("splink-train", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--into",
    required=True,
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Write the model to this file.",
)
@click.pass_obj
def train(terminal: Terminal, file: Path, into: Path) -> None:
    """Estimate the weights of the match rule splink from your own records, without labels.

    FILE is what 'libconsortium cluster FILE' reads. The rule uses the model if the environment
    variable LIBCONSORTIUM_SPLINK_MODEL names it.

    Example: libconsortium splink-train titles.csv --into model.json
    """
    records, _ = read_titles(file, terminal.registry())
    into.write_text(trained(map(match_fields, records)), encoding="utf-8")
    text = Message(
        "wrote a model of {count} records into {path}; {variable}={path} uses it",
        count=len(records),
        path=into,
        variable=MODEL_VARIABLE,
    )
    click.echo(terminal.said(text))
