"""The use log says on whose behalf, and is sealed; what left the house is a row."""

from collections.abc import Sequence
from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | Sequence[str] | None = "0006"

SQL = Path(__file__).parent.parent / "sql"


def upgrade() -> None:
    """Expand."""
    op.add_column("looks", sa.Column("on_behalf", sa.Text(), nullable=False, server_default=""))
    op.add_column(
        "looks", sa.Column("outside", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column(
        "looks",
        sa.Column(
            "xid",
            sa.BigInteger(),
            nullable=False,
            server_default=sa.text("pg_current_xact_id()::text::bigint"),
        ),
    )
    op.create_index("look_by_xid", "looks", ["organiser_id", "xid"])
    op.create_index("look_by_request", "looks", ["organiser_id", "request_id", "client_id"])
    op.create_index("look_by_actor", "looks", ["organiser_id", "actor", "at"])
    op.create_table(
        "seals",
        sa.Column("organiser_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("from_xid", sa.BigInteger(), nullable=False),
        sa.Column("to_xid", sa.BigInteger(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("leaves", sa.LargeBinary(), nullable=False),
        sa.Column("root", sa.LargeBinary(length=32), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.CheckConstraint("from_xid < to_xid", name="seal_covers_something"),
        sa.PrimaryKeyConstraint("organiser_id", "number", name=op.f("seals_pkey")),
    )
    op.create_table(
        "disclosures",
        sa.Column("organiser_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("client_id", sa.UUID(), nullable=False),
        sa.Column("to_kind", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("actor", sa.UUID(), nullable=True),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "to_kind IN ('orderer', 'partner', 'register')", name="disclosure_to_somebody_known"
        ),
        sa.PrimaryKeyConstraint("organiser_id", "id", name=op.f("disclosures_pkey")),
    )
    op.create_index("disclosure_by_client", "disclosures", ["organiser_id", "client_id", "at"])
    script = (SQL / "audit.sql").read_text(encoding="utf-8")
    op.get_bind().connection.dbapi_connection.run_async(lambda raw: raw.execute(script))


def downgrade() -> None:
    """We roll forward only."""
    raise NotImplementedError
