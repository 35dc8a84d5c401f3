"""Passkeys, sign-ins under way, counted tries, and sessions that their owner can list."""

from collections.abc import Sequence
from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | Sequence[str] | None = "0002"

SQL = Path(__file__).parent.parent / "sql"


def upgrade() -> None:
    """Expand."""
    op.create_table(
        "passkeys",
        sa.Column("organiser_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("user_id", sa.UUID(), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("uses", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organiser_id", "user_id"],
            ["users.organiser_id", "users.id"],
            name=op.f("passkeys_organiser_id_user_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("organiser_id", "id", name=op.f("passkeys_pkey")),
        sa.UniqueConstraint(
            "organiser_id", "credential_id", name=op.f("passkeys_organiser_id_credential_id_key")
        ),
    )
    op.create_index("passkey_by_user", "passkeys", ["organiser_id", "user_id"])
    op.create_table(
        "attempts",
        sa.Column("organiser_id", sa.BigInteger(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("challenge", sa.Text(), nullable=False),
        sa.Column("verifier", sa.Text(), nullable=False),
        sa.Column("user_id", sa.UUID(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("organiser_id", "token_hash", name=op.f("attempts_pkey")),
    )
    op.create_table(
        "tries",
        sa.Column("organiser_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("mark", sa.LargeBinary(length=32), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("organiser_id", "kind", "mark", name=op.f("tries_pkey")),
    )
    op.add_column("users", sa.Column("subject", sa.Text(), nullable=True))
    op.create_unique_constraint(
        op.f("users_organiser_id_subject_key"), "users", ["organiser_id", "subject"]
    )
    for column in (
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("way", sa.Text(), server_default="link", nullable=False),
        sa.Column("device", sa.Text(), server_default="", nullable=False),
        sa.Column("standing", sa.Text(), server_default="", nullable=False),
        sa.Column("former_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("rotated_at", sa.DateTime(timezone=True), nullable=True),
    ):
        op.add_column("sessions", column)
    op.create_index("session_by_id", "sessions", ["organiser_id", "id"], unique=True)
    op.create_index("session_by_user", "sessions", ["organiser_id", "user_id"])
    op.create_index("session_by_former_hash", "sessions", ["organiser_id", "former_hash"])
    script = (SQL / "signing_in.sql").read_text(encoding="utf-8")
    op.get_bind().connection.dbapi_connection.run_async(lambda raw: raw.execute(script))


def downgrade() -> None:
    """We roll forward only."""
    raise NotImplementedError
