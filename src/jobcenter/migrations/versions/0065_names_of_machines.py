"""No role has a name of the service's own machines and links."""

from collections.abc import Sequence

from alembic import op

revision: str = "0065"
down_revision: str | Sequence[str] | None = "0064"


def upgrade() -> None:
    """Expand."""
    op.create_check_constraint(
        "role_is_peoples",
        "roles",
        "code <> ALL ('{auditor,client,feed,gateway,inbox,link,matcher,operator,status,visitor,worker}'::text[])",
    )


def downgrade() -> None:
    """We roll forward only."""
    raise NotImplementedError
