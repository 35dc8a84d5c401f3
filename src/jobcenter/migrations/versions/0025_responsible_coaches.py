"""Each client has a coach who is responsible for them, one of their own unit."""

from collections.abc import Sequence
from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision: str = "0025"
down_revision: str | Sequence[str] | None = "0024"

SQL = Path(__file__).parent.parent / "sql"


def upgrade() -> None:
    """Expand: whoever has been met by one coach most lately gets that one, where it is clear."""
    op.create_unique_constraint("coach_of_a_unit", "coaches", ["organiser_id", "unit_id", "id"])
    op.add_column("clients", sa.Column("coach_id", sa.UUID()))
    op.create_foreign_key(
        "client_coach_is_of_the_unit",
        "clients",
        "coaches",
        ["organiser_id", "unit_id", "coach_id"],
        ["organiser_id", "unit_id", "id"],
    )
    op.create_index("client_by_coach", "clients", ["organiser_id", "coach_id"])
    script = (SQL / "responsible.sql").read_text(encoding="utf-8")
    op.get_bind().connection.dbapi_connection.run_async(lambda raw: raw.execute(script))


def downgrade() -> None:
    """We roll forward only."""
    raise NotImplementedError
