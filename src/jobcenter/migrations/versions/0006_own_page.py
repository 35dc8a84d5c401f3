"""The client's own page: links bound to a number, a PIN, and consents as history."""

from collections.abc import Sequence
from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | Sequence[str] | None = "0005"

SQL = Path(__file__).parent.parent / "sql"


def _of_client(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["organiser_id", "client_id"],
        ["clients.organiser_id", "clients.id"],
        name=op.f(f"{table}_organiser_id_client_id_fkey"),
    )


def upgrade() -> None:
    """Expand."""
    op.add_column("links", sa.Column("phone_hash", sa.LargeBinary(length=32), nullable=True))
    op.add_column(
        "links", sa.Column("number", sa.SmallInteger(), nullable=False, server_default="1")
    )
    op.alter_column("links", "number", server_default=None)
    op.create_table(
        "client_links",
        sa.Column("organiser_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("client_id", sa.UUID(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("phone_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.UUID(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "purpose IN ('own', 'pin')", name=op.f("client_link_purpose_is_known")
        ),
        _of_client("client_links"),
        sa.PrimaryKeyConstraint("organiser_id", "id", name=op.f("client_links_pkey")),
        sa.UniqueConstraint("token_hash", name=op.f("client_links_token_hash_key")),
    )
    op.create_index(
        "client_link_by_client", "client_links", ["organiser_id", "client_id", "made_at"]
    )
    op.create_table(
        "client_pins",
        sa.Column("organiser_id", sa.BigInteger(), nullable=False),
        sa.Column("client_id", sa.UUID(), nullable=False),
        sa.Column("pin_hash", sa.Text(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by", sa.UUID(), nullable=True),
        sa.Column("wrong", sa.SmallInteger(), nullable=False),
        sa.Column("rests_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("wrong >= 0", name=op.f("pin_tries_are_counted")),
        _of_client("client_pins"),
        sa.PrimaryKeyConstraint("organiser_id", "client_id", name=op.f("client_pins_pkey")),
    )
    op.create_table(
        "client_unlocks",
        sa.Column("organiser_id", sa.BigInteger(), nullable=False),
        sa.Column("session_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("client_id", sa.UUID(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        _of_client("client_unlocks"),
        sa.PrimaryKeyConstraint(
            "organiser_id", "session_hash", name=op.f("client_unlocks_pkey")
        ),
    )
    op.add_column("client_consents", sa.Column("gig_id", sa.UUID(), nullable=True))
    op.add_column("client_consents", sa.Column("withdrawn_by", sa.UUID(), nullable=True))
    op.add_column("client_consents", sa.Column("withdrawn_how", sa.Text(), nullable=True))
    op.create_index(
        "consent_stands_once",
        "client_consents",
        ["organiser_id", "client_id", "purpose"],
        unique=True,
        postgresql_where=sa.text("withdrawn_at IS NULL AND gig_id IS NULL"),
    )
    op.create_index(
        "consent_stands_once_a_gig",
        "client_consents",
        ["organiser_id", "client_id", "purpose", "gig_id"],
        unique=True,
        postgresql_where=sa.text("withdrawn_at IS NULL AND gig_id IS NOT NULL"),
    )
    script = (SQL / "own.sql").read_text(encoding="utf-8")
    op.get_bind().connection.dbapi_connection.run_async(lambda raw: raw.execute(script))


def downgrade() -> None:
    """We roll forward only."""
    raise NotImplementedError
