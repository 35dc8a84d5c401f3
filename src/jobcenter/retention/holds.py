"""Legal holds: placed and lifted by whoever keeps the log, with a reason, a law and perhaps a day.

While one stands, neither the nightly sweep nor an erasure takes anything of the person.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Table, and_, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute, aliased

from jobcenter.audit.keepers import READS_THE_LOG
from jobcenter.database import OrganiserId, asker
from jobcenter.errors import Fault, Invalid, NotAllowed, NotFound
from jobcenter.fields import text_of
from jobcenter.orders.gigs import Gig
from jobcenter.orders.locking import locked_client
from jobcenter.orders.proposals import ProposalRow
from jobcenter.people.erasures import LegalHold
from jobcenter.people.staff import User
from jobcenter.people.upkeep import note_upkeep
from jobcenter.times import local

SHORTEST_REASON, LONGEST = 10, 500
MOST = 200


@dataclass(frozen=True, slots=True)
class Kept:
    """A hold with the names of who placed and who lifted it."""

    hold: LegalHold
    placed_by: str
    ended_by: str

    def stands(self, day: date) -> bool:
        """Whether it keeps the record on that day."""
        last = self.hold.last_day
        return self.hold.ended_at is None and (last is None or last >= day)


async def place(
    session: AsyncSession,
    *,
    client_id: UUID,
    reason: str,
    law: str,
    last_day: date | None,
    now: datetime,
) -> UUID:
    """Keep a client's record from being erased, for a reason and by a law."""
    _may(session)
    client = await locked_client(session, client_id)
    faults: list[Fault] = []
    why = text_of(reason, "reason", faults, most=LONGEST, required=True, lines=True)
    if not faults and len(why) < SHORTEST_REASON:
        faults.append(Fault("reason", "too_short", "Please tell why in a few more words."))
    by_law = text_of(law, "law", faults, most=LONGEST, required=True)
    if last_day and last_day < local(now).date():
        faults.append(Fault("last_day", "past", "This day has passed."))
    if faults:
        raise Invalid(*faults)
    hold = LegalHold(
        organiser_id=client.organiser_id,
        client_id=client.id,
        reason=why,
        law=by_law,
        last_day=last_day,
        placed_at=now,
        placed_by=asker(session).actor_id,
    )
    session.add(hold)
    note_upkeep(session, "client", client.id, "held", now=now, version=client.version)
    await session.flush()
    return hold.id


async def lift(session: AsyncSession, *, hold_id: UUID, now: datetime) -> None:
    """End a hold; from then on the record's years and erasures count again."""
    _may(session)
    hold = await session.get(
        LegalHold, (asker(session).organiser_id, hold_id), with_for_update=True
    )
    if hold is None:
        raise NotFound
    if hold.ended_at is None:
        client = await locked_client(session, hold.client_id)
        hold.ended_at, hold.ended_by = now, asker(session).actor_id
        note_upkeep(session, "client", client.id, "let go", now=now, version=client.version)
    await session.flush()


def _may(session: AsyncSession) -> None:
    who = asker(session)
    if not who.may(READS_THE_LOG) and not who.is_machine:
        raise NotAllowed


async def standing(session: AsyncSession, *, client_id: UUID, now: datetime) -> Sequence[LegalHold]:
    """Return the holds that keep this record now."""
    rows = await session.scalars(
        select(LegalHold)
        .where(LegalHold.organiser_id == asker(session).organiser_id)
        .where(LegalHold.client_id == client_id, LegalHold.stands_on(local(now).date()))
        .order_by(LegalHold.placed_at)
    )
    return rows.all()


async def all_of_them(session: AsyncSession) -> tuple[Kept, ...]:
    """Return every hold, the newest first, for whoever may read the log."""
    placer, lifter = aliased(User), aliased(User)
    rows = await session.execute(
        select(LegalHold, func.coalesce(placer.name, ""), func.coalesce(lifter.name, ""))
        .outerjoin(placer, _named(placer.organiser_id, placer.id == LegalHold.placed_by))
        .outerjoin(lifter, _named(lifter.organiser_id, lifter.id == LegalHold.ended_by))
        .where(LegalHold.organiser_id == asker(session).organiser_id)
        .order_by(LegalHold.ended_at.desc().nulls_first(), LegalHold.placed_at.desc())
        .limit(MOST)
    )
    return tuple(Kept(*row) for row in rows)


def _named(
    organiser: InstrumentedAttribute[OrganiserId], same: ColumnElement[bool]
) -> ColumnElement[bool]:
    return and_(organiser == LegalHold.organiser_id, same)


def is_covered(table: Table, now: datetime) -> ColumnElement[bool] | None:
    """Tell the rows of a table that are about somebody whose record is held; None where none is."""
    held = exists().where(
        LegalHold.organiser_id == table.c.organiser_id, LegalHold.stands_on(local(now).date())
    )
    if table.name == "clients":
        return held.where(LegalHold.client_id == table.c.id)
    if table.name == "proposals":
        return held.where(
            ProposalRow.organiser_id == table.c.organiser_id,
            ProposalRow.proposal_id == table.c.id,
            ProposalRow.client_id == LegalHold.client_id,
        )
    if table.name == "orders":
        return held.where(
            Gig.organiser_id == table.c.organiser_id,
            Gig.order_id == table.c.id,
            Gig.client_id == LegalHold.client_id,
        )
    if "client_id" in table.c:
        return held.where(LegalHold.client_id == table.c.client_id)
    if "gig_id" in table.c:
        return held.where(
            Gig.organiser_id == table.c.organiser_id,
            Gig.id == table.c.gig_id,
            Gig.client_id == LegalHold.client_id,
        )
    return None
