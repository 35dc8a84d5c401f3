"""A unit has more places than one; clients and coaches are at one of them."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0051"
down_revision: str | Sequence[str] | None = "0050"


def upgrade() -> None:
    """Expand."""
    op.create_table(
        "unit_sites",
        sa.Column("organiser_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("unit_id", sa.UUID(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("postcode", sa.Text(), nullable=False),
        sa.Column("lat", sa.Float(), nullable=False),
        sa.Column("lon", sa.Float(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_from <= valid_to", name=op.f("unit_site_lasts")
        ),
        sa.ForeignKeyConstraint(
            ["organiser_id", "unit_id"],
            ["units.organiser_id", "units.id"],
            name=op.f("unit_sites_organiser_id_unit_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["postcode"], ["districts.postcode"], name=op.f("unit_sites_postcode_fkey")
        ),
        sa.PrimaryKeyConstraint("organiser_id", "id", name=op.f("unit_sites_pkey")),
        sa.UniqueConstraint("organiser_id", "unit_id", "id", name="site_of_a_unit"),
    )
    for table, who in (("coaches", "coach"), ("clients", "client")):
        op.add_column(table, sa.Column("site_id", sa.UUID(), nullable=True))
        op.create_foreign_key(
            f"{who}_site_is_of_the_unit",
            table,
            "unit_sites",
            ["organiser_id", "unit_id", "site_id"],
            ["organiser_id", "unit_id", "id"],
        )


def downgrade() -> None:
    """We roll forward only."""
    raise NotImplementedError
