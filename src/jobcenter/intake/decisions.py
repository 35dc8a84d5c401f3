"""The decisions by which a client's services run: which law, from when until when, which number."""

from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from jobcenter.database import asker
from jobcenter.errors import Fault
from jobcenter.fields import text_of
from jobcenter.intake.told import Told, day, filled, refuse
from jobcenter.orders import ending
from jobcenter.people.clients import Client
from jobcenter.people.decisions import LONGEST_REFERENCE, ServiceDecision
from jobcenter.reference.units import LEGAL_BASES

NEW = ("kind", "first_day", "last_day", "reference")
EARLIEST = date(1990, 1, 1)


async def write_decisions(session: AsyncSession, client: Client, told: Told, now: datetime) -> None:
    """Write a new decision down; let others end on another day, or take back what was a slip."""
    faults: list[Fault] = []
    known = await ending.running(session, client_id=client.id)
    ends = {row.id: _end(told, row, faults) for row in known}
    # A form of which only the kind is chosen has not been begun.
    added = _added(client, told, faults) if any(told.text(name) for name in NEW[1:]) else None
    refuse(faults)
    for row in known:
        if told.has("drop", str(row.id)):
            await session.delete(row)
        else:
            row.last_day = ends[row.id]
    if added:
        added.recorded_by, added.recorded_at = asker(session).actor_id, now
        session.add(added)
    await session.flush()
    await ending.settle(session, client_id=client.id, now=now)


def _end(told: Told, row: ServiceDecision, faults: list[Fault]) -> date | None:
    field = f"until:{row.id}"
    last = day(told, field, faults)
    if last and last < row.first_day:
        faults.append(Fault(field, "end_before_start", "The end is before the start."))
    return last


def _added(client: Client, told: Told, faults: list[Fault]) -> ServiceDecision:
    kind = told.text("kind")
    if kind not in LEGAL_BASES:
        faults.append(Fault("kind", "blank", "Please choose one."))
    count = len(faults)
    first = day(told, "first_day", faults)
    if first is None and len(faults) == count:
        faults.append(Fault("first_day", "blank", "Please fill this in."))
    elif first and first < EARLIEST:
        faults.append(Fault("first_day", "too_early", "Please check the year."))
    last = day(told, "last_day", faults)
    if first and last and last < first:
        faults.append(Fault("last_day", "end_before_start", "The end is before the start."))
    return ServiceDecision(
        organiser_id=client.organiser_id,
        id=uuid7(),
        client_id=client.id,
        kind=kind,
        first_day=first or EARLIEST,
        last_day=last,
        reference=_reference(told, faults),
    )


def _reference(told: Told, faults: list[Fault]) -> str:
    """Return the number of a decision; anything longer would be a text about a person."""
    text = text_of(
        told.text("reference"), "reference", faults, most=LONGEST_REFERENCE, required=True
    )
    if text and not any(letter in "0123456789" for letter in text):
        faults.append(
            Fault("reference", "not_a_reference", "Please give the number of the decision only.")
        )
    return text


async def decisions(session: AsyncSession, client: Client) -> Told:
    """Return the decisions as the form has them; the law is the client's own to begin with."""
    rows = await ending.running(session, client_id=client.id)
    return filled(
        {
            "kind": client.legal_basis,
            "decisions": tuple(str(row.id) for row in rows),
            **{f"kind:{row.id}": row.kind for row in rows},
            **{f"since:{row.id}": f"{row.first_day:%-d.%-m.%Y}" for row in rows},
            **{f"until:{row.id}": row.last_day.isoformat() for row in rows if row.last_day},
            **{f"number:{row.id}": row.reference for row in rows},
        }
    )
