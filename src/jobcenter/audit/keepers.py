"""Who keeps the use log: whoever has the right to read it, told by mail what they must know."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import asker
from jobcenter.notices import tell
from jobcenter.people.parties import Organiser
from jobcenter.people.rights import holders

READS_THE_LOG = "read_log"


async def keepers(session: AsyncSession) -> Sequence[UUID]:
    """Return who may read the log: the data-protection officer, by whatever name the role has."""
    return await holders(session, READS_THE_LOG)


async def tell_keepers(session: AsyncSession, *, kind: str, version: int, now: datetime) -> None:
    """Mail each of them, once per kind and version; where there is nobody, our own contact."""
    found = await keepers(session)
    for user_id in found:
        await tell(session, kind=kind, way="mail", now=now, user_id=user_id, version=version)
    if not found:
        city = await session.get_one(Organiser, asker(session).organiser_id)
        address = city.contact_email
        await tell(session, kind=kind, way="mail", now=now, address=address, version=version)
