"""What Alembic runs: the migrations, over the connection it was handed."""

from __future__ import annotations

from alembic import context

from libconsortium.plugins.sql_store.schema import METADATA, VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    version_table=VERSION_TABLE,
    render_as_batch=True,
    transactional_ddl=True,
)
context.run_migrations()
