"""The times by which the service acts: dated rows of the organiser's, else what is usual.

Each has bounds. Those of one kind never overlap, so what must come first always does.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ScalarSelect, select
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import OrganiserId, asker
from jobcenter.people.parties import Figure
from jobcenter.times import local


@dataclass(frozen=True, slots=True)
class Clock:
    """One time: what it is called, what it usually is, and between what it may be set."""

    label: str
    usual: int
    least: int
    most: int


HORIZON, EARLY = "horizon", "early"

# Hours before the start of an order with a place free.
ESCALATION: Mapping[str, Clock] = {
    "first": Clock("First: the order comes forward", 72, 25, 336),
    "second": Clock("Second: again, and its list grows", 24, 6, 24),
    "alarm": Clock("Alarm: the orderer is told in any case", 4, 1, 5),
}
# Minutes of the day before a gig.
DAY_BEFORE: Mapping[str, Clock] = {
    "ask": Clock("Ask whether it is still fine", 16 * 60, 9 * 60, 16 * 60 + 30),
    "call": Clock("Call whoever has not answered", 18 * 60, 17 * 60 + 30, 20 * 60),
}
# Minutes after the start of a gig to which nobody has checked in.
MISSING: Mapping[str, Clock] = {
    "ask": Clock("Ask the worker whether all is well", 15, 5, 15),
    "call": Clock("Have somebody call the worker", 20, 16, 29),
    "tell": Clock("Tell the orderer that we are finding out", 30, 30, 90),
}
# Hours from now to the start of an order, from which the matcher counts it as urgent by one step.
URGENCY: Mapping[str, Clock] = {
    "very": Clock("Very soon", 24, 1, 24),
    "soon": Clock("Soon", 3 * 24, 25, 4 * 24),
    "coming": Clock("Coming up", 7 * 24, 4 * 24 + 1, 14 * 24),
}
# Days: until when a gig is near, and working days that an orderer may be silent about hours.
DAYS: Mapping[str, Clock] = {
    "near": Clock("A gig is near when it begins within so many days", 3, 1, 7),
    "hours": Clock("Working days that an orderer has to look at hours", 3, 1, 10),
    HORIZON: Clock("Days ahead that the matcher plans", 14, 7, 28),
}
# Answers in a row after which somebody talks with a client.
TALKS: Mapping[str, Clock] = {
    "declined": Clock("Noes in a row: a talk about wishes", 5, 2, 20),
    "expired": Clock("Silences in a row: is the phone right?", 2, 1, 10),
}
# Minutes before the start of a gig.
ARRIVAL: Mapping[str, Clock] = {
    EARLY: Clock("“I am here” can be said so long before the start", 60, 15, 180),
}
# Minutes of a working day between which offers go out (DOMAIN §7).
OFFERS: Mapping[str, Clock] = {
    "from": Clock("Offers go out from", 8 * 60, 0, 11 * 60),
    "until": Clock("Offers go out until", 18 * 60, 12 * 60, 24 * 60),
}
CLOCKS: Mapping[str, Mapping[str, Clock]] = {
    "offer_hours": OFFERS,
    "escalation_hours": ESCALATION,
    "day_before": DAY_BEFORE,
    "missing_minutes": MISSING,
    "urgency_hours": URGENCY,
    "clock_days": DAYS,
    "talks": TALKS,
    "arrival_minutes": ARRIVAL,
}


def usual(kind: str) -> dict[str, int]:
    """Return the times of a kind that nobody has set."""
    return {key: clock.usual for key, clock in CLOCKS[kind].items()}


async def times(session: AsyncSession, kind: str, *, now: datetime) -> Mapping[str, int]:
    """Return the times of a kind that hold today."""
    rows = await session.execute(
        select(Figure.key, Figure.amount)
        .where(
            Figure.organiser_id == asker(session).organiser_id,
            Figure.kind == kind,
            Figure.holds_on(local(now).date()),
        )
        .order_by(Figure.valid_from)
    )
    return usual(kind) | {row.key: row.amount for row in rows}


def held(kind: str, key: str, *, organiser_id: OrganiserId, now: datetime) -> ScalarSelect[int]:
    """Select one time that was set for today, within another statement; null where none was."""
    return (
        select(Figure.amount)
        .where(Figure.organiser_id == organiser_id, Figure.kind == kind, Figure.key == key)
        .where(Figure.holds_on(local(now).date()))
        .order_by(Figure.valid_from.desc())
        .limit(1)
        .scalar_subquery()
    )
