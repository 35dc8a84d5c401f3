"""How urgently an order is looked for, and the date that its orderer is offered instead."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0024"
down_revision: str | Sequence[str] | None = "0023"


def upgrade() -> None:
    """Expand: what lies ahead begins at the first step of its own time."""
    op.add_column(
        "orders", sa.Column("escalated", sa.SmallInteger(), server_default="0", nullable=False)
    )
    op.add_column("orders", sa.Column("next_start", sa.DateTime(timezone=True), nullable=True))
    op.create_check_constraint("order_escalates_in_steps", "orders", "escalated BETWEEN 0 AND 3")


def downgrade() -> None:
    """We roll forward only."""
    raise NotImplementedError
