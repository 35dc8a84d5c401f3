"""A closed case is quiet: nobody of it is in the pool or has a gig to come."""

from collections.abc import Sequence
from pathlib import Path

from alembic import op

revision: str = "0018"
down_revision: str | Sequence[str] | None = "0017"

SQL = Path(__file__).parent.parent / "sql"


def upgrade() -> None:
    """Expand: nothing has closed a case before this."""
    script = (SQL / "closed_cases.sql").read_text(encoding="utf-8")
    op.get_bind().connection.dbapi_connection.run_async(lambda raw: raw.execute(script))


def downgrade() -> None:
    """We roll forward only."""
    raise NotImplementedError
