"""Orders come in: a checked wish becomes one order a date, each with its places and its event.

Changing and cancelling are in `changing`. An orderer whose organisation is not verified yet is
served all the same: their first order waits for a person to look at it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from jobcenter.database import Json, asker
from jobcenter.errors import Conflict, Fault, Invalid, NotFound, TooMany
from jobcenter.failures import sqlstate
from jobcenter.notices import tell, todo
from jobcenter.orders import ground
from jobcenter.orders.model import (
    Channel,
    IdempotencyKey,
    Order,
    OrderEvent,
    OrderPlace,
    OrderStatus,
    Series,
)
from jobcenter.orders.occasions import Repeat
from jobcenter.orders.proposals import Change
from jobcenter.orders.wishes import Wish
from jobcenter.people.employing import employer_on
from jobcenter.people.parties import OrderingParty
from jobcenter.people.terms import accept
from jobcenter.times import local, next_workday, of_wall, rfc_3339

MOST_ORDERS, IN_MINUTES = 20, timedelta(minutes=10)
ANSWER_AT = time(12)
RECEIPT = ("id", "number", "status", "answer_by", "orders")
# PostgreSQL's answer when a lock was not had in time.
LOCK_WAIT = "55P03"


@dataclass(frozen=True, slots=True)
class Key:
    """What makes a repeated request the same one: its key, and the hash of what it asked."""

    value: str
    body_hash: str


@dataclass(frozen=True, slots=True)
class Placed:
    """The orders that a wish became, or had become when the same request came before."""

    orders: Sequence[Order]
    receipt: Json
    replayed: bool = False


async def place(
    session: AsyncSession,
    *,
    wish: Wish,
    now: datetime,
    repeat: Repeat | None = None,
    key: Key | None = None,
    accepts: UUID | None = None,
) -> Placed:
    """Place a checked wish for the asker's ordering party; the same key places it once.

    `accepts` names the terms of use that whoever orders has read and accepted.
    """
    if key:
        before = await _replayed(session, key, now)
        if before:
            return before
    party = await ground.party_of(session, wish)
    await _not_too_many(session, party, now)
    await accept(session, party_id=party.id, seen=accepts, now=now)
    terms = await ground.terms_of(session, party, wish)
    series = await _series(session, party, repeat)
    orders: list[Order] = []
    for starts in wish.times.occasions:
        order = await _order(session, party, wish, terms, starts, now=now)
        _set_price(order, terms.on(starts[0]), wish)
        order.series_id = series.id if series else None
        await _add(session, order, now, thanks=not orders)
        orders.append(order)
    placed = Placed(orders, receipt(orders[0], [order.id for order in orders]))
    if key:
        await _remember(session, key, placed)
    return placed


async def _replayed(session: AsyncSession, key: Key, now: datetime) -> Placed | None:
    """Take the key, or wait for the twin that has it and return what it placed."""
    who = asker(session)
    if await _taken(session, key, now):
        return None
    identity = (who.organiser_id, _principal(session), key.value)
    row = await session.get_one(IdempotencyKey, identity)
    if row.body_hash != key.body_hash:
        raise Invalid(
            Fault("idempotency_key", "key_reused", "This key was used for another order.")
        )
    # The database keeps the names in an order of its own; the answer is the same to the letter.
    body = {name: (row.body or {}).get(name) for name in RECEIPT}
    ids = [UUID(str(value)) for value in list_of(body, "orders")]
    orders = await session.scalars(
        select(Order).where(Order.organiser_id == who.organiser_id, Order.id.in_(ids))
    )
    return Placed(list(orders), body, replayed=True)


async def _taken(session: AsyncSession, key: Key, now: datetime) -> bool:
    """Whether the key was free; while a twin has it in an open transaction, this waits."""
    try:
        taken = await session.scalar(
            insert(IdempotencyKey)
            .values(
                organiser_id=asker(session).organiser_id,
                principal=_principal(session),
                key=key.value,
                body_hash=key.body_hash,
                created_at=now,
            )
            .on_conflict_do_nothing()
            .returning(IdempotencyKey.key)
        )
    except DBAPIError as error:
        if sqlstate(error) != LOCK_WAIT:
            raise
        raise Conflict("We are still working on the same request. Please ask again.") from error
    return taken is not None


def list_of(body: Json, name: str) -> list[object]:
    """Return a list inside a stored body."""
    value = body.get(name)
    return list(value) if isinstance(value, list) else []


def _principal(session: AsyncSession) -> str:
    who = asker(session)
    return str(who.actor_id or who.party_id or who.role)


async def _remember(session: AsyncSession, key: Key, placed: Placed) -> None:
    identity = (asker(session).organiser_id, _principal(session), key.value)
    row = await session.get_one(IdempotencyKey, identity)
    row.remember(201, placed.receipt)


async def _not_too_many(session: AsyncSession, party: OrderingParty, now: datetime) -> None:
    # Whoever sends many at once is counted one after the other.
    await session.refresh(party, with_for_update={"key_share": True})
    recent = await session.scalar(
        select(func.count(func.distinct(Order.placed_at))).where(
            Order.organiser_id == party.organiser_id,
            Order.party_id == party.id,
            Order.placed_at > now - IN_MINUTES,
        )
    )
    if (recent or 0) >= MOST_ORDERS:
        raise TooMany


async def _series(
    session: AsyncSession, party: OrderingParty, repeat: Repeat | None
) -> Series | None:
    if repeat is None:
        return None
    series = Series(
        organiser_id=party.organiser_id,
        id=uuid7(),
        party_id=party.id,
        weekdays=sorted(repeat.weekdays),
        first_day=repeat.first_day,
        last_day=repeat.last_day,
        without=sorted(day.isoformat() for day in repeat.without),
    )
    session.add(series)
    await session.flush()
    return series


async def _order(
    session: AsyncSession,
    party: OrderingParty,
    wish: Wish,
    terms: ground.Terms,
    starts: Sequence[datetime],
    *,
    now: datetime,
) -> Order:
    work, fixed = wish.work, len(starts) == 1
    waits = wish.review_reason or terms.review_reason
    return Order(
        organiser_id=party.organiser_id,
        id=uuid7(),
        number=await session.scalar(text("SELECT nextval('order_numbers')")),
        party_id=party.id,
        site_id=terms.site.id,
        task_type_id=terms.task_type_id,
        employer_id=await employer_on(session, party, local(starts[0]).date()),
        status=(OrderStatus.IN_REVIEW if waits else OrderStatus.OPEN).value,
        review_reason=waits,
        title=work.title,
        description=work.description,
        demands=list(work.demands),
        outdoors=work.outdoors,
        qualifications=list(work.qualifications),
        language=work.language,
        step_free=wish.place.step_free if wish.place.own else terms.site.step_free,
        entrance=_own_entrance(wish, terms),
        places=wish.places,
        group_visit=wish.group_visit,
        timing="fixed" if fixed else wish.times.timing,
        minutes=wish.times.minutes,
        starts=list(starts),
        start=starts[0] if fixed else None,
        first_start=starts[0],
        last_end=starts[-1] + timedelta(minutes=wish.times.minutes),
        as_told=local(starts[0]).strftime("%Y-%m-%d %H:%M"),
        pay_group=work.pay_group,
        contact_name=wish.contact.name,
        contact_phone=wish.contact.phone,
        wear=work.wear,
        bring=work.bring,
        cost_centre=wish.party.cost_centre,
        asks_for_shaping=work.asks_for_shaping,
        answer_by=min(answer_by(now), starts[0]),
        placed_by=asker(session).actor_id,
        placed_at=now,
        version=1,
    )


def _own_entrance(wish: Wish, terms: ground.Terms) -> str:
    """Return the way in where it is another one on this day; else the place's own may change."""
    told = wish.place.entrance if wish.place.own else ""
    return "" if told == terms.site.entrance else told


