"""The organiser's number has hours, and the organiser a town: every page and map takes them there."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0054"
down_revision: str | Sequence[str] | None = "0053"

# What the pages said until now.
SAID = {"calls_from": "480", "calls_until": "960"}


def upgrade() -> None:
    """Expand."""
    for name, minute in SAID.items():
        column = sa.Column(name, sa.SmallInteger(), nullable=False, server_default=minute)
        op.add_column("organisers", column)
    op.add_column(
        "organisers", sa.Column("town", sa.Text(), nullable=False, server_default="Helsinki")
    )
    op.alter_column("organisers", "town", server_default="")
    op.create_check_constraint("desk_opens_first", "organisers", "calls_from < calls_until")


def downgrade() -> None:
    """We roll forward only."""
    raise NotImplementedError
