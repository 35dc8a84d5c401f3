"""Benefits, limits and earnings of the clients whom an adviser advises, and nothing else of them.

Whom they are is known by windows that open no record; a name, and each line, only after the look.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.benefits import EarningsPeriod
from jobcenter.database import asker
from jobcenter.errors import NotFound
from jobcenter.orders.windows import Advised, LedgerLine

MOST = 500
MOST_LINES = 1000


@dataclass(frozen=True, slots=True)
class Line:
    """What one gig took, or gave back; a second line of the same gig puts the first right."""

    worked_on: date
    cents: int
    at: datetime
    is_final: bool
    corrects: bool


@dataclass(frozen=True, slots=True)
class Account:
    """One period of one benefit: its limit, what was taken of it and by which lines."""

    row: EarningsPeriod
    lines: tuple[Line, ...]

    @property
    def left_cents(self) -> int | None:
        """Return what may still be earned, where there is a limit."""
        if self.row.ceiling_cents is None:
            return None
        return max(0, self.row.ceiling_cents - self.row.committed_cents - self.row.told_cents)

    @property
    def earned_cents(self) -> int:
        """Return what is earned for good: its hours are approved."""
        return sum(line.cents for line in self.lines if line.is_final)


@dataclass(frozen=True, slots=True)
class Ledger:
    """What an adviser sees of one client."""

    person: Advised
    accounts: tuple[Account, ...]


async def everybody(session: AsyncSession) -> frozenset[UUID]:
    """Return whom the asker advises, so that the looks can be logged first."""
    rows = await session.scalars(
        select(Advised.id)
        .where(Advised.organiser_id == asker(session).organiser_id, Advised.closed_on.is_(None))
        .order_by(Advised.id)
        .limit(MOST)
    )
    return frozenset(rows)


async def is_advised(session: AsyncSession, *, client_id: UUID) -> bool:
    """Tell whether the asker advises this client; nothing about them is read."""
    found = await session.scalar(
        select(Advised.id).where(
            Advised.organiser_id == asker(session).organiser_id, Advised.id == client_id
        )
    )
    return found is not None


async def people(session: AsyncSession, *, seen: Collection[UUID], text: str = "") -> list[Advised]:
    """Return those whose look is logged, by name; `text` narrows it to a part of a name."""
    rows = await session.scalars(
        select(Advised).where(
            Advised.organiser_id == asker(session).organiser_id, Advised.id.in_(seen)
        )
    )
    wanted = text.casefold()
    found = (row for row in rows if wanted in row.name.casefold())
    return sorted(found, key=lambda row: row.name)


async def ledger(session: AsyncSession, *, client_id: UUID) -> Ledger:
    """Return the accounts of a client, the newest period first."""
    own = asker(session).organiser_id
    person = await session.get(Advised, (own, client_id))
    if person is None:
        raise NotFound
    periods = await session.scalars(
        select(EarningsPeriod)
        .where(EarningsPeriod.organiser_id == own, EarningsPeriod.client_id == client_id)
        .order_by(EarningsPeriod.period.desc(), EarningsPeriod.benefit, EarningsPeriod.kind)
    )
    rows = await session.scalars(
        select(LedgerLine)
        .where(LedgerLine.organiser_id == own, LedgerLine.client_id == client_id)
        .order_by(LedgerLine.at.desc(), LedgerLine.id.desc())
        .limit(MOST_LINES)
    )
    lines = _by_period(reversed(rows.all()))
    accounts = ((row, lines[row.benefit, row.kind, row.period]) for row in periods)
    return Ledger(person, tuple(Account(row, tuple(found)) for row, found in accounts))


def _by_period(rows: Iterable[LedgerLine]) -> defaultdict[tuple[str, str, date], list[Line]]:
    """Put lines into their periods, the oldest first, and tell which puts an earlier one right."""
    found: defaultdict[tuple[str, str, date], list[Line]] = defaultdict(list)
    told: set[tuple[str, str, date, UUID]] = set()
    for row in rows:
        account = (row.benefit, row.kind, row.period)
        line = (*account, row.gig_id)
        found[account].append(
            Line(row.worked_on, row.cents, row.at, row.is_final, corrects=line in told)
        )
        told.add(line)
    return found
