"""What was erased, what may not be, and what each night's sweep found."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, Index, and_, or_
from sqlalchemy.orm import Mapped, mapped_column

from jobcenter.database import Base, Key, Organised, of


class Erasure(Base):
    """A person who was erased: the list by which a restored backup is to be gone through."""

    __tablename__ = "erasures"
    __table_args__ = (of("clients", "client_id"),)

    organiser_id: Mapped[Organised]
    id: Mapped[Key]
    client_id: Mapped[UUID]
    at: Mapped[datetime]
    actor: Mapped[UUID | None]
    law: Mapped[str]


class LegalHold(Base):
    """A reason for which a client's record may not be erased for the time being.

    It ends on its last day, where it has one, or when somebody lifts it.
    """

    __tablename__ = "legal_holds"
    __table_args__ = (
        of("clients", "client_id"),
        CheckConstraint("length(reason) >= 10", name="hold_says_why"),
        Index("hold_by_client", "organiser_id", "client_id"),
    )

    organiser_id: Mapped[Organised]
    id: Mapped[Key]
    client_id: Mapped[UUID]
    reason: Mapped[str]
    placed_at: Mapped[datetime]
    placed_by: Mapped[UUID | None]
    ended_at: Mapped[datetime | None]
    law: Mapped[str] = mapped_column(server_default="")
    last_day: Mapped[date | None]
    ended_by: Mapped[UUID | None]

    @classmethod
    def stands_on(cls, day: date) -> ColumnElement[bool]:
        """Tell the holds that keep a record on that day."""
        lasts = or_(cls.last_day.is_(None), cls.last_day >= day)
        return and_(cls.ended_at.is_(None), lasts)


class Sweep(Base):
    """What one night's sweep found of one class of record, and how much of it is gone."""

    __tablename__ = "retention_sweeps"

    organiser_id: Mapped[Organised]
    id: Mapped[Key]
    at: Mapped[datetime]
    record_class: Mapped[str]
    law: Mapped[str]
    days: Mapped[int]
    due: Mapped[int]
    removed: Mapped[int]
