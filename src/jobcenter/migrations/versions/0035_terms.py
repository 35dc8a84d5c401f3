"""Terms of use have versions, and parties accept them."""

from collections.abc import Sequence
from pathlib import Path

from alembic import op

revision: str = "0035"
down_revision: str | Sequence[str] | None = "0034"

SQL = Path(__file__).parent.parent / "sql"


def upgrade() -> None:
    """Expand."""
    script = (SQL / "terms.sql").read_text(encoding="utf-8")
    op.get_bind().connection.dbapi_connection.run_async(lambda raw: raw.execute(script))


def downgrade() -> None:
    """We roll forward only."""
    raise NotImplementedError
