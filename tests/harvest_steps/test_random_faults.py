"""Whatever a server does at random: no harvest says complete when it is not, and none is stuck.

The laws, for any sequence of faults:

* what is stored, in quarantine or reported missing is everything the server has, or a window or
  page that holds the rest is reported missing; a harvest that says complete has everything;
* of a repository that changes while it is harvested that is true of all records that were there
  before and are there still, unless records were taken out and others added between two pages: the
  number stays the same, and only a comparison can tell;
* once the trouble is over a few more harvests, each with a comparison, bring the store to what the
  server has, and the first comparison that says complete says so rightly: every live record is
  live, and nothing is live that is gone or deleted.

Only who says twice that he has nothing is believed for the moment, and asked for all again.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from datetime import UTC, datetime

import attrs
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from libconsortium import HarvestWatch, Registry, Store, compare_source, harvest_source
from tests.oai_server import Reply, Repository, error, source_at
from tests.virtual_server import fast_folder, serving_at_once

REGISTRY = Registry()
EXAMPLES = (
    settings().max_examples if settings().max_examples != 100 else 40
)  # a laptop has less time
HTML = b"<html><body>B\xe1\xba\xa3o tr\xc3\xac</body></html>"
LONG = (("Retry-After", "86400"),)
Fault = Callable[[Reply], Reply]
FAULTS: dict[str, Fault] = {
    "none": lambda reply: reply,
    "cut": lambda reply: attrs.evolve(reply, cut=len(reply.body) // 2),
    "closed early": lambda reply: attrs.evolve(reply, cut=0),
    "half a page": lambda reply: attrs.evolve(reply, body=reply.body[: len(reply.body) // 2]),
    "web page": lambda reply: attrs.evolve(reply, body=HTML),
    "nothing": lambda reply: attrs.evolve(reply, body=b""),
    "down": lambda reply: attrs.evolve(reply, status=500),
    "busy": lambda reply: attrs.evolve(reply, status=503, headers=(("Retry-After", "0"),)),
    "busy for long": lambda reply: attrs.evolve(reply, status=429, headers=LONG),
    "token forgotten": lambda reply: attrs.evolve(reply, body=error("badResumptionToken")),
    "end too early": lambda reply: attrs.evolve(reply, body=error("noRecordsMatch")),
    "token lost": lambda reply: attrs.evolve(reply, body=without_token(reply.body)),
    "records lost": lambda reply: attrs.evolve(reply, body=without_a_record(reply.body)),
    "not found": lambda reply: attrs.evolve(reply, status=404, body=b""),
    "notice": lambda reply: attrs.evolve(reply, body=b"Notice: x<br>" + reply.body + b"<br>"),
    "control characters": lambda reply: attrs.evolve(
        reply, body=reply.body.replace(b"t\xe1\xba\xadp", b"t\x0bp", 1)
    ),
    "an element left open": lambda reply: attrs.evolve(
        reply, body=reply.body.replace(b"</dc:title>", b"", 1)
    ),
    "a record twice": lambda reply: attrs.evolve(
        reply, body=re.sub(rb"(<record>.*?</record>)", rb"\1\1", reply.body, count=1)
    ),
    "another order": lambda reply: attrs.evolve(reply, body=in_another_order(reply.body)),
    "clock ahead": lambda reply: attrs.evolve(reply, body=at_another_time(reply.body, b"2099")),
    "clock behind": lambda reply: attrs.evolve(reply, body=at_another_time(reply.body, b"1999")),
    "clock stopped": lambda reply: attrs.evolve(reply, body=at_another_time(reply.body, b"0000")),
    "packed twice": lambda reply: attrs.evolve(
        reply, body=gzip.compress(gzip.compress(reply.body))
    ),
    "packed and cut": lambda reply: attrs.evolve(reply, body=gzip.compress(reply.body)[:-20]),
    "token elsewhere": lambda reply: attrs.evolve(
        reply,
        body=re.sub(rb"(<resumptionToken.*</resumptionToken>)(</List\w+>)", rb"\2\1", reply.body),
    ),
    "total wrong": lambda reply: attrs.evolve(
        reply, body=re.sub(rb'completeListSize="\d+"', b'completeListSize="99"', reply.body)
    ),
    "forbidden": lambda reply: attrs.evolve(reply, status=403, body=HTML),
    "not ready": lambda reply: attrs.evolve(reply, status=202, body=b""),
}
POISONS: dict[str, Callable[[bytes], bytes]] = {
    "none": lambda record: record,
    "open": lambda record: record.replace(b"</dc:title>", b""),
    "twice": lambda record: record.replace(b"<dc:title>", b'<dc:title a="1" a="2">'),
    "control": lambda record: record.replace(b"ch", b"\x01"),
    "crash": lambda _record: b"",
}


def without_token(body: bytes) -> bytes:
    """Lose the token; on a first page nothing in the world could tell."""
    start, token, rest = body.partition(b"<resumptionToken")
    is_first = rest.startswith(b' cursor="0"')
    return start + b"</ListRecords></OAI-PMH>" if token and not is_first else body


def without_a_record(body: bytes) -> bytes:
    start, found, rest = body.partition(b"<record>")
    return start + rest.partition(b"</record>")[2] if found and b"<GetRecord" not in start else body


def in_another_order(body: bytes) -> bytes:
    records = re.findall(rb"<record>.*?</record>", body)
    return body.replace(b"".join(records), b"".join(reversed(records)))


def at_another_time(body: bytes, year: bytes) -> bytes:
    return body.replace(b"<responseDate>2026", b"<responseDate>" + year)


def clock() -> datetime:
    return datetime.now(UTC)


@pytest.mark.slow
@pytest.mark.timeout(0)
@settings(max_examples=EXAMPLES)
@given(
    faults=st.lists(st.sampled_from(sorted(FAULTS)), max_size=12),
    size=st.integers(5, 14),
    deleted=st.frozensets(st.integers(0, 4), max_size=3),
)
@example(  # what answers a single record with noRecordsMatch does not say that it is gone
    faults=["a record twice", "records lost", *(2 * ["a record twice"]), *(2 * ["end too early"])],
    size=5,
    deleted=frozenset(),
)
@example(  # two windows said that there is nothing, where identifiers had named a record
    faults=["forbidden", "not found", "half a page", "end too early", "end too early"],
    size=5,
    deleted=frozenset(),
)
@example(  # both halves of a window said that there is nothing, where four records had come
    faults=[
        *("end too early", "forbidden", "end too early", "a record twice", "end too early"),
        *("end too early", "forbidden", "end too early", "end too early"),
    ],
    size=5,
    deleted=frozenset(),
)
def test_complete_means_everything_and_trouble_passes(
    faults: list[str], size: int, deleted: frozenset[int]
) -> None:
    left = list(faults)
    truth = {f"oai:a.example:{number}": number in deleted for number in range(size)}
    repository = Repository(size=size, deleted=deleted)
    repository.fault = lambda _asked, _count, reply: FAULTS[left.pop(0) if left else "none"](reply)
    with fast_folder() as folder, serving_at_once(repository) as url:
        store: Store = REGISTRY.store_for("sqlite").open(f"sqlite:///{folder}/store.db")
        source = attrs.evolve(source_at(url), retry_seconds=0.001)
        for _ in range(20):
            outcome = harvest_source(source, store, REGISTRY, HarvestWatch(clock=clock))
            stored = {one.identifier: one.is_deleted for one in store.records(deleted=True)}
            # Whoever says twice that he has nothing is believed, and asked for all again.
            is_nothing = not outcome.counts.records and not outcome.watermark
            broken = {one.identifier for one in store.quarantine("a")}
            kept = {
                name: gone for name, gone in truth.items() if name not in broken - stored.keys()
            }
            assert not outcome.is_complete or stored == kept or is_nothing
            assert outcome.is_complete or str(outcome.reason)
            if outcome.is_complete and not (left or is_nothing or broken):
                break
        store.close()

    assert outcome.is_complete
    assert stored == truth


def poisoned(body: bytes, number: int, change: Callable[[bytes], bytes]) -> Reply:
    """Give a page with one record changed; a change to nothing is a server that breaks down."""
    end = body.find(f"tập {number}<".encode())
    if end < 0:
        return Reply(body=body)
    start = body.rindex(b"<record>", 0, end)
    record = body[start : body.index(b"</record>", end) + len(b"</record>")]
    changed = change(record)
    return Reply(body=body.replace(record, changed)) if changed else Reply(body=b"", status=500)


@pytest.mark.slow
@pytest.mark.timeout(0)
@settings(max_examples=EXAMPLES)
@given(
    faults=st.lists(st.sampled_from(sorted(FAULTS)), max_size=8),
    poison=st.sampled_from(sorted(POISONS)),
    where=st.integers(0, 30),
    size=st.integers(5, 40),
    spread=st.booleans(),
)
@example(  # a list that is short and leads to nothing proved another one that was empty
    faults=["end too early", "none", "none", "end too early"],
    poison="none",
    where=0,
    size=33,
    spread=False,
)
@example(  # a broken record that came twice stood for another one
    faults=["a record twice", "end too early"], poison="control", where=0, size=5, spread=False
)
@example(  # one list of identifiers named them, and two later ones had nothing
    faults=[*(2 * ["end too early", "a record twice"]), "end too early"],
    poison="control",
    where=0,
    size=5,
    spread=True,
)
@example(  # a window and its identifiers had nothing, and a record of its time had come
    faults=[
        "forbidden",
        *(2 * ["half a page"]),
        "end too early",
        *(2 * ["a record twice"]),
        *(2 * ["end too early"]),
    ],
    poison="control",
    where=1,
    size=5,
    spread=True,
)
def test_stored_and_reported_missing_is_always_everything(
    faults: list[str], poison: str, where: int, size: int, *, spread: bool
) -> None:
    left = list(faults)
    repository = Repository(
        size=size, spread=spread, honours_dates=spread, deleted=frozenset({1, 3})
    )

    def fault(_asked: dict[str, str], _count: int, reply: Reply) -> Reply:
        bad = poisoned(reply.body, where, POISONS[poison])
        return FAULTS[left.pop(0) if left else "none"](bad)

    repository.fault = fault
    with fast_folder() as folder, serving_at_once(repository) as url:
        store: Store = REGISTRY.store_for("sqlite").open(f"sqlite:///{folder}/store.db")
        source = attrs.evolve(source_at(url), retry_seconds=0.001)
        for _ in range(3):
            watch = HarvestWatch(clock=clock, seconds=60)
            outcome = harvest_source(source, store, REGISTRY, watch)
            stored = {one.identifier for one in store.records(deleted=True)}
            named = {one.identifier for one in outcome.missing if one.identifier}
            is_said = any(one.window or one.page for one in outcome.missing)
            is_nothing = outcome.is_complete and not outcome.counts.records
            assert stored <= repository.truth
            assert is_said or is_nothing or stored | named == repository.truth
            assert outcome.is_complete or outcome.missing
        store.close()


# ---------------------------------------------------------------- changes while it is harvested


@attrs.define(kw_only=True)
class Changing(Repository):
    """A repository from which records are taken out without a trace, too."""

    removed: set[int] = attrs.field(factory=set)

    def numbers(self, since: str = "", until: str = "") -> list[int]:
        held = Repository.numbers(self, since, until)
        return [number for number in held if number not in self.removed]

    def body(self, asked: dict[str, str]) -> bytes:
        name = asked.get("identifier", "").rpartition(":")[2]
        if name and int(name) in self.removed:
            return error("idDoesNotExist")
        return Repository.body(self, asked)

    def change(self, what: str, number: int) -> None:
        number %= self.size
        if what == "added":
            number, self.size = self.size, self.size + 1
        elif what == "removed":
            self.removed.add(number)
        elif what == "deleted":
            self.deleted |= {number}
        self.stamps[number] = "2026-01-31T08:00:01Z"

    @property
    def states(self) -> dict[str, bool]:
        """What it has now: identifier, and whether it is deleted."""
        return {
            f"oai:a.example:{number}": number in self.deleted
            for number in range(self.size)
            if number not in self.removed
        }


@pytest.mark.slow
@pytest.mark.timeout(0)
@settings(max_examples=EXAMPLES)
@given(
    changes=st.lists(
        st.tuples(
            st.integers(0, 20),
            st.sampled_from(["added", "changed", "deleted", "removed"]),
            st.integers(0, 40),
        ),
        max_size=8,
    ),
    size=st.integers(5, 30),
    faults=st.lists(st.sampled_from(sorted(set(FAULTS) - {"busy for long"})), max_size=4),
)
@example(  # no live record was left to show that single records are given; a tombstone does
    changes=[
        *((16, "deleted", 13), (0, "removed", 38), (13, "deleted", 6)),
        *((17, "deleted", 39), (11, "removed", 0)),
    ],
    size=5,
    faults=[],
)
@example(  # one record was lost in the list, and the same one skipped in that of identifiers
    changes=[(4, "removed", 36)], size=11, faults=["a record twice", "records lost"]
)
@example(  # the tombstone by which it was tried whether single records are given was gone as well
    changes=[
        (0, "deleted", 0),
        (0, "deleted", 1),
        (0, "deleted", 34),
        (1, "removed", 0),
        (1, "removed", 23),
    ],
    size=5,
    faults=[],
)
def test_a_repository_that_changes_under_way_is_whole_in_the_end(
    changes: list[tuple[int, str, int]], size: int, faults: list[str]
) -> None:
    repository = Changing(size=size, spread=True, honours_dates=True, deleted=frozenset({2}))
    left, trouble = sorted(changes), list(faults)

    def fault(asked: dict[str, str], _count: int, _reply: Reply) -> Reply:
        while left and left[0][0] < len(repository.asked):
            repository.change(*left.pop(0)[1:])
        reply = Reply(body=repository.body(asked))
        return FAULTS[trouble.pop(0) if trouble else "none"](reply)

    repository.fault = fault
    with fast_folder() as folder, serving_at_once(repository) as url:
        store: Store = REGISTRY.store_for("sqlite").open(f"sqlite:///{folder}/store.db")
        source = attrs.evolve(source_at(url), retry_seconds=0.001)
        watch = HarvestWatch(clock=clock, seconds=60)
        before = repository.states.keys()
        first = harvest_source(source, store, REGISTRY, watch)
        stored = {one.identifier for one in store.records(deleted=True)}
        named = {one.identifier for one in first.missing if one.identifier}
        lasting = before & repository.states.keys()
        is_said = any(one.window or one.page for one in first.missing)
        is_nothing = first.is_complete and not first.counts.records
        under_way = {what for _, what, _ in sorted(changes)[: len(changes) - len(left)]}
        # One taken out and one added between two pages leave number and cursor as they were.
        is_hidden = {"removed", "added"} <= under_way
        is_all = lasting <= stored | named
        assert is_said or is_nothing or is_hidden or is_all, str(first.reason)

        while left:
            repository.change(*left.pop(0)[1:])
        trouble.clear()
        for _ in range(3):
            harvest_source(source, store, REGISTRY, watch)
            last = compare_source(source, store, REGISTRY, watch, is_confirmed=True)
            if last.is_complete:
                break
        live = {one.identifier for one in store.records()}
        store.close()

    assert last.is_complete, str(last.reason)
    assert live == {name for name, is_deleted in repository.states.items() if not is_deleted}
