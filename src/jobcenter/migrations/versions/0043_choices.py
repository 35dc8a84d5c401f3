"""Strengths and services are rows of an organiser's, with the words of each language."""

from collections.abc import Sequence
from pathlib import Path

import sqlalchemy as sa
from alembic import op

from jobcenter.people.choices import usual

revision: str = "0043"
down_revision: str | Sequence[str] | None = "0042"

SQL = Path(__file__).parent.parent / "sql"
LAY = """
INSERT INTO choices (organiser_id, kind, code, name_fi, name_sv, name_en, name_easy, tasks,
                     anywhere, place)
SELECT id, :kind, :code, :name_fi, :name_sv, :name_en, :name_easy, CAST(:tasks AS smallint[]),
       :anywhere, :place
FROM organisers
"""


def upgrade() -> None:
    """Expand; organisers that are there already begin with what the service comes with."""
    script = (SQL / "choices.sql").read_text(encoding="utf-8")
    op.get_bind().connection.dbapi_connection.run_async(lambda raw: raw.execute(script))
    for row in usual():
        op.get_bind().execute(sa.text(LAY), row)


def downgrade() -> None:
    """We roll forward only."""
    raise NotImplementedError
