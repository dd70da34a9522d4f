"""A process that is killed loses at most the page it was writing."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import func, select

from libconsortium import RunStatus
from libconsortium.plugins.sql_store.opening import open_store
from libconsortium.plugins.sql_store.schema import PAGE, RECORD

RECORDS_A_PAGE = 40

# Writes pages for ever; says each one on standard output once the store has taken it.
WRITER = """
import sys
from datetime import UTC, datetime
from libconsortium import HarvestPage, HarvestRequest, RawRecord
from libconsortium.plugins.sql_store.opening import open_store

now = datetime.now(UTC)
store = open_store(sys.argv[1])
checkpoint = store.checkpoint("tlu")
if checkpoint:
    run, first, token = checkpoint.run.number, checkpoint.page_number, checkpoint.token
    store.resume_run(run, started=now)
else:
    request = HarvestRequest(source="tlu", url="https://tlu.example.org/oai")
    run, first, token = store.start_run(request, started=now).number, 1, ""
for number in range(first, 10_000):
    records = tuple(
        RawRecord(source="tlu", identifier=f"{number}-{n}", content=b"x" * 2000)
        for n in range(int(sys.argv[2]))
    )
    page = HarvestPage(
        number=number, url="u", body=b"y" * 50_000, received=now, records=records,
        token=f"after {number}",
    )
    store.add_page(run, page, token_in=token)
    token = page.token
    print(number, flush=True)
"""


@pytest.mark.slow
def test_kill_9_loses_at_most_the_page_in_flight(address: str) -> None:
    told = 0
    open_store(address).close()

    for seconds in (0.0, 0.011, 0.029, 0.053, 0.097, 0.151):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, address, str(RECORDS_A_PAGE)],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert writer.stdout is not None
        told = int(writer.stdout.readline())
        time.sleep(seconds)  # another moment of the writing each time
        writer.send_signal(signal.SIGKILL)
        rest = writer.communicate()[0].split()
        told = int(rest[-1]) if rest else told

        store = open_store(address)
        with store._reading() as connection:
            pages = list(
                connection.execute(select(PAGE.c.number).order_by(PAGE.c.number)).scalars()
            )
            records = connection.execute(select(func.count()).select_from(RECORD)).scalar_one()
        (run,) = store.runs()
        checkpoint = store.checkpoint("tlu")
        store.close()

        assert pages == list(range(1, len(pages) + 1))
        assert len(pages) in {told, told + 1}
        assert records == len(pages) * RECORDS_A_PAGE
        assert (run.counts.pages, run.counts.new) == (len(pages), records)
        assert run.status is RunStatus.RUNNING
        assert checkpoint is not None
        assert (checkpoint.token, checkpoint.page_number) == (f"after {pages[-1]}", len(pages) + 1)


@pytest.mark.slow
def test_a_killed_writer_leaves_a_sound_sqlite_file(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path}/a.db"
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, address, "5"], stdout=subprocess.PIPE, text=True
    )
    assert writer.stdout is not None
    writer.stdout.readline()
    writer.send_signal(signal.SIGKILL)
    writer.communicate()

    store = open_store(address)
    with store._reading() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
        assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
    store.close()
