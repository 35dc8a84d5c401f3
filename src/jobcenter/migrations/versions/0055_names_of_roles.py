"""A role has a name in each language that staff read."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0055"
down_revision: str | Sequence[str] | None = "0054"

# The names of those that a city keeps as the service came with them.
NAMED = """
UPDATE roles SET name_sv = n.sv, name_en = n.en
FROM (VALUES
    ('orderer', 'Tilaaja', 'Beställare', 'Orderer'),
    ('party_manager', 'Tilaajan pääkäyttäjä', 'Beställarens huvudanvändare', 'Orderer’s manager'),
    ('coordinator', 'Koordinaattori', 'Koordinator', 'Coordinator'),
    ('coach', 'Työvalmentaja', 'Arbetstränare', 'Coach'),
    ('unit_lead', 'Yksikön esihenkilö', 'Enhetens chef', 'Head of the unit'),
    ('benefits', 'Etuusneuvoja', 'Förmånsrådgivare', 'Benefits adviser'),
    ('admin', 'Pääkäyttäjä', 'Administratör', 'Administrator'),
    ('data_protection_officer', 'Tietosuojavastaava', 'Dataskyddsombud', 'Data-protection officer'),
    ('accountant', 'Palkat ja laskut', 'Löner och fakturor', 'Pay and invoices')
) AS n (code, fi, sv, en)
WHERE roles.code = n.code AND roles.name = n.fi
"""


def upgrade() -> None:
    """Expand."""
    for name in ("name_sv", "name_en"):
        op.add_column("roles", sa.Column(name, sa.Text(), server_default="", nullable=False))
    op.execute(NAMED)


def downgrade() -> None:
    """We roll forward only."""
    raise NotImplementedError
