"""Which gigs that a client already has would no longer keep to what is known about the client."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from jobcenter.database import asker, meets
from jobcenter.errors import Conflict, RuleBroken
from jobcenter.notices import todo
from jobcenter.orders.fitting import check_client
from jobcenter.orders.gigs import LIVE, Flag, Gig
from jobcenter.orders.model import Order
from jobcenter.orders.planning import needs_of
from jobcenter.people.clients import Client
from jobcenter.people.parties import TaskType

# What the database says of a rule that protects a person, in words.
RULES = {
    "activity": "It is at the time of the work activity.",
    "daily_rest": "The rest between two days would be too short.",
    "rest_days": "There would be too few days of rest between gigs.",
    "week_minutes": "The week has more hours than the person wants.",
    "week_gigs": "The week has more gigs than the person wants.",
    "weekly_rest": "The weekly rest would be too short.",
}
MORE_SUPPORT = "The support was planned before: see whether it is still enough."
TALK_WITHIN = timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class Strain:
    """One reason why one gig does not fit any more."""

    start: datetime
    gig_id: UUID
    order_id: UUID
    task: str
    sentence: str
    by_law: bool = False
    """The database itself would refuse this gig today."""


class GigsWouldBreak(Conflict):
    """Some gigs that are already agreed would not fit any more. Please look at them first."""

    code = "gigs_would_break"

    def __init__(self, strains: Iterable[Strain]) -> None:
        super().__init__()
        self.strains = tuple(sorted(strains))


async def strains(session: AsyncSession, client: Client, *, now: datetime) -> frozenset[Strain]:
    """Return every reason against a gig that lies ahead, as things are known in this moment."""
    rows = await session.execute(
        select(Gig, Order, TaskType, func.gig_rule_broken(Gig.organiser_id, Gig.id))
        .join(Order, meets(Gig, "order_id", Order))
        .join(TaskType, meets(Order, "task_type_id", TaskType))
        .where(Gig.organiser_id == client.organiser_id, Gig.client_id == client.id)
        .where(Gig.status.in_([status.value for status in LIVE]), func.upper(Gig.during) > now)
        .order_by(func.lower(Gig.during))
    )
    found = set()
    for gig, order, task, rule in rows.all():
        name = _named(task, asker(session).language)
        if rule:
            found.add(Strain(gig.start, gig.id, order.id, name, RULES[rule], by_law=True))
        try:
            await check_client(session, order, client, start=gig.start)
        except RuleBroken as broken:
            found.add(Strain(gig.start, gig.id, order.id, name, broken.sentence))
    return frozenset(found)


def _named(task: TaskType, language: str) -> str:
    return {"sv": task.name_sv, "en": task.name_en}.get(language, task.name_fi)


async def needed_more(
    session: AsyncSession, client: Client, before: dict[str, int], *, now: datetime
) -> frozenset[Strain]:
    """Return each gig ahead when a need has risen: its support was planned for less."""
    after = await needs_of(session, client.id)
    if all(level <= before.get(code, 0) for code, level in after.items()):
        return frozenset()
    rows = await session.execute(
        select(Gig, TaskType)
        .join(Order, meets(Gig, "order_id", Order))
        .join(TaskType, meets(Order, "task_type_id", TaskType))
        .where(Gig.organiser_id == client.organiser_id, Gig.client_id == client.id)
        .where(Gig.status.in_([status.value for status in LIVE]), func.lower(Gig.during) > now)
    )
    language = asker(session).language
    return frozenset(
        Strain(gig.start, gig.id, gig.order_id, _named(task, language), MORE_SUPPORT)
        for gig, task in rows.all()
    )


async def hand_to_people(
    session: AsyncSession, client: Client, found: Iterable[Strain], *, now: datetime
) -> None:
    """Let the gigs stand, flagged, and ask the unit to go through each with the client."""
    for strain in sorted(found):
        if strain.by_law:
            session.add(
                Flag(
                    organiser_id=client.organiser_id,
                    id=uuid7(),
                    gig_id=strain.gig_id,
                    kind="over_limit",
                    opened_at=now,
                )
            )
        await todo(
            session,
            kind="check_gig",
            due_at=max(now, min(strain.start - TALK_WITHIN, now + TALK_WITHIN)),
            now=now,
            mark=f"{strain.gig_id}:{client.version}",
            unit_id=client.unit_id,
            client_id=client.id,
            order_id=strain.order_id,
            gig_id=strain.gig_id,
        )
    await session.flush()
