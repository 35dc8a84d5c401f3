"""How long things are kept stays within the law."""

from collections.abc import Sequence
from pathlib import Path

from alembic import op

revision: str = "0036"
down_revision: str | Sequence[str] | None = "0035"

SQL = Path(__file__).parent.parent / "sql"


def upgrade() -> None:
    """Expand."""
    op.execute((SQL / "retention_bounds.sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """We roll forward only."""
    raise NotImplementedError
