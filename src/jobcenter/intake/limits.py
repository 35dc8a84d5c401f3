"""A client's own limits on the orderers' scale, and what helps: needs in work terms, with notes."""

from datetime import date, datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import asker
from jobcenter.errors import Fault, Invalid
from jobcenter.fields import text_of
from jobcenter.intake.told import Told, day, filled, refuse, whole
from jobcenter.orders.wordings import tells_of_health
from jobcenter.people import closing
from jobcenter.people.clients import Client, ClientNeed
from jobcenter.support import DEMANDS, LEVELS, NEEDS
from jobcenter.times import local

SCALE = {"0", "1", "2", "3"}
LONGEST_TRIP = 180
LONGEST_NOTE = 300


async def write_limits(_: AsyncSession, client: Client, told: Told, _now: datetime) -> None:
    """Write down up to which level each demand is fine."""
    faults = [
        Fault(name, "blank", "Please choose one.")
        for name in DEMANDS
        if told.text(name) not in SCALE
    ]
    travel = whole(told, "travel_minutes", faults, least=5, most=LONGEST_TRIP)
    refuse(faults)
    client.limits = [int(told.text(name)) for name in DEMANDS]
    client.outdoors = told.ticked("outdoors")
    client.step_free = told.ticked("step_free")
    client.travel_minutes = travel


async def limits(_: AsyncSession, client: Client) -> Told:
    """Return the limits as the form has them."""
    scales: dict[str, str] = dict(zip(DEMANDS, map(str, client.limits), strict=True))
    return filled(
        {
            **scales,
            "outdoors": client.outdoors,
            "step_free": client.step_free,
            "travel_minutes": client.travel_minutes,
        }
    )


async def write_needs(session: AsyncSession, client: Client, told: Told, now: datetime) -> None:
    """Write down each need with its level; one that stays keeps who assessed it and when."""
    faults: list[Fault] = []
    today = local(now).date()
    review = day(told, "review_on", faults)
    if review and review <= today:
        faults.append(Fault("review_on", "past", "Please choose a day that lies ahead."))
    levels = _levels(told, faults)
    notes = {code: _note(told, code, faults) for code in levels}
    refuse(faults)
    before = {row.code: row for row in await _rows(session, client)}
    await _clear(session, client)
    for code, level in levels.items():
        session.add(_need(session, client, code, level, before.get(code), today, review))
    await closing.keep_notes(
        session, client.id, {code: note for code, note in notes.items() if note}
    )


def _levels(told: Told, faults: list[Fault]) -> dict[str, int]:
    levels = {}
    for code in NEEDS:
        text = told.text(f"need:{code}") or "0"
        if text not in SCALE:
            faults.append(Fault(f"need:{code}", "blank", "Please choose one."))
        elif int(text) in LEVELS:
            levels[code] = int(text)
    return levels


def _note(told: Told, code: str, faults: list[Fault]) -> str:
    """Return what helps, in work words; there is no place for words of health."""
    field = f"note:{code}"
    text = text_of(told.text(field), field, faults, most=LONGEST_NOTE)
    if tells_of_health(text):
        faults.append(
            Fault(
                field,
                "health",
                "Please write what helps at work, without words of health: it is never kept here.",
            )
        )
    return text


def _need(
    session: AsyncSession,
    client: Client,
    code: str,
    level: int,
    former: ClientNeed | None,
    today: date,
    review: date | None,
) -> ClientNeed:
    stays = former is not None and former.level == level
    return ClientNeed(
        organiser_id=client.organiser_id,
        client_id=client.id,
        code=code,
        level=level,
        assessed_by=former.assessed_by if former and stays else asker(session).actor_id,
        assessed_on=former.assessed_on if former and stays else today,
        review_on=review or (former.review_on if former else None),
    )


async def _rows(session: AsyncSession, client: Client) -> list[ClientNeed]:
    rows = await session.scalars(
        select(ClientNeed).where(
            ClientNeed.organiser_id == client.organiser_id, ClientNeed.client_id == client.id
        )
    )
    found = list(rows)
    for row in found:
        session.expunge(row)
    return found


async def _clear(session: AsyncSession, client: Client) -> None:
    await session.execute(
        delete(ClientNeed)
        .where(ClientNeed.organiser_id == client.organiser_id, ClientNeed.client_id == client.id)
        .execution_options(synchronize_session=False)
    )


async def needs(session: AsyncSession, client: Client) -> Told:
    """Return needs and notes as the form has them."""
    rows = await _rows(session, client)
    notes = (await closing.need_notes(session, [client.id])).get(client.id, {})
    reviews = [row.review_on for row in rows if row.review_on]
    return filled(
        {
            **{f"need:{row.code}": row.level for row in rows},
            **{f"note:{code}": note for code, note in notes.items()},
            "review_on": min(reviews).isoformat() if reviews else "",
        }
    )


async def write_review(session: AsyncSession, client: Client, told: Told, now: datetime) -> None:
    """Write down that everything was gone through today, by whom, and when it is next."""
    faults: list[Fault] = []
    today = local(now).date()
    review = day(told, "review_on", faults)
    if review is None and not faults:
        faults.append(Fault("review_on", "blank", "Please fill this in."))
    if review and review <= today:
        faults.append(Fault("review_on", "past", "Please choose a day that lies ahead."))
    if faults or review is None:
        raise Invalid(*faults)
    client.assessed_by = asker(session).actor_id
    client.assessed_on = today
    client.review_on = review


async def review(_: AsyncSession, client: Client) -> Told:
    """Return the review as the form has it."""
    return filled({"review_on": client.review_on.isoformat() if client.review_on else ""})
