"""What the rows of other tables forbid: a role of one's own, a unit with people in it."""

from collections.abc import Awaitable, Callable, Mapping
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import asker
from jobcenter.errors import Fault, Invalid, WrongMoment
from jobcenter.lists.listing import Listing, Values
from jobcenter.people.clients import Client
from jobcenter.people.parties import CancellationTerm, District
from jobcenter.people.staff import Coach, Grant

OWN_ROLE = "Nobody changes their own rights. Please ask another administrator."
STILL_USED = "People are still in this unit. Please move its clients and coaches first."
LAST_STEP = "The step at the start itself stays: without it nothing says what cancelling costs."


async def begin(
    session: AsyncSession, listing: Listing, key: Values, values: Values, *, actor: UUID | None
) -> None:
    """Refuse a change by this person that other rows forbid."""
    if listing.code == "roles":
        await _not_ones_own(session, key, actor)
    if listing.code == "units":
        await _district_is_known(session, values)


async def end(session: AsyncSession, listing: Listing, key: Values) -> None:
    """Refuse to end what others still stand on."""
    ask = ENDS.get(listing.code)
    if ask:
        await ask(session, key)


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


async def _nobody_is_left(session: AsyncSession, key: Values) -> None:
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


async def _a_step_is_left(_session: AsyncSession, key: Values) -> None:
    if key[CancellationTerm.minutes_before.key] == 0:
        raise WrongMoment(LAST_STEP)


ENDS: Mapping[str, Callable[[AsyncSession, Values], Awaitable[None]]] = {
    "units": _nobody_is_left,
    "cancellation": _a_step_is_left,
}
