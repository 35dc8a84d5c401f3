"""Something happened at a gig, or nearly did: told by whoever was there, seen to by the unit.

What is told is closed under the worker's key. An orderer's words reach the unit and its coaches;
nobody's words reach the orderer.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import asker, meets
from jobcenter.errors import Fault, Invalid, NotFound
from jobcenter.notices import settle_todo, tell, todo
from jobcenter.orders.gigs import AGREED, CoachVisit, Gig, GigStatus, VisitGig
from jobcenter.orders.locking import locked_gig, may_know
from jobcenter.orders.model import Order
from jobcenter.orders.told import LONGEST, Hurt, Incident, Voice
from jobcenter.people import closing
from jobcenter.people.clients import Client
from jobcenter.people.rights import holders
from jobcenter.people.staff import Coach

# An ordinary report is looked at within this; a serious one at once.
LOOK_WITHIN = timedelta(hours=2)
# A phone's clock may be a little fast, and things happen on the way there too.
FAST = timedelta(minutes=10)
BEFORE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody told about it."""

    words: str
    hurt: str
    happened_at: datetime
    nearly: bool = False
    told_whom: str = ""


async def report(
    session: AsyncSession, *, incident_id: UUID, gig_id: UUID, told: Told, now: datetime
) -> None:
    """Keep what somebody tells about a gig, and send the worker's unit to it; twice is once."""
    gig, order, client = await locked_gig(session, gig_id)
    voice = await voice_of(session, gig, order, client)
    _check(told, gig, now)
    key = await closing.key_for(session, client.id)
    written = await session.scalar(
        insert(Incident)
        .values(
            organiser_id=gig.organiser_id,
            id=incident_id,
            gig_id=gig.id,
            client_id=client.id,
            told_from=voice.value,
            nearly=told.nearly,
            hurt=told.hurt,
            happened_at=told.happened_at,
            closed_words=key.close("incident:words", told.words.strip()),
            closed_told=key.close("incident:told", told.told_whom.strip()),
            told_by=asker(session).actor_id,
            told_at=now,
        )
        .on_conflict_do_nothing()
        .returning(Incident.id)
    )
    if written:
        await _send_the_unit(session, gig, client, told, incident_id, now)


async def voice_of(session: AsyncSession, gig: Gig, order: Order, client: Client) -> Voice:
    """Return as whom the asker may tell something about this gig; to others it is not there."""
    who = asker(session)
    if who.client_id is not None:
        if who.client_id == client.id:
            return Voice.CLIENT
        raise NotFound
    if who.party_id == order.party_id and GigStatus(gig.status) in AGREED:
        return Voice.ORDERER
    if await may_know(session, client):
        return Voice.COACH if who.may_in(client.unit_id, "coach") else Voice.UNIT
    if who.may("coach") and await _visits(session, gig):
        return Voice.COACH
    raise NotFound


async def _visits(session: AsyncSession, gig: Gig) -> bool:
    """Tell whether the asker is a coach of this gig, of whichever unit."""
    found = await session.scalar(
        select(Coach.id)
        .join(CoachVisit, meets(CoachVisit, "coach_id", Coach))
        .join(VisitGig, meets(VisitGig, "visit_id", CoachVisit))
        .where(Coach.organiser_id == gig.organiser_id, Coach.user_id == asker(session).actor_id)
        .where(VisitGig.gig_id == gig.id, VisitGig.status != "free")
        .limit(1)
    )
    return found is not None


def _check(told: Told, gig: Gig, now: datetime) -> None:
    faults = []
    if not told.words.strip():
        faults.append(Fault("words", "blank", "Please tell in a few words what happened."))
    if len(told.words) > LONGEST or len(told.told_whom) > LONGEST:
        faults.append(Fault("words", "too_long", "Please tell it in fewer words."))
    if told.hurt not in list(Hurt):
        faults.append(Fault("hurt", "blank", "Please choose whether anybody was hurt."))
    elif told.nearly and told.hurt != Hurt.NOBODY.value:
        faults.append(Fault("nearly", "somebody_is_hurt", "Somebody was hurt, so it did happen."))
    if not gig.start - BEFORE <= told.happened_at <= now + FAST:
        faults.append(
            Fault("clock", "out_of_range", "That time cannot be right. Please look at it again.")
        )
    if faults:
        raise Invalid(*faults)


async def _send_the_unit(
    session: AsyncSession, gig: Gig, client: Client, told: Told, incident_id: UUID, now: datetime
) -> None:
    serious = told.hurt == Hurt.BADLY.value
    await todo(
        session,
        kind="incident_serious" if serious else "incident",
        due_at=now if serious else now + LOOK_WITHIN,
        now=now,
        mark=str(incident_id),
        unit_id=client.unit_id,
        client_id=client.id,
        order_id=gig.order_id,
        gig_id=gig.id,
    )
    if serious:
        before = await session.scalar(
            select(func.count())
            .select_from(Incident)
            .where(Incident.organiser_id == gig.organiser_id, Incident.gig_id == gig.id)
        )
        # Whoever leads or coordinates the unit.
        for user_id in await holders(session, "assign", unit_id=client.unit_id):
            await tell(
                session, kind="incident", way="mail", now=now, user_id=user_id,
                order_id=gig.order_id, gig_id=gig.id, version=before or 1,
            )  # fmt: skip


async def handle(
    session: AsyncSession, *, gig_id: UUID, incident_id: UUID, outcome: str, now: datetime
) -> None:
    """Write down what was done about a report; the first word stands."""
    who = asker(session)
    _, _, client = await locked_gig(session, gig_id)
    row = await session.get(Incident, (who.organiser_id, incident_id), with_for_update=True)
    if row is None or row.gig_id != gig_id or not await may_know(session, client):
        raise NotFound
    if not outcome.strip():
        raise Invalid(Fault("outcome", "blank", "Please write down what was done."))
    if row.handled_at is None:
        key = await closing.key_for(session, client.id)
        row.handled_at, row.handled_by = now, who.actor_id
        row.closed_outcome = key.close("incident:outcome", outcome.strip()[:LONGEST])
    for kind in ("incident", "incident_serious"):
        await settle_todo(session, kind=kind, mark=str(row.id), now=now)
