"""A kind of work may say in steps with pictures how it goes."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0027"
down_revision: str | Sequence[str] | None = "0026"


def upgrade() -> None:
    """Expand."""
    op.add_column(
        "task_types",
        sa.Column("steps", postgresql.JSONB(), nullable=False, server_default="[]"),
    )
    op.alter_column("task_types", "steps", server_default=None)


def downgrade() -> None:
    """We roll forward only."""
    raise NotImplementedError
