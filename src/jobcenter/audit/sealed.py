"""Which rows a seal covers: of the log of looks, and of the other logs that nobody may rewrite."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from jobcenter.access import Disclosure, Look
from jobcenter.audit.chain import TABLES, Leaf, Line, leaf_of
from jobcenter.audit.emergencies import ERASED, Emergency
from jobcenter.database import Base, asker
from jobcenter.people.erasures import Erasure
from jobcenter.people.staff import RightEvent
from jobcenter.people.talks import BenefitTalk

MODELS: Mapping[str, type[Base]] = {
    "looks": Look,
    "disclosures": Disclosure,
    "emergencies": Emergency,
    "right_events": RightEvent,
    "benefit_talks": BenefitTalk,
}
# What of a row is hashed, in this order. The words of an emergency are held by a hash of their own,
# because they go with the person whom they tell of (`rewritten`).
FIELDS: Mapping[str, tuple[str, ...]] = {
    "looks": tuple(Line.__dataclass_fields__),
    "disclosures": ("organiser_id", "id", "at", "client_id", "to_kind", "recipient", "what",
                    "purpose", "actor", "request_id", "xid"),
    "emergencies": ("organiser_id", "id", "user_id", "client_id", "unit_id", "reason_hash", "at",
                    "until", "xid"),
    "right_events": ("organiser_id", "id", "at", "actor", "user_id", "kind", "details", "xid"),
    "benefit_talks": ("organiser_id", "id", "user_id", "client_id", "how", "at", "until",
                      "session_hash", "xid"),
}  # fmt: skip


def of(table: str, name: str) -> InstrumentedAttribute[int]:
    """Return a column of a sealed table."""
    found: InstrumentedAttribute[int] = getattr(MODELS[table], name)
    return found


async def leaves(
    session: AsyncSession, *, from_xid: int, to_xid: int, tables: Sequence[str] = TABLES
) -> list[Leaf]:
    """Return the rows of these transactions with their hashes, table by table, by their ids."""
    found: list[Leaf] = []
    for table in tables:
        rows = await session.execute(
            select(*(of(table, name) for name in FIELDS[table]))
            .where(of(table, "organiser_id") == asker(session).organiser_id)
            .where(of(table, "xid") >= from_xid, of(table, "xid") < to_xid)
            .order_by(of(table, "id"))
        )
        if table == TABLES[0]:
            found += [Leaf(table, row.id, Line(**row._asdict()).leaf()) for row in rows]
        else:
            found += [leaf_of(table, row.id, tuple(row)) for row in rows]
    return found


async def waiting(session: AsyncSession, *, from_xid: int) -> int:
    """Count the rows since then, which wait for their seal."""
    count = 0
    for table in TABLES:
        found = await session.scalar(
            select(func.count())
            .select_from(MODELS[table])
            .where(of(table, "organiser_id") == asker(session).organiser_id)
            .where(of(table, "xid") >= from_xid)
        )
        count += found or 0
    return count


async def rewritten(session: AsyncSession, *, from_xid: int, to_xid: int) -> UUID | None:
    """Return an emergency whose words are not those that were sealed, nor gone with the person."""
    held: ColumnElement[bytes] = func.sha256(
        Emergency.reason_salt.concat(func.convert_to(Emergency.reason, "UTF8"))
    )
    gone = select(Erasure.id).where(
        Erasure.organiser_id == Emergency.organiser_id, Erasure.client_id == Emergency.client_id
    )
    return await session.scalar(
        select(Emergency.id)
        .where(Emergency.organiser_id == asker(session).organiser_id)
        .where(Emergency.xid >= from_xid, Emergency.xid < to_xid)
        .where(
            or_(
                held != Emergency.reason_hash,
                Emergency.reason_salt.is_(None) & ((Emergency.reason != ERASED) | ~gone.exists()),
            )
        )
        .order_by(Emergency.id)
        .limit(1)
    )
