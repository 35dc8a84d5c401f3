"""Seals say when they were made, and cover every log that nobody may rewrite."""

from collections.abc import Sequence
from pathlib import Path

from alembic import op

revision: str = "0048"
down_revision: str | Sequence[str] | None = "0047"

SQL = Path(__file__).parent.parent / "sql"


def upgrade() -> None:
    """Expand."""
    script = (SQL / "wider_seals.sql").read_text(encoding="utf-8")
    op.get_bind().connection.dbapi_connection.run_async(lambda raw: raw.execute(script))


def downgrade() -> None:
    """We roll forward only."""
    raise NotImplementedError
