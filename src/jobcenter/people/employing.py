"""Through whom an ordering party employs: its employer of record, by the day of the work."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ScalarSelect, UniqueConstraint, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from jobcenter.database import Base, Key, Organised, of
from jobcenter.people.parties import OrderingParty
from jobcenter.validity import Dated


class PartyEmployer(Dated, Base):
    """Another employer of record than a party began with, from a day on."""

    __tablename__ = "party_employers"
    __table_args__ = (
        of("parties", "party_id"),
        of("employers", "employer_id"),
        UniqueConstraint("organiser_id", "party_id", "valid_from"),
        CheckConstraint("valid_to IS NULL OR valid_from < valid_to", name="party_employer_lasts"),
    )

    organiser_id: Mapped[Organised]
    id: Mapped[Key]
    party_id: Mapped[UUID]
    employer_id: Mapped[UUID]


async def employer_on(session: AsyncSession, party: OrderingParty, day: date) -> UUID | None:
    """Return who employs for work that a party orders for a day; nobody yet before its first."""
    return await session.scalar(select(moved_to(party, day))) or party.employer_id


def moved_to(party: OrderingParty, day: date) -> ScalarSelect[UUID]:
    """Select the other employer of record that a party has on a day, within a statement."""
    return (
        select(PartyEmployer.employer_id)
        .where(PartyEmployer.organiser_id == party.organiser_id)
        .where(PartyEmployer.party_id == party.id, PartyEmployer.holds_on(day))
        .order_by(PartyEmployer.valid_from.desc())
        .limit(1)
        .scalar_subquery()
    )
