"""When a client's noes or silences add up, somebody talks with them; no score is ever touched."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import takewhile
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.notices import todo
from jobcenter.orders.clocks import times
from jobcenter.orders.gigs import LIVE, CoachVisit, Gig, GigStatus, VisitGig
from jobcenter.people.clients import Client

# What the coach is asked to do after so many in a row as the organiser says.
TALKS = {GigStatus.DECLINED: "talk_wishes", GigStatus.EXPIRED: "check_phone"}
# A gig that the orderer or the unit ended says nothing about the client.
NOT_THEIRS = (*LIVE, GigStatus.CANCELLED)
WITHIN = timedelta(days=1)
MOST = 50


async def after(session: AsyncSession, client: Client, status: GigStatus, *, now: datetime) -> None:
    """Ask for a talk when so many of the client's newest answers were this one; once for each run.

    A run that goes on asks again only when it has become as long once more.
    """
    many = (await times(session, "talks", now=now))[status.value]
    run = await _run(session, client, status)
    if not run or len(run) % many:
        return
    await todo(
        session,
        kind=TALKS[status],
        due_at=now + WITHIN,
        now=now,
        mark=f"{client.id}:{run[many - 1]}",
        unit_id=client.unit_id,
        client_id=client.id,
        coach_id=await _coach_of(session, client),
    )


async def _run(session: AsyncSession, client: Client, status: GigStatus) -> Sequence[UUID]:
    """Return the client's newest gigs that ended so, back to the first that did not."""
    newest = await session.execute(
        select(Gig.id, Gig.status)
        .where(Gig.organiser_id == client.organiser_id, Gig.client_id == client.id)
        .where(Gig.status.not_in([one.value for one in NOT_THEIRS]))
        .order_by(Gig.assigned_at.desc(), Gig.id.desc())
        .limit(MOST)
    )
    return [row.id for row in takewhile(lambda row: row.status == status.value, newest)]


async def _coach_of(session: AsyncSession, client: Client) -> UUID | None:
    """Return who was last to be with the client at a gig; else the coach who is responsible."""
    last = await session.scalar(
        select(CoachVisit.coach_id)
        .join(
            VisitGig,
            (VisitGig.organiser_id == CoachVisit.organiser_id)
            & (VisitGig.visit_id == CoachVisit.id),
        )
        .join(Gig, (Gig.organiser_id == VisitGig.organiser_id) & (Gig.id == VisitGig.gig_id))
        .where(Gig.organiser_id == client.organiser_id, Gig.client_id == client.id)
        .where(CoachVisit.presence == "present", VisitGig.status == "booked")
        .where(VisitGig.is_for_the_person())
        .order_by(func.lower(CoachVisit.during).desc())
        .limit(1)
    )
    return last or client.coach_id
