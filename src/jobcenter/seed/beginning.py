"""Begins a real organiser: its row, the lists that every one begins with, and an administrator.

Nothing here is made up; the city changes all of it on pages, and adds its employers and units.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg
from uuid_utils.compat import uuid7

from jobcenter.database import OrganiserId
from jobcenter.errors import Conflict
from jobcenter.people.parties import Organiser
from jobcenter.people.rights import ORGANISE
from jobcenter.people.staff import Grant, User
from jobcenter.reference.roles import ROLES
from jobcenter.seed import ground
from jobcenter.seed.dice import Dice
from jobcenter.seed.rows import Rows
from jobcenter.times import local

ADMINISTRATOR = next(code for code, role in ROLES.items() if ORGANISE in role.rights)


@dataclass(frozen=True, slots=True)
class Founded:
    """Who runs the service, and who keeps its users and lists first."""

    name: str
    administrator: str
    email: str
    phone: str


async def begin(
    owner_dsn: str, organiser_id: OrganiserId, founded: Founded, *, now: datetime
) -> UUID:
    """Write it all or nothing, and return the administrator.

    :raises Conflict: when the organiser is there already
    """
    connection = await asyncpg.connect(owner_dsn)
    try:
        async with connection.transaction():
            await connection.execute("SELECT pg_advisory_xact_lock(hashtext('jobcenter found'))")
            known = await connection.fetchval(
                "SELECT name FROM organisers WHERE id = $1", organiser_id
            )
            if known is not None:
                raise Conflict(f"There is an organiser here already: {known}. Nothing was changed.")
            rows, user_id = _rows(organiser_id, founded, now)
            # Districts are the same for all organisers of a database.
            await rows.write(connection, again=True)
            return user_id
    finally:
        await connection.close()


def _rows(organiser_id: OrganiserId, founded: Founded, now: datetime) -> tuple[Rows, UUID]:
    dice, user_id = Dice(uuid7()), uuid7()
    rows = Rows(organiser_id, dice)
    rows.add(
        Organiser,
        id=organiser_id,
        name=founded.name,
        contact_name=founded.administrator,
        contact_phone=founded.phone,
        contact_email=founded.email,
    )
    ground.lay_lists(rows, founded=local(now).date())
    ground.lay_tasks(rows, dice)
    rows.add(User, id=user_id, email=founded.email, name=founded.administrator, phone=founded.phone)
    rows.add(Grant, user_id=user_id, role=ADMINISTRATOR)
    return rows, user_id
