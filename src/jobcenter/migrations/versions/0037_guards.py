"""The database itself closes no case before its reports are seen to, and counts towards cards."""

from collections.abc import Sequence
from pathlib import Path

from alembic import op

revision: str = "0037"
down_revision: str | Sequence[str] | None = "0036"

SQL = Path(__file__).parent.parent / "sql"


def upgrade() -> None:
    """Expand."""
    script = (SQL / "guards.sql").read_text(encoding="utf-8")
    op.get_bind().connection.dbapi_connection.run_async(lambda raw: raw.execute(script))


def downgrade() -> None:
    """We roll forward only."""
    raise NotImplementedError
