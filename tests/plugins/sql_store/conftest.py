"""One store of each kind of database; every test that asks for `store` runs on both."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from libconsortium import HarvestPage, HarvestRequest, RawRecord
from libconsortium.plugins.sql_store.opening import open_store
from libconsortium.plugins.sql_store.sql_store import SqlStore

DATABASES = ("sqlite", "postgresql")
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)

OpenAnother = Callable[[], SqlStore]


@pytest.fixture(params=DATABASES)
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/consortium.db"
    return str(request.getfixturevalue("pg_url"))


@pytest.fixture
def store(address: str) -> Iterator[SqlStore]:
    opened = open_store(address)
    yield opened
    opened.close()


@pytest.fixture
def sqlite_store(tmp_path: Path) -> Iterator[SqlStore]:
    opened = open_store(f"sqlite:///{tmp_path}/other.db")
    yield opened
    opened.close()


@pytest.fixture
def request_for() -> Callable[[str], HarvestRequest]:
    return lambda source: HarvestRequest(source=source, url=f"https://{source}.example.org/oai")


@pytest.fixture
def page_of() -> Callable[..., HarvestPage]:
    def made(number: int, *records: RawRecord, token: str = "") -> HarvestPage:
        return HarvestPage(
            number=number,
            url=f"https://tlu.example.org/oai?page={number}",
            body=b"\x1f\x8b" + bytes([number]) * 5,
            received=NOON,
            encoding="gzip",
            headers=(("Content-Type", "text/xml"), ("X-Same", "a"), ("X-Same", "b")),
            response_date="2026-03-02T11:59:00Z",
            records=records,
            token=token,
            cursor=0,
            complete_list_size=3,
        )

    return made


@pytest.fixture
def record_of() -> Callable[..., RawRecord]:
    def made(name: str, content: bytes = b"<dc>one</dc>", **other: Any) -> RawRecord:
        return RawRecord(
            source="tlu",
            identifier=f"oai:tlu:{name}",
            datestamp="2026-01-01",
            sets=("com_1", "col_2"),
            namespace="http://www.openarchives.org/OAI/2.0/oai_dc/",
            content=content,
            **other,
        )

    return made
