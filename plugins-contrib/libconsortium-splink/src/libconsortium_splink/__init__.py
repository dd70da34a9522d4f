"""Splink as a match rule: Fellegi and Sunter's weights between our keys and our guards."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from libconsortium import Command, MatchRule, hookimpl

if TYPE_CHECKING:
    import click


@hookimpl
def consortium_match_rules() -> Iterator[MatchRule]:
    """Yield the rule ``splink``."""
    from libconsortium_splink.rule import splink_rule

    yield splink_rule()


@hookimpl
def consortium_commands() -> Iterator[Command]:
    """Yield the command that estimates a model from a library's own records."""
    yield Command(
        name="splink-train",
        summary="Estimate the weights of the match rule splink from your own records",
        load=_train,
    )


def _train() -> click.Command:
    from libconsortium_splink.command import train

    return train
