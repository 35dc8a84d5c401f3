"""A coach's own photo: given with a word that clients may see it, and taken away at any time."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import asker
from jobcenter.errors import Fault, Invalid, NotAllowed, NotFound
from jobcenter.intake.coaches import locked_coach
from jobcenter.people.staff import Coach, CoachPhoto
from jobcenter.people.upkeep import note_upkeep
from jobcenter.photos import Photo


async def give(
    session: AsyncSession, *, coach_id: UUID, photo: Photo, agreed: bool, now: datetime
) -> None:
    """Keep the asking coach's own photo instead of a former one; nobody gives another's."""
    coach = await locked_coach(session, coach_id)
    who = asker(session)
    if who.actor_id is None or coach.user_id != who.actor_id:
        raise NotAllowed
    if not agreed:
        raise Invalid(Fault("agreed", "blank", "We keep it only if you agree that it is shown."))
    await _let_go(session, coach)
    session.add(
        CoachPhoto(
            organiser_id=coach.organiser_id,
            coach_id=coach.id,
            jpeg=photo.jpeg,
            width=photo.width,
            height=photo.height,
            given_at=now,
            given_by=who.actor_id,
        )
    )
    await _noted(session, coach, "photo", now)


async def take_away(session: AsyncSession, *, coach_id: UUID, now: datetime) -> None:
    """Let go of a coach's photo, for the coach or whoever assigns in their unit."""
    coach = await locked_coach(session, coach_id)
    await _let_go(session, coach)
    await _noted(session, coach, "photo_removed", now)


async def kept(session: AsyncSession, *, coach_id: UUID) -> UUID | None:
    """Return the id of a coach's photo that the asker may see."""
    return await session.scalar(
        select(CoachPhoto.id).where(
            CoachPhoto.organiser_id == asker(session).organiser_id, CoachPhoto.coach_id == coach_id
        )
    )


async def picture(session: AsyncSession, *, photo_id: UUID) -> bytes:
    """Return a photo that the asker's login may see."""
    found = await session.scalar(
        select(CoachPhoto.jpeg).where(
            CoachPhoto.organiser_id == asker(session).organiser_id, CoachPhoto.id == photo_id
        )
    )
    if found is None:
        raise NotFound
    return found


async def _let_go(session: AsyncSession, coach: Coach) -> None:
    await session.execute(
        delete(CoachPhoto)
        .where(CoachPhoto.organiser_id == coach.organiser_id, CoachPhoto.coach_id == coach.id)
        .execution_options(synchronize_session=False)
    )


async def _noted(session: AsyncSession, coach: Coach, what: str, now: datetime) -> None:
    coach.version += 1
    note_upkeep(session, "coach", coach.id, what, now=now, version=coach.version)
    await session.flush()
