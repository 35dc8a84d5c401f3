"""Indexes on the keys by which the walls find whose a row is."""

from collections.abc import Sequence

from alembic import op

revision: str = "0009"
down_revision: str | Sequence[str] | None = "0008"

INDEXES = (
    ("client_by_unit", "clients", "unit_id"),
    ("exception_by_client", "client_exceptions", "client_id"),
    ("consent_by_client", "client_consents", "client_id"),
    ("site_by_party", "sites", "party_id"),
    ("coach_by_user", "coaches", "user_id"),
    ("order_by_party", "orders", "party_id first_start"),
    ("visit_by_order", "visits", "order_id"),
    ("flag_by_gig", "flags", "gig_id"),
    ("todo_by_client", "todos", "client_id"),
)


def upgrade() -> None:
    """Expand."""
    for name, table, columns in INDEXES:
        op.create_index(name, table, ["organiser_id", *columns.split()])


def downgrade() -> None:
    """We roll forward only."""
    raise NotImplementedError
