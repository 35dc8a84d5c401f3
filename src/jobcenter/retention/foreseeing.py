"""What other days would mean for a class of record: how much would go at the next sweep."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import asker
from jobcenter.errors import NotAllowed
from jobcenter.people.rights import ORGANISE
from jobcenter.retention.classes import CLASSES
from jobcenter.retention.removing import count, count_held
from jobcenter.retention.sweeping import rules
from jobcenter.schedules import SCHEDULES
from jobcenter.times import DAY, day_bounds


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What the first sweep would find under new days, of what is there now."""

    at: datetime
    due: int
    usual: int | None
    """How much it would find under the days that hold so far; None where none do."""
    held: int
    """How much of it a legal hold keeps."""
    by_hand: bool


async def foresee(
    session: AsyncSession, *, code: str, days: int, on: date, now: datetime
) -> Foreseen:
    """Count what the first sweep from that day on would find.

    An action, for it counts behind walls: nothing is written, and a number is all that is told.
    """
    if not asker(session).may(ORGANISE):
        raise NotAllowed
    at, kind = _sweep_after(max(now, day_bounds(on)[0])), CLASSES[code]
    rule = (await rules(session, at)).get(code)
    cutoff = at - timedelta(days=days)
    return Foreseen(
        at=at,
        due=await count(session, kind, cutoff),
        usual=await count(session, kind, at - timedelta(days=rule.days)) if rule else None,
        held=await count_held(session, kind, cutoff, now),
        by_hand=kind.remove is None,
    )


def _sweep_after(moment: datetime) -> datetime:
    """Return when the next sweep begins."""
    (sweep,) = (one for one in SCHEDULES if one.name == "retention")
    return sweep.newest(moment - timedelta(microseconds=1) + DAY)
