"""The first tables: facts and their log, harvests and records, the catalogue, splits."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql, sqlite

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
REAL: sa.Double[float] = sa.Double().with_variant(sqlite.REAL(), "sqlite")

OFFER = (
    "subscription pricing amount minimum_spend tier_kind driver basis valid_from valid_to source"
)

# What makes a fact the same fact, and what else is said of it.
FACTS = {
    "libraries": ("id", "name kind region opened closed evidence source"),
    "federations": ("id", "name kind opened closed evidence source"),
    "names": ("owner name language valid_from", "kind valid_to source"),
    "identifiers": ("owner scheme value", "valid_from valid_to source"),
    "successions": ("predecessor successor", "kind on source"),
    "memberships": ("member federation member_class valid_from", "valid_to evidence source"),
    "terms": ("federation label", "first_year last_year source"),
    "offices": ("federation office holder term", "valid_from valid_to source"),
    "measures": ("library name period", "value source"),
    "resources": ("id", "name kind vendor source"),
    "subscriptions": ("id", "resource federation valid_from valid_to source"),
    "participations": ("subscription member package valid_from", "valid_to choice source"),
    "offers": ("id", OFFER),
    "offer_tiers": ("offer above", "price"),
    "offer_packages": ("offer package", "price"),
    "standalone_quotes": ("library resource valid_from", "amount valid_to source"),
    "approvals": ("subscription year phase fingerprint approver", "author on source"),
    "adjustments": ("subscription year entry party", "amount on kind why decided_by source"),
    "decisions": ("left right act", "verdict on by why undone_on undone_by"),
}
RUN = "source url prefix set_spec since until status reason started finished watermark covers"
RUN_COUNTS = "pages records new changed unchanged deleted duplicates repeated repaired"
PAGE = "url sha256 encoding headers response_date token_in token_out received"
PROBLEM = "scope code severity source record field what advice"


def upgrade() -> None:
    """Make the tables."""
    for name, (key, others) in FACTS.items():
        make(name, key, *[must(word(field)) for field in key.split()], *texts(others))
    make_log()
    make_harvest()
    make_catalogue()
    make(
        "split",
        "subscription year version",
        *(must(word("subscription")), must(whole("year")), must(whole("version"))),
        *texts("at input_hash document"),
    )
    make("problem", "number", serial(), *texts(PROBLEM), *counts("line column"))
    op.create_index("ix_lc_problem_scope_number", "lc_problem", ["scope", "number"])


def make_log() -> None:
    """Make the log of loads."""
    make(
        "load",
        "number",
        serial(),
        *texts("at what sources"),
        whole("undoes"),
        refers("load", "undoes", "load.number"),
    )
    make(
        "load_change",
        "load position",
        *(must(whole("load")), must(whole("position"))),
        *texts("kind"),
        *(word("before"), word("after")),
        refers("load_change", "load", "load.number"),
    )


def make_harvest() -> None:
    """Make runs, their locks and pages, and the records."""
    make("harvest_run", "number", serial(), *texts(RUN), *counts(RUN_COUNTS))
    op.create_index("ix_lc_harvest_run_source_number", "lc_harvest_run", ["source", "number"])
    make(
        "harvest_lock",
        "source",
        *(must(word("source")), must(whole("run"))),
        *texts("host process since"),
        *counts("pid"),
        refers("harvest_lock", "run", "harvest_run.number"),
    )
    make(
        "harvest_page",
        "run number",
        *(must(whole("run")), must(whole("number"))),
        *texts(PAGE),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        *(whole("cursor"), whole("complete_list_size")),
        *counts("record_count"),
        refers("harvest_page", "run", "harvest_run.number"),
    )
    make(
        "record",
        "source identifier",
        *(must(word("source")), must(word("identifier"))),
        *texts("datestamp sets prefix namespace content_hash cause"),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        *(must(whole("page_run")), must(whole("page_number"))),
        *counts("is_deleted first_seen last_changed last_seen last_listed"),
        refers("record", "page_run page_number", "harvest_page.run harvest_page.number"),
    )
    make(
        "quarantine",
        "source identifier",
        *(must(word("source")), must(word("identifier"))),
        *texts("reason"),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        must(whole("run")),
        *counts("page_number first_run"),
        refers("quarantine", "run", "harvest_run.number"),
    )


def make_catalogue() -> None:
    """Make clusters, why they were made, and holdings."""
    make("cluster", "id", must(word("id")))
    make(
        "cluster_record",
        "cluster record",
        *(must(word("cluster")), must(word("record"))),
        refers("cluster_record", "cluster", "cluster.id"),
    )
    make(
        "cluster_link",
        "cluster position",
        *(must(word("cluster")), must(whole("position"))),
        *texts("left_record right_record rule reasons veto"),
        sa.Column("score", REAL, nullable=False),
        refers("cluster_link", "cluster", "cluster.id"),
    )
    make(
        "holding",
        "cluster member",
        *(must(word("cluster")), must(word("member"))),
        *texts("records call_numbers links"),
        refers("holding", "cluster", "cluster.id"),
    )


def make(name: str, key: str, *parts: sa.schema.SchemaItem) -> None:
    """Make one table with its primary key."""
    primary = sa.PrimaryKeyConstraint(*key.split(), name=f"pk_lc_{name}")
    op.create_table(f"lc_{name}", *parts, primary, sqlite_strict=True)


def texts(names: str) -> list[sa.Column[str]]:
    """Return text columns that are empty where nothing is said."""
    return [
        sa.Column(name, TEXT, nullable=False, server_default=sa.text("''"))
        for name in names.split()
    ]


def counts(names: str) -> list[sa.Column[int]]:
    """Return number columns that begin at zero."""
    return [sa.Column(name, NUMBER, nullable=False, server_default="0") for name in names.split()]


def word(name: str) -> sa.Column[str]:
    """Return a text column."""
    return sa.Column(name, TEXT)


def whole(name: str) -> sa.Column[int]:
    """Return a number column."""
    return sa.Column(name, NUMBER, autoincrement=False)


def must(column: sa.Column[str] | sa.Column[int]) -> sa.Column[str] | sa.Column[int]:
    """Return the column, which may not be empty."""
    column.nullable = False
    return column


def serial() -> sa.Column[int]:
    """Return a column that numbers the rows by itself."""
    return sa.Column("number", NUMBER, autoincrement=True, nullable=False)


def refers(table: str, columns: str, targets: str) -> sa.ForeignKeyConstraint:
    """Return a reference to other tables' rows."""
    mine = columns.split()
    return sa.ForeignKeyConstraint(
        mine,
        [f"lc_{target}" for target in targets.split()],
        name=f"fk_lc_{table}_{'_'.join(mine)}",
    )
