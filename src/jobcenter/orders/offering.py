"""When an offer goes out: on working days between two times, unless the gig cannot wait for them.

The answer time begins when the offer goes, so nobody's hours run out before they were asked.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.notices import quiet_hours, tell
from jobcenter.orders.clocks import times
from jobcenter.orders.gigs import Gig
from jobcenter.orders.terms import answer_time
from jobcenter.orders.todos import see_to_gig
from jobcenter.people.clients import Client
from jobcenter.times import QuietHours, local, next_allowed

WHOLE_DAY = 24 * 60
A_FEW_HOURS = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class Going:
    """When an offer goes out, and what is kept with it."""

    at: datetime
    closed: QuietHours | None = None
    """When it is closed for this offer, where it keeps to the hours for offers."""
    hurried: bool = False
    """Whether it goes at a time when none should: then a person calls as well."""


async def closed_hours(session: AsyncSession, *, now: datetime) -> QuietHours | None:
    """Return when no offer goes out: the quiet hours are among them. None: they go at any time."""
    own = await times(session, "offer_hours", now=now)
    if (own["from"], own["until"]) == (0, WHOLE_DAY):
        return None
    quiet = await quiet_hours(session, now=now)
    opens, closes = _clock(own["from"]), _clock(own["until"])
    if quiet and quiet.begins > quiet.ends:
        opens = max(opens, quiet.ends)
        closes = quiet.begins if own["until"] == WHOLE_DAY else min(closes, quiet.begins)
    return QuietHours(closes, opens, workdays_only=True)


async def going(session: AsyncSession, *, start: datetime, now: datetime) -> Going:
    """Return when an offer goes: at once where its gig cannot wait until it is open again."""
    closed = await closed_hours(session, now=now)
    opens = next_allowed(now, closed)
    if opens == now:
        return Going(now, closed)
    day = local(start).date()
    # Who is asked on the morning of the gig has no time to plan it: it goes on the day before.
    too_late = local(opens).date() >= day > local(now).date()
    if too_late or opens + await answer_time(session, start=start, now=opens) > start:
        return Going(now, hurried=True)
    return Going(opens, closed)


async def offer(
    session: AsyncSession, gig: Gig, client: Client, going: Going, *, now: datetime
) -> None:
    """Write the offer, and a call where its answer time runs into the night or it is in a hurry."""
    await tell(
        session, kind="offer", now=now, client_id=client.id, order_id=gig.order_id, gig_id=gig.id,
        closed=going.closed,
    )  # fmt: skip
    quiet = await quiet_hours(session, now=now)
    runs_into_it = quiet and quiet.cover(gig.answer_by) and gig.answer_by - now <= A_FEW_HOURS
    if runs_into_it or going.hurried:
        await see_to_gig(
            session, gig, kind="call_offer", due_at=gig.answer_by, now=now, unit_id=client.unit_id
        )


def _clock(minute: int) -> time:
    return time(minute // 60 % 24, minute % 60)
