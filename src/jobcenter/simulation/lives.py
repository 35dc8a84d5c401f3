"""What the people of each gig do: answer, fall ill, come, work, approve; and orderers who move."""

from collections.abc import Awaitable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Row, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import Database, asker, meets
from jobcenter.orders import answering, moving, still_fine, working
from jobcenter.orders.gigs import LIVE, Gig, GigStatus, Via
from jobcenter.orders.model import Order, OrderStatus
from jobcenter.people.clients import Client
from jobcenter.seed.dice import Dice
from jobcenter.simulation.people import MOVES, Fate, awake, fate
from jobcenter.simulation.stage import Stage
from jobcenter.worker.hands import foreseen

HOUR = timedelta(hours=1)
# People come a little before the time; the clock moves by the hour.
EARLY = timedelta(minutes=59)
S = GigStatus
Told = Row[Gig, UUID, int, UUID | None, UUID]


@dataclass
class Lives:
    """Everybody on the stage but the staff."""

    stage: Stage
    database: Database
    seed: int
    moved: int = 0

    async def go_on(self, now: datetime) -> None:
        """Let everybody do what they do at this moment."""
        for told in await self.database.read(self.stage.machine, going_on):
            for step in self._steps(told, now):
                await foreseen(step)
        await self._move(now)

    def _steps(self, told: Told, now: datetime) -> Iterator[Awaitable[object]]:
        """Give what the people of one gig do at this moment."""
        gig, unit_id, number, placed_by, party_id = told
        drawn = fate(self.seed, gig.client_id, number)
        who = self.stage.client(gig.client_id, unit_id)
        act = self.database.act
        if gig.status == S.ASSIGNED.value:
            yield from self._answer(gig, unit_id, drawn, now)
        elif gig.status == S.CONFIRMED.value and self._is_ill(gig, drawn, now):
            yield act(who, answering.withdraw, gig_id=gig.id, via=Via.LINK, now=now)
        elif gig.status == S.CONFIRMED.value and now < gig.start - EARLY:
            if gig.still_fine_asked_at and not gig.still_fine_at and drawn.says_still_fine:
                yield act(who, still_fine.confirm, gig_id=gig.id, via=Via.LINK, now=now)
        elif gig.status == S.CONFIRMED.value and not drawn.misses:
            yield act(who, working.check_in, gig_id=gig.id, now=now)
        elif gig.status == S.CONFIRMED.value and now >= gig.start + HOUR:
            desk = self.stage.desk(unit_id)
            yield act(desk, working.no_show, gig_id=gig.id, now=now)
        elif gig.status == S.IN_PROGRESS.value and now >= gig.end:
            yield act(who, working.check_out, gig_id=gig.id, now=now)
        elif gig.status == S.DONE.value and placed_by:
            orderer = self.stage.ordering(placed_by, party_id)
            yield act(
                orderer, working.approve, gig_id=gig.id, minutes=gig.worked_minutes or 0, now=now
            )

    def _answer(
        self, gig: Gig, unit_id: UUID, drawn: Fate, now: datetime
    ) -> Iterator[Awaitable[object]]:
        answers_at = awake(gig.assigned_at + timedelta(minutes=drawn.minutes))
        if drawn.answer == "silence" or now < answers_at:
            return
        action = answering.accept if drawn.answer == "yes" else answering.decline
        who = self.stage.client(gig.client_id, unit_id)
        yield self.database.act(who, action, gig_id=gig.id, via=Via.LINK, now=now)

    def _is_ill(self, gig: Gig, drawn: Fate, now: datetime) -> bool:
        hours = drawn.ill_hours_before
        return hours is not None and gig.start - hours * HOUR <= now < gig.start

    async def _move(self, now: datetime) -> None:
        for order in await self.database.read(self.stage.machine, offered_a_date, now=now):
            if not Dice(self.seed, "moves", order.number).chance(MOVES):
                continue
            who = self.stage.ordering(order.placed_by, order.party_id)
            start = order.next_start
            if start is not None:
                step = self.database.act(who, moving.move, order_id=order.id, start=start, now=now)
                self.moved += await foreseen(step)


async def going_on(session: AsyncSession) -> Sequence[Told]:
    """Return the gigs that somebody is to do something about, with unit and order."""
    found = await session.execute(
        select(Gig, Client.unit_id, Order.number, Order.placed_by, Order.party_id)
        .join(Order, meets(Gig, "order_id", Order))
        .join(Client, meets(Gig, "client_id", Client))
        .where(Gig.organiser_id == asker(session).organiser_id)
        .where(Gig.status.in_([*(one.value for one in LIVE), S.DONE.value]))
        .order_by(func.lower(Gig.during), Order.number, Gig.place_no, Gig.client_id)
    )
    return found.all()


async def offered_a_date(session: AsyncSession, *, now: datetime) -> Sequence[Order]:
    """Return the open orders whose orderer was offered another date."""
    found = await session.scalars(
        select(Order)
        .where(Order.organiser_id == asker(session).organiser_id)
        .where(Order.status == OrderStatus.OPEN.value, Order.next_start > now)
        .order_by(Order.number)
    )
    return found.all()
