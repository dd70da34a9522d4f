"""Where the clusters go: a table of records, a table of evidence, a document for programs."""

from __future__ import annotations

import csv
import errno
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path

import attrs
import click

from libconsortium import Link, Problem, reason_said, whole_text
from libconsortium.cli.frame import N_, Terminal, as_json, problem_row


@attrs.frozen
class Outputs:
    """Where the clusters go."""

    csv_file: Path | None
    evidence: Path | None
    is_json: bool = attrs.field(kw_only=True)

    def write(
        self,
        terminal: Terminal,
        rows: Callable[[], Iterator[tuple[str, str]]],
        links: Iterable[Link],
        problems: Iterable[Problem],
        more: Mapping[str, object],
    ) -> None:
        """Write rows and pairs as they come, wherever they are wanted."""
        if self.csv_file is not None:
            _write_csv(self.csv_file, ("id", "cluster"), rows())
        if self.evidence is not None:
            _write_csv(
                self.evidence,
                ("left", "right", "rule", "score", "reasons"),
                (_why(link, terminal) for link in links),
            )
        if self.is_json:
            as_json(
                {
                    "clusters": ({"id": own, "cluster": cluster} for own, cluster in rows()),
                    "problems": (problem_row(problem) for problem in problems),
                    **more,
                }
            )

    def tell_of_none(self, terminal: Terminal) -> None:
        """Say how to write what was found, where it was only counted."""
        if self.csv_file is None and self.evidence is None:
            terminal.say(
                N_(
                    "nothing was written; --csv FILE writes which records belong together,"
                    " --evidence FILE why"
                )
            )


def refuse_outputs(
    terminal: Terminal,
    file: Path | None,
    csv_file: Path | None,
    evidence: Path | None,
    *,
    json_: bool,
) -> None:
    """Refuse before the long work what could not be written after it, or would overwrite."""
    if [json_, str(csv_file) == "-", str(evidence) == "-"].count(True) > 1:
        raise click.UsageError(
            terminal.said(N_("only one of --json, --csv - and --evidence - can be printed"))
        )
    paths = [path for path in (file, csv_file, evidence) if path is not None and str(path) != "-"]
    if len({path.resolve() for path in paths}) < len(paths):
        raise click.UsageError(
            terminal.said(N_("FILE, --csv and --evidence must be different files"))
        )
    for path in paths:
        folder = Path(os.path.realpath(path)).parent
        if not folder.is_dir():
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))
        is_file = path.is_file() or not path.exists()  # no pipe, nor the standard output
        if path != file and is_file and not os.access(folder, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))


def _why(link: Link, terminal: Terminal) -> tuple[str, str, str, str, str]:
    return (
        link.left,
        link.right,
        link.evidence.rule,
        f"{link.evidence.score:.4f}",
        "; ".join(terminal.said(reason_said(noted)) for noted in link.evidence.reasons),
    )


def _write_csv(path: Path, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with nullcontext(sys.stdout) if str(path) == "-" else whole_text(path) as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(headings)
        writer.writerows(rows)
