"""The clients that are compared, each run in a process of its own.

python -m benchmarks.harvest_clients CLIENT URL PREFIX FOLDER

It prints one line of JSON: records, seconds, seconds of the processor (of the processes that were
started besides too), and the most memory (MB; of this process, one beside takes 37 more).
"""

from __future__ import annotations

import json
import os
import re
import resource
import socket
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from importlib import import_module
from importlib.util import find_spec
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import attrs
import requests
from lxml import etree

from libconsortium import (
    HarvestSource,
    HarvestWatch,
    HttpRules,
    Registry,
    Store,
    harvest_all,
    open_session,
    read_record,
    read_records,
    reading_rules,
)

_TOKEN = re.compile(rb"<resumptionToken[^>]*>([^<]*)<")
_RECORD = "{http://www.openarchives.org/OAI/2.0/}record"
_ELSEWHERE = "guessing"
_SOURCE = "bench-{}"
_LOOPBACK = ("127.0.0.1/32",)


@attrs.frozen(kw_only=True)
class Task:
    """What a client has to do.

    Args:
        url: Where the server is; several for the clients that harvest many, with blanks between.
        prefix: The format to ask for.
        folder: Where files may be left.
    """

    url: str
    prefix: str
    folder: Path


def raw_socket(task: Task) -> int:
    """Ask for every page over one bare socket, and look at nothing but the token."""
    where = urlsplit(task.url)
    with socket.create_connection((where.hostname or "", where.port or 80)) as server:

        def ask(query: str) -> bytes:
            server.sendall(f"GET {where.path}?{query} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
            head, _, body = server.recv(2**16).partition(b"\r\n\r\n")
            left = int(head.rpartition(b": ")[2]) - len(body)
            pieces = [body]
            while left:
                pieces.append(server.recv(min(left, 2**20)))
                left -= len(pieces[-1])
            return b"".join(pieces)

        return sum(page.count(b"<record>") for page in _pages(ask, task))


def session(task: Task) -> int:
    """Ask for every page over a requests.Session, and look at nothing but the token."""
    return sum(page.count(b"<record>") for page in _session_pages(task))


def session_many(task: Task) -> int:
    """Ask many endpoints at once, a thread and a session for each, and look at nothing."""
    urls = task.url.split()
    with ThreadPoolExecutor(len(urls)) as pool:
        return sum(pool.map(session, (attrs.evolve(task, url=url) for url in urls)))


def session_parse(task: Task) -> int:
    """Parse every page with lxml besides."""
    pages = _session_pages(task)
    return sum(len(list(etree.fromstring(page).iter(_RECORD))) for page in pages)


def session_fsync(task: Task) -> int:
    """Write every page into a file besides, synced to the disk page by page."""
    count = 0
    with (task.folder / "pages").open("wb") as file:
        for page in _session_pages(task):
            file.write(page)
            file.flush()
            os.fsync(file.fileno())
            count += page.count(b"<record>")
    return count


def sickle(task: Task) -> int:
    """Harvest with sickle, every record to a dictionary; nothing is kept."""
    import sickle as theirs

    records = theirs.Sickle(task.url).ListRecords(metadataPrefix=task.prefix)
    return sum(bool(record.metadata) for record in records)


def sickle_serially(task: Task) -> int:
    """Harvest one endpoint after the other with sickle, likewise."""
    return sum(sickle(attrs.evolve(task, url=url)) for url in task.url.split())


def scythe(task: Task) -> int:
    """Harvest with oaipmh-scythe, likewise."""
    theirs = import_module("oaipmh_scythe")  # by name: the peer need not be installed
    with theirs.Scythe(task.url) as client:
        records = client.list_records(metadata_prefix=task.prefix)
        return sum(bool(record.metadata) for record in records)


def our_sickle(task: Task) -> int:
    """Harvest with our sickle, likewise: strictly, guarded, nothing is kept."""
    from libconsortium.plugins.oai_pmh.client import StrictSickle

    with open_session(HttpRules(allowed_networks=_LOOPBACK)) as ours:
        records = StrictSickle(task.url, ours).ListRecords(metadataPrefix=task.prefix)
        return sum(bool(record.metadata) for record in records)


def harvest(task: Task) -> int:
    """Harvest into a store: every byte kept, every record checked, indexed and on the disk."""
    return _harvest(task, 0)


def harvest_guessing(task: Task) -> int:
    """Harvest into a store with three further requests under way, by guessed tokens."""
    return _harvest(_elsewhere(task), 3)


def harvest_many(task: Task) -> int:
    """Harvest many endpoints into one store at once, each with one request under way."""
    return _harvest(task, 0)


def _harvest(task: Task, guessed_pages: int) -> int:
    store, registry = _store(task)
    sources = [
        HarvestSource(
            name=_SOURCE.format(number),
            member="bench",
            url=url,
            prefix=task.prefix,
            allowed_networks=_LOOPBACK,
            guessed_pages=guessed_pages,
        )
        for number, url in enumerate(task.url.split())
    ]
    watch = HarvestWatch(clock=lambda: datetime.now(UTC))
    outcomes = harvest_all(sources, store, registry, watch)
    store.close()
    for outcome in outcomes:
        if not outcome.is_complete:
            raise SystemExit(str(outcome.reason))
    return sum(outcome.counts.new for outcome in outcomes)


def reread(task: Task) -> int:
    """Read what ``harvest`` left in the same folder, every record with all its fields."""
    store, registry = _store(task)
    count = sum(bool(record.title) for record in read_records(store, registry))
    store.close()
    return count


def reread_by_two(_: Task) -> int:
    """Read it likewise in two processes that are ready, each its own share of the pages."""
    for reader in _READERS:
        reader.send("go")
    counts, processor = zip(*(reader.recv() for reader in _READERS), strict=True)
    _BESIDE.extend(processor)
    return sum(counts)


def _start_readers(task: Task) -> None:
    context = get_context("spawn")
    for part in range(2):
        ours, theirs = context.Pipe()
        context.Process(target=_read_share, args=(task, part, theirs), daemon=True).start()
        _READERS.append(ours)
    for reader in _READERS:
        reader.recv()


def _read_share(task: Task, part: int, told: Connection) -> None:
    _load("read again", task)
    told.send("ready")
    told.recv()
    used = time.process_time()
    store, registry = _store(task)
    rules = reading_rules(registry)
    shared = store.record_changes(_SOURCE.format(0), share=(part, 2))
    count = sum(bool(read_record(one.record, registry, rules).title) for one in shared)
    store.close()
    told.send((count, time.process_time() - used))


_READERS: list[Connection] = []  # started before the clock, as every client is
_BESIDE: list[float] = []  # seconds of the processor that they took


def parse_again(task: Task) -> int:
    """Parse what ``harvest`` left in the same folder, record by record, and read nothing of it."""
    store, _ = _store(task)
    count = sum(len(etree.fromstring(one.content)) > 0 for one in store.records())
    store.close()
    return count


CLIENTS: dict[str, Callable[[Task], int]] = {
    "raw socket": raw_socket,
    "session": session,
    "session, many": session_many,
    "session + lxml": session_parse,
    "session + fsync": session_fsync,
    "sickle": sickle,
    "sickle, serially": sickle_serially,
    "oaipmh-scythe": scythe,
    "our sickle": our_sickle,
    "harvest": harvest,
    "harvest, guessing": harvest_guessing,
    "harvest, many": harvest_many,
    "read again": reread,
    "read again by two": reread_by_two,
    "parse again": parse_again,
}
"""Each by the name it has in the tables; the first five are the floors."""


def main() -> None:
    """Run one client and print what it took."""
    name, url, prefix, folder = sys.argv[1:]
    task = Task(url=url, prefix=prefix, folder=Path(folder))
    _load(name, task)
    began, used = time.perf_counter(), _processor()
    records = CLIENTS[name](task)
    took = {
        "records": records,
        "seconds": time.perf_counter() - began,
        "processor": _processor() - used,
        "memory": _most_memory(),
    }
    print(json.dumps(took))


def _load(name: str, task: Task) -> None:
    """Load what a client needs, and nothing else, and make its store before the clock starts."""
    if name == "read again by two":
        _start_readers(task)
    for module in _LOADED.get(name, ()):
        if find_spec(module.partition(".")[0]):
            import_module(module)
    if name in _STORING:
        where = _elsewhere(task) if name == "harvest, guessing" else task
        where.folder.mkdir(exist_ok=True)
        store, registry = _store(where)
        if name == "read again":
            registry.crosswalk_for("", task.prefix)
        store.close()


_HARVESTING = ("libconsortium.plugins.oai_pmh.harvesting",)
_LOADED = {
    "sickle": ("sickle",),
    "sickle, serially": ("sickle",),
    "oaipmh-scythe": ("oaipmh_scythe",),
    "our sickle": ("libconsortium.plugins.oai_pmh.client",),
    "harvest": _HARVESTING,
    "harvest, guessing": _HARVESTING,
    "harvest, many": _HARVESTING,
    "read again": ("libconsortium.plugins.dublin_core.reading", "libconsortium.plugins.marc.xml"),
}
_STORING = frozenset({"harvest", "harvest, guessing", "harvest, many", "read again", "parse again"})


def _elsewhere(task: Task) -> Task:
    return attrs.evolve(task, folder=task.folder / _ELSEWHERE)


def _store(task: Task) -> tuple[Store, Registry]:
    registry = Registry()
    store: Store = registry.store_for("sqlite").open(f"sqlite:///{task.folder}/bench.db")
    return store, registry


def _session_pages(task: Task) -> Iterator[bytes]:
    with requests.Session() as client:
        yield from _pages(lambda query: client.get(f"{task.url}?{query}").content, task)


def _pages(ask: Callable[[str], bytes], task: Task) -> Iterator[bytes]:
    asked = {"verb": "ListRecords", "metadataPrefix": task.prefix}
    while asked:
        page = ask(urlencode(asked))
        yield page
        token = _TOKEN.search(page, len(page) - 400)
        text = token.group(1).decode() if token else ""
        asked = {"verb": "ListRecords", "resumptionToken": text} if text else {}


def _processor() -> float:
    """Return the seconds of the processor that this process took, and those beside it."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime + sum(_BESIDE)


def _most_memory() -> float:
    """Return the most memory this process had, in MB; what its parent had does not count."""
    status = Path("/proc/self/status")
    if status.exists():
        found = re.search(r"VmHWM:\s*(\d+) kB", status.read_text())
        if found:
            return int(found.group(1)) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
