"""Reads people by codes and numbers: the clients of the pool, and the coaches of the units.

Their past stands in `past`.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.elements import ColumnElement

from jobcenter.benefits import EarningsPeriod
from jobcenter.database import Base, asker, meets
from jobcenter.matching.loading.facts import (
    BenefitFact,
    ClientFact,
    CoachFact,
    DecisionFact,
    Details,
    EarnedFact,
    WishFact,
)
from jobcenter.matching.loading.hours import ExceptionFact, HoursFact
from jobcenter.matching.loading.past import histories
from jobcenter.matching.loading.taken import ends_of
from jobcenter.people import clients as c
from jobcenter.people import staff as s
from jobcenter.people.calendars import CoachBusy
from jobcenter.people.decisions import ServiceDecision
from jobcenter.people.parties import Unit, UnitSite
from jobcenter.times import local
from jobcenter.travel import metres

T = TypeVar("T")
HOURS = "weekday from_minute to_minute"
EARNED = "benefit kind period committed_cents told_cents choice_at override_by"


async def clients(
    session: AsyncSession, *, now: datetime, begin: datetime, end: datetime
) -> tuple[ClientFact, ...]:
    """Return everybody in the pool, and on no break, of a unit that is open, in a stable order."""
    rows = await session.execute(
        select(
            c.Client.id,
            c.Client.unit_id,
            c.Client.spoken,
            c.Client.lat,
            c.Client.lon,
            c.Client.limits,
            c.Client.outdoors,
            c.Client.step_free,
            c.Client.travel_minutes,
            c.Client.week_minutes,
            c.Client.week_gigs,
            c.Client.rest_days,
            c.Client.one_new,
            c.Client.legal_basis,
            UnitSite.lat,
            UnitSite.lon,
        )
        .join(Unit, meets(c.Client, "unit_id", Unit))
        .outerjoin(
            UnitSite, meets(c.Client, "site_id", UnitSite) & UnitSite.holds_on(local(now).date())
        )
        .where(c.Client.organiser_id == asker(session).organiser_id, Unit.active)
        .where(c.Client.in_pool, ~c.Client.paused)
        .order_by(c.Client.id)
    )
    details = await _details(session, begin, end)
    past = await histories(session, now=now)
    return tuple(
        replace(fact, details=replace(details(fact.id), history=past[fact.id]))
        if fact.id in past
        else replace(fact, details=details(fact.id))
        for fact in (ClientFact(*row) for row in rows)
    )


async def _details(
    session: AsyncSession, begin: datetime, end: datetime
) -> Callable[[UUID], Details]:
    """Read the details of everybody, and return what gives those of one client."""
    of = _Reader(session, "client_id")
    during = Range(begin, end)
    year = date(local(begin).year, 1, 1)
    needs = await of.rows(c.ClientNeed, "code level", _pair)
    cards = await of.rows(c.ClientQualification, "code valid_to", _card)
    strengths = await of.rows(c.ClientStrength, "code", str)
    wishes = await of.rows(c.ClientWish, "subject subject_id veto points", WishFact)
    hours = await of.rows(c.ClientHours, HOURS, HoursFact)
    at_party = c.ClientActivity.place_id.is_not(None)
    activity = await of.rows(c.ClientActivity, HOURS, HoursFact, ~at_party)
    elsewhere = await of.rows(c.ClientActivity, HOURS, HoursFact, at_party)
    practised = await of.rows(c.ClientPractised, "task_type_id", _itself)
    exceptions = await of.rows(
        c.ClientException,
        "during available",
        lambda when, available: ExceptionFact(*ends_of(when), available),
        c.ClientException.during.op("&&")(during),
    )
    decisions = await of.rows(ServiceDecision, "kind first_day last_day", DecisionFact)
    benefits = await of.rows(
        c.ClientBenefit, "benefit personal_limit_cents valid_from valid_to", BenefitFact
    )
    earned = await of.rows(EarningsPeriod, EARNED, _earned, EarningsPeriod.period >= year)

    def details(client: UUID) -> Details:
        return Details(
            needs=dict(needs.get(client, ())),
            qualifications=dict(cards.get(client, ())),
            strengths=frozenset(strengths.get(client, ())),
            wishes=tuple(wishes.get(client, ())),
            hours=tuple(hours.get(client, ())),
            exceptions=tuple(exceptions.get(client, ())),
            activity=tuple(activity.get(client, ())),
            activity_elsewhere=tuple(elsewhere.get(client, ())),
            practised=frozenset(practised.get(client, ())),
            benefits=tuple(benefits.get(client, ())),
            earned=tuple(earned.get(client, ())),
            decisions=tuple(decisions.get(client, ())),
        )

    return details


async def coaches(
    session: AsyncSession,
    begin: datetime,
    end: datetime,
    closed: Mapping[UUID, Sequence[tuple[datetime, datetime]]],
) -> tuple[CoachFact, ...]:
    """Return the coaches of all units, their hours and when they are away, in a stable order.

    `closed` tells when each unit is.
    """
    rows = await session.execute(
        select(
            s.Coach.id,
            s.Coach.unit_id,
            s.Coach.languages,
            s.Coach.site_id,
            s.Coach.lat,
            s.Coach.lon,
        )
        .join(Unit, (Unit.organiser_id == s.Coach.organiser_id) & (Unit.id == s.Coach.unit_id))
        .where(s.Coach.organiser_id == asker(session).organiser_id, s.Coach.active, Unit.active)
        .order_by(s.Coach.id)
    )
    of = _Reader(session, "coach_id")
    hours = await of.rows(s.CoachHours, HOURS, HoursFact)
    when = Range(begin, end)
    away = await of.rows(s.CoachAbsence, "during", ends_of, s.CoachAbsence.during.op("&&")(when))
    busy = await of.rows(CoachBusy, "during", ends_of, CoachBusy.during.op("&&")(when))
    return tuple(
        CoachFact(
            id_, unit_id, tuple(spoken), tuple(hours.get(id_, ())),
            (*away.get(id_, ()), *busy.get(id_, ()), *closed.get(unit_id, ())),
            metres(lat, lon) if site_id else None,
        )
        for id_, unit_id, spoken, site_id, lat, lon in rows
    )  # fmt: skip


class _Reader:
    """Reads the rows of one table at a time, grouped by whose they are."""

    def __init__(self, session: AsyncSession, owner: str) -> None:
        self._session = session
        self._owner = owner

    async def rows(
        self,
        table: type[Base],
        columns: str,
        make: Callable[..., T],
        *where: ColumnElement[bool],
    ) -> dict[UUID, list[T]]:
        of = table.__table__.c
        own = of.organiser_id == asker(self._session).organiser_id
        wanted = select(of[self._owner], *(of[name] for name in columns.split()))
        found: dict[UUID, list[T]] = defaultdict(list)
        for owner, *values in await self._session.execute(wanted.where(own, *where)):
            found[owner].append(make(*values))
        return found


def _itself(task: UUID) -> UUID:
    return task


def _pair(code: str, level: int) -> tuple[str, int]:
    return code, level


def _card(code: str, valid_to: date | None) -> tuple[str, date | None]:
    return code, valid_to


def _earned(
    benefit: str,
    kind: str,
    period: date,
    committed: int,
    told: int,
    choice_at: datetime | None,
    override_by: UUID | None,
) -> EarnedFact:
    passed = choice_at is not None or override_by is not None
    return EarnedFact(benefit, kind, period, committed + told, passed)
