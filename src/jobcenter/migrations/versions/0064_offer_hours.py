"""Offers go out on working days, and a notice knows it."""

from collections.abc import Sequence
from pathlib import Path

from alembic import op

revision: str = "0064"
down_revision: str | Sequence[str] | None = "0063"

SQL = Path(__file__).parent.parent / "sql"


def upgrade() -> None:
    """Expand."""
    script = (SQL / "offer_hours.sql").read_text(encoding="utf-8")
    op.get_bind().connection.dbapi_connection.run_async(lambda raw: raw.execute(script))


def downgrade() -> None:
    """We roll forward only."""
    raise NotImplementedError
