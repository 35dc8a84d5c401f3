"""Closed days stand once, with the unit; a break of a client is no withdrawal of theirs."""

from collections.abc import Sequence
from pathlib import Path

from alembic import op

revision: str = "0056"
down_revision: str | Sequence[str] | None = "0055"

SQL = Path(__file__).parent.parent / "sql"


def upgrade() -> None:
    """Expand, and take out what was kept twice."""
    script = (SQL / "unit_weeks.sql").read_text(encoding="utf-8")
    op.get_bind().connection.dbapi_connection.run_async(lambda raw: raw.execute(script))


def downgrade() -> None:
    """We roll forward only."""
    raise NotImplementedError
