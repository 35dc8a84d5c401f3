"""A coach may give a photo for the people whom they meet."""

from collections.abc import Sequence
from pathlib import Path

from alembic import op

revision: str = "0060"
down_revision: str | Sequence[str] | None = "0059"

SQL = Path(__file__).parent.parent / "sql"


def upgrade() -> None:
    """Expand."""
    script = (SQL / "coach_photos.sql").read_text(encoding="utf-8")
    op.get_bind().connection.dbapi_connection.run_async(lambda raw: raw.execute(script))


def downgrade() -> None:
    """We roll forward only."""
    raise NotImplementedError
