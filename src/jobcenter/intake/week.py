"""How much a week is right for a client, and the days of their work activity with the place."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import OrganiserId
from jobcenter.errors import ActivityAtCompany, Fault
from jobcenter.figures import amount_on
from jobcenter.intake import unit_sites
from jobcenter.intake.hours import Span, times_of, week_of
from jobcenter.intake.person import FIRST_WEEK_GIGS, FIRST_WEEK_MINUTES
from jobcenter.intake.told import Shown, Told, filled, refuse, whole
from jobcenter.orders.terms import figures
from jobcenter.people.clients import Client, ClientActivity
from jobcenter.people.parties import OrderingParty, UnitDay, UnitSite
from jobcenter.reference.units import LAWS_WITH_FEWER_DAYS
from jobcenter.times import local

MOST_WEEK_HOURS = 40
MOST_WEEK_GIGS = 14
MOST_REST_DAYS = 6
DAYS_A_WEEK = 7
COMPANY = "company"
# How a place of the unit is told from a party's, where one of both is chosen.
SITE = "site:"


async def write_week(session: AsyncSession, client: Client, told: Told, now: datetime) -> None:
    """Write down how much a week, rest days, and the client's activity days with their place."""
    faults: list[Fault] = []
    most_hours = whole(told, "week_hours", faults, least=0, most=MOST_WEEK_HOURS)
    most_gigs = whole(told, "week_gigs", faults, least=0, most=MOST_WEEK_GIGS)
    rest = whole(told, "rest_days", faults, least=0, most=MOST_REST_DAYS)
    activity = week_of(told, "activity", faults, spans=(1,))
    site, told = await _site(session, client, told, faults, now)
    place_id = await _place(session, client.organiser_id, told.text("place"), faults)
    await _check_days(session, client, activity, now, faults)
    refuse(faults)
    client.week_minutes, client.week_gigs, client.rest_days = most_hours * 60, most_gigs, rest
    client.one_new = told.ticked("one_new")
    client.paused = told.ticked("paused")
    client.site_id = site.id if site else None
    await _write_activity(session, client, activity, place_id)


async def _site(
    session: AsyncSession, client: Client, told: Told, faults: list[Fault], now: datetime
) -> tuple[UnitSite | None, Told]:
    """Return the unit's other place that was chosen, and the form without it."""
    code = told.text("place")
    if not code.startswith(SITE):
        return None, told
    asked = filled({unit_sites.FIELD: code.removeprefix(SITE)})
    found: list[Fault] = []
    site = await unit_sites.chosen(session, client.unit_id, asked, found, now)
    faults += [replace(fault, field="place") for fault in found]
    return site, replace(told, fields={**told.fields, "place": ()})


async def _place(
    session: AsyncSession, organiser_id: OrganiserId, code: str, faults: list[Fault]
) -> UUID | None:
    """Return where the activity is, nothing for the unit itself; a company is refused."""
    if not code:
        return None
    parties = await session.scalars(
        select(OrderingParty).where(OrderingParty.organiser_id == organiser_id)
    )
    chosen = next((party for party in parties if str(party.id) == code), None)
    if chosen is None:
        faults.append(Fault("place", "unknown", "Please choose one."))
        return None
    if chosen.kind == COMPANY:
        faults.append(Fault("place", ActivityAtCompany.code, ActivityAtCompany().sentence))
    return chosen.id


async def _check_days(
    session: AsyncSession,
    client: Client,
    activity: Sequence[Span],
    now: datetime,
    faults: list[Fault],
) -> None:
    """Some laws allow fewer days of activity a week; a gig on the others is paid work."""
    most = await _most_days(session, client, now)
    days = sorted({weekday for weekday, _, _ in activity})
    if len(days) > most:
        faults.append(
            Fault(
                f"activity{days[-1]}_1_from",
                "activity_too_often",
                "The law allows {most} days of activity a week. A paid gig fits on the others.",
                {"most": most},
            )
        )


async def _most_days(session: AsyncSession, client: Client, now: datetime) -> int:
    """Return how many days of activity a week the client's law allows."""
    law = client.legal_basis
    if law not in LAWS_WITH_FEWER_DAYS:
        return DAYS_A_WEEK
    held = await figures(session, "activity_days")
    return amount_on(held, "activity_days", local(now).date(), key=law)


async def _write_activity(
    session: AsyncSession, client: Client, activity: Sequence[Span], place_id: UUID | None
) -> None:
    await session.execute(
        delete(ClientActivity)
        .where(
            ClientActivity.organiser_id == client.organiser_id,
            ClientActivity.client_id == client.id,
        )
        .execution_options(synchronize_session=False)
    )
    for weekday, begin, end in activity:
        session.add(
            ClientActivity(
                organiser_id=client.organiser_id,
                client_id=client.id,
                weekday=weekday,
                from_minute=begin,
                to_minute=end,
                place_id=place_id,
            )
        )


async def week(session: AsyncSession, client: Client) -> Told:
    """Return how much a week, as the form has it."""
    rows = await session.scalars(
        select(ClientActivity).where(
            ClientActivity.organiser_id == client.organiser_id,
            ClientActivity.client_id == client.id,
        )
    )
    activity = rows.all()
    places = {str(row.place_id) for row in activity if row.place_id}
    return filled(
        {
            **times_of("activity", ((r.weekday, r.from_minute, r.to_minute) for r in activity)),
            "place": max(places, default=f"{SITE}{client.site_id}" if client.site_id else ""),
            "week_hours": client.week_minutes // 60,
            "week_gigs": client.week_gigs,
            "rest_days": client.rest_days,
            "one_new": client.one_new,
            "paused": client.paused,
        }
    )


async def suggested(
    session: AsyncSession, client: Client, form: Told, now: datetime
) -> Mapping[str, Shown]:
    """Return the unit's days as a beginning, for who is new and of whose week nothing was told."""
    told = (client.week_minutes, client.week_gigs, client.rest_days, client.one_new)
    first = (FIRST_WEEK_MINUTES, FIRST_WEEK_GIGS, 0, False)
    known = any(name.startswith("activity") for name in form.fields)
    if client.assessed_on or told != first or known:
        return {}
    rows = await session.scalars(
        select(UnitDay)
        .where(UnitDay.organiser_id == client.organiser_id, UnitDay.unit_id == client.unit_id)
        .order_by(UnitDay.weekday)
        .limit(await _most_days(session, client, now))
    )
    return times_of("activity", ((row.weekday, row.from_minute, row.to_minute) for row in rows))


async def places(session: AsyncSession, organiser_id: OrganiserId) -> Sequence[tuple[UUID, str]]:
    """Return where activity may be beside the unit: everybody who is no company, by name."""
    rows = await session.execute(
        select(OrderingParty.id, OrderingParty.name)
        .where(OrderingParty.organiser_id == organiser_id, OrderingParty.kind != COMPANY)
        .order_by(OrderingParty.name)
    )
    return [(row.id, row.name) for row in rows]


async def sites(session: AsyncSession, client: Client, now: datetime) -> Sequence[UnitSite]:
    """Return the other places of the client's unit, where their activity may be."""
    return await unit_sites.standing(session, unit_id=client.unit_id, now=now)
