"""What is due for those who keep lists, the log and the accounts, and for those who order."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.audit.emergencies import Emergency
from jobcenter.database import asker
from jobcenter.orders.queries import accounts
from jobcenter.orders.queries.due_rows import MOST, SOON, WEEK, Due
from jobcenter.orders.queries.orderer import Stage, sheets
from jobcenter.people.erasures import LegalHold
from jobcenter.people.listed import ListChange
from jobcenter.times import day_bounds, local


async def of_organiser(session: AsyncSession, now: datetime) -> Iterable[Due]:
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


async def of_log(session: AsyncSession, now: datetime) -> Iterable[Due]:
    """Holds that end by themselves, and records that were opened in an emergency this week."""
    organiser_id, today = asker(session).organiser_id, local(now).date()
    holds = await session.execute(
        select(LegalHold.last_day, func.count())
        .where(LegalHold.organiser_id == organiser_id, LegalHold.ended_at.is_(None))
        .where(LegalHold.last_day.between(today, today + SOON))
        .group_by(LegalHold.last_day)
    )
    opened = await session.scalars(
        select(Emergency.at)
        .where(Emergency.organiser_id == organiser_id, Emergency.at >= now - WEEK)
        .limit(MOST)
    )
    return [
        *(Due("hold_ends", day, "/audit/holds", count=count) for day, count in holds if day),
        *(Due("emergency_opened", local(at).date(), "/audit", at=at) for at in opened),
    ]


async def of_accounts(session: AsyncSession, _now: datetime) -> Iterable[Due]:
    """What waits to be paid, told to the register of incomes and invoiced."""
    held = await accounts.accounts(session)
    return [
        *(Due("pay_day", one.period, "/accounts", one.name) for one in held.pay),
        *(Due("income_report", one.report_by, "/accounts", one.name)
          for one in held.pay if one.report_by),
        *(Due("invoice", one.period, "/accounts", one.name) for one in held.invoices),
    ]  # fmt: skip


async def of_orders(session: AsyncSession, now: datetime) -> Iterable[Due]:
    """An orderer's own: hours to approve, and work that comes."""
    today = day_bounds(local(now).date())[0]
    ahead, _ = await sheets(session, now=now)
    return [
        Due(
            "hours_to_approve" if sheet.stage is Stage.DONE else sheet.stage.value,
            local(sheet.start).date(),
            f"/orders/{sheet.order.id}",
            sheet.order.title,
            at=sheet.start,
        )
        for sheet in ahead
        if sheet.stage is Stage.DONE or sheet.end > today
    ]
