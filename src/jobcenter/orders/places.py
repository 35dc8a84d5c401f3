"""Writing a place's passport and confirming it: orderers tell, a coach who was there confirms."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import Json, asker, meets
from jobcenter.errors import Changed, NotAllowed, NotFound, WrongMoment
from jobcenter.orders import stairs
from jobcenter.orders.gigs import CoachVisit
from jobcenter.orders.model import Order
from jobcenter.people.parties import Site
from jobcenter.people.passports import (
    MOST_PHOTOS,
    WORDS,
    PlaceEvent,
    PlacePassport,
    PlacePhoto,
)
from jobcenter.people.staff import Coach
from jobcenter.photos import Photo
from jobcenter.times import local


@dataclass(frozen=True, slots=True)
class Described:
    """A place as somebody describes it; `words` are the passport's own texts by name."""

    entrance: str
    step_free: bool
    toilet: bool
    quiet_place: bool
    noise: int
    code: str = ""
    """What hangs on the wall; with none, none is asked for."""
    words: dict[str, str] = field(default_factory=dict)


async def describe(
    session: AsyncSession, *, site_id: UUID, version: int, told: Described, now: datetime
) -> None:
    """Write the passport of a site; one made from an older version is refused."""
    site = await _own_site(session, site_id, now)
    await session.execute(
        insert(PlacePassport)
        .values(organiser_id=site.organiser_id, site_id=site.id, version=0, written_at=now)
        .on_conflict_do_nothing()
    )
    passport = await session.get_one(
        PlacePassport, (site.organiser_id, site.id), with_for_update=True
    )
    if passport.version != version:
        raise Changed
    _note(session, site.id, "told", now, **_as_it_stands(site, passport))
    for name, words in told.words.items():
        setattr(passport, name, words)
    passport.noise = told.noise
    passport.version += 1
    passport.written_at, passport.written_by = now, asker(session).actor_id
    changes_steps = site.step_free != told.step_free
    site.entrance, site.step_free = told.entrance, told.step_free
    site.toilet, site.quiet_place = told.toilet, told.quiet_place
    site.code = told.code.upper() or None
    await session.flush()
    if changes_steps:
        await stairs.changed(session, site, version=passport.version, now=now)


def _as_it_stands(site: Site, passport: PlacePassport) -> Json:
    """Return what a place was like before a change; numbers and names of people are not kept."""
    told: Json = {name: getattr(passport, name) for name in (*WORDS, "noise", "version")}
    of_site = ("entrance", "step_free", "toilet", "quiet_place", "code")
    return told | {name: getattr(site, name) for name in of_site}


async def confirm(
    session: AsyncSession, *, site_id: UUID, version: int, remark: str, now: datetime
) -> None:
    """Note that the asking coach has been there and that it is as it is written."""
    who = asker(session)
    if not who.may("coach"):
        raise NotAllowed
    if not await has_been_there(session, site_id=site_id, now=now):
        raise WrongMoment("You can confirm a place once you have had a visit there.")
    passport = await session.get(PlacePassport, (who.organiser_id, site_id), with_for_update=True)
    if passport is None:
        raise NotFound
    if passport.version != version:
        raise Changed
    passport.confirmed_version, passport.confirmed_at = version, now
    passport.confirmed_by, passport.remark = who.actor_id, remark
    site = await session.get_one(Site, (who.organiser_id, site_id), with_for_update=True)
    site.confirmed_on = local(now).date()
    _note(session, site.id, "confirmed", now, version=version)
    await session.flush()


async def has_been_there(session: AsyncSession, *, site_id: UUID, now: datetime) -> bool:
    """Tell whether the asking coach has had a visit at this place that has begun."""
    who = asker(session)
    found = await session.scalar(
        select(CoachVisit.id)
        .join(Coach, meets(CoachVisit, "coach_id", Coach))
        .join(Order, meets(CoachVisit, "order_id", Order))
        .where(Coach.organiser_id == who.organiser_id, Coach.user_id == who.actor_id)
        .where(Order.site_id == site_id, CoachVisit.presence == "present")
        .where(CoachVisit.status == "booked", func.lower(CoachVisit.during) <= now)
        .limit(1)
    )
    return found is not None


async def add_photo(
    session: AsyncSession, *, site_id: UUID, photo: Photo, caption: str, now: datetime
) -> None:
    """Keep a photo of a place."""
    site = await _own_site(session, site_id, now)
    kept = await session.scalar(
        select(func.count())
        .select_from(PlacePhoto)
        .where(PlacePhoto.organiser_id == site.organiser_id, PlacePhoto.site_id == site.id)
    )
    if (kept or 0) >= MOST_PHOTOS:
        raise WrongMoment("There are five photos already. Remove one first.")
    session.add(
        PlacePhoto(
            organiser_id=site.organiser_id,
            site_id=site.id,
            caption=caption,
            jpeg=photo.jpeg,
            width=photo.width,
            height=photo.height,
            added_at=now,
            added_by=asker(session).actor_id,
        )
    )
    _note(session, site.id, "photo_added", now, caption=caption)
    await session.flush()


async def remove_photo(
    session: AsyncSession, *, site_id: UUID, photo_id: UUID, now: datetime
) -> None:
    """Take a photo away for good."""
    site = await _own_site(session, site_id, now)
    photo = await session.get(PlacePhoto, (site.organiser_id, photo_id))
    if photo is not None and photo.site_id == site.id:
        _note(session, site.id, "photo_removed", now, caption=photo.caption)
        await session.delete(photo)


def _note(
    session: AsyncSession, site_id: UUID, kind: str, now: datetime, **details: object
) -> None:
    who = asker(session)
    session.add(
        PlaceEvent(
            organiser_id=who.organiser_id,
            site_id=site_id,
            kind=kind,
            actor=who.actor_id,
            at=now,
            details=details,
        )
    )


async def _own_site(session: AsyncSession, site_id: UUID, now: datetime) -> Site:
    """Return a site, locked, to those who may write it: its orderers, and a coach who was there."""
    who = asker(session)
    site = await session.get(Site, (who.organiser_id, site_id), with_for_update=True)
    if site is None:
        raise NotFound
    if who.party_id == site.party_id and who.may("order"):
        return site
    if not who.may("coach"):
        raise NotFound
    if not await has_been_there(session, site_id=site_id, now=now):
        raise WrongMoment("You can write about a place once you have had a visit there.")
    return site
