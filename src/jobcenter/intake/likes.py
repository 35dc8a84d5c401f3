"""What a client is good at, likes, and does not want: strengths first, a veto needs no reason."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.errors import Fault
from jobcenter.intake.told import Told, filled, refuse
from jobcenter.orders.availability import LIKED, MOST_LIKED
from jobcenter.people import choices
from jobcenter.people.clients import Client, ClientPractised, ClientStrength, ClientWish
from jobcenter.people.parties import OrderingParty, Site, TaskType

SUBJECTS: dict[str, type[TaskType] | type[Site] | type[OrderingParty]] = {
    "task": TaskType,
    "site": Site,
    "party": OrderingParty,
}
# What a form calls a wish, and its points.
POINTS = {"likes": LIKED, "likes_a_lot": MOST_LIKED}
VETO = "no"


async def write_strengths(session: AsyncSession, client: Client, told: Told, now: datetime) -> None:
    """Write down what the client is good at."""
    known = (await choices.strengths(session, now=now)).helps()
    await _clear(session, client, ClientStrength)
    for code in sorted({code for code in told.many("strengths") if code in known}):
        session.add(
            ClientStrength(organiser_id=client.organiser_id, client_id=client.id, code=code)
        )


async def strengths(session: AsyncSession, client: Client) -> Told:
    """Return what is written down as strengths."""
    rows = await session.scalars(
        select(ClientStrength.code).where(
            ClientStrength.organiser_id == client.organiser_id,
            ClientStrength.client_id == client.id,
        )
    )
    return filled({"strengths": tuple(rows)})


async def write_wishes(session: AsyncSession, client: Client, told: Told, _: datetime) -> None:
    """Write down likings and vetoes: one answer a subject, an empty one is no wish at all."""
    faults: list[Fault] = []
    wanted = _wanted(told)
    known = {subject: await _known(session, client, subject) for subject in SUBJECTS}
    for (subject, subject_id), answer in wanted.items():
        if subject_id not in known[subject] or answer not in {VETO, *POINTS}:
            faults.append(Fault(f"{subject}:{subject_id}", "unknown", "Please choose one."))
    refuse(faults)
    await _clear(session, client, ClientWish)
    await _clear(session, client, ClientPractised)
    for (subject, subject_id), answer in wanted.items():
        session.add(
            ClientWish(
                organiser_id=client.organiser_id,
                client_id=client.id,
                subject=subject,
                subject_id=subject_id,
                veto=answer == VETO,
                points=POINTS.get(answer, 0),
            )
        )
    for code in sorted(set(told.many("practised")) & {str(one) for one in known["task"]}):
        session.add(
            ClientPractised(
                organiser_id=client.organiser_id, client_id=client.id, task_type_id=UUID(code)
            )
        )


def _wanted(told: Told) -> dict[tuple[str, UUID], str]:
    """Read `task:ID = likes`, and the rows that add a place or an orderer."""
    wanted = {}
    for name in told.fields:
        subject, _, code = name.partition(":")
        found = _uuid(code) if subject in SUBJECTS else None
        if found and told.text(name):
            wanted[subject, found] = told.text(name)
    for subject in ("site", "party"):
        added = _uuid(told.text(f"add_{subject}"))
        if added:
            wanted[subject, added] = told.text(f"add_{subject}_answer") or VETO
    return wanted


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


async def _known(session: AsyncSession, client: Client, subject: str) -> frozenset[UUID]:
    model = SUBJECTS[subject]
    rows = await session.scalars(select(model.id).where(model.organiser_id == client.organiser_id))
    return frozenset(rows)


async def _clear(
    session: AsyncSession,
    client: Client,
    model: type[ClientStrength] | type[ClientWish] | type[ClientPractised],
) -> None:
    await session.execute(
        delete(model)
        .where(model.organiser_id == client.organiser_id, model.client_id == client.id)
        .execution_options(synchronize_session=False)
    )


async def wishes(session: AsyncSession, client: Client) -> Told:
    """Return likings and vetoes as the form has them."""
    rows = await session.scalars(
        select(ClientWish).where(
            ClientWish.organiser_id == client.organiser_id, ClientWish.client_id == client.id
        )
    )
    practised = await session.scalars(
        select(ClientPractised.task_type_id).where(
            ClientPractised.organiser_id == client.organiser_id,
            ClientPractised.client_id == client.id,
        )
    )
    answers = {f"{row.subject}:{row.subject_id}": answer_of(row) for row in rows}
    return filled({**answers, "practised": tuple(str(one) for one in practised)})


def answer_of(wish: ClientWish) -> str:
    """Return what the form calls a wish."""
    if wish.veto:
        return VETO
    return "likes_a_lot" if wish.points > POINTS["likes"] else "likes"


async def places(session: AsyncSession, client: Client, ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the names of sites and orderers, by id."""
    wanted = list(ids)
    found: dict[UUID, str] = {}
    for model in (Site, OrderingParty):
        rows = await session.execute(
            select(model.id, model.name).where(
                model.organiser_id == client.organiser_id, model.id.in_(wanted)
            )
        )
        found.update({row[0]: row[1] for row in rows})
    return found
