"""What is due today, this week and soon, for whoever asks: one list, made of what their roles see.

Each role brings its own source. Clients stand in it by id; their names are read when the look at
them has been committed.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from jobcenter.audit.emergencies import Emergency
from jobcenter.database import asker, meets
from jobcenter.orders.gigs import TAKEN, CoachVisit
from jobcenter.orders.model import Order
from jobcenter.orders.queries import accounts
from jobcenter.orders.queries.alarms import Alarm, alarms
from jobcenter.orders.queries.cards import task_name
from jobcenter.orders.queries.coach import todos_of_own
from jobcenter.orders.queries.orderer import Stage, sheets
from jobcenter.people.clients import Client, ClientBenefit
from jobcenter.people.erasures import LegalHold
from jobcenter.people.listed import ListChange
from jobcenter.people.parties import TaskType
from jobcenter.people.staff import Coach
from jobcenter.times import DAY, day_bounds, local

SOON = timedelta(days=30)
WEEK = timedelta(days=7)
MOST = 200
# Kinds of to-dos that are seen to on the page of the gig's day.
ON_THE_DAY = frozenset({
    "find_coach", "where_are_you", "approve_hours", "follow_up", "call_still_fine", "incident",
    "incident_serious", "hard_gig", "hard_for_orderer", "place_has_steps",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Due:
    """One thing: what, about whom, by when, and where it is seen to."""

    kind: str
    day: date
    path: str
    what: str = ""
    client_id: UUID | None = None
    at: datetime | None = None
    """The moment, where it is one rather than a day."""


@dataclass(frozen=True, slots=True)
class DueList:
    """Everything by how soon it is: late or today, within a week, within a month."""

    today: tuple[Due, ...]
    week: tuple[Due, ...]
    soon: tuple[Due, ...]

    @property
    def people(self) -> frozenset[UUID]:
        """Return whom it is about."""
        rows = (*self.today, *self.week, *self.soon)
        return frozenset(row.client_id for row in rows if row.client_id)


async def due(session: AsyncSession, *, now: datetime) -> DueList:
    """Return what is due for the asker, by everything that they may do here."""
    who = asker(session)
    found: dict[tuple[str, str, date, UUID | None], Due] = {}
    for right, source in SOURCES.items():
        if who.may(right):
            for row in await source(session, now):
                found.setdefault((row.kind, row.path, row.day, row.client_id), row)
    rows = sorted(found.values(), key=lambda row: (row.day, row.at is None, row.at or now))
    today = local(now).date()
    return DueList(
        today=tuple(row for row in rows if row.day <= today),
        week=tuple(row for row in rows if today < row.day <= today + WEEK),
        soon=tuple(row for row in rows if today + WEEK < row.day <= today + SOON),
    )


async def _of_units(session: AsyncSession, now: datetime) -> Iterable[Due]:
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
    return Due(one.kind, day, path, one.task or "", one.client_id, one.due_at)


async def _of_coach(session: AsyncSession, now: datetime) -> Iterable[Due]:
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


async def _of_benefits(session: AsyncSession, now: datetime) -> Iterable[Due]:
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
        .join(Client, meets(ClientBenefit, "client_id", Client))
        .where(ClientBenefit.organiser_id == who.organiser_id, Client.closed_on.is_(None))
        .where(Client.unit_id.in_(who.units_with("override_ceiling")))
        .where(ClientBenefit.valid_to > today - WEEK, ClientBenefit.valid_to <= today + SOON + DAY)
        .where(~follows)
    )
    return [
        Due("benefit_ends", ends - DAY, f"/board/clients/{client_id}?purpose=to-do",
            client_id=client_id)
        for client_id, ends in rows
        if ends
    ]  # fmt: skip


async def _of_organiser(session: AsyncSession, now: datetime) -> Iterable[Due]:
    """Changes of lists that are planned, and those whose day has passed without them."""
    today = local(now).date()
    rows = await session.scalars(
        select(ListChange)
        .where(ListChange.organiser_id == asker(session).organiser_id)
        .where(ListChange.applied_at.is_(None), ListChange.undone_at.is_(None))
        .where(ListChange.holds_from <= today + SOON, ListChange.kind != "undone")
        .limit(MOST)
    )
    return [
        Due(
            "change_stuck" if row.holds_from < today else "change_planned",
            row.holds_from,
            f"/organiser/{row.list}/{row.entry}",
            row.list,
        )
        for row in rows
    ]


async def _of_log(session: AsyncSession, now: datetime) -> Iterable[Due]:
    """Holds that end by themselves, and records that were opened in an emergency this week."""
    organiser_id, today = asker(session).organiser_id, local(now).date()
    holds = await session.scalars(
        select(LegalHold.last_day)
        .where(LegalHold.organiser_id == organiser_id, LegalHold.ended_at.is_(None))
        .where(LegalHold.last_day.between(today, today + SOON))
    )
    opened = await session.scalars(
        select(Emergency.at)
        .where(Emergency.organiser_id == organiser_id, Emergency.at >= now - WEEK)
        .limit(MOST)
    )
    return [
        *(Due("hold_ends", day, "/audit/holds") for day in holds if day),
        *(Due("emergency_opened", local(at).date(), "/audit", at=at) for at in opened),
    ]


async def _of_accounts(session: AsyncSession, _now: datetime) -> Iterable[Due]:
    """What waits to be paid, told to the register of incomes and invoiced."""
    held = await accounts.accounts(session)
    return [
        *(Due("pay_day", one.period, "/accounts", one.name) for one in held.pay),
        *(Due("income_report", one.report_by, "/accounts", one.name)
          for one in held.pay if one.report_by),
        *(Due("invoice", one.period, "/accounts", one.name) for one in held.invoices),
    ]  # fmt: skip


async def _of_orders(session: AsyncSession, now: datetime) -> Iterable[Due]:
    """An orderer's own: hours to approve, and work that comes."""
    today = day_bounds(local(now).date())[0]
    ahead, _ = await sheets(session, now=now)
    return [
        Due(
            "hours_to_approve" if sheet.stage is Stage.DONE else "work_comes",
            local(sheet.start).date(),
            f"/orders/{sheet.order.id}",
            sheet.order.title,
            at=sheet.start,
        )
        for sheet in ahead
        if sheet.stage is Stage.DONE or sheet.end > today
    ]


Source = Callable[[AsyncSession, datetime], Awaitable[Iterable[Due]]]
SOURCES: Mapping[str, Source] = {
    "assign": _of_units,
    "coach": _of_coach,
    "override_ceiling": _of_benefits,
    "organise": _of_organiser,
    "read_log": _of_log,
    "settle": _of_accounts,
    "order": _of_orders,
}
RIGHTS: Sequence[str] = tuple(SOURCES)
