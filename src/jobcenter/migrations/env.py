"""Where Alembic meets our tables; used by `jobcenter.schema`, never from a shell."""

from alembic import context
from sqlalchemy import Connection

from jobcenter.tables import METADATA, is_ours

connection = context.config.attributes["connection"]
assert isinstance(connection, Connection)  # `schema` hands it over
context.configure(
    connection=connection,
    target_metadata=METADATA,
    compare_type=True,
    include_name=is_ours,
)
with context.begin_transaction():
    context.run_migrations()
