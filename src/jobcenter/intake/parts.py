"""The parts of what is kept about a client, in the order in which they are gone through."""

from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import null, select
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import Who, asker
from jobcenter.errors import NotFound
from jobcenter.intake import decisions, hours, likes, limits, papers, person, week
from jobcenter.intake.keeping import Write
from jobcenter.intake.told import Told, filled
from jobcenter.people.clients import Client, ClientException
from jobcenter.people.parties import OrderingParty, Site, TaskType, Unit, UnitSite

Show = Callable[[AsyncSession, Client], Awaitable[Told]]
BENEFITS = "benefits"
CONSENTS = "consents"

WRITE: Mapping[str, Write] = {
    "strengths": likes.write_strengths,
    "wishes": likes.write_wishes,
    "hours": hours.write_hours,
    "week": week.write_week,
    "limits": limits.write_limits,
    "needs": limits.write_needs,
    "cards": papers.write_cards,
    "decisions": decisions.write_decisions,
    BENEFITS: papers.write_benefits,
    "contact": person.write,
    CONSENTS: papers.write_consents,
    "review": limits.write_review,
}
_SHOW: Mapping[str, Show] = {
    "strengths": likes.strengths,
    "wishes": likes.wishes,
    "hours": hours.hours,
    "week": week.week,
    "limits": limits.limits,
    "needs": limits.needs,
    "cards": papers.cards,
    "decisions": decisions.decisions,
    "contact": person.shown,
    CONSENTS: papers.consents,
    "review": limits.review,
}
ORDER = tuple(WRITE)
# What a client edits on their own page.
OWN = ("strengths", "wishes", "hours")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One part as it stands, with what it is chosen from."""

    client: Client
    part: str
    form: Told
    tasks: tuple[TaskType, ...] = ()
    sites: tuple[tuple[UUID, str], ...] = ()
    parties: tuple[tuple[UUID, str], ...] = ()
    unit_sites: tuple[UnitSite, ...] = ()
    differs: tuple[ClientException, ...] = ()
    cards: tuple[str, ...] = ()
    """Those that the asker may know of."""
    consents: papers.Standing = ()
    """How each purpose stands."""
    suggests: bool = False
    """Whether some of the form is a suggestion that nobody has saved."""

    @property
    def after(self) -> str:
        """Return the part that comes next, or nothing after the last."""
        here = ORDER.index(self.part)
        return ORDER[here + 1] if here + 1 < len(ORDER) else ""


async def sheet(session: AsyncSession, *, client_id: UUID, part: str, now: datetime) -> Sheet:
    """Read one part of a client of the asker's unit, or of the asking client's own."""
    who = asker(session)
    client = await session.get(Client, (who.organiser_id, client_id))
    if part not in WRITE or client is None or client.erased_at:
        raise NotFound
    if who.client_id != client.id:
        who.require(client.unit_id, "assign", "coach")
    if part == BENEFITS:
        form = await papers.benefits(session, client.id, now)
    else:
        form = await _SHOW[part](session, client)
    differs = await hours.exceptions(session, client, now) if part == "hours" else ()
    if part == "week":
        begun = await week.suggested(session, client, form, now)
        form = Told({**form.fields, **filled(begun).fields})
        places = await week.places(session, client.organiser_id)
        sites = await week.sites(session, client, now)
        return Sheet(
            client, part, form, parties=tuple(places), unit_sites=tuple(sites), suggests=bool(begun)
        )
    if part == "cards":
        return Sheet(client, part, form, cards=tuple(papers.seen_by(who, client)))
    if part == CONSENTS:
        return Sheet(client, part, form, consents=await papers.standing(session, client))
    if part != "wishes":
        return Sheet(client, part, form, differs=tuple(differs))
    return Sheet(
        client,
        part,
        form,
        tasks=await _tasks(session),
        sites=await _named(session, Site),
        parties=await _named(session, OrderingParty),
    )


async def _tasks(session: AsyncSession) -> tuple[TaskType, ...]:
    rows = await session.scalars(
        select(TaskType)
        .where(TaskType.organiser_id == asker(session).organiser_id, TaskType.retired_on.is_(None))
        .order_by(TaskType.number)
    )
    return tuple(rows)


async def _named(
    session: AsyncSession, model: type[Site] | type[OrderingParty]
) -> tuple[tuple[UUID, str], ...]:
    more = Site.postcode if model is Site else null()
    rows = await session.execute(
        select(model.id, model.name, more)
        .where(model.organiser_id == asker(session).organiser_id)
        .order_by(model.name, model.id)
    )
    found = rows.all()
    alike = Counter(name for _, name, _ in found)
    # Two places by one name are told apart by where they are; a street is not told here.
    return tuple(
        (id_, f"{name}, {area}" if area and alike[name] > 1 else name) for id_, name, area in found
    )


async def may_there(session: AsyncSession, *, client_id: UUID, right: str) -> bool:
    """Tell whether the asker has a right where a client is whom they may know."""
    who = asker(session)
    unit_id = await session.scalar(
        select(Client.unit_id).where(
            Client.organiser_id == who.organiser_id, Client.id == client_id
        )
    )
    return unit_id is not None and who.may_in(unit_id, right)


async def own_units(session: AsyncSession) -> tuple[Unit, ...]:
    """Return the units that the asker works in."""
    return await _units(session, asker(session).unit_ids)


async def planned_units(session: AsyncSession) -> tuple[Unit, ...]:
    """Return the units in which the asker assigns."""
    return await _units(session, asker(session).units_with("assign"))


async def kept_units(session: AsyncSession) -> tuple[Unit, ...]:
    """Return the units in which the asker may take clients in."""
    return await _units(session, asker(session).units_with("assign", "coach"))


async def _units(session: AsyncSession, ids: Collection[UUID]) -> tuple[Unit, ...]:
    rows = await session.scalars(
        select(Unit)
        .where(Unit.organiser_id == asker(session).organiser_id, Unit.id.in_(ids))
        .order_by(Unit.name)
    )
    return tuple(rows)


def clerk(operator: Who, unit_id: UUID) -> Who:
    """Return whoever runs commands on the machine, as somebody who may take people into a unit."""
    return replace(operator, unit_ids=(unit_id,), rights=frozenset({"assign"}))
