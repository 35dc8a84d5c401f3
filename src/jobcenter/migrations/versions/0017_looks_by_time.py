"""Looks by their time: each night those that are older than the law asks are counted."""

from collections.abc import Sequence

from alembic import op

revision: str = "0017"
down_revision: str | Sequence[str] | None = "0016"


def upgrade() -> None:
    """Expand."""
    op.create_index("look_by_time", "looks", ["organiser_id", "at"])


def downgrade() -> None:
    """We roll forward only."""
    raise NotImplementedError
