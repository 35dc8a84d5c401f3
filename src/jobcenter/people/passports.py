"""What it is like to come to a place of work: told once by the orderer, confirmed by a coach.

Reused by every order at that place. A confirmation is of one version: what is written after it is
to be looked at again.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from jobcenter.database import Base, Json, Key, Organised, Small, of

# What is told in words, each in a few lines.
WORDS = ("stairs", "toilet_where", "lockers", "wear", "breaks", "light")
PEOPLE = ("contact_name", "contact_phone", "reserve_name", "reserve_phone")
MOST_PHOTOS = 5


class PlacePassport(Base):
    """One site's passport, in its newest version."""

    __tablename__ = "place_passports"
    __table_args__ = (
        of("sites", "site_id"),
        of("users", "written_by"),
        of("users", "confirmed_by"),
        CheckConstraint("noise BETWEEN 0 AND 3", name="passport_noise_is_a_level"),
        CheckConstraint("num_nonnulls(confirmed_version, confirmed_at) IN (0, 2)",
                        name="passport_confirmed_whole"),
        CheckConstraint("confirmed_version <= version", name="passport_confirmed_as_written"),
    )  # fmt: skip

    organiser_id: Mapped[Organised]
    site_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    stairs: Mapped[str] = mapped_column(default="")
    toilet_where: Mapped[str] = mapped_column(default="")
    lockers: Mapped[str] = mapped_column(default="")
    wear: Mapped[str] = mapped_column(default="")
    breaks: Mapped[str] = mapped_column(default="")
    light: Mapped[str] = mapped_column(default="")
    noise: Mapped[Small] = mapped_column(default=1)
    contact_name: Mapped[str] = mapped_column(default="")
    contact_phone: Mapped[str] = mapped_column(default="")
    reserve_name: Mapped[str] = mapped_column(default="")
    reserve_phone: Mapped[str] = mapped_column(default="")
    written_at: Mapped[datetime]
    written_by: Mapped[UUID | None]
    confirmed_version: Mapped[int | None]
    confirmed_at: Mapped[datetime | None]
    confirmed_by: Mapped[UUID | None]
    remark: Mapped[str] = mapped_column(default="")
    """What the coach who was there adds for their colleagues and the worker."""

    @property
    def is_confirmed(self) -> bool:
        """Whether a coach has seen the place as it is written now."""
        return self.confirmed_version == self.version


class PlacePhoto(Base):
    """A photo of a place, drawn anew by us: nothing that a camera wrote beside it is kept."""

    __tablename__ = "place_photos"
    __table_args__ = (
        of("sites", "site_id"),
        of("users", "added_by"),
        Index("photo_by_site", "organiser_id", "site_id", "added_at"),
        CheckConstraint("octet_length(jpeg) BETWEEN 1 AND 1000000", name="photo_is_small"),
    )

    organiser_id: Mapped[Organised]
    id: Mapped[Key]
    site_id: Mapped[UUID]
    caption: Mapped[str] = mapped_column(default="")
    jpeg: Mapped[bytes] = mapped_column(LargeBinary)
    width: Mapped[int]
    height: Mapped[int]
    added_at: Mapped[datetime]
    added_by: Mapped[UUID | None]


class PlaceEvent(Base):
    """What somebody wrote, confirmed or took away at a place, with what stood there before."""

    __tablename__ = "place_events"
    __table_args__ = (
        of("sites", "site_id"),
        of("users", "actor"),
        Index("place_event_by_site", "organiser_id", "site_id", "at"),
    )

    organiser_id: Mapped[Organised]
    id: Mapped[Key]
    site_id: Mapped[UUID]
    kind: Mapped[str]
    actor: Mapped[UUID | None]
    at: Mapped[datetime]
    details: Mapped[Json]
