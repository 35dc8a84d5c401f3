"""Places of work as their orderer, coaches and workers see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import JSON, ScalarSelect, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer
from sqlalchemy.sql.base import ExecutableOption

from jobcenter.database import Face, asker, meets
from jobcenter.errors import NotFound
from jobcenter.people.parties import OrderingParty, Site
from jobcenter.people.passports import PlacePassport, PlacePhoto
from jobcenter.people.staff import User

# What pages that show a place beside other things read of it.
Passport = PlacePassport


@dataclass(frozen=True, slots=True)
class Seen:
    """A photo without its bytes."""

    id: UUID
    caption: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Place:
    """A site with its passport, if there is one, and its photos."""

    site: Site
    party: str
    passport: PlacePassport | None
    photos: tuple[Seen, ...]
    confirmed_by: str
    shows_remark: bool
    """Whether the reader is of the house: what a coach adds is not for an orderer."""

    @property
    def version(self) -> int:
        """Return the version that a form is made from."""
        return self.passport.version if self.passport else 0


async def own_places(session: AsyncSession) -> Sequence[tuple[Site, PlacePassport | None]]:
    """Return the sites of the asker's party, with their passports."""
    who = asker(session)
    rows = await session.execute(
        select(Site, PlacePassport)
        .outerjoin(PlacePassport, meets(PlacePassport, "site_id", Site))
        .options(*_untold(session))
        .where(Site.organiser_id == who.organiser_id, Site.party_id == who.party_id)
        .order_by(Site.name, Site.id)
    )
    return [(site, passport) for site, passport in rows]


async def place(session: AsyncSession, *, site_id: UUID) -> Place:
    """Return one place; an orderer finds their own alone."""
    organiser_id = asker(session).organiser_id
    row = (
        await session.execute(
            select(Site, OrderingParty.name, PlacePassport)
            .join(OrderingParty, meets(Site, "party_id", OrderingParty))
            .outerjoin(PlacePassport, meets(PlacePassport, "site_id", Site))
            .options(*_untold(session))
            .where(Site.organiser_id == organiser_id, Site.id == site_id)
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    site, party, passport = row
    photos = await photos_of(session, site_id=site_id)
    of_the_house = asker(session).face is not Face.ORDERER
    by = await _who_confirmed(session, passport)
    return Place(site, party, passport, photos, by, of_the_house)


def _untold(session: AsyncSession) -> tuple[ExecutableOption, ...]:
    """Leave out what a coach adds for the house: an orderer's login may not read it."""
    if asker(session).face is not Face.ORDERER:
        return ()
    return tuple(
        defer(column, raiseload=True)
        for column in (PlacePassport.remark, PlacePassport.confirmed_by)
    )


async def _who_confirmed(session: AsyncSession, passport: PlacePassport | None) -> str:
    """Return who has been there, for their colleagues: an orderer's login reads no names."""
    who = asker(session)
    if who.face is Face.ORDERER or passport is None or passport.confirmed_by is None:
        return ""
    user = await session.get(User, (who.organiser_id, passport.confirmed_by))
    return user.name if user else ""


async def photos_of(session: AsyncSession, *, site_id: UUID) -> tuple[Seen, ...]:
    """Return the photos of a place, the oldest first."""
    rows = await session.execute(
        select(PlacePhoto.id, PlacePhoto.caption, PlacePhoto.width, PlacePhoto.height)
        .where(PlacePhoto.organiser_id == asker(session).organiser_id)
        .where(PlacePhoto.site_id == site_id)
        .order_by(PlacePhoto.added_at, PlacePhoto.id)
    )
    return tuple(Seen(*row) for row in rows)


def photo_rows() -> ScalarSelect[list[tuple[str, str, int, int]]]:
    """Select the photos of a statement's `Site`, within that one statement."""
    row = func.json_build_array(
        PlacePhoto.id, PlacePhoto.caption, PlacePhoto.width, PlacePhoto.height
    )
    in_order = aggregate_order_by(row, PlacePhoto.added_at, PlacePhoto.id)
    return (
        select(func.json_agg(in_order, type_=JSON))
        .where(PlacePhoto.organiser_id == Site.organiser_id, PlacePhoto.site_id == Site.id)
        .correlate(Site)
        .scalar_subquery()
    )


def seen_of(rows: Sequence[tuple[str, str, int, int]] | None) -> tuple[Seen, ...]:
    """Return the photos that `photo_rows` selected."""
    return tuple(
        Seen(UUID(key), caption, width, height) for key, caption, width, height in rows or ()
    )


async def photo(session: AsyncSession, *, photo_id: UUID) -> bytes:
    """Return a photo that the asker's login may see."""
    found = await session.scalar(
        select(PlacePhoto.jpeg).where(
            PlacePhoto.organiser_id == asker(session).organiser_id, PlacePhoto.id == photo_id
        )
    )
    if found is None:
        raise NotFound
    return found
