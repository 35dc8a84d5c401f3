"""An agreement may hold until further notice, and begins once on a day."""

from collections.abc import Sequence

from alembic import op

revision: str = "0034"
down_revision: str | Sequence[str] | None = "0033"


def upgrade() -> None:
    """Expand."""
    op.alter_column("agreements", "valid_to", nullable=True)
    op.drop_constraint("agreement_lasts", "agreements")
    op.create_check_constraint(
        "agreement_lasts", "agreements", "valid_to IS NULL OR valid_from < valid_to"
    )
    op.create_unique_constraint(
        op.f("agreements_organiser_id_party_id_title_valid_from_key"),
        "agreements",
        ["organiser_id", "party_id", "title", "valid_from"],
    )


def downgrade() -> None:
    """We roll forward only."""
    raise NotImplementedError
