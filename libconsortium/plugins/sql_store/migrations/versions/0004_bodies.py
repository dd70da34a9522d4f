"""The bytes of pages stand in a table of their own, each once, under their hash."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

MOVED = """
INSERT INTO lc_harvest_body (sha256, packing, size, content)
SELECT sha256, '', length(body), body FROM lc_harvest_page WHERE true
ON CONFLICT (sha256) DO NOTHING
"""


def upgrade() -> None:
    """Move the bytes; every page keeps their hash."""
    op.create_table(
        "lc_harvest_body",
        sa.Column("sha256", TEXT, nullable=False),
        sa.Column("packing", TEXT, nullable=False, server_default=sa.text("''")),
        sa.Column("size", NUMBER, nullable=False, server_default="0"),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_lc_harvest_body"),
        sqlite_strict=True,
    )
    op.execute(MOVED)
    op.execute("ALTER TABLE lc_harvest_page DROP COLUMN body")


def downgrade() -> None:
    """Refuse: a backup is the way back."""
    raise NotImplementedError
