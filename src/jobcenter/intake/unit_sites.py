"""The places of a unit beside its own: opened, ended, and chosen for a client or a coach."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from jobcenter.database import asker
from jobcenter.errors import Fault, NotFound
from jobcenter.fields import text_of
from jobcenter.intake.told import Told, refuse
from jobcenter.orders.proposals import Change
from jobcenter.people.clients import Client
from jobcenter.people.parties import District, Unit, UnitSite
from jobcenter.people.staff import Coach
from jobcenter.people.upkeep import note_upkeep
from jobcenter.times import local

FIELD = "site"


async def standing(session: AsyncSession, *, unit_id: UUID, now: datetime) -> Sequence[UnitSite]:
    """Return the places that a unit has today besides its own, by name."""
    rows = await session.scalars(
        select(UnitSite)
        .where(UnitSite.organiser_id == asker(session).organiser_id, UnitSite.unit_id == unit_id)
        .where(UnitSite.holds_on(local(now).date()))
        .order_by(UnitSite.name, UnitSite.id)
    )
    return rows.all()


async def chosen(
    session: AsyncSession, unit_id: UUID, told: Told, faults: list[Fault], now: datetime
) -> UnitSite | None:
    """Return which place was chosen, by id or as a register names it; none is the unit's own."""
    code = told.text(FIELD).strip().casefold()
    if not code:
        return None
    known = await standing(session, unit_id=unit_id, now=now)
    found = [one for one in known if code in {str(one.id), one.name.casefold()}]
    if len(found) != 1:
        faults.append(Fault(FIELD, "unknown", "The unit has no other place by this name."))
        return None
    return found[0]


async def set_out_from(session: AsyncSession, coach: Coach, site: UnitSite | None) -> None:
    """Have a coach set out from a place of their unit, when that is another than before."""
    if coach.site_id == (site.id if site else None):
        return
    unit = await session.get_one(Unit, (coach.organiser_id, coach.unit_id))
    coach.site_id = site.id if site else None
    coach.lat, coach.lon = (site.lat, site.lon) if site else (unit.lat, unit.lon)


async def open_site(session: AsyncSession, *, unit_id: UUID, told: Told, now: datetime) -> UUID:
    """Note another place of a unit, from today on."""
    unit = await _locked(session, unit_id)
    faults: list[Fault] = []
    name = text_of(told.text("site_name"), "site_name", faults, most=80, required=True)
    address = text_of(told.text("address"), "address", faults, most=120, required=True)
    district = await session.get(District, told.text("site_postcode").strip())
    if district is None:
        faults.append(Fault("site_postcode", "blank", "Please choose one."))
    known = await standing(session, unit_id=unit.id, now=now)
    if name.casefold() in {unit.name.casefold(), *(one.name.casefold() for one in known)}:
        faults.append(Fault("site_name", "known", "The unit has a place by this name already."))
    refuse(faults)
    assert district is not None
    row = UnitSite(
        organiser_id=unit.organiser_id,
        id=uuid7(),
        unit_id=unit.id,
        name=name,
        address=address,
        postcode=district.postcode,
        lat=district.lat,
        lon=district.lon,
        valid_from=local(now).date(),
        valid_to=None,
    )
    session.add(row)
    await _noted(session, unit, now)
    return row.id


async def end_site(session: AsyncSession, *, site_id: UUID, now: datetime) -> None:
    """End a place of a unit today; whoever was there is at the unit's own again. Twice is fine."""
    row = await session.get(UnitSite, (asker(session).organiser_id, site_id))
    if row is None:
        raise NotFound
    unit = await _locked(session, row.unit_id)
    await session.refresh(row, with_for_update=True)
    if row.valid_to is not None:
        return
    row.valid_to = local(now).date()
    await _send_home(session, unit, row, now)
    await _noted(session, unit, now)


async def _send_home(session: AsyncSession, unit: Unit, site: UnitSite, now: datetime) -> None:
    """Have everybody of a place at the unit's own, and the matcher look at each of them."""
    own = {"organiser_id": unit.organiser_id, "at": now}
    for table, kind, key, moved in (
        (Client, "client_changed", "client_id", {}),
        (Coach, "coach_changed", "coach_id", {"lat": unit.lat, "lon": unit.lon}),
    ):
        rows = await session.scalars(
            update(table)
            .where(table.organiser_id == unit.organiser_id, table.site_id == site.id)
            .values(site_id=None, version=table.version + 1, **moved)
            .returning(table.id)
            .execution_options(synchronize_session=False)
        )
        session.add_all(Change(kind=kind, **own, **{key: one}) for one in rows.all())


async def _locked(session: AsyncSession, unit_id: UUID) -> Unit:
    who = asker(session)
    unit = await session.get(
        Unit, (who.organiser_id, unit_id), with_for_update={"key_share": True},
        populate_existing=True,
    )  # fmt: skip
    if unit is None:
        raise NotFound
    who.require(unit.id, "assign", "lead")
    return unit


async def _noted(session: AsyncSession, unit: Unit, now: datetime) -> None:
    unit.version += 1
    note_upkeep(session, "unit", unit.id, "places", now=now, version=unit.version)
    await session.flush()
