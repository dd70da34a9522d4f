"""The ledger of segments, the runs that built the union catalogue, and what became of old ids."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables, and the columns that say since when a cluster is as it is."""
    op.create_table(
        "lc_segment",
        sa.Column("name", TEXT, nullable=False),
        *(_text(name) for name in ("source", "namespace", "prefix", "made_by", "sha256", "at")),
        *(_number(name) for name in ("batch", "rows", "size", "through")),
        sa.PrimaryKeyConstraint("name", name="pk_lc_segment"),
        sqlite_strict=True,
    )
    op.create_table(
        "lc_catalogue_run",
        sa.Column("number", NUMBER, autoincrement=False, nullable=False),
        *(_text(name) for name in ("at", "state")),
        sa.PrimaryKeyConstraint("number", name="pk_lc_catalogue_run"),
        sqlite_strict=True,
    )
    op.create_table(
        "lc_cluster_end",
        sa.Column("cluster", TEXT, nullable=False),
        sa.Column("run", NUMBER, autoincrement=False, nullable=False),
        _text("successor"),
        sa.PrimaryKeyConstraint("cluster", "run", name="pk_lc_cluster_end"),
        sqlite_strict=True,
    )
    op.create_index("ix_lc_cluster_end_run", "lc_cluster_end", ["run"])
    op.add_column("lc_cluster", _number("since"))
    op.add_column("lc_cluster", _number("changed"))
    op.add_column("lc_cluster", _text("origin"))
    op.create_index("ix_lc_cluster_changed", "lc_cluster", ["changed"])
    op.create_index("ix_lc_cluster_record_record", "lc_cluster_record", ["record"])
    op.create_index("ix_lc_record_source_last_changed", "lc_record", ["source", "last_changed"])


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, TEXT, nullable=False, server_default=sa.text("''"))


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, NUMBER, nullable=False, server_default="0")
