"""What a unit's board shows: what needs a decision first, then orders by how soon they are.

Cards are codes and counts; the people of one order are in `lists`, one person's record in `record`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import CTE, ColumnElement, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter import times
from jobcenter.breaker import gateway_down
from jobcenter.database import asker
from jobcenter.orders.model import Order, OrderStatus
from jobcenter.orders.proposals import Round
from jobcenter.orders.queries.alarms import Alarm, alarms
from jobcenter.orders.queries.cards import BoardState, cards
from jobcenter.people.parties import OrderingParty, Site, TaskType, Unit

PAGE = 40
# What is over stays on the board this long.
LOOK_BACK = timedelta(days=1)
LONGEST_ORDER = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The board's filters, as they stand in the address bar."""

    units: tuple[UUID, ...]
    day: date | None = None
    state: BoardState | None = None
    text: str = ""
    everything: bool = False
    page: int = 1


@dataclass(frozen=True, slots=True)
class Card:
    """One order on the board."""

    id: UUID
    number: int
    task: str
    title: str
    party: str
    site: str
    district: str
    start: datetime
    start_is_chosen: bool
    last_end: datetime
    timing: str
    minutes: int
    places: int
    kept: int
    asked: int
    confirmed: int
    running: int
    done: int
    ours: int
    answer_by: datetime | None
    visits_booked: int
    visits_held: int
    support_lost: int
    suggested: int
    in_turn: int
    wait_for_support: int
    state: str

    @property
    def end(self) -> datetime:
        """Return when a gig that begins at `start` ends."""
        return self.start + timedelta(minutes=self.minutes)

    @property
    def is_open_in_time(self) -> bool:
        """Tell whether the start is still to be chosen among several."""
        return self.timing != "fixed" and not self.start_is_chosen


@dataclass(frozen=True, slots=True)
class LastRound:
    """The newest finished round: how near the proven best plan it came."""

    finished_at: datetime
    proposed: int
    places: int
    changed: int
    value: int
    bound: int

    @property
    def per_mille(self) -> int:
        """Return the proven share of the best plan, in tenths of a per cent, rounded down."""
        return 1000 if self.bound <= 0 else self.value * 1000 // self.bound


@dataclass(frozen=True, slots=True)
class Board:
    """Everything on the board but the names."""

    wanted: Wanted
    units: tuple[tuple[UUID, str], ...]
    alarms: tuple[Alarm, ...]
    counts: dict[str, int]
    cards: tuple[Card, ...]
    others: int
    last_round: LastRound | None
    ways_down: Mapping[str, datetime]
    """Since when a way to people refuses."""

    @property
    def total(self) -> int:
        """Return how many orders pass the filters other than the state."""
        return sum(self.counts.values())

    @property
    def pages(self) -> int:
        """Return how many pages the chosen state has."""
        state = self.wanted.state
        return -(-(self.counts.get(state, 0) if state else self.total) // PAGE)

    @property
    def days(self) -> dict[date, list[Card]]:
        """Return the cards by the local day on which they begin."""
        found: dict[date, list[Card]] = {}
        for card in self.cards:
            found.setdefault(times.local(card.start).date(), []).append(card)
        return found

    @property
    def heaps(self) -> tuple[tuple[Alarm, ...], ...]:
        """Return the to-dos by how pressing they are; those of one kind about orders together."""
        found: dict[tuple[str, UUID | None], tuple[Alarm, ...]] = {}
        for alarm in self.alarms:
            key = (alarm.kind, alarm.about if alarm.client_id else None)
            found[key] = (*found.get(key, ()), alarm)
        return tuple(found.values())

    @property
    def clients(self) -> frozenset[UUID]:
        """Return whose names the to-dos need."""
        return frozenset(alarm.client_id for alarm in self.alarms if alarm.client_id)


async def board(session: AsyncSession, *, wanted: Wanted, now: datetime) -> Board:
    """Read the whole board of the wanted units."""
    found = cards(asker(session), wanted.units).where(_passes(wanted, now)).cte("found")
    counts = await _counts(session, found)
    return Board(
        wanted=wanted,
        units=await _units(session),
        alarms=await alarms(session, units=wanted.units, now=now),
        counts={
            state: ours + (others if wanted.everything else 0)
            for state, (ours, others) in counts.items()
            if ours or wanted.everything
        },
        cards=await _page(session, found, wanted),
        others=sum(others for _, others in counts.values()),
        last_round=await last_round(session),
        ways_down=await gateway_down(session),
    )


async def _counts(session: AsyncSession, found: CTE) -> dict[str, tuple[int, int]]:
    """Count by state the orders in which the units have a part, and the others."""
    part = found.c.part
    rows = await session.execute(
        select(found.c.state, func.count().filter(part), func.count().filter(~part)).group_by(
            found.c.state
        )
    )
    return {state: (ours, others) for state, ours, others in rows}


async def _page(session: AsyncSession, found: CTE, wanted: Wanted) -> tuple[Card, ...]:
    statement = select(*(found.c[name] for name in Card.__dataclass_fields__))
    if not wanted.everything:
        statement = statement.where(found.c.part)
    if wanted.state:
        statement = statement.where(found.c.state == wanted.state.value)
    rows = await session.execute(
        statement.order_by(found.c.start, found.c.number)
        .limit(PAGE)
        .offset((wanted.page - 1) * PAGE)
    )
    return tuple(Card(**row._asdict()) for row in rows)


def _passes(wanted: Wanted, now: datetime) -> ColumnElement[bool]:
    since = now - LOOK_BACK
    conditions = [Order.last_end >= since]
    if wanted.day:
        since, end = times.day_bounds(wanted.day)
        conditions = [Order.first_start < end, Order.last_end > since]
    conditions.append(_stands(wanted, since))
    if wanted.text:
        searched = (Order.title, TaskType.name_fi, TaskType.name_sv, TaskType.name_en,
                    OrderingParty.name, Site.name, Site.address)  # fmt: skip
        conditions.append(or_(*(c.icontains(wanted.text, autoescape=True) for c in searched)))
    return and_(*conditions)


def _stands(wanted: Wanted, since: datetime) -> ColumnElement[bool]:
    """Tell in which states orders are looked for; what is over lies near in the index."""
    recent = Order.first_start >= since - LONGEST_ORDER
    if wanted.state is BoardState.CANCELLED:
        return and_(Order.status == OrderStatus.CANCELLED.value, recent)
    return or_(
        Order.status.in_((OrderStatus.IN_REVIEW.value, OrderStatus.OPEN.value)),
        and_(Order.status == OrderStatus.CLOSED.value, recent),
    )


async def _units(session: AsyncSession) -> tuple[tuple[UUID, str], ...]:
    who = asker(session)
    rows = await session.execute(
        select(Unit.id, Unit.name)
        .where(Unit.organiser_id == who.organiser_id, Unit.id.in_(who.units_with("assign")))
        .order_by(Unit.name)
    )
    return tuple((row.id, row.name) for row in rows)


async def last_round(session: AsyncSession) -> LastRound | None:
    """Return the newest whole round that told its bound."""
    row = (
        await session.execute(
            select(
                Round.finished_at,
                Round.proposed,
                Round.places,
                Round.changed,
                Round.value,
                Round.bound,
            )
            .where(Round.organiser_id == asker(session).organiser_id, Round.kind == "whole")
            .where(Round.status == "done", Round.bound.is_not(None), Round.value.is_not(None))
            .order_by(Round.finished_at.desc())
            .limit(1)
        )
    ).one_or_none()
    return LastRound(**row._asdict()) if row else None
