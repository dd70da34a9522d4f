"""Records point into their pages; those that stand here already stay as they are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add where a record begins in its page, and how many bytes it has there."""
    for name in ("start", "size"):
        op.add_column("lc_record", sa.Column(name, NUMBER, nullable=False, server_default="0"))
    op.create_index(
        "ix_lc_record_source_page_run_page_number_start",
        "lc_record",
        ["source", "page_run", "page_number", "start"],
    )


def downgrade() -> None:
    """Refuse: a backup is the way back."""
    raise NotImplementedError
