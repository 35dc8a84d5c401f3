"""What was erased, what may not be, and what each night's sweep found."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import sqlalchemy as sa
from alembic import op
from uuid_utils.compat import uuid7

from jobcenter.reference.retention import retention_figures

revision: str = "0013"
down_revision: str | Sequence[str] | None = "0012"

SQL = Path(__file__).parent.parent / "sql"


def _ids() -> tuple[sa.Column[int], sa.Column[object]]:
    return (
        sa.Column("organiser_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
    )


def _of_client(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["organiser_id", "client_id"],
        ["clients.organiser_id", "clients.id"],
        name=op.f(f"{table}_organiser_id_client_id_fkey"),
    )


def _key(table: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint("organiser_id", "id", name=op.f(f"{table}_pkey"))


def upgrade() -> None:
    op.add_column("clients", sa.Column("closed_on", sa.Date()))
    op.add_column("clients", sa.Column("erased_at", sa.DateTime(timezone=True)))
    op.create_table(
        "erasures",
        *_ids(),
        sa.Column("client_id", sa.UUID(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.UUID()),
        sa.Column("law", sa.Text(), nullable=False),
        _of_client("erasures"),
        _key("erasures"),
    )
    op.create_table(
        "legal_holds",
        *_ids(),
        sa.Column("client_id", sa.UUID(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("placed_by", sa.UUID()),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("length(reason) >= 10", name=op.f("hold_says_why")),
        _of_client("legal_holds"),
        _key("legal_holds"),
    )
    op.create_table(
        "retention_sweeps",
        *_ids(),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("record_class", sa.Text(), nullable=False),
        sa.Column("law", sa.Text(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("due", sa.Integer(), nullable=False),
        sa.Column("removed", sa.Integer(), nullable=False),
        _key("retention_sweeps"),
    )
    for table in ("erasures", "legal_holds", "retention_sweeps"):
        op.execute(f"SELECT raise_organiser_wall('{table}', 'organiser_id')")
    script = (SQL / "retention.sql").read_text(encoding="utf-8")
    op.get_bind().connection.dbapi_connection.run_async(lambda raw: raw.execute(script))
    _lay_rules(op.get_bind())


def _lay_rules(connection: sa.Connection) -> None:
    """Give organisers that are there already the assumed years; later ones get them with the rest."""
    for (organiser_id,) in connection.execute(sa.text("SELECT id FROM organisers")).all():
        for figure in retention_figures():
            connection.execute(
                sa.text(
                    "INSERT INTO figures (organiser_id, id, kind, key, amount, valid_from, source,"
                    " standing) VALUES (:organiser, :id, :kind, :key, :amount, :since, :law,"
                    " 'assumed')"
                ),
                {
                    "organiser": organiser_id,
                    "id": uuid7(),
                    "kind": figure.kind,
                    "key": figure.key,
                    "amount": figure.amount,
                    "since": date(2020, 1, 1),
                    "law": figure.source,
                },
            )


def downgrade() -> None:
    raise NotImplementedError
