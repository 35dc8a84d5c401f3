"""Legal holds say their law and last day; why a gig was withdrawn is let go of in time."""

from collections.abc import Sequence
from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision: str = "0020"
down_revision: str | Sequence[str] | None = "0019"

SQL = Path(__file__).parent.parent / "sql"


def upgrade() -> None:
    """Expand."""
    op.add_column("legal_holds", sa.Column("law", sa.Text(), server_default="", nullable=False))
    op.add_column("legal_holds", sa.Column("last_day", sa.Date()))
    op.add_column("legal_holds", sa.Column("ended_by", sa.UUID()))
    op.create_index("hold_by_client", "legal_holds", ["organiser_id", "client_id"])
    script = (SQL / "holds.sql").read_text(encoding="utf-8")
    op.get_bind().connection.dbapi_connection.run_async(lambda raw: raw.execute(script))


def downgrade() -> None:
    """We roll forward only."""
    raise NotImplementedError