def _set_price(order: Order, agreed: ground.Agreed | None, wish: Wish) -> None:
    order.channel = (Channel.PARTNER if agreed else Channel.OPEN).value
    order.agreement_id = agreed.agreement_id if agreed else None
    order.hourly_cents = agreed.hourly_cents if agreed else wish.work.hourly_cents


def answer_by(now: datetime) -> datetime:
    """Return when we have answered an order that came in now: noon of the next working day."""
    day = next_workday(local(now).date())
    return of_wall(datetime.combine(day, ANSWER_AT), field="answer_by")


async def _add(session: AsyncSession, order: Order, now: datetime, *, thanks: bool) -> None:
    session.add(order)
    await session.flush()
    session.add_all(
        OrderPlace(organiser_id=order.organiser_id, order_id=order.id, place_no=number)
        for number in range(1, order.places + 1)
    )
    session.add(
        OrderEvent(
            organiser_id=order.organiser_id,
            order_id=order.id,
            kind="order.placed",
            actor=order.placed_by,
            at=now,
            details={"status": order.status},
        )
    )
    await session.flush()
    await _announce(session, order, now, thanks=thanks)


async def _announce(session: AsyncSession, order: Order, now: datetime, *, thanks: bool) -> None:
    """Thank the orderer, and tell the matcher or the people who must look at it first."""
    if order.placed_by and thanks:
        await tell(
            session,
            kind="order_received",
            way="mail",
            now=now,
            user_id=order.placed_by,
            order_id=order.id,
        )
    if order.status == OrderStatus.OPEN.value:
        session.add(offered(order, "order_placed", now))
    else:
        await todo(
            session,
            kind="review_order",
            due_at=order.answer_by or now,
            now=now,
            mark=str(order.id),
            order_id=order.id,
        )
    await session.flush()


def offered(order: Order, kind: str, now: datetime) -> Change:
    """Return the row that sends the matcher to an order."""
    return Change(organiser_id=order.organiser_id, kind=kind, order_id=order.id, at=now)


def receipt(order: Order, orders: Sequence[UUID]) -> Json:
    """Return what the orderer is told at once; the same each time the same request comes."""
    return {
        "id": str(order.id),
        "number": order.number,
        "status": order.status,
        "answer_by": rfc_3339(order.answer_by) if order.answer_by else None,
        "orders": [str(each) for each in orders],
    }


async def review(
    session: AsyncSession,
    *,
    order_id: UUID,
    approve: bool,
    now: datetime,
    employer_id: UUID | None = None,
) -> Order:
    """Let a waiting order through, or not; a person of the unit does, and it verifies the party."""
    who = asker(session)
    order = await session.get(
        Order, (who.organiser_id, order_id), with_for_update={"key_share": True}
    )
    if order is None or not who.may("assign"):
        raise NotFound
    if approve:
        party = await session.get_one(OrderingParty, (who.organiser_id, order.party_id))
        party.verified_at = party.verified_at or now
        party.employer_id = party.employer_id or employer_id or await ground.city(session)
        order.employer_id = await employer_on(session, party, local(order.first_start).date())
    status = OrderStatus.OPEN if approve else OrderStatus.CANCELLED
    session.add(order.become(status, by=who.actor_id, now=now))
    await session.flush()
    if approve:
        session.add(offered(order, "order_placed", now))
    elif order.placed_by:
        await tell(
            session,
            kind="order_refused",
            way="mail",
            now=now,
            user_id=order.placed_by,
            order_id=order.id,
        )
    return order
