"""The command ``queue``: make it, fill it, work it off, look at it."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

import click

from libconsortium import Consortium, Message
from libconsortium_queue import jobs
from libconsortium_queue.worker import Done, Rules, Working

if TYPE_CHECKING:
    from procrastinate import App

SCHEMA = 1
_STATES = {
    jobs.WAITING: Message("waiting"),
    jobs.RUNNING: Message("running"),
    jobs.LEFT: Message("left by a worker that is gone"),
    jobs.FAILED: Message("given up"),
}

json_option = click.option("--json", "json_", is_flag=True, help="Answer for programs.")


class Terminal(Protocol):
    """What of the global options the commands need."""

    def consortium(self) -> Consortium:
        """Open the consortium of the folder."""

    def said(self, text: str | Message, **values: object) -> str:
        """Return a text in the reader's language."""


@click.group("queue", context_settings={"help_option_names": ["-h", "--help"]})
def queue() -> None:
    """Share harvests among many machines: a queue in the consortium's PostgreSQL database.

    Every machine has the same consortium.toml, whose store is PostgreSQL. One of them fills the
    queue (cron, a timer); all of them work it off. No two jobs ask one host at once, a job whose
    worker died is taken up by another one at its last page, and a source that fails waits for its
    next try without holding up anybody.

    Example: libconsortium queue init && libconsortium queue add && libconsortium queue work
    """


@contextmanager
def _opened(terminal: Terminal, *, is_made: bool = True) -> Iterator[tuple[Consortium, App]]:
    with terminal.consortium() as consortium:
        app = jobs.app_at(consortium.settings.store_address)
        _ = consortium.store  # made or upgraded, and a wrong address told, before the queue is
        with app.open():
            if is_made:
                jobs.must_be_there(app)
            yield consortium, app


@queue.command()
@click.option("--fresh", is_flag=True, help="Give up the queue that is there, and its jobs.")
@json_option
@click.pass_obj
def init(terminal: Terminal, *, fresh: bool, json_: bool) -> None:
    """Make the queue's tables, in a schema of their own; twice does no harm.

    Example: libconsortium queue init
    """
    with _opened(terminal, is_made=False) as (_consortium, app):
        made = jobs.make(app, fresh=fresh)
    if json_:
        _answer({"made": made})
    else:
        said = Message("the queue is made") if made else Message("the queue is there already")
        click.echo(terminal.said(said), err=True)


@queue.command()
@click.argument("sources", nargs=-1)
@json_option
@click.pass_obj
def add(terminal: Terminal, sources: tuple[str, ...], *, json_: bool) -> None:
    """Put all sources of consortium.toml into the queue, or those named.

    A source that waits or is being harvested is not put in twice; one that was given up gets a
    new chance.

    Example: libconsortium queue add my-library
    """
    with _opened(terminal) as (consortium, app):
        done = jobs.add(app, consortium.settings.sources(sources))
    if json_:
        _answer({"added": [name for name, is_new in done.items() if is_new]})
    else:
        for name, is_new in done.items():
            said = Message("put in") if is_new else Message("is in the queue already")
            click.echo(f"{name}: {terminal.said(said)}")


@queue.command()
@click.argument("source")
@json_option
@click.pass_obj
def remove(terminal: Terminal, source: str, *, json_: bool) -> None:
    """Take a source out of the queue; a harvest that runs is left to run.

    Example: libconsortium queue remove my-library
    """
    with _opened(terminal) as (_consortium, app):
        was_there = jobs.remove(app, source)
    if json_:
        _answer({"removed": [source] if was_there else []})
    else:
        said = Message("taken out") if was_there else Message("did not wait")
        click.echo(f"{source}: {terminal.said(said)}", err=True)


@queue.command()
@click.option(
    "--at-once",
    type=click.IntRange(min=1, max=64),
    default=4,
    show_default=True,
    help="How many hosts this machine harvests at once.",
)
@click.option("--until-empty", is_flag=True, help="End when nothing is due and nothing runs.")
@click.option(
    "--stalled-after",
    type=click.FloatRange(min=0.5),
    default=jobs.GONE_AFTER_SECONDS,
    show_default=True,
    metavar="SECONDS",
    help="Another worker is gone when it gave no sign of life for so long; the same everywhere.",
)
@json_option
@click.pass_obj
def work(
    terminal: Terminal, *, at_once: int, until_empty: bool, stalled_after: float, json_: bool
) -> None:
    """Harvest what is in the queue, until it is stopped (Ctrl-C, SIGTERM).

    Stopped, it ends after the present pages and puts its sources back. Run it on as many machines
    as you like, by systemd for example.

    Example: libconsortium queue work --at-once 8
    """
    logging.getLogger("procrastinate").setLevel(logging.CRITICAL)
    rules = Rules(at_once=at_once, until_empty=until_empty, stalled_after=stalled_after)
    done: list[Done] = []

    def tell(one: Done) -> None:
        done.append(one)
        if not json_:
            click.echo(_line(terminal, one))

    with _opened(terminal) as (consortium, app):
        app.close()
        Working(consortium, app, rules, tell).run()
    if json_:
        _answer({"done": [_row(one) for one in done]})


def _line(terminal: Terminal, one: Done) -> str:
    said = f"{one.source}: {terminal.said(one.status.value)}: {terminal.said(one.reason)}"
    if one.later is not None:
        again = Message("again {moment:%Y-%m-%d %H:%M} UTC", moment=one.later.at)
        return f"{said} ({terminal.said(again)})"
    return f"{said} ({terminal.said(_STATES[jobs.FAILED])})" if one.is_given_up else said


def _row(one: Done) -> dict[str, object]:
    return {
        "source": one.source,
        "status": one.status.name,
        "reason": str(one.reason),
        "again": one.later.at.isoformat() if one.later else None,
        "given_up": one.is_given_up,
    }


@queue.command()
@json_option
@click.pass_obj
def status(terminal: Terminal, *, json_: bool) -> None:
    """Show every source: whether it waits, until when, and how its last harvest ended.

    Example: libconsortium queue status
    """
    with _opened(terminal) as (consortium, app):
        in_queue = jobs.queued(app)
        names = [source.name for source in consortium.settings.file.sources]
        names += sorted({job.source for job in in_queue} - set(names))
        last = {name: consortium.store.last_run(name) for name in names}
    waiting = {job.source: job for job in in_queue}
    rows = []
    for name in names:
        job, run = waiting.get(name), last[name]
        rows.append(
            {
                "source": name,
                "queue": str(_STATES[job.status]) if job else "-",
                "not_before": job.at.isoformat() if job and job.at else None,
                "failed_before": job.attempt if job else 0,
                "last_run": run.status.name if run else None,
                "reason": str(run.reason) if run else "",
            }
        )
    if json_:
        _answer({"sources": rows})
        return
    for name, row in zip(names, rows, strict=True):
        run, job = last[name], waiting.get(name)
        state = terminal.said(_STATES[job.status]) if job else "-"
        at = f" ({str(row['not_before'])[:16]})" if row["not_before"] else ""
        said = f"{terminal.said(run.status.value)}: {terminal.said(run.reason)}" if run else "-"
        click.echo(f"{name}: {state}{at}; {said}")


def _answer(answer: Mapping[str, object]) -> None:
    click.echo(json.dumps({"schema": SCHEMA, **answer}, ensure_ascii=False))
