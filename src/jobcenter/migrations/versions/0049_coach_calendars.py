"""A coach's own calendar elsewhere says when they are busy."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0049"
down_revision: str | Sequence[str] | None = "0048"


def upgrade() -> None:
    """Expand."""
    op.create_table(
        "coach_calendars",
        sa.Column("organiser_id", sa.BigInteger(), nullable=False),
        sa.Column("coach_id", sa.UUID(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("master", sa.Text(), nullable=False),
        sa.Column("closed", sa.LargeBinary(), nullable=False),
        sa.Column("closed_address", sa.LargeBinary(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("trouble", sa.Text(), nullable=True),
        sa.Column("misses", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint("misses >= 0", name=op.f("calendar_misses_are_counted")),
        sa.ForeignKeyConstraint(
            ["organiser_id", "coach_id"],
            ["coaches.organiser_id", "coaches.id"],
            name=op.f("coach_calendars_organiser_id_coach_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("organiser_id", "coach_id", name=op.f("coach_calendars_pkey")),
    )
    op.create_table(
        "coach_busy",
        sa.Column("organiser_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("coach_id", sa.UUID(), nullable=False),
        sa.Column("during", postgresql.TSTZRANGE(), nullable=False),
        sa.CheckConstraint(
            "NOT isempty(during) AND NOT lower_inf(during) AND NOT upper_inf(during)"
            " AND isfinite(lower(during)) AND isfinite(upper(during))",
            name=op.f("busy_time_is_finite"),
        ),
        sa.ForeignKeyConstraint(
            ["organiser_id", "coach_id"],
            ["coach_calendars.organiser_id", "coach_calendars.coach_id"],
            name=op.f("coach_busy_organiser_id_coach_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organiser_id", "id", name=op.f("coach_busy_pkey")),
    )
    op.create_index("busy_by_coach", "coach_busy", ["organiser_id", "coach_id"])


def downgrade() -> None:
    """We roll forward only."""
    raise NotImplementedError
