"""Scoped tokens, service accounts, emergencies; a disabled user is out at once."""

from collections.abc import Sequence
from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0008"
down_revision: str | Sequence[str] | None = "0007"

SQL = Path(__file__).parent.parent / "sql"
# What tokens of before could do; new ones say what they are for.
ALL_SCOPES = (
    "ARRAY['orders:read','orders:write','candidates:read','gigs:read','gigs:write','rounds:read',"
    "'rounds:write','visits:read']"
)


def upgrade() -> None:
    """Expand."""
    op.add_column(
        "users", sa.Column("service", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("api_tokens", sa.Column("name", sa.Text(), nullable=False, server_default=""))
    op.add_column(
        "api_tokens",
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), nullable=False, server_default="{}"),
    )
    op.execute(f"UPDATE api_tokens SET scopes = {ALL_SCOPES}")
    op.execute(
        "UPDATE api_tokens SET expires_at = LEAST(expires_at, created_at + interval '90 days')"
    )
    op.create_check_constraint(
        "token_is_dated", "api_tokens", "expires_at <= created_at + interval '90 days'"
    )
    op.create_table(
        "emergencies",
        sa.Column("organiser_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("user_id", sa.UUID(), nullable=False),
        sa.Column("client_id", sa.UUID(), nullable=False),
        sa.Column("unit_id", sa.UUID(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(btrim(reason)) >= 10", name="emergency_has_a_reason"),
        sa.CheckConstraint(
            "at < until AND until <= at + interval '24 hours'", name="emergency_is_dated"
        ),
        sa.ForeignKeyConstraint(
            ["organiser_id", "user_id"], ["users.organiser_id", "users.id"],
            name=op.f("emergencies_organiser_id_user_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["organiser_id", "client_id"], ["clients.organiser_id", "clients.id"],
            name=op.f("emergencies_organiser_id_client_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["organiser_id", "unit_id"], ["units.organiser_id", "units.id"],
            name=op.f("emergencies_organiser_id_unit_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("organiser_id", "id", name=op.f("emergencies_pkey")),
    )
    op.create_index("emergency_by_user", "emergencies", ["organiser_id", "user_id", "client_id"])
    op.create_table(
        "right_events",
        sa.Column("organiser_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.UUID(), nullable=True),
        sa.Column("user_id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["organiser_id", "user_id"], ["users.organiser_id", "users.id"],
            name=op.f("right_events_organiser_id_user_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("organiser_id", "id", name=op.f("right_events_pkey")),
    )
    script = (SQL / "rights.sql").read_text(encoding="utf-8")
    op.get_bind().connection.dbapi_connection.run_async(lambda raw: raw.execute(script))


def downgrade() -> None:
    """We roll forward only."""
    raise NotImplementedError
