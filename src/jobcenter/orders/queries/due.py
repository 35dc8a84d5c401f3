"""What is due today, this week and soon, for whoever asks: one list, made of what their roles see.

Each role brings its own source. Clients stand in it by id; their names are read when the look at
them has been committed.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import asker
from jobcenter.orders.queries import due_keepers, due_people
from jobcenter.orders.queries.due_rows import SOON, WEEK, Due
from jobcenter.times import local


@dataclass(frozen=True, slots=True)
class DueList:
    """Everything by how soon it is: late or today, within a week, within a month."""

    today: tuple[Due, ...]
    week: tuple[Due, ...]
    soon: tuple[Due, ...]

    @property
    def people(self) -> frozenset[UUID]:
        """Return whom it is about."""
        rows = (*self.today, *self.week, *self.soon)
        return frozenset(row.client_id for row in rows if row.client_id)


async def due(session: AsyncSession, *, now: datetime) -> DueList:
    """Return what is due for the asker, by everything that they may do here."""
    who = asker(session)
    found: dict[tuple[str, str, date, UUID | None], Due] = {}
    for right, source in SOURCES.items():
        if who.may(right):
            for row in await source(session, now):
                found.setdefault((row.kind, row.path, row.day, row.client_id), row)
    rows = sorted(found.values(), key=lambda row: (row.day, row.at is None, row.at or now))
    today = local(now).date()
    return DueList(
        today=tuple(row for row in rows if row.day <= today),
        week=tuple(row for row in rows if today < row.day <= today + WEEK),
        soon=tuple(row for row in rows if today + WEEK < row.day <= today + SOON),
    )


Source = Callable[[AsyncSession, datetime], Awaitable[Iterable[Due]]]
SOURCES: Mapping[str, Source] = {
    "assign": due_people.of_units,
    "coach": due_people.of_coach,
    "override_ceiling": due_people.of_benefits,
    "organise": due_keepers.of_organiser,
    "read_log": due_keepers.of_log,
    "settle": due_keepers.of_accounts,
    "order": due_keepers.of_orders,
}
RIGHTS: Sequence[str] = tuple(SOURCES)
