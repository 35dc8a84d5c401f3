"""Which coach is responsible for a client: one who works in their unit, chosen or found."""

from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.access import WHOLE_UNIT
from jobcenter.database import asker
from jobcenter.errors import Fault
from jobcenter.intake.told import Told
from jobcenter.people.clients import Client
from jobcenter.people.parties import Unit
from jobcenter.people.staff import Coach

FIELD = "coach"


async def first_for(session: AsyncSession, unit: Unit) -> UUID | None:
    """Return who takes a new client on unless somebody is chosen: the asker, or the only coach."""
    coaches = (await session.scalars(_working(session, unit.id))).all()
    own = [coach for coach in coaches if coach.user_id == asker(session).actor_id]
    if own:
        return own[0].id
    return coaches[0].id if len(coaches) == 1 else None


async def chosen(
    session: AsyncSession, client: Client, told: Told, faults: list[Fault]
) -> UUID | None:
    """Return who was chosen, by id or as a register names them; not asked leaves it as it is."""
    if FIELD not in told.fields:
        return client.coach_id
    code = told.text(FIELD).strip().casefold()
    if not code and asker(session).may_in(client.unit_id, WHOLE_UNIT):
        return None
    coaches = await session.scalars(_working(session, client.unit_id))
    found = [coach.id for coach in coaches if code in {str(coach.id), coach.name.casefold()}]
    if len(found) != 1:
        faults.append(Fault(FIELD, "unknown", "Please choose a coach of the unit."))
        return client.coach_id
    return found[0]


def _working(session: AsyncSession, unit_id: UUID) -> Select[Coach]:
    return (
        select(Coach)
        .where(Coach.organiser_id == asker(session).organiser_id)
        .where(Coach.unit_id == unit_id, Coach.active)
        .order_by(Coach.name, Coach.id)
    )
