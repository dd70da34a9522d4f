"""A PostgreSQL server for the tests; `conftest.py` of the repository hands its fixtures to all."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest

PATIENCE_SECONDS = 20.0


def missing(what: str) -> NoReturn:
    """Skip on a laptop; fail where CI says that everything must be there."""
    if os.environ.get("CI", "").lower() in {"1", "true"}:
        pytest.fail(f"{what} is missing, and CI is set")
    pytest.skip(f"{what} is missing on this machine")


@pytest.fixture(scope="session")
def pg_cluster() -> Iterator[Path]:
    """Start a PostgreSQL server for this test run; the value is its socket's folder.

    It listens on a Unix socket only and is thrown away afterwards. Works as root too: the server
    refuses to run as root, so it is started as another user.
    """
    initdb, postgres = _postgres_program("initdb"), _postgres_program("postgres")
    as_user = _user_for_postgres()
    # A short path: the name of a Unix socket has at most 107 bytes.
    base = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    if as_user:
        os.chown(base, as_user["user"], as_user["group"])
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    options = ["-A", "trust", "-E", "UTF8", "-U", "postgres", "--no-sync", "--no-instructions"]
    made = subprocess.run(
        [initdb, "-D", base / "data", *options],
        check=False,
        capture_output=True,
        text=True,
        env=environment,
        cwd=base,
        **as_user,
    )
    assert made.returncode == 0, made.stderr
    with (base / "log").open("wb") as log:
        server = subprocess.Popen(
            [postgres, "-D", base / "data", "-k", base, *_quick_and_unsafe()],
            stdout=log,
            stderr=log,
            env=environment,
            cwd=base,
            **as_user,
        )
    try:
        _wait_until_it_answers(server, base)
        yield base
    finally:
        server.send_signal(signal.SIGINT)  # PostgreSQL's fast shutdown
        server.wait(PATIENCE_SECONDS)
        shutil.rmtree(base, ignore_errors=True)


@pytest.fixture
def pg_url(pg_cluster: Path) -> Iterator[str]:
    """Make an empty database for one test; the value is its SQLAlchemy address."""
    import psycopg
    from psycopg import sql

    name = f"t{uuid.uuid4().hex[:12]}"
    with psycopg.connect(_address_of(pg_cluster), autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name))
        )
        yield f"postgresql+psycopg://postgres@/{name}?host={pg_cluster}"
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _postgres_program(name: str) -> str:
    # Debian keeps the server's programs out of the search path, one folder per major version.
    versions = sorted(
        Path("/usr/lib/postgresql").glob(f"*/bin/{name}"),
        key=lambda path: int(path.parts[-3]),
        reverse=True,
    )
    found = shutil.which(name) or next((str(path) for path in versions), None)
    return found or missing(f"the PostgreSQL server ({name})")


def _user_for_postgres() -> dict[str, Any]:  # Any: keyword arguments of subprocess
    if os.geteuid() != 0:
        return {}
    known = {user.pw_name: user for user in pwd.getpwall()}
    owner = known.get("postgres") or known["nobody"]
    return {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}


def _quick_and_unsafe() -> list[str]:
    settings = ("listen_addresses=", "fsync=off", "synchronous_commit=off", "full_page_writes=off")
    return [part for setting in settings for part in ("-c", setting)]


def _address_of(cluster: Path) -> str:
    return f"host={cluster} user=postgres dbname=postgres"


def _wait_until_it_answers(server: subprocess.Popen[bytes], base: Path) -> None:
    import psycopg

    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            psycopg.connect(_address_of(base), autocommit=True).close()
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > end:
                pytest.fail(f"PostgreSQL did not start: {(base / 'log').read_text()}")
            time.sleep(0.05)
        else:
            return
