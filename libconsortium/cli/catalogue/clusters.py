"""Cataloguers look at what was brought together, and decide."""

from __future__ import annotations

from libconsortium.cli.catalogue.cluster_views import doubtful, list_, show
from libconsortium.cli.catalogue.decisions import (
    confirm,
    history,
    import_,
    learn_,
    reject,
    split,
    undo,
)
from libconsortium.cli.frame import N_, group


@group(
    help=N_(
        "Look at what was brought together, and decide what the rules cannot.\n\n"
        "A decision outranks every rule and outlives re-clustering; it is kept with day, author"
        " and reason, and can be taken back. Write a record as its source, a blank and its"
        " identifier, in quotes. Run 'libconsortium cluster' afterwards: the catalogue follows."
    )
)
def clusters() -> None:
    """Gather the commands about clusters."""


for _made in (list_, show, doubtful, confirm, reject, split, undo, history, import_, learn_):
    clusters.add_command(_made)
