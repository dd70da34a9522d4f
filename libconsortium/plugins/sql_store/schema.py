"""The tables, the same on every database.

Facts are kept as their texts, one table a kind and one column a field, exactly as ``to_row``
writes them: the store, the CSV export and the office's own files then show the same thing, and a
sum of money keeps its currency beside it. Times are ISO 8601 texts in UTC, lists are JSON texts.
Text sorts by code point everywhere, so that both databases give the same order.
"""

from __future__ import annotations

from sqlalchemy import (
    REAL as REAL_NUMBER,
)
from sqlalchemy import (
    BigInteger,
    Column,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    text,
)

from libconsortium import FACT_KINDS

PREFIX = "lc_"
"""Every table's name begins so: other programs may live in the same PostgreSQL database."""

VERSION_TABLE = f"{PREFIX}version"
"""Where Alembic keeps which migration the database is at."""

TEXT = Text(collation="C").with_variant(Text(), "sqlite")
NUMBER = BigInteger().with_variant(Integer(), "sqlite")
REAL: Double[float] = Double().with_variant(REAL_NUMBER(), "sqlite")

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _text(name: str) -> Column[str]:
    return Column(name, TEXT, nullable=False, server_default=text("''"))


def _key(name: str) -> Column[str]:
    return Column(name, TEXT, primary_key=True)


def _count(name: str) -> Column[int]:
    return Column(name, NUMBER, nullable=False, server_default="0")


def _refers(name: str, target: str) -> Column[int]:
    return Column(name, NUMBER, ForeignKey(f"{PREFIX}{target}"), nullable=False)


def _refers_in_key(name: str, target: str) -> Column[int]:
    return Column(
        name, NUMBER, ForeignKey(f"{PREFIX}{target}"), primary_key=True, autoincrement=False
    )


def _number_in_key(name: str) -> Column[int]:
    return Column(name, NUMBER, primary_key=True, autoincrement=False)


def _table(name: str, *parts: Column[str] | Column[int] | Column[float] | Column[bytes]) -> Table:
    return Table(f"{PREFIX}{name}", METADATA, *parts, sqlite_strict=True)


FACTS = {
    kind.name: _table(
        kind.name,
        *(_key(name) if name in kind.key else _text(name) for name in kind.fields),
    )
    for kind in FACT_KINDS.values()
}
"""The table of each kind of fact, in the order of the kinds."""

LOAD = _table(
    "load",
    Column("number", NUMBER, primary_key=True, autoincrement=True),
    _text("at"),
    _text("what"),
    _text("sources"),
    Column("undoes", NUMBER, ForeignKey(f"{PREFIX}load.number")),
)
LOAD_CHANGE = _table(
    "load_change",
    _refers_in_key("load", "load.number"),
    _number_in_key("position"),
    _text("kind"),
    Column("before", TEXT),
    Column("after", TEXT),
)

RUN = _table(
    "harvest_run",
    Column("number", NUMBER, primary_key=True, autoincrement=True),
    _text("source"),
    _text("url"),
    _text("prefix"),
    _text("set_spec"),
    _text("since"),
    _text("until"),
    _text("status"),
    _text("reason"),
    _text("started"),
    _text("finished"),
    _text("watermark"),
    _text("covers"),
    _count("pages"),
    _count("records"),
    _count("new"),
    _count("changed"),
    _count("unchanged"),
    _count("deleted"),
    _count("duplicates"),
    _count("repeated"),
    _count("repaired"),
)
Index(None, RUN.c.source, RUN.c.number)

LOCK = _table(
    "harvest_lock",
    _key("source"),
    _refers("run", "harvest_run.number"),
    _text("host"),
    _count("pid"),
    _text("process"),
    _text("since"),
)

BODY = _table(
    "harvest_body",
    _key("sha256"),
    _text("packing"),
    _count("size"),
    Column("content", LargeBinary, nullable=False),
)

