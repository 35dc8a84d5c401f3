"""Who advises on benefits opens ledgers, and no record besides."""

from collections.abc import Sequence
from pathlib import Path

from alembic import op

revision: str = "0061"
down_revision: str | Sequence[str] | None = "0060"

SQL = Path(__file__).parent.parent / "sql"


def upgrade() -> None:
    """Take the right to whole records from the role as the service came with it."""
    script = (SQL / "benefits_role.sql").read_text(encoding="utf-8")
    op.get_bind().connection.dbapi_connection.run_async(lambda raw: raw.execute(script))


def downgrade() -> None:
    """We roll forward only."""
    raise NotImplementedError
