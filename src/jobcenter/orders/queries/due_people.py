"""What is due about people: for those who assign, coach, or advise on benefits."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from jobcenter.database import asker, meets
from jobcenter.orders.gigs import TAKEN, CoachVisit
from jobcenter.orders.model import Order
from jobcenter.orders.queries.alarms import Alarm, alarms
from jobcenter.orders.queries.cards import task_name
from jobcenter.orders.queries.coach import todos_of_own
from jobcenter.orders.queries.due_rows import MOST, SOON, WEEK, Due
from jobcenter.orders.windows import Advised
from jobcenter.people.clients import ClientBenefit
from jobcenter.people.parties import TaskType
from jobcenter.people.staff import Coach
from jobcenter.times import DAY, local

ADVISES = "override_ceiling"
# Kinds of to-dos that are seen to on the page of the gig's day.
ON_THE_DAY = frozenset({
    "find_coach", "where_are_you", "approve_hours", "follow_up", "call_still_fine", "incident",
    "incident_serious", "hard_gig", "hard_for_orderer", "place_has_steps",
})  # fmt: skip


async def of_units(session: AsyncSession, now: datetime) -> Iterable[Due]:
    """What the units must see to in which the asker assigns."""
    units = asker(session).units_with("assign")
    found = await alarms(session, units=units, now=now, ahead=SOON, most=MOST)
    return [_of_alarm(one) for one in found]


def _of_alarm(one: Alarm) -> Due:
    if one.gig_id and one.kind in ON_THE_DAY:
        path = f"/board/gigs/{one.gig_id}"
    elif one.order_id:
        path = f"/board/orders/{one.order_id}"
    elif one.client_id:
        path = f"/board/clients/{one.client_id}?purpose=to-do"
    else:
        path = "/board"
    day = local(one.due_at).date()
    return Due(one.kind, day, path, one.task or "", one.client_id, one.due_at, one.start)


async def of_coach(session: AsyncSession, now: datetime) -> Iterable[Due]:
    """The asker's own visits of the week, and what is to be seen to for their own clients."""
    who = asker(session)
    visits = await session.execute(
        select(CoachVisit.during, task_name(who.language))
        .join(Coach, meets(CoachVisit, "coach_id", Coach))
        .join(Order, meets(CoachVisit, "order_id", Order))
        .join(TaskType, meets(Order, "task_type_id", TaskType))
        .where(CoachVisit.organiser_id == who.organiser_id, Coach.user_id == who.actor_id)
        .where(CoachVisit.status.in_(TAKEN), func.upper(CoachVisit.during) > now)
        .where(func.lower(CoachVisit.during) < now + WEEK)
    )
    todos = await todos_of_own(session, until=now + SOON)
    return [
        *(Due("visit", local(begin).date(), "/coach", task, at=begin)
          for begin, task in ((during.lower, task) for during, task in visits) if begin),
        *(Due(row.kind, local(row.due_at).date(), f"/board/clients/{row.client_id}?purpose=to-do",
              client_id=row.client_id, at=row.due_at) for row in todos),
    ]  # fmt: skip


async def of_benefits(session: AsyncSession, now: datetime) -> Iterable[Due]:
    """Benefits of clients of the asker's units that end, with nothing after them."""
    who, today = asker(session), local(now).date()
    later = aliased(ClientBenefit)
    follows = (
        select(later.id)
        .where(later.organiser_id == ClientBenefit.organiser_id)
        .where(later.client_id == ClientBenefit.client_id)
        .where(later.benefit == ClientBenefit.benefit)
        .where(later.valid_from >= ClientBenefit.valid_to)
        .exists()
    )
    rows = await session.execute(
        select(ClientBenefit.client_id, ClientBenefit.valid_to)
        .join(
            Advised,
            (Advised.organiser_id == ClientBenefit.organiser_id)
            & (Advised.id == ClientBenefit.client_id),
        )
        .where(ClientBenefit.organiser_id == who.organiser_id, Advised.closed_on.is_(None))
        .where(ClientBenefit.valid_to > today - WEEK, ClientBenefit.valid_to <= today + SOON + DAY)
        .where(~follows)
    )
    return [
        Due("benefit_ends", ends - DAY, f"/benefits/{client_id}", client_id=client_id)
        for client_id, ends in rows
        if ends
    ]  # fmt: skip
