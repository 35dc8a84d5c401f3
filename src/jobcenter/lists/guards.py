"""What the rows of other tables forbid: a role of one's own, a unit with people in it."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import Base, asker
from jobcenter.errors import Fault, Invalid, WrongMoment
from jobcenter.lists.listing import Listing, Values
from jobcenter.orders.model import Order
from jobcenter.people.clients import Client
from jobcenter.people.employing import PartyEmployer
from jobcenter.people.parties import (
    Agreement,
    CancellationTerm,
    District,
    Employer,
    Figure,
    OrderingParty,
    TaskType,
)
from jobcenter.people.staff import MANAGER, ORDERER, Coach, Grant
from jobcenter.times import local

OWN_ROLE = "Nobody changes their own rights. Please ask another administrator."
STILL_USED = "People are still in this unit. Please move its clients and coaches first."
LAST_STEP = "The step at the start itself stays: without it nothing says what cancelling costs."
STILL_HELD = "Somebody has this role, perhaps somebody who is disabled. Please take it away first."
GIVEN_BY_ITSELF = "The service gives this role to whoever orders, so it stays."
STILL_EMPLOYS = "Organisations order with this employer of record, so it stays."
LAST_OF_THE_CITY = "Organisations that are new here need the city as employer. Add another first."

ORDERED = "Orders have been placed on these terms. Please choose a later day."
BELOW_FLOOR = "This is below the pay floor of that day."


async def begin(
    session: AsyncSession,
    listing: Listing,
    key: Values,
    values: Values,
    *,
    on: date,
    actor: UUID | None,
) -> None:
    """Refuse a change by this person that other rows forbid."""
    if listing.code == "roles":
        await _not_ones_own(session, key, actor)
    if listing.code == "units":
        await _district_is_known(session, values)
    if listing.code == "agreements":
        await _prices_keep_the_floor(session, values, on)


async def end(session: AsyncSession, listing: Listing, key: Values, now: datetime) -> None:
    """Refuse to end what others still stand on."""
    ask = ENDS.get(listing.code)
    if ask:
        await ask(session, key, now)


async def remove(session: AsyncSession, row: Base) -> None:
    """Refuse to replace or take back what orders stand on already."""
    if isinstance(row, Agreement):
        ordered = exists().where(
            Order.organiser_id == row.organiser_id, Order.agreement_id == row.id
        )
        if await session.scalar(select(ordered)):
            raise WrongMoment(ORDERED)


async def _prices_keep_the_floor(session: AsyncSession, values: Values, on: date) -> None:
    """Orders below the floor are refused, so nobody agrees on less."""
    rows = await session.execute(
        select(TaskType.id, Figure.amount)
        .join(
            Figure,
            (Figure.organiser_id == TaskType.organiser_id) & (Figure.key == TaskType.pay_group),
        )
        .where(TaskType.organiser_id == asker(session).organiser_id)
        .where(Figure.kind == "pay_floor", Figure.holds_on(on))
        .order_by(Figure.valid_from)
    )
    prices = values["prices"]
    floors = {str(id_): amount for id_, amount in rows}
    assert isinstance(prices, Mapping)
    low = [task for task, cents in prices.items() if cents < floors.get(task, 0)]
    if low:
        raise Invalid(*(Fault(f"prices-{task}", "below_floor", BELOW_FLOOR) for task in low))


async def _not_ones_own(session: AsyncSession, key: Values, actor: UUID | None) -> None:
    held = await session.scalar(
        select(Grant.id).where(
            Grant.organiser_id == asker(session).organiser_id,
            Grant.user_id == actor,
            Grant.role == str(key["code"]),
        )
    )
    if held:
        raise WrongMoment(OWN_ROLE)


async def _district_is_known(session: AsyncSession, values: Values) -> None:
    if await session.get(District, str(values["postcode"])) is None:
        raise Invalid(Fault("postcode", "unknown", "Please choose one."))


async def _nobody_is_left(session: AsyncSession, key: Values, _now: datetime) -> None:
    own, unit = asker(session).organiser_id, UUID(str(key["id"]))
    left = await session.scalar(
        select(
            exists().where(
                Client.organiser_id == own, Client.unit_id == unit, Client.closed_on.is_(None)
            )
            | exists().where(Coach.organiser_id == own, Coach.unit_id == unit, Coach.active)
        )
    )
    if left:
        raise WrongMoment(STILL_USED)


async def _a_step_is_left(_session: AsyncSession, key: Values, _now: datetime) -> None:
    if key[CancellationTerm.minutes_before.key] == 0:
        raise WrongMoment(LAST_STEP)


async def _nobody_has_it(session: AsyncSession, key: Values, _now: datetime) -> None:
    code = str(key["code"])
    if code in {ORDERER, MANAGER}:
        raise WrongMoment(GIVEN_BY_ITSELF)
    held = exists().where(Grant.organiser_id == asker(session).organiser_id, Grant.role == code)
    if await session.scalar(select(held)):
        raise WrongMoment(STILL_HELD)


async def _employs_nobody(session: AsyncSession, key: Values, now: datetime) -> None:
    own, employer = asker(session).organiser_id, UUID(str(key["id"]))
    today = local(now).date()
    moved = exists().where(
        PartyEmployer.organiser_id == OrderingParty.organiser_id,
        PartyEmployer.party_id == OrderingParty.id,
        PartyEmployer.valid_from <= today,
        PartyEmployer.valid_to.is_(None),
    )
    first = exists().where(
        OrderingParty.organiser_id == own, OrderingParty.employer_id == employer, ~moved
    )
    later = exists().where(
        PartyEmployer.organiser_id == own,
        PartyEmployer.employer_id == employer,
        PartyEmployer.valid_to.is_(None) | (PartyEmployer.valid_to > today),
    )
    if await session.scalar(select(first | later)):
        raise WrongMoment(STILL_EMPLOYS)
    of_the_city = await session.scalars(
        select(Employer.id).where(
            Employer.organiser_id == own, Employer.kind == "CITY", Employer.active
        )
    )
    if of_the_city.all() == [employer]:
        raise WrongMoment(LAST_OF_THE_CITY)


ENDS: Mapping[str, Callable[[AsyncSession, Values, datetime], Awaitable[None]]] = {
    "units": _nobody_is_left,
    "roles": _nobody_has_it,
    "employers": _employs_nobody,
    "cancellation": _a_step_is_left,
}
