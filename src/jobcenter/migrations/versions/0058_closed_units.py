"""A unit's closed days free the hours of activity in it for a gig."""

from collections.abc import Sequence
from pathlib import Path

from alembic import op

revision: str = "0058"
down_revision: str | Sequence[str] | None = "0057"

SQL = Path(__file__).parent.parent / "sql"


def upgrade() -> None:
    """Let one rule know closed days."""
    script = (SQL / "closed_units.sql").read_text(encoding="utf-8")
    op.get_bind().connection.dbapi_connection.run_async(lambda raw: raw.execute(script))


def downgrade() -> None:
    """We roll forward only."""
    raise NotImplementedError
