"""The account book: what was charged, and what came in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")


def upgrade() -> None:
    """Make the table."""
    key = [sa.Column(name, TEXT, nullable=False) for name in ("entry", "account")]
    others = [
        sa.Column(name, TEXT, nullable=False, server_default=sa.text("''"))
        for name in ("amount", "on", "due_on", "what", "corrects", "source")
    ]
    op.create_table(
        "lc_ledger",
        *key,
        *others,
        sa.PrimaryKeyConstraint("entry", "account", name="pk_lc_ledger"),
        sqlite_strict=True,
    )
