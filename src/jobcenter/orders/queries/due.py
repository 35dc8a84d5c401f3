"""What is due today, this week and soon, for whoever asks: one list, made of what their roles see.

Each role brings its own source. Clients stand in it by id; their names are read when the look at
them has been committed.
"""

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import asker
from jobcenter.orders.queries import due_keepers, due_people, ledgers
from jobcenter.orders.queries.due_rows import SOON, WEEK, Due
from jobcenter.orders.windows import Advised
from jobcenter.people import closing
from jobcenter.people.closing import Contact
from jobcenter.times import local

Named = Contact | Advised
BENEFIT_SEEN = "name, benefit that ends"


@dataclass(frozen=True, slots=True)
class DueList:
    """Everything by how soon it is: late or today, within a week, within a month."""

    today: tuple[Due, ...]
    week: tuple[Due, ...]
    soon: tuple[Due, ...]

    @property
    def rows(self) -> tuple[Due, ...]:
        """Return all of it."""
        return (*self.today, *self.week, *self.soon)

    @property
    def people(self) -> frozenset[UUID]:
        """Return whom it is about."""
        return frozenset(row.client_id for row in self.rows if row.client_id)

    @property
    def looks(self) -> Mapping[str, frozenset[UUID]]:
        """Return what it tells of whom: that a benefit ends is more than a name."""
        ending = {row.client_id for row in self.rows if row.kind == "benefit_ends"}
        seen = {"name": self.people - ending, BENEFIT_SEEN: self.people & ending}
        return {what: people for what, people in seen.items() if people}


async def due(session: AsyncSession, *, now: datetime) -> DueList:
    """Return what is due for the asker, by everything that they may do here."""
    who = asker(session)
    found: list[Due] = []
    for right, source in SOURCES.items():
        if who.may(right):
            found += await source(session, now)
    rows = sorted(distinct(found), key=lambda row: (row.day, row.at is None, row.at or now))
    today = local(now).date()
    return DueList(
        today=tuple(row for row in rows if row.day <= today),
        week=tuple(row for row in rows if today < row.day <= today + WEEK),
        soon=tuple(row for row in rows if today + WEEK < row.day <= today + SOON),
    )


async def names(session: AsyncSession, people: Collection[UUID]) -> Mapping[UUID, Named]:
    """Return what they are called, once the look is logged; whom one only advises, too."""
    found: dict[UUID, Named] = {**await closing.contacts(session, people)}
    if asker(session).may(due_people.ADVISES):
        advised = await ledgers.people(session, seen=frozenset(people) - found.keys())
        found.update({one.id: one for one in advised})
    return found


def distinct(rows: Iterable[Due]) -> Iterable[Due]:
    """Leave out what an earlier row tells of the same person: coordinators coach as well.

    What is about nobody has one source, so two that look alike are two.
    """
    told: set[tuple[object, ...]] = set()
    for row in rows:
        same = (row.kind, row.path, row.day, row.client_id, row.at)
        if row.client_id is None or same not in told:
            yield row
        told.add(same)


Source = Callable[[AsyncSession, datetime], Awaitable[Iterable[Due]]]
SOURCES: Mapping[str, Source] = {
    "assign": due_people.of_units,
    "coach": due_people.of_coach,
    due_people.ADVISES: due_people.of_benefits,
    "organise": due_keepers.of_organiser,
    "read_log": due_keepers.of_log,
    "settle": due_keepers.of_accounts,
    "order": due_keepers.of_orders,
}
RIGHTS: Sequence[str] = tuple(SOURCES)
