"""An order is open to matching only while its ordering party is verified."""

from collections.abc import Sequence
from pathlib import Path

from alembic import op

revision: str = "0014"
down_revision: str | Sequence[str] | None = "0013"

SQL = Path(__file__).parent.parent / "sql"


def upgrade() -> None:
    """Expand: what is open already stays, and is asked at its next change."""
    script = (SQL / "verified.sql").read_text(encoding="utf-8")
    op.get_bind().connection.dbapi_connection.run_async(lambda raw: raw.execute(script))


def downgrade() -> None:
    """We roll forward only."""
    raise NotImplementedError
