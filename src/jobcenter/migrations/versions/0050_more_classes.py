"""What had no class of record has one, with its law and its days."""

from collections.abc import Sequence
from pathlib import Path

from alembic import op

revision: str = "0050"
down_revision: str | Sequence[str] | None = "0049"

SQL = Path(__file__).parent.parent / "sql"


def upgrade() -> None:
    """Expand."""
    script = (SQL / "more_classes.sql").read_text(encoding="utf-8")
    op.get_bind().connection.dbapi_connection.run_async(lambda raw: raw.execute(script))


def downgrade() -> None:
    """We roll forward only."""
    raise NotImplementedError
