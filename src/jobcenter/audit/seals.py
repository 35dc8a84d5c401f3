"""The seals of the logs: one a minute where there is anything new, one an hour sent outside.

A seal takes the rows of transactions that are all over (RELIABILITY §5.6), so that no slow one can
slip a row in behind it.
"""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, LargeBinary, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from jobcenter.access import Look
from jobcenter.audit import sealed
from jobcenter.audit.chain import BEGINNING, FORMULA, Made, link, pack, root_of
from jobcenter.audit.keepers import tell_keepers
from jobcenter.database import Base, Organised, Small, asker
from jobcenter.errors import JobcenterError
from jobcenter.people.staff import Hash

# The lock under which one sealer at a time works.
_SEALING = 7_036_424
# No seal covers many more rows than this; after a long rest the next ticks seal the others.
MOST = 20_000


class ChainIsAhead(JobcenterError):
    """Restored from a dump, this server counts behind its own seals ({at} of {reaches})."""


class Seal(Base):
    """A seal over all rows whose transactions lie in [from_xid, to_xid)."""

    __tablename__ = "seals"
    __table_args__ = (CheckConstraint("from_xid < to_xid", name="seal_covers_something"),)

    organiser_id: Mapped[Organised]
    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    from_xid: Mapped[int] = mapped_column(BigInteger)
    to_xid: Mapped[int] = mapped_column(BigInteger)
    count: Mapped[int]
    leaves: Mapped[bytes] = mapped_column(LargeBinary)
    root: Mapped[Hash]
    hash: Mapped[Hash]
    formula: Mapped[Small] = mapped_column(default=FORMULA)
    """How it was made (`chain.link`); those from before the second cover looks only."""

    @property
    def made(self) -> Made:
        """Return what its hash is of."""
        return Made(self.root, self.count, self.to_xid, self.at, self.formula)


async def newest(session: AsyncSession) -> Seal | None:
    """Return the last seal."""
    return await session.scalar(
        select(Seal)
        .where(Seal.organiser_id == asker(session).organiser_id)
        .order_by(Seal.number.desc())
        .limit(1)
    )


async def numbered(session: AsyncSession, *, number: int) -> Seal | None:
    """Return the seal of this number."""
    return await session.get(Seal, (asker(session).organiser_id, number))


async def seal(session: AsyncSession, *, now: datetime) -> Seal | None:
    """Seal what can no longer change; None when there is nothing new."""
    await session.execute(select(func.pg_advisory_xact_lock(_SEALING)))
    before = await newest(session)
    begins = before.to_xid if before else 0
    oldest = await _oldest(session)
    if oldest < begins:
        raise ChainIsAhead(None, reaches=begins, at=oldest)
    ends = await _horizon(session, begins, oldest)
    rows = await sealed.leaves(session, from_xid=begins, to_xid=ends)
    if not rows:
        return None
    told = Made(root_of([row.hash for row in rows]), len(rows), ends, now)
    made = Seal(
        organiser_id=asker(session).organiser_id,
        number=before.number + 1 if before else 1,
        at=now,
        from_xid=begins,
        to_xid=ends,
        count=told.count,
        leaves=pack(rows),
        root=told.root,
        hash=link(before.hash if before else BEGINNING, told),
        formula=told.formula,
    )
    session.add(made)
    return made


async def _oldest(session: AsyncSession) -> int:
    """Return the first transaction that may still be running."""
    oldest = await session.scalar(
        text("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
    )
    assert oldest is not None
    return int(oldest)


async def behind(session: AsyncSession) -> int:
    """Return how many transactions this server must still count to reach its own last seal."""
    last = await newest(session)
    return max(0, last.to_xid - await _oldest(session)) if last else 0


async def _horizon(session: AsyncSession, begins: int, oldest: int) -> int:
    """Return the first transaction that may still be running, or an earlier one if that is far."""
    far = await session.scalar(
        select(Look.xid)
        .where(Look.organiser_id == asker(session).organiser_id, Look.xid > begins)
        .where(Look.xid < oldest)
        .order_by(Look.xid)
        .offset(MOST)
        .limit(1)
    )
    return far or oldest


async def unsealed(session: AsyncSession) -> int:
    """Count the rows that wait for their seal."""
    last = await newest(session)
    return await sealed.waiting(session, from_xid=last.to_xid if last else 0)


async def numbers(session: AsyncSession) -> list[int]:
    """Return the numbers of all seals, the first first."""
    rows = await session.scalars(
        select(Seal.number)
        .where(Seal.organiser_id == asker(session).organiser_id)
        .order_by(Seal.number)
    )
    return list(rows)


async def send_outside(session: AsyncSession, *, now: datetime) -> None:
    """Mail the newest seal to whoever keeps the log, out of reach of whoever keeps the machine."""
    last = await newest(session)
    if last is not None:
        await tell_keepers(session, kind="seal", version=last.number, now=now)
