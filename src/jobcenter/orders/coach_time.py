"""The coaches' time as it is now: weekly hours, absences and visits, for whoever books in it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select, union_all
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import OrganiserId, meets
from jobcenter.orders.gigs import TAKEN, CoachVisit
from jobcenter.orders.model import Order
from jobcenter.orders.visits import Busy, CoachTime
from jobcenter.orders.weekly import Span, ends_of, written_out
from jobcenter.people import closed_days
from jobcenter.people.calendars import CoachBusy
from jobcenter.people.clients import Client
from jobcenter.people.parties import Site
from jobcenter.people.staff import Coach, CoachAbsence, CoachHours
from jobcenter.travel import Metres, metres

# What takes a coach's hours without being a visit.
AWAY = (CoachAbsence, CoachBusy)


async def locked_coaches(
    session: AsyncSession, client: Client, *, unit_id: UUID | None = None
) -> list[Coach]:
    """Return the unit's coaches who share a language with the client, locked in one order."""
    rows = await session.scalars(
        select(Coach)
        .where(
            Coach.organiser_id == client.organiser_id,
            Coach.unit_id == (unit_id or client.unit_id),
            Coach.active,
        )
        .order_by(Coach.id)
        .with_for_update(key_share=True)
    )
    return [row for row in rows if speaks_with(row, client)]


def speaks_with(coach: Coach, client: Client) -> bool:
    """Return whether they share a language, as far as the client's are known."""
    return not client.spoken or bool(set(coach.languages) & set(client.spoken))


async def site_of(session: AsyncSession, order: Order) -> Metres:
    """Return where an order is done, in metres."""
    row = await session.execute(
        select(Site.lat, Site.lon).where(
            Site.organiser_id == order.organiser_id, Site.id == order.site_id
        )
    )
    return metres(*row.one())


async def coach_times(
    session: AsyncSession, coaches: Sequence[Coach], begins: datetime, ends: datetime
) -> list[CoachTime]:
    """Return each coach's hours of these days, when they or their unit are away, and visits."""
    ids = [coach.id for coach in coaches]
    if not ids:
        return []
    organiser_id = coaches[0].organiser_id
    hours = await session.scalars(
        select(CoachHours).where(
            CoachHours.organiser_id == organiser_id, CoachHours.coach_id.in_(ids)
        )
    )
    absences = await session.execute(
        union_all(*(_away(table, organiser_id, ids, begins, ends) for table in AWAY))
    )
    visits = await session.execute(
        select(CoachVisit.coach_id, CoachVisit.during, CoachVisit.presence, Site.lat, Site.lon)
        .join(Order, meets(CoachVisit, "order_id", Order))
        .join(Site, meets(Order, "site_id", Site))
        .where(
            CoachVisit.organiser_id == organiser_id,
            CoachVisit.coach_id.in_(ids),
            CoachVisit.status.in_(TAKEN),
            CoachVisit.during.op("&&")(Range(begins, ends)),
        )
    )  # fmt: skip
    week = list(hours)
    away = [(coach_id, busy(during, None)) for coach_id, during in absences]
    taken = [
        (coach_id, busy(during, metres(lat, lon) if presence == "present" else None))
        for coach_id, during, presence, lat, lon in visits
    ]
    shut = await closed_days.closed(session, begins, ends)
    closed = [
        (coach.id, Busy(*span, None)) for coach in coaches for span in shut.get(coach.unit_id, ())
    ]
    held = (*away, *closed, *taken)
    return [
        _time(coach, _free(week, coach.id, begins, ends), [b for of, b in held if of == coach.id])
        for coach in coaches
    ]


def _time(coach: Coach, free: Sequence[Span], taken: Sequence[Busy]) -> CoachTime:
    """Put their hours together; who sets out from a place of the unit is there at both ends."""
    here = metres(coach.lat, coach.lon)
    ends = [Busy(at, at, here) for span in free for at in span] if coach.site_id else []
    return CoachTime(coach_id=coach.id, free=tuple(free), busy=(*taken, *ends))


def _away(
    table: type[CoachAbsence | CoachBusy],
    organiser_id: OrganiserId,
    ids: Sequence[UUID],
    begins: datetime,
    ends: datetime,
) -> Select[UUID, Range[datetime]]:
    return select(table.coach_id, table.during).where(
        table.organiser_id == organiser_id,
        table.coach_id.in_(ids),
        table.during.op("&&")(Range(begins, ends)),
    )


def busy(during: Range[datetime], where: Metres | None) -> Busy:
    return Busy(*ends_of(during), where)


def _free(
    week: Iterable[CoachHours], coach_id: UUID, begins: datetime, ends: datetime
) -> list[Span]:
    mine = [row for row in week if row.coach_id == coach_id]
    hours = [(row.weekday, row.from_minute, row.to_minute) for row in mine]
    return written_out(hours, begins, ends)