PAGE = _table(
    "harvest_page",
    _refers_in_key("run", "harvest_run.number"),
    _number_in_key("number"),
    _text("url"),
    _text("sha256"),
    _text("encoding"),
    _text("headers"),
    _text("response_date"),
    _text("token_in"),
    _text("token_out"),
    Column("cursor", NUMBER),
    Column("complete_list_size", NUMBER),
    _count("record_count"),
    _text("received"),
)

RECORD = Table(
    f"{PREFIX}record",
    METADATA,
    _key("source"),
    _key("identifier"),
    _text("datestamp"),
    _text("sets"),
    _text("prefix"),
    _text("namespace"),
    Column("content", LargeBinary, nullable=False),
    _text("content_hash"),
    _count("is_deleted"),
    _text("cause"),
    Column("page_run", NUMBER, nullable=False),
    Column("page_number", NUMBER, nullable=False),
    _count("first_seen"),
    _count("last_changed"),
    _count("last_seen"),
    _count("last_listed"),
    _count("start"),
    _count("size"),  # bytes of its page, from the start, that are its content; 0: they stand here
    ForeignKeyConstraint(
        ["page_run", "page_number"], [f"{PREFIX}harvest_page.run", f"{PREFIX}harvest_page.number"]
    ),
    sqlite_strict=True,
)
Index(None, RECORD.c.source, RECORD.c.last_changed)
Index(None, RECORD.c.source, RECORD.c.page_run, RECORD.c.page_number, RECORD.c.start)

QUARANTINE = _table(
    "quarantine",
    _key("source"),
    _key("identifier"),
    _text("reason"),
    Column("content", LargeBinary, nullable=False),
    _refers("run", "harvest_run.number"),
    _count("page_number"),
    _count("first_run"),
)

PROBLEM = _table(
    "problem",
    Column("number", NUMBER, primary_key=True, autoincrement=True),
    _text("scope"),
    _text("code"),
    _text("severity"),
    _text("source"),
    _text("record"),
    _text("field"),
    _count("line"),
    _count("column"),
    _text("what"),
    _text("advice"),
)
Index(None, PROBLEM.c.scope, PROBLEM.c.number)

SEGMENT = _table(
    "segment",
    _key("name"),
    _text("source"),
    _text("namespace"),
    _text("prefix"),
    _text("made_by"),
    _text("sha256"),
    _text("at"),
    _count("batch"),
    _count("rows"),
    _count("size"),
    _count("through"),
)
CATALOGUE_RUN = _table(
    "catalogue_run",
    _number_in_key("number"),
    _text("at"),
    _text("state"),
)
CLUSTER_END = _table(
    "cluster_end",
    _key("cluster"),
    _number_in_key("run"),
    _text("successor"),
)
Index(None, CLUSTER_END.c.run)

CLUSTER = _table("cluster", _key("id"), _count("since"), _count("changed"), _text("origin"))
Index(None, CLUSTER.c.changed)
CLUSTER_RECORD = _table(
    "cluster_record",
    Column("cluster", TEXT, ForeignKey(f"{PREFIX}cluster.id"), primary_key=True),
    _key("record"),
)
Index(None, CLUSTER_RECORD.c.record)
CLUSTER_LINK = _table(
    "cluster_link",
    Column("cluster", TEXT, ForeignKey(f"{PREFIX}cluster.id"), primary_key=True),
    _number_in_key("position"),
    _text("left_record"),
    _text("right_record"),
    _text("rule"),
    Column("score", REAL, nullable=False),
    _text("reasons"),
    _text("veto"),
)
HOLDING = _table(
    "holding",
    Column("cluster", TEXT, ForeignKey(f"{PREFIX}cluster.id"), primary_key=True),
    _key("member"),
    _text("records"),
    _text("call_numbers"),
    _text("links"),
)

SPLIT = _table(
    "split",
    _key("subscription"),
    _number_in_key("year"),
    _number_in_key("version"),
    _text("at"),
    _text("input_hash"),
    _text("document"),
)

KEPT = tuple(table for table in METADATA.sorted_tables if table is not LOCK)
"""What belongs into a backup, each table after those it refers to; locks die with a process."""
