"""The code on a place's wall is its own among the places of its party."""

from collections.abc import Sequence

from alembic import op

revision: str = "0053"
down_revision: str | Sequence[str] | None = "0052"


def upgrade() -> None:
    """Expand."""
    op.create_index(
        "site_code_is_its_own", "sites", ["organiser_id", "party_id", "code"], unique=True
    )


def downgrade() -> None:
    """We roll forward only."""
    raise NotImplementedError
