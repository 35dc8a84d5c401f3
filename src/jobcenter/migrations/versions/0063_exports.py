"""Exports of all rows are asked for, made by the worker, and there for a day."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0063"
down_revision: str | Sequence[str] | None = "0062"


def _user(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["organiser_id", "user_id"],
        ["users.organiser_id", "users.id"],
        name=op.f(f"{table}_organiser_id_user_id_fkey"),
    )


def upgrade() -> None:
    """Expand."""
    op.create_table(
        "exports",
        sa.Column("organiser_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("user_id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True)),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("person_count", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('pay', 'invoices')", name=op.f("export_kind_is_known")),
        sa.CheckConstraint(
            "state IN ('asked', 'made', 'refused')", name=op.f("export_state_is_known")
        ),
        sa.CheckConstraint("first_day <= last_day", name=op.f("export_has_days")),
        sa.CheckConstraint("length(btrim(reason)) >= 10", name=op.f("export_has_a_reason")),
        sa.CheckConstraint("(state = 'made') = (ends_at IS NOT NULL)", name=op.f("export_ends")),
        _user("exports"),
        sa.PrimaryKeyConstraint("organiser_id", "id", name=op.f("exports_pkey")),
    )
    op.create_table(
        "export_files",
        sa.Column("organiser_id", sa.BigInteger(), nullable=False),
        sa.Column("export_id", sa.UUID(), nullable=False),
        sa.Column("user_id", sa.UUID(), nullable=False),
        sa.Column("people", postgresql.ARRAY(sa.UUID()), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organiser_id", "export_id"],
            ["exports.organiser_id", "exports.id"],
            name=op.f("export_files_organiser_id_export_id_fkey"),
        ),
        _user("export_files"),
        sa.PrimaryKeyConstraint("organiser_id", "export_id", name=op.f("export_files_pkey")),
    )
    for table in ("exports", "export_files"):
        op.execute(f"SELECT raise_organiser_wall('{table}', 'organiser_id')")


def downgrade() -> None:
    """We roll forward only."""
    raise NotImplementedError
