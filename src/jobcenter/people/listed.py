"""Every change of the organiser's lists: what stood there, what stands there now, who and when.

The log is only added to. A change of a day to come waits here where its list has no dated rows.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped

from jobcenter.database import Base, Json, Key, Organised


class ListChange(Base):
    """One change of one entry, from a day on; without `after` the entry ends or a plan is undone.

    `entry` is the short hash under which pages know the entry, whose key is in `key`.
    """

    __tablename__ = "list_changes"
    __table_args__ = (
        Index("list_change_by_entry", "organiser_id", "list", "entry", "id"),
        Index(
            "list_change_waiting", "organiser_id", "holds_from",
            postgresql_where="applied_at IS NULL AND undone_at IS NULL",
        ),
        CheckConstraint(
            "kind IN ('begun', 'changed', 'ended', 'undone')", name="list_change_kind_is_known"
        ),
    )  # fmt: skip

    organiser_id: Mapped[Organised]
    id: Mapped[Key]
    list: Mapped[str]
    entry: Mapped[str]
    key: Mapped[Json]
    kind: Mapped[str]
    holds_from: Mapped[date]
    before: Mapped[Json | None]
    after: Mapped[Json | None]
    at: Mapped[datetime]
    actor: Mapped[UUID | None]
    applied_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]
