"""What the public register of companies said of an ordering party, beside what the party typed.

It is asked by the worker: an order never waits for it.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Row, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from jobcenter.companies import Company
from jobcenter.database import Base, Organised, asker, of
from jobcenter.people.parties import OrderingParty

AGAIN_AFTER = timedelta(minutes=10)
"""How long a register that did not answer is left in peace."""
HOLDS = timedelta(days=30)
AT_ONCE = 20


class RegisterAnswer(Base):
    """The newest answer about one party; without `answered_at` nobody has answered yet."""

    __tablename__ = "register_answers"
    __table_args__ = (of("parties", "party_id"),)

    organiser_id: Mapped[Organised]
    party_id: Mapped[UUID] = mapped_column(primary_key=True)
    business_id: Mapped[str]
    """What was asked about."""
    tried_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    is_known: Mapped[bool | None]
    name: Mapped[str] = mapped_column(default="")
    ended_on: Mapped[date | None]
    situations: Mapped[list[str]] = mapped_column(default=list)


def of_party(party: type[OrderingParty]) -> ColumnElement[bool]:
    """Join the answer about the business id that a party has now."""
    answer = RegisterAnswer
    same = (answer.organiser_id == party.organiser_id) & (answer.party_id == party.id)
    return same & (answer.business_id == party.business_id)


async def unchecked(
    session: AsyncSession, *, among: ColumnElement[bool], now: datetime
) -> Sequence[Row[UUID, str | None]]:
    """Return those whose business id nobody has looked up, or not lately; the newest first."""
    answer = RegisterAnswer
    rows = await session.execute(
        select(OrderingParty.id, OrderingParty.business_id)
        .outerjoin(
            answer,
            (answer.organiser_id == OrderingParty.organiser_id)
            & (answer.party_id == OrderingParty.id),
        )
        .where(OrderingParty.organiser_id == asker(session).organiser_id)
        .where(OrderingParty.business_id.is_not(None), among)
        .where(
            or_(
                answer.party_id.is_(None),
                answer.business_id != OrderingParty.business_id,
                answer.answered_at.is_(None) & (answer.tried_at <= now - AGAIN_AFTER),
                (answer.answered_at <= now - HOLDS) & (answer.tried_at <= now - AGAIN_AFTER),
            )
        )
        .order_by(OrderingParty.id.desc())
        .limit(AT_ONCE)
    )
    return rows.all()


async def keep(
    session: AsyncSession,
    *,
    party_id: UUID,
    business_id: str,
    company: Company | None,
    now: datetime,
) -> None:
    """Keep what the register answered; None is that it knows no such id."""
    await _write(
        session, party_id, business_id, now,
        answered_at=now, is_known=company is not None, name=company.name if company else "",
        ended_on=company.ended_on if company else None,
        situations=list(company.situations) if company else [],
    )  # fmt: skip


async def miss(session: AsyncSession, *, party_id: UUID, business_id: str, now: datetime) -> None:
    """Note that the register did not answer; an earlier answer about the same id stays."""
    await _write(session, party_id, business_id, now)


async def _write(
    session: AsyncSession, party_id: UUID, business_id: str, now: datetime, **said: object
) -> None:
    answer, organiser_id = RegisterAnswer, asker(session).organiser_id
    identity = (organiser_id, party_id)
    await session.execute(
        insert(answer)
        .values(organiser_id=organiser_id, party_id=party_id, business_id=business_id,
                tried_at=now, name="", situations=[])
        .on_conflict_do_nothing()
    )  # fmt: skip
    row = await session.get_one(answer, identity, with_for_update=True, populate_existing=True)
    if row.business_id != business_id:
        row.answered_at = row.is_known = row.ended_on = None
        row.name, row.situations = "", []
    row.business_id, row.tried_at = business_id, now
    for name, value in said.items():
        setattr(row, name, value)
