"""Who keeps the log sees in which hours somebody guessed at links and tokens."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0059"
down_revision: str | Sequence[str] | None = "0058"


def upgrade() -> None:
    """Expand."""
    op.create_table(
        "guesses",
        sa.Column("organiser_id", sa.BigInteger(), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("stopped", sa.Integer(), nullable=False),
        sa.CheckConstraint("stopped > 0", name=op.f("guesses_were_stopped")),
        sa.PrimaryKeyConstraint("organiser_id", "hour", name=op.f("guesses_pkey")),
    )
    op.execute("SELECT raise_organiser_wall('guesses', 'organiser_id')")


def downgrade() -> None:
    """We roll forward only."""
    raise NotImplementedError
