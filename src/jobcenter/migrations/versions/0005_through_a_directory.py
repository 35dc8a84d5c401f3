"""When a directory last saw somebody prove who they are, and what a sign-in takes the place of."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | Sequence[str] | None = "0004"


def upgrade() -> None:
    """Expand."""
    op.add_column("sessions", sa.Column("proved_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("attempts", sa.Column("session_hash", sa.LargeBinary(length=32), nullable=True))


def downgrade() -> None:
    """We roll forward only."""
    raise NotImplementedError
